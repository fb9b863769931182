"""What a stretch of evidence asserts: affirmed, negated, hypothetical, or about someone else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lorscore.evidence.knowledge import read_knowledge
from lorscore.evidence.phrase_language import Phrase, compile_phrase
from lorscore.evidence.phrases import AnchorIndex, phrase_index, vocabulary
from lorscore.parsing.parse import ParsedLetter, Sentence

_WORD = re.compile(r"[\w']+")
_CLAUSE_END = re.compile(
    r"[;:]|--|–|—|\bbut\b|\bhowever\b|\balthough\b|\bthough\b|\bwhereas\b|\bnevertheless\b|\band (?:i|we)\b", re.I
)
_TICKBOX = re.compile(r"(?:\[[ _]{0,3}\]|\([ _]{0,3}\)|☐|□|_{2,})\s*(?=\S)")
_TICKED = re.compile(r"\[\s?[xX✓✔]\s?\]|\(\s?[xX✓✔]\s?\)|☒|☑|✓|✔|_+[xX]_+")
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?!\s*\n))+")
_QUOTED = re.compile(r'"[^"]*(?:"|$)')
_MOSTLY = 0.6
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_ITEM = re.compile(r"[-–—•*·(]|\d{1,2}[.)]|[a-z]")
_TOLD_QUESTION = re.compile(r"[\":;]|\bask|^\W*(?:can|may) (?:we|i)\b", re.I)
_I_DID = re.compile(r"\W*(?:I|My)\b")
_ANYBODY = frozenset("he she they her their this".split())
_HEADING_WORDS, _SOON_AFTER = 12, 2
"""A heading has at most so many words; what takes a quotation back follows it within so many sentences."""
_ORDER = ("other", "hypothetical", "negated")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The assertion of a stretch and the cue words that decided it."""

    assertion: str
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cue:
    assertion: str
    forward: bool
    reach: int
    through: bool = False


@dataclass(frozen=True, slots=True)
class CueHit:
    """One cue found in a sentence, and the stretch of the sentence it governs."""

    assertion: str
    text: str
    start: int
    end: int
    scope: tuple[int, int]


@cache
def _cues() -> tuple[tuple[_Cue, ...], AnchorIndex, tuple[Phrase, ...], AnchorIndex]:
    content = read_knowledge("cues.toml")
    cues: list[_Cue] = []
    phrases: list[tuple[int, Phrase]] = []
    for entry in content["cue"]:
        for direction in ("before", "after"):
            cue = _Cue(entry["assertion"], direction == "before", int(entry["reach"]), bool(entry.get("through")))
            cues.append(cue)
            written = [w for w in entry[direction] if any(c.isalpha() for c in w)]
            phrases += [(len(cues) - 1, compile_phrase(w, vocabulary())) for w in written]
    pseudo = tuple(compile_phrase(w, vocabulary()) for w in content["pseudo"]["phrases"])
    return tuple(cues), AnchorIndex(phrases), pseudo, AnchorIndex((i, p) for i, p in enumerate(pseudo))


def find_cues(sentence: str, words: frozenset[str]) -> list[CueHit]:
    """Return the cues of a sentence that are not eaten by a pseudo-cue, with their scopes."""
    cues, index, _, pseudo_index = _cues()
    eaten = [span for _, phrase in pseudo_index.candidates(words) for span in phrase.find(sentence)]
    ends = [m.start() for m in _CLAUSE_END.finditer(sentence)]
    hits = []
    for owner, phrase in index.candidates(words):
        cue = cues[owner]
        for start, end in phrase.find(sentence):
            if any(a < end and start < b for a, b in eaten):
                continue
            bounds = [] if cue.through else ends
            scope = _scope_after(sentence, end, bounds, cue.reach) if cue.forward else _scope_before(start, bounds)
            hits.append(CueHit(cue.assertion, sentence[start:end].lower(), start, end, scope))
    return hits + _unticked(sentence)


@cache
def _slight_ranks() -> AnchorIndex:
    content = read_knowledge("cues.toml")
    sources = [*content["quoted_rank"]["phrases"], *content["small_group"]["phrases"]]
    return AnchorIndex((i, compile_phrase(s, vocabulary())) for i, s in enumerate(sources))


def is_slight_rank(sentence: str, words: frozenset[str]) -> bool:
    """Does the sentence quote a rank (transcript, class, examination), or give one among two or three?"""
    return any(phrase.find(sentence) for _, phrase in _slight_ranks().candidates(words))


def had_nobody_else(letter: ParsedLetter) -> bool:
    """Does the letter say that the applicant was the first or the only one, so that a rank says little?"""
    return any(
        phrase.find(s.text)
        for s in letter.body
        for _, phrase in phrase_index("cues.toml", "only_one").candidates(s.words)
    )


def _says(part: str, name: str, sentence: Sentence) -> bool:
    return any(
        phrase.find(sentence.text) for _, phrase in phrase_index("cues.toml", part, name).candidates(sentence.words)
    )


def _opens_paragraph(letter: ParsedLetter, number: int) -> bool:
    """Does a blank line stand before this sentence of the body?"""
    body = letter.body
    return number == 0 or bool(_BLANK_LINE.search(letter.clean.text, body[number - 1].end, body[number].start))


