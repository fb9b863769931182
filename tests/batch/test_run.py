"""A coordinator's folder becomes a table; nothing is lost, whatever happens."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import psutil
import pytest

import lorscore
from lorscore.batch.guarded import child_pids, score_guarded, stop_children
from lorscore.batch.run import run_folder
from lorscore.batch.tables import LETTER_COLUMNS
from lorscore.batch.work import WorkSettings, score_content
from lorscore.cli import main
from lorscore.errors import BatchError, LorscoreError, ReadingError
from lorscore.scoring.store import load
from tests.batch.killing import killed_until_done, make_letters, quick_model, run
from tests.made_pdfs import bomb, hanging, page_of, pdf


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return quick_model(tmp_path_factory.mktemp("model") / "quick")


@pytest.fixture
def settings(model) -> WorkSettings:
    return WorkSettings(model=str(model))


@pytest.fixture
def season(tmp_path: Path) -> Path:
    folder = make_letters(tmp_path / "letters", 6)
    (folder / "13579246 two letters.pdf").write_bytes(
        pdf(
            [
                page_of("Ines Falkenrath", "Tobias Ekwueme"),
                page_of("Odile Boone", "Tobias Ekwueme", "He was never late."),
            ]
        )
    )
    (folder / "empty.txt").write_text("")
    (folder / "recipe.md").write_text("Two cups of flour, one of water. Bake until brown. " * 4)
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.write(sorted(folder.glob("L*.txt"))[0], "again.txt")
    return folder


def rows(table: pd.DataFrame) -> dict[str, dict]:
    return {f"{r['path']}#{r['letter']}": r for r in table.to_dict("records")}


def test_a_row_a_letter_and_a_row_for_what_gave_none(season, settings, tmp_path):
    done = run_folder(season, tmp_path / "season.csv", settings, n_jobs=1, progress=False)
    table = pd.read_csv(tmp_path / "season.csv", dtype={"pages": str, "applicant_id": str})
    assert list(table.columns) == list(LETTER_COLUMNS)
    assert list(table["path"]) == sorted(table["path"])
    found = rows(table)
    assert found["empty.txt#nan"]["status"] == "no_text_layer"
    assert found["empty.txt#nan"]["reason"] == "the file is empty"
    assert found["recipe.md#1.0"]["status"] == "not_a_letter"
    two = [found[f"13579246 two letters.pdf#{n}.0"] for n in (1, 2)]
    assert [r["pages"] for r in two] == ["1", "2"]
    assert {r["applicant_id"] for r in two} == {"13579246"}
    assert done.problems == {"no_text_layer": 1}
    assert (done.files, len(done.letters)) == (10, 11)


def test_the_row_says_what_the_score_says(season, settings, model):
    table = run_folder(season, None, settings, n_jobs=1, progress=False).letters
    scores = {path: load(model).score(path.read_text("utf-8")) for path in sorted(season.glob("L*.txt"))}
    path, score = next((p, s) for p, s in scores.items() if any(e.weight for e in s.evidence))
    row = table[table["path"] == path.name].iloc[0]
    assert row["strength"] == score.strength
    assert row["override_probability"] == score.override_probability
    assert row["rating_3_probability"] == score.rating_probabilities[3]
    heaviest = max(score.evidence, key=lambda e: abs(e.weight))
    assert row["quote_1"] == " ".join(heaviest.text.split())
    assert row["writer_name"] == score.facts.writer_name


def test_the_evidence_has_a_table_of_its_own(season, settings, model, tmp_path):
    run_folder(season, tmp_path / "season.csv", settings, n_jobs=1, progress=False)
    evidence = pd.read_csv(tmp_path / "season_evidence.csv")
    path = sorted(season.glob("L*.txt"))[2]
    text = path.read_text("utf-8")
    mine = evidence[evidence["path"] == path.name]
    assert len(mine) == len(load(model).score(text).evidence)
    assert all(text[r.start : r.end] == r.text.removeprefix("'") for r in mine.itertuples())


def test_the_same_letter_in_two_places_is_scored_once_and_told(season, settings):
    done = run_folder(season, None, settings, n_jobs=1, progress=False)
    again = done.letters[done.letters["path"] == "more.zip/again.txt"].iloc[0]
    assert again["like_relation"] == "same_applicant"
    assert again["like_share"] == 1.0
    assert done.scored_now == 9


def test_next_week_only_what_is_new_or_changed_is_scored(season, settings, tmp_path):
    out = tmp_path / "season.csv"
    run_folder(season, out, settings, n_jobs=1, progress=False)
    before = out.read_bytes()
    assert run_folder(season, out, settings, n_jobs=1, progress=False).scored_now == 0
    assert out.read_bytes() == before
    changed = sorted(season.glob("L*.txt"))[1]
    changed.write_text(changed.read_text("utf-8") + "\nP.S. He also ran the list.\n", "utf-8")
    (season / "new.txt").write_text(page_of("Ada Moss", "Rowan Achterberg"))
    assert run_folder(season, out, settings, n_jobs=1, progress=False).scored_now == 2


def test_corrected_phrase_rules_score_everything_again(season, settings, tmp_path, monkeypatch):
    out = tmp_path / "season.csv"
    run_folder(season, out, settings, n_jobs=1, progress=False)
    monkeypatch.setattr("lorscore.batch.run.knowledge_hash", lambda: "corrected")
    assert run_folder(season, out, settings, n_jobs=1, progress=False).scored_now == 9


def test_a_worker_with_another_model_is_refused(settings):
    with pytest.raises(LorscoreError, match="it has the model lorscore"):
        score_guarded(b"x", replace(settings, expects="lorscore 9.9"))


def test_one_run_does_not_end_another(settings):
    letter = page_of("Ada Moss", "Rowan Achterberg").encode()
    mine, other = replace(settings, run="mine"), replace(settings, run="other")
    try:
        score_guarded(letter, mine)
        score_guarded(letter, other)
        stop_children("other")
        assert (len(child_pids("mine")), len(child_pids("other"))) == (1, 0)
    finally:
        stop_children("mine")


def test_another_model_scores_everything_again(season, settings, tmp_path):
    out = tmp_path / "season.csv"
    run_folder(season, out, settings, n_jobs=1, progress=False)
    other = quick_model(tmp_path / "other")
    scorer = load(other)
    replace(scorer, about={**scorer.about, "name": "another"}).save(other)
    assert run_folder(season, out, WorkSettings(model=str(other)), n_jobs=1, progress=False).scored_now == 9


def test_one_by_one_and_side_by_side_are_the_same(season, settings, tmp_path):
    one = run_folder(season, tmp_path / "one.csv", settings, n_jobs=1, progress=False).letters
    two = run_folder(season, tmp_path / "two.csv", settings, n_jobs=2, progress=False).letters
    pd.testing.assert_frame_equal(one, two)
    assert (tmp_path / "one_evidence.csv").read_bytes() == (tmp_path / "two_evidence.csv").read_bytes()


def test_a_poisoned_pdf_costs_one_row(season, model, tmp_path):
    (season / "hangs.pdf").write_bytes(hanging())
    done = run_folder(season, tmp_path / "season.csv", WorkSettings(str(model), seconds=4.0), n_jobs=1, progress=False)
    found = done.letters.set_index("path")
    assert found.loc["hangs.pdf", "status"] == "timed_out"
    assert "more than 4 seconds" in found.loc["hangs.pdf", "reason"]
    assert (found["status"] == "scored").sum() == 9
    ours = [c for c in psutil.Process().children() if "lorscore.batch.guarded" in c.cmdline()]
    assert not ours


def test_a_file_that_unpacks_to_more_than_the_memory_costs_one_row(model):
    small = WorkSettings(str(model), gigabytes=0.5)
    try:
        outcome = score_guarded(bomb(400), small)
        assert outcome["problem"]["code"] in ("crashed", "out_of_memory")
        assert score_guarded(page_of("Ada Moss", "Rowan Achterberg").encode(), small)["problem"] is None
    finally:
        stop_children("")


def test_a_worker_that_is_killed_is_replaced_and_its_letter_scored(settings, model):
    letter = page_of("Ada Moss", "Rowan Achterberg").encode()
    try:
        score_guarded(letter, settings)
        (pid,) = child_pids()
        subprocess.run(["kill", "-9", str(pid)], check=True)
        assert score_guarded(letter, settings) == score_content(letter, load(model))
    finally:
        stop_children("")


def test_a_fault_of_ours_names_its_kind_and_no_word_of_the_letter(settings, monkeypatch):
    assert "Rowan" not in json.dumps(score_guarded(b"\x00\x01Rowan", settings)["problem"])
    stop_children("")


def test_a_run_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing(model, tmp_path):
    letters = make_letters(tmp_path / "letters", 40)
    straight = tmp_path / "straight.csv"
    subprocess.run(run(letters, straight, model), check=True, stdout=subprocess.DEVNULL)
    count = killed_until_done(letters, model, straight, random.Random(7), longest=9.0)
    assert count.runs_killed
    assert (count.lost, count.doubled, count.scored_again, count.different) == (0, 0, 0, 0)


def test_interrupted_it_says_so_and_goes_on_there(season, model, tmp_path):
    command = run(season, tmp_path / "season.csv", model)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    work = tmp_path / "season.csv.work-wal"
    while process.poll() is None and (not work.is_file() or work.stat().st_size < 40_000):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert b"Traceback" not in errors
    assert process.returncode == 130
    assert b"what was scored is kept" in errors
    assert subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 1


def test_the_command_line_says_what_it_did_and_that_it_is_partial(season, model, tmp_path, capsys):
    command = ["batch", str(season), "-o", str(tmp_path / "t.jsonl"), "--model", str(model), "--quiet", "--jobs", "1"]
    assert main([*command, "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert (record["letters"], record["problems"], record["not_letters"]) == (10, {"no_text_layer": 1}, 1)
    (season / "empty.txt").unlink()
    assert main(command) == 0
    assert "9 files, 9 of them known from an earlier run: 10 letters" in capsys.readouterr().out


def test_progress_tells_rate_and_time_left_on_standard_error(season, model, tmp_path, capsys):
    main(["batch", str(season), "-o", str(tmp_path / "t.csv"), "--model", str(model)])
    assert "/10 [" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"out": "season.doc"}, "tables are written as"),
        ({"folder": "nowhere"}, "no such folder"),
        ({"folder": "bare"}, "no letters here"),
        ({"jobs": 0}, "n_jobs"),
    ],
)
def test_a_run_that_cannot_start_says_why_before_any_work(season, settings, tmp_path, change, complaint):
    (tmp_path / "bare").mkdir()
    folder = tmp_path / change["folder"] if "folder" in change else season
    with pytest.raises((BatchError, ReadingError), match=complaint):
        run_folder(
            folder, tmp_path / change.get("out", "t.csv"), settings, n_jobs=change.get("jobs", 1), progress=False
        )


def test_a_model_that_is_not_there_is_named(season, tmp_path):
    with pytest.raises(LorscoreError, match="no model here"):
        lorscore.score_folder(season, model=tmp_path, progress=False)


def test_the_work_file_and_what_is_written_hold_no_trace_in_the_log(season, model, tmp_path):
    (season / "broken.pdf").write_bytes(b"%PDF-1.4 " + page_of("Ada Moss", "Rowan Achterberg").encode())
    (season / "binary.txt").write_bytes(b"\x00Rowan Achterberg carried six patients")
    command = [c for c in run(season, tmp_path / "t.csv", model) if c != "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    for path in season.glob("*.txt"):
        words = path.read_bytes().decode("utf-8", "replace").split()
        assert not any(" ".join(words[i : i + 4]) in said for i in range(len(words) - 3))
    assert "Achterberg" not in said


def test_score_folder_is_the_same_from_python(season, model):
    table = lorscore.score_folder(season, model=model, n_jobs=1, progress=False)
    assert list(table.columns) == list(LETTER_COLUMNS)
    assert table["rating"].dtype == "Int64"
