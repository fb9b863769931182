"""PDFs made for the tests: letters on pages, bookmarks, scans, and poison."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from fpdf import FPDF

GREETING = "Dear Program Director:"


def page_of(writer: str, applicant: str, *sentences: str) -> str:
    """A letter that fits a page."""
    body = " ".join(sentences) or f"{applicant} carried six patients on our wards and wrote every note."
    return f"Larkfield General Hospital\n\nRE: {applicant}\n\n{GREETING}\n\n{body}\n\nSincerely,\n{writer}, MD"


def pdf(pages: Sequence[str], bookmarks: Sequence[int] = ()) -> bytes:
    """A PDF with these pages; ``bookmarks`` are page numbers from 0."""
    made = FPDF()
    made.set_font("Helvetica", size=11)
    for number, text in enumerate(pages):
        made.add_page()
        if number in bookmarks:
            made.start_section(f"Letter {number}")
        made.multi_cell(0, 6, text)
    return bytes(made.output())


def scan(text: str) -> bytes:
    """A PDF whose page is a picture of a letter: it has no text layer."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1700, 2200), 255)
    font = ImageFont.load_default(34)
    ImageDraw.Draw(picture).multiline_text((150, 150), text, fill=0, font=font, spacing=18)
    made = FPDF()
    made.add_page()
    made.image(picture, x=0, y=0, w=210)
    return bytes(made.output())


def hanging() -> bytes:
    """A small PDF that takes any reader forever: forms that draw forms, each a dozen times."""
    levels = 9
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
        _stream(b"", b"/X Do " * 12),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for level in range(levels):
        deeper = b"/XObject<</X %d 0 R>>" % (7 + level) if level < levels - 1 else b""
        draws = b"/X Do " * 12 if deeper else b"BT /F 9 Tf (Dear Director) Tj ET"
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F 5 0 R>>" + deeper + b">>"
        objects.append(_stream(form, draws))
    return _file(objects)


def bomb(megabytes: int) -> bytes:
    """A PDF that unpacks to this much text."""
    line = b"1 0 0 1 9 9 Tm (Dear Director she is good) Tj "
    text = b"BT /F 9 Tf " + line * (megabytes * 1024 * 1024 // len(line)) + b"ET"
    return _file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            _stream(b"/Filter/FlateDecode", zlib.compress(text)),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def _stream(entries: bytes, body: bytes) -> bytes:
    return b"<<" + entries + b"/Length %d>>stream\n" % len(body) + body + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + content + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()
