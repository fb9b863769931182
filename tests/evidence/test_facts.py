"""The facts of a letter, each with the words it came from."""

from __future__ import annotations

import pytest

from lorscore.evidence.facts import find_facts
from lorscore.parsing.parse import parse
from tests.conftest import letter, sample


def test_applicant_b():
    text = sample("applicant_b")
    facts = find_facts(parse(text))
    assert facts.rotation == "acting_internship"
    assert facts.weeks == 4
    assert facts.direct_supervision is True
    assert facts.us_setting is True
    assert facts.waived is True
    assert facts.writer_role == "teaching_attending"
    assert facts.writer_name == "Harriet Okonjo-Lindgren"
    assert facts.applicant_name == "Ilinca Varzaru"
    assert facts.applicant_id == "10000002"
    for name, (start, end) in facts.spans.items():
        assert text[start:end].strip(), name
    assert text[slice(*facts.spans["weeks"])] == "four weeks"


@pytest.mark.parametrize(
    ("fact", "value", "sentence"),
    [
        ("rotation", "observership", "She was an observer in our clinic for four weeks."),
        ("rotation", "shadowing", "He shadowed me in the office."),
        ("rotation", "outpatient", "She joined my private practice for two months."),
        ("rotation", "research", "He was a research fellow in my group."),
        ("weeks", 9, "I worked with her for two months on the wards."),
        ("weeks", 6, "He spent six weeks on our service."),
        ("weeks", None, "In my twenty years of teaching I have seen many students."),
        ("weeks", None, "He presented a 62-year-old man."),
        ("direct_supervision", False, "I did not supervise him directly."),
        ("direct_supervision", True, "I supervised her directly."),
        ("waived", False, "She has not waived her right to see this letter."),
        ("waived", None, "I am happy to write for her."),
    ],
)
def test_one_fact(fact, value, sentence):
    assert getattr(find_facts(parse(letter(sentence))), fact) == value
