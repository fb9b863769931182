"""Text -> ``ParsedLetter``: the second stop on a letter's road."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from lorscore.parsing.clean import CleanText, clean
from lorscore.parsing.words import words_of
from lorscore.parsing.zones import zone_of_each

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``start`` and ``end`` are offsets into the clean text, ``words`` are lower case."""

    text: str
    start: int
    end: int
    zone: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class ParsedLetter:
    """A letter cut into sentences, with the way back to the text that was passed in."""

    source: str
    clean: CleanText
    sentences: tuple[Sentence, ...]

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences in which evidence is looked for."""
        return tuple(s for s in self.sentences if s.zone == "body")

    def verbatim(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the source text of a stretch of the clean text, with its source offsets."""
        start, end = self.clean.to_source(start, end)
        return self.source[start:end], start, end


@cache
def pipeline() -> Language:
    """Return the spaCy pipeline that reads letters: blank English with ``letter_sentences``."""
    import spacy

    import lorscore.parsing.sentences  # noqa: F401  (registers the component)

    nlp = spacy.blank("en")
    nlp.add_pipe("letter_sentences")
    return nlp


def parse(text: str) -> ParsedLetter:
    """Cut a letter into sentences and zones.

    Examples
    --------
    >>> letter = parse("Dear Director,\\nShe ran the list.\\nShe never\\nmissed a lab.\\nSincerely,\\nA. Writer, MD")
    >>> [(s.zone, s.text) for s in letter.sentences][1:3]
    [('body', 'She ran the list.'), ('body', 'She never\\nmissed a lab.')]
    """
    cleaned = clean(text)
    nlp = pipeline()
    doc = nlp(cleaned.text)
    starts = [int(idx) for start, idx in doc.to_array(["SENT_START", "IDX"]).tolist() if start == 1]
    pieces = [(cleaned.text[a:b], a) for a, b in pairwise([*starts, len(cleaned.text)])]
    trimmed = [(piece.strip(), at + len(piece) - len(piece.lstrip())) for piece, at in pieces if piece.strip()]
    zones = zone_of_each([piece for piece, _ in trimmed])
    sentences = tuple(
        Sentence(piece, at, at + len(piece), zone, words_of(piece))
        for (piece, at), zone in zip(trimmed, zones, strict=True)
    )
    return ParsedLetter(source=text, clean=cleaned, sentences=sentences)
