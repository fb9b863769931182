"""The facts a letter states: setting, writer, length of contact, and who is who."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lorscore.evidence.knowledge import read_knowledge
from lorscore.evidence.phrase_language import Phrase, compile_phrase
from lorscore.evidence.phrases import AnchorIndex, vocabulary
from lorscore.letter import LetterFacts
from lorscore.parsing.applicant import NAME, TITLE, applicant_of
from lorscore.parsing.parse import ParsedLetter, Sentence

_NUMBER = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "half": 0.5}
_CONTACT = re.compile(
    rf"(?<![\w.])(?P<n>\d{{1,3}}(?:\.\d)?|{'|'.join(sorted(_NUMBER, key=len, reverse=True))})[\s\-]{{1,2}}"
    r"(?:(?:full|whole|busy|long|consecutive|short|solid|inpatient|more|half)[\s\-])?(?P<unit>days?|weeks?|wks?|months?|mos|years?)\b",
    re.IGNORECASE,
)
_WHOLE_YEAR = re.compile(
    r"\b(?:research|internship|house[ -]job|gap|intern)\s+year\b|\byear of (?:\w+ )?(?:internship|house job)\b", re.I
)
_NOT_CONTACT = re.compile(
    r"^\W{0,3}(?:old|ago|post|later|before|after|into|earlier|since|together|of (?:age|practice|experience|teaching|residency|service|school)|"
    r"experience|in practice|out of)\b|^'",
    re.IGNORECASE,
)
_CONTACT_CUE = re.compile(
    r"\b(?:work(?:ed|ing)|supervis|rotat|elective|clerk|spent|known?\b|internship|acting intern|sub-?intern|with (?:me|us)|attending|service|"
    r"observ|extern|precept|taught|clinic|joined|course|shadow|posting|posted|contact|dates?\b|duration|length|completed|did (?:a|an|his|her|their)|"
    r"fellow|house (?:surgeon|officer|job)|came to|came for|(?:on|in|to|under) (?:my|our)\b)",
    re.IGNORECASE,
)
_YEARS_OF_CONTACT = re.compile(
    r"\b(?:known|know) (?:him|her|them|dr|mr|ms|mx)|\b(?:has|have|had) (?:been|worked|served)\b(?!.{0,30}\b(?:I|attending|director)\b)|\bjoined\b|"
    r"\bworked (?:with|for|in|under) (?:me|us|my|our)|\bresearch (?:assistant|fellow|associate)|\bwith (?:me|us) for\b|\bspent\b",
    re.I,
)
_FEW_YEARS = frozenset("a an one two three four five six 1 1.5 2 2.5 3 4 5 6".split())
_CAREER = re.compile(
    r"\b(?:in|over|of|during|throughout) (?:my|our|the (?:past|last))\s+(?:\w+\s+){0,2}$|\b(?:my|since|every|each)\s+(?:past\s+|last\s+)?$|"
    r"\b(?:for|after|in|of) (?:over|more than|nearly|almost|some)\s+$",
    re.I,
)
_AAMC_ID = re.compile(r"\b(?:AAMC|ERAS|applicant)\b[^\d\n]{0,20}(?P<id>\d{8})\b", re.IGNORECASE)
_SITE = re.compile(
    r"(?:[A-Z][\w'’.&-]*[ \t]+|of[ \t]+|the[ \t]+|for[ \t]+){0,6}(?:University|Hospital|Medical[ \t]+Cent(?:er|re)|Clinic|College|Health(?:[ \t]+System)?|Infirmary|Institute|Practice|Pediatrics)\b"
    r"(?:[ \t]+of(?:[ \t]+[A-Z][\w'’-]+){1,3})?"
)
_CREDENTIALS = re.compile(
    r",?\s*\b(?:M\.?\s?D|D\.?O|Ph\.?D|MBBS|MBBCh|MB|FACP|FACS|FRCP\w*|MPH|MS|MSc|FAAP|FAAFP|MRCP\w*|FWACP|MRCPsych)\b.*$"
)
_ROLE_WORD = re.compile(
    r"\b(?:department|division|school|hospital|university|director|professor|attending|physician|center|college|program|"
    r"clinic|sincerely|regards|yours|respectfully|internal|medicine|faculty|chief|chair|service|phone|email|health)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _FactRule:
    name: str
    where: tuple[str, ...]
    values: tuple[Any, ...]
    earliest: bool
    """Does the earliest mention win, whichever value it tells? Otherwise the first value of the file does."""


@cache
def _fact_rules() -> tuple[tuple[_FactRule, ...], tuple[tuple[int, int], ...], AnchorIndex]:
    """The rules, (rule, value) of each owner number, and one index over the phrases of them all."""
    rules: list[_FactRule] = []
    owners: list[tuple[int, int]] = []
    phrases: list[tuple[int, Phrase]] = []
    for entry in read_knowledge("facts.toml")["fact"]:
        for i, value in enumerate(entry["value"]):
            phrases += [(len(owners), compile_phrase(source, vocabulary())) for source in value["phrases"]]
            owners.append((len(rules), i))
        rules.append(
            _FactRule(
                entry["name"],
                tuple(entry["where"]),
                tuple(value["value"] for value in entry["value"]),
                bool(entry.get("earliest")),
            )
        )
    return tuple(rules), tuple(owners), AnchorIndex(phrases)


def find_facts(letter: ParsedLetter) -> LetterFacts:
    """Return the facts of a letter, each with the span it came from in the source text."""
    found: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}

    def keep(name: str, value: Any, start: int, end: int) -> None:
        if name not in found:
            found[name] = value
            spans[name] = letter.clean.to_source(start, end)

    for name, value, start, end in _stated(letter.sentences):
        keep(name, value, start, end)
    for name, finder in (
        ("weeks", _weeks),
        ("writer_name", _writer_name),
        ("applicant_name", _applicant_name),
    ):
        if hit := finder(letter):
            keep(name, *hit)
    for name, pattern, group in (("applicant_id", _AAMC_ID, "id"), ("writer_site", _SITE, 0)):
        if match := pattern.search(letter.clean.text):
            keep(name, " ".join(match.group(group).split()), *match.span(group))
    return LetterFacts(**found, spans=spans)


def _stated(sentences: tuple[Sentence, ...]) -> Iterator[tuple[str, Any, int, int]]:
    """Each fact's first value in rule order, within the first zone that states any."""
    rules, owners, index = _fact_rules()
    best: dict[int, tuple[tuple[int, int, int], int, int]] = {}
    for number, sentence in enumerate(sentences):
        for owner, phrase in index.candidates(sentence.words):
            rule, value = owners[owner]
            if sentence.zone not in rules[rule].where:
                continue
            zone = rules[rule].where.index(sentence.zone)
            place = (zone, number, value) if rules[rule].earliest else (zone, value, number)
            if (rule not in best or place < best[rule][0]) and (spans := phrase.find(sentence.text)):
                best[rule] = (place, sentence.start + spans[0][0], sentence.start + spans[0][1])
    for rule, (place, start, end) in sorted(best.items()):
        value = place[2] if rules[rule].earliest else place[1]
        yield rules[rule].name, rules[rule].values[value], start, end


