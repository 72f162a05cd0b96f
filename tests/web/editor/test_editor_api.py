"""What the editor's scripts ask and send: the draft as JSON, gestures, refusals with both sides, and who is there."""

import gzip
import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.core.ids import RoomId, SessionId
from conference.db.work import transact
from conference.editor.reading import minutes_of
from conference.programme.queries import draft_revision
from conference.programme.records import lock_draft
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import at, make_room, make_session, make_talk
from tests.factories.web import token_of

KEYS = count()
JSON = {"Accept": "application/json"}


class Editor:
    """A browser with the editor open: it sends as its scripts do, with the revision that it has."""

    def __init__(self, client: FlaskClient, role: Role = Role.PROGRAMME) -> None:
        self.client = client
        self.me = sign_in(client, role)
        self.token = token_of(client, "/staff/schedule")
        self.revision = 0
        self.seen: dict[str, int] = {}
        self.read()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/staff/schedule/{path}", headers=JSON | headers)

    def read(self) -> Any:
        told = self.get("data").get_json()
        self.revision = told["revision"]
        self.seen = {str(one["id"]): one["revision"] for one in told["sessions"]}
        return told

    def post(self, path: str, body: Any, token: str | None = None) -> TestResponse:
        headers = JSON | {"X-CSRF-Token": self.token if token is None else token}
        return self.client.post(f"/staff/schedule/{path}", json=body, headers=headers)

    def send(self, act: str, **more: Any) -> TestResponse:
        body = {"act": act, "key": f"key-{next(KEYS):06}", "revision": self.revision, "seen": self.seen}
        return self.post("steps", body | more)

    def put(
        self, session_id: SessionId, room_id: int | None, time: str, minutes: int = 60, **more: Any
    ) -> TestResponse:
        placement = {"session": session_id, "room": room_id, "at": minutes_of(at(time)), "minutes": minutes}
        return self.send("put", placements=[placement], **more)


@pytest.fixture
def room(app: Flask) -> RoomId:
    return make_room("Aula")


@pytest.fixture
def session_id(room: RoomId) -> SessionId:
    return make_session("Tumour boards", room_id=room, start=at("09:00"))


@pytest.fixture
def editor(client: FlaskClient, session_id: SessionId) -> Editor:
    return Editor(client)


def test_the_draft_is_told_in_minutes_with_the_times_of_stockholm_beside(
    editor: Editor, session_id: SessionId, room: int
) -> None:
    told = editor.read()
    (session,) = told["sessions"]
    assert session == {
        "id": session_id,
        "revision": 1,
        "title": "Tumour boards",
        "kind": "parallel",
        "minutes": 60,
        "at": minutes_of(at("09:00")),
        "room": room,
    }
    day = told["days"][0]
    assert (day["day"], day["marks"][0][1], day["marks"][1][1]) == ("2022-09-22", "08:00", "08:30")
    assert dict(map(reversed, day["marks"]))["09:00"] == minutes_of(at("09:00"))


def test_a_move_answers_what_became_of_the_draft(editor: Editor, session_id: SessionId, room: RoomId) -> None:
    answer = editor.put(session_id, room, "10:15", 45)
    told = answer.get_json()
    assert answer.status_code == 200
    assert [(one["id"], one["at"], one["minutes"], one["revision"]) for one in told["sessions"]] == [
        (session_id, minutes_of(at("10:15")), 45, 2)
    ]
    assert (told["all"], told["gone"], told["undo"], told["redo"]) == (False, [], "Move", None)
    assert told["revision"] == editor.revision + 1


def test_undo_and_redo_answer_alike(editor: Editor, session_id: SessionId, room: RoomId) -> None:
    editor.put(session_id, room, "10:00")
    body = {"key": "undo-key-1", "revision": editor.revision}
    undone = editor.post("undo", body).get_json()
    assert ([one["at"] for one in undone["sessions"]], undone["redo"]) == ([minutes_of(at("09:00"))], "Move")
    redone = editor.post("redo", body | {"key": "redo-key-1"}).get_json()
    assert ([one["at"] for one in redone["sessions"]], redone["redo"]) == ([minutes_of(at("10:00"))], None)
    refused = editor.post("redo", body | {"key": "redo-key-2"})
    assert (refused.status_code, refused.get_json()["detail"]) == (409, "There is nothing of yours to redo.")


