"""Labels come in from tables and from labelling tools, and every mistake in them is named."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest

from lorscore.errors import LabelError
from lorscore.letter import Letter
from lorscore.scoring.store import default_scorer
from lorscore.training.export import export, labelling_interface, least_certain_first, uncertainty
from lorscore.training.labels import load_labels, span_label
from tests.conftest import sample

TEXT = "Dear Director, she carried eight patients. I would take her back."


def written(path, records):
    path.write_text("\n".join(json.dumps(r) for r in records), "utf-8")
    return path


def test_a_table_of_texts_and_ratings_is_read(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("Text,Strength,Override,Writer\nA letter.,4,yes,w1\nAnother.,2,no,w2\n", "utf-8")
    first, second = load_labels(path)
    assert (first.text, first.voice, first.median("strength"), first.median("override")) == ("A letter.", "w1", 4, 1)
    assert second.values("comparative") == []


def test_a_table_may_name_files(tmp_path):
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    path = tmp_path / "labels.csv"
    path.write_text("path,override\none.txt,no\n", "utf-8")
    assert load_labels(path)[0].text == TEXT


def test_a_data_frame_is_read_like_a_table():
    (letter,) = load_labels(pd.DataFrame({"text": [TEXT], "strength": [5]}))
    assert letter.values("strength") == [5]


def test_two_readers_of_one_letter_are_joined(tmp_path):
    path = written(
        tmp_path / "l.jsonl",
        [{"id": "a", "text": TEXT, "strength": s, "rater": r} for s, r in ((4, "one"), (5, "two"))],
    )
    (letter,) = load_labels(path)
    assert letter.mean("strength") == 4.5


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("A letter.,6,yes", "strength must be a whole number from 1 to 5, not '6'"),
        ("A letter.,3.5,yes", "not '3.5'"),
        ("A letter.,3,perhaps", "override must be yes or no, not 'perhaps'"),
        (",3,yes", "neither text nor path"),
    ],
)
def test_a_value_off_the_scale_is_named_with_its_row(tmp_path, row, named):
    path = tmp_path / "labels.csv"
    path.write_text(f"text,strength,override\n{row}\n", "utf-8")
    with pytest.raises(LabelError, match=r"labels\.csv: row 2") as raised:
        load_labels(path)
    assert named in str(raised.value)


def test_every_mistake_is_named_at_once(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("text,strength\na,9\nb,3\nc,0\nd,x\n", "utf-8")
    with pytest.raises(LabelError) as raised:
        load_labels(path)
    assert [f"row {n}" in str(raised.value) for n in (2, 3, 4, 5)] == [True, False, True, True]


@pytest.mark.parametrize(
    ("content", "named"),
    [("words,strength\na,3\n", "no column 'text' or 'path'"), ("text,mood\na,3\n", "no label column")],
)
def test_a_table_without_the_needed_columns_says_which(tmp_path, content, named):
    path = tmp_path / "labels.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(LabelError, match=named):
        load_labels(path)


LABEL_STUDIO = [
    {
        "id": 7,
        "data": {"text": TEXT, "writer": "w1"},
        "annotations": [
            {
                "completed_by": 3,
                "result": [
                    {
                        "from_name": "evidence",
                        "type": "labels",
                        "value": {"start": 19, "end": 41, "text": TEXT[19:41], "labels": ["responsibility"]},
                    },
                    {"from_name": "strength", "type": "rating", "value": {"rating": 4}},
                    {"from_name": "override", "type": "choices", "value": {"choices": ["yes"]}},
                ],
            },
            {"completed_by": 4, "was_cancelled": True, "result": []},
        ],
    }
]


def test_label_studio_exports_are_read(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(LABEL_STUDIO), "utf-8")
    (letter,) = load_labels(path)
    assert (letter.voice, letter.values("strength"), letter.values("override")) == ("w1", [4], [1])
    (span,) = letter.ratings[0].spans
    assert letter.text[span.start : span.end] == "carried eight patients"


def test_a_span_that_is_not_where_its_words_stand_is_refused(tmp_path):
    moved = json.loads(json.dumps(LABEL_STUDIO))
    moved[0]["annotations"][0]["result"][0]["value"]["start"] = 15
    path = tmp_path / "export.json"
    path.write_text(json.dumps(moved), "utf-8")
    with pytest.raises(LabelError, match="record 1: the span 15-41 is not where its words stand"):
        load_labels(path)


def test_doccano_exports_are_read(tmp_path):
    path = written(
        tmp_path / "d.jsonl",
        [
            {"id": 1, "text": TEXT, "label": [[19, 41, "responsibility"]], "strength": 4},
            {
                "id": 2,
                "text": TEXT + "!",
                "entities": [{"start_offset": 45, "end_offset": 64, "label": "would_take:hypothetical"}],
                "cats": ["strength:3"],
            },
        ],
    )
    first, second = load_labels(path)
    assert first.ratings[0].spans[0].kind == "responsibility"
    assert (second.ratings[0].spans[0].assertion, second.values("strength")) == ("hypothetical", [3])


def test_prodigy_exports_are_read_and_what_was_passed_over_is_left_out(tmp_path):
    path = written(
        tmp_path / "p.jsonl",
        [
            {"text": "one", "answer": "accept", "accept": ["strength:2"]},
            {"text": "two", "answer": "ignore"},
            {"text": "three", "answer": "reject", "label": "override"},
            {"text": TEXT, "answer": "accept", "spans": [{"start": 19, "end": 41, "label": "responsibility"}]},
        ],
    )
    one, three, four = load_labels(path)
    assert (one.values("strength"), three.values("override")) == ([2], [0])
    assert four.ratings[0].spans[0].end == 41


def test_an_unknown_span_label_is_named(tmp_path):
    path = written(tmp_path / "d.jsonl", [{"text": TEXT, "label": [[0, 4, "wonderful"]]}])
    with pytest.raises(LabelError, match="unknown span label 'wonderful'"):
        load_labels(path)


@pytest.mark.parametrize("tool", ["label-studio", "doccano"])
def test_what_is_exported_for_labelling_is_read_back(tmp_path, tool):
    letters = [Letter(sample(name), name) for name in ("applicant_a", "four_lines", "kind_words")]
    scored = least_certain_first(letters, default_scorer())
    assert [uncertainty(s) for _, s in scored] == sorted((uncertainty(s) for _, s in scored), reverse=True)
    out = tmp_path / ("tasks.json" if tool == "label-studio" else "tasks.jsonl")
    export(scored, tool, out)
    if tool == "label-studio":  # the reader accepts what was marked before
        tasks = json.loads(out.read_text("utf-8"))
        for task in tasks:
            task["annotations"] = [{"result": task["predictions"][0]["result"]}]
        out.write_text(json.dumps(tasks), "utf-8")
    for (letter, score), back in zip(scored, load_labels(out), strict=True):
        assert back.text == letter.text
        found = [(s.start, s.end, s.kind, s.assertion, s.degree) for s in back.ratings[0].spans]
        assert found == [(e.start, e.end, e.kind, e.assertion, e.degree) for e in score.evidence]


def test_the_labelling_interface_offers_every_rating_and_span_label():
    interface = labelling_interface()
    for name in ("strength", "specificity", "comparative", "override"):
        assert f'name="{name}"' in interface
    assert f'<Label value="{span_label("endorsement", "negated", "strong")}"/>' in interface


def test_csv_with_commas_and_line_breaks_in_letters_survives(tmp_path):
    path = tmp_path / "labels.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["text", "strength"], ['She said, "no",\nand left.', "2"]])
    assert load_labels(path)[0].text == 'She said, "no",\nand left.'
