"""A load is held against the norm that the letter states; what is not the applicant's is told apart."""

from __future__ import annotations

import pytest

import lorscore
from lorscore.evidence.assertion import disowned_quotations
from lorscore.evidence.loads import loads_against_norm
from lorscore.evidence.whose import sentences_about_others
from lorscore.parsing.parse import parse
from tests.conftest import affirmed, letter


@pytest.mark.parametrize(
    ("sentences", "found"),
    [
        (["A sub-intern here carries four.", "He carried two."], {1: -1}),
        (["The usual census on this service is eight.", "Hers was fourteen."], {1: 1}),
        (["Students here take three patients; she took seven."], {0: 1}),
        (["We expect a student to carry four patients, and he was kept at two."], {0: -1}),
        (["She carried six patients.", "Our interns carry eight."], {}),
        (["The usual start of rounds is 7 am.", "She carried five patients."], {}),
        (["The average length of the rotation is 8 weeks.", "She managed six patients."], {}),
        (["A student here carries eight.", "She carried two dozen."], {1: 1}),
    ],
)
def test_a_load_is_compared_with_the_norm(sentences, found):
    assert loads_against_norm(parse(letter(*sentences)).body) == found


def test_a_load_under_the_norm_is_a_concern_and_nothing_else():
    score = lorscore.score(
        letter("A sub-intern here carries four patients.", "He carried two patients and wrote their notes.")
    )
    assert affirmed(score, "concern") == ["carried two patients"]
    assert "carried two patients" not in affirmed(score, "responsibility")


def test_more_than_the_norm_is_worth_more_than_the_norm():
    more = letter("A sub-intern here carries four patients.", "He carried nine patients.")
    less = letter("A sub-intern here carries four patients.", "He carried two patients.")
    assert lorscore.score(more).strength > lorscore.score(less).strength


def test_quoted_standards_are_not_the_writers_words():
    text = letter(
        "I use the descriptors of our handbook.",
        '"Exceptional: functions at the level of an intern; the best student in several years."',
        "Ms. Orr passed.",
    )
    assert disowned_quotations(parse(text)) == {1}
    assert affirmed(lorscore.score(text), "intern_level") == []


def test_quoted_evaluators_are_heard():
    text = letter("The evaluators wrote:", '"She functions at the level of an intern."', "She passed.")
    assert disowned_quotations(parse(text)) == frozenset()
    assert affirmed(lorscore.score(text), "team_voice"), "praise that the writer reports is team_voice (the rubric)"


def test_what_is_said_of_our_interns_is_not_the_applicants():
    text = letter("Our interns were superb.", "They carried ten patients each.", "She watched, and she learned.")
    assert set(sentences_about_others(parse(text))) == {0, 1}
    assert affirmed(lorscore.score(text), "responsibility") == []


def test_a_list_of_claims_says_nothing():
    claims = "Superlatives: the best, the finest, number one, top 1%, best in a decade, best of 300 students, top of the list."
    score = lorscore.score(letter("He attended the clinic for two weeks.", claims))
    assert "phrase_stuffing" in [w.code for w in score.warnings]
    assert score.strength <= lorscore.score(letter("He attended the clinic for two weeks.")).strength + 1e-6


@pytest.mark.parametrize(
    "sentence",
    [
        "She tells me that she functioned at the level of our interns in her hospital.",
        "In his own estimation he works at the level of an intern.",
        "On the simulator he functioned at the level of an intern.",
    ],
)
def test_self_reports_and_simulations_are_no_claims_of_the_writer(sentence):
    assert affirmed(lorscore.score(letter(sentence)), "intern_level") == []