def test_two_hundred_moves_in_a_row_are_all_done_and_the_last_hundred_taken_back(
    editor: Editor, session_id: SessionId, room: RoomId
) -> None:
    begun = editor.revision
    for number in range(200):
        answer = editor.put(session_id, room, f"{10 + number % 2}:{number // 2 % 12 * 5:02}")
        assert answer.status_code == 200
        editor.read()
    assert editor.revision == begun + 200
    for number in range(100):
        body = {"key": f"undo-{number:03}", "revision": editor.revision}
        assert editor.post("undo", body).status_code == 200
        editor.read()
    refused = editor.post("undo", {"key": "undo-101", "revision": editor.revision})
    assert (refused.status_code, refused.get_json()["detail"]) == (409, "There is nothing of yours to undo.")
    assert editor.revision == begun + 300


def test_another_has_moved_the_same_and_both_places_are_told(
    editor: Editor, app: Flask, session_id: SessionId, room: int
) -> None:
    other = Editor(app.test_client(), Role.ORGANISER)
    assert other.put(session_id, room, "11:00").status_code == 200
    answer = editor.put(session_id, room, "10:00")
    told = answer.get_json()
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert told["session"] == session_id
    assert told["theirs"] == {"starts_at": "2022-09-22T09:00:00+00:00"}
    assert told["mine"] == {"starts_at": "2022-09-22T08:00:00+00:00"}


def test_edits_of_different_sessions_merge(
    editor: Editor, app: Flask, session_id: SessionId, room: RoomId
) -> None:
    second = make_session("Second", room_id=room, start=at("14:00"))
    editor.read()
    other = Editor(app.test_client(), Role.ORGANISER)
    assert other.put(session_id, room, "11:00").status_code == 200
    told = editor.put(second, room, "15:00").get_json()
    assert {one["id"]: one["at"] for one in told["sessions"]} == {
        session_id: minutes_of(at("11:00")),
        second: minutes_of(at("15:00")),
    }


def test_nothing_new_is_answered_without_a_body(editor: Editor, session_id: SessionId, room: RoomId) -> None:
    first = editor.get(f"changes/{editor.revision}")
    again = editor.get(f"changes/{editor.revision}", **{"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    editor.put(session_id, room, "10:00")
    later = editor.get(f"changes/{editor.revision}", **{"If-None-Match": first.headers["ETag"]})
    assert [one["id"] for one in later.get_json()["sessions"]] == [session_id]


def test_what_is_no_step_is_told_by_reading_all(editor: Editor, app: Flask) -> None:
    transact(lock_draft)
    assert editor.get(f"changes/{editor.revision}").get_json()["all"] is True
    assert editor.get(f"changes/{10**6}").get_json()["all"] is True


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"act": "explode"}, 400, "act"),
        ({"act": "put", "placements": []}, 400, "placements"),
        ({"act": "put", "placements": [{"session": "1", "at": 0, "minutes": 60}]}, 400, "session"),
        ({"act": "put", "placements": [{"session": 1, "at": 1.5, "minutes": 60}]}, 400, "at"),
        ({"act": "put", "placements": [{"session": True, "at": 0, "minutes": 60}]}, 400, "session"),
        ({"act": "push", "session": 1, "minutes": "soon"}, 400, "minutes"),
        ({"act": "shift room", "room": 1, "day": "tomorrow", "minutes": 5}, 400, "day"),
        ({"act": "push", "session": 1, "minutes": 10, "seen": {"x": 1}}, 400, "seen"),
        ({"act": "push", "session": 1, "minutes": 10, "key": "x"}, 400, "key"),
        ({"act": "push", "session": 1, "minutes": 10, "revision": -1}, 400, "revision"),
        ({"act": "push", "session": 1, "minutes": 10, "seen": {}}, 428, ""),
        ({"act": "push", "session": 99, "minutes": 10}, 410, ""),
        ({"act": "push", "session": 1, "minutes": 0}, 422, ""),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(
    editor: Editor, body: Mapping[str, Any], status: int, words: str
) -> None:
    answer = editor.send(**body)
    told = answer.get_json()
    assert (answer.status_code, told.get("field") or "") == (status, words)
    assert told["detail"]
    assert transact(draft_revision) == editor.revision


