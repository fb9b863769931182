"""The command line, as a coordinator would use it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time

import pytest

from lorscore.cli import main


def test_a_letter_gets_its_rating_its_evidence_and_what_is_missing(samples, capsys):
    assert main(["score", str(samples / "letters" / "applicant_b.txt")]) == 0
    out = capsys.readouterr().out
    assert "rating 5 of 5 (exceptional)" in out
    assert "level of our interns" in out


def test_json_is_one_object_a_letter(samples, capsys):
    files = [str(samples / "letters" / "applicant_a.txt"), str(samples / "pdf" / "applicant_b.pdf")]
    assert main(["score", "--json", *files]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["path"] for r in records] == files
    assert records[0]["rating"] < records[1]["rating"]


def test_standard_input_is_read(samples, capsys, monkeypatch):
    content = (samples / "letters" / "applicant_b.txt").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert main(["score", "-"]) == 0
    assert "rating 5" in capsys.readouterr().out


def test_one_bad_file_does_not_lose_the_others(samples, tmp_path, capsys):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    assert main(["score", str(bad), str(samples / "letters" / "applicant_b.txt")]) == 1
    captured = capsys.readouterr()
    assert "rating 5" in captured.out
    assert captured.err.strip() == f"lorscore: {bad}: the file is empty."


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
def test_nothing_readable_exits_with_two(name, capsys):
    assert main(["score", name]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_the_marked_letter_is_written_as_a_page(samples, tmp_path):
    page = tmp_path / "letter.html"
    assert main(["score", str(samples / "letters" / "applicant_b.txt"), "--html", str(page)]) == 0
    assert "<mark" in page.read_text("utf-8")


def test_a_model_that_is_not_there_is_named(samples, tmp_path, capsys):
    assert main(["score", str(samples / "letters" / "applicant_b.txt"), "--model", str(tmp_path)]) == 2
    assert "no model here" in capsys.readouterr().err


def _seconds(*command: str) -> float:
    best = 60.0
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def test_import_is_light():
    bare = _seconds("-c", "pass")
    assert _seconds("-c", "import lorscore") - bare < 0.3
    loaded = "import lorscore, sys; assert not {'spacy', 'sklearn', 'pandas', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", loaded], check=True)


def test_help_is_quick():
    assert _seconds("-m", "lorscore", "--help") < 0.5


def test_the_first_score_comes_within_three_seconds():
    assert _seconds("-c", "import lorscore; lorscore.score('Dear Director: I recommend her. She is kind.')") < 3
