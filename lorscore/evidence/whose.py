"""Whose deeds does a sentence tell: the applicant's, somebody else's, or the writer's own?

Read sentence by sentence. Who is spoken of is settled by the sentence itself where it names somebody, and else by the
one before; naming the applicant, or a new paragraph, brings the letter back to them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from lorscore.evidence.phrases import find_phrases, phrase_index
from lorscore.parsing.applicant import TITLE, applicant_of, name_words
from lorscore.parsing.neutral import bare_name, names_in, they_are_others
from lorscore.parsing.parse import ParsedLetter, Sentence
from lorscore.parsing.words import UPPER

APPLICANT, PERSON, GROUP, WRITER = "applicant", "person", "group", "writer"
_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|hers?|herself)\b", re.I)
_THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
_ANY_PRONOUN = re.compile(rf"{_PRONOUN.pattern}|\b(?:they|theirs?|themselves)\b", re.I)
_NEVER_TAKEN = ("context", "limited_contact", "concern", "faint_praise", "score_context")
_OF_OTHERS = {PERSON: ("team_voice",), GROUP: ("team_voice", "intern_level"), WRITER: ()}
"""What stays evidence of the applicant in a sentence about others: what these say of them, and whose level is theirs."""
_DEEDS = ("intern_level", "peer_rank", "would_take", "responsibility", "episode")
_TITLED = re.compile(rf"\b{TITLE}\s+(?P<name>[{UPPER}][\w'’-]+(?:\s[{UPPER}][\w'’-]+)?)")
_CAPITAL = re.compile(rf"[{UPPER}][\w'’-]+")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_NEXT = 2
_RIGHT_BEHIND = 12
_OPENING = 60
"""Who is the subject of a sentence stands within so many characters of its start."""
_CLEARLY = 0.75
"""Share of the pronouns after the applicant's name that must agree before the other one is taken for somebody else."""


@dataclass(frozen=True, slots=True)
class _People:
    """The applicant as the letter calls them, the words that are names of anybody else, and those of titled others."""

    name: frozenset[str]
    pronoun: frozenset[str] | None
    they_are_others: bool
    names: frozenset[str]
    others: frozenset[str]


def _first(name: str, sentence: Sentence) -> int | None:
    """Where the first phrase of a list starts in the sentence."""
    starts = [
        a
        for _, phrase in phrase_index("cues.toml", "others", name).candidates(sentence.words)
        for a, _ in phrase.find(sentence.text)
    ]
    return min(starts, default=None)


def sentences_about_others(letter: ParsedLetter) -> dict[int, str]:
    """Return the numbers of the body sentences that tell of others, and of whom: a person, a group, or the writer.

    Examples
    --------
    >>> from lorscore.parsing.parse import parse
    >>> told = "Dear Director,\nMs. Orr was here. Our senior, Dr. Pell, ran three codes. She never lost a patient."
    >>> sentences_about_others(parse(told))
    {1: 'person', 2: 'person'}
    """
    people = _people(letter)
    found: dict[int, str] = {}
    focus, mentioned = APPLICANT, False
    before: Sentence | None = None
    for i, sentence in enumerate(letter.body):
        if before is not None and _PARAGRAPH.search(letter.clean.text, before.end, sentence.start):
            focus, mentioned = APPLICANT, False
        names_applicant = _names_applicant(sentence, people)
        mentioned = not names_applicant and (mentioned or _mentions_other(sentence, people))
        if names_applicant:
            focus = APPLICANT
        elif before is not None and _goes_on(sentence, before, focus, people):
            focus = GROUP
        else:
            focus = _focus(sentence, focus, mentioned, people)
        if focus != APPLICANT:
            found[i] = focus
        before = sentence
    return found


def is_of_others(kind: str, told: str | None) -> bool:
    """Is evidence of this kind not the applicant's, in a sentence that tells of a person, a group or the writer?"""
    return told is not None and kind not in _NEVER_TAKEN and kind not in _OF_OTHERS[told]


def is_for_anybody(sentence: Sentence, start: int, end: int) -> bool:
    """Is what is wished or recommended here wished for a group, or for whoever it may be?"""
    if _PRONOUN.search(sentence.text):
        return False
    found = [
        span
        for _, phrase in phrase_index("cues.toml", "others", "anybody").candidates(sentence.words)
        for span in phrase.find(sentence.text)
    ]
    return any(a < end + _RIGHT_BEHIND and start - _RIGHT_BEHIND < b for a, b in found)


def _people(letter: ParsedLetter) -> _People:
    applicant = applicant_of(letter)
    name = applicant.words() if applicant else frozenset()
    pronoun = _pronoun_of(letter, name)
    they = pronoun is not None or (not name and they_are_others("\n".join({s.text: None for s in letter.body})))
    return _People(name, pronoun, they, names_in(letter) - name, _titled_others(letter, name))


