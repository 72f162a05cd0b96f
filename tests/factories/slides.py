"""Files of slides as people send them: small ones, and those that must be refused."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

TYPES = b'<?xml version="1.0"?><Types><Override ContentType="presentationml.presentation.main+xml"/></Types>'
MACROS = TYPES.replace(b"presentation.main", b"macroEnabled.main")


def a_pdf(size: int = 0) -> bytes:
    """Return a PDF's beginning and end with so much between them."""
    return b"%PDF-1.7\n" + bytes(size) + b"\nstartxref\n9\n%%EOF\n"


def a_pptx(parts: Mapping[str, bytes] | None = None, types: bytes = TYPES) -> bytes:
    """Return a package with the two parts that slides have, and more of them by name."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (
            {"[Content_Types].xml": types, "ppt/presentation.xml": b"<p:presentation/>"} | dict(parts or {})
        ).items():
            # Of a fixed time, so that two files made alike are alike.
            info = zipfile.ZipInfo(name, (2022, 9, 5, 8, 0, 0))
            packed.writestr(info, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def without_presentation() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("word/document.xml", b"<w/>")
        packed.writestr("[Content_Types].xml", TYPES)
    return made.getvalue()


def a_bomb() -> bytes:
    """Return 40 kB that unpack to 40 MB."""
    return a_pptx({"ppt/media/nothing.bin": bytes(40_000_000)})
