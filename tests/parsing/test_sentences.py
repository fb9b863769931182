"""Where sentences begin and end in letters as they come."""

from __future__ import annotations

import pytest

from lorscore.parsing.clean import clean
from lorscore.parsing.neutral import neutral
from lorscore.parsing.parse import parse


def body(text: str) -> list[str]:
    return [" ".join(s.text.split()) for s in parse(text).body]


def test_hard_wrapped_lines_are_one_sentence():
    text = (
        "Dear Director:\n\nShe carried six patients on our busiest service all\nthrough the month of June and wrote "
        "each\nnote herself. I would have her back in the same\nmonth next year.\n\nSincerely,\nA. Writer, MD"
    )
    assert body(text) == [
        "She carried six patients on our busiest service all through the month of June and wrote each note herself.",
        "I would have her back in the same month next year.",
    ]


def test_bullets_and_numbered_answers_are_their_own_sentences():
    text = (
        "Dear Sir,\n\nHer work:\n- carried six patients\n- wrote notes\n2. How long?\nFour weeks.\n\nRegards,\nX Y, MD"
    )
    assert body(text) == [
        "Her work:",
        "- carried six patients",
        "- wrote notes",
        "2. How long?",
        "Four weeks.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I know Dr. Smith of St. Brannoc's well.",
        "He works at 9 a.m. on the ward.",
        "She read Harrison, vol. 2, and approx. 40 papers.",
        "J. R. Smith, M.D., told me so.",
    ],
)
def test_abbreviations_do_not_end_sentences(text):
    assert body(f"Dear Director:\n\n{text}\n\nSincerely,\nA. Writer, MD") == [text]


def test_letterhead_salutation_and_signature_are_not_body():
    letter = parse(
        "Harrow County Medical Center\nDepartment of Medicine\n12 May 2025\n\nDear Dr. Lane,\n\nHe was good.\n\n"
        "Sincerely,\n\nRuth Moss, MD\nProfessor of Medicine"
    )
    assert [s.zone for s in letter.sentences] == ["letterhead"] * 3 + ["salutation", "body"] + ["signature"] * 3


def test_a_page_footer_does_not_cut_a_sentence():
    text = "Dear Director:\n\nShe took the first call for every\n\nPage 1 of 2\n\nadmission that night.\n\nSincerely,\nA. B., MD"
    assert body(text) == ["She took the first call for every admission that night."]


def test_a_word_broken_at_a_line_end_is_mended_and_offsets_still_point_into_the_original():
    text = "Dear Director:\n\nShe was respon-\nsible for six patients.\n\nSincerely,\nA. B., MD"
    letter = parse(text)
    assert letter.body[0].text == "She was responsible for six patients."
    at = letter.body[0].start + letter.body[0].text.index("responsible")
    assert letter.verbatim(at, at + len("responsible"))[0] == "respon-\nsible"


def test_people_who_type_without_capitals_still_end_their_sentences():
    text = "hi,\n\nshe was good. she carried six patients. ask her back. i mean it.\n\nj"
    assert "she carried six patients." in body(text)


def test_hidden_characters_and_look_alikes_are_cleaned_and_counted():
    cleaned = clean("She is outst\u200bаnding and hоnest.")
    assert cleaned.text == "She is outstanding and honest."
    assert (cleaned.lookalikes, cleaned.invisible) == (2, 1)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Mr. Okafor told me he was late.", "Ms. Lindqvist told me she was late."),
        ("He told his team that I trust him.", "She told her team that I trust her."),
        ("They were on time.", "She was on time."),
        ("She trained in Nigeria.", "She trained in Norway."),
    ],
)
def test_the_sentence_model_cannot_see_sex_name_or_origin(a, b):
    assert neutral(a).text == neutral(b).text
