"""A file becomes a letter, or one clear line says why not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdf
import pytest

from lorscore.errors import NoTextLayerError, ReadingError
from lorscore.letter import Letter
from lorscore.reading.read import MAX_BYTES, read_letter, text_of_content


def read_bytes(content: bytes, name: str) -> Letter:
    return text_of_content(content, name).letter(name)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_pdf_says_what_the_letter_says(samples):
    plain = flat((samples / "letters" / "applicant_b.txt").read_text("utf-8"))
    assert "managed six to eight patients a day under supervision" in flat(
        read_letter(samples / "pdf" / "applicant_b.pdf").text
    )
    assert "managed six to eight patients a day under supervision" in plain


def test_a_docx_gives_header_paragraphs_and_signature(samples):
    text = read_letter(samples / "docx" / "quiet_warning.docx").text
    assert "Lakeside Teaching Hospital" in text
    assert "He was pleasant and punctual" in text
    assert text.rstrip().endswith("Ruth Adeyinka-Moss, MD")


def test_tables_and_text_boxes_are_read_once(samples):
    text = read_letter(samples / "docx" / "form_in_a_table.docx").text
    assert text.count("carried seven patients") == 1
    assert text.count("I would be glad to have her back as a resident.") == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "PNG image"),
        (b"%PDF-1.7\nnot really", "damaged PDF"),
        (b"PK\x03\x04 not really", "damaged DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted DOCX or an old Word file"),
        (b"x" * (MAX_BYTES + 1), "too large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_letter_file_is_refused_in_one_line(content, complaint):
    with pytest.raises(ReadingError, match=complaint) as error:
        read_bytes(content, "letter.x")
    assert "letter.x" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_encrypted_pdf_is_refused(samples):
    writer = pypdf.PdfWriter(clone_from=samples / "pdf" / "applicant_b.pdf")
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(ReadingError, match="encrypted"):
        read_bytes(out.getvalue(), "locked.pdf")


def test_a_scan_without_text_says_so():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=612, height=792)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(NoTextLayerError, match="OCR"):
        read_bytes(out.getvalue(), "scan.pdf")


def test_a_zip_of_letters_is_not_a_docx():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("one.txt", "Dear Sir")
    with pytest.raises(ReadingError, match="zip archive"):
        read_bytes(out.getvalue(), "letters.zip")


def test_windows_text_is_read_with_a_warning():
    letter = read_bytes("She’s “the best” – café.".encode("cp1252"), "old.txt")
    assert letter.text == "She’s “the best” – café."
    assert [w.code for w in letter.warnings] == ["guessed_encoding"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_text_is_read_without_a_warning(encoding):
    letter = read_bytes("Señor Núñez’s letter".encode(encoding), "new.txt")
    assert (letter.text, letter.warnings) == ("Señor Núñez’s letter", ())


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path):
    with pytest.raises(ReadingError, match="a folder"):
        read_letter(tmp_path)
    with pytest.raises(ReadingError, match=r"nowhere\.txt: no such file"):
        read_letter(tmp_path / "nowhere.txt")


def test_a_fifty_megabyte_file_is_refused_unread(tmp_path: Path):
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(ReadingError, match="50 MB is too large"):
        read_letter(big)
