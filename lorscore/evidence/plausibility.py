"""Is this an honest letter about one applicant? Warnings, in plain words, that never quote it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from lorscore.evidence.doubts import doubts_of
from lorscore.evidence.knowledge import read_knowledge
from lorscore.evidence.letter_signs import letter_probability, letter_signs, open_places
from lorscore.evidence.phrase_language import compile_phrase
from lorscore.evidence.phrases import AnchorIndex, vocabulary
from lorscore.letter import LetterWarning
from lorscore.parsing.applicant import applicant_of, name_words, names_recommended, surnames_written_for
from lorscore.parsing.parse import ParsedLetter, Sentence
from lorscore.parsing.words import UPPER

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FUNCTION_WORDS = frozenset(
    "the a an and or of to in on at for with from by as that this is was are were be been has have had he she they his "
    "her their him them it its i my me we our us who which will would not but if when while also all any very".split()
)
_ODD = re.compile(r"[|~^\\{}<>=#$@*_¦§¬°�]")
_NOISY = re.compile(
    r"[^\W\d_]*[|~^\\{}<>=#$@*_¦§¬°�][\w|~^]*|\b[^\W\d_]+\d+[^\W\d_]+\b|(?<!\S)[^\w\s\"'(\[\-–—•·*&.,;:!?/%☐☑☒]{1,3}(?!\S)"
)
_THIRD_PERSON = ("he", "she", "they", "his", "her", "him", "their", "them", "hers", "he's", "she's")
_SOMEBODY = ("applicant", "candidate", "student", "extern", "observer")
_FIRST_PERSON = ("i", "my", "me", "we", "our", "us", "mine", "i'm", "i've")
_SECOND_NAME = re.compile(r"\b(?:Dr|Mr|Ms|Mrs|Mx|Miss)\.?\s+([" + UPPER + r"][\w'-]+)")
_PERSON_WORD = re.compile(
    r"\b(?:appl(?:y|ying|icants?|ications?)|candidates?|students?|residents?|residency|interns?|internship|clerks?|clerkship|rotat\w+|elective|doctor|dr|"
    r"trainees?|program director|recommend\w*|patients?|medicine|precept\w+|observers?|observership|externs?|externship|learner|house (?:officer|surgeon|job)|medical school|ward|wards|sub-i)\b",
    re.I,
)
_SALUTATIONS = re.compile(r"(?im)^[ \t]*(?:dear\b[^\n]{0,80}[,:]|to whom it may concern[,:]?)[ \t]*\r?$")


_HARDLY_NAMED, _ALIKE = 1, 0.6
"""Mentions of a slip of another name, and how like two spellings of one name are (0-1)."""
_CEILINGS = {
    "phrase_stuffing": 3,
    "hidden_characters": 3,
    "several_applicants": 2,
    "another_name": 2,
    "hidden_concern": 1,
}
"""The highest rating beside each warning that brings one; those of ``doubts.toml`` stand there."""
_PLANTED_PARAGRAPH = 2
"""A paragraph with so many sentences for software is all for software."""
_SHORTEST_LETTER = 400
"""Characters; less than this about another person is an aside, not a second letter."""


@dataclass(frozen=True, slots=True)
class Plausibility:
    """The warnings of a text, whether it is a letter, and the highest rating it may get."""

    warnings: tuple[LetterWarning, ...]
    is_letter: bool
    ceiling: int


_PLANTED = -1
"""Owner number of the phrases that address software; the others number the kinds of text that are no letters."""


@cache
def _signs() -> AnchorIndex:
    content = read_knowledge("plausibility.toml")
    owned = [(_PLANTED, content["planted"]["phrases"])]
    kinds = content["not_a_letter"]["kind"]
    owned += [(number, kind["phrases"]) for number, kind in enumerate(kinds)]
    owned += [(len(kinds) + number, kind.get("settles", [])) for number, kind in enumerate(kinds)]
    return AnchorIndex((owner, compile_phrase(s, vocabulary())) for owner, sources in owned for s in sources)


def _signs_in(sentence: Sentence) -> list[int]:
    """Owner numbers of the phrases found in a sentence: -1, a kind's number, or that plus all kinds where it settles."""
    return [owner for owner, phrase in _signs().candidates(sentence.words) if phrase.find(sentence.text)]


def limits() -> dict[str, Any]:
    """Return the thresholds of ``plausibility.toml``."""
    return dict(read_knowledge("plausibility.toml")["limits"])


def plain_words(letter: ParsedLetter) -> list[str]:
    """Return the words of the whole text, lower case, without digits."""
    return _WORD.findall(letter.clean.text.lower())


