"""Clean a letter's text for reading, and keep the way back to the original offsets.

Cleaning is a list of edits (start, end, replacement) over the original text. Between edits the
two texts run in step, so an offset is mapped back by finding the edit before it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

MAX_CHARACTERS = 40_000
"""Text beyond this is not read: about five times the longest letter in print (1,300 words)."""

_LOOKALIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТХУаеіјорсухѕԁɡһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν",
        "ABESIJKMHOPCTXYaeijopcyxsdghABEZHIKMNOPTYXoav",
        strict=True,
    )
)
_SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒", "-"),
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "),
        **dict.fromkeys("\u2028\u2029\x0b\x0c\x85", "\n"),
        **{chr(c): " " for c in range(32) if chr(c) not in "\t\n\r\x0b\x0c"},
        "\x7f": " ",
    }
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f"
_FOOTER_LINE = (
    r"[ \t]*(?:[-–—]{0,3}[ \t]*(?:[Pp]age|PAGE|[Pp]g\.?)[ \t]{0,3}\d{1,3}(?:[ \t]{0,3}(?:of|/)[ \t]{0,3}\d{1,3})?[^\n\w]{0,6}"
    r"|[-–—][ \t]?\d{1,2}[ \t]?[-–—]|\d{1,2}[ \t]?/[ \t]?\d{1,2})[ \t]*"
)
# One expression a kind of edit, each with a literal or a character class in front, so that a scan costs little.
_HYPHEN = re.compile(r"(?<=[a-z])-(?P<gap>[ \t]{0,4}\r?\n[ \t]{0,40})(?=[a-z])")
_KEPT_HYPHEN_BEFORE = re.compile(r"\b(?:self|well|co|hard|follow|first|non|cross|hand)$")
_FOOTER = re.compile(rf"\n(?:[ \t]*\r?\n){{0,3}}{_FOOTER_LINE}(?:\r?\n[ \t]*){{1,4}}")
_HIDDEN = re.compile(f"[{_INVISIBLE}]+")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_HIDDEN_STYLE = re.compile(
    r"<(?P<tag>[a-z]{1,10})\b[^<>]{0,200}?style\s*=\s*[\"'][^\"'<>]{0,200}?(?:(?<![\w-])color\s*:\s*(?:#f{3}(?:f{3})?\b|white)|"
    r"font-size\s*:\s*[01](?:\.\d+)?(?:p[xt]|em|%)|display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]))"
    r"[^<>]{0,200}>[^<]{0,4000}</(?P=tag)>",
    re.I,
)
_STRUCK = re.compile(
    r"<(?P<tag>del|s|strike)\b[^<>]{0,100}>[^<]{0,4000}</(?P=tag)>|~~[^~\n]{1,400}~~|\[(?:deleted|struck|removed|strikethrough):[^\[\]]{1,600}\]",
    re.I,
)
_SPACED = re.compile(r"(?<!\S)[a-z](?: [a-z]){3,}(?!\S)")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_WIDE = re.compile(r"(?<!\S)\S{100,}")
_LONGEST_WORD = 100
_MOSTLY = 0.5
_LETTERS = re.compile(r"[^\W\d_]+")
_TO_LATIN = str.maketrans(_LOOKALIKE)


@dataclass(frozen=True, slots=True)
class CleanText:
    """A cleaned copy of a text and the map back to it.

    ``lookalikes`` and ``invisible`` count letters of other alphabets posing as Latin ones and
    characters that do not show: both are rare in honest text.
    """

    text: str
    source: str
    clean_starts: tuple[int, ...]
    shifts: tuple[int, ...]
    lookalikes: int = 0
    invisible: int = 0
    truncated: bool = False

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open stretch of the clean text to one of the source text."""
        if end <= start:
            at = self._back(start)
            return at, at
        return self._back(start), self._back(end - 1) + 1

    def _back(self, offset: int) -> int:
        at = bisect_right(self.clean_starts, offset) - 1
        return offset + self.shifts[at] if at >= 0 else offset