def under_a_lead(letter: ParsedLetter) -> dict[int, str]:
    """Return what a sentence ending in a colon makes of the items under it, by their numbers ("I cannot say that: - she ...")."""
    found: dict[int, str] = {}
    lead = ""
    for i, sentence in enumerate(letter.body):
        if sentence.text.rstrip().endswith(":"):
            lead = next((a for a in ("other", "negated", "hypothetical") if _says("lead", a, sentence)), "")
        elif lead and _ITEM.match(sentence.text):
            found[i] = lead
        else:
            lead = ""
    return found


def open_questions(letter: ParsedLetter) -> frozenset[int]:
    """Return the numbers of the questions that the writer asks and leaves unanswered; those told of others do not count."""
    body = letter.body
    found: set[int] = set()
    for i, sentence in enumerate(body):
        if sentence.text.endswith("?") and not _TOLD_QUESTION.search(sentence.text):
            answer = body[i + 1] if i + 1 < len(body) else sentence
            found.update({i} if answer.text.endswith("?") or not _answers(answer) else ())
    return frozenset(found)


def _answers(sentence: Sentence) -> bool:
    spans = [
        a
        for _, phrase in phrase_index("cues.toml", "question", "answers").candidates(sentence.words)
        for a, _ in phrase.find(sentence.text)
    ]
    return min(spans, default=9) <= 1


def disowned_quotations(letter: ParsedLetter) -> frozenset[int]:
    """Return the numbers of the body sentences that stand in quotation marks after the writer said the words are not theirs."""
    if '"' not in letter.clean.text:
        return frozenset()
    quoted = [
        (paragraph.start() + q.start(), paragraph.start() + q.end())
        for paragraph in _PARAGRAPH.finditer(letter.clean.text)
        for q in _QUOTED.finditer(paragraph.group())
    ]
    found: set[int] = set()
    disowned, last = False, [-1]
    for i, s in enumerate(letter.body):
        disowned = disowned or _says("disowned", "phrases", s)
        inside = sum(max(0, min(s.end, b) - max(s.start, a)) for a, b in quoted)
        if inside >= _MOSTLY * (s.end - s.start):
            last = [*last, i] if last[-1] == i - 1 else [i]
            found.update({i} if disowned or _speaks_of_self(s) else ())
        elif last[-1] >= i - _SOON_AFTER and _says("disowned", "after", s):
            found.update(last)
    return frozenset(found - {-1})


def _speaks_of_self(sentence: Sentence) -> bool:
    """Does a quoted sentence tell what the speaker did, and name nobody else?"""
    return bool(_I_DID.match(sentence.text)) and sentence.words.isdisjoint(_ANYBODY)


def under_a_heading(letter: ParsedLetter) -> frozenset[int]:
    """Return the numbers of the sentences in a paragraph that a heading calls a scale or a definition."""
    found: set[int] = set()
    inside = False
    for i, sentence in enumerate(letter.body):
        if _opens_paragraph(letter, i):
            inside = False
        if _says("disowned", "headings", sentence) and len(sentence.words) <= _HEADING_WORDS:
            inside = True
        elif inside:
            found.add(i)
    return frozenset(found)


def judge(start: int, end: int, cues: list[CueHit]) -> Verdict:
    """Judge one stretch of a sentence by the cues whose scope holds it.

    A cue inside the stretch does not act on it, and two separate denials cancel.
    """
    middle = (start + end) // 2
    acting = [c for c in cues if c.scope[0] <= middle < c.scope[1] and not (start <= c.start and c.end <= end)]
    for assertion in _ORDER:
        own = [c for c in acting if c.assertion == assertion]
        if assertion == "negated" and _denials(own) % 2 == 0:
            continue
        if own:
            return Verdict(assertion, tuple(dict.fromkeys(c.text for c in own)))
    return Verdict("affirmed")


def _denials(cues: list[CueHit]) -> int:
    """Count denials, taking cues that overlap ("not", "not quite") as one."""
    count, reached = 0, -1
    for cue in sorted(cues, key=lambda c: c.start):
        count += cue.start >= reached
        reached = max(reached, cue.end)
    return count


def _scope_after(sentence: str, end: int, clause_ends: list[int], reach: int) -> tuple[int, int]:
    limit = next((e for e in clause_ends if e >= end), len(sentence))
    words = _WORD.finditer(sentence, end, limit)
    stop = limit
    for n, word in enumerate(words):
        if n == reach:
            stop = word.start()
            break
    return end, stop


def _scope_before(start: int, clause_ends: list[int]) -> tuple[int, int]:
    return max((e for e in clause_ends if e < start), default=0), start


def _unticked(sentence: str) -> list[CueHit]:
    """In a row of boxes, what follows an empty one up to the next box was not said of anybody."""
    empty = list(_TICKBOX.finditer(sentence))
    if not empty:
        return []
    boxes = sorted([m.start() for m in empty] + [m.start() for m in _TICKED.finditer(sentence)])
    hits = []
    for match in empty:
        stop = next((b for b in boxes if b > match.start()), len(sentence))
        hits.append(CueHit("other", "unticked box", match.start(), match.end(), (match.end(), stop)))
    return hits
