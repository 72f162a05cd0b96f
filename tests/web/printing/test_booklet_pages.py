"""The booklet's texts under Event, the page on which it is chosen, and what comes of the choice."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.event.model import BookletPart
from conference.event.queries import booklet_texts
from conference.printing.book_model import BookletOptions
from conference.printing.service import programme_to_file
from conference.speakers.dossiers import sign
from conference.speakers.model import Interest, SignDisclosure
from conference.web.access import Role
from conference.web.language import LANGUAGES, in_language
from tests.factories.accounts import sign_in
from tests.factories.paper import page_texts, read_pdf, text_of
from tests.factories.programme import at, make_room, make_session, make_talk, publish_now
from tests.factories.speakers import make_speaker
from tests.factories.web import token_of

TEXTS = "/staff/event/booklet"
CHOSEN = "/staff/programme.pdf?chosen=1&part=sessions&part=welcome"
A4_PT, A5_PT = (595, 842), (420, 595)


@pytest.fixture
def organiser(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.ORGANISER)
    return client


def write(client: FlaskClient, **texts: str) -> int:
    """Send the form with these texts, all others empty, and return the answer's status."""
    names = [f"{part}_{language}" for part in BookletPart for language in LANGUAGES]
    _, revision = booklet_texts()
    typed = dict.fromkeys(names, "") | {"revision": str(revision), "csrf_token": token_of(client, TEXTS)}
    return client.post(TEXTS, data=typed | texts).status_code


def size_of(pdf: bytes) -> tuple[int, int]:
    box = read_pdf(pdf).pages[0].mediabox
    return round(box.width), round(box.height)


def test_each_text_is_printed_in_its_language_and_left_out_in_the_others(organiser: FlaskClient) -> None:
    make_session("Tumour boards", room_id=make_room("Aula"), start=at("09:00"))
    assert write(organiser, welcome_en="Be welcome.\r\n\r\nAll of you.", welcome_sv="Varmt välkomna.") == 303
    assert booklet_texts()[0].welcome_en == "Be welcome.\n\nAll of you."
    english = text_of(organiser.get("/staff/programme.pdf").data)
    swedish = text_of(organiser.get("/staff/programme.pdf?in=sv").data)
    german = text_of(organiser.get("/staff/programme.pdf?in=de").data)
    assert ("Be welcome. All of you." in english, "Varmt" in english) == (True, False)
    assert ("Varmt välkomna." in swedish, "Välkommen" in swedish, "Be welcome" in swedish) == (
        True,
        True,
        False,
    )
    assert ("Willkommen" in german, "Überblick" in german) == (False, True)


@pytest.mark.parametrize(
    ("name", "most"), [("welcome_en", 4000), ("directions_sv", 4000), ("acknowledgements_de", 2000)]
)
def test_a_text_that_is_too_long_is_refused_and_kept(organiser: FlaskClient, name: str, most: int) -> None:
    assert write(organiser, **{name: "x" * most}) == 303
    long = "y" * (most + 1)
    token = token_of(organiser, TEXTS)
    answer = organiser.post(TEXTS, data={name: long, "revision": "2", "csrf_token": token})
    assert answer.status_code == 400
    assert long in answer.text
    assert f'href="#{name}"' in answer.text
    assert str(most) in answer.text.replace(",", "").replace("\N{NO-BREAK SPACE}", "")
    assert getattr(booklet_texts()[0], name) == "x" * most


@pytest.mark.parametrize("role", [Role.DESK, Role.PROGRAMME, Role.VIEWER])
def test_the_texts_are_the_organisers(client: FlaskClient, role: Role) -> None:
    sign_in(client, role)
    assert client.get(TEXTS).status_code == 403
    assert TEXTS not in client.get("/staff/programme/booklet").text


def test_the_page_offers_what_there_is(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    before = client.get("/staff/programme/booklet").text
    assert ('value="published"' in before, 'value="draft" checked' in " ".join(before.split())) == (
        False,
        True,
    )
    make_session("Tumour boards", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    after = client.get("/staff/programme/booklet").text
    assert 'value="published"' in after
    assert (after.count('name="part"'), after.count('name="abstracts"')) == (11, 1)
    for language in LANGUAGES.values():
        assert language in after


def test_the_choice_is_what_is_printed(client: FlaskClient) -> None:
    sign_in(client, Role.VIEWER)
    make_talk(
        make_session("Tumour boards", room_id=make_room("Aula"), start=at("09:00")),
        "A talk",
        abstract="Told at length.",
    )
    plain = client.get("/staff/programme.pdf")
    assert size_of(plain.data) == A4_PT
    assert "Told at length." in text_of(plain.data)
    chosen = client.get(f"{CHOSEN}&page=A5&in=sv")
    assert chosen.headers["Content-Disposition"] == 'inline; filename="programme-draft-A5-sv.pdf"'
    assert size_of(chosen.data) == A5_PT
    text = text_of(chosen.data)
    assert ("Told at length." in text, "Översikt" in text, "Anteckningar" in text, "Tumour boards" in text) == (
        False, False, False, True,
    )  # fmt: skip
    assert "Told at length." in text_of(client.get(f"{CHOSEN}&abstracts=1").data)


@pytest.mark.parametrize("query", ["page=A0", "in=xx", "part=nothing", "version=nonsense", "page=A5&page=A4"])
def test_what_cannot_be_chosen_is_as_usual(client: FlaskClient, query: str) -> None:
    sign_in(client, Role.VIEWER)
    answer = client.get(f"/staff/programme.pdf?{query}")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert "Plan at a glance" in text_of(answer.data)


def test_the_newest_disclosure_stands_in_the_public_booklet(client: FlaskClient) -> None:
    person = make_speaker()
    for interests in ({Interest.SHARES: "Examplegene AB"}, {Interest.HONORARIA: "Mustermed GmbH"}):
        command = SignDisclosure(person_id=person, is_nothing=False, interests=interests, signed_name="S")
        transact(lambda session, command=command: sign(session, command, actor=BY_SYSTEM, now=clock.now()))  # type: ignore[misc]  # binds the value
    publish_now()
    text = text_of(client.get("/programme.pdf").data)
    assert ("Honoraria: Mustermed GmbH" in text, "Examplegene" in text) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_a_booklet_takes_the_same_statements_whatever_its_length(
    client: FlaskClient, tmp_path: Path, count: int
) -> None:
    room = make_room("Aula")
    for number in range(count):
        make_talk(make_session(f"Session {number}", room_id=room, start=at(f"{9 + number:02}:00")), "Talk")
    publish_now()
    db.session.remove()
    with counted_statements() as statements, in_language("de"):
        programme_to_file(tmp_path / "out.pdf", BookletOptions(page="A5"))
    assert "Überblick" in " ".join(page_texts((tmp_path / "out.pdf").read_bytes()))
    assert len([one for one in statements if one.lstrip().upper().startswith("SELECT")]) <= 8
