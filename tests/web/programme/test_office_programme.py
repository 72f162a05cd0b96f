import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import SessionId, TalkId
from conference.db.work import counted_statements, transact
from conference.programme.model import PartRole, Session
from conference.programme.queries import draft, get_session, versions
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.pages import text_of, typed
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now

NEW = "/staff/programme/session/new"
PUBLISH = "/staff/programme/publish"


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.PROGRAMME)
    return client


def stored(session_id: int) -> Session:
    return get_session(transact(draft), session_id)


def edit_url(session_id: int) -> str:
    return f"/staff/programme/session/{session_id}/edit"


def test_a_session_is_added_with_people_track_room_and_time(editor: FlaskClient) -> None:
    room_id, person_id = make_room("Aula"), make_person("Łukasz", "Żółć")
    make_person("Åsa", "Lind")
    answer = editor.post(
        NEW,
        data=typed(editor, NEW)
        | {"kind": "panel", "title": "Who pays", "abstract": "Text", "track_id": "2", "room_id": str(room_id)}
        | {"day": "2022-09-23", "time": "9:05", "duration_min": "75"}
        | {"person_1": f"Łukasz Żółć (#{person_id})", "role_1": "moderator", "person_2": "åsa lind", "role_2": "panellist"},
    )  # fmt: skip
    (made,) = transact(draft).sessions
    assert (answer.status_code, answer.location) == (303, f"/staff/programme/session/{made.id}")
    assert made.track
    assert made.room
    assert made.span
    assert (made.kind, made.title, made.abstract, made.track.name, made.room.name) == (
        "panel",
        "Who pays",
        "Text",
        "Hematological malignancies",
        "Aula",
    )
    assert (made.span.start, made.duration_min) == (at("09:05", day=23), 75)
    assert [(seen.name, seen.role) for seen in made.people] == [
        ("Łukasz Żółć", PartRole.MODERATOR),
        ("Åsa Lind", PartRole.PANELLIST),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence", "status"),
    [
        ({"title": ""}, "Enter the title.", 400),
        ({"title": "x" * 201}, "This text has 201 characters; 200 fit. Shorten it.", 400),
        ({"title": "a\x07b"}, "This text holds a character that cannot be printed (U+0007).", 400),
        ({"kind": "party"}, "Choose a kind from the list.", 400),
        ({"duration_min": "0"}, "Enter how many minutes it lasts, 1 to 1440.", 400),
        ({"duration_min": "-30"}, "Enter how many minutes it lasts, 1 to 1440.", 400),
        ({"duration_min": "1441"}, "Enter how many minutes it lasts, 1 to 1440.", 400),
        ({"duration_min": "half an hour"}, "Enter how many minutes it lasts, 1 to 1440.", 400),
        ({"day": "2022-09-24", "time": "09:00"}, "That is no day of the conference. Choose one of its days.", 400),
        ({"day": "never", "time": "09:00"}, "That is no day of the conference. Choose one of its days.", 400),
        ({"day": "2022-09-22", "time": "25:00"}, "Enter the time as hours and minutes, such as 09:30.", 400),
        ({"day": "2022-09-22", "time": ""}, "Enter the time as well, or choose no day.", 400),
        ({"day": "", "time": "09:00"}, "Choose the day as well, or clear the time.", 400),
        ({"person_1": "Nobody Known"}, "Choose a person from the list.", 400),
        ({"day": "2022-09-23", "time": "23:30"}, "That is outside the conference", 422),
        ({"room_id": "999"}, "What you chose here does not exist any more. Choose again.", 422),
        ({"track_id": "999"}, "What you chose here does not exist any more. Choose again.", 422),
        ({"person_1": "Deleted (#999)"}, "What you chose here does not exist any more. Choose again.", 422),
        ({"csrf_token": "stale"}, "This page was open too long. What you typed is still here: send it again.", 400),
    ],
)  # fmt: skip
def test_a_wrong_field_is_answered_with_its_remedy_and_keeps_what_was_typed(
    editor: FlaskClient, wrong: dict[str, str], sentence: str, status: int
) -> None:
    right = {"title": "Typed title", "abstract": "Typed & kept", "kind": "workshop", "duration_min": "45"}
    answer = editor.post(NEW, data=typed(editor, NEW) | right | wrong)
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert "Typed &amp; kept" in answer.text
    assert "There is a problem" in answer.text
    assert transact(draft).sessions == ()


