"""Golden pages: pages rendered small and grey, and compared with pictures that somebody looked at before they were kept.

    assert_golden("badges-a7", pdf)             # its first page; page=2 the second

    GOLDEN=renew .venv/bin/pytest -n0 tests/unit/printing/test_golden_badges.py

draws the pictures in tests/golden anew: look at each, at 150 dots an inch in the PDF that is told, before it is kept.
Renderers differ in how they smooth edges, therefore both pages are blurred by a point, and only what then differs by a
third of the way from black to white counts.
"""

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

FOLDER = Path(__file__).parents[1] / "golden"
DPI = 60
# Of 255: a thin stroke that another release of the renderer puts half a point aside changes less.
UNLIKE = 80
# So many points may be unlike: a letter that moved by its own width has more.
SPARED = 6
_SHADES = 16


def rendered(pdf: bytes, page: int = 1, dpi: int = DPI) -> Image.Image:
    """Return the page in shades of grey. Needs pdftoppm."""
    run = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-f", str(page), "-l", str(page), "-"],
        input=pdf, capture_output=True, check=True,
    )  # fmt: skip
    return Image.open(io.BytesIO(run.stdout)).convert("L")


def difference(kept: Image.Image, found: Image.Image, dpi: int = DPI) -> str:
    """Return "" for pages that are alike, else where they differ, in millimetres from the upper left corner."""
    if kept.size != found.size:
        return f"the page has {found.size} points and had {kept.size}"
    blur = ImageFilter.GaussianBlur(1)
    apart = ImageChops.difference(kept.filter(blur), found.filter(blur))
    unlike = apart.point(lambda value: 255 if value > UNLIKE else 0)
    count = unlike.histogram()[255]
    if count <= SPARED:
        return ""
    left, top, right, bottom = (round(edge / dpi * 25.4) for edge in unlike.getbbox() or (0, 0, 0, 0))
    return f"{count} points differ, within {left}–{right} mm from the left and {top}–{bottom} mm from the top"


def assert_golden(name: str, pdf: bytes, page: int = 1, dpi: int = DPI) -> None:
    """Fail, saying where, if the page is not as it was when it was last looked at. Skipped where pdftoppm is missing."""
    if shutil.which("pdftoppm") is None and not os.environ.get("CI"):
        pytest.skip("NOT RUN: golden pages need pdftoppm (apt-get install poppler-utils)")
    path, found = FOLDER / f"{name}.png", rendered(pdf, page, dpi)
    if os.environ.get("GOLDEN") == "renew":
        FOLDER.mkdir(exist_ok=True)
        _shaded(found).save(path, optimize=True)
        print(f"{path.name}: look at page {page} of {_kept_aside(name, pdf)}")
        return
    assert path.is_file(), f"there is no golden page {name}: see tests/factories/golden.py on how to make it"
    with Image.open(path) as kept:
        where = difference(kept.convert("L"), _shaded(found).convert("L"), dpi)
    assert not where, f"{name}: {where}. Page {page} of {_kept_aside(name, pdf)}"


def _shaded(page: Image.Image) -> Image.Image:
    """Return the page in sixteen shades, which halves the file."""
    return page.quantize(_SHADES)


def _kept_aside(name: str, pdf: bytes) -> Path:
    folder = Path(tempfile.gettempdir()) / "golden"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf)
    return path
