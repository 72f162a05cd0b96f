import html
import re

from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.db.work import transact
from conference.people.model import PersonDetails
from conference.people.queries import find_person
from conference.people.service import create_person
from conference.registration.queries import get_registration
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import make_person, make_session, part
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import stored_person
from tests.factories.web import token_of


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_choose_finds_the_namesakes_and_whoever_is_searched(client: FlaskClient) -> None:
    kept, twin, other = make_person(), make_person("Asa", "LIND"), make_person("Jürgen", "Weiß")
    sign_in(client, Role.PROGRAMME)
    page = client.get(f"/staff/people/{kept}/merge").text
    links = re.findall(r"/merge/(\d+)", page)
    assert links == [str(twin)]
    assert re.findall(r"/merge/(\d+)", client.get(f"/staff/people/{kept}/merge?text=weiß").text) == [
        str(other)
    ]
    assert "Nobody else matches." in client.get(f"/staff/people/{kept}/merge?text=xyz").text


def test_preview_shows_both_and_merges_as_chosen(client: FlaskClient) -> None:
    kept, gone = make_person(), make_person("Åsa", "<b>Lindh</b>", "Other Hospital")
    make_session("Opening", people=[part(gone)])
    sign_in(client, Role.PROGRAMME)
    url = f"/staff/people/{kept}/merge/{gone}"
    shown = text_of(client.get(url).text)
    assert "Family name Lind <b>Lindh</b>" in shown
    assert "Sessions and registrations – Opening" in shown
    data = {"csrf_token": token_of(client, url), "revision": "1", "other_revision": "1"}
    answer = client.post(url, data=data | {"take": ["family_name"], "person_id": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/people/{kept}")
    details = stored_person(kept).details
    assert (details.family_name, details.affiliation) == ("<b>Lindh</b>", "Hospital of Example")
    assert find_person(gone) is None
    assert "Merged with another record" in client.get(f"/staff/people/{kept}").text
    assert client.get(url).status_code == 404


def test_what_only_the_other_has_is_ticked_at_first(client: FlaskClient) -> None:
    kept, gone = make_person(affiliation=""), make_person("Åsa", "Lindh")
    sign_in(client, Role.PROGRAMME)
    page = client.get(f"/staff/people/{kept}/merge/{gone}").text
    ticked = re.findall(r'value="(\w+)"\s+aria-label="[^"]+"\s+checked', page)
    assert ticked == ["affiliation"]


def test_a_refusal_keeps_the_choice_and_shows_what_is_stored_now(client: FlaskClient) -> None:
    kept = get_registration(register_attendee(make_category())).person_id
    other = PersonDetails(given_name="Åsa", title="Dr.", email="other@lab.example")
    gone = transact(lambda session: create_person(session, other, actor=BY_SYSTEM))
    sign_in(client, Role.PROGRAMME)
    url = f"/staff/people/{kept}/merge/{gone}"
    data = {
        "csrf_token": token_of(client, url),
        "revision": "9",
        "other_revision": "1",
        "take": ["title", "email"],
    }
    held = client.post(url, data=data)
    assert (held.status_code, "This person is registered under asa@lab.example." in held.text) == (409, True)
    assert 'name="revision" value="1"' in held.text
    assert len(re.findall("checked", held.text)) == 2


def test_same_record_bad_choice_and_no_token_are_refused(client: FlaskClient) -> None:
    kept, gone = make_person(), make_person("Åsa", "Lindh")
    sign_in(client, Role.PROGRAMME)
    url = f"/staff/people/{kept}/merge/{gone}"
    data = {"csrf_token": token_of(client, url), "revision": "1", "other_revision": "1"}
    same = client.post(f"/staff/people/{kept}/merge/{kept}", data=data)
    assert (same.status_code, "This is the same record." in same.text) == (409, True)
    assert client.post(url, data=data | {"take": ["link_version"]}).status_code == 400
    assert client.post(url, data=data | {"csrf_token": ""}).status_code == 400
    assert client.post(url, data=data | {"revision": ""}).status_code == 428
    assert find_person(gone) is not None
