"""What a reader, a scanner and a font inspector see of a PDF."""

import io
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from pikepdf import Pdf
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ContentStream, StreamObject

# In CI the test runs all the same, and fails.
needs_renderer = pytest.mark.skipif(
    shutil.which("pdftoppm") is None and not os.environ.get("CI"),
    reason="NOT RUN: reading codes off the page needs pdftoppm (apt-get install poppler-utils)",
)

_INSPECTORS = ("qpdf", "pdffonts", "pdftotext", "pdftoppm")
# In CI the test runs all the same, and fails.
needs_inspectors = pytest.mark.skipif(
    not all(map(shutil.which, _INSPECTORS)) and not os.environ.get("CI"),
    reason=f"NOT RUN: looking into PDFs needs {', '.join(_INSPECTORS)} (apt-get install qpdf poppler-utils)",
)


def faults_of(path: Path) -> list[str]:
    """Return what qpdf finds wrong with the file, and each font that is not embedded or not a subset. Needs both."""
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    found = [] if checked.returncode == 0 else [checked.stdout + checked.stderr]
    fonts = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)
    # The last columns are emb, sub, uni and the two numbers of the object.
    found += [line for line in fonts.stdout.splitlines()[2:] if line.split()[-5:-3] != ["yes", "yes"]]
    return found


def said_by(path: Path) -> str:
    """Return all text on one line, as pdftotext gives it."""
    made = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    return " ".join(made.stdout.split())


def read_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def page_texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in read_pdf(content).pages]


def text_of(content: bytes) -> str:
    """Return all text on one line, as a search in the document would find it."""
    return " ".join(" ".join(page_texts(content)).split())


def embedded_fonts(content: bytes) -> dict[str, bool]:
    """Return by base name whether each font's file is in the document, also those of its forms."""
    found: dict[str, bool] = {}
    for page in read_pdf(content).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            described = font.get_object()
            name = str(described["/BaseFont"]).rpartition("+")[2]
            (holder,) = described.get("/DescendantFonts", (described,))
            descriptor = holder.get_object().get("/FontDescriptor")
            found[name] = found.get(name, True) and bool(
                descriptor and "/FontFile2" in descriptor.get_object()
            )
    return found


def lines_of(content: bytes) -> list[str]:
    """Return what a reader of the file finds, line by line, after NFKC and without direction marks. Needs pdftotext."""
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    plain = unicodedata.normalize("NFKC", re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069\f]", "", text))
    return [
        " ".join(line.split()) for line in unicodedata.normalize("NFC", plain).splitlines() if line.strip()
    ]


def rendered(content: bytes, resolution: int) -> list[Image.Image]:
    """Return each page in shades of grey. Needs pdftoppm."""
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper.pdf"
        paper.write_bytes(content)
        subprocess.run(["pdftoppm", "-r", str(resolution), "-gray", str(paper), f"{folder}/page"], check=True)
        pages: list[Image.Image] = []
        for path in sorted(Path(folder).glob("page*.pgm")):
            with Image.open(path) as image:
                image.load()
                pages.append(image)
        return pages


def scanned(content: bytes, resolution: int = 150) -> list[set[str]]:
    """Return what a scanner reads on each printed page. Needs pdftoppm."""
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper.pdf"
        paper.write_bytes(content)
        subprocess.run(["pdftoppm", "-r", str(resolution), "-gray", str(paper), f"{folder}/page"], check=True)
        pages = []
        for path in sorted(Path(folder).glob("page*.pgm")):
            with Image.open(path) as image:
                pages.append({code.text for code in zxingcpp.read_barcodes(image)})
        return pages


def streams_of(content: bytes) -> list[list[tuple[str, list[float]]]]:
    """Return the operators of every content stream and form as (name, numbers)."""
    pdf = read_pdf(content)
    seen: set[int] = set()
    found = []

    def walk(stream: Any, resources: Any) -> None:
        if id(stream) in seen:
            return
        seen.add(id(stream))
        parsed = ContentStream(stream, pdf)
        found.append([(name.decode(), _numbers(operands)) for operands, name in parsed.operations])
        for drawn in (resources or {}).get("/XObject", {}).values():
            form = drawn.get_object()
            if form["/Subtype"] == "/Form":
                walk(form, form.get("/Resources"))

    for page in pdf.pages:
        walk(page.get_contents(), page["/Resources"])
    return found


def _numbers(operands: Any) -> list[float]:
    return [float(one) for one in operands if isinstance(one, int | float | Decimal)]


def colour_spaces(content: bytes) -> set[str]:
    """Return the colour space of every picture in the file, wherever it hangs, and "mask" for one without."""
    pdf = read_pdf(content)
    objects = [pdf.get_object(number) for number in range(1, int(str(pdf.trailer["/Size"])))]
    pictures = [one for one in objects if isinstance(one, StreamObject) and one.get("/Subtype") == "/Image"]
    return {str(one.get("/ColorSpace", "mask")) for one in pictures}


def checked(content: bytes) -> list[str]:
    """Return what qpdf finds wrong with the file: the library that writes ours has it inside, CI has the tool too."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        found = list(pdf.check_pdf_syntax())
    if shutil.which("qpdf") is None and not os.environ.get("CI"):
        return found
    with tempfile.NamedTemporaryFile(suffix=".pdf") as paper:
        paper.write(content)
        paper.flush()
        told = subprocess.run(["qpdf", "--check", paper.name], capture_output=True, text=True, check=False)
    return found if told.returncode == 0 else [*found, told.stdout + told.stderr]
