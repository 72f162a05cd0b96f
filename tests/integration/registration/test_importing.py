"""Imports: each kind of file, each row's fate, all or nothing, and twice as once."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from openpyxl import Workbook

from conference.audit.model import BY_SYSTEM
from conference.cli import main
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.people.queries import search_people
from conference.registration.category_queries import categories
from conference.registration.exporting import exported
from conference.registration.filters import ListFilters
from conference.registration.importing import Fate, ImportOrder, Judged, import_all, judged
from conference.registration.queries import count_registrations
from conference.web.exporting import csv_parts
from conference.web.import_errors import (
    ColumnMissingError,
    ColumnUnknownError,
    FileTooLargeError,
    FileUnreadableError,
    MergedCellsError,
    MixedEncodingError,
    NoRowsError,
    RowsRefusedError,
)
from tests.conftest import SECRET
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds

HEAD = "Given name,Family name,E-mail,Affiliation,Country"


def a_file(folder: Path, content: str | bytes, name: str = "list.csv") -> ImportOrder:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return ImportOrder(path=path, category="Participant")


def a_book(folder: Path, rows: list[list[Any]], merged: str = "") -> ImportOrder:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    buffer = io.BytesIO()
    book.save(buffer)
    return a_file(folder, buffer.getvalue(), "list.xlsx")


def fates(order: ImportOrder) -> list[tuple[int, Fate]]:
    db.session.rollback()
    found = [(one.line, one.fate) for one in judged(db.session(), order, now=clock.now())]
    db.session.rollback()
    return found


def done(order: ImportOrder) -> list[Judged]:
    rows = transact(lambda session: import_all(session, order, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    return rows


def names() -> list[str]:
    db.session.rollback()
    return sorted(person.name for person in search_people())


LINES = [
    HEAD.split(","),
    ["Åsa", "d'Arc <b>", "asa@x.example", "Łódź, Ö", "Sweden"],
    ["Ü", "", "u@x.example", "KI", "DE"],
]


def text_of(delimiter: str) -> str:
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in LINES)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_each_encoding_and_delimiter_is_read(
    app: Flask, tmp_path: Path, delimiter: str, encoding: str
) -> None:
    make_category()
    text = text_of(delimiter) if encoding.startswith("utf") else text_of(delimiter).replace("Łódź", "Lodz")
    order = a_file(tmp_path, text.encode(encoding))
    assert fates(order) == [(2, Fate.NEW), (3, Fate.NEW)]
    done(order)
    assert names() == ["Åsa d'Arc <b>", "Ü"]


def test_a_workbook_is_known_by_its_content(app: Flask, tmp_path: Path) -> None:
    make_category()
    order = a_book(tmp_path, LINES)
    assert fates(order) == [(2, Fate.NEW), (3, Fate.NEW)]
    done(order)
    assert names() == ["Åsa d'Arc <b>", "Ü"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (HEAD, NoRowsError),
        ("", NoRowsError),
        (b"\x00\x01\x02,\x00", FileUnreadableError),
        (b"PK\x03\x04 no archive", FileUnreadableError),
        ("Given name,Country\nA,SE", ColumnMissingError),
        (
            f"{HEAD}\nÅsa,,a@x.example,KI,SE\n".encode() + "Björn,,b@x.example,KI,SE".encode("cp1252"),
            MixedEncodingError,
        ),
        (
            f"{HEAD}\nÅsa,,a@x.example,KI,SE\n".encode("cp1252") + "Björn,,b@x.example,KI,SE".encode(),
            MixedEncodingError,
        ),
        (HEAD + "," * 200 + "\nA", FileTooLargeError),
        (b"x" * 10_000_001, FileTooLargeError),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    app: Flask, tmp_path: Path, content: str | bytes, error: type[DomainError]
) -> None:
    make_category()
    with pytest.raises(error):
        fates(a_file(tmp_path, content))


def test_merged_cells_are_refused(app: Flask, tmp_path: Path) -> None:
    make_category()
    with pytest.raises(MergedCellsError):
        fates(a_book(tmp_path, LINES, merged="A2:A3"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(app: Flask, tmp_path: Path) -> None:
    make_category()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 150_000_001)
    assert len(buffer.getvalue()) < 1_000_000
    with pytest.raises(FileTooLargeError):
        fates(a_file(tmp_path, buffer.getvalue()))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",X,a@x.example,KI,SE", "Given name: Nothing stands here. Fill it in."),
        (f"{'x' * 121},,a@x.example,KI,SE", "Given name: This text has 121 characters; 120 fit. Shorten it."),
        (
            "A,,åsa@x.example,KI,SE",
            "E-mail address: This is no address that mail servers take. Write it as name@hospital.example.",
        ),
        (
            "A,,a@x.example,KI,Atlantis",
            "Country: Write the country's name in English, or its code of two letters, as in SE.",
        ),
        (
            "A\x07,,a@x.example,KI,SE",
            "Given name: There is a character that cannot be printed (U+0007). Delete it.",
        ),
    ],
)
def test_a_wrong_row_is_refused_with_its_remedy_and_nothing_is_written(
    app: Flask, tmp_path: Path, row: str, said: str
) -> None:
    make_category()
    order = a_file(tmp_path, f"{HEAD}\nA,,first@x.example,KI,SE\n{row}\n")
    first, second = judged(db.session(), order, now=clock.now())
    assert (first.fate, second.line, second.fate, str(second.problem)) == (Fate.NEW, 3, Fate.REFUSED, said)
    db.session.rollback()
    with pytest.raises(RowsRefusedError, match="Nothing was imported"):
        done(order)
    assert count_registrations() == 0


@pytest.mark.parametrize("name", ["O", "x" * 120, "O'Neill", "<b>Bo</b>", "'=1", "MCDONALD", "e\u0301"])
def test_names_come_back_as_they_went_in(app: Flask, tmp_path: Path, name: str) -> None:
    make_category()
    done(a_book(tmp_path, [HEAD.split(","), [name, "", "a@x.example", "KI", "SE"]]))
    assert names() == ["é" if name == "e\u0301" else name]


def test_a_domain_beyond_ascii_is_kept_as_mail_servers_take_it(app: Flask, tmp_path: Path) -> None:
    make_category()
    rows = done(a_file(tmp_path, f"{HEAD}\nA,,a@straße.example,KI,SE"))
    assert [row.email for row in rows] == ["a@xn--strae-oqa.example"]


def test_a_date_or_a_number_in_a_text_column_is_written_out(app: Flask, tmp_path: Path) -> None:
    make_category()
    done(a_book(tmp_path, [HEAD.split(","), [date(2022, 9, 5), 7.0, "a@x.example", "KI", "SE"]]))
    assert names() == ["2022-09-05 00:00 7"]


def test_each_fate_is_told_and_twice_is_once(app: Flask, tmp_path: Path) -> None:
    category = make_category(seats=2)
    register_attendee(category, email="known@x.example")
    rows = [f"A,,{name}@x.example,KI,SE" for name in ("KNOWN", "one", "two", "ONE")]
    order = a_file(tmp_path, "\n".join([HEAD, *rows]))
    told = [(2, Fate.KNOWN), (3, Fate.NEW), (4, Fate.WAITING), (5, Fate.DUPLICATE)]
    assert fates(order) == told
    assert [(row.line, row.fate) for row in done(order)] == told
    (kind,) = categories()
    assert (kind.ledger.taken, kind.ledger.waiting) == (2, 1)
    assert kinds(RegistrationId(2)) == []
    again = done(order)
    assert {row.fate for row in again} == {Fate.KNOWN}
    assert count_registrations() == 3


def test_a_category_by_column_and_one_that_is_closed_or_unknown(app: Flask, tmp_path: Path) -> None:
    make_category()
    make_category("Guest", seats=0)
    make_category("Press", needs_approval=True)
    rows = [f"A,,{name}@x.example,KI,SE,{name}" for name in ("Press", "Guest", "Nobody")]
    order = a_file(tmp_path, "\n".join([f"{HEAD},Category", *rows]))
    assert fates(order) == [(2, Fate.PENDING), (3, Fate.REFUSED), (4, Fate.REFUSED)]


def test_a_mapping_goes_before_the_guess(app: Flask, tmp_path: Path) -> None:
    make_category()
    plain = a_file(tmp_path, "Who,Mail,House,Land\nÅsa,a@x.example,KI,SE")
    with pytest.raises(ColumnMissingError, match="Given name, Affiliation"):
        fates(plain)
    pairs = (("Who", "given_name"), ("House", "affiliation"))
    order = ImportOrder(path=plain.path, pairs=pairs, category="Participant")
    assert fates(order) == [(2, Fate.NEW)]
    for wrong in (("Nowhere", "given_name"), ("Who", "shoe_size")):
        with pytest.raises(ColumnUnknownError):
            fates(ImportOrder(path=plain.path, pairs=(wrong,), category="Participant"))


def test_mails_are_sent_when_asked_for(app: Flask, tmp_path: Path) -> None:
    make_category()
    path = a_file(tmp_path, f"{HEAD}\nA,,a@x.example,KI,SE").path
    done(ImportOrder(path=path, category="Participant", with_mail=True))
    assert kinds(RegistrationId(1)) == ["confirmation"]


def test_what_was_exported_is_known_again(app: Flask, tmp_path: Path) -> None:
    register_attendee(make_category(), given_name="=1+1", family_name="-x")
    content = b"".join(csv_parts(exported(ListFilters()), ";"))
    db.session.rollback()
    assert fates(a_file(tmp_path, content)) == [(2, Fate.KNOWN)]


def test_the_command_says_each_fate_and_imports_once(app: Flask, tmp_path: Path) -> None:
    make_category()
    path = a_file(tmp_path, f"{HEAD}\nÅsa,,a@x.example,KI,SE").path
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    environment = {
        "CONFERENCE_DATABASE_URL": url,
        "CONFERENCE_SECRET_KEY": SECRET,
        "CONFERENCE_INSTANCE": str(tmp_path),
    }

    def run(*more: str) -> tuple[int, str]:
        command = ["import", "registrations", str(path), "--category", "Participant", *more]
        answer = CliRunner(env=environment).invoke(main, command)
        return answer.exit_code, answer.output

    code, said = run("--dry-run", "--json")
    told = json.loads(said)
    assert (code, told["imported"], told["counts"]["new"]) == (0, False, 1)
    assert told["rows"] == [{"line": 2, "fate": "new", "problem": None}]
    code, said = run()
    assert (code, said.splitlines()[-1], names()) == (0, "Imported.", ["Åsa"])
    assert "Already registered, left as it is: 1" in run()[1]
    assert run("--map", "Nowhere=email") == (
        2,
        "There is no column called Nowhere. There are: Given name, Family name, E-mail, Affiliation, Country.\n",
    )
    path.write_text(f"{HEAD}\nÅsa,,nonsense,KI,SE")
    code, said = run()
    assert (code, said.splitlines()[-1], "Line 2: E-mail address: This is no address" in said) == (
        1,
        "Nothing was written.",
        True,
    )