def test_the_second_of_two_tabs_sees_both_values_keeps_its_text_and_may_save_it(editor: FlaskClient) -> None:
    url = edit_url(make_session("Opening"))
    first, second = typed(editor, url), typed(editor, url)
    assert editor.post(url, data=first | {"title": "Title of the first tab"}).status_code == 303
    answer = editor.post(url, data=second | {"title": "Title of the second", "abstract": "A long text"})
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Somebody else changed this while you were writing. Both values are shown below." in text
    assert "Title Title of the first tab Title of the second Abstract – A long text" in text
    assert 'value="Title of the second"' in answer.text
    assert "Save my version" in text
    again = re.search(r'name="revision"[^>]*value="(\d+)"', answer.text)
    assert again
    mine = second | {"title": "Title of the second", "abstract": "A long text", "revision": again[1]}
    assert editor.post(url, data=mine).status_code == 303
    (session,) = transact(draft).sessions
    assert (session.title, session.abstract) == ("Title of the second", "A long text")


def test_a_move_in_a_stale_tab_sees_both_places(editor: FlaskClient) -> None:
    aula, annexe = make_room("Aula"), make_room("Annexe", place=2)
    session_id = make_session("Opening", room_id=aula, start=at("09:00"))
    url, page = f"/staff/programme/session/{session_id}/move", f"/staff/programme/session/{session_id}"
    first, second = typed(editor, page), typed(editor, page)
    answer = editor.post(url, data=first | {"time": "10:00"})
    assert (answer.status_code, answer.location) == (303, page)
    stale = editor.post(url, data=second | {"room_id": str(annexe), "time": "11:00"})
    assert stale.status_code == 409
    assert "Room Aula Annexe Start Thu 22 Sep 10:00 Thu 22 Sep 11:00" in text_of(stale)
    assert 'value="11:00"' in stale.text
    room = stored(session_id).room
    assert room
    assert room.name == "Aula"


def test_a_wrong_time_of_a_move_keeps_what_was_typed(editor: FlaskClient) -> None:
    session_id = make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    page = f"/staff/programme/session/{session_id}"
    answer = editor.post(f"{page}/move", data=typed(editor, page) | {"time": "soon"})
    assert answer.status_code == 400
    assert "Enter the time as hours and minutes, such as 09:30." in text_of(answer)
    assert 'value="soon"' in answer.text


def test_a_write_without_its_version_is_refused_and_keeps_the_text(editor: FlaskClient) -> None:
    url = edit_url(make_session("Opening"))
    fields = typed(editor, url)
    del fields["revision"]
    answer = editor.post(url, data=fields | {"title": "Unversioned"})
    assert answer.status_code == 428
    assert "This change did not say which version it was made from." in text_of(answer)
    assert 'value="Unversioned"' in answer.text
    assert [session.title for session in transact(draft).sessions] == ["Opening"]


def test_an_edit_of_a_deleted_session_becomes_a_new_one(editor: FlaskClient) -> None:
    session_id = make_session("Opening")
    url, delete = edit_url(session_id), f"/staff/programme/session/{session_id}/delete"
    fields = typed(editor, url) | {"title": "Worth keeping"}
    assert editor.post(delete, data=typed(editor, delete)).location == "/staff/programme"
    answer = editor.post(url, data=fields)
    assert answer.status_code == 409
    assert "Somebody else deleted this while you were writing." in text_of(answer)
    assert f'action="{NEW}"' in answer.text
    assert editor.post(NEW, data=fields).status_code == 303
    assert [session.title for session in transact(draft).sessions] == ["Worth keeping"]
    assert editor.get(url).status_code == 404
    assert editor.post(delete, data=fields).status_code == 404


