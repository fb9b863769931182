"""What the sentence model should say of each sentence: raters' spans as soft labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lorscore.evidence.find import neutral_of
from lorscore.evidence.sentence_model import LABELS
from lorscore.letter import KINDS
from lorscore.parsing.applicant import name_words
from lorscore.parsing.neutral import NeutralSentence, People, neutral, they_are_others
from lorscore.parsing.parse import parse
from lorscore.training.corpus import GoldSentence, LabelledLetter, LabelledSpan

_COLUMN = {name: i for i, name in enumerate(LABELS)}
_HIGH, _LOW = 4, 2


@dataclass(frozen=True, slots=True)
class SentenceTarget:
    """A neutral sentence and its targets.

    ``labels`` are the share of raters who would say so, in the order of ``LABELS``; NaN where
    nobody was asked. ``spans`` are (start, end, kind number, share) in the neutral text.
    ``group`` is the voice or author, for leaving whole people out.
    """

    text: str
    labels: NDArray[np.float32]
    spans: tuple[tuple[int, int, int, float], ...]
    group: str
    letter: str = ""
    number: int = -1


def letter_targets(letter: LabelledLetter) -> list[SentenceTarget]:
    """Return a target for each body sentence of a rated letter, from the raters who read it blind."""
    parsed = parse(letter.text)
    out = []
    for number, (sentence, plain) in enumerate(zip(parsed.body, neutral_of(parsed), strict=True)):
        _, start, end = parsed.verbatim(sentence.start, sentence.end)
        rows, spans = [], []
        for rating in letter.blind:
            own = [s for s in rating.spans if _inside(s, start, end)]
            rows.append(_labels(own, rating.strength))
            spans += [
                (*place, KINDS.index(s.kind), 1.0 / len(letter.blind))
                for s in own
                if (place := _in_neutral(plain, s.start - start, s.end - start)) is not None
            ]
        labels = np.mean(rows, axis=0).astype(np.float32)
        out.append(SentenceTarget(plain.text, labels, tuple(spans), letter.voice, letter.id, number))
    return out


def gold_target(sentence: GoldSentence) -> SentenceTarget:
    """Return the target of one gold sentence; nobody was asked what it would move."""
    others = frozenset(word for name in sentence.other_names for word in name_words(name))
    plain = neutral(sentence.text, People(names=others, others=others, they_are_others=they_are_others(sentence.text)))
    labels = _labels(sentence.spans, 3)
    labels[-2:] = np.nan
    spans = tuple(
        (*place, KINDS.index(s.kind), 1.0)
        for s in sentence.spans
        if (place := _in_neutral(plain, s.start, s.end)) is not None
    )
    return SentenceTarget(plain.text, labels, spans, f"gold:{sentence.author}")


def _inside(span: LabelledSpan, start: int, end: int) -> bool:
    """Does more than half of the span lie in the sentence?"""
    return 2 * (min(span.end, end) - max(span.start, start)) > span.end - span.start


def _labels(spans: Sequence[LabelledSpan], strength: int | None) -> NDArray[np.float32]:
    row = np.zeros(len(LABELS), dtype=np.float32)
    for span in spans:
        row[_COLUMN[f"any:{span.kind}"]] = 1
        if span.assertion == "affirmed":
            row[_COLUMN[f"affirmed:{span.kind}"]] = 1
        else:
            row[_COLUMN[f"assertion:{span.assertion}"]] = 1
        if span.degree:
            row[_COLUMN[f"degree:{span.degree}"]] = 1
        if span.decisive and strength and strength >= _HIGH:
            row[_COLUMN["moves:up"]] = 1
        if span.decisive and strength and strength <= _LOW:
            row[_COLUMN["moves:down"]] = 1
    return row


def _in_neutral(plain: NeutralSentence, start: int, end: int) -> tuple[int, int] | None:
    """Where a stretch of the original sentence lies in the neutral one."""
    inside = [i for i, (a, b) in enumerate(plain.sources) if a < end and start < b]
    return (inside[0], inside[-1] + 1) if inside else None
