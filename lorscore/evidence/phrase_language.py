"""The small language in which the knowledge files write phrases.

========================  ===========================================================
``level of our interns``  these words, in any case, across line breaks and hyphens
``function*``             a word that starts so: function, functions, functioned
``(at|above|beyond)``     one of these; each may hold several words
``[very|truly]``          the same, or nothing
``{intern}``              a word list of ``vocabulary.toml``, used as ``(...)``
``~3``                    up to three words of any kind, as few as will do
``#``                     a number, in digits or spelled out
``#%``                    a percentage: 5%, five percent, 95th percentile
``@``                     a name: one to three words with a capital, as ``Dr. Ada Moss``
``< ... >``               the part to mark as evidence; without it, the whole phrase
========================  ===========================================================

``{intern}'s`` asks for the possessive. A phrase is compiled to a regular expression whose every repeat is bounded, so matching takes
time in proportion to the sentence. "His", "him" and "her" are one word to every phrase. Each phrase also has *anchors*: words of which a sentence
must hold at least one before the expression is tried at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lorscore.errors import KnowledgeError
from lorscore.parsing.words import UPPER, WORD, one_pronoun

_TOKEN = re.compile(
    r"\s*(?:(?P<gap>~\d{1,2})|(?P<punct>#%|[()\[\]|<>#@])|\{(?P<name>[a-z_0-9]+)\}(?P<own>'s)?|(?P<word>[^\s()\[\]|<>#~{}@]+))"
)
_ANY_WORD = r"[^\s;:!?]{1,30}"
_BETWEEN = r"[\s\-–—/,\"'()*]{1,6}"
_SPELLED = (
    r"(?:\d[\d,.]*|(?:(?:a|two|three|four|five|six|seven|eight|nine)[\s\-])?(?:dozen|hundred|thousand)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s\-](?:one|two|three|four|five|six|"
    r"seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|half[\s\-]a[\s\-]dozen)"
)
_NAME = rf"(?-i:[{UPPER}][\w.'’\-]{{0,30}}(?:\s[{UPPER}][\w.'’\-]{{0,30}}){{0,2}})"
_COMMON = frozenset(
    "a an the of to in on at as and or by for with from her his their our my your its it he she they i we you is was "
    "are were be been being has have had will would could can may this that these those than not no so such very all "
    "any one into over up out if me him them us who which what when there here".split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One compiled phrase.

    ``anchors`` and ``needs`` are lower-case words; one ending in ``*`` is a word start. A sentence
    that holds the phrase holds at least one word of ``anchors``, and one of each set in ``needs``.
    """

    source: str
    regex: str
    anchors: frozenset[str]
    needs: tuple[frozenset[str], ...] = ()

    def find(self, sentence: str) -> list[tuple[int, int]]:
        """Return the (start, end) of every match's marked part in the sentence."""
        pattern = _compiled(self.regex)
        group = "mark" if "mark" in pattern.groupindex else 0
        return [m.span(group) for m in pattern.finditer(one_pronoun(sentence))]


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    """Compile when a sentence first needs it: a letter meets a few of some five hundred phrases."""
    return re.compile(regex, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the expression: its regex, whether it may be empty, and its anchors (or none)."""

    regex: str
    optional: bool
    anchors: frozenset[str] | None
    is_mark: bool = False
    is_gap: bool = False


def compile_phrase(source: str, vocabulary: Mapping[str, Sequence[str]]) -> Phrase:
    """Compile one phrase.

    Raises
    ------
    KnowledgeError
        If brackets do not match, a word list is unknown, or the phrase has no word to anchor on.

    Examples
    --------
    >>> phrase = compile_phrase("(at|above) the level of <[our] {intern}>", {"intern": ["interns", "residents"]})
    >>> phrase.find("She was above the level of our interns.")
    [(27, 38)]
    >>> sorted(phrase.anchors)
    ['level']
    """
    written = one_pronoun(source)
    tokens = [m for m in _TOKEN.finditer(written) if m.group().strip()]
    if "".join(m.group() for m in tokens).replace(" ", "") != written.replace(" ", ""):
        raise KnowledgeError(f"cannot read the phrase {source!r}: unexpected character")
    parts, rest = _sequence(tokens, 0, vocabulary, source, closing="")
    if rest != len(tokens):
        raise KnowledgeError(f"cannot read the phrase {source!r}: a bracket is closed that was never opened")
    anchors = _best_anchors(parts)
    if not anchors:
        raise KnowledgeError(f"the phrase {source!r} has no word to look for: add one that is not optional")
    needs = tuple(p.anchors for p in parts if p.anchors and not p.optional and p.anchors != anchors)
    return Phrase(source, rf"(?<![\w'])(?:{_join(parts)})(?!\w)", anchors, needs)


def _sequence(
    tokens: list[re.Match[str]], at: int, vocabulary: Mapping[str, Sequence[str]], source: str, closing: str
) -> tuple[list[_Part], int]:
    parts: list[_Part] = []
    while at < len(tokens):
        token = tokens[at]
        punct = token.group("punct")
        if punct in (")", "]", "|"):
            return parts, at
        if punct in ("(", "["):
            part, at = _choice(tokens, at + 1, vocabulary, source, optional=punct == "[")
            parts.append(part)
            continue
        if punct in ("<", ">"):
            parts.append(_Part(punct, False, None, is_mark=True))
        elif punct == "@":
            parts.append(_Part(_NAME, False, None))
        elif punct == "#":
            parts.append(_Part(_SPELLED, False, None))
        elif punct == "#%":
            parts.append(_Part(_SPELLED + r"(?:st|nd|rd|th)?[\s\-]?(?:%|per[\s\-]?cent(?:ile)?)", False, None))
        elif gap := token.group("gap"):
            parts.append(_Part(rf"{{0,{gap[1:]}}}?", True, None, is_gap=True))
        elif name := token.group("name"):
            if name not in vocabulary:
                raise KnowledgeError(f"the phrase {source!r} names the word list {{{name}}}, which does not exist")
            parts.append(_word_list(tuple(vocabulary[name]), token.group("own") or ""))
        else:
            parts.append(_word(token.group("word")))
        at += 1
    if closing:
        raise KnowledgeError(f"cannot read the phrase {source!r}: a bracket is never closed")
    return parts, at


def _choice(
    tokens: list[re.Match[str]], at: int, vocabulary: Mapping[str, Sequence[str]], source: str, optional: bool
) -> tuple[_Part, int]:
    close = "]" if optional else ")"
    branches: list[list[_Part]] = []
    while True:
        parts, at = _sequence(tokens, at, vocabulary, source, closing=close)
        branches.append(parts)
        mark = tokens[at].group("punct")
        at += 1
        if mark != "|":
            break
    if mark != close:
        raise KnowledgeError(f"cannot read the phrase {source!r}: {mark!r} closes a bracket of the other kind")
    anchors = [_best_anchors(parts) for parts in branches]
    merged = frozenset().union(*anchors) if all(anchors) and not optional else None
    return _Part("(?:" + "|".join(_join(parts) for parts in branches) + ")", optional, merged), at


@cache
def _word_list(words: tuple[str, ...], ending: str) -> _Part:
    branches = [[_Part(_NAME, False, None) if w == "@" else _word(w) for w in entry.split()] for entry in words]
    anchors = [_best_anchors(parts) for parts in branches]
    merged = frozenset().union(*anchors) if all(anchors) else None
    ordered = sorted((_join(parts) for parts in branches), key=lambda regex: (regex == _NAME, -len(regex)))
    return _Part("(?:" + "|".join(ordered) + ")" + ending, False, merged)


def _word(word: str) -> _Part:
    """One literal word; 'pgy-1' is matched across its hyphen, 'carr*' by its start."""
    word = word.lower()
    starred = word.endswith("*")
    stem = word.rstrip("*")
    pieces = [p for p in re.split(r"-", stem) if p]
    regex = r"[\s\-–—]{0,2}".join(re.escape(p) for p in pieces) + (r"[\w']{0,20}" if starred else "")
    end = "*" if starred else ""
    bare = [found.group() for p in pieces if (found := WORD.match(p))]
    if not bare:
        return _Part(regex, False, None)
    return _Part(regex, False, frozenset({bare[0] + end} if len(pieces) == 1 else {bare[0], "".join(bare) + end}))


def _best_anchors(parts: list[_Part]) -> frozenset[str]:
    """The rarest mandatory part's words: fewest common words first, then the longest shortest word."""
    mandatory = [p.anchors for p in parts if p.anchors and not p.optional]
    if not mandatory:
        return frozenset()
    return max(mandatory, key=lambda words: (not (words & _COMMON), min(len(w.rstrip("*")) for w in words)))


def _join(parts: list[_Part]) -> str:
    """Join parts with separators; an optional part carries its own, so that it can vanish whole."""
    out: list[str] = []
    started = False
    for part in parts:
        if part.is_mark:
            if part.regex == "<":
                out.append((_BETWEEN if started else "") + "(?P<mark>")
                started = False
            else:
                out.append(")")
            continue
        regex, repeat = (_ANY_WORD, part.regex) if part.is_gap else (part.regex, "?")
        if part.optional:
            out.append(f"(?:{_BETWEEN}{regex}){repeat}" if started else f"(?:{regex}{_BETWEEN}){repeat}")
        else:
            out.append((_BETWEEN if started else "") + regex)
            started = True
    return "".join(out)
