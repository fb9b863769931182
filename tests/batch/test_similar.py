"""Letters that say the same are found, whoever they are about."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lorscore.batch.similar import SAME_TEXT, find_similar, passage_of, shingles_of
from lorscore.parsing.parse import parse
from tests.conftest import letter

HER = (
    "I recommend Ms. Imani Ellis. She carried six patients on our wards in March and wrote every note before rounds.",
    "On her third night she noticed that a dose of heparin had been given twice and called the pharmacy herself.",
    "Our nurses asked me when she would come back, and I had no answer for them.",
)
HIM = tuple(
    s.replace("Ms. Imani Ellis", "Mr. Tobias Ekwueme")
    .replace("She", "He")
    .replace(" she ", " he ")
    .replace(" her ", " his ")
    for s in HER
)
OTHER = (
    "Mr. Arjun Solberg spent four weeks in my clinic, where he saw follow-up visits with me.",
    "He is polite and prepared, and the families liked him.",
    "I recommend him to your program and wish him well.",
)
SHARED = (
    "In nineteen years of teaching on this service I have met few students who read the whole chart before they enter the room, "
    "who ask the nurse first and the computer second, and who come back at six in the evening to see whether what they ordered has helped the patient."
)


def likes(*letters: tuple[str, ...]):
    return find_similar([shingles_of(parse(letter(*sentences))) for sentences in letters])


def test_one_text_under_two_names_and_pronouns_is_one_text():
    first, second = likes(HER, HIM)
    assert (first.letter, first.other, second.letter, second.other) == (0, 1, 1, 0)
    assert first.share > 0.95
    assert first.group == second.group


def test_letters_of_their_own_are_not_like():
    assert likes(HER, OTHER) == []


def test_a_paragraph_that_two_letters_share_is_found_and_shown():
    one, other = (*HER, SHARED), (*OTHER, SHARED)
    found, _ = likes(one, other)
    assert found.share < SAME_TEXT
    assert found.words >= 40
    passage = passage_of(parse(letter(*one)), found.first, found.words)
    assert passage.startswith("In nineteen years")
    assert passage.rstrip(".").endswith("helped the patient")


def test_a_sentence_in_common_is_not_enough():
    formula = "Please do not hesitate to call me at any time if I can tell you anything more about this candidate."
    assert likes((*HER, formula), (*OTHER, formula)) == []


def test_every_letter_names_the_one_most_like_it():
    half = (*HER[:2], OTHER[0])
    found = {x.letter: x.other for x in likes(HER, half, HIM)}
    assert found[0] == 2
    assert found[2] == 0


def test_a_copy_does_not_hide_a_recycled_letter():
    texts = [HER, HER, HIM, HIM]
    applicants = ["her", "her", "him", "him"]
    hashes = [shingles_of(parse(letter(*t))) for t in texts]
    hashes[2] = hashes[3] = hashes[2][: len(hashes[2]) * 9 // 10]
    found = find_similar(hashes, lambda i, j: applicants[i] == applicants[j])
    assert [x.other for x in found] == [2, 2, 0, 0]


def test_empty_letters_and_empty_seasons_are_like_nothing():
    assert find_similar([]) == []
    assert find_similar([np.zeros(0, "<u4"), np.zeros(0, "<u4")]) == []


@settings(max_examples=30, deadline=None)
@given(st.permutations([HER, HIM, OTHER, (*OTHER, SHARED), (*HER, SHARED)]))
def test_the_order_of_the_letters_does_not_matter(order):
    names = {HER: "her", HIM: "him", OTHER: "other", (*OTHER, SHARED): "other+", (*HER, SHARED): "her+"}
    shares = {names[order[x.letter]]: round(x.share, 6) for x in likes(*order)}
    straight = [HER, HIM, OTHER, (*OTHER, SHARED), (*HER, SHARED)]
    assert shares == {names[straight[x.letter]]: round(x.share, 6) for x in likes(*straight)}
