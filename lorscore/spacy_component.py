"""lorscore as a component of anyone's spaCy pipeline: ``nlp.add_pipe("lorscore")``.

Light on purpose: spaCy imports this module whenever anybody makes a ``Language``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc


@Language.factory("lorscore", assigns=["doc._.lorscore"])
def make_lorscore(nlp: Language, name: str, model: str | None = None) -> LorscoreComponent:
    """Make the component. ``model`` is a trained model's folder; None takes the default."""
    return LorscoreComponent(model)


class LorscoreComponent:
    """Scores each Doc's text; fills ``doc._.lorscore`` and ``doc.spans["lorscore"]``."""

    def __init__(self, model: str | None) -> None:
        from spacy.tokens import Doc

        self._model = model
        if not Doc.has_extension("lorscore"):
            Doc.set_extension("lorscore", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Score the Doc; each span's label is the kind and its ``span_id`` numbers the evidence."""
        from lorscore.scoring.store import default_scorer, load

        scorer = load(self._model) if self._model else default_scorer()
        score = scorer.score(doc.text)
        doc._.lorscore = score
        spans = [
            doc.char_span(e.start, e.end, label=e.kind, span_id=str(i), alignment_mode="expand")
            for i, e in enumerate(score.evidence)
        ]
        doc.spans["lorscore"] = [span for span in spans if span is not None]
        return doc
