"""The list as a file: what it holds, in both kinds, by button and by command."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import make_url

from conference.cli import main
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.work import counted_statements
from conference.registration.exporting import HEADINGS, exported
from conference.registration.filters import ListFilters
from conference.web.access import Role
from conference.web.exporting import Cell, as_it_was, inert
from tests.benchmarks.registration_rows import fill_rows
from tests.conftest import SECRET
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee

BAD = "=HYPERLINK(1)"
URL = "/staff/registrations/export"


@pytest.fixture
def two(app: Flask) -> CategoryId:
    category = make_category(seats=1)
    register_attendee(category, given_name=BAD, family_name="<b>d'Arc", affiliation="'=x", letters="-1")
    register_attendee(category, given_name="Юлия", family_name="", email="y@x.example", country="DE")
    return category


def expected() -> list[list[Cell]]:
    """The rows as they are stored; the numbers are random."""
    db.session.rollback()
    rows = [list(row) for row in exported(ListFilters())]
    assert rows[1][1:18] == [
        "", BAD, "<b>d'Arc", "-1", "", "'=x", "", "", "", "SE", "asa@lab.example", "", "", "Participant", "confirmed", None, "no"
    ]  # fmt: skip
    assert rows[2][15:17] == ["waiting", 1]
    return rows


def test_csv_holds_inert_text_in_utf_8_with_its_mark(client: FlaskClient, two: CategoryId) -> None:
    sign_in(client, Role.DESK)
    answer = client.get(URL)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="registrations.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEADINGS
    assert rows[1][2:7] == [f"'{BAD}", "<b>d'Arc", "'-1", "", "''=x"]
    assert rows[2][16] == "1"
    assert rows[1][19] == "2022-09-05 08:00"
    assert [as_it_was(cell) for cell in rows[1][1:10]] == expected()[1][1:10]


def test_csv_with_semicolons(client: FlaskClient, two: CategoryId) -> None:
    sign_in(client, Role.DESK)
    first = client.get(f"{URL}?delimiter=;").data.decode("utf-8-sig").splitlines()[0]
    assert first == ";".join(HEADINGS)


def test_xlsx_holds_numbers_dates_and_no_formula(client: FlaskClient, two: CategoryId) -> None:
    sign_in(client, Role.DESK)
    answer = client.get(f"{URL}?format=xlsx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [[cell if cell != "" else None for cell in row] for row in expected()] == rows
    assert [sheet["C2"].data_type, sheet["Q3"].data_type, sheet["T2"].data_type] == ["s", "n", "d"]
    assert isinstance(sheet["T2"].value, datetime)


def test_what_is_filtered_is_exported(client: FlaskClient, two: CategoryId) -> None:
    sign_in(client, Role.DESK)
    text = client.get(f"{URL}?country=DE").text
    assert ("Юлия" in text, "HYPERLINK" in text) == (True, False)


@pytest.mark.parametrize(
    "text", ["", "a", "'", "'a", "=1", "'=1", "''=1", "+1", "-1", "@a", "\t=1", "\r", "'-"]
)
def test_inert_text_comes_back_as_it_was(text: str) -> None:
    assert as_it_was(inert(text)) == text
    assert inert(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"} or not text


@pytest.mark.parametrize("rows", [1, 600])
def test_five_hundred_rows_are_three_statements(app: Flask, rows: int) -> None:
    fill_rows(make_category(), rows)
    with counted_statements() as statements:
        assert sum(1 for _ in exported(ListFilters())) == rows + 1
    asked = [one for one in statements if not one.startswith("BEGIN")]
    assert len(asked) <= 4 + 3 * (rows // 500 + 1)


def run(app: Flask, tmp_path: Path, *arguments: str) -> tuple[int, str]:
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).render_as_string(hide_password=False)
    environment = {
        "CONFERENCE_DATABASE_URL": url,
        "CONFERENCE_SECRET_KEY": SECRET,
        "CONFERENCE_INSTANCE": str(tmp_path),
    }
    answer = CliRunner(env=environment).invoke(main, list(arguments))
    return answer.exit_code, answer.output


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_the_command_writes_the_file_for_its_owner_only(
    app: Flask, two: CategoryId, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    assert run(app, tmp_path, "export", "registrations", "--out", str(out)) == (0, f"{out}\n")
    assert (out.stat().st_mode & 0o777, [one.name for one in tmp_path.glob(".*part")]) == (0o600, [])
    if name.endswith("csv"):
        assert out.read_text("utf-8-sig").splitlines()[0] == ",".join(HEADINGS)
    else:
        assert load_workbook(out).worksheets[0].max_row == 3


def test_the_command_refuses_in_one_sentence(app: Flask, two: CategoryId, tmp_path: Path) -> None:
    out = str(tmp_path / "out.csv")
    answer = run(app, tmp_path, "export", "registrations", "--out", out, "--category", "Nobody")
    assert answer == (2, "No category is called Nobody. There are: Participant.\n")
    code, said = run(app, tmp_path, "export", "registrations", "--out", str(tmp_path / "out.pdf"))
    assert (code, "the name must end in .csv or .xlsx" in said) == (2, True)
