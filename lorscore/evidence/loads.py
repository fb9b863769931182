"""Loads against the norm: what students here usually carry, and what the applicant carried.

The rubric: a load under the norm is a concern only, however proudly it is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from lorscore.evidence.knowledge import read_knowledge
from lorscore.evidence.phrase_language import compile_phrase
from lorscore.evidence.phrases import AnchorIndex, vocabulary
from lorscore.parsing.parse import Sentence

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NOT_A_LOAD = re.compile(
    r"\s*(?:[:.]\d|%|-?\s*(?:am|pm|a\.m|p\.m|o'clock|days?|weeks?|months?|years?|hours?|minutes?|percent|very|of the|in the)\b)",
    re.I,
)


@cache
def _indexes() -> tuple[AnchorIndex, AnchorIndex]:
    norm = read_knowledge("cues.toml")["norm"]
    usual, own = (
        AnchorIndex((i, compile_phrase(s, vocabulary())) for i, s in enumerate(norm[name])) for name in ("usual", "own")
    )
    return usual, own


def number_of(text: str) -> float | None:
    """Return the number that digits or words spell, up to a few hundred; None where they spell none.

    Examples
    --------
    >>> number_of("twenty-two"), number_of("8"), number_of("two dozen"), number_of("few")
    (22.0, 8.0, 24.0, None)
    """
    if match := re.search(r"\d+(?:\.\d+)?", text.replace(",", "")):
        return float(match.group())
    total: float | None = None
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _UNITS:
            total = (total or 0) + _UNITS.index(word)
        elif word in _TENS:
            total = (total or 0) + 20 + 10 * _TENS.index(word)
        elif word == "half":
            total = 0.5
        elif word in ("dozen", "hundred"):
            total = (1 if total is None else total) * (12 if word == "dozen" else 100)
    return total


def loads_against_norm(sentences: Sequence[Sentence]) -> dict[int, int]:
    """Return, by number of the sentence that tells the applicant's load, -1 where it is under the norm and 1 where over.

    The norm is looked for in the same sentence or in the one before. Hours, weeks and shares are no loads.
    """
    usual, own = _indexes()
    norms = [_first(usual, s) for s in sentences]
    out = {}
    for i, sentence in enumerate(sentences):
        for where in (i, i - 1):
            norm = norms[where] if where >= 0 else None
            if norm is None:
                continue
            load = _first(own, sentence, apart_from=norm[1:] if where == i else None)
            if load is not None and load[0] != norm[0]:
                out[i] = 1 if load[0] > norm[0] else -1
            break
    return out


def _first(
    index: AnchorIndex, sentence: Sentence, apart_from: tuple[int, int] | None = None
) -> tuple[float, int, int] | None:
    """The first number that a phrase marks, with its place; not the one that stands at ``apart_from``."""
    found = []
    for _, phrase in index.candidates(sentence.words):
        for start, end in phrase.find(sentence.text):
            value = number_of(sentence.text[start:end])
            if value is not None and (start, end) != apart_from and not _NOT_A_LOAD.match(sentence.text, end):
                found.append((start, end, value))
    if not found:
        return None
    start, end, value = min(found)
    return value, start, end
