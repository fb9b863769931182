"""Read a file or bytes, whatever the format, or say in one line why not."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from lorscore.errors import MissingFileError, NoTextLayerError, ReadingError
from lorscore.letter import Letter
from lorscore.reading.file_text import FileText
from lorscore.reading.pdf import text_of_pdf
from lorscore.reading.plain import text_of_bytes
from lorscore.reading.word import text_of_docx

MAX_BYTES = 25 * 1024 * 1024
"""Larger files are no letters; ERAS itself takes letters up to 500 kB."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "an RTF document",
}


def read_letter(path: str | Path) -> Letter:
    """Read one letter from a file.

    Plain text, Markdown, DOCX and PDF are told apart by their content, not their name.

    Parameters
    ----------
    path : the file.

    Returns
    -------
    Letter
        With ``warnings`` where the reading had to guess (encoding, missing spaces).

    Raises
    ------
    ReadingError
        Naming the file, what is wrong with it, and what to do.
    NoTextLayerError
        When the file opens but holds no text, as a scan does.
    """
    return text_of_file(Path(path)).letter(str(path))


def text_of_file(path: Path) -> FileText:
    """Return what a file says; raises as ``read_letter`` does."""
    return text_of_content(content_of(path), str(path))


def content_of(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    ReadingError
        If it is missing, a folder, not readable, or larger than any letter.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise ReadingError(f"{path}: a folder, not a letter; name the files in it.")
        if not stat.S_ISREG(found.st_mode):
            raise ReadingError(f"{path}: a pipe or a device, not a file; save it as a file first.")
        if found.st_size > MAX_BYTES:
            raise ReadingError(
                f"{path}: {found.st_size / 1e6:.0f} MB is too large for a letter (limit {MAX_BYTES / 1e6:.0f} MB)."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingFileError(f"{path}: no such file; check the path.") from None
    except OSError as error:
        raise ReadingError(f"{path}: cannot be read ({error.strerror or error}).") from None


def text_of_content(content: bytes, name: str) -> FileText:
    """Return what bytes say; ``name`` stands in messages. Raises as ``read_letter`` does."""
    if len(content) > MAX_BYTES:
        raise ReadingError(f"{name}: {len(content) / 1e6:.0f} MB is too large for a letter.")
    if not content.strip():
        raise NoTextLayerError(f"{name}: the file is empty.")
    return _reader_for(content, name)(content, name)


def _reader_for(content: bytes, name: str) -> Callable[[bytes, str], FileText]:
    if b"%PDF-" in content[:1024]:
        return text_of_pdf
    if content[:4] == b"PK\x03\x04":
        return text_of_docx
    if content.startswith(_OLD_OFFICE):
        raise ReadingError(
            f"{name}: an encrypted DOCX or an old Word file (.doc); save it as DOCX or PDF without a password."
        )
    for signature, what in _SIGNATURES.items():
        if content.startswith(signature):
            raise ReadingError(f"{name}: {what}, not a letter; give text, DOCX or PDF.")
    return text_of_bytes
