"""Text of a DOCX: paragraphs, tables, text boxes, content controls, headers and footers, once each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lorscore.errors import ReadingError
from lorscore.reading.file_text import FileText

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAX_UNPACKED = 200 * 1024 * 1024


def text_of_docx(content: bytes, name: str) -> FileText:
    """Return the text of a DOCX in reading order, a paragraph a line.

    Raises
    ------
    ReadingError
        If the bytes are a zip file but no DOCX, or a damaged one.
    """
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MAX_UNPACKED:
                raise ReadingError(f"{name}: unpacks to more than a letter can hold; not read.")
            if "word/document.xml" not in archive.namelist():
                raise ReadingError(f"{name}: a zip archive, not a DOCX; unpack it and name the letters.")
        document = docx.Document(io.BytesIO(content))
    except ReadingError:
        raise
    except Exception as error:  # python-docx and lxml raise many kinds on damaged files
        raise ReadingError(f"{name}: a damaged DOCX ({type(error).__name__}); save it again in Word.") from None
    parts = [*_headers(document, "header"), document.element.body, *_headers(document, "footer")]
    return FileText(("\n".join(line for part in parts for line in _paragraphs(part)),))


def _headers(document: Any, which: str) -> list[Any]:
    """Header or footer elements, each once; later sections mostly repeat the first."""
    found = []
    for section in document.sections:
        for prefix in ("first_page_", ""):
            part = getattr(section, prefix + which)
            if not part.is_linked_to_previous and part._element not in found:
                found.append(part._element)
    return found


def _paragraphs(root: Any) -> Iterator[str]:
    """Yield the text of each paragraph once; a text box follows the paragraph it is anchored in."""
    for paragraph in root.iter(f"{_W}p"):
        if _inside_fallback(paragraph, root):
            continue
        yield "".join(_runs(paragraph))


def _runs(paragraph: Any) -> Iterator[str]:
    """The text of a paragraph's own runs, without that of paragraphs inside it (text boxes)."""
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if next(element.iterancestors(f"{_W}p")) is not paragraph or _is_deleted(element, paragraph):
            continue
        if element.tag == f"{_W}t":
            yield element.text or ""
        elif element.tag == f"{_W}tab":
            if next(element.iterancestors()).tag == f"{_W}r":
                yield "\t"
        else:
            yield "-" if element.tag == f"{_W}noBreakHyphen" else "\n"


def _is_deleted(element: Any, paragraph: Any) -> bool:
    for ancestor in element.iterancestors():
        if ancestor.tag == f"{_W}del":
            return True
        if ancestor is paragraph:
            return False
    return False


def _inside_fallback(paragraph: Any, root: Any) -> bool:
    """Word writes a text box twice, the second time for old readers; that one is skipped."""
    for ancestor in paragraph.iterancestors():
        if ancestor.tag == _FALLBACK:
            return True
        if ancestor is root:
            return False
    return False
