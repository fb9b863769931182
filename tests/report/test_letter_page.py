"""The page shows the letter as written, with nothing in it let loose."""

from __future__ import annotations

import html
import re

import pytest

import lorscore
from lorscore.letter import LetterScore
from tests.conftest import letter, sample


def shown_letter(page: str) -> str:
    body = re.search(r'<div class="letter">(.*?)</div>', page, re.S)
    assert body
    return html.unescape(re.sub(r"</?mark[^>]*>", "", body.group(1)))


def test_the_letter_is_shown_as_written():
    text = sample("applicant_b")
    assert shown_letter(lorscore.score(text).to_html()) == text


def test_markup_in_a_letter_is_only_text():
    text = letter('<script>alert("x")</script> She worked <b>at the level of our interns</b> & more.')
    page = lorscore.score(text).to_html()
    assert "<script>alert" not in page
    assert shown_letter(page) == text


def test_evidence_is_marked_in_place_with_its_kind():
    page = lorscore.score(sample("applicant_b")).to_html()
    assert re.search(r'<mark class="for" title="[^"]*intern level[^"]*">', page)


def test_a_notebook_gets_a_fragment():
    fragment = lorscore.score(sample("applicant_a"))._repr_html_()
    assert fragment.lstrip().startswith("<style>")
    assert "<html" not in fragment


def test_a_score_without_its_letter_says_so():
    score = lorscore.score(sample("applicant_b"))
    with pytest.raises(ValueError, match="score the letter again"):
        LetterScore.from_dict(score.to_dict()).to_html()