def test_a_deletion_of_what_was_changed_meanwhile_deletes_nothing(editor: FlaskClient) -> None:
    session_id = make_session("Opening")
    delete = f"/staff/programme/session/{session_id}/delete"
    seen = typed(editor, delete)
    make_talk(session_id, "Just added")
    answer = editor.post(delete, data=seen)
    assert answer.status_code == 409
    assert "Look at it again: nothing was deleted." in text_of(answer)
    assert "Just added" in answer.text
    assert stored(session_id).title == "Opening"


def test_talks_are_added_edited_moved_up_and_deleted(editor: FlaskClient) -> None:
    session_id, person_id = make_session("Session", start=at("09:00")), make_person()
    new = f"/staff/programme/session/{session_id}/talk/new"
    for title in ("First", "Second"):
        answer = editor.post(new, data=typed(editor, new) | {"title": title, "duration_min": "15"})
        assert (answer.status_code, answer.location) == (303, f"/staff/programme/session/{session_id}")
    second = stored(session_id).talks[1]
    url = f"/staff/programme/talk/{second.id}/edit"
    fields = typed(editor, url)
    assert (fields["title"], fields["position"]) == ("Second", "2")
    assert (
        editor.post(url, data=fields | {"position": "1", "person_1": f"X (#{person_id})"}).status_code == 303
    )
    assert [(talk.title, [seen.name for seen in talk.people]) for talk in stored(session_id).talks] == [
        ("Second", ["Åsa Lind"]),
        ("First", []),
    ]
    stale = editor.post(url, data=fields | {"title": "Mine"})
    assert stale.status_code == 409
    assert "Title Second Mine Position 1 2 People Åsa Lind (Speaker) –" in text_of(stale)
    assert 'value="Mine"' in stale.text
    delete = f"/staff/programme/talk/{second.id}/delete"
    assert editor.post(delete, data=typed(editor, delete)).status_code == 303
    assert [talk.title for talk in stored(session_id).talks] == ["First"]
    gone = editor.post(url, data=fields | {"title": "Mine"})
    assert gone.status_code == 409
    assert f'action="{new}"' in gone.text
    assert 'value="Mine"' in gone.text


def test_a_talk_of_a_deleted_session_keeps_its_text(editor: FlaskClient) -> None:
    session_id = make_session("Session")
    new, delete = (
        f"/staff/programme/session/{session_id}/talk/new",
        f"/staff/programme/session/{session_id}/delete",
    )
    fields = typed(editor, new)
    editor.post(delete, data=typed(editor, delete))
    answer = editor.post(new, data=fields | {"title": "Orphan", "abstract": "Long"})
    assert answer.status_code == 409
    assert "Somebody else deleted the session of this talk." in text_of(answer)
    assert 'value="Orphan"' in answer.text


def test_the_draft_lists_days_conflicts_and_what_has_no_time(editor: FlaskClient) -> None:
    room_id = make_room("Aula")
    chairs = [[part(make_person("Åsa", name), PartRole.CHAIR)] for name in ("Lind", "Berg", "Ek")]
    first = make_session("First", room_id=room_id, start=at("09:00"), people=chairs[0])
    second = make_session("Second", room_id=room_id, start=at("09:30"), people=chairs[1])
    make_session("Later", people=chairs[2])
    answer = editor.get("/staff/programme")
    text = text_of(answer)
    assert "Aula is taken twice for 30 minutes: First (09:00–10:00) and Second (09:30–10:30)" in text
    assert "Without a time 1" in text
    assert "Friday 23 September 2022 No session on this day yet." in text
    for session_id in (first, second):
        # In the list of the day, beside the conflict, and beside the disclosure that its chair has not signed.
        assert answer.text.count(f'href="/staff/programme/session/{session_id}"') == 3
    assert "Room taken 1 Blocks publishing" in text
    assert "Disclosure missing 3 Blocks a final version" in text
    assert "Move one of the two by 30 minutes or into another room, or mark both as sharing it." in text


