"""Scans are read on request. The reading itself needs the ``ocr`` extra and Tesseract (``make test-extras``)."""

from __future__ import annotations

import importlib.util
import io
import shutil
import sys

import pypdf
import pytest

import lorscore
from lorscore.batch.work import score_content
from lorscore.errors import MissingExtraError
from lorscore.reading.ocr import check_ocr
from lorscore.scoring.store import default_scorer
from tests.made_pdfs import pdf, scan

LETTER = (
    "Dear Program Director:\n\nImani Ellis spent four weeks on our wards as an acting intern.\n"
    "She carried eight patients and worked at the level of our interns.\nI would take her as a resident tomorrow.\n\n"
    "Sincerely,\nAda Moss, MD"
)
HAS_OCR = importlib.util.find_spec("ocrmypdf") is not None and shutil.which("tesseract") and shutil.which("gs")


def test_a_scan_without_ocr_says_how_to_get_it():
    problem = score_content(scan(LETTER), default_scorer())["problem"]
    assert problem["code"] == "no_text_layer"
    assert "--ocr" in problem["message"]


@pytest.mark.skipif(not HAS_OCR, reason="text recognition is not installed")
@pytest.mark.filterwarnings("ignore")
def test_a_scan_with_ocr_scores_as_its_text_does():
    outcome = score_content(scan(LETTER), default_scorer(), ocr=True)
    (record,) = outcome["letters"]
    assert "read_by_ocr" in {w["code"] for w in record["score"]["warnings"]}
    assert record["score"]["rating"] == lorscore.score(LETTER).rating


def test_a_scan_behind_a_typed_page_is_told():
    mixed = pypdf.PdfWriter(
        clone_from=io.BytesIO(pdf(["Cover sheet of an application, typed, and long enough to be text"]))
    )
    mixed.append(io.BytesIO(scan(LETTER)))
    out = io.BytesIO()
    mixed.write(out)
    (record,) = score_content(out.getvalue(), default_scorer())["letters"]
    assert "no_text_layer" in {w["code"] for w in record["score"]["warnings"]}


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ocrmypdf", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'lorscore\[ocr\]'"):
        check_ocr()


def test_without_the_program_its_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ocrmypdf", sys)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingExtraError, match="tesseract-ocr"):
        check_ocr()
