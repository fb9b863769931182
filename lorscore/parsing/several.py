"""Where one letter ends and the next begins, in a file that holds several."""

from __future__ import annotations

import re

from lorscore.letter import Letter
from lorscore.parsing.zones import is_salutation, is_valediction
from lorscore.reading.file_text import FileText

_TOP_LINES, _HEAD_LINES, _END_LINES = 25, 8, 15
_HEAD = re.compile(
    r"\b(?:university|hospital|medical cent(?:er|re)|clinic|college|department|school of medicine|letter of recommendation)\b"
    r"|^\s*(?:re|subject|regarding)\s*:|^\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\s*$"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d{1,2},?\s+\d{4}\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*\s*$")


def letters_of(file: FileText, name: str) -> list[Letter]:
    """Return the letters of a file, in order, each with the pages it stands on.

    A letter begins on a page that greets its reader after the letter before has been greeted or has
    taken leave; on a page with a letterhead after one that took leave; or where a bookmark points, unless the
    letter before was greeted and has not taken leave, or a sentence runs on into that page.

    Raises
    ------
    ReadingError
        As ``read_letter`` does, when none of its letters can be read.
    """
    starts = [0, *_later_starts(file)]
    stops = [*starts[1:], len(file.pages)]
    parts = [range(start, stop) for start, stop in zip(starts, stops, strict=True)]
    if len(parts) > 1:
        parts = [part for part in parts if any(file.pages[i].strip() for i in part)]
    return [file.letter(name, part) for part in parts]


def _later_starts(file: FileText) -> list[int]:
    lines = [[line.strip() for line in page.splitlines() if line.strip()] for page in file.pages]
    marked = file.bookmarks if len(file.bookmarks) > 1 else frozenset()
    starts: list[int] = []
    greeted = left = False
    for number, page in enumerate(lines):
        opens = any(is_salutation(line) for line in page[:_TOP_LINES])
        headed = any(_HEAD.search(line) for line in page[:_HEAD_LINES])
        bookmarked = number in marked and (left or not greeted) and not _runs_on(lines[number - 1], page)
        begins = (opens and (greeted or left)) or (headed and left) or bookmarked
        if number and begins:
            starts.append(number)
            greeted = left = False
        greeted = greeted or opens
        left = left or any(is_valediction(line) for line in page[-_END_LINES:])
    return starts


def _runs_on(before: list[str], page: list[str]) -> bool:
    """Does a sentence of the page before run on into this one?"""
    return bool(before and page) and page[0][0].islower() and not _SENTENCE_END.search(before[-1])
