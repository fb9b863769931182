"""Sentence starts of a letter, as a spaCy pipeline component."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from lorscore.parsing.lines import hard_breaks

MAX_TOKENS = 160
"""A stretch longer than this without an end is cut: it is a table or noise, not a sentence."""

_END = frozenset({".", "!", "?", "...", "…", "!!", "!!!", "?!", "!?"})
_CLOSER = frozenset("\"')]}»”’") | {"''"}
_NEVER_LAST = frozenset(
    "dr. mr. mrs. ms. mx. prof. st. sr. jr. vs. e.g. i.e. no. approx. dept. univ. fig. messrs.".split()
)
_SHORTENED = frozenset("vol no approx dept ext fig pt pts hosp tel est vs dr mr ms mrs st mt".split())
_ABBREVIATION = re.compile(r"(?:[A-Za-z]\.){1,6}|[A-Za-z]{1,10}\.")
_ITEM_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-hA-H])[.):]?\)?")
_LOWER_START = re.compile(r"[a-z)][.!?]\s{1,3}[a-z]")
_UPPER_START = re.compile(r"[a-z)][.!?]\s{1,3}[A-Z]")
_OPENERS_OF_SENTENCES = frozenset(
    "He She They It I We The This That These His Her Their My Our In On At As When While During "
    "Although After Before Overall Finally However She's He's Dr. Mr. Ms. Mrs. There With For".split()
)


@Language.component("letter_sentences")
def letter_sentences(doc: Doc) -> Doc:
    """Mark where each sentence of the letter starts; knows wrapped lines, lists and letterheads."""
    if not len(doc):
        return doc
    keys, spaces, offsets = doc.to_array(["ORTH", "SPACY", "IDX"]).T.tolist()
    spelled = {key: doc.vocab.strings[key] for key in set(keys)}  # a Token object a word costs as much as tokenizing
    words = [spelled[key] for key in keys]
    text = "".join([word + " " * space for word, space in zip(words, spaces, strict=True)])
    spaced = [False, *(bool(space) or word.isspace() for word, space in zip(words, spaces, strict=True))]
    opens = [word in _CLOSER and (i == 0 or spaced[i]) for i, word in enumerate(words)]
    starts_line = _line_starts(words, offsets, hard_breaks(text))
    any_case = _writes_lower_case(text)
    marks = np.full((len(words), 1), -1, dtype="int64")
    since_start = 0
    for i, word in enumerate(words):
        starts = starts_line[i] or (since_start >= MAX_TOKENS and not word.isspace())
        if not starts and (any_case or not word[0].islower()) and not word[0].isspace():
            starts = _ends_before(words, opens, i)
        if starts or i == 0:
            marks[i] = 1
            since_start = 0
        since_start += 1
    doc.from_array(["SENT_START"], marks.astype("uint64"))  # type: ignore[arg-type]
    return doc


def _line_starts(words: Sequence[str], offsets: Sequence[int], breaks: Sequence[int]) -> list[bool]:
    """For each token, is it the first word after a hard line break?"""
    out = [False] * len(words)
    for i in np.searchsorted(offsets, breaks).tolist():
        while i < len(words) and words[i].isspace():
            i += 1
        if i < len(words):
            out[i] = True
    return out


def _writes_lower_case(text: str) -> bool:
    """Some people type letters without capitals; their full stops are ends all the same."""
    lower = len(_LOWER_START.findall(text))
    return lower >= 2 and lower > len(_UPPER_START.findall(text)) / 2


def _ends_before(words: Sequence[str], opens: list[bool], i: int) -> bool:
    """Does the text before word ``i``, which may open one, end a sentence? ``opens`` marks quotes that open, not close."""
    word = words[i]
    if word in _END or (word in _CLOSER and not opens[i]):
        return False
    last = i - 1
    while last >= 0 and (words[last].isspace() or (words[last] in _CLOSER and not opens[last])):
        last -= 1
    if last < 0:
        return False
    end = words[last]
    if end in _END:
        if end == "." and last and words[last - 1].lower() in _SHORTENED:
            return False
        return not _is_item_number(words, last)
    if end[-1] == "." and end.lower() not in _NEVER_LAST and _ABBREVIATION.fullmatch(end):
        return word in _OPENERS_OF_SENTENCES
    return False


def _is_item_number(words: Sequence[str], last: int) -> bool:
    """'2.' at the start of a line numbers an answer; it does not end a sentence."""
    if last == 0 or not _ITEM_NUMBER.fullmatch(words[last - 1]):
        return False
    return last == 1 or "\n" in words[last - 2]