def clean(source: str) -> CleanText:
    """Return the text as a reader sees it: no page footers, broken words, or hidden characters."""
    text = source[:MAX_CHARACTERS]
    lookalikes = 0
    if not text.isascii():
        text, styled = _fold_width(text)
        text, lookalikes = _to_latin(text.translate(_SAME_LENGTH))
        lookalikes += styled
    else:
        text = text.translate(_SAME_LENGTH)
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    read = written = 0
    edits = _edits(text)
    for start, end, replacement in edits:
        if start < read:
            continue
        pieces += (text[read:start], replacement)
        written += start - read + len(replacement)
        read = end
        for at in range(written - len(replacement), written):
            starts.append(at)
            shifts.append(start - at)
        starts.append(written)
        shifts.append(read - written)
    pieces.append(text[read:])
    return CleanText(
        text="".join(pieces),
        source=source,
        clean_starts=tuple(starts),
        shifts=tuple(shifts),
        lookalikes=lookalikes,
        invisible=sum(b - a for a, b, _ in edits if _is_hidden(text, a, b)),
        truncated=len(source) > MAX_CHARACTERS,
    )


def _is_hidden(text: str, start: int, end: int) -> bool:
    """Does this edit leave out what a reader of the page does not see, or join letters set apart?"""
    if text.startswith("<!--", start) or _HIDDEN.match(text, start):
        return True
    return text[start:end] == " " or (text[start] == "<" and bool(_HIDDEN_STYLE.match(text, start)))


def _edits(text: str) -> list[tuple[int, int, str]]:
    """Return what to replace, in order: (start, end, replacement)."""
    edits = []
    for match in _HYPHEN.finditer(text):
        kept = _KEPT_HYPHEN_BEFORE.search(text, max(0, match.start() - 8), match.start())
        edits.append((match.start("gap") if kept else match.start(), match.end(), ""))
    edits += [(*m.span(), "\n") for m in _FOOTER.finditer(text)]
    if "<" in text:
        edits += [(*m.span(), " ") for pattern in (_COMMENT, _HIDDEN_STYLE, _MARKUP) for m in pattern.finditer(text)]
    if any(sign in text for sign in ("<", "~~", "[")):
        edits += [(*m.span(), " ") for m in _STRUCK.finditer(text)]
    edits += [
        (m.start() + at, m.start() + at + 1, "") for m in _SPACED.finditer(text) for at in range(1, len(m.group()), 2)
    ]
    if max(map(len, text.split()), default=0) >= _LONGEST_WORD:
        edits += [(*m.span(), "~") for m in _WIDE.finditer(text)]
    if not text.isascii():
        edits += [(*m.span(), "") for m in _HIDDEN.finditer(text)]
        edits += [(*m.span(), unicodedata.normalize("NFKC", m.group())) for m in _LIGATURE.finditer(text)]
    return sorted(edits, key=lambda edit: (edit[0], -edit[1]))


def _fold_width(text: str) -> tuple[str, int]:
    """Full-width and styled letters to plain ones, where one character stays one, and how many letters there were."""
    styled = sum("\uff21" <= c <= "\uff5a" or "\U0001d400" <= c <= "\U0001d7ff" for c in text)
    if not styled and not any("\uff00" <= c <= "\uffef" for c in text):
        return text, 0
    folded = (unicodedata.normalize("NFKC", c) for c in text)
    return "".join(f if len(f) == 1 else c for f, c in zip(folded, text, strict=True)), styled


def _to_latin(text: str) -> tuple[str, int]:
    """Letters of other alphabets that pose as Latin ones inside Latin words, and their count."""
    total = 0
    letters = sum(map(str.isalpha, text))
    latin = sum(c.isascii() and c.isalpha() for c in text) >= _MOSTLY * letters

    def swap(match: re.Match[str]) -> str:
        nonlocal total
        word = match.group()
        foreign = 0 if word.isascii() else sum(c in _LOOKALIKE for c in word)
        if not foreign or not (any(c.isascii() for c in word) or (latin and foreign == len(word))):
            return word
        total += foreign
        return word.translate(_TO_LATIN)

    return _LETTERS.sub(swap, text), total
