"""Badge designs of the office: which sheet uses which, and as files that are exported and imported."""

import io
import json
import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from conference.core.ids import BadgeDesignId
from conference.db.base import db
from conference.printing.design_schema import design_as_json
from conference.printing.designs import design_for, design_named, every_design
from conference.printing.sheets import A7, SHEETS
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.design_editor import a_picture, post, slot, stored
from tests.factories.printing import make_own_design
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def import_value(client: FlaskClient, value: object) -> int:
    answer = import_bytes(client, json.dumps(value).encode())
    assert answer.status_code == 303
    return int(answer.location.rpartition("/")[2])


def import_bytes(client: FlaskClient, content: bytes, **values: str) -> Any:
    data = {"csrf_token": token_of(client, "/staff/designs"), "file": (io.BytesIO(content), "design.json")}
    answer = client.post("/staff/designs/import", data=data | values, content_type="multipart/form-data")
    db.session.rollback()
    return answer


def test_a_sheet_is_printed_in_the_design_chosen(desk: FlaskClient) -> None:
    register_attendee(make_category("Guest"))
    made = make_own_design()
    post(desk, made, {"colour_ink": "#ff0000"})
    data = {
        "csrf_token": token_of(desk, "/staff/designs"),
        "sheet": "a7",
        "design": f"own-{made}",
        "revision": "0",
    }
    answer = desk.post("/staff/designs/use", data=data)
    assert answer.status_code == 303
    db.session.rollback()
    assert design_for(A7).key == f"own-{made}"
    assert design_for(SHEETS["a6"]).key == "a6"
    page = desk.get("/staff/designs").text
    row = page.partition('name="sheet" value="a7"')[2].partition("</select>")[0]
    assert re.search(rf'<option[^>]*selected[^>]*value="own-{made}"', row)
    # Who had the page open before is told what was chosen meanwhile.
    late = desk.post("/staff/designs/use", data=data | {"design": "a7", "revision": "0"})
    assert late.status_code == 409
    both = late.text.partition('aria-label="Both values"')[2].partition("</table>")[0]
    assert ("Ours" in both, "A7, name across" in both) == (True, True)
    # A second time needs the revision that was seen.
    assert desk.post("/staff/designs/use", data=data | {"design": "", "revision": ""}).status_code == 428


@pytest.mark.parametrize(
    ("design", "status", "words"),
    [("a6", 422, "is for labels from"), ("own-99", 404, "There is no badge design own-99")],
)
def test_a_design_that_does_not_fit_is_refused(
    desk: FlaskClient, design: str, status: int, words: str
) -> None:
    data = {"csrf_token": token_of(desk, "/staff/designs"), "sheet": "a7", "design": design, "revision": "0"}
    answer = desk.post("/staff/designs/use", data=data)
    assert (answer.status_code, words in unescape(answer.text)) == (status, True)
    assert desk.post("/staff/designs/use", data=data | {"sheet": "a5"}).status_code == 404


def test_a_design_travels_as_a_file(desk: FlaskClient) -> None:
    made = make_own_design("With a logo")
    logo = slot(made, "logo")
    assert post(desk, made, {f"{logo}_file": (BytesIO(a_picture()), "logo.png")}).status_code == 303
    answer = desk.get(f"/staff/designs/own-{made}.json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="badge-design-own-{made}.json"'
    again = import_bytes(desk, answer.data)
    assert (again.status_code, "There is a badge design called With a logo already" in again.text) == (
        409,
        True,
    )
    other = import_bytes(desk, answer.data, name="From elsewhere")
    assert other.status_code == 303
    read = stored(int(other.location.rpartition("/")[2])).design
    assert design_as_json(read) == design_as_json(stored(made).design) | {"name": "From elsewhere"}
    for key in ("a7", "card"):
        assert json.loads(desk.get(f"/staff/designs/{key}.json").data)["version"] == 1


def test_a_file_that_is_no_design_is_refused_with_each_fault(desk: FlaskClient) -> None:
    value = design_as_json(design_named("a7").design) | {"name": "X"}
    value["colours"] = {"ink": "blau"}
    value["front"][0]["place"]["left_mm"] = -3
    answer = import_bytes(desk, json.dumps(value).encode(), name="Kept name")
    assert answer.status_code == 422
    summary = unescape(answer.text.partition('id="summary"')[2].partition("</ul>")[0])
    assert ("colours.ink" in summary, "blau" in summary, "left_mm" in summary) == (True, True, True)
    assert 'value="Kept name"' in answer.text
    for content, words in (
        (b"{", "It is no JSON"), (b"\xff\xfe", "This file is no text in UTF-8."), (b"[]", "cannot be"), (b"", "It is no JSON"),
    ):  # fmt: skip
        answer = import_bytes(desk, content)
        assert (answer.status_code in {400, 422}, words in answer.text) == (True, True)
    data = {"csrf_token": token_of(desk, "/staff/designs")}
    assert "Choose the file of a design" in desk.post("/staff/designs/import", data=data).text
    assert [one for one in every_design() if one.is_own] == []


def test_samples_are_papers_like_others(desk: FlaskClient) -> None:
    make_category("Guest")
    made = make_own_design()
    page = desk.get(f"/staff/preview/designs/own-{made}/sample.pdf?as=pages")
    assert (page.status_code, "3 pages, 105 × 74.25 mm." in page.text) == (200, True)
    picture = desk.get("/staff/designs/card/sample.png")
    assert picture.content_type == "image/png"
    assert desk.get("/staff/designs/nothing/sample.png").status_code == 404
    assert desk.get(f"/staff/designs/shipped/own-{made}").status_code == 404
    assert desk.get("/staff/designs/design.schema.json").get_json()["title"] == "Design of a badge"


def test_a_design_is_deleted_and_its_sheet_goes_back(desk: FlaskClient) -> None:
    made = make_own_design()
    page = f"/staff/designs/{made}"
    data = {"csrf_token": token_of(desk, page), "revision": str(stored(made).revision)}
    answer = desk.post(f"{page}/delete", data=data)
    assert (answer.status_code, answer.location) == (303, "/staff/designs")
    assert "The design is deleted." in desk.get("/staff/designs").text
    assert desk.get(page).status_code == 404


def test_names_are_shown_and_never_read_as_markup(desk: FlaskClient) -> None:
    made = make_own_design("<b>Ours</b>")
    for page in (f"/staff/designs/{made}", "/staff/designs"):
        text = desk.get(page).text
        assert ("<b>Ours" in text, "&lt;b&gt;Ours" in text) == (False, True)


def test_an_own_design_of_no_known_sheet_is_seen_on_its_least_label(desk: FlaskClient) -> None:
    value = design_as_json(design_named("a7").design) | {"name": "Odd"}
    value["labels"] = {
        "least_width_mm": 150,
        "most_width_mm": 160,
        "least_height_mm": 70,
        "most_height_mm": 80,
    }
    made = import_value(desk, value)
    assert "The smallest label of the design" in desk.get(f"/staff/designs/{made}").text
    assert BadgeDesignId(made) == stored(made).id
