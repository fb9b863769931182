"""A rater quotes; the corpus keeps offsets."""

from __future__ import annotations

import json

import pytest

from lorscore.training.add_ratings import main
from lorscore.training.corpus import parse_marked, read_rating

LETTER = "Dear Director,\nShe carried seven\npatients. I recommend her. I recommend her."
RATING = {
    "id": "L1",
    "strength": 4,
    "specificity": 3,
    "comparative": 2,
    "override": False,
    "facts": {"weeks": 4},
    "spans": [
        {"quote": "carried seven patients", "kind": "responsibility", "assertion": "affirmed", "decisive": True},
        {"quote": "I recommend her", "kind": "endorsement", "degree": "plain"},
        {"quote": "I recommend her", "kind": "endorsement", "degree": "plain"},
    ],
}


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "L1.txt").write_text(LETTER, "utf-8")
    return tmp_path


def brought_in(corpus, rating) -> int:
    (corpus / "mine.jsonl").write_text(json.dumps(rating), "utf-8")
    return main([str(corpus), str(corpus / "mine.jsonl"), "--rater", "B7"])


def test_quotes_are_found_across_line_ends_and_one_place_after_another(corpus):
    assert brought_in(corpus, RATING) == 0
    record = json.loads((corpus / "ratings" / "B.jsonl").read_text("utf-8"))
    spans = read_rating(record, "B.jsonl").spans
    assert [LETTER[s.start : s.end] for s in spans] == ["carried seven\npatients", "I recommend her", "I recommend her"]
    assert len({s.start for s in spans}) == 3
    assert record["rater"] == "B7"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "L2"}, "no letter 'L2'"),
        ({"strength": 6}, "strength must be 1-5"),
        ({"spans": [{"quote": "eight patients", "kind": "responsibility"}]}, "not in the letter: 'eight patients'"),
        ({"spans": [{"quote": "I recommend her", "kind": "endorsement"}]}, "needs a degree"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_added(corpus, capsys, change, complaint):
    assert brought_in(corpus, {**RATING, **change}) == 2
    assert complaint in capsys.readouterr().err
    assert not (corpus / "ratings").exists()


def test_a_mark_may_stand_inside_a_mark():
    found = parse_marked(
        "<ev kind=concern>She was not <ev kind=intern_level assertion=negated>an intern yet</ev></ev>."
    )
    assert [(s.kind, s.assertion, found.text[s.start : s.end]) for s in found.spans] == [
        ("concern", "affirmed", "She was not an intern yet"),
        ("intern_level", "negated", "an intern yet"),
    ]
