"""The booklet as a file: what other programs say of it, and pages that were looked at before they were kept."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conference.printing.book_model import BookletFacts, BookletOptions
from conference.printing.book_values import Book
from conference.printing.booklet import booklet_pdf
from conference.printing.programme import set_book
from conference.programme.model import PartRole, Programme
from tests.factories.golden import assert_golden
from tests.factories.printing import EVENT, ORGANISERS, a_part, a_programme, a_session

pytestmark = pytest.mark.usefixtures("office")

NAMES = ("Łukasz Çağlar", "Ștefan Đorđević", "Ελένη Παπαδοπούλου", "Юлия Щербакова", "Åsa O'Brien")


def tool(name: str) -> str:
    """Return the program's path. In CI a missing one fails the test."""
    path = shutil.which(name)
    if path is None and not os.environ.get("CI"):
        pytest.skip(f"NOT RUN: needs {name} (apt-get install qpdf poppler-utils)")
    assert path is not None, f"{name} is needed in CI"
    return path


def programme() -> Programme:
    people = tuple(
        a_part(n, PartRole.PANELLIST, name=name, sort_name=" ".join(name.split()[::-1]))
        for n, name in enumerate(NAMES, 1)
    )
    return a_programme(3, (a_session(900, "Names of Europe", "19:00", people=people),))


def book(page: str) -> Book:
    facts = BookletFacts(welcome="Be welcome.", acknowledgements="We thank all.")
    return set_book(programme(), EVENT, ORGANISERS, options=BookletOptions(page=page), facts=facts)


@pytest.fixture(scope="module")
def path(office: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("booklet") / "booklet.pdf"
    made.write_bytes(booklet_pdf(book("A5")))
    return made


def test_qpdf_finds_nothing_wrong(path: Path) -> None:
    found = subprocess.run([tool("qpdf"), "--check", str(path)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, ""), found.stdout


def test_every_font_is_embedded_and_subset(path: Path) -> None:
    told = subprocess.run([tool("pdffonts"), str(path)], capture_output=True, text=True, check=True).stdout
    heads, rule, *rows = told.splitlines()
    emb, sub = heads.index("emb"), heads.index("sub")
    assert len(rows) >= 3, rule
    assert {(row[emb : emb + 3], row[sub : sub + 3]) for row in rows} == {("yes", "yes")}


def test_names_are_read_back_as_they_were_typed(path: Path) -> None:
    text = subprocess.run(
        [tool("pdftotext"), str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert [name for name in NAMES if name not in text] == []


@pytest.mark.parametrize("size", ["A4", "A5"])
@pytest.mark.parametrize("key", ["cover", "plan", "people", "tracks"])
def test_pages_look_as_they_did_when_they_were_looked_at(key: str, size: str) -> None:
    made = book(size)
    assert_golden(f"booklet-{key}-{size.lower()}", booklet_pdf(made), made.numbers[key])
