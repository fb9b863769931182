"""The trained reader of sentences: it carries meaning to wordings that no rule foresaw.

A small encoder (MiniLM, fine-tuned on the corpus, int8 ONNX) reads one neutral sentence at a
time and says which kinds of evidence it holds, how they are asserted, and which words carry
them. A word model (``word_model.py``) has a say beside it. Any object with ``read`` may take
their place: that is the seam.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lorscore.letter import DEGREES, KINDS

UNAFFIRMED = ("negated", "hypothetical", "other")
LABELS = (
    *(f"affirmed:{kind}" for kind in KINDS),
    *(f"any:{kind}" for kind in KINDS),
    *(f"degree:{degree}" for degree in DEGREES),
    *(f"assertion:{assertion}" for assertion in UNAFFIRMED),
    "moves:up",
    "moves:down",
)
"""What is said of each sentence. ``moves`` is the force with which it moved the raters."""

_K = len(KINDS)
MAX_TOKENS = 96
_SPAN_SHARE, _SPAN_GAP = 0.4, 2
"""A span reaches as far as words are at least this likely, next to its likeliest, over gaps of so many word pieces. Best
overlap with the raters on voices left out."""


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """What the model says of one sentence: probabilities by label, and by word and kind.

    ``token_spans`` are character offsets into the neutral sentence; ``tokens[t, k]`` is the
    probability that token ``t`` belongs to a span of kind ``k`` (shape: tokens by kinds).
    """

    labels: NDArray[np.float32]
    tokens: NDArray[np.float32]
    token_spans: tuple[tuple[int, int], ...]

    def affirmed(self, kind: str) -> float:
        """Return the probability that the sentence affirms evidence of this kind."""
        return float(self.labels[KINDS.index(kind)])

    def mentioned(self, kind: str) -> float:
        """Return the probability that the sentence holds this kind, however asserted."""
        return float(self.labels[_K + KINDS.index(kind)])

    def degree(self) -> str:
        """Return the likeliest degree of the endorsement in the sentence."""
        return DEGREES[int(self.labels[2 * _K : 2 * _K + 4].argmax())]

    def unaffirmed_as(self) -> str:
        """Return the likeliest way in which a claim here is not affirmed."""
        return UNAFFIRMED[int(self.labels[2 * _K + 4 : 2 * _K + 7].argmax())]

    def moves_up(self) -> float:
        """Return the probability that this sentence would decide a reader for the applicant."""
        return float(self.labels[-2])

    def moves_down(self) -> float:
        """Return the probability that this sentence would decide a reader against the applicant."""
        return float(self.labels[-1])

    def span_of(self, kind: str) -> tuple[int, int]:
        """Return the stretch of the neutral sentence that carries the kind: around its peak, over small gaps."""
        column = self.tokens[:, KINDS.index(kind)]
        peak = int(column.argmax())
        marked = np.flatnonzero(column >= _SPAN_SHARE * column[peak])
        breaks = np.flatnonzero(np.diff(marked) > 1 + _SPAN_GAP) + 1
        stretch = next(part for part in np.split(marked, breaks) if peak in part)
        return self.token_spans[stretch[0]][0], self.token_spans[stretch[-1]][1]


class ReadsSentences(Protocol):
    """Anything that reads neutral sentences."""

    def read(self, sentences: Sequence[str]) -> list[SentenceReading]:
        """Return one reading a sentence, in order."""
        ...


class OnnxSentenceModel:
    """The encoder: ``sentences.onnx`` and ``tokenizer.json`` of a model folder."""

    def __init__(self, onnx: bytes, tokenizer: bytes) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    @classmethod
    def from_folder(cls, folder: Path) -> OnnxSentenceModel:
        """Load the model from its folder."""
        return cls((folder / "sentences.onnx").read_bytes(), (folder / "tokenizer.json").read_bytes())

    def read(self, sentences: Sequence[str]) -> list[SentenceReading]:
        """Read sentences one at a time.

        Int8 activations are scaled over a whole batch, so in a batch a sentence would read a
        little differently depending on its neighbours; alone it reads the same in any letter.
        """
        return [self._read_one(encoding) for encoding in self._tokenizer.encode_batch(list(sentences))]

    def _read_one(self, encoding: Any) -> SentenceReading:
        ids = np.array([encoding.ids], dtype=np.int64)
        labels, tokens = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        inner = slice(1, max(2, len(encoding.ids) - 1))
        return SentenceReading(
            labels=_probability(labels[0]),
            tokens=_probability(tokens[0, inner]),
            token_spans=tuple(encoding.offsets[inner]),
        )


def _probability(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)
