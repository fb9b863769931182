"""Sentences as the sentence model sees them: without sex, name, nationality or school.

What the model cannot see it cannot weigh. Pronouns become one set, titles and names one name,
institutions one word. Offsets are not kept: the result is for a model to read, not to quote.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lorscore.parsing.parse import ParsedLetter

NAME = "Alex"
PLACE = "Hospital"
COUNTRY = "abroad"

_PRONOUNS = {
    "he": "they", "she": "they", "they": "they", "him": "their", "his": "their", "her": "their", "them": "their", "hers": "their",
    "theirs": "their", "himself": "themselves", "herself": "themselves", "themself": "themselves",
    "he's": "they're", "she's": "they're", "he'd": "they'd", "she'd": "they'd", "he'll": "they'll", "she'll": "they'll",
    "man": "person", "woman": "person", "gentleman": "person", "lady": "person", "men": "people", "women": "people",
    "boy": "child", "girl": "child",
}  # fmt: skip
_AFTER_PRONOUN = {"is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't",
                  "hasn't": "haven't", "doesn't": "don't"}  # fmt: skip
_TITLES = frozenset("dr mr mrs ms mx miss doctor prof".split())
_INSTITUTION = frozenset("university hospital college school center centre infirmary institute clinic medical".split())
_TOKEN = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*|\S")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@cache
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """The words that are never names, and the words that tell a nationality or faith."""
    text = files(__package__).joinpath("neutral_words.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    return frozenset(lists["never_names"]), frozenset(w.lower() for w in lists["origins"])


def origin_words() -> frozenset[str]:
    """Return the words that tell a nationality or faith, lower case."""
    return _word_lists()[1]


def names_in(letter: ParsedLetter) -> frozenset[str]:
    """Return words that this letter capitalises inside a sentence, or puts in its head or signature."""
    never_names, _ = _word_lists()
    found = {
        word.removesuffix("'s")
        for s in letter.sentences
        for n, word in enumerate(_WORD.findall(s.text))
        if (n or s.zone != "body") and word[0].isupper() and not word.isupper()
    }
    lower = {w for s in letter.body for w in _WORD.findall(s.text) if w.islower()}
    return frozenset(w for w in found if w.lower() not in never_names and w.lower() not in lower)


@dataclass(frozen=True, slots=True)
class NeutralSentence:
    """A rewritten sentence; ``sources[i]`` is where its character ``i`` came from in the original."""

    text: str
    sources: tuple[tuple[int, int], ...]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open stretch of the rewritten sentence to one of the original."""
        covered = self.sources[start:end]
        return min(a for a, _ in covered), max(b for _, b in covered)


def neutral(sentence: str, names: Iterable[str] = ()) -> NeutralSentence:
    """Rewrite a sentence without what should not count.

    Parameters
    ----------
    sentence : the sentence.
    names : words known to be names in this letter (see ``names_in``); they are needed only at a
        sentence's start, where every word is capitalised.

    Examples
    --------
    >>> neutral("Ms. Okafor told the Nigerian team she was late.").text
    'Alex told the abroad team they were late.'
    >>> neutral("He has her notes.").text == neutral("She has his notes.").text
    True
    """
    never_names, origins = _word_lists()
    named = frozenset(names)
    pieces: list[tuple[str, int, int]] = []
    pronoun_before = False
    for match in _TOKEN.finditer(sentence):
        token = match.group()
        lower = token.lower()
        new = token
        if pronoun_before and lower in _AFTER_PRONOUN:
            new = _AFTER_PRONOUN[lower]
        elif lower in _PRONOUNS:
            new = _PRONOUNS[lower]
        elif lower in origins:
            new = COUNTRY
        elif token[0].isupper():
            new = _masked(token, lower, not pieces, named, never_names)
        pronoun_before = lower in ("he", "she", "they")
        if new in (NAME, PLACE) and pieces and _joins(pieces, never_names):
            last, start, _ = pieces.pop()
            pieces.append((PLACE if PLACE in (new, last) else NAME, start, match.end()))
        elif not (new == "." and pieces and sentence[pieces[-1][1] : match.start()].lower() in _TITLES):
            pieces.append((new, match.start(), match.end()))
    return _joined(sentence, pieces)


def _joins(pieces: list[tuple[str, int, int]], never_names: frozenset[str]) -> bool:
    """Is what stands before a name part of it: another name, or an unknown first word?"""
    last = pieces[-1][0]
    unknown_first = len(pieces) == 1 and last.istitle() and last.isalpha() and last.lower() not in never_names
    return last in (NAME, PLACE) or unknown_first


def _joined(sentence: str, pieces: list[tuple[str, int, int]]) -> NeutralSentence:
    text: list[str] = []
    sources: list[tuple[int, int]] = []
    for n, (new, start, end) in enumerate(pieces):
        if n and sentence[start - 1].isspace():
            text.append(" ")
            sources.append((start, start))
        text.append(new)
        sources += [(start, end)] * len(new)
    return NeutralSentence("".join(text), tuple(sources))


def _masked(token: str, lower: str, first: bool, named: frozenset[str], never_names: frozenset[str]) -> str:
    """The token, or what stands for it when it is a title, a name or an institution."""
    bare = lower.removesuffix("'s")
    if lower in _TITLES or token.removesuffix("'s") in named:
        return PLACE if bare in _INSTITUTION else NAME
    if first or bare in never_names or bare.removesuffix("s") in never_names or token.isupper():
        return token
    return PLACE if bare in _INSTITUTION else NAME