@pytest.mark.parametrize(
    ("placement", "status"),
    [
        ({"minutes": 0}, 422),
        ({"minutes": 25 * 60}, 422),
        ({"room": 999}, 422),
        ({"at": minutes_of(at("23:30", 23))}, 422),
        ({"at": 0}, 422),
        ({"session": 77}, 410),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    editor: Editor, session_id: SessionId, room: int, placement: dict[str, Any], status: int
) -> None:
    usual = {"session": session_id, "room": room, "at": minutes_of(at("10:00")), "minutes": 60}
    answer = editor.send("put", placements=[usual | placement])
    assert answer.status_code == status
    assert transact(draft_revision) == editor.revision


def test_a_request_from_another_page_is_refused(editor: Editor) -> None:
    answer = editor.post("undo", {"key": "undo-key-1", "revision": 0}, token="stolen")
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")


def test_what_is_no_json_is_refused(editor: Editor) -> None:
    answer = editor.client.post(
        "/staff/schedule/steps",
        data="{",
        headers=JSON | {"X-CSRF-Token": editor.token},
        content_type="application/json",
    )
    assert (answer.status_code, answer.get_json()["field"]) == (400, "request")


def test_the_heat_tells_where_it_is_free_and_why_not(
    editor: Editor, session_id: SessionId, room: RoomId
) -> None:
    make_session("Second", room_id=room, start=at("14:00"))
    told = editor.get(f"heat/{session_id}?step=15").get_json()
    levels = told["levels"][str(room)]
    number = (minutes_of(at("13:30")) - told["from"]) // 15
    free = (minutes_of(at("11:00")) - told["from"]) // 15
    assert (levels[number], levels[free]) == ("2", "0")
    runs = [kinds for first, kinds in told["kinds"][str(room)] if first <= number]
    assert (runs[-1], told["words"]["room taken"]) == (["room taken"], "Room taken")
    assert editor.get(f"heat/{session_id}?step=7").status_code == 400
    assert editor.get("heat/999?step=15").status_code == 404


def test_who_has_the_editor_open_is_told_to_the_others(
    editor: Editor, app: Flask, session_id: SessionId
) -> None:
    other = Editor(app.test_client(), Role.ORGANISER)
    tag = editor.get(f"changes/{editor.revision}").headers["ETag"]
    assert other.post("here", {"tab": "abcdefgh", "session": session_id}).status_code == 204
    answer = editor.get(f"changes/{editor.revision}", **{"If-None-Match": tag})
    assert answer.get_json()["here"] == [
        {"who": other.me, "name": "Test organiser", "tab": "abcdefgh", "session": session_id}
    ]
    other.post("here", {"tab": "abcdefgh", "leaves": True})
    assert editor.get(f"changes/{editor.revision}").get_json()["here"] == []


def test_a_viewer_sees_and_does_not_write(app: Flask, session_id: SessionId, room: RoomId) -> None:
    viewer = Editor(app.test_client(), Role.VIEWER)
    assert viewer.read()["may_edit"] is False
    assert viewer.put(session_id, room, "10:00").status_code == 403


def test_a_talk_is_told_with_its_people(editor: Editor, session_id: SessionId) -> None:
    make_talk(session_id, "One", duration_min=15)
    (session,) = editor.read()["sessions"]
    assert [(talk["title"], talk["minutes"], talk["people"]) for talk in session["talks"]] == [
        ("One", 15, [])
    ]


def test_the_draft_is_compressed_for_who_asks(editor: Editor, room: RoomId) -> None:
    for number in range(20):
        make_session(f"Session {number}", room_id=room, start=at("09:00"))
    plain, packed = editor.get("data"), editor.get("data", **{"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert json.loads(gzip.decompress(packed.data)) == plain.get_json()
    assert len(packed.data) < len(plain.data) / 4


def test_how_long_a_session_may_last_is_told_slot_by_slot(
    editor: Editor, session_id: SessionId, room: RoomId
) -> None:
    make_session("Next", room_id=room, start=at("11:00"))
    told = editor.get(f"heat/{session_id}?step=15&of=length").get_json()
    assert (told["from"], told["step"], list(told["levels"])) == (minutes_of(at("09:00")), 15, [str(room)])
    levels = told["levels"][str(room)]
    # Two hours until the next one begins; what lasts into it takes its room.
    assert (levels[:8], levels[8:16]) == ("0" * 8, "2" * 8)
    assert told["kinds"][str(room)] == [[0, []], [8, ["room taken"]]]


def test_a_session_without_a_room_has_no_lengths(editor: Editor) -> None:
    unplaced = make_session("Open")
    told = editor.get(f"heat/{unplaced}?step=15&of=length").get_json()
    assert told["levels"] == {}
    assert editor.get("heat/9999?step=15&of=length").status_code == 404
