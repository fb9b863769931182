"""Sentences as the sentence model sees them: without sex, name, nationality or school.

What the model cannot see it cannot weigh. Pronouns become one set, the applicant's name one name,
everybody else's another, institutions one word. Offsets are not kept: the result is for a model to
read, not to quote.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lorscore.parsing.parse import ParsedLetter

NAME, OTHER_NAME = "Alex", "Taylor"
PLACE = "Hospital"
COUNTRY = "abroad"
_TITLE = "Dr"
_STAND_INS = (PLACE, NAME, OTHER_NAME, _TITLE)

_PRONOUNS = {
    "he": "they", "she": "they", "they": "they", "him": "their", "his": "their", "her": "their", "them": "their", "hers": "their",
    "theirs": "their", "himself": "themselves", "herself": "themselves", "themself": "themselves",
    "he's": "they're", "she's": "they're", "he'd": "they'd", "she'd": "they'd", "he'll": "they'll", "she'll": "they'll",
    "man": "person", "woman": "person", "gentleman": "person", "lady": "person", "men": "people", "women": "people",
    "boy": "child", "girl": "child",
}  # fmt: skip
_OTHERS = {"they": "people", "them": "people", "their": "people's", "theirs": "people's", "themselves": "people",
           "they're": "people are", "they've": "people have", "they'd": "people would", "they'll": "people will"}  # fmt: skip
_AFTER_PRONOUN = {"is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't",
                  "hasn't": "haven't", "doesn't": "don't"}  # fmt: skip
_PARTICLES = frozenset("de da dos du di van von der den el al bin ben del la le ter ten".split())
_TITLES = frozenset("dr mr mrs ms mx miss doctor prof".split())
_INSTITUTION = frozenset("university hospital college school center centre infirmary institute clinic medical".split())
_SINGULAR = frozenset("he she him her his hers himself herself he's she's he'd she'd he'll she'll".split())
_TOKEN = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*|\S")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@cache
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """The words that are never names, and the words that tell a nationality or faith."""
    text = files(__package__).joinpath("neutral_words.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    return frozenset(lists["never_names"]), frozenset(w.lower() for w in lists["origins"])


def never_names() -> frozenset[str]:
    """Return the words that are never names though letters capitalise them, lower case."""
    return _word_lists()[0]


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


@dataclass(frozen=True, slots=True)
class People:
    """Who is spoken of in a letter.

    Attributes
    ----------
    names : words known to be names; needed only at a sentence's start, where every word is capitalised.
    applicant : the words of the applicant's name; None where unknown, and then every name may be theirs.
    others : words known to be names of other people.
    they_are_others : the applicant is called he or she, so "they" are other people.
    """

    names: frozenset[str] = frozenset()
    applicant: frozenset[str] | None = None
    others: frozenset[str] = frozenset()
    they_are_others: bool = False

    def is_theirs(self, token: str) -> bool:
        """Is this a word of the applicant's name?"""
        return self.applicant is not None and bare_name(token) in self.applicant

    def name_for(self, word: str) -> str:
        """Return the name that stands for this one."""
        theirs = word in self.applicant if self.applicant is not None else word not in self.others
        return NAME if theirs else OTHER_NAME


NOBODY = People()


def they_are_others(text: str) -> bool:
    """Is the person spoken of called he or she, so that "they" must be other people?"""
    words = [w.lower() for w in _WORD.findall(text)]
    singular = sum(w in _SINGULAR for w in words)
    return singular >= 2 * sum(w in _OTHERS for w in words) and singular > 0


def neutral(sentence: str, people: People = NOBODY) -> NeutralSentence:
    """Rewrite a sentence without what should not count.

    Examples
    --------
    >>> neutral("Ms. Okafor told the Nigerian team she was late.").text
    'Alex told the abroad team they were late.'
    >>> neutral("He has her notes.").text == neutral("She has his notes.").text
    True
    >>> neutral("Dr. Alder praised her.", People(applicant=frozenset({"Okafor"}))).text
    'Taylor praised their.'
    """
    never_names, origins = _word_lists()
    pieces: list[tuple[str, int, int]] = []
    pronoun_before = False
    for match in _TOKEN.finditer(sentence):
        token = match.group()
        lower = token.lower()
        new = token
        if (
            token in _PARTICLES
            and pieces
            and pieces[-1][0] in (NAME, _TITLE)
            and _next_is_theirs(sentence, match.end(), people)
        ):
            pieces.append((NAME, pieces.pop()[1], match.end()))
            continue
        if people.is_theirs(token) or (pieces and pieces[-1][0] == _TITLE and token[0].isupper() and lower in origins):
            new = people.name_for(bare_name(token)) if bare_name(token) not in people.others else OTHER_NAME
        elif pronoun_before and lower in _AFTER_PRONOUN:
            new = _AFTER_PRONOUN[lower]
        elif people.they_are_others and lower in _OTHERS:
            new = _OTHERS[lower]
        elif lower in _PRONOUNS:
            new = _PRONOUNS[lower]
        elif lower in origins:
            new = COUNTRY
        elif token[0].isupper():
            new = _masked(token, lower, not pieces, people, never_names)
        pronoun_before = lower in ("he", "she") or new == "they"
        if new in _STAND_INS and pieces and _joins(pieces, never_names):
            last, start, _ = pieces.pop()
            pieces.append((min(new, last, key=_rank), start, match.end()))
        elif not (new == "." and pieces and sentence[pieces[-1][1] : match.start()].lower() in _TITLES):
            pieces.append((new, match.start(), match.end()))
    return _joined(sentence, [(NAME if new == _TITLE else new, start, end) for new, start, end in pieces])


def _next_is_theirs(sentence: str, at: int, people: People) -> bool:
    """Do only particles stand between here and a word of the applicant's name?"""
    for match in _TOKEN.finditer(sentence, at):
        if match.group() not in _PARTICLES:
            return people.is_theirs(match.group())
    return False


def _rank(word: str) -> int:
    """Where two parts of one name disagree, the one that comes first here stands."""
    return _STAND_INS.index(word) if word in _STAND_INS else len(_STAND_INS)


def _joins(pieces: list[tuple[str, int, int]], never_names: frozenset[str]) -> bool:
    """Is what stands before a name part of it: another name, or an unknown first word?"""
    last = pieces[-1][0]
    unknown_first = len(pieces) == 1 and last.istitle() and last.isalpha() and last.lower() not in never_names
    return last in _STAND_INS or unknown_first


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


def bare_name(token: str) -> str:
    """Return a word without the 's of possession."""
    return token.removesuffix("'s").removesuffix("’s")


def _masked(token: str, lower: str, first: bool, people: People, never_names: frozenset[str]) -> str:
    """The token, or what stands for it when it is a title, a name or an institution."""
    bare = lower.removesuffix("'s")
    word = bare_name(token)
    if lower in _TITLES:
        return _TITLE
    if word in people.names:
        return PLACE if bare in _INSTITUTION else people.name_for(word)
    if first or bare in never_names or bare.removesuffix("s") in never_names or token.isupper():
        return token
    return PLACE if bare in _INSTITUTION else people.name_for(word)
