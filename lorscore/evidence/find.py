"""All evidence of a letter in one list: phrase rules and the sentence model, joined."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lorscore.evidence.assertion import (
    Verdict,
    disowned_quotations,
    find_cues,
    had_nobody_else,
    is_slight_rank,
    judge,
    open_questions,
    under_a_heading,
    under_a_lead,
)
from lorscore.evidence.doubts import is_definition, is_taken_back, notes_that_take_back
from lorscore.evidence.loads import loads_against_norm, number_of
from lorscore.evidence.phrases import Hit, find_phrases
from lorscore.evidence.plausibility import planted_sentences, repeats
from lorscore.evidence.sentence_model import ReadsSentences, SentenceReading
from lorscore.evidence.whose import PERSON, is_for_anybody, is_of_others, sentences_about_others
from lorscore.letter import KINDS, Evidence
from lorscore.parsing.applicant import applicant_of
from lorscore.parsing.clean import clean
from lorscore.parsing.neutral import NeutralSentence, People, names_in, neutral, they_are_others
from lorscore.parsing.parse import ParsedLetter, Sentence

MENTIONED_AT_LEAST = 0.25
"""Below this the sentence model's mention of a kind is not looked at."""

SHOWN_AT_LEAST = 0.3
"""Surer than this that a rater would mark it, and it is evidence. Best F1 on voices left out."""

_CLAIMS = ("intern_level", "peer_rank", "would_take", "endorsement")
"""Kinds whose denial turns a letter: cues judge them also where only the model found them."""

_POSITIVE = (*_CLAIMS, "responsibility", "episode", "feedback", "team_voice")

_DECIDES = 0.7
"""How surely a load over or under the stated norm would decide a reader."""

_SAYS_SOMETHING = frozenset("i we he she they who was is were are has had have did does would will".split())
_LONG_LIST, _SHORT_ITEM = 6, 4
"""So many items of at most so many words each, and no verb: a list of claims, which says nothing."""
_ENDLESS_LIST = 14
"""So many short items are a list, even with a verb here and there."""

_ELSEWHERE_FEWEST, _ELSEWHERE_SHARE = 3, 1.5
"""So many strong claims elsewhere, and so many times those of the applicant; no train letter rated 4 or 5 reaches it."""

ANOTHER = "of another person"
_HIDDEN_SURE = 0.5

_FEWEST_BULLETS = 4
"""So many neighbouring lines of praise or claims without a verb are a list of claims, too."""

_AFFIRMED_SHARE = 0.4
"""A mention is affirmed when at least this share of its probability is."""

MOST_SENTENCES = 400
"""Sentences beyond this are read by phrase rules only; the longest letter in print has 36 (Fortune, 2002)."""

PHRASES_ALONE: Mapping[str, float] = {"bias": -1.0, "phrase": 3.2, "denied": -3.0, "model": 0.0}
"""How sure a phrase hit makes us when no sentence model is at hand."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence with what scoring needs and a reader does not.

    ``sentence`` numbers the letter's body sentences; ``up`` and ``down`` are the model's word
    on whether the sentence would decide a reader. ``repeated`` marks a sentence said before, ``listed``
    one that only lists claims; neither counts. ``slight`` is a rank that the writer did not give (class
    rank, transcript, examination) or that is one among two or three.
    """

    evidence: Evidence
    sentence: int
    up: float = 0.0
    down: float = 0.0
    repeated: bool = False
    slight: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str
    start: int
    end: int
    verdict: Verdict
    degree: str | None
    hit: Hit | None