def _titled_others(letter: ParsedLetter, name: frozenset[str]) -> frozenset[str]:
    """Names with a title that are neither the applicant's nor the writer's, and are said less often than the applicant's."""
    words = Counter(bare_name(w) for s in letter.body for w in _CAPITAL.findall(s.text))
    most = max((words[w] for w in name), default=0)
    ends = name_words(" ".join(s.text for s in letter.sentences if s.zone != "body"))
    titled = [name_words(m["name"]) for s in letter.body for m in _TITLED.finditer(s.text)]
    return frozenset(w for own in titled if not own & (name | ends) for w in own if words[w] < most)


def _pronoun_of(letter: ParsedLetter, name: frozenset[str]) -> frozenset[str] | None:
    """The applicant's pronoun: the first one after each naming, where the letter's commonest agrees or nothing speaks against it."""
    votes: Counter[frozenset[str]] = Counter()
    everywhere: Counter[frozenset[str]] = Counter()
    named = -_NEXT - 1
    for i, sentence in enumerate(letter.body):
        everywhere.update(_set_of(m.group()) for m in _PRONOUN.finditer(sentence.text))
        own = [m.start() for m in _CAPITAL.finditer(sentence.text) if bare_name(m.group()) in name]
        named = i if own else named
        first = _ANY_PRONOUN.search(sentence.text, own[0] if own else 0) if i - named <= _NEXT else None
        if first:
            votes[_set_of(first.group())] += 1
            named = -_NEXT - 1
    if not votes or votes.most_common(1)[0][0] == _THEY:
        return None
    (most, n), total = votes.most_common(1)[0], votes.total()
    agrees = everywhere.most_common(1)[0][0] == most and n >= _CLEARLY * total
    return most if agrees or n == total > 1 else None


def _set_of(pronoun: str) -> frozenset[str]:
    return next((own for own in (_HE, _SHE) if pronoun.lower() in own), _THEY)


def _names_applicant(sentence: Sentence, people: _People) -> bool:
    named = any(bare_name(m.group()) in people.name for m in _CAPITAL.finditer(sentence.text))
    return named or _first("applicant", sentence) is not None


def _mentions_other(sentence: Sentence, people: _People) -> bool:
    return any(bare_name(m.group()) in people.names for m in _CAPITAL.finditer(sentence.text))


def _focus(sentence: Sentence, focus: str, mentioned: bool, people: _People) -> str:
    """Of whom a sentence tells that does not name the applicant, given of whom the one before told."""
    pronouns = list(_PRONOUN.finditer(sentence.text))
    clash = people.pronoun is not None and all(_set_of(m.group()) != people.pronoun for m in pronouns)
    if pronouns and clash and (mentioned or focus in (PERSON, WRITER)):
        return WRITER if focus == WRITER else PERSON
    person = _person_as_subject(sentence, people)
    leads = person is not None and not (pronouns and pronouns[0].start() < person)
    if leads and (
        (pronouns and clash) or (_first("reports", sentence) is None and (not pronouns or _claims(sentence)))
    ):
        return PERSON
    if pronouns:
        begins = pronouns[0].start() <= 1
        starts_with_other = people.pronoun is not None and _set_of(pronouns[0].group()) != people.pronoun
        return PERSON if focus == PERSON and (begins or starts_with_other) else APPLICANT
    if _first("writer", sentence) is not None:
        return WRITER
    if _as_subject(sentence, _first("groups", sentence)):
        return GROUP
    return WRITER if focus == WRITER else APPLICANT


def _goes_on(sentence: Sentence, before: Sentence, focus: str, people: _People) -> bool:
    """Does a sentence without he or she go on about the group that the one before speaks of?"""
    if _PRONOUN.search(sentence.text) or _PRONOUN.search(before.text):
        return False
    start = _first("starts", sentence)
    if start is None or start > 1 or ("they" in sentence.words and not people.they_are_others):
        return False
    return focus == GROUP or _first("groups", before) is not None


def _claims(sentence: Sentence) -> bool:
    return any(hit.rule.kind in _DEEDS for hit in find_phrases(sentence.text, sentence.words))


def _as_subject(sentence: Sentence, at: int | None) -> bool:
    """Does the sentence begin here, or after a few words and a comma?"""
    if at is None or at > _OPENING:
        return False
    lead = sentence.text[:at].strip(" \"'(-•*")
    return not lead or (lead.endswith(",") and not re.search(r"\b(?:i|we)\b", lead, re.I))


def _person_as_subject(sentence: Sentence, people: _People) -> int | None:
    """Where another person than the applicant is the subject of the sentence."""
    places = [m.start() for m in _TITLED.finditer(sentence.text) if name_words(m["name"]) & people.others]
    places += [m.start() for m in _CAPITAL.finditer(sentence.text) if bare_name(m.group()) in people.others]
    places += [at for at in (_first("persons", sentence),) if at is not None]
    return next((at for at in sorted(places) if _as_subject(sentence, at)), None)
