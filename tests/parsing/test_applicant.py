"""Whom a letter is about is told from its names, and no name is treated otherwise than another."""

from __future__ import annotations

import pytest

from lorscore.evidence.find import neutral_of
from lorscore.parsing.applicant import applicant_of
from lorscore.parsing.parse import parse

LETTER = """Dear Program Director,

I am pleased to recommend Dr. {given} {last} for residency. Dr. Alder, our chief, supervised too. Dr. {last} carried
eight patients. {given} was calm, and Alder said so.

Sincerely,
Ruth Adeyinka-Moss, MD
"""
NAMES = [
    ("Morgan", "Ellis"),
    ("Jordan", "Ellis"),
    ("Özlem", "Çelik"),
    ("Şahin", "Ždanov"),
    ("Maria", "de la Cruz"),
    ("Jan", "van der Berg"),
    ("Sara", "Strong"),
    ("Israel", "Christian"),
    ("José", "Núñez"),
    ("Min-jun", "Kim"),
]


def read(given: str, last: str) -> list[str]:
    return [n.text for n in neutral_of(parse(LETTER.format(given=given, last=last)))]


@pytest.mark.parametrize(("given", "last"), NAMES)
def test_the_applicant_is_the_one_the_letter_is_written_for(given, last):
    assert applicant_of(parse(LETTER.format(given=given, last=last))).name == f"{given} {last}"


@pytest.mark.parametrize(("given", "last"), NAMES)
def test_the_model_reads_the_same_words_whatever_the_name(given, last):
    assert read(given, last) == read("Morgan", "Ellis")


def test_the_applicant_and_others_get_different_names():
    assert read("Morgan", "Ellis")[1:] == [
        "Taylor, our chief, supervised too.",
        "Alex carried\neight patients.".replace("\n", " "),
        "Alex was calm, and Taylor said so.",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Re: Letter of recommendation for Noor Halvorsen\n\nDear Director,\n\nShe ran the list.", "Noor Halvorsen"),
        ("Dear Director,\n\nCorentin Ashworthy was my acting intern. Ashworthy carried five.", "Corentin Ashworthy"),
        ("Dear Director,\n\nThe ward was busy and the students were many.", None),
    ],
)
def test_subject_lines_and_bare_names_tell_too(text, name):
    found = applicant_of(parse(text + "\n\nSincerely,\nAda Moss, MD"))
    assert (found.name if found else None) == name


def test_they_are_others_where_the_applicant_is_she():
    text = "Dear Director,\n\nShe did her notes and she left. Our interns carry ten. They do it gladly.\n\nSincerely,\nAda Moss, MD"
    assert [n.text for n in neutral_of(parse(text))][-1] == "people do it gladly."