class _WordsOfLetter:
    """Which claims of a letter are not the writer's own word about the applicant, by what stands around them."""

    def __init__(self, letter: ParsedLetter) -> None:
        self._body = letter.body
        self._quoted = disowned_quotations(letter) | under_a_heading(letter)
        self._asked = open_questions(letter)
        self._under = under_a_lead(letter)
        self._told_of = sentences_about_others(letter)
        self._marks = notes_that_take_back(letter)

    def judge(self, number: int, candidate: _Candidate) -> Verdict:
        """Judge an affirmed claim by what stands around it."""
        if (lead := self._under.get(number)) and candidate.kind in _POSITIVE:
            return Verdict(lead, ("the line above",))
        cue = self._disown(number, candidate)
        return Verdict("other", (cue,)) if cue else candidate.verdict

    def _disown(self, number: int, candidate: _Candidate) -> str:
        """Say why a claim is not the applicant's; nothing where it is."""
        sentence, kind = self._body[number], candidate.kind
        told_of = self._told_of.get(number)
        if number in self._quoted or is_of_others(kind, told_of):
            return ANOTHER if told_of == PERSON else "not of the applicant"
        if kind in ("would_take", "endorsement") and is_for_anybody(sentence, candidate.start, candidate.end):
            return "of whoever it may be"
        if kind in _POSITIVE and kind != "team_voice" and number in self._asked:
            return "a question"
        if kind in _POSITIVE and is_definition(sentence):
            return "what a term means"
        if kind in _POSITIVE and is_taken_back(sentence.start + candidate.start, sentence, self._marks):
            return "taken back in a note"
        return ""


def find_evidence(
    letter: ParsedLetter, model: ReadsSentences | None, fusion: Mapping[str, float] | None = None
) -> list[Finding]:
    """Return the evidence of a letter in text order.

    Parameters
    ----------
    letter : the parsed letter.
    model : the sentence model, or None for phrase rules alone.
    fusion : weights that join a rule's word with the model's; fitted on voices left out.
    """
    weights = fusion if fusion is not None and model is not None else PHRASES_ALONE
    body = letter.body
    plain = neutral_of(letter) if model is not None else []
    readings = _read_each(model, [n.text for n in plain]) if model is not None else {}
    out: list[Finding] = []
    loads = loads_against_norm(body)
    words = _WordsOfLetter(letter)
    planted = planted_sentences(letter)
    alone = had_nobody_else(letter)
    for i, (sentence, again) in enumerate(zip(body, repeats(body), strict=True)):
        if i in planted:
            continue
        reading = readings.get(plain[i].text) if plain else None
        for candidate in _candidates(sentence, reading, plain[i] if plain else None):
            load = loads.get(i, 0) if _tells_a_load(candidate, sentence) else 0
            seen = _as_concern(candidate) if load < 0 else candidate
            if seen.verdict.assertion == "affirmed":
                seen = replace(seen, verdict=words.judge(i, seen))
            evidence = _evidence(letter, sentence, seen, reading, weights)
            if load < 0:
                evidence = replace(evidence, assertion="affirmed", confidence=_DECIDES)
            if evidence.confidence < SHOWN_AT_LEAST:
                continue
            out.append(
                Finding(
                    evidence,
                    i,
                    max(reading.moves_up() if reading else 0.0, _DECIDES if load > 0 else 0.0),
                    max(reading.moves_down() if reading else 0.0, _DECIDES if load < 0 else 0.0),
                    again,
                    candidate.kind == "peer_rank" and (alone or is_slight_rank(sentence.text, sentence.words)),
                )
            )
    listed = _listed(out, body)
    out = [replace(f, listed=f.sentence in listed) for f in out]
    return sorted(out, key=lambda f: (f.evidence.start, f.evidence.end, f.evidence.kind))


def mostly_elsewhere(findings: Sequence[Finding]) -> int:
    """Return the highest rating left where the strong claims of a letter are mostly not made of the applicant, else 5.

    What is conditional, a definition, or about others counts as elsewhere. Where the applicant gets next to no praise
    beside it, a reader takes that as faint: 2. Honest letters that praise others praise the applicant too: 3.
    """
    strong = [f for f in findings if f.evidence.kind in _POSITIVE and f.evidence.degree not in ("plain", "reserved")]
    away = {f.evidence.start for f in strong if f.listed or f.evidence.assertion in ("other", "hypothetical")}
    elsewhere = len(away)
    own = len({f.evidence.start for f in strong if f.evidence.assertion == "affirmed"} - away)
    praise = sum(f.evidence.kind == "generic_praise" and f.evidence.assertion == "affirmed" for f in findings)
    if elsewhere < _ELSEWHERE_FEWEST or elsewhere < _ELSEWHERE_SHARE * own:
        return 5
    return 2 if praise <= 1 else 3


