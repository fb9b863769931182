"""Outcomes as tables: a row a letter, a row a piece of evidence, a row a pair of like letters, a row a writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pandas as pd

from lorscore.batch.applicants import Whose
from lorscore.batch.listing import Problem
from lorscore.batch.work import ScoredLetter
from lorscore.batch.writers import WriterSeason
from lorscore.letter import LetterScore

_PIECE = 2000
_QUOTES = 3
_FACTS = {
    "rotation": "string", "writer_role": "string", "weeks": "Float64", "direct_supervision": "boolean", "us_setting": "boolean",
    "waived": "boolean", "writer_name": "string", "writer_site": "string",
}  # fmt: skip

SCORE_COLUMNS: Mapping[str, str] = {
    "rating": "Int64", "strength": "Float64", "strength_low": "Float64", "strength_high": "Float64", "override_probability": "Float64",
    "specificity": "Float64", "comparative": "Float64", "is_letter": "boolean",
    **{f"rating_{k}_probability": "Float64" for k in range(1, 6)},
    **{f"quote_{n}{part}": "string" for n in range(1, _QUOTES + 1) for part in ("", "_kind")},
    "missing": "string", "explanation": "string", "warnings": "string", **_FACTS, "model_version": "string",
}  # fmt: skip
"""Columns that tell a score, with their pandas types. ``quote_n`` are the three passages that weigh most, for or against."""

LETTER_COLUMNS: Mapping[str, str] = {
    "path": "string", "pages": "string", "letter": "Int64", "status": "string", "reason": "string",
    "applicant_id": "string", "applicant_name": "string", "applicant_source": "string", "applicant_conflict": "string",
    **SCORE_COLUMNS,
    "like_path": "string", "like_letter": "Int64", "like_share": "Float64", "like_relation": "string", "sha256": "string",
}  # fmt: skip
"""Columns of the table of letters. ``status`` is ``scored``, ``not_a_letter``, or the code of what went wrong (``reason``)."""

EVIDENCE_COLUMNS: Mapping[str, str] = {
    "path": "string", "letter": "Int64", "applicant_id": "string", "kind": "string", "assertion": "string", "degree": "string",
    "text": "string", "sentence": "string", "start": "Int64", "end": "Int64", "weight": "Float64", "confidence": "Float64",
    "source": "string", "rule": "string",
}  # fmt: skip

SIMILAR_COLUMNS: Mapping[str, str] = {
    "group": "Int64", "path": "string", "letter": "Int64", "writer_name": "string", "applicant_id": "string", "applicant_name": "string",
    "like_path": "string", "like_letter": "Int64", "relation": "string", "share": "Float64", "words": "Int64", "passage": "string",
}  # fmt: skip
"""``relation``: ``same_applicant``, ``same_writer`` (another applicant: a recycled letter), ``other_writer``, ``unknown_writer``,
``unknown_applicant``. ``share`` of the shorter letter's runs of words; ``words`` is the length of the longest passage both have, ``passage`` its text:
for each letter that is like another writer's, and for the first of each group."""