def is_planted(sentence: Sentence) -> bool:
    """Does the sentence address software that reads the letter?"""
    return _PLANTED in _signs_in(sentence)


def planted_sentences(letter: ParsedLetter) -> frozenset[int]:
    """Numbers of the body sentences that address software, and of all in a paragraph where several do."""
    body = letter.body
    own = [is_planted(sentence) for sentence in body]
    paragraphs = [0]
    for before, after in itertools.pairwise(body):
        paragraphs.append(paragraphs[-1] + ("\n\n" in letter.clean.text[before.end : after.start].replace(" ", "")))
    planted = Counter(p for p, is_own in zip(paragraphs, own, strict=False) if is_own)
    return frozenset(i for i, p in enumerate(paragraphs[: len(body)]) if own[i] or planted[p] >= _PLANTED_PARAGRAPH)


def repeats(sentences: Sequence[Sentence]) -> list[bool]:
    """For each sentence: has this letter already said it, in the same words?"""
    seen: set[frozenset[str]] = set()
    out = []
    for sentence in sentences:
        out.append(len(sentence.words) >= 3 and sentence.words in seen)
        seen.add(sentence.words)
    return out


def is_stuffed(claims: int, sentences: int, concrete: int) -> bool:
    """Are strong claims listed with next to nothing behind them?

    Parameters
    ----------
    claims : affirmed strong claims found.
    sentences : sentences of the body.
    concrete : sentences with work, an episode or a number.
    """
    limit = limits()
    return (
        claims >= limit["stuffing_claims"] and claims >= limit["stuffing_share"] * sentences and concrete < claims / 3
    )


def judge_text(
    letter: ParsedLetter, stuffed: bool, two_praised: bool = False, hides_concern: bool = False
) -> Plausibility:
    """Say what this text is, and warn of what a reader should know.

    Parameters
    ----------
    letter : the parsed text.
    stuffed : whether strong claims are listed with next to nothing behind them.
    two_praised : whether the writer also recommends or ranks somebody else.
    hides_concern : whether hidden characters stand in a sentence that warns of the applicant.
    """
    text = letter.clean.text
    words = plain_words(letter)
    limit = limits()
    signs = Counter(owner for sentence in letter.sentences for owner in set(_signs_in(sentence)))
    found = _reading_warnings(letter, words, signs[_PLANTED])
    language = _other_language(text, words) if len(words) >= limit["no_letter_words"] else None
    what = None if language else _not_a_letter(letter, words, signs)
    if language:
        found.insert(0, LetterWarning("not_english", f"This text is not in English ({language}); it was not judged."))
    if what:
        found.insert(0, LetterWarning("not_a_letter", f"This looks like {what}, not a letter about an applicant."))
    if len(words) < limit["short_words"]:
        found.append(LetterWarning("too_short", f"Only {len(words)} words: too little to judge with confidence."))
    if stuffed:
        found.append(
            LetterWarning(
                "phrase_stuffing",
                "Strong claims follow one another with nothing behind them; rating held at 3.",
            )
        )
    several = two_praised or _several_applicants(letter)
    if other_name_recommended(letter):
        message = "The text recommends somebody by another name than the applicant's; ask the writer. Rating held at 2."
        found.append(LetterWarning("another_name", message))
    if several:
        found.append(
            LetterWarning(
                "several_applicants",
                "The text seems to hold letters about more than one applicant; split it first. Rating held at 2.",
            )
        )
    doubts = doubts_of(letter)
    found += [d.warning for d in doubts]
    is_letter = what is None and language is None and len(words) >= limit["no_letter_words"]
    if hides_concern:
        message = "Characters are hidden in a sentence that warns of the applicant. Rating held at 1."
        found.append(LetterWarning("hidden_concern", message))
    ceilings = [_CEILINGS.get(w.code, 5) for w in found] + [d.ceiling for d in doubts]
    return Plausibility(tuple(found), is_letter, min(ceilings, default=5))


