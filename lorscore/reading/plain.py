"""Plain text of any likely encoding."""

from __future__ import annotations

import codecs

from lorscore.errors import ReadingError
from lorscore.letter import LetterWarning
from lorscore.reading.file_text import FileText

_MOST_CONTROLS = 0.02


def text_of_bytes(content: bytes, name: str) -> FileText:
    """Decode as UTF-8 (or UTF-16 with a mark), then as Windows-1252 with a warning.

    Raises
    ------
    ReadingError
        If the bytes are no text in any of these.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            try:
                return FileText((content.decode(encoding),))
            except UnicodeDecodeError:
                break
    sample = content[:100_000]
    if b"\0" in sample:
        raise ReadingError(f"{name}: binary data, not text; give text, DOCX or PDF.")
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in sample)
    if controls > _MOST_CONTROLS * len(sample):
        raise ReadingError(f"{name}: binary data, not text; give text, DOCX or PDF.")
    try:
        return FileText((content.decode("utf-8-sig"),))
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    strange = sum(ord(c) > 126 for c in text)
    if strange > 0.3 * len(text):
        raise ReadingError(f"{name}: neither UTF-8 nor Western text; save it as UTF-8.")
    guessed = LetterWarning("guessed_encoding", "Not UTF-8; read as Windows-1252. Check accents and quotes.")
    return FileText((text,), warnings=(guessed,))
