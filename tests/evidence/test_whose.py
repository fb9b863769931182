"""Whose deeds a sentence tells: each case is a letter's sentences, and which of them are about somebody else."""

from __future__ import annotations

import pytest

import lorscore
from lorscore.evidence.whose import sentences_about_others
from lorscore.parsing.parse import parse
from tests.conftest import affirmed, letter

SWAPPED = {"she": "he", "She": "He", "her": "him", "Her": "His", "he": "she", "He": "She", "him": "her", "his": "her", "His": "Her"}  # fmt: skip


def others(*sentences: str) -> set[int]:
    return set(sentences_about_others(parse(letter(*sentences))))


def swapped(text: str) -> str:
    return " ".join(SWAPPED.get(word, word) for word in text.split(" "))


STORIES = [
    (
        ["Ms. Ilse Varga was with us in May.", "She was polite.", "Our fellow, Dr. Bram Oduya, ran six codes.", "He led each of them."],
        {2, 3},
    ),
    (
        ["Mr. Ilie Varga was with us in May.", "He was polite.", "Our interns were superb.", "They carried ten patients each."],
        {2, 3},
    ),
    (
        ["Ms. Ilse Varga was with us in May.", "She watched.", "When I was an intern I carried thirty patients.", "I slept on a cot."],
        {2, 3},
    ),
    (["Ms. Ilse Varga was with us in May.", "Our chief, Dr. Bram Oduya, told me that she carried six patients."], set()),
    (["Ms. Ilse Varga was with us in May.", "Dr. Bram Oduya, our chief, asked for her by name.", "She carried six patients."], set()),
    (["Ms. Ilse Varga was with us in May.", "Her notes were compared with those of our interns.", "They were better."], set()),
]  # fmt: skip


@pytest.mark.parametrize(("sentences", "found"), STORIES)
def test_who_is_named_and_the_sentence_before_tell_whose_a_deed_is(sentences, found):
    assert others(*sentences) == found


@pytest.mark.parametrize(("sentences", "found"), STORIES)
def test_the_other_pronoun_tells_the_same(sentences, found):
    assert others(*(swapped(s) for s in sentences)) == found


def test_a_sentence_more_about_others_changes_no_other_sentence():
    sentences, found = STORIES[0]
    more = "Our residents had a good year, and they were pleased with their clinic and their call rooms."
    assert others(*sentences, more) - {len(sentences)} == found


def test_praise_of_another_does_not_raise_a_letter():
    plain = letter("Ms. Ilse Varga was with us in May.", "She came to rounds.", "I recommend her.")
    praised = letter(
        "Ms. Ilse Varga was with us in May.",
        "She came to rounds.",
        "Our fellow, Dr. Bram Oduya, carried twelve patients and ran the code on the ward.",
        "He worked above the level of our residents.",
        "He is the best doctor I have taught in twenty years.",
        "I recommend her.",
    )
    score = lorscore.score(praised)
    assert affirmed(score, "responsibility") == affirmed(score, "peer_rank") == []
    assert score.strength <= lorscore.score(plain).strength


def test_what_is_wished_for_anybody_is_not_wished_for_the_applicant():
    score = lorscore.score(
        letter(
            "Ms. Ilse Varga came in May.", "I give my highest recommendation to any program that trains our graduates."
        )
    )
    assert affirmed(score, "endorsement") == []


def test_a_new_paragraph_comes_back_to_the_applicant_whatever_its_pronoun():
    told = [
        "Mr. Ilie Varga was with us in May.",
        "He was polite and he was on time.",
        "Dr. Ada Oduya, our fellow, ran six codes.",
    ]
    body = " ".join(told) + "\n\nShe is the best of the forty students I have supervised."
    assert set(sentences_about_others(parse(letter(body)))) == {2}
