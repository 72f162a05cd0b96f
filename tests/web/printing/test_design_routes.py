"""Badge designs in the office: copied, changed over a preview, saved, used for a sheet, exported and imported."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from conference.audit.queries import history_of
from conference.printing.design_routes import MOST_POSTED
from conference.printing.design_slots import role_id
from conference.printing.designs import design_named
from conference.speakers.pictures import MOST_BYTES
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.design_editor import a_picture, post, sent, slot, stored
from tests.factories.paper import page_texts, text_of
from tests.factories.printing import make_own_design
from tests.factories.registration import make_category
from tests.factories.web import token_of


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.DESK)
    return client


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
        ("name", "x" * 61, "Name: This text has 61 characters; 60 fit. Shorten it."),
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