def test_the_draft_is_searched_by_title_talk_person_room_and_track(editor: FlaskClient) -> None:
    aula, speaker = make_room("Aula"), make_person("Łukasz", "Żółć")
    make_session("Opening", room_id=aula, start=at("09:00"))
    make_talk(make_session("Tumour boards", start=at("10:00")), "Sequencing at home", people=[part(speaker)])
    found = {}
    for text in ("opening", "AULA", "sequencing", "lukasz zolc", "boards zolc", "nobody", ""):
        page = editor.get("/staff/programme", query_string={"text": text})
        found[text] = [title for title in ("Opening", "Tumour boards") if f">{title}</a>" in page.text]
    assert found == {
        "opening": ["Opening"],
        "AULA": ["Opening"],
        "sequencing": ["Tumour boards"],
        "lukasz zolc": ["Tumour boards"],
        "boards zolc": ["Tumour boards"],
        "nobody": [],
        "": ["Opening", "Tumour boards"],
    }
    nobody = editor.get("/staff/programme?text=nobody").text
    assert "No session matches. Try fewer letters, or clear the filter." in nobody
    assert '<a href="/staff/programme">Clear the filter</a>' in nobody


def test_the_history_tells_who_changed_what_and_outlives_the_session(editor: FlaskClient) -> None:
    session_id = make_session("Opening")
    url, history = edit_url(session_id), f"/staff/programme/session/{session_id}/history"
    editor.post(url, data=typed(editor, url) | {"title": "Welcome", "track_id": "3"})
    text = text_of(editor.get(history))
    assert (
        "5 September 2022, 08:00 Test programme Changed Title: Opening → Welcome Track: – → Rare diseases"
        in text
    )
    delete = f"/staff/programme/session/{session_id}/delete"
    editor.post(delete, data=typed(editor, delete))
    assert "This session was deleted." in editor.get(history).text
    assert editor.get("/staff/programme/session/999/history").status_code == 404


READ = ("", "/session/{session}", "/session/{session}/history", "/publish", "/versions")
EDIT = ("/session/new", "/session/{session}/edit", "/session/{session}/delete", "/session/{session}/talk/new", "/talk/{talk}/edit", "/talk/{talk}/delete")  # fmt: skip
POST = (*EDIT, "/session/{session}/move", "/publish")


@pytest.fixture
def ids(app: Flask) -> dict[str, SessionId | TalkId]:
    session_id = make_session("Opening", room_id=make_room("Aula"), start=at("09:00"))
    return {"session": session_id, "talk": make_talk(session_id)}


@pytest.mark.parametrize("role", [None, *Role])
def test_all_staff_read_and_programme_and_organisers_write(
    client: FlaskClient, ids: dict[str, SessionId | TalkId], role: Role | None
) -> None:
    if role:
        sign_in(client, role)
    may_edit = role in {Role.PROGRAMME, Role.ORGANISER}
    before = transact(draft)
    for path in READ:
        assert client.get(f"/staff/programme{path.format(**ids)}").status_code == (200 if role else 303)
    for path in EDIT:
        expected = 200 if may_edit else 403 if role else 303
        assert client.get(f"/staff/programme{path.format(**ids)}").status_code == expected
    for path in POST:  # without a token even who may is refused, by the form
        expected = 400 if may_edit else 403 if role else 401
        assert client.post(f"/staff/programme{path.format(**ids)}").status_code == expected
    assert transact(draft) == before
    assert transact(versions) == []


def test_a_page_for_reading_shows_no_locked_doors(
    client: FlaskClient, ids: dict[str, SessionId | TalkId]
) -> None:
    sign_in(client, Role.VIEWER)
    page = client.get(f"/staff/programme/session/{ids['session']}").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "<form" not in main
    assert "/edit" not in main
    publish_now()
    assert "/session/new" not in client.get("/staff/programme").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_draft_takes_the_same_statements_whatever_its_length(editor: FlaskClient, count: int) -> None:
    for number in range(count):
        made = make_session(f"S{number}", room_id=make_room("Aula"), start=at(f"{9 + number:02}:00"))
        make_talk(made, people=[part(make_person())])
    editor.get("/staff/programme")
    with counted_statements() as statements:
        assert editor.get("/staff/programme").status_code == 200
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 14
