"""The office's pages of conflicts and of what they do, and the fields that the checks ask."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.ids import SessionId
from conference.core.interval import Interval
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_room, walks
from conference.programme.check_setting import edit_checks
from conference.programme.facts import CheckSettings
from conference.programme.model import Kind, PartRole, Session
from conference.programme.queries import check_settings, draft, get_session, versions
from conference.programme.severity import DEFAULTS, ConflictKind, Severity
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.extras import make_extra
from tests.factories.pages import text_of, typed
from tests.factories.programme import (
    at,
    make_person,
    make_room,
    make_session,
    make_talk,
    part,
    publish_now,
)
from tests.factories.registration import make_category
from tests.web.programme.test_office_programme import NEW, PUBLISH, edit_url

CHECKS = "/staff/programme/checks"
LED = Kind.WORKSHOP


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.PROGRAMME)
    return client


def stored(session_id: SessionId) -> Session:
    db.session.rollback()
    return get_session(transact(draft), session_id)


def let_block(kind: ConflictKind) -> None:
    chosen = CheckSettings(severities={**DEFAULTS, kind: Severity.BLOCK_MOVE})
    transact(lambda session: edit_checks(session, 1, chosen, actor=BY_SYSTEM))


def test_the_checks_are_set_on_a_page_and_read_back(editor: FlaskClient) -> None:
    fields = typed(editor, CHECKS)
    assert (fields["severity_room_taken"], fields["severity_chair_missing"]) == ("block publishing", "warn")
    changed = {"severity_room_taken": "block move", "severity_chair_missing": "ignore", "many_marks": "4"}
    names = {"placeholders": "TBA\n TBA \n\nNobody  ", "sponsors": "Acme"}
    answer = editor.post(CHECKS, data=fields | changed | names)
    assert (answer.status_code, answer.location) == (303, "/staff/programme")
    db.session.rollback()
    now = check_settings()
    assert now.severity(ConflictKind.ROOM_TAKEN) is Severity.BLOCK_MOVE
    assert now.severity(ConflictKind.CHAIR_MISSING) is Severity.IGNORE
    assert (now.many_marks, now.placeholders, now.sponsors) == (4, ("TBA", "Nobody"), ("Acme",))
    assert typed(editor, CHECKS)["placeholders"] == "TBA\nNobody"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"severity_room_taken": "loud"}, "Not a valid choice"),
        ({"severity_chair_missing": "block move"}, "Not a valid choice"),
        ({"many_marks": "0"}, "Enter a number of people, 1 to 100000."),
        ({"many_marks": ""}, "Enter a number of people, 1 to 100000."),
        ({"many_marks": "many"}, "Enter a number of people, 1 to 100000."),
        ({"placeholders": "x" * 121}, "is longer than 120 characters. Put each name on a line of its own."),
        ({"sponsors": "\n".join(map(str, range(201)))}, "These are 201 names; 200 fit. Take some out."),
    ],
)
def test_wrong_checks_are_refused_with_their_remedy(
    editor: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    answer = editor.post(CHECKS, data=typed(editor, CHECKS) | {"sponsors": "Kept"} | wrong)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    db.session.rollback()
    assert check_settings().revision == 1


def test_of_two_who_set_the_checks_the_second_sees_both_values(editor: FlaskClient) -> None:
    fields = typed(editor, CHECKS)
    assert editor.post(CHECKS, data=fields | {"many_marks": "4"}).status_code == 303
    answer = editor.post(CHECKS, data=fields | {"many_marks": "7"})
    assert answer.status_code == 409
    assert "People who marked both 4 7" in text_of(answer)
    without = {name: value for name, value in fields.items() if name != "revision"}
    assert editor.post(CHECKS, data=without).status_code == 428


def test_a_move_that_is_blocked_names_what_and_with_whom_and_keeps_the_place(editor: FlaskClient) -> None:
    room_id = make_room("Aula")
    make_session("First", kind=LED, room_id=room_id, start=at("09:00"))
    second = make_session("Second", kind=LED)
    let_block(ConflictKind.ROOM_TAKEN)
    page = f"/staff/programme/session/{second}"
    place = {"room_id": str(room_id), "day": "2022-09-22", "time": "09:40"}
    answer = editor.post(f"{page}/move", data=typed(editor, page) | place)
    text = text_of(answer)
    assert answer.status_code == 409
    assert "Nothing was changed. Conflicts that would come of it and may not: 1." in text
    assert "Aula is taken twice for 20 minutes: First (09:00–10:00) and Second (09:40–10:40)" in text
    assert "Move one of the two by 20 minutes or into another room, or mark both as sharing it." in text
    assert 'value="09:40"' in answer.text
    assert stored(second).span is None


def test_a_pinned_session_answers_how_to_take_the_pin_off(editor: FlaskClient) -> None:
    pinned = make_session("Pinned", kind=LED, room_id=make_room("Aula"), start=at("09:00"), is_pinned=True)
    page = f"/staff/programme/session/{pinned}"
    assert "09:00–10:00, Aula Pinned" in text_of(editor.get(page))
    answer = editor.post(f"{page}/move", data=typed(editor, page) | {"time": "10:00"})
    assert answer.status_code == 422
    assert "This session is pinned to its room and time. Take the pin off first, under Edit." in text_of(
        answer
    )


def test_the_form_keeps_all_that_the_checks_ask(editor: FlaskClient) -> None:
    outer = make_session("Outer")
    extra_id = make_extra("Hands on", make_category())
    facts = {"expected_people": "40", "sponsor": "Acme", "may_share_room": "y", "is_pinned": "y"}
    links = {"parent_id": str(outer), "extra_id": str(extra_id)}
    new = {"title": "Inner", "kind": "exhibition"}
    answer = editor.post(NEW, data=typed(editor, NEW) | new | facts | links)
    assert answer.status_code == 303
    made = SessionId(int(answer.location.rsplit("/", 1)[1]))
    found = stored(made)
    assert (found.expected_people, found.sponsor, found.may_share_room, found.is_pinned) == (
        40,
        "Acme",
        True,
        True,
    )
    assert (found.parent_id, found.extra_id, found.kind) == (outer, extra_id, Kind.EXHIBITION)
    fields = typed(editor, edit_url(made))
    assert {name: fields[name] for name in facts | links} == facts | links
    assert editor.post(edit_url(made), data=fields).status_code == 303
    assert stored(made) == replace(found, revision=found.revision + 1)
    page = text_of(editor.get(answer.location))
    assert "Stands inside Outer People expected 40 Company that pays for it Acme" in page


@pytest.mark.parametrize(
    ("wrong", "sentence", "status"),
    [
        ({"expected_people": "-1"}, "Enter a number of people up to 100000, or leave it empty if unknown.", 400),
        ({"expected_people": "100001"}, "Enter a number of people up to 100000, or leave it empty if unknown.", 400),
        ({"expected_people": "some"}, "Enter a number of people up to 100000, or leave it empty if unknown.", 400),
        ({"sponsor": "x" * 121}, "This text has 121 characters; 120 fit. Shorten it.", 400),
        ({"parent_id": "999"}, "What you chose here does not exist any more. Choose again.", 422),
        ({"extra_id": "999"}, "What you chose here does not exist any more. Choose again.", 422),
    ],
)  # fmt: skip
def test_a_wrong_fact_of_a_session_is_answered_with_its_remedy(
    editor: FlaskClient, wrong: dict[str, str], sentence: str, status: int
) -> None:
    answer = editor.post(NEW, data=typed(editor, NEW) | {"title": "Typed"} | wrong)
    assert (answer.status_code, 'value="Typed"' in answer.text) == (status, True)
    assert sentence in text_of(answer)


def test_a_circle_of_containers_is_refused_at_the_field(editor: FlaskClient) -> None:
    outer = make_session("Outer")
    inner = make_session("Inner", parent_id=outer)
    url = edit_url(outer)
    answer = editor.post(url, data=typed(editor, url) | {"parent_id": str(inner)})
    assert answer.status_code == 422
    assert "A session cannot stand inside itself. Choose another session, or none." in text_of(answer)


def test_the_history_tells_of_marks_and_containers_in_words(editor: FlaskClient) -> None:
    outer = make_session("Outer")
    inner = make_session("Inner")
    url = edit_url(inner)
    editor.post(url, data=typed(editor, url) | {"parent_id": str(outer), "may_share_room": "y"})
    text = text_of(editor.get(f"/staff/programme/session/{inner}/history"))
    assert "Shares its room: No → Yes Stands inside: – → Outer" in text


def test_posters_show_number_and_board_in_the_office_and_to_the_public(editor: FlaskClient) -> None:
    session_id = make_session("Posters", kind=Kind.POSTER, room_id=make_room("Foyer"), start=at("09:00"))
    talk_id = make_talk(session_id, "A poster")
    url = f"/staff/programme/talk/{talk_id}/edit"
    answer = editor.post(url, data=typed(editor, url) | {"poster_number": "P-12", "board": "A3"})
    assert answer.status_code == 303
    assert "Poster P-12, Board A3" in text_of(editor.get(answer.location))
    publish_now()
    page = text_of(editor.get(f"/programme/session/{session_id}"))
    assert "09:00–10:00 A poster Poster P-12, Board A3" in page
    editor.post(url, data=typed(editor, url) | {"title": "Still a poster"})
    (talk,) = stored(session_id).talks
    assert (talk.title, talk.poster_number, talk.board) == ("Still a poster", "P-12", "A3")


def test_a_final_version_waits_for_disclosures_and_others_do_not(editor: FlaskClient) -> None:
    people = [part(make_person(), PartRole.CHAIR)]
    make_session("First", room_id=make_room("Aula"), start=at("09:00"), people=people)
    text = text_of(editor.get(PUBLISH))
    assert "Before a final version A version that is not final can be published meanwhile." in text
    assert "Åsa Lind has not signed a disclosure of interests: First (09:00–10:00)" in text
    answer = editor.post(PUBLISH, data=typed(editor, PUBLISH) | {"is_final": "y"})
    assert answer.status_code == 409
    assert "Nothing was published. Conflicts to be solved first: 1." in text_of(answer)
    assert transact(versions) == []
    assert editor.post(PUBLISH, data=typed(editor, PUBLISH)).status_code == 303
    # It may still be made final, without a change, when all have signed.
    assert "Publish version 2" in editor.get(PUBLISH).text


def test_a_version_is_shown_as_final(editor: FlaskClient) -> None:
    make_session("First", kind=LED, room_id=make_room("Aula"), start=at("09:00"))
    assert editor.post(PUBLISH, data=typed(editor, PUBLISH) | {"is_final": "y"}).status_code == 303
    assert "1 – Public Final 5 September 2022, 08:00" in text_of(editor.get("/staff/programme/versions"))
    assert "Publish version" not in editor.get(PUBLISH).text


def test_a_room_has_hours_walks_and_a_mark_of_its_own(editor: FlaskClient) -> None:
    aula, far = make_room("Aula"), make_room("Far", place=2)
    url = f"/staff/rooms/{aula}"
    hours = {"opens_1": "8.30", "closes_1": "18:00", "opens_2": "20:00", "closes_2": "01:00"}
    typed_in = {"is_emptied_by_plenary": "y", f"walk_{far}": "6"}
    assert editor.post(url, data=typed(editor, url) | hours | typed_in).status_code == 303
    db.session.rollback()
    found = get_room(aula)
    assert found.is_emptied_by_plenary
    assert [one.span for one in found.hours] == [
        Interval(start=at("08:30"), end=at("18:00")),
        Interval(start=at("20:00", day=23), end=at("01:00", day=24)),
    ]
    assert walks() == {(aula, far): 6, (far, aula): 6}
    fields = typed(editor, url)
    expected = hours | typed_in | {"opens_1": "08:30"}
    assert {name: fields[name] for name in expected} == expected
    assert typed(editor, f"/staff/rooms/{far}")[f"walk_{aula}"] == "6"
    cleared = fields | {"opens_1": "", "closes_1": "", f"walk_{far}": ""}
    assert editor.post(url, data=cleared).status_code == 303
    db.session.rollback()
    assert [one.day.day for one in get_room(aula).hours] == [23]
    assert walks() == {}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"opens_1": "25:00", "closes_1": "18:00"}, "Enter the time as hours and minutes, such as 09:30."),
        ({"opens_1": "08:00"}, "Enter both times, or leave both empty: then it is open all day."),
        ({"closes_1": "08:00"}, "Enter both times, or leave both empty: then it is open all day."),
        ({"walk": "-1"}, "Enter the minutes of the walk, 0 to 180, or leave it empty if it takes none."),
        ({"walk": "181"}, "Enter the minutes of the walk, 0 to 180, or leave it empty if it takes none."),
    ],
)
def test_wrong_hours_and_walks_are_refused_with_their_remedy(
    editor: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    aula, far = make_room("Aula"), make_room("Far", place=2)
    url = f"/staff/rooms/{aula}"
    named = {name.replace("walk", f"walk_{far}"): value for name, value in wrong.items()}
    answer = editor.post(url, data=typed(editor, url) | named)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert walks() == {}


def test_of_two_who_edit_a_room_the_second_sees_both_hours(editor: FlaskClient) -> None:
    aula = make_room("Aula")
    url = f"/staff/rooms/{aula}"
    fields = typed(editor, url)
    editor.post(url, data=fields | {"opens_1": "08:00", "closes_1": "18:00"})
    answer = editor.post(url, data=fields | {"opens_1": "09:00", "closes_1": "18:00"})
    assert answer.status_code == 409
    assert "Opens 08:00 09:00" in text_of(answer)


def test_a_new_room_takes_its_hours_and_walks_along(editor: FlaskClient) -> None:
    aula = make_room("Aula")
    url = "/staff/rooms/new"
    data = {"name": "New", "opens_1": "08:00", "closes_1": "18:00", f"walk_{aula}": "4"}
    assert editor.post(url, data=typed(editor, url) | data).status_code == 303
    db.session.rollback()
    (made,) = [room for room in transact(draft).rooms if room.name == "New"]
    assert len(made.hours) == 1
    assert walks()[made.id, aula] == 4
