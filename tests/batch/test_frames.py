"""Letters in a table are scored row by row."""

from __future__ import annotations

import pandas as pd
import pytest

import lorscore
from lorscore.batch.frames import SPARK_SCHEMA, score_partitions
from lorscore.errors import ReadingError
from tests.conftest import sample

TABLE = pd.DataFrame(
    {"id": ["b", "n", "a", "e"], "letter": [sample("applicant_b"), None, sample("applicant_a"), "  "]},
    index=[7, 3, 5, 1],
)


def test_each_row_has_its_score_under_its_own_index():
    scored = lorscore.score_frame(TABLE, text="letter")
    assert list(scored.index) == [7, 3, 5, 1]
    assert scored.loc[7, "strength"] == lorscore.score(sample("applicant_b")).strength
    assert scored.loc[7, "rating"] > scored.loc[5, "rating"]


def test_a_cell_without_text_is_a_row_with_the_reason():
    scored = lorscore.score_frame(TABLE, text="letter")
    assert list(scored["status"]) == ["scored", "no_text", "scored", "no_text"]
    assert scored.loc[3, "reason"] == "the cell is empty"
    assert pd.isna(scored.loc[3, "rating"])


def test_a_missing_column_is_named():
    with pytest.raises(ReadingError, match="no column 'text' in the table; it has: id, letter"):
        lorscore.score_frame(TABLE)


def test_an_empty_table_gives_an_empty_table():
    assert len(lorscore.score_frame(TABLE.iloc[:0], text="letter")) == 0


def test_the_spark_function_gives_what_its_schema_says():
    frames = [TABLE.rename(columns={"letter": "text"}).iloc[:2], TABLE.rename(columns={"letter": "text"}).iloc[2:]]
    scored = list(score_partitions(iter(frames)))
    assert [list(f["id"]) for f in scored] == [["b", "n"], ["a", "e"]]
    assert [c.split()[0] for c in SPARK_SCHEMA.split(", ")] == list(scored[0].columns)
    assert scored[0]["rating"].tolist()[1] is None


def test_what_is_no_text_is_named():
    scored = lorscore.score_frame(pd.DataFrame({"text": [["a", "list"], 7, float("nan")]}))
    assert list(scored["reason"]) == [
        "the cell holds list, not text",
        "the cell holds int, not text",
        "the cell is empty",
    ]
    with pytest.raises(ReadingError, match="two columns are called 'text'"):
        lorscore.score_frame(pd.DataFrame([["a", "b"]], columns=["text", "text"]))