WRITER_COLUMNS: Mapping[str, str] = {
    "writer_name": "string", "writer_site": "string", "letters": "Int64", "applicants": "Int64", "superlative": "string",
    "superlative_letters": "Int64", "superlative_share": "Float64",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter with the file it came from and whom it is about; or a file with why it gave none.

    ``number`` counts the letters of one file, from 1; 0 where there is none.
    """

    path: str
    sha256: str | None
    number: int
    scored: ScoredLetter | None
    whose: Whose
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SimilarLetter:
    """One row of the table of like letters."""

    like_path: str
    like_letter: int
    relation: str
    share: float
    words: int
    group: int
    passage: str | None


def letter_rows(
    letters: Iterable[FiledLetter], similar: Mapping[tuple[str, int], SimilarLetter]
) -> Iterator[pd.DataFrame]:
    """Return the table of letters, piece by piece."""
    return _pieces((_letter_row(x, similar.get((x.path, x.number))) for x in letters), LETTER_COLUMNS)


def evidence_rows(letters: Iterable[FiledLetter]) -> Iterator[pd.DataFrame]:
    """Return the table of evidence, piece by piece."""
    return _pieces((row for x in letters for row in _evidence_rows(x)), EVIDENCE_COLUMNS)


def similar_rows(
    letters: Iterable[FiledLetter], similar: Mapping[tuple[str, int], SimilarLetter]
) -> Iterator[pd.DataFrame]:
    """Return the table of like letters, group by group."""
    rows = [_similar_row(x, found) for x in letters if (found := similar.get((x.path, x.number)))]
    rows.sort(key=lambda row: row["group"])
    return _pieces(rows, SIMILAR_COLUMNS)


def writer_rows(seasons: Sequence[WriterSeason]) -> Iterator[pd.DataFrame]:
    """Return the table of writers."""
    rows = (
        {
            "writer_name": s.name,
            "writer_site": s.site,
            "letters": s.letters,
            "applicants": s.applicants,
            "superlative": s.superlative,
            "superlative_letters": s.said_in,
            "superlative_share": round(s.said_in / s.letters, 4),
        }
        for s in seasons
    )
    return _pieces(rows, WRITER_COLUMNS)


def score_row(score: LetterScore) -> dict[str, Any]:
    """Return the columns that tell a score."""
    row: dict[str, Any] = {
        "rating": score.rating,
        "strength": score.strength,
        "strength_low": score.strength_interval[0],
        "strength_high": score.strength_interval[1],
        "override_probability": score.override_probability,
        "specificity": score.specificity,
        "comparative": score.comparative,
        "is_letter": score.is_letter,
        "missing": "; ".join(score.missing) or None,
        "explanation": score.explanation or None,
        "warnings": "; ".join(dict.fromkeys(w.code for w in score.warnings)) or None,
        "model_version": score.model_version,
    }
    row |= {f"rating_{k}_probability": p for k, p in score.rating_probabilities.items()}
    row |= {name: getattr(score.facts, name) for name in _FACTS}
    weighty = sorted((e for e in score.evidence if e.weight), key=lambda e: -abs(e.weight))
    for number, e in enumerate(weighty[:_QUOTES], 1):
        row |= {f"quote_{number}": " ".join(e.text.split()), f"quote_{number}_kind": e.kind}
    return row


def as_frame(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a table with these columns and types, empty where a row says nothing."""
    table = pd.DataFrame.from_records(list(rows), columns=list(columns))
    return table.astype(dict(columns))


def _pieces(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> Iterator[pd.DataFrame]:
    left = iter(rows)
    piece = list(islice(left, _PIECE))
    yield as_frame(piece, columns)
    while piece := list(islice(left, _PIECE)):
        yield as_frame(piece, columns)


def _letter_row(x: FiledLetter, like: SimilarLetter | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "path": x.path,
        "letter": x.number or None,
        "sha256": x.sha256,
        "applicant_id": x.whose.applicant_id,
        "applicant_name": x.whose.applicant_name,
        "applicant_source": x.whose.source,
        "applicant_conflict": x.whose.conflict,
    }
    if x.problem or x.scored is None:
        problem = x.problem or Problem("failed", "no outcome was kept; run the same command again")
        return row | {"status": problem.code, "reason": problem.message}
    if like:
        row |= {
            "like_path": like.like_path,
            "like_letter": like.like_letter,
            "like_share": like.share,
            "like_relation": like.relation,
        }
    pages = x.scored.pages
    row["pages"] = None if pages is None else f"{pages[0]}-{pages[1]}" if pages[0] != pages[1] else str(pages[0])
    return row | {"status": "scored" if x.scored.score.is_letter else "not_a_letter"} | score_row(x.scored.score)


def _evidence_rows(x: FiledLetter) -> Iterator[dict[str, Any]]:
    for e in x.scored.score.evidence if x.scored else ():
        yield {"path": x.path, "letter": x.number, "applicant_id": x.whose.applicant_id} | {
            name: getattr(e, name) for name in EVIDENCE_COLUMNS if name not in ("path", "letter", "applicant_id")
        }


def _similar_row(x: FiledLetter, like: SimilarLetter) -> dict[str, Any]:
    return {
        "group": like.group,
        "path": x.path,
        "letter": x.number,
        "writer_name": x.scored.score.facts.writer_name if x.scored else None,
        "applicant_id": x.whose.applicant_id,
        "applicant_name": x.whose.applicant_name,
        "like_path": like.like_path,
        "like_letter": like.like_letter,
        "relation": like.relation,
        "share": like.share,
        "words": like.words,
        "passage": like.passage,
    }
