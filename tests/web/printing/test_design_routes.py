"""Badge designs in the office: copied, changed over a preview, saved, used for a sheet, exported and imported."""

import io
import json
import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from conference.audit.queries import history_of
from conference.core.ids import BadgeDesignId
from conference.db.base import db
from conference.printing.design_routes import MOST_POSTED
from conference.printing.design_schema import design_as_json
from conference.printing.design_slots import role_id, slots_of
from conference.printing.designs import StoredDesign, design_for, design_named, every_design
from conference.printing.sheets import A7, SHEETS
from conference.speakers.pictures import MOST_BYTES
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, text_of
from tests.factories.printing import make_own_design
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


def stored(design_id: int) -> StoredDesign:
    db.session.rollback()
    return design_named(f"own-{design_id}")


def sent(client: FlaskClient, page: str) -> dict[str, str]:
    """Return what the page's form would send as it stands."""
    text = client.get(page).text
    beside = text.partition('class="design-beside"')[2].partition('id="seen"')[0]
    form = text.partition('id="design-form"')[2].partition("</form>")[0] + beside
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_off = found["type"] == "checkbox" and not re.search(r"\bchecked\b", tag)
        if not is_off and found["type"] != "file":
            values[found["name"]] = unescape(found.get("value", ""))
    for name, inside in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        tags = re.findall(r"<option[^>]*>", inside)
        chosen = next((tag for tag in tags if re.search(r"\bselected\b", tag)), tags[0])
        values[name] = unescape(re.findall(r'value="([^"]*)"', chosen)[0])
    return values


def encoded(data: dict[str, Any]) -> dict[str, Any]:
    parts = {
        name: FileStorage(value[0], value[1]) if isinstance(value, tuple) else value
        for name, value in data.items()
    }
    boundary, body = encode_multipart(parts)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def post(client: FlaskClient, design_id: int, values: dict[str, Any], act: str = "save") -> Any:
    """Send the form of the design's page with these values in place of its own."""
    page = f"/staff/designs/{design_id}"
    data = sent(client, page) | {"act": act} | values
    # An unticked box is not sent. Encoded here: the client's own encoder leaves a temporary file open for a large body.
    ticked = {name: value for name, value in data.items() if value != "" or not name.endswith("_shown")}
    answer = client.post(page, **encoded(ticked))
    db.session.rollback()
    return answer


def slot(design_id: int, name: str) -> str:
    return next(one.id for one in slots_of(stored(design_id).design) if one.name == name)


def errors_of(page: str) -> dict[str, str]:
    return {
        name: unescape(text)
        for name, text in re.findall(
            r'<a href="#([\w-]+)">([^<]*)</a>',
            page.partition("</h2>")[0] + page.partition('id="summary"')[2].partition("</div>")[0],
        )
    }


def has_red(client: FlaskClient, page: str, place: int = 0) -> bool:
    """Return whether the preview's picture of a sample is red somewhere: the usual name, the longest, the shortest."""
    address = re.findall(r'<img src="(/staff/previews/[^"]+)"', page)[place]
    with Image.open(BytesIO(client.get(address).data)) as picture:
        colours = picture.convert("RGB").getcolors(10**7)
    return (255, 0, 0) in {colour for _, colour in colours or ()}


