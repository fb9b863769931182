"""What was scored is kept, whatever happens next."""

from __future__ import annotations

import sqlite3
import stat

import pytest

from lorscore.batch.store import WorkFile, made_with
from lorscore.errors import BatchError

MADE = made_with({"model": "m 1", "ocr": False})
SCORED = {"letters": [{"pages": None}], "problem": None}


def problem(code: str) -> dict:
    return {"letters": [], "problem": {"code": code, "message": "why"}}


def test_an_outcome_is_there_in_the_next_run(tmp_path):
    path = tmp_path / "season.work"
    with WorkFile(path, MADE) as store:
        store.keep("aa", SCORED)
    with WorkFile(path, MADE) as store:
        assert store.known() == {"aa"}
        assert store.outcome("aa") == SCORED


def test_another_model_knows_nothing_and_takes_its_place(tmp_path):
    path, newer = tmp_path / "season.work", made_with({"model": "m 2", "ocr": False})
    with WorkFile(path, MADE) as store:
        store.keep("aa", SCORED)
    with WorkFile(path, newer) as store:
        assert store.known() == set()
        assert store.outcome("aa") is None
        store.keep("aa", problem("no_text_layer"))
        assert store.known() == {"aa"}


def test_what_the_bytes_do_not_decide_is_tried_again(tmp_path):
    path = tmp_path / "season.work"
    with WorkFile(path, MADE) as store:
        for code in ("timed_out", "crashed", "out_of_memory", "failed", "no_text_layer", "unreadable"):
            store.keep(code, problem(code))
            assert store.outcome(code) == problem(code)
    with WorkFile(path, MADE) as store:
        assert store.known() == {"no_text_layer", "unreadable"}


def test_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "season.work"
    with WorkFile(path, MADE) as store:
        store.keep("aa", SCORED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_runs_on_one_file_do_not_mix(tmp_path):
    path = tmp_path / "season.work"
    with WorkFile(path, MADE), pytest.raises(BatchError, match="another run is working on it"):
        WorkFile(path, MADE)


def test_a_file_of_another_kind_is_not_touched(tmp_path):
    path = tmp_path / "season.work"
    path.write_text("a coordinator's notes, long enough to be no database header " * 20)
    before = path.read_bytes()
    with pytest.raises(BatchError, match="not a work file"):
        WorkFile(path, MADE)
    assert path.read_bytes() == before


def test_another_program_s_database_is_not_touched(tmp_path):
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as db:
        db.execute("create table notes (a)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(BatchError, match="another program's database"):
        WorkFile(path, MADE)
    assert path.read_bytes()[100:] == before[100:]


def test_a_damaged_file_is_named_and_not_a_traceback(tmp_path):
    path = tmp_path / "season.work"
    with WorkFile(path, MADE) as store:
        for n in range(200):
            store.keep(f"{n}", {"letters": [{"text": [str(n * 7919) for _ in range(50)]}], "problem": None})
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\xff" * (4096 * 4)
    path.write_bytes(content)
    with pytest.raises(BatchError, match="damaged; move it away"), WorkFile(path, MADE) as store:
        for n in range(200):
            store.outcome(f"{n}")


def test_a_file_of_a_newer_lorscore_is_named(tmp_path):
    path = tmp_path / "season.work"
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(BatchError, match="format 99"):
        WorkFile(path, MADE)


def test_a_full_disk_is_borne_and_made_good_when_there_is_room(tmp_path):
    path = tmp_path / "season.work"
    with WorkFile(path, MADE) as store:
        store.keep("aa", SCORED)
        (pages,) = store._db.execute("pragma page_count").fetchone()
        store._db.execute(f"pragma max_page_count = {pages}")
        large = {"letters": [{"text": [f"{n * 7919}" for n in range(20_000)]}], "problem": None}
        store.keep("bb", large)
        assert store.outcome("bb") == large
        assert set(store.unsaved) == {"bb"}
        store._db.execute("pragma max_page_count = 100000")
        store.keep("cc", SCORED)
        assert not store.unsaved
    with WorkFile(path, MADE) as store:
        assert store.known() == {"aa", "bb", "cc"}


def test_a_place_that_cannot_hold_it_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BatchError, match="cannot be written"):
        WorkFile(tmp_path / "file" / "season.work", MADE)
