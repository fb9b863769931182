"""The corpus holds what its data card says."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from lorscore.errors import LabelError
from lorscore.evidence.knowledge import knowledge_files
from lorscore.letter import KINDS
from lorscore.training.corpus import is_trap, load_letters, load_pairs, load_sentences, load_trials, parse_marked
from lorscore.training.describe import describe
from lorscore.training.figures import as_markdown
from lorscore.training.style import people_figures, real_names_in, shared_wording, style_figures
from tests.conftest import SAMPLES

CORPUS = SAMPLES / "corpus"
LETTERS = load_letters(CORPUS)
RATED = [x for x in LETTERS if x.ratings]


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[i : i + 6]) for i in range(len(words) - 5)}


def figures(found) -> dict[str, float]:
    return {f.name: f.value for f in found}


def test_there_are_enough_letters_by_enough_voices():
    by_voice, by_population = Counter(x.voice for x in LETTERS), Counter(x.population for x in LETTERS)
    assert len(LETTERS) >= 750
    assert len(by_voice) >= 26
    assert max(by_voice.values()) <= 40
    assert by_population["field-like"] >= 400
    assert by_population["balanced"] >= 200
    assert by_population["against-style"] >= 150


def test_two_people_read_every_letter_blind():
    assert [x.id for x in LETTERS if len(x.blind) < 2] == []


def test_four_whole_voices_are_held_back():
    held_back = {x.voice for x in LETTERS if x.split == "held_back"}
    assert len(held_back) == 4
    assert not {x.voice for x in LETTERS if x.split == "train"} & held_back


def test_no_rater_rated_a_letter_twice_or_wrote_it():
    for letter in RATED:
        raters = [r.rater for r in letter.blind]
        assert len(set(raters)) == len(raters)
        assert not any(letter.voice in r for r in raters)


def test_marked_spans_are_verbatim_and_short():
    for letter in LETTERS:
        for rating in letter.ratings:
            for span in rating.spans:
                assert 0 <= span.start < span.end <= len(letter.text), letter.id
                assert letter.text[span.start : span.end].strip(), letter.id


def test_no_text_names_a_well_known_person():
    known = frozenset((CORPUS / "real_names.sha256").read_text("ascii").split())
    assert len(known) > 2000
    texts = {
        **{x.id: x.text for x in LETTERS},
        **{t.id: t.text for t in load_trials(CORPUS)},
        **{p.id: f"{p.stronger}\n{p.weaker}" for p in load_pairs(CORPUS)},
        **{s.text: s.text for split in ("train", "held_back") for s in load_sentences(CORPUS, split)},
    }
    assert {name: found for name, text in texts.items() if (found := real_names_in(text, known))} == {}


def test_a_well_known_name_would_be_found():
    known = frozenset((CORPUS / "real_names.sha256").read_text("ascii").split())
    assert real_names_in("as Dr. William J. Osler taught us", known) == ["William Osler"]


def test_no_two_letters_share_much_wording():
    same_voice, two_voices = shared_wording(LETTERS)
    assert same_voice.value <= 0.25
    assert two_voices.value <= 0.15


def test_manner_does_not_give_the_strength_away():
    found = figures(style_figures([x for x in RATED if x.population == "balanced"]))
    assert abs(found["strength with number of words, rho"]) < 0.15
    assert abs(found["strength with sentiment (VADER, compound, mean of sentences), rho"]) < 0.25
    assert abs(found["strength with share of clinical words, rho"]) < 0.25


def test_names_pronouns_and_nationalities_tell_nothing_of_strength():
    for name, rho in figures(people_figures(RATED)).items():
        assert abs(rho) < 0.15, name


def test_the_printed_figures_are_those_of_the_files():
    assert (CORPUS / "FIGURES.md").read_text("utf-8").endswith(as_markdown(describe(CORPUS)))


def test_no_phrase_rule_quotes_a_held_back_voice():
    """A run of six words that other voices use too is a formula of the trade, not a quotation."""
    by_split: dict[str, set[tuple[str, ...]]] = {"held_back": set(), "train": set()}
    for x in LETTERS:
        by_split[x.split] |= runs(x.text)
    only_held_back = by_split["held_back"] - by_split["train"]
    assert only_held_back
    for file in knowledge_files():
        for text in re.findall(r'"([^"]*)"', file.read_text("utf-8")):
            assert not runs(text) & only_held_back, (file.name, text)


def test_gold_sentences_cover_every_kind_and_hold_traps():
    sentences = load_sentences(CORPUS) + load_sentences(CORPUS, "held_back")
    found = Counter(s.kind for x in sentences for s in x.spans if s.assertion == "affirmed")
    assert len(sentences) >= 1500
    assert min(found[kind] for kind in KINDS) >= 60
    assert sum(map(is_trap, sentences)) >= 500


def test_trials_have_ceilings_and_pairs_differ():
    trials, pairs = load_trials(CORPUS), load_pairs(CORPUS)
    assert sum(t.what == "not_a_letter" for t in trials) >= 80
    assert sum(t.what != "not_a_letter" for t in trials) >= 80
    assert len(pairs) >= 150
    assert all(1 <= t.ceiling <= 5 and t.text.strip() for t in trials)
    assert all(p.stronger != p.weaker for p in pairs)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("<ev kind=praise>good</ev>", "unknown kind"),
        ("<ev kind=endorsement>I recommend her</ev>", "needs a degree"),
        ("<ev kind=concern assertion=maybe>slow</ev>", "unknown kind, assertion or degree"),
    ],
)
def test_a_mistake_in_gold_markup_is_named(line, complaint):
    with pytest.raises(LabelError, match=complaint):
        parse_marked(line)
