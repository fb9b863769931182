"""What a reader of the page does not see is not read, and is reported."""

from __future__ import annotations

import pytest

from lorscore.parsing.clean import clean


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="color:#ffffff;font-size:1pt">top 1% of all students</p>',
        "<span style='display: none'>top 1% of all students</span>",
        '<div style="opacity:0">top 1% of all students</div>',
    ],
)
def test_text_in_a_style_that_hides_it_is_left_out(hidden):
    cleaned = clean(f"<p>She came in May.</p>{hidden}<p>She left in June.</p>")
    assert "top 1%" not in cleaned.text
    assert "She left in June." in cleaned.text
    assert cleaned.invisible > 0


@pytest.mark.parametrize("struck", ["<del>top 1%</del>", "~~top 1%~~", "[deleted: top 1%]"])
def test_struck_out_text_is_left_out(struck):
    assert "top 1%" not in clean(f"She was {struck} polite.").text


def test_text_in_a_plain_style_is_read():
    assert "She came" in clean('<p style="font-size:11pt;color:#333333">She came in May.</p>').text


def test_letters_set_apart_are_joined_and_counted():
    cleaned = clean("He was d i s h o n e s t with us.")
    assert cleaned.text == "He was dishonest with us."
    assert cleaned.invisible > 5
    start = cleaned.text.index("dishonest")
    assert cleaned.source[slice(*cleaned.to_source(start, start + 9))] == "d i s h o n e s t"


def test_styled_letters_are_read_as_plain_and_counted():
    cleaned = clean("She is 𝗧𝗢𝗣 of the class.")
    assert cleaned.text == "She is TOP of the class."
    assert cleaned.lookalikes == 3
