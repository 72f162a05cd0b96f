"""The badges page's choice of sheet and setting, and the office's own sheets."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.ids import JobId, LabelSheetId
from conference.db.base import db
from conference.jobs.model import Job, JobState
from conference.printing.own_sheets import get_own_sheet, own_sheets
from conference.printing.papers import asked_for
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, read_pdf, text_of
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of

SHEET = {
    "name": "Zweckform 4784", "page_width_mm": "210", "page_height_mm": "297", "width_mm": "96", "height_mm": "50,8",
    "columns": "2", "rows": "5", "left_mm": "8", "top_mm": "21,5", "pitch_x_mm": "98", "pitch_y_mm": "50.8",
}  # fmt: skip


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def send(client: FlaskClient, address: str, **values: str) -> Any:
    token = token_of(client, address)
    return client.post(address, data={**SHEET, "csrf_token": token, **values})


def made(client: FlaskClient) -> LabelSheetId:
    answer = send(client, "/staff/sheets/new")
    assert answer.status_code == 303
    return LabelSheetId(int(answer.location.rpartition("/")[2]))


def errors_of(page: str) -> dict[str, str]:
    """Return what the summary says by the field that it links to."""
    return {
        name: unescape(text) for name, text in re.findall(r'<li[^>]*>\s*<a href="#(\w+)">([^<]*)</a>', page)
    }


def test_every_shipped_sheet_can_be_chosen(desk: FlaskClient) -> None:
    page = desk.get("/staff/badges").text
    keys = re.findall(
        r'<option value="([\w-]+)"[^>]*>', page.partition('id="sheet"')[2].partition("</select>")[0]
    )
    assert len(keys) == 13
    for key in keys:
        assert desk.get(f"/staff/badges?sheet={key}").status_code == 200
        assert desk.get(f"/staff/badges/outline.pdf?sheet={key}").content_type == "application/pdf"


def test_the_run_is_as_it_was_chosen(desk: FlaskClient) -> None:
    category = make_category("Guest")
    for number in range(3):
        register_attendee(category, given_name=f"Anna{number}", email=f"{number}@x.example")
    address = "sheet=l4785&begin_at=9&offset_x=-1,5&offset_y=0.5&sides=long"
    page = desk.get(f"/staff/badges?{address}").text
    assert "2 sheets." in page
    assert "The last one is free from label 2 on." in page
    link = unescape(re.findall(r'href="(/staff/preview/badges\.pdf[^"]*)"', page)[0])
    paper = desk.get(link.replace("/preview", ""))
    texts = page_texts(paper.data)
    assert [[number for number in range(3) if f"Anna{number}" in text] for text in texts] == [
        [0, 1],
        [0, 1],
        [2],
        [2],
    ]
    assert paper.headers["Content-Disposition"] == 'inline; filename="badges-l4785.pdf"'


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"begin_at": "0"}, "begin_at", "The sheet has no label 0: begin with one from 1 to 8."),
        ({"begin_at": "99"}, "begin_at", "The sheet has no label 99: begin with one from 1 to 8."),
        ({"begin_at": "two"}, "begin_at", "“two” is no number. Enter digits, such as 3 or −1.5."),
        ({"offset_x": "NaN"}, "offset_x", "“NaN” is no number. Enter digits, such as 3 or −1.5."),
        ({"offset_y": "12"}, "offset_y", "An offset of 12 mm is too far: the most is 10 mm to either side."),
        (
            {"sides": "short", "sheet": "butterfly"},
            "sides",
            "A folded badge shows both its faces on one side of the paper: print fronts only.",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_kept(
    desk: FlaskClient, typed: dict[str, str], field: str, sentence: str
) -> None:
    register_attendee(make_category("Guest"))
    answer = desk.get("/staff/badges", query_string=typed)
    assert (answer.status_code, errors_of(answer.text)) == (400, {field: sentence})
    if field != "sides":
        assert f'value="{typed[field]}"' in answer.text
    for file in ("/staff/badges.pdf", "/staff/badges/outline.pdf"):
        sent_back = desk.get(file, query_string=typed)
        assert sent_back.status_code == 303
        again = desk.get(sent_back.location)
        assert (again.status_code, errors_of(again.text)) == (400, {field: sentence})


def test_a_sheet_that_there_is_not_is_told_with_those_there_are(desk: FlaskClient) -> None:
    for key in ("a5", "own-1", "own-999999999999", "own-", "../etc"):
        answer = desk.get("/staff/badges", query_string={"sheet": key})
        assert answer.status_code == 404
        assert f"There is no sheet {key}. There are: a7, a6," in unescape(answer.text)


def test_an_own_sheet_is_described_once_and_printed_on(desk: FlaskClient) -> None:
    sheet_id = made(desk)
    register_attendee(make_category("Guest"), given_name="Ελένη")
    assert "Zweckform 4784" in desk.get("/staff/sheets").text
    assert f'<option value="own-{sheet_id}"' in desk.get("/staff/badges").text
    assert "Ελένη" in text_of(desk.get(f"/staff/badges.pdf?sheet=own-{sheet_id}").data)
    outline = read_pdf(desk.get(f"/staff/badges/outline.pdf?sheet=own-{sheet_id}&begin_at=3").data)
    text = " ".join(outline.pages[0].extract_text().split())
    assert "96 × 50.8 mm · the run begins here" in text
    assert [entry.action for entry in history_of("label_sheet", sheet_id)] == ["created"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"name": ""}, "name", "Enter the name on the package."),
        (
            {"name": " dymo 99015"},
            "name",
            "There is a sheet called dymo 99015 already. Give this one another name.",
        ),
        ({"width_mm": "wide"}, "width_mm", "Not a valid decimal value."),
        ({"left_mm": "nan"}, "left_mm", "Not a valid decimal value."),
        ({"page_width_mm": "1000"}, "page_width_mm", "1000 cannot be: enter a number from 48 to 430."),
        ({"columns": "0"}, "columns", "0 cannot be: enter a number from 1 to 20."),
        ({"rows": "21"}, "rows", "21 cannot be: enter a number from 1 to 20."),
        ({"top_mm": "-1"}, "top_mm", "-1 cannot be: enter a number from 0 to 430."),
        ({"width_mm": "20"}, "width_mm", "20 mm is too small for a badge with its code: the least is 48 mm."),
        (
            {"is_folded": "y"},
            "height_mm",
            "50.8 mm is too small for a badge with its code: the least is 96 mm.",
        ),
        (
            {"pitch_x_mm": "90"},
            "pitch_x_mm",
            "With 90 mm from one label to the next they overlap: enter at least 96 mm.",
        ),
        (
            {"pitch_y_mm": "0"},
            "pitch_y_mm",
            "With 0 mm from one label to the next they overlap: enter at least 50.8 mm.",
        ),
        (
            {"left_mm": "20"},
            "left_mm",
            "Label 2 reaches to 214 mm, and the page ends at 210 mm. Correct the margin, the way between labels, their number or the page.",
        ),
        (
            {"rows": "6"},
            "top_mm",
            "Label 11 reaches to 326.3 mm, and the page ends at 297 mm. Correct the margin, the way between labels, their number or the page.",
        ),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_at_its_field(
    desk: FlaskClient, values: dict[str, str], field: str, sentence: str
) -> None:
    answer = send(desk, "/staff/sheets/new", **values)
    assert answer.status_code in {400, 409, 422}
    assert errors_of(answer.text) == {field: sentence}
    (name, typed), *_ = values.items()
    if name != "is_folded":
        assert f'value="{typed.strip()}"' in answer.text
    assert own_sheets() == []


def test_two_sheets_of_one_name_are_refused(desk: FlaskClient) -> None:
    made(desk)
    answer = send(desk, "/staff/sheets/new", name="ZWECKFORM  4784")
    assert (answer.status_code, list(errors_of(answer.text))) == (409, ["name"])
    other = send(desk, "/staff/sheets/new", name="Another")
    again = send(desk, other.location, revision="1")
    assert (again.status_code, list(errors_of(again.text))) == (409, ["name"])


def test_an_own_sheet_is_changed_and_the_change_is_in_its_history(desk: FlaskClient) -> None:
    sheet_id = made(desk)
    address = f"/staff/sheets/{sheet_id}"
    assert send(desk, address, revision="1", left_mm="9").status_code == 303
    db.session.rollback()
    assert get_own_sheet(sheet_id).details.left_mm == 9
    entry = history_of("label_sheet", sheet_id)[0]
    assert (entry.action, dict(entry.changes)) == ("changed", {"left_mm": (8.0, 9.0)})


def test_the_second_of_two_editors_sees_both_values(desk: FlaskClient) -> None:
    sheet_id = made(desk)
    address = f"/staff/sheets/{sheet_id}"
    send(desk, address, revision="1", left_mm="9")
    late = send(desk, address, revision="1", left_mm="7")
    assert late.status_code == 409
    assert re.search(r"<td[^>]*>\s*9\s*</td>", late.text)
    assert 'value="7"' in late.text
    assert send(desk, address, revision="", left_mm="6").status_code == 428
    assert send(desk, address, revision="2", left_mm="7").status_code == 303


def test_a_sheet_is_deleted_as_it_was_seen(desk: FlaskClient) -> None:
    sheet_id = made(desk)
    address = f"/staff/sheets/{sheet_id}"
    token = token_of(desk, address)
    send(desk, address, revision="1", left_mm="9")
    late = desk.post(f"{address}/delete", data={"csrf_token": token, "revision": "1"})
    assert late.status_code == 409
    assert desk.post(f"{address}/delete", data={"csrf_token": token}).status_code == 428
    assert desk.post(f"{address}/delete", data={"csrf_token": token, "revision": "2"}).status_code == 303
    assert own_sheets() == []
    assert desk.get(address).status_code == 404
    assert desk.post(f"{address}/delete", data={"csrf_token": token, "revision": "2"}).status_code == 404


def printed(client: FlaskClient, address: str = "/staff/badges") -> Any:
    """Press the button of the badges page and return the answer."""
    page = client.get(address).text
    action = re.search(r'action="(/staff/badges/paper[^"]*)"', page)
    assert action is not None
    return client.post(unescape(action.group(1)), data={"csrf_token": token_of(client, address)})


def test_a_device_remembers_its_sheet_its_offset_and_the_next_free_label(desk: FlaskClient) -> None:
    category = make_category("Guest")
    for number in range(3):
        register_attendee(category, email=f"{number}@x.example")
    desk.get("/staff/badges.pdf?sheet=a6")  # a look is no print
    printed(desk, "/staff/badges?sheet=l4785&begin_at=4&offset_x=0.5")
    page = desk.get("/staff/badges").text
    assert '<option value="l4785" selected>' in page
    assert re.search(r'id="begin_at"[^>]*value="7"', page)
    assert re.search(r'id="offset_x"[^>]*value="0.5"', page)
    assert '<option value="a6" selected>' in desk.get("/staff/badges?sheet=a6").text
    printed(desk, "/staff/badges?sheet=a7&begin_at=2")
    assert re.search(r'id="begin_at"[^>]*value="1"', desk.get("/staff/badges").text)  # cut from plain paper


@pytest.mark.parametrize(
    "kept", ["sheet=own-7", "sheet=a7&begin_at=99", "%%%", "sheet=a7&offset_x=x", "x" * 3000]
)
def test_a_memory_that_cannot_be_any_more_is_forgotten(desk: FlaskClient, kept: str) -> None:
    desk.set_cookie("badge-sheet", kept, path="/staff/")
    answer = desk.get("/staff/badges")
    assert (answer.status_code, '<option value="a7" selected>' in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("facts", "sheet"),
    [
        ({"sheet": "a6", "query": ""}, "a6"),  # as the release before this one wrote it
        ({"choice": "sheet=l4785&begin_at=3", "query": ""}, "l4785"),
    ],
)
@pytest.mark.usefixtures("app")
def test_a_job_names_its_sheet(facts: dict[str, str], sheet: str) -> None:
    now = real_now()
    job = Job(
        id=JobId(1), kind="badges", facts=facts, state=JobState.DONE, done=0, total=0, result="", last_answer="",
        due_at=now, created_at=now, ended_at=now,
    )  # fmt: skip
    assert asked_for(job).choice.sheet.key == sheet
