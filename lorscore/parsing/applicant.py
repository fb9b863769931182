"""Whom a letter is about: the name it is written for, told from the other names in it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lorscore.parsing.neutral import never_names
from lorscore.parsing.parse import ParsedLetter
from lorscore.parsing.words import LOWER, UPPER

_FULL_WORD = rf"[{UPPER}][\w'’-]+"
_WORD = rf"(?:[{UPPER}][\w'’-]+|[{UPPER}]\.)"
_PARTICLE = r"(?:(?:de|da|dos|du|di|van|von|der|den|el|al|bin|ben|del|la|le|ter|ten)[ \t]+){0,2}"
NAME = rf"{_WORD}(?:[ \t]+{_PARTICLE}{_WORD}){{0,3}}"
_LONG_NAME = rf"{_WORD}(?:\s+{_PARTICLE}{_WORD}){{1,3}}"
TITLE = r"(?:Dr|Mr|Ms|Mrs|Mx|Miss|Doctor|Student Doctor)\.?"
_SUBJECT_NAME = re.compile(
    rf"(?im)^[ \t]*(?:re|regarding|subject|applicant|candidate|student|name of (?:the )?applicant|applicant(?:'s)? name|"
    rf"name)\b[^:\n]{{0,30}}:[ \t]*(?:[^:\n]{{0,40}}\b(?:for|of|on|about)[ \t]+|letter[^:\n]{{0,30}}[,:–—-][ \t]*)?(?:(?-i:{TITLE})[ \t]+)?(?P<name>(?-i:{NAME}))"
)
_INTRODUCED = re.compile(
    r"\b(?:recommend(?:ing)?|recommendation (?:for|of)|behalf of|support of|supporting|letter (?:for|about|on)|introduce|"
    rf"known|supervised|certify that|application of|candidacy of|for|about)\s+(?:(?:Dr|Mr|Ms|Mrs|Mx|Miss)\.?\s+)?(?P<name>{_LONG_NAME})"
)
_RECOMMENDED = re.compile(
    r"\b(?:recommend(?:ing)?|recommendation (?:for|of)|on behalf of|in support of|supporting|endorse|support)[ ]+"
    rf"(?:the (?:application|candidacy) of[ ]+)?(?:(?:Dr|Mr|Ms|Mrs|Mx|Miss)\.?[ ]+)?(?P<name>{NAME})"
)
_TITLED = re.compile(rf"\b(?:{TITLE})\s+(?P<name>{_PARTICLE}{_FULL_WORD}(?:\s+{_PARTICLE}{_FULL_WORD}){{0,2}})")
_FULL = re.compile(
    rf"(?P<name>\b[{UPPER}][{LOWER}'’-]+(?:[ \t]+[{UPPER}]\.)?(?:[ \t]+{_PARTICLE}[{UPPER}][\w'’-]+){{1,2}})"
)
_NO_NAME = re.compile(
    r"\b(?:department|division|school|hospital|university|director|professor|attending|physician|center|college|program|"
    r"clinic|sincerely|regards|respectfully|medicine|faculty|service|phone|email|health|letters?|recommendation|reference|lor|evaluation|"
    r"residency|application|committee|resident|eras|aamc|intern|surgery|pediatrics|psychiatry|neurology|summary|comments?|rotation|elective|"
    r"clerkship|medical|report|assessment|performance|statement)\b",
    re.IGNORECASE,
)
_NO_FIRST_NAME = frozenset(
    "chief chair yours internal strong student acting general family emergency my she he they form support your the step this week weeks "
    "night nights".split()
)
_SAID = re.compile(r"[\w’'-]*\w(?=['’]s\b)|[^\W\d_][\w'’-]*")
_SMALL = frozenset("de da van von der el al bin del la dr mr ms mrs mx miss doctor student".split())
_TITLE_WORDS = frozenset("dr prof professor doctor mr ms mrs mx miss md do phd mbbs mph facp facs".split())
_AS_SUBJECT, _AS_INTRODUCED, _AS_TITLED, _AS_FULL, _MOST_MENTIONS = 6, 3, 1, 0.5, 8


@dataclass(frozen=True, slots=True)
class ApplicantName:
    """The applicant's name as the letter first gives it in full; offsets are of the clean text."""

    name: str
    start: int
    end: int

    def words(self) -> frozenset[str]:
        """Return the words of the name by which the letter may call them."""
        return name_words(self.name)


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name that can stand alone: no titles, initials or particles."""
    return frozenset(w for w in re.findall(r"[^\W\d_][\w'’-]+", name) if w.lower() not in _SMALL)


def name_key(name: str) -> tuple[str, ...]:
    """Return a name's words without case, marks, titles, initials and order, to tell whether two names are one.

    Examples
    --------
    >>> name_key("García, Ana M.") == name_key("Dr. Ana Garcia")
    True
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = (word.casefold() for word in re.findall(r"[^\W\d_]{2,}", plain))
    return tuple(sorted(word for word in words if word not in _TITLE_WORDS))


def _may_be_name(name: str) -> bool:
    return not _NO_NAME.search(name) and name.split()[0].lower() not in _NO_FIRST_NAME


def _written_for(letter: ParsedLetter) -> Iterator[tuple[str, int, int, float]]:
    """The names that the text says it is written for: name, start, end, and how surely."""
    for pattern, sure in ((_SUBJECT_NAME, _AS_SUBJECT), (_INTRODUCED, _AS_INTRODUCED)):
        for match in pattern.finditer(letter.clean.text):
            if _may_be_name(match["name"]):
                yield match["name"], *match.span("name"), sure


def surnames_written_for(letter: ParsedLetter) -> frozenset[str]:
    """Return the surnames of those whom the text says it is written for."""
    return frozenset(name.split()[-1] for name, *_ in _written_for(letter))


def names_recommended(letter: ParsedLetter) -> list[str]:
    """Return the names that stand right behind a word of recommending."""
    return [m["name"] for m in _RECOMMENDED.finditer(letter.clean.text) if _may_be_name(m["name"])]


def applicant_of(letter: ParsedLetter) -> ApplicantName | None:
    """Return whom the letter is about, or None where no name tells.

    The name that a subject line gives or that is introduced, and that the body then says most
    often; the writer's own name and that of the person written to do not count.
    """
    text = letter.clean.text
    ends = " ".join(s.text for s in letter.sentences if s.zone == "signature")
    greeted = " ".join(s.text for s in letter.sentences if s.zone == "salutation" and ":" not in s.text[:12])
    not_them = name_words(ends) | name_words(greeted)
    start = letter.body[0].start if letter.body else 0
    stop = letter.body[-1].end if letter.body else len(text)
    found = [*_written_for(letter)]
    found += [
        (m["name"], *m.span("name"), sure)
        for pattern, sure in ((_TITLED, _AS_TITLED), (_FULL, _AS_FULL))
        for m in pattern.finditer(text, 0 if pattern is _FULL else start, stop)
        if _may_be_name(m["name"]) and (pattern is _TITLED or never_names().isdisjoint(m["name"].lower().split()))
    ]
    said = Counter(_SAID.findall(text, start, stop))
    best, most = None, 0.0
    for name, at, end, sure in found:
        words = name_words(name)
        last = name.split()[-1].removesuffix("'s").removesuffix("’s")
        if not words or (last in not_them and sure < _AS_SUBJECT):
            continue
        mentions = max(said[w] for w in words)
        points = sure + min(_MOST_MENTIONS, mentions) + 0.1 * len(words)
        if points > most:
            best, most = ApplicantName(" ".join(name.split()).removesuffix("'s"), at, end), points
    return best