def _weeks(letter: ParsedLetter) -> tuple[float, int, int] | None:
    """The first stretch of contact; spans of age, career and history are passed over."""
    per_week: dict[str, float] = read_knowledge("facts.toml")["months"]["per_week"]
    for sentence in letter.sentences:
        if sentence.zone == "signature" or not _CONTACT_CUE.search(sentence.text):
            continue
        for match in _CONTACT.finditer(sentence.text):
            before = sentence.text[max(0, match.start() - 40) : match.start()]
            if _NOT_CONTACT.match(sentence.text[match.end() :]) or _CAREER.search(before):
                continue
            unit, word = match["unit"].lower(), match["n"].lower()
            many_years = unit.startswith("year") and (
                word not in _FEW_YEARS or not _YEARS_OF_CONTACT.search(sentence.text)
            )
            if many_years:
                continue
            weeks = (float(word) if word[0].isdigit() else float(_NUMBER[word])) * per_week[unit]
            rounded = round(weeks) if weeks >= 1 else round(weeks, 1)
            return float(rounded), sentence.start + match.start(), sentence.start + match.end()
        if whole := _WHOLE_YEAR.search(sentence.text):
            return 52.0, sentence.start + whole.start(), sentence.start + whole.end()
    return None


def _writer_name(letter: ParsedLetter) -> tuple[str, int, int] | None:
    for sentence in letter.sentences:
        if sentence.zone != "signature":
            continue
        offset = sentence.start
        for line in sentence.text.split("\n"):
            name = _CREDENTIALS.sub("", line.strip().strip("_-–—/ ")).rstrip(" ,.")
            if re.fullmatch(rf"(?:{TITLE}\s+|Prof(?:essor|\.)?\s+)?{NAME}", name) and not _ROLE_WORD.search(name):
                at = letter.clean.text.index(name, offset)
                return name, at, at + len(name)
            offset += len(line) + 1
    return None


def _applicant_name(letter: ParsedLetter) -> tuple[str, int, int] | None:
    found = applicant_of(letter)
    return (found.name, found.start, found.end) if found else None
