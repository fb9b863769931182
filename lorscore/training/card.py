"""The model card: what the model is, and its figures as they were measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lorscore.training.corpus import LabelledLetter
from lorscore.training.figures import Table, as_markdown
from lorscore.training.measure import agreed_spans


def write_card(tables: Sequence[Table], trained_on: Sequence[LabelledLetter], remarks: str, path: Path) -> None:
    """Write the model card.

    Parameters
    ----------
    tables : the figures, in the order they should be read.
    trained_on : the letters the model learned from.
    remarks : what a reader must know before trusting the figures (``remarks.md`` of the model's folder).
    path : where to.
    """
    spans = sum(len(agreed_spans(x)) for x in trained_on)
    card = _CARD.format(
        n=len(trained_on),
        voices=len({x.voice for x in trained_on}),
        spans=spans,
        remarks=remarks.strip(),
        tables=as_markdown(tables),
    )
    path.write_text(card, "utf-8")


_CARD = """# Model card: lorscore-default

Reads a letter of recommendation for a residency applicant, marks the evidence in it, and says how far it would
move a sceptical reader. Meant to move a borderline file into review by a person; never to reject anyone.

Trained on {n} letters by {voices} voices and their {spans} agreed spans (see `data/samples/corpus/DATA_CARD.md`).
The letters are written for the corpus, none is real; the raters followed the rubric and are not practising program
directors. Expect less on letters from the field.

Made of: phrase rules (`lorscore/evidence/knowledge/`), a MiniLM sentence encoder fine-tuned on the corpus and stored
as int8 ONNX (base weights Apache-2.0, see NOTICE), and cumulative-link models with signed weights over readable
features. It sees no pronoun, name, nationality or school.

## Read first

{remarks}

## Figures

Made by `python -m lorscore.training.build data/samples/corpus -o models/default`; `lorscore evaluate data/samples/corpus` prints
those of the held-back voices, the trials and the sentences again.

{tables}"""
