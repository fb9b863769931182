"""Which line ends of a letter end something, and which only wrap a paragraph."""

from __future__ import annotations

import itertools
import re

_LINE = re.compile(r"[^\n]*\n?")
_ITEM = re.compile(
    r"[ \t]{0,20}(?:[-*•·▪◦●‣–—+>][ \t]|\(?\d{1,2}[.):][ \t]|\(?[a-hA-H][.)][ \t]|Q\d{0,2}[:.]|A:|"
    r"[\[(_][ \txX✓✔_]{0,5}[\])_]|[☐☑☒■□✓✔])"
)
_FIELD = re.compile(r"[ \t]{0,20}[A-Z][A-Za-z/#&' ]{1,40}:(?:[ \t]|$)")
_OPEN_ENDED = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|in|on|at|by|for|with|from|and|or|but|than|that|as|my|our|your|his|her|their|its|"
    r"is|was|are|were|be|been|has|have|had|will|would|Dr\.|Ms\.|Mr\.|Mrs\.|Mx\.))$"
)
_SHORT_BLOCK = 45
_RAGGED = 9
"""A wrapped line may end this many characters early; more, and its break was meant."""


def hard_breaks(text: str) -> list[int]:
    """Return offsets of the line starts that begin something new, in order.

    A line that had room for the next line's first word was broken on purpose (letterhead,
    list, signature); one that had none was wrapped. Blank lines, bullets, numbered answers
    and ``Label:`` fields always begin something new.
    """
    starts: list[int] = []
    block: list[tuple[int, str]] = []
    for match in _LINE.finditer(text):
        line = match.group()
        if line.strip():
            block.append((match.start(), line.rstrip()))
            continue
        starts += _breaks_in_block(block)
        block = []
    starts += _breaks_in_block(block)
    return starts


def _breaks_in_block(block: list[tuple[int, str]]) -> list[int]:
    if not block:
        return []
    lengths = sorted(len(line) for _, line in block)
    width = lengths[int(0.8 * (len(lengths) - 1) + 0.5)]
    starts = [block[0][0]]
    for (_, line), (offset, after) in itertools.pairwise(block):
        if _ITEM.match(after) or _FIELD.match(after):
            starts.append(offset)
        elif not _runs_on(line, after):
            first_word = len(after.split(None, 1)[0])
            had_room = len(line) + 1 + first_word <= width - _RAGGED
            if width < _SHORT_BLOCK or had_room:
                starts.append(offset)
    return starts


def _runs_on(line: str, after: str) -> bool:
    """Does the grammar carry over the line end, whatever room there was?"""
    return bool(_OPEN_ENDED.search(line)) or (after.lstrip()[:1].islower() and line[-1] not in ".!?:;")
