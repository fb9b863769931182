"""One file's bytes in, plain values out: the unit of work that every engine runs.

The outcome depends on the bytes and the settings alone, so it may be kept under their hash and made
on any machine.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorscore.batch.listing import Problem, without_name
from lorscore.batch.similar import shingles_of
from lorscore.errors import NoTextLayerError, ReadingError
from lorscore.letter import Letter, LetterScore, LetterWarning
from lorscore.parsing.several import letters_of
from lorscore.reading.read import text_of_content
from lorscore.scoring.scorer import Scorer

_NAME = "this file"
_OCR_TIMES = 10


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """How each file is worked on.

    Attributes
    ----------
    model : folder of the model; None for the default one.
    ocr : read scans by optical character recognition.
    seconds, gigabytes : the most time (ten times as much with ``ocr``) and memory one file may take; more ends its process.
    expects : the ``model_version`` that every process must find; empty takes any.
    run : which run this is, so that ending one does not end another.
    """

    model: str | None = None
    ocr: bool = False
    seconds: float = 60.0
    gigabytes: float = 2.0
    expects: str = ""
    run: str = ""

    def most_seconds(self) -> float:
        """Return the most seconds that one file may take."""
        return self.seconds * (_OCR_TIMES if self.ocr else 1)


@dataclass(frozen=True, slots=True)
class ScoredLetter:
    """One letter of a file: its pages (None where the format has none), its score, and its shingles."""

    pages: tuple[int, int] | None
    score: LetterScore
    shingles: NDArray[np.uint32]


def score_content(content: bytes, scorer: Scorer, ocr: bool = False) -> dict[str, Any]:
    """Score the letters in one file's bytes.

    Returns
    -------
    dict
        JSON-ready: ``letters``, a list as ``as_record`` makes them, and ``problem`` (code and message) or None.
    """
    try:
        letters = _letters(content, ocr)
    except NoTextLayerError as error:
        return Problem("no_text_layer", without_name(error, _NAME)).outcome()
    except ReadingError as error:
        return Problem("unreadable", without_name(error, _NAME)).outcome()
    return {"letters": [_record(letter, scorer) for letter in letters], "problem": None}


def from_record(record: dict[str, Any]) -> ScoredLetter:
    """Return the letter that a record of ``score_content`` tells of."""
    shingles = np.frombuffer(base64.b64decode(record["shingles"]), dtype="<u4")
    pages = tuple(record["pages"]) if record["pages"] else None
    return ScoredLetter(pages, LetterScore.from_dict(record["score"]), shingles)


def _letters(content: bytes, ocr: bool) -> list[Letter]:
    is_pdf = b"%PDF-" in content[:1024]
    try:
        file = text_of_content(content, _NAME)
        if not (ocr and file.scans):
            return letters_of(file, _NAME)
    except NoTextLayerError:
        if not is_pdf:
            raise
        if not ocr:
            raise NoTextLayerError("a scan without a text layer; run again with --ocr (needs lorscore[ocr])") from None
    from lorscore.reading.ocr import with_text_layer

    file = text_of_content(with_text_layer(content, _NAME), _NAME)
    read = LetterWarning(
        "read_by_ocr", "A scan, read by text recognition: check its words before you rely on the score."
    )
    others = tuple(w for w in file.warnings if w.code != "no_text_layer")
    return letters_of(replace(file, warnings=(*others, read), scans=frozenset()), _NAME)


def _record(letter: Letter, scorer: Scorer) -> dict[str, Any]:
    reading = scorer.read(letter.text)
    score = scorer.weigh(reading).with_warnings_of(letter)
    shingles = shingles_of(reading.letter) if reading.plausible.is_letter else np.zeros(0, "<u4")
    return {
        "pages": list(letter.pages) if letter.pages else None,
        "score": score.to_dict(),
        "shingles": base64.b64encode(shingles.tobytes()).decode(),
    }
