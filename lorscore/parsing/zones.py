"""The parts of a letter: letterhead, salutation, body, signature."""

from __future__ import annotations

import re

ZONES = ("letterhead", "salutation", "body", "signature")

_SALUTATION = re.compile(
    r"\s*(?:dear\b|to\s+whom|to\s+the\s+(?:program|programme|residency|selection|admissions|director|committee)|"
    r"attention\b|attn\b|hi\b|hello\b|greetings\b|respected\s+(?:sir|madam|colleague|program))",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\s*(?:re|ref|reference|subject|regarding|applicant|candidate)\b[^\w\n]{0,3}:", re.IGNORECASE)
_VALEDICTION = re.compile(
    r"\s*(?:(?:very\s+|most\s+)?(?:sincerely|respectfully|cordially|faithfully|truly)\b|"
    r"(?:yours|regards|cheers|warmly|gratefully)\b|best(?=\W*$|\s+(?:regards|wishes))|"
    r"(?:with|my|warm|warmest|kind|kindest|best|many)\s+(?:\w+\s+){0,3}(?:regards|wishes|thanks|respect|esteem)\b|"
    r"thank\s+you\b|thanks\b|(?:electronically\s+)?signed\b)[^.?!]{0,60}[.,!]?\s*$",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"\b(?:M\.?D|D\.?O|Ph\.?D|M\.?B|MBBS|FACP|FACS|FRCP|MPH|R\.?N)\b|\b(?:Professor|Director|Attending|Physician|"
    r"Hospitalist|Chair|Chief|Consultant|Dean|Surgeon|Resident|Fellow)\b"
)
_ENDS = re.compile(r"[.!?][\"')\]]*\s*$")
_CHECKBOX = re.compile(r"[\[(_]\s?[xX✓ _]{0,4}\s?[\])_]|[☐☑☒■□]")
_LONGEST_HEAD_LINE = 100
_LONGEST_SALUTATION = 120
_LONGEST_VALEDICTION = 80


def zone_of_each(sentences: list[str]) -> list[str]:
    """Return the zone (one of ``ZONES``) of each sentence of a letter, given their texts in order."""
    greeted = next((i for i, s in enumerate(sentences[:40]) if is_salutation(s)), None)
    first = greeted + 1 if greeted is not None else _end_of_letterhead(sentences)
    while first < len(sentences) and _SUBJECT.match(sentences[first]):
        first += 1
    last = _start_of_signature(sentences, first)
    zones = ["letterhead"] * first + ["body"] * (last - first) + ["signature"] * (len(sentences) - last)
    for i in range(first):
        if i == greeted or _SUBJECT.match(sentences[i]):
            zones[i] = "salutation"
    return zones


def is_salutation(sentence: str) -> bool:
    """Does this line greet the reader?"""
    return bool(_SALUTATION.match(sentence)) and len(sentence) <= _LONGEST_SALUTATION


def is_valediction(sentence: str) -> bool:
    """Does this line take leave ("Sincerely,")?"""
    return len(sentence) < _LONGEST_VALEDICTION and bool(_VALEDICTION.match(sentence))


def _end_of_letterhead(sentences: list[str]) -> int:
    """Without a salutation: leading lines in title case, with no end mark, are letterhead."""
    for i, sentence in enumerate(sentences):
        words = [w for w in sentence.split() if w[0].isalpha()]
        titled = sum(w[0].isupper() for w in words)
        is_head = (
            len(sentence) <= _LONGEST_HEAD_LINE
            and not _ENDS.search(sentence)
            and not _CHECKBOX.search(sentence)
            and titled >= 0.6 * len(words)
        )
        if not is_head:
            return i
    return 0


def _start_of_signature(sentences: list[str], first: int) -> int:
    for i in range(max(first, len(sentences) - 14), len(sentences)):
        if i > first and is_valediction(sentences[i]):
            return i
    last = len(sentences)
    while last > first + 1 and _is_signature_line(sentences[last - 1]):
        last -= 1
    return last


def _is_signature_line(sentence: str) -> bool:
    if len(sentence) > _LONGEST_HEAD_LINE or _CHECKBOX.search(sentence):
        return False
    words = sentence.split()
    titled = sum(w[0].isupper() for w in words)
    named = bool(_CREDENTIAL.search(sentence)) and titled >= 0.6 * len(words)
    return named or (len(words) <= 4 and titled == len(words) and not sentence.rstrip().endswith((".", "!", "?")))
