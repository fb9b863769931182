"""The labelled corpus of ``data/samples/corpus``: letters, ratings, gold sentences, trials.

See its ``DATA_CARD.md`` for what each file holds and how to add a letter.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from statistics import fmean, median
from typing import Any

from lorscore.errors import LabelError
from lorscore.letter import ASSERTIONS, DEGREES, KINDS

_SETTLED = re.compile(r"C\d*")

_COLUMNS = frozenset({"id", "voice", "population", "intended_strength", "pronoun", "split", "applicant"})
_TAG = re.compile(r"<(?P<end>/?)(?P<tag>ev|other)(?: (?P<values>[^>]*))?>")


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """One marked stretch; ``start`` and ``end`` are offsets into the text it was marked in."""

    start: int
    end: int
    kind: str
    assertion: str = "affirmed"
    degree: str | None = None
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """What one rater said of one letter; None on an axis of which they said nothing."""

    rater: str
    strength: int | None = None
    specificity: int | None = None
    comparative: int | None = None
    override: bool | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    spans: tuple[LabelledSpan, ...] = ()

    @property
    def settled(self) -> bool:
        """Did this rater settle between the two blind ones (ids ``C``, ``C1``, ``C2``, ...)?"""
        return bool(_SETTLED.fullmatch(self.rater))


@dataclass(frozen=True, slots=True)
class LabelledLetter:
    """A letter with its voice, its population and its ratings.

    ``split`` is ``train`` or ``held_back``: training, tuning and phrase-writing never read the
    latter. ``intended`` is the strength its author meant, which no rater saw.
    """

    id: str
    voice: str
    population: str
    text: str
    ratings: tuple[Rating, ...]
    split: str = "train"
    intended: int | None = None
    pronoun: str = ""
    applicant: str = ""

    @property
    def blind(self) -> tuple[Rating, ...]:
        """The ratings of those who saw neither the intention nor each other."""
        return tuple(r for r in self.ratings if not r.settled)

    def values(self, axis: str) -> list[float]:
        """Return what the raters said on an axis, sorted; override as 0 and 1."""
        return sorted(float(v) for r in self.ratings if (v := getattr(r, axis)) is not None)

    def mean(self, axis: str) -> float:
        """Return the mean rating on an axis; NaN where nobody rated it."""
        values = self.values(axis)
        return fmean(values) if values else nan

    def median(self, axis: str) -> float:
        """Return the median rating on an axis; NaN where nobody rated it."""
        values = self.values(axis)
        return float(median(values)) if values else nan


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """One sentence with its evidence marked; a trap is one with a span that is not affirmed, or with none.

    A name in it is the applicant's, but for those in ``other_names``.
    """

    text: str
    spans: tuple[LabelledSpan, ...]
    author: str
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A text that is no letter, or a gamed one, with the most it may be rated. None is trained on; those of the split
    ``train`` were read while rules were written, those ``held_back`` were not."""

    id: str
    text: str
    ceiling: int
    what: str
    split: str


@dataclass(frozen=True, slots=True)
class MinimalPair:
    """Two letters in nearly the same words, one clearly stronger. Splits as for trials."""

    id: str
    trap: str
    stronger: str
    weaker: str
    split: str


def parse_marked(line: str, author: str = "") -> GoldSentence:
    """Read one sentence with inline gold markup; marks may stand inside marks.

    ``<ev kind=... assertion=... degree=...>`` marks evidence, ``<other>`` a name that is not the applicant's.

    Examples
    --------
    >>> parse_marked("She was not <ev kind=intern_level assertion=negated>at our interns' level</ev>.").spans
    (LabelledSpan(start=12, end=34, kind='intern_level', assertion='negated', degree=None, decisive=False),)
    """
    text, spans, others = "", [], []
    open_marks: list[tuple[str, int, str]] = []
    read = 0
    for match in _TAG.finditer(line):
        text += line[read : match.start()]
        read = match.end()
        tag = match["tag"]
        if not match["end"]:
            open_marks.append((tag, len(text), match["values"] or ""))
            continue
        if not open_marks or open_marks[-1][0] != tag:
            raise LabelError(f"</{tag}> without <{tag}> in {line[:60]!r}")
        _, start, values = open_marks.pop()
        if tag == "other":
            others.append(text[start:])
            continue
        given = dict(part.split("=", 1) for part in values.split())
        spans.append(_span({**given, "start": start, "end": len(text)}, line[:60]))
    if open_marks:
        raise LabelError(f"<{open_marks[-1][0]}> is not closed in {line[:60]!r}")
    ordered = sorted(spans, key=lambda s: (s.start, -s.end))
    return GoldSentence(text + line[read:], tuple(ordered), author, tuple(others))


