"""Scans: a text layer by optical character recognition. Needs the ``ocr`` extra and Tesseract."""

from __future__ import annotations

import io
import shutil

from lorscore.errors import MissingExtraError, NoTextLayerError, ReadingError

_PROGRAMS = ("tesseract", "gs")


def check_ocr() -> None:
    """Check that scans can be read here.

    Raises
    ------
    MissingExtraError
        Naming what is missing and how to install it.
    """
    try:
        import ocrmypdf  # noqa: F401
    except ImportError:
        raise MissingExtraError("reading scans needs ocrmypdf; install it with: pip install 'lorscore[ocr]'") from None
    if missing := [p for p in _PROGRAMS if shutil.which(p) is None]:
        raise MissingExtraError(
            f"reading scans needs the program {missing[0]!r}; on Debian or Ubuntu: apt install tesseract-ocr ghostscript"
        )


def with_text_layer(content: bytes, name: str) -> bytes:
    """Return a PDF with its scanned pages read; pages that hold text are left as they are.

    Raises
    ------
    ReadingError
        If its pages cannot be recognised.
    """
    check_ocr()
    import ocrmypdf
    from ocrmypdf.exceptions import ExitCodeException

    out = io.BytesIO()
    try:
        ocrmypdf.ocr(
            io.BytesIO(content), out, skip_text=True, language=["eng"], progress_bar=False, output_type="pdf", jobs=1
        )
    except ExitCodeException as error:
        raise ReadingError(f"{name}: text recognition failed ({type(error).__name__}); scan it again.") from None
    if not out.getvalue():
        raise NoTextLayerError(f"{name}: text recognition found nothing; scan it again.")
    return out.getvalue()
