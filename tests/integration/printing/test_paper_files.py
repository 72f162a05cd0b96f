"""Paper for the command line."""

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from conference.db.base import db
from conference.db.work import counted_statements
from conference.printing.book_model import BookletOptions
from conference.printing.choice import choice_of
from conference.printing.commands import programme
from conference.printing.errors import (
    CannotWriteError,
    DraftForPrinterError,
    NoCategoryError,
    UnknownCategoryError,
)
from conference.printing.job_sheet import Order
from conference.printing.programme_papers import printer_files_to
from conference.printing.service import badges_to_file, programme_to_file
from conference.web.language import in_language
from tests.factories.paper import checked, page_texts, read_pdf, text_of
from tests.factories.programme import at, make_room, make_session, publish_now
from tests.factories.registration import make_category, register_attendee

pytestmark = pytest.mark.usefixtures("app")


def test_badges_of_one_category_go_to_a_file(tmp_path: Path) -> None:
    register_attendee(make_category("Guest"), given_name="Ελένη", email="a@x.example")
    register_attendee(make_category("Press"), given_name="李", badge_name="", email="b@x.example")
    out = tmp_path / "badges.pdf"
    heard: list[int] = []
    assert badges_to_file(out, choice_of({"sheet": "a6"}), "Guest", heard.append) == ()
    assert ("Ελένη" in text_of(out.read_bytes()), heard) == (True, [1])
    assert [finding.name[:1] for finding in badges_to_file(out, choice_of({}))] == ["李"]


def test_a_category_before_the_first_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(NoCategoryError) as refused:
        badges_to_file(tmp_path / "badges.pdf", choice_of({}), "Guest")
    assert str(refused.value) == (
        "There is no category Guest: none has been made yet. An organiser makes the first one."
    )


def test_an_unknown_category_is_refused_with_those_there_are(tmp_path: Path) -> None:
    make_category("Guest")
    with pytest.raises(UnknownCategoryError) as refused:
        badges_to_file(tmp_path / "badges.pdf", choice_of({}), "Geust")
    assert str(refused.value).startswith("There is no category Geust. There are: ")
    assert "Guest" in str(refused.value)
    assert not (tmp_path / "badges.pdf").exists()


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotWriteError) as refused:
        badges_to_file(tmp_path / "no" / "badges.pdf", choice_of({}))
    assert (
        str(refused.value)
        == f"{tmp_path / 'no' / 'badges.pdf'} cannot be written: No such file or directory."
        " Name a file in a folder that is there and may be written to."
    )


def test_programme_file_is_the_version_or_else_the_draft(tmp_path: Path) -> None:
    out = tmp_path / "programme.pdf"
    make_session("Tumour boards", room_id=make_room("Aula"), start=at("09:00"))
    programme_to_file(out)
    assert all("DRAFT" in page for page in page_texts(out.read_bytes()))
    publish_now()
    db.session.remove()  # a command begins with a session that has read nothing
    programme_to_file(out)
    assert "Version 1" in text_of(out.read_bytes())
    assert "DRAFT" not in text_of(out.read_bytes())


@pytest.mark.parametrize("count", [1, 3])
def test_badges_take_the_same_statements_whatever_their_number(
    app: Flask, tmp_path: Path, count: int
) -> None:
    category = make_category("Guest")
    for number in range(count):
        register_attendee(category, email=f"{number}@x.example")
    with counted_statements() as statements:
        badges_to_file(tmp_path / "badges.pdf", choice_of({}))
    assert len([one for one in statements if one.lstrip().upper().startswith("SELECT")]) == 6


def published_session() -> None:
    make_session("Tumour boards", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    db.session.remove()


def test_a_folded_programme_is_half_as_many_sheets_of_a4(tmp_path: Path) -> None:
    published_session()
    single, folded = tmp_path / "single.pdf", tmp_path / "folded.pdf"
    programme_to_file(single, BookletOptions(page="A5"))
    programme_to_file(folded, is_folded=True)
    pages, sheets = read_pdf(single.read_bytes()).pages, read_pdf(folded.read_bytes()).pages
    assert (len(sheets), len(pages) % 4) == (len(pages) // 2, 0)
    assert (round(float(sheets[0].mediabox.width)), round(float(sheets[0].mediabox.height))) == (842, 595)
    assert "Tumour boards" in text_of(folded.read_bytes())


@pytest.mark.parametrize("name", ["printer", "printer.zip", "PRINTER.ZIP"])
def test_the_printer_s_files_go_into_a_folder_or_a_zip(tmp_path: Path, name: str) -> None:
    published_session()
    out = tmp_path / name
    order = Order(copies=300, paper="115 g", binding="glued")
    with in_language("de"):
        printer_files_to(out, order, BookletOptions(has_abstracts=False))
    if out.is_dir():
        files = {path.name: path.read_bytes() for path in out.iterdir()}
    else:
        with zipfile.ZipFile(out) as archive:
            files = {one: archive.read(one) for one in archive.namelist()}
    assert sorted(files) == ["job-sheet.pdf", "programme.pdf"]
    assert [checked(content) for content in files.values()] == [[], []]
    page = read_pdf(files["programme.pdf"]).pages[0]
    assert (round(float(page.trimbox.width)), round(float(page.trimbox.height))) == (420, 595)
    assert "Donnerstag" in text_of(files["programme.pdf"])
    sheet = text_of(files["job-sheet.pdf"])
    assert [
        said for said in ("300", "115 g", "glued", "Contact", "Version 1, ", "Date") if said not in sheet
    ] == []
    assert [said for said in ("Fassung", "Datum", "Datei") if said in sheet] == []


def test_a_printer_gets_no_draft(tmp_path: Path) -> None:
    with pytest.raises(DraftForPrinterError, match="publish the programme first"):
        printer_files_to(tmp_path / "printer", Order())
    assert not (tmp_path / "printer").exists()


def test_printer_s_files_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    published_session()
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CannotWriteError, match="cannot be written: File exists"):
        printer_files_to(tmp_path / "taken", Order())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name a file by --out, or a folder or ZIP by --for-printer."),
        (("--for-printer", "{out}", "--copies", "0"), "0 is not in the range"),
        (("--for-printer", "{out}", "--paper", "x" * 81), "--paper has 81 characters: at most 80 stand on"),
        (("--for-printer", "{out}", "--copies", "7", "--language", "de"), "{out}"),
        (("--out", "{out}.pdf", "--booklet", "--no-abstracts"), "{out}.pdf"),
    ],
)
def test_the_command_writes_what_it_is_told_to(
    app: Flask, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    published_session()
    out = str(tmp_path / "printer")
    answer = app.test_cli_runner().invoke(programme, [word.format(out=out) for word in words])
    assert said.format(out=out) in " ".join(answer.output.split())