def is_trap(sentence: GoldSentence) -> bool:
    """Does the sentence hold something that only looks like evidence for the applicant?"""
    return not sentence.spans or any(s.assertion != "affirmed" for s in sentence.spans)


def load_letters(corpus: Path) -> list[LabelledLetter]:
    """Load every letter with its ratings, in the order of ``letters.csv``.

    Raises
    ------
    LabelError
        Naming the file, the letter and the field that is wrong.
    """
    if not (corpus / "letters.csv").is_file():
        raise LabelError(
            f"{corpus}: no labelled corpus here (letters.csv is missing); see data/samples/corpus/DATA_CARD.md"
        )
    ratings: dict[str, list[Rating]] = {}
    for file in sorted((corpus / "ratings").glob("*.jsonl")):
        for record in _lines(file):
            ratings.setdefault(record["id"], []).append(read_rating(record, file.name))
    out = []
    for row in _rows(corpus / "letters.csv"):
        path = corpus / "letters" / f"{row['id']}.txt"
        if not path.is_file():
            raise LabelError(f"{corpus / 'letters.csv'}: letter {row['id']!r} has no file {path}")
        if missing := sorted(_COLUMNS - set(row)):
            raise LabelError(f"{corpus / 'letters.csv'}: column {missing[0]!r} is missing")
        own = tuple(sorted(ratings.get(row["id"], []), key=lambda r: r.rater))
        intended = int(row["intended_strength"]) if row["intended_strength"] else None
        out.append(
            LabelledLetter(
                row["id"],
                row["voice"],
                row["population"],
                path.read_text("utf-8"),
                own,
                row["split"],
                intended,
                row["pronoun"],
                row["applicant"],
            )
        )
    return out


def load_sentences(corpus: Path, split: str = "train") -> list[GoldSentence]:
    """Load the gold sentences of one split; the author is the file's name."""
    folder = corpus / "sentences" if split == "train" else corpus / "sentences" / split
    return [
        parse_marked(line, file.stem)
        for file in sorted(folder.glob("*.txt"))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]


def load_trials(corpus: Path) -> list[Trial]:
    """Load the texts that are no letters and the gamed letters."""
    return [
        Trial(
            row["id"],
            (corpus / "trials" / f"{row['id']}.txt").read_text("utf-8"),
            int(row["ceiling"]),
            row["what"],
            row["split"],
        )
        for row in _rows(corpus / "trials.csv")
    ]


def load_pairs(corpus: Path) -> list[MinimalPair]:
    """Load the minimal pairs."""
    return [MinimalPair(**record) for record in _lines(corpus / "pairs.jsonl")]


def read_rating(record: Mapping[str, Any], where: str) -> Rating:
    """Read one line of ``ratings/*.jsonl``; raises ``LabelError`` naming the letter and the field."""
    for axis in ("strength", "specificity", "comparative"):
        if record.get(axis) not in (1, 2, 3, 4, 5):
            raise LabelError(f"{where}: letter {record.get('id')!r}: {axis} must be 1-5, not {record.get(axis)!r}")
    if not isinstance(record.get("override"), bool):
        raise LabelError(f"{where}: letter {record['id']!r}: override must be true or false")
    return Rating(
        rater=record["rater"],
        strength=record["strength"],
        specificity=record["specificity"],
        comparative=record["comparative"],
        override=record["override"],
        facts=record["facts"],
        spans=tuple(_span(span, f"{where}: letter {record['id']!r}") for span in record["spans"]),
    )


def _span(values: Mapping[str, Any], where: str) -> LabelledSpan:
    span = LabelledSpan(
        start=int(values["start"]),
        end=int(values["end"]),
        kind=values["kind"],
        assertion=values.get("assertion", "affirmed"),
        degree=values.get("degree"),
        decisive=bool(values.get("decisive", False)),
    )
    if span.kind not in KINDS or span.assertion not in ASSERTIONS or span.degree not in (None, *DEGREES):
        raise LabelError(f"{where}: unknown kind, assertion or degree in {dict(values)!r}")
    if (span.kind == "endorsement") != (span.degree is not None):
        raise LabelError(f"{where}: an endorsement needs a degree, and nothing else has one: {dict(values)!r}")
    return span


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for n, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise LabelError(f"{file}: line {n} is not JSON: {error}") from error


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
