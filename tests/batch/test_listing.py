"""What lies in a folder is listed: nothing is passed over without a word."""

from __future__ import annotations

import os
import warnings
import zipfile
from pathlib import Path

import pytest

from lorscore.batch.listing import Problem, contents, list_letters
from lorscore.errors import ReadingError


@pytest.fixture
def season(tmp_path: Path) -> Path:
    (tmp_path / "a" / "deep").mkdir(parents=True)
    (tmp_path / "a" / "one.txt").write_text("one")
    (tmp_path / "a" / "deep" / "TWO.PDF").write_text("two")
    (tmp_path / "a" / "photo.jpg").write_text("x")
    (tmp_path / "a" / "~$one.docx").write_text("lock")
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "grades.xlsx").write_text("x")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("in/three.md", "three")
        archive.writestr("__MACOSX/in/._three.md", "x")
        archive.writestr("inner.zip", "x")
    (tmp_path / "broken.zip").write_text("no archive")
    return tmp_path


def test_letters_are_found_in_subfolders_and_archives_whatever_the_case(season):
    assert [f.path for f in list_letters(season).files] == ["a/deep/TWO.PDF", "a/one.txt", "more.zip/in/three.md"]


def test_what_may_be_a_letter_and_cannot_be_read_is_named(season):
    problems = list_letters(season).problems
    assert {path: p.code for path, p in problems.items()} == {
        "a/photo.jpg": "unsupported",
        "broken.zip": "unreadable",
        "more.zip/inner.zip": "unreadable",
    }


def test_other_files_are_counted(season):
    assert list_letters(season).left_alone == {".xlsx": 1}


def test_the_bytes_come_with_their_file(season):
    assert [content for _, content in contents(list_letters(season).files)] == [b"two", b"one", b"three"]


def test_a_file_deleted_under_way_and_one_without_permission_are_problems(season):
    files = list_letters(season).files
    (season / "a" / "one.txt").unlink()
    found = {f.path: c for f, c in contents(files)}
    assert found["a/one.txt"] == Problem("missing", "no such file; check the path")
    assert found["more.zip/in/three.md"] == b"three"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_problem(season):
    (season / "a" / "one.txt").chmod(0)
    found = {f.path: c for f, c in contents(list_letters(season).files)}
    assert isinstance(found["a/one.txt"], Problem)


def test_a_single_file_and_a_single_archive_are_folders_of_one(season):
    assert [f.path for f in list_letters(season / "a" / "one.txt").files] == ["one.txt"]
    assert [f.path for f in list_letters(season / "more.zip").files] == ["more.zip/in/three.md"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ReadingError, match=r"nowhere: no such folder"):
        list_letters(tmp_path / "nowhere")


def test_a_damaged_member_costs_only_itself(tmp_path):
    path = tmp_path / "letters.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a" * 1000)
        archive.writestr("b.txt", "b" * 1000)
    path.write_bytes(path.read_bytes().replace(b"a" * 1000, b"c" * 1000))
    found = {f.path: c for f, c in contents(list_letters(tmp_path).files)}
    assert isinstance(found["letters.zip/a.txt"], Problem)
    assert found["letters.zip/b.txt"] == b"b" * 1000


def test_names_that_are_not_utf8_can_be_shown(tmp_path):
    try:
        (tmp_path / os.fsdecode(b"Nu\xf1ez.txt")).write_text("x")
    except OSError:
        pytest.skip("this disk takes UTF-8 names only")
    assert [f.path for f in list_letters(tmp_path).files] == ["Nu\\xf1ez.txt"]


def test_two_members_of_one_name_are_two_letters(tmp_path):
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "l.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.txt", "one")
        archive.writestr("a.txt", "two")
    found = {f.path: c for f, c in contents(list_letters(tmp_path).files)}
    assert found == {"l.zip/a.txt": b"one", "l.zip/a.txt (2)": b"two"}


def test_an_archive_with_damaged_names_costs_one_row(tmp_path):
    path = tmp_path / "l.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("\u00fcber.txt", "one")
    path.write_bytes(path.read_bytes().replace("\u00fc".encode(), b"\xfc\x28"))
    assert list_letters(tmp_path).problems["l.zip"].code == "unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_does_not_hold_the_run(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    ((_, found),) = contents(list_letters(tmp_path).files)
    assert isinstance(found, Problem)
    assert "a pipe or a device" in found.message


def test_linked_folders_are_followed_once(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.txt").write_text("one")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (elsewhere / "two.txt").write_text("two")
    (tmp_path / "linked").symlink_to(elsewhere)
    assert [f.path for f in list_letters(tmp_path).files] == ["a/one.txt", "linked/two.txt"]
