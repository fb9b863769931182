"""Text of a PDF: pypdfium2 first, pypdf as the second try."""

from __future__ import annotations

import io
import threading
from typing import Any

from lorscore.errors import NoTextLayerError, ReadingError
from lorscore.letter import LetterWarning
from lorscore.reading.file_text import FileText

MAX_PAGES = 2000
"""A season's letters bound into one file; longer ones are no letters."""
_FEWEST_CHARACTERS = 20
_SCAN_CHARACTERS = 50
"""A picture with less text is a scan; what text there is, a scanning program has stamped on it."""
_FEWEST_SPACES = 0.06
_PDFIUM = threading.Lock()
"""PDFium is not thread-safe; one page at a time in this process."""


def text_of_pdf(content: bytes, name: str) -> FileText:
    """Return the text of a PDF by page, with the pages its bookmarks point at.

    Raises
    ------
    ReadingError
        If the PDF is encrypted, damaged, or has too many pages.
    NoTextLayerError
        If its pages hold no text, as scans do.
    """
    pages, bookmarks, scans = _by_pdfium(content, name)
    warnings: list[LetterWarning] = []
    text = "".join(pages)
    if len(text.strip()) >= _FEWEST_CHARACTERS and _lacks_spaces(text):
        second = _by_pypdf(content)
        if "".join(second).strip() and not _lacks_spaces("".join(second)):
            pages = second
        else:
            warnings.append(
                LetterWarning("no_spaces", "The PDF's text has lost its spaces; the score is not reliable.")
            )
    if len("".join(pages).strip()) < _FEWEST_CHARACTERS or len(scans) == len(pages):
        raise NoTextLayerError(
            f"{name}: the PDF has no text layer (a scan?); run OCR on it first, for instance with ocrmypdf."
        )
    if scans:
        warnings.append(LetterWarning("no_text_layer", f"{len(scans)} page(s) are scans and were not read."))
    return FileText(tuple(pages), bookmarks, tuple(warnings), scans, has_pages=True)


def _by_pdfium(content: bytes, name: str) -> tuple[list[str], frozenset[int], frozenset[int]]:
    """The text of each page, the pages that bookmarks point at, and those that are scans."""
    import pypdfium2

    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if "assword" in str(error):
                raise ReadingError(f"{name}: the PDF is encrypted; save a copy without a password.") from None
            raise ReadingError(f"{name}: a damaged PDF; open it and save it again.") from None
        try:
            if len(document) > MAX_PAGES:
                raise ReadingError(f"{name}: {len(document)} pages (limit {MAX_PAGES}); split the file.")
            read = [_page_text(document, i) for i in range(len(document))]
            scans = frozenset(i for i, (_, is_scan) in enumerate(read) if is_scan)
            return [text for text, _ in read], _bookmarked(document), scans
        except pypdfium2.PdfiumError:
            raise ReadingError(f"{name}: a damaged PDF; open it and save it again.") from None
        finally:
            document.close()


def _bookmarked(document: Any) -> frozenset[int]:
    """The pages, from 0, that the outermost bookmarks point at."""
    targets = [b.get_dest() for b in document.get_toc(max_depth=1)]
    return frozenset(n for t in targets if t is not None and (n := t.get_index()) is not None)


def _page_text(document: Any, number: int) -> tuple[str, bool]:
    """A page's text, and whether the page is a scan."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    page = document[number]
    textpage = page.get_textpage()
    try:
        text = str(textpage.get_text_bounded()).replace("\r\n", "\n").replace("\ufffe", "-")
        little = len(text.strip()) < _SCAN_CHARACTERS
        return text, little and next(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]), None) is not None
    finally:
        textpage.close()
        page.close()


def _by_pypdf(content: bytes) -> list[str]:
    import pypdf

    try:
        return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    except Exception:  # a second opinion only; the first reader's text stands
        return []


def _lacks_spaces(text: str) -> bool:
    return sum(c.isspace() for c in text) < _FEWEST_SPACES * len(text)
