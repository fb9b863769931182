"""Evidence found by phrase rules: the precise part of the reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from lorscore.errors import KnowledgeError
from lorscore.evidence.knowledge import read_knowledge
from lorscore.evidence.phrase_language import Phrase, compile_phrase
from lorscore.letter import DEGREES, KINDS
from lorscore.parsing.words import one_pronoun

_MOST_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """One rule: what it marks, the phrases that fire it, and its own examples.

    ``rank`` is its place among all rules; ``least`` is how far it is believed, 0-1, whatever the sentence model says.
    """

    id: str
    kind: str
    phrases: tuple[Phrase, ...]
    degree: str | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    rank: int = 0
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match in one sentence; ``start`` and ``end`` are offsets into that sentence."""

    rule: PhraseRule
    start: int
    end: int


class AnchorIndex:
    """From a sentence's words to the few phrases worth trying in it.

    Which of the words met so far fire a phrase is remembered, so that most sentences cost two
    set operations.
    """

    def __init__(self, phrases: Iterable[tuple[int, Phrase]]) -> None:
        self._by_anchor: dict[str, list[tuple[int, Phrase]]] = {}
        looked_for: set[str] = set()
        for owner, phrase in phrases:
            looked_for.update(phrase.anchors, *phrase.needs)
            for anchor in phrase.anchors:
                self._by_anchor.setdefault(anchor, []).append((owner, phrase))
        self._whole = frozenset(a for a in looked_for if not a.endswith("*"))
        self._starts = frozenset(a for a in looked_for if a.endswith("*"))
        self._start_lengths = sorted({len(a) - 1 for a in self._starts})
        self._looked_for: dict[str, frozenset[str]] = {}
        self._anchored: dict[str, list[tuple[int, Phrase]]] = {}
        self._telling: set[str] = set()
        self._known: set[str] = set()

    def candidates(self, words: frozenset[str]) -> list[tuple[int, Phrase]]:
        """Return (owner, phrase) pairs whose every needed word is among the words, in a fixed order."""
        if not words <= self._known:
            self._learn(words - self._known)
        telling = words & self._telling
        if not telling:
            return []
        present: set[str] = set()
        for word in telling:
            present |= self._looked_for[word]
        found = {}
        for word in telling:
            for pair in self._anchored[word]:
                for needed in pair[1].needs:
                    if present.isdisjoint(needed):
                        break
                else:
                    found[id(pair[1])] = pair
        return sorted(found.values(), key=_in_order) if len(found) > 1 else list(found.values())

    def _learn(self, words: frozenset[str]) -> None:
        if len(self._known) > _MOST_REMEMBERED:
            self._known = set(self._telling)
        for word in words:
            found = {word} & self._whole
            found |= {word[:n] + "*" for n in self._start_lengths if n <= len(word)} & self._starts
            if found:
                self._looked_for[word] = frozenset(found)
                self._anchored[word] = [pair for anchor in found for pair in self._by_anchor.get(anchor, ())]
                self._telling.add(word)
            self._known.add(word)


def _in_order(pair: tuple[int, Phrase]) -> tuple[int, str]:
    return pair[0], pair[1].source


@cache
def vocabulary() -> dict[str, list[str]]:
    """Return the word lists of ``vocabulary.toml``, as phrases look them up."""
    return {name: [one_pronoun(word) for word in words] for name, words in read_knowledge("vocabulary.toml").items()}


@cache
def phrase_rules() -> tuple[PhraseRule, ...]:
    """Load the phrase rules of every kind, in file order.

    Raises
    ------
    KnowledgeError
        Naming the file and the rule that has a mistake.
    """
    read = [
        _rule(entry, content["kind"], f"phrases/{kind}.toml")
        for kind in KINDS
        for content in [read_knowledge(f"phrases/{kind}.toml")]
        for entry in content["rule"]
    ]
    return tuple(replace(rule, rank=rank) for rank, rule in enumerate(read))


def _rule(entry: dict[str, object], kind: str, where: str) -> PhraseRule:
    rule_id = str(entry.get("id", "?"))
    if kind not in KINDS or not rule_id.startswith(kind + "."):
        raise KnowledgeError(f"{where}: rule {rule_id!r}: the id must start with a kind of the rubric and a dot")
    if unknown := set(entry) - {"id", "degree", "least", "phrases", "yes", "no"}:
        raise KnowledgeError(f"{where}: rule {rule_id!r}: unknown field {sorted(unknown)[0]!r}")
    degree = entry.get("degree")
    if (kind == "endorsement") != (degree in DEGREES):
        raise KnowledgeError(f"{where}: rule {rule_id!r}: degree must be one of {', '.join(DEGREES)}, for endorsements")
    sources, yes, no = (_strings(entry, name, where, rule_id) for name in ("phrases", "yes", "no"))
    try:
        phrases = tuple(compile_phrase(source, vocabulary()) for source in sources)
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: rule {rule_id!r}: {error}") from error
    least = entry.get("least", 0.0)
    if not isinstance(least, float) or not 0 <= least <= 1:
        raise KnowledgeError(f"{where}: rule {rule_id!r}: least must be a number from 0.0 to 1.0, not {least!r}")
    return PhraseRule(rule_id, kind, phrases, str(degree) if degree else None, yes, no, least=least)


def _strings(entry: dict[str, object], name: str, where: str, rule_id: str) -> tuple[str, ...]:
    values = entry.get(name)
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise KnowledgeError(f"{where}: rule {rule_id!r}: {name!r} must be a list of at least one text")
    return tuple(values)


@cache
def _index() -> AnchorIndex:
    return AnchorIndex((i, phrase) for i, rule in enumerate(phrase_rules()) for phrase in rule.phrases)


def find_phrases(sentence: str, words: frozenset[str]) -> list[Hit]:
    """Return the rules' matches in one sentence, in text order.

    Of overlapping matches of one kind the first rule in the file keeps the stretch, and of one
    rule's own the longest.

    Parameters
    ----------
    sentence : the sentence's text.
    words : its words, as ``Sentence.words`` has them.
    """
    rules = phrase_rules()
    hits: list[Hit] = []
    for owner, phrase in _index().candidates(words):
        hits += [Hit(rules[owner], start, end) for start, end in phrase.find(sentence)]
    if len(hits) > 1:
        hits.sort(key=lambda h: (h.rule.rank, h.start - h.end, h.start))
        hits = _without_overlaps(hits)
    return sorted(hits, key=lambda h: (h.start, h.end, h.rule.kind))


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in hits:
        if not any(k.rule.kind == hit.rule.kind and k.start < hit.end and hit.start < k.end for k in kept):
            kept.append(hit)
    return kept


@cache
def phrase_index(file: str, part: str, name: str = "phrases") -> AnchorIndex:
    """Return the phrases of one list of a knowledge file, as ``phrase_index("cues.toml", "only_one")``."""
    sources = read_knowledge(file)[part][name]
    return AnchorIndex((i, compile_phrase(s, vocabulary())) for i, s in enumerate(sources))
