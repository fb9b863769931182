"""What always holds, whatever the letter."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lorscore
from lorscore.letter import LetterScore
from lorscore.parsing.parse import parse
from lorscore.training.corpus import load_letters
from tests.conftest import SAMPLES

LETTERS = [x.text for x in load_letters(SAMPLES / "corpus")][::9]
STRONG_SENTENCES = [
    "She worked at the level of our interns.",
    "He carried eight patients a day and wrote all of the orders.",
    "She is the best of the forty students I have supervised.",
    "I would be delighted to have him as our resident.",
    "I give her my highest recommendation without reservation.",
]
CONCERNS = [
    "He was often late and left early.",
    "She needed much more supervision than her peers.",
    "There were gaps in his knowledge.",
]
letters = st.sampled_from(LETTERS)


def with_sentence(text: str, sentence: str) -> str:
    """Put a sentence at the end of the body, as a paragraph of its own."""
    body = parse(text).body
    _, _, end = parse(text).verbatim(body[-1].start, body[-1].end)
    return text[:end] + "\n\n" + sentence + "\n\n" + text[end:].lstrip("\n")


def suspicious(score: LetterScore) -> bool:
    return any(w.code in ("phrase_stuffing", "not_a_letter") for w in score.warnings)


@given(letters)
@settings(max_examples=15, deadline=None)
def test_every_span_is_verbatim_and_inside_its_sentence(text):
    for e in lorscore.score(text).evidence:
        assert text[e.start : e.end] == e.text
        assert e.text in e.sentence
        assert e.sentence in text


@given(letters, st.sampled_from(STRONG_SENTENCES))
@settings(max_examples=25, deadline=None)
def test_a_strong_sentence_more_never_lowers_strength(text, sentence):
    before, after = lorscore.score(text), lorscore.score(with_sentence(text, sentence))
    if not suspicious(after):
        assert after.strength >= before.strength - 1e-6


@given(letters, st.sampled_from(CONCERNS))
@settings(max_examples=20, deadline=None)
def test_a_concern_more_never_raises_strength(text, sentence):
    assert lorscore.score(with_sentence(text, sentence)).strength <= lorscore.score(text).strength + 1e-6


@given(letters, st.sampled_from(STRONG_SENTENCES + CONCERNS))
@settings(max_examples=20, deadline=None)
def test_saying_it_twice_adds_nothing(text, sentence):
    once = with_sentence(text, sentence)
    twice = with_sentence(once, sentence)
    assert lorscore.score(twice).strength == pytest.approx(lorscore.score(once).strength, abs=1e-6)


SWAP = {
    "he": "she",
    "him": "her",
    "his": "her",
    "himself": "herself",
    "mr": "ms",
    "he's": "she's",
    "he'd": "she'd",
    "he'll": "she'll",
}


@pytest.mark.parametrize("text", [t for t in LETTERS if re.search(r"\bhe\b", t) and not re.search(r"\bshe\b", t)][:8])
def test_a_pronoun_moves_no_score(text):
    def swap(match: re.Match[str]) -> str:
        word = match.group()
        new = SWAP[word.lower()]
        return new.capitalize() if word[0].isupper() else new

    swapped = re.sub(rf"\b(?:{'|'.join(sorted(SWAP, key=len, reverse=True))})\b", swap, text, flags=re.I)
    a, b = lorscore.score(text), lorscore.score(swapped)
    assert b.strength == pytest.approx(a.strength, abs=1e-6)
    assert b.override_probability == pytest.approx(a.override_probability, abs=1e-6)


@pytest.mark.parametrize("text", LETTERS[:12])
def test_a_name_moves_no_score(text):
    a = lorscore.score(text)
    if not a.facts.applicant_name:
        pytest.skip("no name was found in this letter")
    swapped = text
    for old, new in zip(a.facts.applicant_name.split(), ("Oyelaran", "Hjortsberg", "Quispe"), strict=False):
        swapped = re.sub(rf"\b{re.escape(old)}\b", new, swapped)
    assert lorscore.score(swapped).strength == pytest.approx(a.strength, abs=1e-6)


@pytest.mark.parametrize("origin", ["Norwegian", "Nigerian", "Pakistani", "American", "Mexican"])
def test_a_nationality_moves_no_score(origin):
    text = (
        "Dear Director, {} physicians such as Dr. Varn train for six years. He carried five patients. I recommend him."
    )
    assert lorscore.score(text.format(origin)).strength == lorscore.score(text.format("German")).strength


@given(letters)
@settings(max_examples=10, deadline=None)
def test_json_round_trip(text):
    score = lorscore.score(text)
    again = LetterScore.from_dict(json.loads(json.dumps(score.to_dict())))
    assert again == score
    assert "Dear" not in json.dumps({k: v for k, v in score.to_dict().items() if k not in ("evidence", "facts")})


@given(letters)
@settings(max_examples=10, deadline=None)
def test_numbers_are_in_their_ranges(text):
    score = lorscore.score(text)
    assert sum(score.rating_probabilities.values()) == pytest.approx(1, abs=1e-4)
    assert score.rating == max(score.rating_probabilities, key=lambda k: score.rating_probabilities[k])
    low, high = score.strength_interval
    assert 0 <= low <= score.strength <= high <= 100
    assert 0 <= score.override_probability <= 1
    assert all(0 <= e.confidence <= 1 for e in score.evidence)


@given(st.text(max_size=400))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_string_gives_a_result(text):
    score = lorscore.score(text)
    assert 1 <= score.rating <= 5
    for e in score.evidence:
        assert text[e.start : e.end] == e.text


MEGABYTES = {
    "letters": "a",
    "open brackets": "(",
    "quotes": '"',
    "spaces": " ",
    "newlines": "\n",
    "dots": ".",
    "hyphens at line ends": "a-\n",
    "dashes": "- ",
    "page footers": "\nPage 1 of 2\n",
    "one sentence": "she carried eight patients and ",
    "sentences": "I would take her back. ",
    "not": "not ",
    "boxes": "[ ] ",
    "salutations": "Dear Dr. X,\n",
    "names": "Dr. Aaa Bbb ",
    "emoji": "\U0001f600",
    "zero width": "\u200b",
    "cyrillic": "а",
    "mixed look-alikes": "pа",
    "digits": "7 ",
    "colons": "Name: ",
    "levels": "at the level of ",
    "tabs": "\t\n",
}


@pytest.mark.parametrize("what", MEGABYTES)
def test_a_megabyte_of_anything_takes_under_five_seconds(what):
    text = MEGABYTES[what] * (1_000_000 // len(MEGABYTES[what]))
    start = time.perf_counter()
    score = lorscore.score(text)
    assert time.perf_counter() - start < 5
    assert any(w.code == "too_long" for w in score.warnings)
