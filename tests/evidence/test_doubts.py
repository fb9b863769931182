"""Texts that take back, define away or never owned their praise, and honest letters that look like them."""

from __future__ import annotations

import pytest

import lorscore
from lorscore.evidence.doubts import doubts_of
from lorscore.parsing.parse import parse
from tests.conftest import affirmed, letter, sample

HEAD = "Mr. Ode Lindqvist was on my ward team for four weeks."
STRONG = "He worked at the level of our interns."


def codes(text: str) -> set[str]:
    return {w.code for w in lorscore.score(text).warnings}


@pytest.mark.parametrize(
    ("code", "most", "sentences"),
    [
        ("written_by_applicant", 2, [HEAD, "The attending trusted me with five patients.", "My Step 2 score was low because I was ill.", STRONG]),
        ("double_meaning", 2, [HEAD, "I would waste no time in ranking him.", "You will be lucky to get him to work for you.", STRONG]),
        ("not_own_words", 2, [HEAD, STRONG, "The above was drafted by his agency, and these are not my words."]),
        ("not_seen_with_patients", 3, [HEAD, STRONG, "I have never seen him with a patient."]),
        ("recommendation_withdrawn", 1, [HEAD, STRONG, "I have withdrawn that letter and I do not recommend him for your program."]),
        ("terms_redefined", 3, [HEAD, STRONG, "The terms of this letter have the meanings given below."]),
    ],
)  # fmt: skip
def test_a_doubt_is_told_and_holds_the_rating(code, most, sentences):
    score = lorscore.score(letter(*sentences))
    assert code in {w.code for w in score.warnings}
    assert score.rating <= most


@pytest.mark.parametrize("name", ["applicant_a", "applicant_b", "kind_words", "quiet_warning", "four_lines"])
def test_honest_letters_raise_no_doubt(name):
    assert doubts_of(parse(sample(name))) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "I cannot recommend him too highly.",
        "The senior resident asked me to find him a place.",
        "I would have signed his notes unread, though I read them.",
        "By the ward I mean thirty beds, of which he knew every one.",
    ],
)
def test_one_odd_sentence_is_no_doubt(sentence):
    assert doubts_of(parse(letter(HEAD, sentence))) == []


def test_a_definition_claims_nothing_of_anybody():
    text = letter(HEAD, 'By "the level of an intern" our office understands the ability to carry five patients.')
    score = lorscore.score(text)
    assert affirmed(score, "intern_level") == affirmed(score, "responsibility") == []


def test_a_note_takes_back_what_it_is_hung_on():
    note = "\n\n(1) Knowledge only; on the wards he needed constant supervision.\n"
    assert "taken_back_in_note" in codes(letter(HEAD, "He worked at the level of our interns.(1)") + note)
    assert "taken_back_in_note" not in codes(letter(HEAD, "He worked on our county ward.(1)") + "\n\n(1) Forty beds.\n")


@pytest.mark.parametrize(
    ("lead", "assertion"),
    [
        ("I cannot honestly write that:", "negated"),
        ("In three years we imagine that:", "hypothetical"),
        ("The criteria for the top grade are:", "other"),
        ("What I saw:", "affirmed"),
    ],
)
def test_a_line_that_ends_in_a_colon_governs_the_items_under_it(lead, assertion):
    text = letter(HEAD, "\n\n" + lead, "\n- he worked at the level of our interns\n\n", "He came in May.")
    found = [e.assertion for e in lorscore.score(text).evidence if e.kind == "intern_level"]
    assert found == [assertion]


def test_a_question_claims_nothing_unless_it_is_answered():
    asked = letter(HEAD, "Would I take him back as a resident?", "That is for you to find out.")
    answered = letter(HEAD, "Would I take him back as a resident?", "Yes, tomorrow.")
    assert affirmed(lorscore.score(asked), "would_take") == []
    assert affirmed(lorscore.score(answered), "would_take") != []


def test_a_quotation_taken_back_afterwards_is_not_the_writers():
    text = letter(HEAD, '"He worked at the level of our interns, and I would take him back."', "I did not write this.")
    score = lorscore.score(text)
    assert affirmed(score, "intern_level") == affirmed(score, "would_take") == []


def test_claims_made_elsewhere_are_told_and_leave_little():
    text = letter(
        HEAD,
        "Our interns carry ten patients each.",
        "A student of the first rank works at the level of a resident.",
        "If he matches here he will carry eight patients.",
        "In the right program he could be among the best we have had in ten years.",
        "I recommend him.",
    )
    assert lorscore.score(text).rating <= 3


def test_somebody_else_is_recommended_by_name():
    text = letter("I write for Mr. Ode Lindqvist.", "Mr. Lindqvist was here in May.", "I recommend Ms. Tamsin Farouk.")
    assert "another_name" in codes(text)
    assert lorscore.score(text).rating <= 2
