"""What a text says elsewhere that makes its praise worth less: doubts, definitions, notes hung on a claim."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lorscore.evidence.knowledge import read_knowledge
from lorscore.evidence.phrase_language import compile_phrase
from lorscore.evidence.phrases import AnchorIndex, phrase_index, vocabulary
from lorscore.letter import LetterWarning
from lorscore.parsing.parse import ParsedLetter, Sentence
from lorscore.parsing.words import words_of

_MARK = r"\(\d{1,2}\)|\[\d{1,2}\]|[*†‡§]{1,3}|[¹²³⁴-⁹]"
_HUNG_ON = re.compile(rf"(?<=[\w.,;\"'])(?P<mark>{_MARK})(?!\w)")
_NOTE = re.compile(rf"(?m)^[ \t]*(?P<mark>{_MARK})[ \t]*(?P<text>\S[^\n]*(?:\n(?![ \t]*\n|[ \t]*(?:{_MARK}))[^\n]+)*)")
_ANYBODY = frozenset("he she they her their".split())
_AFTER_SENTENCE = 6
"""A mark may stand this many characters behind the sentence that it is hung on."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A warning, and the highest rating that a text of which it is true may get."""

    warning: LetterWarning
    ceiling: int


@cache
def _doubt_signs() -> AnchorIndex:
    entries = read_knowledge("doubts.toml")["doubt"]
    return AnchorIndex(
        (owner, compile_phrase(s, vocabulary())) for owner, entry in enumerate(entries) for s in entry["phrases"]
    )


def _says(name: str, text: str, words: frozenset[str]) -> bool:
    return any(phrase.find(text) for _, phrase in phrase_index("doubts.toml", name).candidates(words))


def doubts_of(letter: ParsedLetter) -> list[Doubt]:
    """Return the doubts that the sentences of a text raise, in the order of the knowledge file."""
    sentences = list({s.text: s for s in letter.sentences}.values())
    signs = [{o for o, phrase in _doubt_signs().candidates(s.words) if phrase.find(s.text)} for s in sentences]
    found = []
    for owner, entry in enumerate(read_knowledge("doubts.toml")["doubt"]):
        count = sum(owner in own for own in signs)
        if count >= entry["needed"]:
            ceiling = 1 if count >= entry.get("adverse_from", math.inf) else entry["ceiling"]
            message = f"{entry['message']} Rating held at {ceiling}."
            found.append(Doubt(LetterWarning(entry["code"], message), ceiling))
    if notes_that_take_back(letter):
        message = (
            "A note under the text narrows or takes back what it is hung on; that was not counted. Rating held at 2."
        )
        found.append(Doubt(LetterWarning("taken_back_in_note", message), 2))
    return found


def is_definition(sentence: Sentence) -> bool:
    """Does the sentence say what a term means, and not what anybody did?"""
    return sentence.words.isdisjoint(_ANYBODY) and _says("definition", sentence.text, sentence.words)


def _notes(letter: ParsedLetter) -> Iterator[tuple[str, int, str]]:
    """The notes of a text: their mark, where they start, and what they say."""
    text = letter.clean.text
    for match in _NOTE.finditer(text):
        yield match["mark"], match.start(), match["text"]


def notes_that_take_back(letter: ParsedLetter) -> list[int]:
    """Return where the marks stand of notes that narrow or take back what they are hung on."""
    notes = list(_notes(letter))
    if not notes:
        return []
    narrow = {mark: at for mark, at, said in notes if _says("note", said, words_of(said))}
    return [m.start() for m in _HUNG_ON.finditer(letter.clean.text) if m.start() < narrow.get(m["mark"], -1)]


def is_taken_back(start: int, sentence: Sentence, marks: Sequence[int]) -> bool:
    """Is a mark hung on a claim that starts here, later in its sentence or right behind it?"""
    return any(start <= mark <= sentence.end + _AFTER_SENTENCE for mark in marks)