def praises_another(findings: Sequence[Finding]) -> bool:
    """Does the writer place or recommend a named other person as they would the applicant?"""
    placed = ("peer_rank", "would_take", "endorsement")
    of_another = [f for f in findings if f.evidence.kind in _CLAIMS and ANOTHER in f.evidence.cues]
    return len({f.sentence for f in of_another}) >= 2 and any(f.evidence.kind in placed for f in of_another)


def hides_concern(letter: ParsedLetter, findings: Sequence[Finding]) -> bool:
    """Do hidden characters, or letters of another alphabet, stand in a sentence that holds a concern?"""
    if letter.clean.lookalikes + letter.clean.invisible == 0:
        return False
    sure = [f.evidence for f in findings if f.evidence.kind == "concern" and f.evidence.confidence >= _HIDDEN_SURE]
    hidden = [clean(e.sentence) for e in sure if e.assertion == "affirmed"]
    return any(c.lookalikes + c.invisible for c in hidden)


def _tells_a_load(candidate: _Candidate, sentence: Sentence) -> bool:
    words = sentence.text[candidate.start : candidate.end]
    return candidate.kind == "responsibility" and number_of(words) is not None


def _as_concern(candidate: _Candidate) -> _Candidate:
    """A load under the norm: the same words are a concern."""
    return replace(candidate, kind="concern", verdict=Verdict("affirmed", ("under the norm",)))


def _listed(findings: Sequence[Finding], body: Sequence[Sentence]) -> frozenset[int]:
    """Numbers of the sentences that only list claims: many short items, nobody who does anything."""
    claims = {f.sentence for f in findings if f.evidence.kind in _CLAIMS and f.evidence.assertion == "affirmed"}
    bare = [s.words.isdisjoint(_SAYS_SOMETHING) for s in body]
    alone = {i for i in claims if _is_list(body[i].text, _LONG_LIST if bare[i] else _ENDLESS_LIST)}
    praised = claims | {f.sentence for f in findings if f.evidence.kind == "generic_praise"}
    return frozenset(alone | {i for run in _runs(bare) if len(run & praised) >= _FEWEST_BULLETS for i in run & claims})


def _runs(chosen: Sequence[bool]) -> Iterator[frozenset[int]]:
    """The stretches of neighbours that are chosen."""
    for is_chosen, run in itertools.groupby(enumerate(chosen), key=lambda pair: pair[1]):
        if is_chosen:
            yield frozenset(i for i, _ in run)


def _is_list(text: str, fewest: int) -> bool:
    items = 1 + text.count(",") + text.count(";") + text.count("#")
    return items >= fewest and len(text.split()) <= _SHORT_ITEM * items


def _read_each(model: ReadsSentences, texts: list[str]) -> dict[str, SentenceReading]:
    """Read every sentence once, however often it is said, and no more than a letter can hold."""
    distinct = list(dict.fromkeys(texts))[:MOST_SENTENCES]
    return dict(zip(distinct, model.read(distinct), strict=True)) if distinct else {}


def neutral_of(letter: ParsedLetter) -> list[NeutralSentence]:
    """Return the body's sentences as the sentence model reads them."""
    applicant = applicant_of(letter)
    people = People(
        names=names_in(letter) | (applicant.words() if applicant else frozenset()),
        applicant=applicant.words() if applicant else None,
        they_are_others=they_are_others("\n".join({s.text: None for s in letter.body})),
    )
    return [neutral(s.text, people) for s in letter.body]


def confidence(weights: Mapping[str, float], hit: bool, affirmed: bool, probability: float | None) -> float:
    """Return how sure we are, 0-1, that a rater would mark this as affirmed evidence."""
    z = weights["bias"]
    if hit:
        z += weights["phrase"] if affirmed else weights["denied"]
    if probability is not None:
        z += weights["model"] * logit(probability)
    return 1 / (1 + math.exp(-z))


