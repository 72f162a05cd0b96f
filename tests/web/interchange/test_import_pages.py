"""A schedule by the pages: upload, dry run, questions, columns, and all of it written; what is refused on the way."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.queries import count_people
from conference.programme.queries import draft
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import at, make_person, make_room, make_session
from tests.factories.schedules import document, event
from tests.factories.web import token_of

URL = "/staff/programme/import"
HOSTILE = "<script>alert(1)</script>{{7*7}}"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}"


def send(client: FlaskClient, content: bytes, name: str = "schedule.xml") -> TestResponse:
    # Put together here: the test client would leave the temporary file of a large one open.
    parts = [
        b'--part\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + token_of(client, URL).encode(),
        f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        + content,
        b"--part--\r\n",
    ]
    return client.post(URL, data=b"\r\n".join(parts), content_type="multipart/form-data; boundary=part")


def fields(page: str) -> dict[str, str]:
    """Return what the page's form would send."""
    found = dict(re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page))
    for name, body in re.findall(r'<select[^>]*\bname="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected|selected value="([^"]*)"', body)
        found[name] = (chosen.group(1) or chosen.group(2) or "") if chosen else ""
    found.pop("keeps_missing", None)
    return found


def opened(client: FlaskClient, content: bytes, name: str = "schedule.xml") -> tuple[str, str]:
    """Return the address of the page that shows what the file would change, and the page."""
    answer = send(client, content, name)
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    return address, client.get(address).text


def written(client: FlaskClient, address: str, page: str, **more: str) -> TestResponse:
    return client.post(address, data=fields(page) | {"step": "import"} | more)


def titles() -> list[str]:
    db.session.rollback()
    return [one.title for one in transact(draft).sessions]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_file_goes_by_a_dry_run_into_the_draft(client: FlaskClient, tmp_path: Path) -> None:
    sign_in(client, Role.PROGRAMME)
    assert f'href="{URL}"' in client.get("/staff/programme").text
    content = document(
        event(1, title=HOSTILE.replace("<", "&lt;"), persons={"5": "Bo Ek"}), event(2, start="09:45")
    )
    address, page = opened(client, content)
    assert address.endswith("?name=schedule")
    assert "New: 2 · changed: 0 · removed: 0 · unchanged: 0" in page
    assert "new rooms: 1, new tracks: 0, new people: 1." in page
    assert (ESCAPED in page, HOSTILE in page) == (True, False)
    assert (titles(), count_people()) == ([], 0)
    answer = written(client, address, page)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/programme")
    assert titles() == [HOSTILE, "Talk 2"]
    office = client.get("/staff/programme").text
    assert re.search(r"Added: 2, changed: 0, removed: 0\. Conflicts in the draft: [1-9]", office)
    # The file has done its work.
    assert list(tmp_path.glob("imports/*")) == []
    assert client.get(address).status_code == 404


