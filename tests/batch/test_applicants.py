"""A letter finds its applicant, or says why it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lorscore.batch.applicants import NO_MANIFEST, Manifest, read_manifest, shared_names, unused_rows, whose
from lorscore.errors import BatchError
from lorscore.letter import LetterFacts


def manifest(tmp_path: Path, text: str) -> Manifest:
    path = tmp_path / "manifest.csv"
    path.write_text(text, "utf-8")
    return read_manifest(path)


def test_the_id_in_the_text_tells():
    found = whose("lor1.pdf", LetterFacts(applicant_id="13579246", applicant_name="Imani Ellis"))
    assert (found.applicant_id, found.applicant_name, found.source, found.conflict) == (
        "13579246",
        "Imani Ellis",
        "text",
        None,
    )


@pytest.mark.parametrize("path", ["13579246_Ellis_LOR2.pdf", "AAMC13579246/lor.pdf", "letters/LoR (13579246).pdf"])
def test_the_id_in_the_file_name_or_its_folder_tells(path):
    found = whose(path, LetterFacts())
    assert (found.applicant_id, found.source) == ("13579246", "file name")


@pytest.mark.parametrize(
    "path", ["scan_20251103.pdf", "11032025 letter.pdf", "scan 25122025.pdf", "phone 5551234567.pdf"]
)
def test_dates_and_longer_numbers_are_no_ids(path):
    assert whose(path, LetterFacts()).applicant_id is None


def test_two_ids_are_a_conflict_and_none_is_taken():
    found = whose("13579246.pdf", LetterFacts(applicant_id="24681357"))
    assert found.applicant_id is None
    assert found.conflict == "text: 24681357; file name: 13579246"


def test_the_manifest_decides_and_the_conflict_is_still_told(tmp_path):
    listed = manifest(tmp_path, "path,applicant_id\na/lor.pdf,13579246\n")
    found = whose("a/lor.pdf", LetterFacts(applicant_id="24681357"), listed)
    assert (found.applicant_id, found.source) == ("13579246", "manifest")
    assert found.conflict == "manifest: 13579246; text: 24681357"


def test_a_letter_about_somebody_else_than_the_manifest_says_is_a_conflict(tmp_path):
    listed = manifest(tmp_path, "File Name,AAMC ID,Last Name,First Name\nlor.pdf,13579246,Ellis,Imani\n")
    found = whose("lor.pdf", LetterFacts(applicant_name="Tobias Ekwueme"), listed)
    assert found.applicant_name == "Imani Ellis"
    assert found.conflict == "the letter names Tobias Ekwueme, the manifest Imani Ellis"


def test_a_list_of_applicants_finds_them_by_whole_name_whatever_order_case_and_accents(tmp_path):
    listed = manifest(tmp_path, 'applicant_id,name\n1,"García, Ana"\n2,Tobias Ekwueme\n')
    found = whose("x.pdf", LetterFacts(applicant_name="Dr. Ana M. Garcia"), listed)
    assert (found.applicant_id, found.source, found.conflict) == ("1", "name", None)


def test_two_applicants_of_one_name_are_not_guessed_between(tmp_path):
    listed = manifest(tmp_path, "applicant_id,name\n1,Ana Garcia\n2,Ana Garcia\n")
    found = whose("x.pdf", LetterFacts(applicant_name="Ana Garcia"), listed)
    assert found.applicant_id is None
    assert found.conflict == "2 applicants have this name: 1, 2"


def test_half_a_name_finds_nobody(tmp_path):
    listed = manifest(tmp_path, "applicant_id,name\n1,Ana Garcia\n")
    assert whose("x.pdf", LetterFacts(applicant_name="Garcia"), listed).applicant_id is None


def test_an_id_that_the_manifest_does_not_know_is_told(tmp_path):
    listed = manifest(tmp_path, "applicant_id,name\n1,Ana Garcia\n")
    found = whose("x.pdf", LetterFacts(applicant_id="13579246"), listed)
    assert found.applicant_id == "13579246"
    assert found.conflict == "13579246 is not in the manifest"


def test_without_anything_nothing_is_said():
    found = whose("lor.pdf", LetterFacts(), NO_MANIFEST)
    assert (found.applicant_id, found.conflict) == (None, None)


def test_files_that_only_the_manifest_has_are_named(tmp_path):
    listed = manifest(tmp_path, "path,applicant_id\na.pdf,1\nsub\\b.pdf,2\n")
    assert unused_rows(listed, ["sub/b.pdf"]) == ["a.pdf"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("file,who\na.pdf,1\n", "needs a column 'applicant_id'"),
        ("path,applicant_id\na.pdf,\n", "row 2: no applicant_id"),
        ("path,applicant_id\na.pdf,1\na.pdf,2\n", "row 3: a.pdf is given to two applicants"),
        ("", "cannot be read as a table"),
        ("applicant_id,name\n1,Garcia, Ana\n2,Ellis, Imani\n", "a row has more cells than the heading"),
        ("aamc,id,path\n1,2,a.pdf\n", "two columns may be the applicant_id: aamc, id"),
    ],
)
def test_a_manifest_with_a_mistake_is_refused_by_row(tmp_path, text, complaint):
    with pytest.raises(BatchError, match=complaint):
        manifest(tmp_path, text)


def test_a_bare_file_name_tells_nothing_where_two_files_have_it(tmp_path):
    listed = manifest(tmp_path, "path,applicant_id\nlor.pdf,13579246\n")
    assert whose("a/lor.pdf", LetterFacts(), listed).applicant_id == "13579246"
    found = whose("a/lor.pdf", LetterFacts(), listed, shared_names(["a/lor.pdf", "b/lor.pdf"]))
    assert found.applicant_id is None
    assert found.conflict == "several files are called lor.pdf; give their folders in the manifest"


def test_a_shared_surname_does_not_hide_a_conflict(tmp_path):
    listed = manifest(tmp_path, "path,applicant_id,name\na.pdf,1,Ana Garcia\n")
    assert whose("a.pdf", LetterFacts(applicant_name="Luis Garcia"), listed).conflict
    assert whose("a.pdf", LetterFacts(applicant_name="Ana Maria Garcia"), listed).conflict is None


def test_a_column_named_exactly_goes_before_one_that_may_mean_the_same(tmp_path):
    listed = manifest(tmp_path, "applicant_id,path,id\n13579246,a.pdf,1\n")
    assert whose("a.pdf", LetterFacts(), listed).applicant_id == "13579246"


def test_accents_of_a_mac_and_of_a_spreadsheet_are_the_same(tmp_path):
    listed = manifest(tmp_path, "path,applicant_id\nNúñez.pdf,1\n")
    assert whose("Nu\u0301n\u0303ez.pdf", LetterFacts(), listed).applicant_id == "1"