def a_picture(colour: str = "#ff0000", kind: str = "PNG", size: tuple[int, int] = (200, 100)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return made.getvalue()


def import_value(client: FlaskClient, value: object) -> int:
    answer = import_bytes(client, json.dumps(value).encode())
    assert answer.status_code == 303
    return int(answer.location.rpartition("/")[2])


def import_bytes(client: FlaskClient, content: bytes, **values: str) -> Any:
    data = {"csrf_token": token_of(client, "/staff/designs"), "file": (io.BytesIO(content), "design.json")}
    answer = client.post("/staff/designs/import", data=data | values, content_type="multipart/form-data")
    db.session.rollback()
    return answer


def test_a_copy_of_a_shipped_one_begins_a_design(desk: FlaskClient) -> None:
    page = desk.get("/staff/designs").text
    assert [f'href="/staff/designs/shipped/{key}"' in page for key in ("a7", "a6", "card")] == [True] * 3
    here = "/staff/designs/shipped/a7"
    answer = desk.post(
        "/staff/designs/copy", data={"csrf_token": token_of(desk, here), "key": "a7", "name": "Ours"}
    )
    assert answer.status_code == 303
    made = int(answer.location.rpartition("/")[2])
    assert (stored(made).design.name, stored(made).design.front) == ("Ours", design_named("a7").design.front)
    assert "The copy is there." in desk.get(answer.location).text
    assert 'href="/staff/designs/%d"' % made in desk.get("/staff/designs").text  # noqa: UP031 -- quotes within quotes


@pytest.mark.parametrize(
    ("name", "words"), [("", "Enter a name"), ("Card", "There is a badge design called Card already")]
)
def test_a_copy_that_cannot_be_is_refused_on_its_page(desk: FlaskClient, name: str, words: str) -> None:
    here = "/staff/designs/shipped/a7"
    data = {"csrf_token": token_of(desk, here), "key": "a7", "name": name}
    answer = desk.post("/staff/designs/copy", data=data)
    assert (answer.status_code in {400, 409}, words in answer.text, f'value="{name}"' in answer.text) == (
        True,
    ) * 3
    assert "Karolinska" in answer.text  # the preview is there still
    design_id = make_own_design()
    answer = desk.post("/staff/designs/copy", data=data | {"key": f"own-{design_id}"})
    assert (answer.status_code in {400, 409}, words in answer.text) == (True, True)
    assert desk.post("/staff/designs/copy", data=data | {"key": "nothing", "name": "X"}).status_code == 404


def test_what_is_entered_is_saved_and_told(desk: FlaskClient) -> None:
    make_category("Guest")
    made = make_own_design()
    organisation, title = slot(made, "organisation"), slot(made, "title")
    answer = post(
        desk, made, {
            "name": "Better", "colour_ink": "#00f",
            f"{organisation}_field": "words", f"{organisation}_words": "Of the house", f"{title}_shown": "y", role_id("Guest"): "123456",
        },
    )  # fmt: skip
    assert answer.status_code == 303
    design = stored(made).design
    assert (design.name, design.colours.ink, dict(design.colours.roles)) == (
        "Better",
        "#0000ff",
        {"Guest": "#123456"},
    )
    page = desk.get(answer.location).text
    assert "The design is saved." in page
    assert "Of the house" in page
    assert history_of("badge_design", made)[0].action == "changed"


def test_the_preview_is_the_page_that_is_printed_and_saves_nothing(desk: FlaskClient) -> None:
    make_category("Guest")
    made = make_own_design()
    before = desk.get(f"/staff/designs/{made}").text
    answer = post(desk, made, {role_id("Guest"): "#ff0000", "as_role": "Guest"}, "preview")
    assert (answer.status_code, errors_of(answer.text)) == (200, {})
    assert stored(made).design.colours.roles == {}
    assert [has_red(desk, page) for page in (before, answer.text)] == [False, True]
    assert re.findall(r'alt="(A usual|The longest|The shortest) name', answer.text) == [
        "A usual",
        "The longest",
        "The shortest",
    ]
    file = desk.get(re.findall(r'href="(/staff/previews/[^"]+\.pdf)"', answer.text)[0])
    assert [
        name in text for name, text in zip(("Åsa", "Maximiliane", "Bo"), page_texts(file.data), strict=True)
    ] == [True] * 3
    assert "Guest" in text_of(file.data)


def test_what_cannot_be_read_is_said_in_words(desk: FlaskClient) -> None:
    make_category("Guest")
    made = make_own_design()
    assert "Every text can be read: the weakest contrast is" in desk.get(f"/staff/designs/{made}").text
    page = post(desk, made, {"colour_ink": "#dddddd", role_id("Guest"): "#ffff00"}, "preview").text
    assert (
        "“given name”, “family name”, “organisation”, “country”: #dddddd on #ffffff has a contrast of 1.4, and 4.5 is needed."
        in page
    )
    assert "“band” (Guest): #ffffff on #ffff00 has a contrast of 1.1, and" in page
    # It is the organisers' choice in the end.
    assert post(desk, made, {"colour_ink": "#dddddd"}).status_code == 303


def test_the_longest_name_shows_what_does_not_fit(desk: FlaskClient) -> None:
    page = desk.get(f"/staff/designs/{make_own_design()}").text
    assert "What does not fit" in page
    assert "Maximiliane-Charlotte Müller" in page


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (
            "colour_ink",
            "blau",
            "“blau” is no colour. Enter # and six digits or letters from a to f, such as #0b3d91.",
        ),
        ("colour_paper", "", "Enter a colour, such as #0b3d91."),
        ("name", "", "Enter a name for the design."),
        ("name", "x" * 61, "This text has 61 characters; 60 fit. Shorten it."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept(
    desk: FlaskClient, field: str, typed: str, words: str
) -> None:
    made = make_own_design()
    before = stored(made)
    for act, status in (("preview", 422), ("save", 400)):
        answer = post(desk, made, {"colour_accent": "#123456", field: typed}, act)
        assert (answer.status_code, errors_of(answer.text)) == (status, {field: words})
        assert 'value="#123456"' in answer.text
        assert f'value="{typed}"' in answer.text
        assert "so the design is shown as it is stored" in answer.text
    assert stored(made).revision == before.revision


def test_words_that_are_missing_are_refused_at_their_field(desk: FlaskClient) -> None:
    made = make_own_design()
    organisation = slot(made, "organisation")
    answer = post(desk, made, {f"{organisation}_field": "words", f"{organisation}_words": ""})
    assert answer.status_code == 400
    assert f"{organisation}_words" in errors_of(answer.text)


def test_a_name_that_is_taken_is_refused(desk: FlaskClient) -> None:
    made, _ = make_own_design(), make_own_design("Taken")
    answer = post(desk, made, {"name": "taken", "colour_ink": "#000001"})
    assert (answer.status_code, 'value="#000001"' in answer.text) == (409, True)
    assert "There is a badge design called taken already" in errors_of(answer.text)["name"]


def test_two_editors_see_both_values(desk: FlaskClient) -> None:
    made = make_own_design()
    page = f"/staff/designs/{made}"
    mine = sent(desk, page)
    assert post(desk, made, {"colour_ink": "#111111"}).status_code == 303
    answer = desk.post(page, data=mine | {"colour_ink": "#222222", "act": "save"})
    assert answer.status_code == 409
    both = answer.text.partition('aria-label="Both values"')[2].partition("</table>")[0]
    assert ("#111111" in both, "#222222" in both) == (True, True)
    assert stored(made).design.colours.ink == "#111111"


def test_a_logo_is_seen_at_once_and_kept_until_it_is_saved(desk: FlaskClient) -> None:
    made = make_own_design("With a logo")
    logo = slot(made, "logo")
    answer = post(desk, made, {f"{logo}_file": (BytesIO(a_picture()), "logo.png")}, "preview")
    assert (answer.status_code, errors_of(answer.text)) == (200, {})
    assert has_red(desk, answer.text, 2)
    kept = re.findall(rf'name="{logo}_kept"\s+value="([^"]+)"', answer.text)[0]
    assert re.search(rf'name="{logo}_shown"[^>]*checked|checked[^>]*name="{logo}_shown"', answer.text)
    assert stored(made).design.pictures == {}
    # A page sent again without the file has the picture still.
    answer = post(desk, made, {f"{logo}_kept": kept, f"{logo}_shown": "y"})
    assert answer.status_code == 303
    assert list(stored(made).design.pictures) == ["logo"]
    page = desk.get(answer.location).text
    assert "data:image/png;base64," in page
    assert post(desk, made, {f"{logo}_remove": "y"}).status_code == 303
    assert stored(made).design.pictures == {}


def test_what_cannot_stand_together_is_said_for_who_moves_nothing(desk: FlaskClient) -> None:
    made = make_own_design("With a logo", "card")
    logo, organisers = slot(made, "logo"), slot(made, "organisers")
    picture = {f"{logo}_file": (BytesIO(a_picture()), "logo.png")}
    answer = post(desk, made, picture, "preview")
    assert errors_of(answer.text) == {
        f"{organisers}_field": "“organisers” cannot stand here: it is on top of “logo”. Switch one of them off."
    }
    kept = re.findall(rf'name="{logo}_kept"\s+value="([^"]+)"', answer.text)[0]
    both = {f"{organisers}_shown": "", f"{logo}_shown": "y", f"{logo}_kept": kept}
    assert post(desk, made, both).status_code == 303


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://x.example/'/></svg>", "This file is not a PNG, JPEG or WebP picture."),
        (b"", "This file is not a PNG, JPEG or WebP picture."),
        (a_picture()[:150], "This picture is damaged"),
        (b"\x89PNG" + bytes(MOST_BYTES), "This file has more than 8 MB."),
        (a_picture(size=(8000, 7500)), "This picture has more than 40 megapixels."),
    ],
    ids=["svg", "empty", "cut off", "too large", "60 megapixels"],
)  # fmt: skip
def test_a_picture_that_cannot_be_is_refused_at_its_field(
    desk: FlaskClient, content: bytes, words: str
) -> None:
    made = make_own_design("With a logo")
    logo = slot(made, "logo")
    answer = post(desk, made, {"colour_ink": "#000001", f"{logo}_file": (BytesIO(content), "logo.png")})
    assert answer.status_code == 400
    assert errors_of(answer.text)[f"{logo}_file"].startswith(words)
    assert 'value="#000001"' in answer.text