def logit(probability: float) -> float:
    """Return the log odds, kept within 7 either way."""
    p = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class CandidateWord:
    """What a rule and the model say of one kind in one sentence (source offsets of the sentence)."""

    kind: str
    hit: bool
    affirmed: bool
    probability: float
    start: int
    end: int


def candidate_words(letter: ParsedLetter, model: ReadsSentences) -> list[CandidateWord]:
    """Return what training needs to weigh rules against the model: every candidate before fusion."""
    plain = neutral_of(letter)
    out = []
    for sentence, reading, neutral_sentence in zip(
        letter.body, model.read([n.text for n in plain]), plain, strict=True
    ):
        _, start, end = letter.verbatim(sentence.start, sentence.end)
        for c in _candidates(sentence, reading, neutral_sentence):
            affirmed = c.verdict.assertion == "affirmed"
            out.append(CandidateWord(c.kind, c.hit is not None, affirmed, reading.affirmed(c.kind), start, end))
    return out


def _candidates(sentence: Sentence, reading: SentenceReading | None, plain: NeutralSentence | None) -> list[_Candidate]:
    """The phrase hits of a sentence, and the kinds that only the model found in it."""
    hits = find_phrases(sentence.text, sentence.words)
    cues = find_cues(sentence.text, sentence.words) if hits or reading is not None else []
    out = [_Candidate(h.rule.kind, h.start, h.end, judge(h.start, h.end, cues), h.rule.degree, h) for h in hits]
    if reading is None or plain is None:
        return out
    by_rule = {c.kind for c in out}
    for kind in KINDS:
        if kind in by_rule or max(reading.mentioned(kind), reading.affirmed(kind)) < MENTIONED_AT_LEAST:
            continue
        start, end = _without_edges(sentence.text, *plain.to_original(*reading.span_of(kind)))
        verdict = Verdict("affirmed" if _affirms(reading, kind) else reading.unaffirmed_as())
        if verdict.assertion == "affirmed" and kind in _CLAIMS:
            verdict = judge(start, end, cues)
        out.append(_Candidate(kind, start, end, verdict, reading.degree() if kind == "endorsement" else None, None))
    return out


def _affirms(reading: SentenceReading, kind: str) -> bool:
    """Does the model affirm the kind, or see nothing of it that could be denied?"""
    mentioned = reading.mentioned(kind)
    return mentioned < MENTIONED_AT_LEAST or reading.affirmed(kind) >= _AFFIRMED_SHARE * mentioned


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out commas and spaces at the edges of a stretch that the model marked."""
    while start < end - 1 and not text[start].isalnum():
        start += 1
    while end > start + 1 and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _evidence(
    letter: ParsedLetter,
    sentence: Sentence,
    candidate: _Candidate,
    reading: SentenceReading | None,
    weights: Mapping[str, float],
) -> Evidence:
    text, start, end = letter.verbatim(sentence.start + candidate.start, sentence.start + candidate.end)
    whole, _, _ = letter.verbatim(sentence.start, sentence.end)
    verdict = candidate.verdict
    hit = candidate.hit
    sure = confidence(
        weights,
        hit is not None,
        verdict.assertion == "affirmed",
        reading.affirmed(candidate.kind) if reading else None,
    )
    assertion = verdict.assertion
    if assertion == "affirmed" and reading and not _affirms(reading, candidate.kind) and sure < 0.5:
        assertion = reading.unaffirmed_as()
    elif assertion != "affirmed" and sure >= 0.5 and not verdict.cues:
        assertion = "affirmed"
    if assertion != "affirmed":
        sure = 1 - sure
    elif hit is not None:
        sure = max(sure, hit.rule.least)
    return Evidence(
        kind=candidate.kind,
        assertion=assertion,
        degree=candidate.degree,
        text=text,
        start=start,
        end=end,
        sentence=whole,
        source="phrase" if hit else "classifier",
        confidence=round(sure, 4),
        rule=hit.rule.id if hit else None,
        cues=verdict.cues if assertion == verdict.assertion else (),
    )