def _reading_warnings(letter: ParsedLetter, words: list[str], planted: int) -> list[LetterWarning]:
    found = []
    limit = limits()
    body = letter.body
    again = repeats(body)
    if sum(again) >= limit["repeated_count"] and sum(again) >= limit["repeated_share"] * len(body):
        found.append(
            LetterWarning("repeated_text", f"{sum(again)} sentences repeat earlier ones; repeats were not counted.")
        )
    if planted:
        found.append(
            LetterWarning(
                "planted_instructions",
                f"{planted} passage(s) address scoring software; they were left out of the score.",
            )
        )
    if letter.clean.lookalikes + letter.clean.invisible >= 5:
        found.append(
            LetterWarning(
                "hidden_characters",
                "Hidden characters or letters of another alphabet stand in the words; rating held at 3.",
            )
        )
    if letter.clean.truncated:
        found.append(LetterWarning("too_long", "The text is longer than any letter; only its first part was read."))
    odd = len(_ODD.findall(letter.clean.text))
    noisy = len(_NOISY.findall(letter.clean.text)) if odd >= 6 else 0
    if words and noisy >= 6 and noisy >= limit["noise_share"] * len(words):
        found.append(LetterWarning("ocr_noise", "Many broken words or odd signs: the text may be a poor scan."))
    return found


def _not_a_letter(letter: ParsedLetter, words: list[str], signs: Counter[int]) -> str | None:
    """Name the kind of text this is, or None when it may be a letter about an applicant."""
    text = letter.clean.text
    if len(words) < limits()["no_letter_words"]:
        return "an empty or nearly empty page"
    counts = Counter(words)
    about_somebody = sum(counts[w] for w in (*_THIRD_PERSON, *_SOMEBODY))
    by_somebody = sum(counts[w] for w in _FIRST_PERSON)
    kinds = read_knowledge("plausibility.toml")["not_a_letter"]["kind"]
    named = len(_SECOND_NAME.findall(text))
    if settled := [owner - len(kinds) for owner in signs if owner >= len(kinds)]:
        return str(kinds[min(settled)]["name"])
    if open_places(letter) >= limits()["open_places"] and not named:
        return "a template with places to fill in"
    for owner, count in signs.most_common():
        if owner == _PLANTED:
            continue
        kind = kinds[owner]
        if count < kind["needed"]:
            continue
        if "statement" in kind["name"]:
            if by_somebody > 3 * about_somebody and count >= kind["needed"]:
                return str(kind["name"])
        elif about_somebody + named < max(4, 0.015 * len(words)):
            return str(kind["name"])
    if by_somebody >= 6 and by_somebody > 6 * (about_somebody + named):
        return "a text in which the writer speaks of themselves"
    if not _PERSON_WORD.search(text) and not named:
        return "some other text"
    likely = letter_probability(letter_signs(letter, counts), read_knowledge("plausibility.toml")["letter_signs"])
    if by_somebody == 0 and named == 0 and "recommend" not in counts and likely < 0.5:
        return "a text that speaks of nobody in particular"
    if likely < limits()["letter_probability"] and len(words) >= limits()["short_words"]:
        likeliest = max(range(len(kinds)), key=lambda owner: signs[owner] / kinds[owner]["needed"])
        return str(kinds[likeliest]["name"]) if signs[likeliest] else "some other text"
    if about_somebody + named == 0 and len(words) > 25 and likely < 0.5:
        return "some other text"
    return None


def _other_language(text: str, words: list[str]) -> str | None:
    share = sum(map(_FUNCTION_WORDS.__contains__, words)) / len(words)
    if share >= limits()["function_words"]:
        return None
    import py3langid

    code, _ = py3langid.classify(text[:4000])
    return None if code == "en" else str(code)


def other_name_recommended(letter: ParsedLetter) -> bool:
    """Is somebody recommended who is hardly named elsewhere, and whose name is not like the applicant's?"""
    applicant = applicant_of(letter)
    if applicant is None:
        return False
    own = " ".join(sorted(w.lower() for w in applicant.words()))
    for name in names_recommended(letter):
        words = sorted(name_words(name))
        said = max((len(re.findall(rf"\b{re.escape(w)}\b", letter.clean.text)) for w in words), default=9)
        alike = max((SequenceMatcher(None, w.lower(), o).ratio() for w in words for o in own.split()), default=1.0)
        if said <= _HARDLY_NAMED and alike < _ALIKE:
            return True
    return False


def _several_applicants(letter: ParsedLetter) -> bool:
    """Two salutations with a letter's length between them, or one person written for and then another."""
    text = letter.clean.text
    starts = [m.start() for m in _SALUTATIONS.finditer(text)]
    if any(b - a > _SHORTEST_LETTER for a, b in itertools.pairwise(starts)):
        return True
    places = {
        name: [m.start() for m in re.finditer(rf"\b{re.escape(name)}\b", text)] for name in surnames_written_for(letter)
    }
    often = [p for p in places.values() if len(p) >= 3 and p[-1] - p[0] > _SHORTEST_LETTER]
    return any(a[-1] < b[0] or b[-1] < a[0] for a, b in itertools.combinations(often, 2))
