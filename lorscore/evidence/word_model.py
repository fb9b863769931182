"""Counted words and letters: a linear model a label, beside the encoder, that knows the stock wordings.

A sentence is a row of weighted counts (TF-IDF) of its runs of words and of letters. The model is plain
arrays in one ``.npz`` file, and reading with it needs numpy alone.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorscore.errors import ModelError
from lorscore.evidence.sentence_model import LABELS, OnnxSentenceModel, SentenceReading

Floats = NDArray[np.float32]
_WORD = re.compile(r"\b\w\w+\b")
_LONGEST_WORDS, _SHORTEST_LETTERS, _LONGEST_LETTERS = 3, 2, 5


def word_runs(sentence: str) -> Iterator[str]:
    """Yield the runs of one to three words.

    Examples
    --------
    >>> list(word_runs("Ready for internship."))
    ['ready', 'for', 'internship', 'ready for', 'for internship', 'ready for internship']
    """
    words = _WORD.findall(sentence.lower())
    for length in range(1, _LONGEST_WORDS + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def letter_runs(sentence: str) -> Iterator[str]:
    """Yield the runs of two to five letters inside each word, a space standing for its edges.

    Examples
    --------
    >>> list(letter_runs("No."))
    [' n', 'no', 'o.', '. ', ' no', 'no.', 'o. ', ' no.', 'no. ', ' no. ']
    """
    for word in sentence.lower().split():
        padded = f" {word} "
        for length in range(_SHORTEST_LETTERS, _LONGEST_LETTERS + 1):
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]


RUNS = {"words": word_runs, "letters": letter_runs}
"""What is counted, each by itself."""


@dataclass(frozen=True)
class CountedRuns:
    """The runs of one sort that are known: how rare each is, and what it says of each label (runs by labels)."""

    runs: Sequence[str]
    idf: Floats
    weights: Floats

    @cached_property
    def _place(self) -> dict[str, int]:
        return {run: i for i, run in enumerate(self.runs)}

    def log_odds(self, found: Iterator[str]) -> Floats:
        """Return what the runs found in a sentence add to each label's log odds."""
        counts = Counter(place for run in found if (place := self._place.get(run)) is not None)
        places = np.fromiter(counts, dtype=np.intp, count=len(counts))
        row = self.idf[places] * (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))))
        out: Floats = row @ self.weights[places] / max(float(np.linalg.norm(row)), 1e-6)
        return out


@dataclass(frozen=True)
class WordModel:
    """The known runs by sort (see ``RUNS``), and each label's log odds where nothing is known."""

    counted: Mapping[str, CountedRuns]
    bias: Floats

    def log_odds(self, sentence: str) -> Floats:
        """Return the log odds of each label, in the order of ``LABELS``, for one neutral sentence."""
        out = self.bias
        for name, own in self.counted.items():
            out = out + own.log_odds(RUNS[name](sentence))
        return out

    def to_bytes(self) -> bytes:
        """Return the content of the model's file; the same model gives the same bytes."""
        arrays: dict[str, Any] = {"bias": self.bias}
        for name, own in self.counted.items():
            arrays[name] = np.array(own.runs)
            arrays[f"{name}_idf"] = own.idf
            arrays[f"{name}_weights"] = own.weights.astype(np.float16)
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> WordModel:
        """Build the model from the content of its file.

        Raises
        ------
        ModelError
            If it is not such a file. What numpy would have to unpickle is never opened.
        """
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                counted = {name: _checked(file[name], file[f"{name}_idf"], file[f"{name}_weights"]) for name in RUNS}
                return cls(counted, file["bias"])
        except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(f"words.npz: not a word model ({error}); copy the whole model folder.") from None


def _checked(runs: NDArray[np.str_], idf: Floats, weights: NDArray[np.float16]) -> CountedRuns:
    if idf.shape != runs.shape or weights.shape != (len(runs), len(LABELS)):
        raise ValueError(f"{len(runs)} runs, weights {weights.shape}")
    return CountedRuns(runs.tolist(), idf, weights.astype(np.float32))


@dataclass(frozen=True)
class EncoderAndWords:
    """The shipped sentence model: the log odds of encoder and word model, averaged.

    Which words carry a kind is the encoder's to say.
    """

    encoder: OnnxSentenceModel
    words: WordModel

    def read(self, sentences: Sequence[str]) -> list[SentenceReading]:
        """Return one reading a sentence, in order; a sentence reads the same in any letter."""
        return [
            replace(reading, labels=_averaged(reading.labels, self.words.log_odds(sentence)))
            for sentence, reading in zip(sentences, self.encoder.read(sentences), strict=True)
        ]


WORDS_SHARE = 0.5
"""Of the average; the rest is the encoder's. Best on voices left out, and flat around it."""
_SUREST = 1e-6


def _averaged(probabilities: Floats, log_odds: Floats) -> Floats:
    p = np.clip(probabilities, _SUREST, 1 - _SUREST)
    mean = (1 - WORDS_SHARE) * np.log(p / (1 - p)) + WORDS_SHARE * log_odds
    return np.asarray(1 / (1 + np.exp(-mean)), dtype=np.float32)
