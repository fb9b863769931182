"""Tables are whole when they are there, and safe to open in a spreadsheet."""

from __future__ import annotations

import json
import sqlite3
import sys

import openpyxl
import pandas as pd
import pytest

from lorscore.errors import BatchError, MissingExtraError
from lorscore.report.table_files import read_table, write_tables

TYPES = {"name": "string", "n": "Int64", "share": "Float64", "ok": "boolean"}
FIRST = pd.DataFrame({"name": ["=1+1", None], "n": [1, None], "share": [0.5, None], "ok": [True, None]}).astype(TYPES)
SECOND = pd.DataFrame({"name": ["Núñez\x0b"], "n": [3], "share": [None], "ok": [False]}).astype(TYPES)


def tables():
    return {"letters": iter([FIRST, SECOND]), "evidence": iter([SECOND])}


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_each_table_has_a_file(tmp_path, ending):
    written = write_tables(tables(), tmp_path / f"season.{ending}")
    assert [p.name for p in written] == [f"season.{ending}", f"season_evidence.{ending}"]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in written)


def test_parquet_holds_types_and_empty_cells(tmp_path):
    path, _ = write_tables(tables(), tmp_path / "season.parquet")
    back = pd.read_parquet(path)
    assert len(back) == 3
    assert back["n"].tolist()[::2] == [1, 3]
    assert pd.isna(back["name"][1])


def test_json_lines_hold_null_for_empty_cells(tmp_path):
    path, _ = write_tables(tables(), tmp_path / "season.jsonl")
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert records[1] == {"name": None, "n": None, "share": None, "ok": None}
    assert records[0] == {"name": "=1+1", "n": 1, "share": 0.5, "ok": True}


def test_excel_and_sqlite_hold_all_tables_in_one_file(tmp_path):
    write_tables(tables(), tmp_path / "season.xlsx")
    book = openpyxl.load_workbook(tmp_path / "season.xlsx")
    assert book.sheetnames == ["letters", "evidence"]
    write_tables(tables(), tmp_path / "season.sqlite")
    with sqlite3.connect(tmp_path / "season.sqlite") as db:
        assert db.execute("select n from letters").fetchall() == [(1,), (None,), (3,)]
    db.close()


def test_a_letter_s_words_are_never_a_formula(tmp_path):
    write_tables(tables(), tmp_path / "season.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "season.xlsx")["letters"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    path, _ = write_tables(tables(), tmp_path / "season.csv")
    assert path.read_text("utf-8").splitlines()[1].startswith("'=1+1")


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "season.csv"
    path.write_text("old")

    def breaks():
        yield FIRST
        raise OSError(28, "No space left on device")

    with pytest.raises(BatchError, match="No space left on device"):
        write_tables({"letters": breaks()}, path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["season.csv"]


def test_an_unknown_ending_is_named(tmp_path):
    with pytest.raises(BatchError, match=r"season.doc: tables are written as .csv"):
        write_tables(tables(), tmp_path / "season.doc")


@pytest.mark.parametrize(("ending", "package"), [("parquet", "pyarrow"), ("xlsx", "openpyxl")])
def test_a_missing_package_is_named_with_its_extra(tmp_path, monkeypatch, ending, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'lorscore\[tables\]'"):
        write_tables(tables(), tmp_path / f"season.{ending}")


def test_tables_are_read_as_text(tmp_path):
    table = FIRST.assign(n=[1, 2])
    write_tables({"letters": [table]}, tmp_path / "t.xlsx")
    write_tables({"letters": [table]}, tmp_path / "t.parquet")
    (tmp_path / "t.csv").write_text("﻿id,name\n00123,\n", "utf-8")
    assert read_table(tmp_path / "t.csv").to_dict("records") == [{"id": "00123", "name": ""}]
    assert read_table(tmp_path / "t.xlsx")["name"].tolist() == ["=1+1", ""]
    assert read_table(tmp_path / "t.parquet")["n"].tolist() == ["1", "2"]


def test_what_is_no_table_is_refused(tmp_path):
    (tmp_path / "t.xlsx").write_text("no workbook")
    for name, complaint in (
        ("t.xlsx", "cannot be read"),
        ("none.csv", "no such file"),
        ("t.doc", "tables are read from"),
    ):
        with pytest.raises(BatchError, match=complaint):
            read_table(tmp_path / name)