def test_the_next_file_shows_what_changes_before_it_does(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    first = document(
        event(1, abstract="A", persons={"5": "Bo Ek"}), event(2, start="11:00"), event(3, start="12:00")
    )
    written(client, *opened(client, first))
    address, page = opened(client, first)
    assert ("Nothing to do: the draft has everything" in page, 'value="import"' in page) == (True, False)
    second = document(
        event(1, title="New", start="10:00", room="Saal", track="T", duration="01:00", type="panel", abstract="B",
              persons={"6": "Li Ek"}),
        event(2, start="11:00"),
    )  # fmt: skip
    address, page = opened(client, second)
    told = words(page)
    assert "New: 0 · changed: 1 · removed: 1 · unchanged: 1" in told
    for before, after in (
        ("Title Talk 1", "New"),
        ("Start Thu 22 Sep 09:30", "Thu 22 Sep 10:00"),
        ("Room Aula", "Saal"),
        ("Track –", "T"),
        ("Minutes 45 minutes", "60 minutes"),
        ("Kind Parallel session", "Panel"),
        ("Abstract A", "B"),
        ("People Bo Ek", "Li Ek"),
    ):
        assert f"{before} {after}" in told
    kept = client.post(address, data=fields(page) | {"step": "check", "keeps_missing": "y"}).text
    assert "No longer in the file, kept 1" in words(kept)
    written(client, address, page)
    assert titles() == ["New", "Talk 2"]


def test_people_are_asked_about_and_answered(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    first, second = make_person("Bo", "Ek", "One Clinic"), make_person("Bo", "Ek", "Other Clinic")
    here = make_person("Eva", "Ask")
    content = document(event(1, persons={"5": "Bo Ek", "6": "Eva Aske", "7": "Li Ek"}))
    address, page = opened(client, content)
    assert ("Several people have the same name." in page, 'value="import"' in page) == (True, False)
    assert f"Bo Ek (#{second}), Other Clinic" in words(page)
    unanswered = written(client, address, page)
    assert (
        unanswered.status_code,
        "Several people have these names: Bo Ek (1 in all)." in unanswered.text,
    ) == (409, True)
    answers = {"person-5": f"(#{second})", "person-6": f"Eva Ask (#{here})"}
    nobody = written(client, address, page, **answers | {"person-6": "Eve Nobody"})
    assert (nobody.status_code, "“Eve Nobody” is nobody here." in nobody.text, titles()) == (422, True, [])
    assert 'value="Eve Nobody"' in nobody.text
    shown = client.post(address, data=fields(page) | {"step": "check"} | answers).text
    assert ("new people: 1." in shown, 'value="import"' in shown) == (True, True)
    assert written(client, address, shown).status_code == 303
    (session,) = transact(draft).sessions
    assert {one.person_id for one in session.people} >= {second, here}
    assert (first not in {one.person_id for one in session.people}, count_people()) == (True, 4)


def test_a_namesake_is_taken_for_the_person_unless_somebody_says_no(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    here = make_person("Bo", "Ek")
    address, page = opened(client, document(event(1, persons={"5": "Bo Ek"})))
    assert "new rooms: 1, new tracks: 0, new people: 0." in page
    gone = written(client, address, page, **{"person-5": "(#987654)"})
    assert (gone.status_code, "“(#987654)” is nobody here." in gone.text) == (422, True)
    written(client, address, page, **{"person-5": "new"})
    (session,) = transact(draft).sessions
    assert session.people[0].person_id != here


def test_a_table_is_taken_with_its_columns(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    text = "Headline,When,Minutes,Speaker\nOpening,2022-09-22 09:30,45,Åsa Lind\n"
    address, page = opened(client, text.encode(), "list.csv")
    assert "No column holds: Title, Start. Say which column it is." in page
    guess = fields(page)
    assert (guess["column-duration"], guess["column-people"], guess["column-title"]) == (
        "Minutes",
        "Speaker",
        "",
    )
    chosen = {"column-title": "Headline", "column-start": "When", "column-people": ""}
    missing = client.post(address, data=guess | {"step": "check"})
    assert missing.status_code == 422
    shown = client.post(address, data=guess | {"step": "check"} | chosen).text
    assert (fields(shown)["source"], fields(shown)["column-people"]) == ("list", "")
    written(client, address, shown)
    (session,) = transact(draft).sessions
    assert (session.title, session.people) == ("Opening", ())


def test_an_empty_event_takes_the_files_days_from_an_organiser_only(client: FlaskClient) -> None:
    content = document(event(1), day='date="2024-02-03"')
    sign_in(client, Role.PROGRAMME)
    address, page = opened(client, content)
    assert ("Only an organiser may change them" in page, 'value="import"' in page) == (True, False)
    refused = written(client, address, page)
    assert (refused.status_code, titles()) == (403, [])
    moved = client.post(address, data=fields(page) | {"step": "check", "shift_to": "2022-09-23"}).text
    assert 'value="import"' in moved
    sign_in(client, Role.ORGANISER)
    address, page = opened(client, content)
    assert "takes its days from this file: Saturday 3 February 2024 to Saturday 3 February 2024." in words(
        page
    )
    written(client, address, page)
    db.session.rollback()
    assert (titles(), transact(get_event).days) == (["Talk 1"], (date(2024, 2, 3),))


def test_an_event_with_sessions_asks_for_the_day(client: FlaskClient) -> None:
    make_session("Here", room_id=make_room("Annexe"), start=at("15:00"))
    sign_in(client, Role.PROGRAMME)
    address, page = opened(client, document(event(1), day='date="2024-02-03"'))
    assert ("Say on which day the file&#39;s first day is to be" in page, 'value="import"' in page) == (
        True,
        False,
    )
    assert written(client, address, page).status_code == 422
    assert written(client, address, page, shift_to="2022-09-30").status_code == 400
    shown = client.post(address, data=fields(page) | {"step": "check", "shift_to": "2022-09-23"}).text
    assert "Fri 23 Sep 09:30" in words(shown)
    written(client, address, shown)
    assert titles() == ["Here", "Talk 1"]


def test_a_draft_that_was_changed_meanwhile_is_shown_again(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    address, page = opened(client, document(event(1)))
    make_session("Meanwhile")
    refused = written(client, address, page)
    assert (refused.status_code, "nothing was imported." in refused.text, titles()) == (
        409,
        True,
        ["Meanwhile"],
    )
    assert written(client, address, refused.text).status_code == 303
    assert titles() == ["Talk 1", "Meanwhile"]


def test_a_plan_that_nobody_looked_at_is_not_written(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    address, page = opened(client, document(event(1)))
    assert written(client, address, page, draft_revision="").status_code == 409
    assert written(client, address, page, csrf_token="x").status_code == 400
    assert titles() == []


def test_what_cannot_be_seen_is_told(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    _, page = opened(client, document(event(1, title="a\u202eb")))
    assert "Line 5: characters that cannot be seen were taken out of the title (U+202E)." in page


def test_another_zone_and_source_are_read_again(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    address, page = opened(client, document(event(1)))
    shown = client.post(address, data=fields(page) | {"step": "check", "zone": "Europe/Helsinki"}).text
    assert "Thu 22 Sep 08:30" in words(shown)
    refused = client.post(address, data=fields(page) | {"step": "check", "zone": "Mars/Base"})
    assert (refused.status_code, "There is no time zone called Mars/Base." in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "This file has no rows under its first line"),
        (b"<html/>", 422, "This file is no schedule that can be read."),
        (b"<!DOCTYPE a><schedule/>", 422, "Line 1: the file declares a document type"),
        (document(event(title="x" * 2000)), 422, "Line 5: title has 2000 characters; 200 fit."),
        (document(event(1), event(1, title="B")), 422, "Line 6: the id 1 is already that of the session in line 5."),
        (b"{\n<<<<<<< HEAD\n}", 422, "Line 2: git left marks of a conflict here."),
        (b"<schedule>" + b" " * 10_000_000, 413, "larger than 10 MB"),
    ],
)  # fmt: skip
def test_a_bad_file_is_not_kept(
    client: FlaskClient, tmp_path: Path, content: bytes, status: int, said: str
) -> None:
    sign_in(client, Role.PROGRAMME)
    answer = send(client, content)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert list(tmp_path.glob("imports/*")) == []


def test_50_mb_are_refused_before_they_are_read(client: FlaskClient, tmp_path: Path) -> None:
    sign_in(client, Role.PROGRAMME)
    assert send(client, b" " * 50_000_000).status_code == 413
    assert list(tmp_path.glob("imports/*")) == []


def test_no_file_at_all_is_asked_for(client: FlaskClient) -> None:
    sign_in(client, Role.PROGRAMME)
    answer = client.post(URL, data={"csrf_token": token_of(client, URL)})
    assert (answer.status_code, "Choose a file." in answer.text) == (400, True)
