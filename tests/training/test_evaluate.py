"""The figures of an evaluation are those of the labels and the scores it was given."""

from __future__ import annotations

import csv
import json
import shutil

import pytest

from lorscore.cli import main
from tests.conftest import SAMPLES

CORPUS = SAMPLES / "corpus"


@pytest.fixture
def small_corpus(tmp_path):
    """Eight letters of two voices, with all their ratings, and nothing held back."""
    rows = [
        r
        for r in csv.DictReader((CORPUS / "letters.csv").read_text("utf-8").splitlines())
        if r["voice"] in ("v27", "v32")
    ]
    rows = [*rows[:6], *rows[-6:]]
    (tmp_path / "letters").mkdir()
    (tmp_path / "ratings").mkdir()
    for folder in ("sentences", "trials"):
        (tmp_path / folder).mkdir()
    with (tmp_path / "letters.csv").open("w", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        shutil.copy(CORPUS / "letters" / f"{row['id']}.txt", tmp_path / "letters")
    chosen = {row["id"] for row in rows}
    for file in (CORPUS / "ratings").glob("*.jsonl"):
        kept = [line for line in file.read_text("utf-8").splitlines() if json.loads(line)["id"] in chosen]
        (tmp_path / "ratings" / file.name).write_text("\n".join(kept), "utf-8")
    (tmp_path / "trials.csv").write_text("id,ceiling,what,split\n", "utf-8")
    (tmp_path / "pairs.jsonl").write_text("", "utf-8")
    return tmp_path


def test_evaluate_prints_every_figure_as_json(small_corpus, capsys):
    assert main(["evaluate", str(small_corpus), "--json"]) == 0
    figures = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_name = {f["figure"]: f for f in figures}
    assert by_name["letters"]["value"] == 12
    assert by_name["all: rating with the readers' median, quadratic kappa"]["n"] == 12
    assert 0 <= by_name["AUROC"]["value"] <= 1
    assert {"F1, micro", "weeks", "TF-IDF and ridge: strength, Spearman"} <= set(by_name)


def test_a_folder_without_labels_is_refused_with_what_is_missing(tmp_path, capsys):
    assert main(["evaluate", str(tmp_path)]) == 2
    assert "letters.csv is missing" in capsys.readouterr().err


def test_a_missing_column_is_named(small_corpus, capsys):
    table = (small_corpus / "letters.csv").read_text("utf-8")
    (small_corpus / "letters.csv").write_text(table.replace(",pronoun,", ",sex,"), "utf-8")
    assert main(["evaluate", str(small_corpus)]) == 2
    assert "'pronoun' is missing" in capsys.readouterr().err
