"""What a file says, before it is known how many letters it holds."""

from __future__ import annotations

from dataclasses import dataclass

from lorscore.errors import NoTextLayerError, ReadingError
from lorscore.letter import Letter, LetterWarning

MOST_PAGES = 60
"""No letter of recommendation is longer."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one file.

    Attributes
    ----------
    pages : the text of each page; one page where the format has none.
    bookmarks : numbers, from 0, of the pages that bookmarks point at.
    warnings : what the reading had to guess.
    scans : numbers, from 0, of the pages that are pictures with next to no text.
    has_pages : the format has pages, so their numbers mean something.
    """

    pages: tuple[str, ...]
    bookmarks: frozenset[int] = frozenset()
    warnings: tuple[LetterWarning, ...] = ()
    scans: frozenset[int] = frozenset()
    has_pages: bool = False

    def letter(self, name: str, pages: range | None = None) -> Letter:
        """Return the letter on some pages (numbers from 0), or on all of them.

        Raises
        ------
        ReadingError
            If there are more pages than any letter has.
        NoTextLayerError
            If they hold no text.
        """
        pages = range(len(self.pages)) if pages is None else pages
        if len(pages) > MOST_PAGES:
            raise ReadingError(f"{name}: {len(pages)} pages are no letter (limit {MOST_PAGES}); split the file.")
        text = "\n\n".join(self.pages[i] for i in pages)
        if not text.strip():
            raise NoTextLayerError(
                f"{name}: no text in it; if it is a scan, run OCR on it first (for instance ocrmypdf)."
            )
        numbers = (pages.start + 1, pages.stop) if self.has_pages else None
        return Letter(text=text, path=name, warnings=self.warnings, pages=numbers)
