"""What a file of slides is, by its content alone: a whole PDF, or a PPTX without macros. Reads a few kilobytes of it."""

import zipfile
from pathlib import Path

from conference.speakers.errors import (
    SlidesBrokenError,
    SlidesKindError,
    SlidesMacroError,
    SlidesUnpackedError,
)

MOST_BYTES = 200_000_000
PDF, PPTX = "pdf", "pptx"
_FIELD = "slides"
_END_BYTES = 2048
_ZIP = b"PK\x03\x04"
# Own choices, far above real slides: film in them does not shrink when packed, and text is short.
MOST_PARTS = 20_000
MOST_UNPACKED_BYTES = 1_000_000_000
MOST_RATIO = 200
_SMALL_BYTES = 10_000_000
_MOST_TYPES_BYTES = 5_000_000
_NEEDED = ("[Content_Types].xml", "ppt/presentation.xml")
_CODE = ("vbaproject.bin", "vbadata.xml")


def kind_of(path: Path) -> str:
    """Return PDF or PPTX. Raises SlidesKindError, SlidesBrokenError, SlidesMacroError, SlidesUnpackedError."""
    with path.open("rb") as file:
        begin = file.read(8)
        if begin.startswith(b"%PDF-"):
            file.seek(-min(_END_BYTES, path.stat().st_size), 2)
            end = file.read()
            # ISO 32000-1, 7.5.5: the last lines say where the table of objects begins.
            if b"startxref" not in end or b"%%EOF" not in end:
                raise SlidesBrokenError(_FIELD)
            return PDF
    if not begin.startswith(_ZIP):
        raise SlidesKindError(_FIELD)
    try:
        with zipfile.ZipFile(path) as packed:
            _check_package(packed)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise SlidesBrokenError(_FIELD) from error
    return PPTX


def _check_package(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    # What is written in the list of contents is enough to refuse by: nothing large is ever unpacked here.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise SlidesUnpackedError(_FIELD)
    if any(_swells(part) for part in parts):
        raise SlidesUnpackedError(_FIELD)
    names = {part.filename for part in parts}
    if not names.issuperset(_NEEDED):
        raise SlidesKindError(_FIELD)
    with packed.open(_NEEDED[0]) as file:
        types = file.read(_MOST_TYPES_BYTES)
    if any(name.lower().endswith(_CODE) for name in names) or b"macroenabled" in types.lower():
        raise SlidesMacroError(_FIELD)


def _swells(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL_BYTES and part.file_size > MOST_RATIO * max(part.compress_size, 1)
