"""Every rule of the knowledge files does what its own examples say."""

from __future__ import annotations

import re

import pytest

from lorscore.errors import KnowledgeError
from lorscore.evidence.assertion import find_cues, judge
from lorscore.evidence.knowledge import knowledge_files
from lorscore.evidence.phrase_language import compile_phrase
from lorscore.evidence.phrases import AnchorIndex, find_phrases, phrase_rules
from lorscore.letter import DEGREES, KINDS
from lorscore.parsing.words import words_of

RULES = phrase_rules()


@pytest.mark.parametrize(("rule", "example"), [(r, x) for r in RULES for x in r.yes], ids=lambda v: getattr(v, "id", v))
def test_a_rule_finds_its_examples_and_they_are_affirmed(rule, example):
    start, end = example.index("<"), example.index(">") - 1
    sentence = example.replace("<", "").replace(">", "")
    words = words_of(sentence)
    hits = [h for h in find_phrases(sentence, words) if h.rule.id == rule.id and h.start < end and start < h.end]
    assert hits
    assert judge(hits[0].start, hits[0].end, find_cues(sentence, words)).assertion == "affirmed"


@pytest.mark.parametrize(("rule", "example"), [(r, x) for r in RULES for x in r.no], ids=lambda v: getattr(v, "id", v))
def test_a_rule_leaves_its_counterexamples_alone(rule, example):
    assert rule.id not in [h.rule.id for h in find_phrases(example, words_of(example))]


def test_every_kind_and_degree_has_rules_and_ids_are_unique():
    assert {r.kind for r in RULES} == set(KINDS)
    assert {r.degree for r in RULES if r.degree} == set(DEGREES)
    assert len({r.id for r in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("phrase", "complaint"),
    [
        ("(at|above the level", "never closed"),
        ("at the) level", "never opened"),
        ("[at] ~3", "no word"),
        ("at {nowhere} level", "does not exist"),
        ("at the [level)", "other kind"),
    ],
)
def test_a_mistake_in_a_phrase_is_named(phrase, complaint):
    with pytest.raises(KnowledgeError, match=complaint):
        compile_phrase(phrase, {})


def test_a_name_is_one_to_three_capitalised_words():
    phrase = compile_phrase("recommend <@>", {})
    assert [phrase.find(s) for s in ("I recommend Dr. Ada Moss to you.", "I recommend rest.")] == [[(12, 24)], []]


def test_a_phrase_is_tried_only_where_every_word_it_needs_stands():
    phrase = compile_phrase("(carried|managed) ~2 patients", {})
    index = AnchorIndex([(0, phrase)])
    assert index.candidates(words_of("She carried eight patients."))
    assert not index.candidates(words_of("She carried the pager."))


def test_no_phrase_knows_he_from_she():
    """Of him, his and her the phrase language makes one word; a choice that holds he must hold she."""
    odd = []
    for path in knowledge_files():
        for group in re.findall(r"[(\[]([^()\[\]]*)[)\]]", path.read_text("utf-8")):
            words = {word.strip() for word in group.split("|")}
            pairs = (("he", "she"), ("he's", "she's"), ("he'd", "she'd"), ("he'll", "she'll"))
            odd += [(path.name, group) for a, b in pairs if (a in words) != (b in words)]
            odd += [(path.name, group) for _ in ["hers"] if "hers" in words and not words & {"his", "her"}]
    assert odd == []


@pytest.mark.parametrize(
    "sentence",
    [
        "I support {} application enthusiastically.",
        "I would rank {} performance at the top.",
        "I only saw {} work twice.",
        "According to {} evaluations our interns were at the level of residents.",
        "I would take {} back tomorrow.",
    ],
)
def test_his_and_her_and_him_are_read_alike(sentence):
    found = []
    for word in ("his", "her", "him"):
        text = sentence.format(word)
        hits = find_phrases(text, words_of(text))
        cues = find_cues(text, words_of(text))
        found.append([(h.rule.id, h.start, h.end, judge(h.start, h.end, cues).assertion) for h in hits])
    assert found[0] == found[1] == found[2]
