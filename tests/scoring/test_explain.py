"""Every rating says what separates it from the next one down and the next one up."""

from __future__ import annotations

import re

import pytest

import lorscore
from tests.conftest import SAMPLES, letter, sample


@pytest.mark.parametrize("path", sorted((SAMPLES / "letters").glob("*.txt")), ids=lambda p: p.stem)
def test_the_explanation_names_the_neighbouring_ratings(path):
    score = lorscore.score(path.read_text("utf-8"))
    named = [int(n) for n in re.findall(r"would be a (\d)", score.explanation)]
    assert named
    assert all(n != score.rating or "even without" in score.explanation.lower() for n in named)


def test_what_it_quotes_stands_in_the_letter():
    text = " ".join(sample("applicant_b").split())
    for quote in re.findall("“(.*?)”", lorscore.score(sample("applicant_b")).explanation):
        assert quote.removesuffix(" ...") in text


def test_without_the_quoted_passage_the_rating_falls():
    strong, rest = "She worked at the level of our interns.", "She carried six patients. I recommend her."
    score = lorscore.score(letter(strong, rest))
    assert lorscore.score(letter(rest)).rating <= score.rating


def test_a_held_rating_explains_itself_by_its_warning_only():
    assert (
        lorscore.score(
            "Flour, butter, sugar, four eggs. Bake for forty minutes at 180 degrees and let it cool."
        ).explanation
        == ""
    )
