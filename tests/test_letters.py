"""What a person with one letter may rely on."""

from __future__ import annotations

import pytest

import lorscore
from tests.conftest import affirmed, letter, sample, strength


def test_applicant_b_is_exceptional_and_her_four_claims_are_marked():
    score = lorscore.score(sample("applicant_b"))
    assert score.rating == 5
    assert any("level of our interns" in text for text in affirmed(score, "intern_level"))
    assert any("six to eight patients" in text for text in affirmed(score, "responsibility"))
    assert affirmed(score, "feedback")
    assert any("have her as a resident" in text for text in affirmed(score, "would_take"))
    assert score.override_probability > 0.5


def test_applicant_a_has_adjectives_and_a_class_rank_and_is_at_most_ordinary():
    score = lorscore.score(sample("applicant_a"))
    assert score.rating <= 3
    assert score.override_probability < 0.3
    assert affirmed(score, "generic_praise")


def test_pages_of_kind_words_are_at_most_ordinary_and_marked_as_generic():
    score = lorscore.score(sample("kind_words"))
    assert score.rating <= 3
    assert len(affirmed(score, "generic_praise")) >= 5


def test_four_lines_that_say_it_all_are_strong():
    assert lorscore.score(sample("four_lines")).rating >= 4


def test_nice_but_quiet_is_a_warning():
    score = lorscore.score(sample("quiet_warning"))
    assert score.rating <= 2
    assert affirmed(score, "concern")


STRONG = [
    ("intern_level", "She worked at the level of our interns and presented like one."),
    ("would_take", "Can we have her back as a resident next month?"),
    ("responsibility", "He pre-rounded alone, drafted the notes and called the consults under supervision."),
    ("responsibility", "She carried six to eight patients a day."),
    ("responsibility", "He helped with cross-cover on call nights."),
    ("feedback", "She took feedback in fast."),
    ("score_context", "The score is not reflective of what we saw."),
]
WEAK = [
    ("concern", "He was nice but quiet."),
    ("concern", "Her presentations were fine but she needs a lot of guidance."),
    ("concern", "It was understandable, but he was slow."),
    ("concern", "She asks to leave early to study."),
    ("faint_praise", "He was pleasant and punctual."),
    ("concern", "She needs more independence."),
]


@pytest.mark.parametrize(("kind", "sentence"), STRONG)
def test_strong_footprints_lift_a_letter(kind, sentence):
    base = "I supervised this student on our wards in May."
    score = lorscore.score(letter(base, sentence))
    found = [e for e in score.evidence if e.kind == kind and e.assertion == "affirmed"]
    assert found, [(e.kind, e.assertion, e.text) for e in score.evidence]
    assert sum(e.weight for e in found) > 0
    assert score.strength >= strength(base)


@pytest.mark.parametrize(("kind", "sentence"), WEAK)
def test_weak_footprints_lower_a_letter(kind, sentence):
    base = "I supervised this student on our wards in May."
    score = lorscore.score(letter(base, sentence))
    found = [e for e in score.evidence if e.kind in ("concern", "faint_praise") and e.assertion == "affirmed"]
    assert any(e.kind == kind for e in found), [(e.kind, e.assertion, e.text) for e in score.evidence]
    assert sum(e.weight for e in found) < 0


NOT_CLAIMED = [
    ("intern_level", "negated", "He was not yet at the level of our interns."),
    ("intern_level", "hypothetical", "With more experience she could work at the level of our interns."),
    ("intern_level", "other", "Our interns work at the level of a second-year resident."),
    ("responsibility", "other", "A sub-intern here carries four patients."),
    ("would_take", "negated", "I would not take him back."),
    ("would_take", "hypothetical", "If she passes her examination, I would take her as our resident."),
    ("peer_rank", "other", "Another student was the best sub-intern in ten years."),
]


@pytest.mark.parametrize(("kind", "assertion", "sentence"), NOT_CLAIMED)
def test_what_is_denied_conditional_or_about_others_is_not_claimed(kind, assertion, sentence):
    score = lorscore.score(letter("I supervised this student on our wards in May.", sentence))
    assert not affirmed(score, kind), [(e.kind, e.assertion, e.text) for e in score.evidence]
    assert any(e.kind == kind and e.assertion == assertion for e in score.evidence)


def test_a_denied_fault_is_no_warning():
    praised = strength("I never once had to remind him about a note.")
    blamed = strength("I often had to remind him about a note.")
    assert praised > blamed


def test_were_the_match_mine_is_a_real_would():
    score = lorscore.score(letter("Were the Match mine to run, I would take her as our resident tomorrow."))
    assert affirmed(score, "would_take")


def test_what_is_missing_is_named():
    missing = lorscore.score(sample("kind_words")).missing
    assert {"intern_level", "responsibility", "episode"} <= set(missing)
    assert "responsibility" not in lorscore.score(sample("applicant_b")).missing


def test_points_add_up_to_the_score():
    for name in ("applicant_a", "applicant_b", "quiet_warning"):
        score = lorscore.score(sample(name))
        nothing = lorscore.score(letter("I supervised the applicant in the month of May of this year on ward nine."))
        base = score.strength - sum(e.weight for e in score.evidence)
        empty = nothing.strength - sum(e.weight for e in nothing.evidence)
        assert base == pytest.approx(empty, abs=0.3)


def test_score_wants_text():
    with pytest.raises(TypeError, match="read files first"):
        lorscore.score(b"Dear Sir")  # type: ignore[arg-type]
