"""Letters to label next, for Label Studio and doccano: the least certain first, evidence already marked."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lorscore.errors import LabelError
from lorscore.letter import ASSERTIONS, DEGREES, KINDS, Letter, LetterScore
from lorscore.scoring.scorer import Scorer
from lorscore.training.labels import AXES, span_label

TOOLS = ("label-studio", "doccano")


def uncertainty(score: LetterScore) -> float:
    """Return how unsure a score is, 0-1: the entropy of its rating and of its override, averaged."""
    rating = _entropy(score.rating_probabilities.values()) / math.log(5)
    override = _entropy((score.override_probability, 1 - score.override_probability)) / math.log(2)
    return (rating + override) / 2


def least_certain_first(letters: Iterable[Letter], scorer: Scorer) -> list[tuple[Letter, LetterScore]]:
    """Score letters and return them with their scores, the least certain first."""
    scored = [(letter, scorer.score(letter.text)) for letter in letters]
    return sorted(scored, key=lambda pair: (-uncertainty(pair[1]), pair[0].path or ""))


def export(scored: Sequence[tuple[Letter, LetterScore]], tool: str, out: Path) -> None:
    """Write tasks for a labelling tool; what comes back from it, ``lorscore train`` reads.

    Parameters
    ----------
    scored : letters and their scores, in the order in which they should be labelled.
    tool : ``label-studio`` (JSON, with its labelling interface beside it as ``.xml``) or ``doccano`` (JSON lines).
    out : the file to write.

    Raises
    ------
    LabelError
        If the tool is another, or the file cannot be written.
    """
    if out.suffix == ".xml":
        raise LabelError(f"{out}: the tasks are JSON; name a .json file (the .xml beside it is the interface).")
    if tool not in TOOLS:
        raise LabelError(f"no export for {tool!r}; there is {' and '.join(TOOLS)}.")
    try:
        if tool == "doccano":
            out.write_text("".join(json.dumps(t, ensure_ascii=False) + "\n" for t in _doccano(scored)), "utf-8")
            return
        out.write_text(json.dumps(list(_label_studio(scored)), ensure_ascii=False, indent=1) + "\n", "utf-8")
        out.with_suffix(".xml").write_text(labelling_interface(), "utf-8")
    except OSError as error:
        raise LabelError(f"{error.filename or out}: cannot be written ({error.strerror}).") from None


def _label_studio(scored: Sequence[tuple[Letter, LetterScore]]) -> Iterator[dict[str, Any]]:
    for letter, score in scored:
        result: list[Mapping[str, Any]] = [
            {
                "from_name": "evidence",
                "to_name": "text",
                "type": "labels",
                "value": {
                    "start": e.start,
                    "end": e.end,
                    "text": e.text,
                    "labels": [span_label(e.kind, e.assertion, e.degree)],
                },
            }
            for e in score.evidence
        ]
        yield {
            "data": {"text": letter.text, "id": letter.path or "", "uncertainty": round(uncertainty(score), 4)},
            "predictions": [
                {"model_version": score.model_version, "score": round(1 - uncertainty(score), 4), "result": result}
            ],
        }


def _doccano(scored: Sequence[tuple[Letter, LetterScore]]) -> Iterator[dict[str, Any]]:
    for letter, score in scored:
        spans = [[e.start, e.end, span_label(e.kind, e.assertion, e.degree)] for e in score.evidence]
        yield {
            "id": letter.path or "",
            "text": letter.text,
            "label": spans,
            "uncertainty": round(uncertainty(score), 4),
        }


def labelling_interface() -> str:
    """Return Label Studio's labelling interface for the rubric: ratings, override, and every span label."""
    labels = [
        span_label(kind, assertion, degree)
        for kind in KINDS
        for degree in (DEGREES if kind == "endorsement" else (None,))
        for assertion in ASSERTIONS
    ]
    ratings = "\n".join(
        f'  <Header value="{axis}"/>\n  <Rating name="{axis}" toName="text" maxRating="5" required="true"/>'
        for axis in AXES
    )
    return (
        "<View>\n"
        '  <Labels name="evidence" toName="text">\n'
        + "".join(f'    <Label value="{label}"/>\n' for label in labels)
        + '  </Labels>\n  <Text name="text" value="$text"/>\n'
        + ratings
        + '\n  <Header value="override: does this letter alone justify a look below the cutoff?"/>\n'
        '  <Choices name="override" toName="text" required="true"><Choice value="yes"/><Choice value="no"/></Choices>\n'
        "</View>\n"
    )


def _entropy(probabilities: Iterable[float]) -> float:
    return -sum(p * math.log(p) for p in probabilities if p > 0)