def test_a_post_of_which_nothing_is_read_says_why(desk: FlaskClient) -> None:
    page = f"/staff/designs/{make_own_design()}"
    size = {"CONTENT_LENGTH": str(MOST_POSTED + 1)}
    kind = "multipart/form-data; boundary=x"
    answer = desk.post(page, input_stream=BytesIO(), content_type=kind, environ_overrides=size)
    assert (answer.status_code, "This file has more than 8 MB." in answer.text) == (413, True)
    to = "/staff/designs/import"
    answer = desk.post(to, input_stream=BytesIO(), content_type=kind, environ_overrides=size)
    assert (answer.status_code, "This file has more than 4 MB." in answer.text) == (413, True)


def test_a_picture_kept_too_long_is_asked_for_again(desk: FlaskClient) -> None:
    made = make_own_design("With a logo")
    logo = slot(made, "logo")
    answer = post(desk, made, {f"{logo}_kept": "A" * 43, f"{logo}_shown": "y"})
    assert "is gone: choose its file again" in errors_of(answer.text)[f"{logo}_file"]


def test_a_sheet_is_printed_in_the_design_chosen(desk: FlaskClient) -> None:
    register_attendee(make_category("Guest"))
    made = make_own_design()
    post(desk, made, {"colour_ink": "#ff0000"})
    data = {
        "csrf_token": token_of(desk, "/staff/designs"),
        "sheet": "a7",
        "design": f"own-{made}",
        "revision": "",
    }
    answer = desk.post("/staff/designs/use", data=data)
    assert answer.status_code == 303
    db.session.rollback()
    assert design_for(A7).key == f"own-{made}"
    assert design_for(SHEETS["a6"]).key == "a6"
    page = desk.get("/staff/designs").text
    row = page.partition('name="sheet" value="a7"')[2].partition("</select>")[0]
    assert re.search(rf'<option[^>]*selected[^>]*value="own-{made}"', row)
    # A second time needs the revision that was seen.
    assert desk.post("/staff/designs/use", data=data | {"design": ""}).status_code == 428


@pytest.mark.parametrize(
    ("design", "status", "words"),
    [("a6", 422, "is for labels from"), ("own-99", 404, "There is no badge design own-99")],
)
def test_a_design_that_does_not_fit_is_refused(
    desk: FlaskClient, design: str, status: int, words: str
) -> None:
    data = {"csrf_token": token_of(desk, "/staff/designs"), "sheet": "a7", "design": design, "revision": ""}
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
