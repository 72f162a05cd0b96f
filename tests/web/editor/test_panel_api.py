"""What is written in the panel: title, people and talks of a session, each one step, with the revision that was seen."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import RoomId, SessionId
from conference.db.work import transact
from conference.programme.queries import draft
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part
from tests.web.editor.test_editor_api import Editor

TITLE = "Tumour boards"


@pytest.fixture
def room(app: Flask) -> RoomId:
    return make_room("Aula")


@pytest.fixture
def session_id(room: RoomId) -> SessionId:
    return make_session(TITLE, room_id=room, start=at("09:00"))


@pytest.fixture
def editor(client: FlaskClient, session_id: SessionId) -> Editor:
    return Editor(client)


def stored(session_id: int) -> Any:
    return next(one for one in transact(draft).sessions if one.id == session_id)


def talks_of(session_id: int) -> list[tuple[str, int, list[str]]]:
    return [
        (talk.title, talk.duration_min, [part.name for part in talk.people])
        for talk in stored(session_id).talks
    ]


def plain_talks(session_id: int) -> list[dict[str, Any]]:
    """Return the talks as the page sends them."""
    return [
        {
            "id": talk.id,
            "title": talk.title,
            "minutes": talk.duration_min,
            "people": [[part.person_id, part.role.value] for part in talk.people],
        }
        for talk in stored(session_id).talks
    ]


def seen_of(session_id: int) -> list[list[int]]:
    return [[talk.id, talk.revision] for talk in stored(session_id).talks]


def send_talks(editor: Editor, session_id: int, talks: list[dict[str, Any]], seen: Any = None) -> Any:
    return editor.send(
        "talks", session=session_id, talks=talks, talks_seen=seen if seen is not None else seen_of(session_id)
    )


@pytest.fixture
def three(session_id: SessionId) -> list[str]:
    """Three talks, the first with a speaker."""
    speaker = make_person("Åsa", "Lind")
    make_talk(session_id, "One", people=(part(speaker),))
    make_talk(session_id, "Two")
    make_talk(session_id, "Three")
    return ["One", "Two", "Three"]


def test_a_title_is_one_step_that_can_be_taken_back(editor: Editor, session_id: SessionId) -> None:
    told = editor.send("edit", session=session_id, title="  Boards of tumours ").get_json()
    assert [(one["id"], one["title"], one["revision"]) for one in told["sessions"]] == [
        (session_id, "Boards of tumours", 2)
    ]
    assert told["undo"] == "Edit"
    undone = editor.post("undo", {"key": "undo-key-1", "revision": told["revision"]}).get_json()
    assert [one["title"] for one in undone["sessions"]] == [TITLE]


def test_a_request_sent_twice_is_carried_out_once(editor: Editor, session_id: SessionId) -> None:
    for _ in range(2):
        answer = editor.send("edit", session=session_id, title="Other", key="the-same-key")
        assert answer.status_code == 200
    assert (stored(session_id).title, stored(session_id).revision) == ("Other", 2)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("", "Enter the title."),
        ("   ", "Enter the title."),
        ("x" * 2000, "This text has 2000 characters; 200 fit. Shorten it."),
        ("a\u0007b", "This text holds a character that cannot be printed (U+0007)."),
    ],
)
def test_a_title_that_does_not_fit_is_refused_with_its_remedy(
    editor: Editor, session_id: SessionId, title: str, words: str
) -> None:
    answer = editor.send("edit", session=session_id, title=title)
    told = answer.get_json()
    assert (answer.status_code, told["field"]) == (400, "title")
    assert words in told["detail"]
    assert stored(session_id).title == TITLE


def test_the_same_title_by_two_is_a_question_with_both(
    editor: Editor, app: Flask, session_id: SessionId
) -> None:
    other = Editor(app.test_client(), Role.ORGANISER)
    assert other.send("edit", session=session_id, title="Theirs").status_code == 200
    answer = editor.send("edit", session=session_id, title="Mine")
    told = answer.get_json()
    assert (answer.status_code, told["session"]) == (409, session_id)
    assert (told["theirs"], told["mine"]) == ({"title": "Theirs"}, {"title": "Mine"})
    assert stored(session_id).title == "Theirs"


def test_without_the_revision_nothing_is_written(editor: Editor, session_id: SessionId) -> None:
    answer = editor.send("edit", session=session_id, title="Other", seen={})
    assert (answer.status_code, stored(session_id).title) == (428, TITLE)
    assert editor.send("talks", session=session_id, talks=[]).status_code == 428


def test_a_session_deleted_meanwhile_is_told(editor: Editor, session_id: SessionId) -> None:
    answer = editor.send("edit", session=session_id + 1, title="Other")
    assert answer.status_code == 410
    assert send_talks(editor, session_id, [], []).status_code == 200
    assert editor.send("talks", session=session_id + 1, talks=[], talks_seen=[]).status_code == 410


def test_chairs_are_added_and_taken_out(editor: Editor, session_id: SessionId) -> None:
    chair, moderator = make_person("Åsa", "Lind"), make_person("Jürgen", "Straße")
    people = [[chair, "chair"], [moderator, "moderator"]]
    told = editor.send("edit", session=session_id, people=people).get_json()
    assert told["sessions"][0]["people"] == [
        [chair, "Åsa Lind", "chair"],
        [moderator, "Jürgen Straße", "moderator"],
    ]
    editor.read()
    told = editor.send("edit", session=session_id, people=people[1:]).get_json()
    assert [one[0] for one in told["sessions"][0]["people"]] == [moderator]


def test_both_lists_of_people_are_told_by_name(editor: Editor, app: Flask, session_id: SessionId) -> None:
    mine, theirs = make_person("Åsa", "Lind"), make_person("Jürgen", "Straße")
    other = Editor(app.test_client(), Role.ORGANISER)
    assert other.send("edit", session=session_id, people=[[theirs, "chair"]]).status_code == 200
    told = editor.send("edit", session=session_id, people=[[mine, "chair"]]).get_json()
    assert told["theirs"] == {"people": ["Jürgen Straße (Chair)"]}
    assert told["mine"] == {"people": ["Åsa Lind (Chair)"]}


def test_a_person_deleted_meanwhile_or_named_twice_is_refused(editor: Editor, session_id: SessionId) -> None:
    chair = make_person("Åsa", "Lind")
    gone = editor.send("edit", session=session_id, people=[[chair + 99, "chair"]])
    assert (gone.status_code, gone.get_json()["field"]) == (422, "person_1")
    twice = editor.send("edit", session=session_id, people=[[chair, "chair"]] * 2)
    assert twice.get_json()["detail"] == "One person has the same role twice. Take one of the two out."


def test_talks_are_written_ordered_added_and_taken_out_in_one_step(
    editor: Editor, session_id: SessionId, three: list[str]
) -> None:
    one, two, _ = plain_talks(session_id)
    new = {"id": None, "title": "New", "minutes": 25, "people": one["people"]}
    told = send_talks(editor, session_id, [two | {"title": "Zwei", "minutes": 30}, new, one]).get_json()
    assert talks_of(session_id) == [("Zwei", 30, []), ("New", 25, ["Åsa Lind"]), ("One", 20, ["Åsa Lind"])]
    assert told["undo"] == "Edit of talks"
    editor.post("undo", {"key": "undo-key-1", "revision": told["revision"]})
    assert [title for title, *_ in talks_of(session_id)] == three
    redone = editor.post("redo", {"key": "redo-key-1", "revision": told["revision"]}).get_json()
    assert [talk["title"] for talk in redone["sessions"][0]["talks"]] == ["Zwei", "New", "One"]


def test_talks_after_one_was_taken_out_by_its_form_can_still_be_written(
    editor: Editor, session_id: SessionId, three: list[str]
) -> None:
    """A deletion leaves a gap in the places, which writing the others must not take for another's edit."""
    rest = plain_talks(session_id)[1:]
    send_talks(editor, session_id, rest)
    changed = [one | {"title": f"{one['title']} again"} for one in rest]
    assert send_talks(editor, session_id, changed[::-1]).status_code == 200
    assert [title for title, *_ in talks_of(session_id)] == ["Three again", "Two again"]


def test_talks_by_two_are_a_question_with_both_lists(
    editor: Editor, app: Flask, session_id: SessionId, three: list[str]
) -> None:
    seen, mine = seen_of(session_id), plain_talks(session_id)
    other = Editor(app.test_client(), Role.ORGANISER)
    send_talks(other, session_id, [mine[0] | {"title": "Theirs"}, *mine[1:]])
    answer = send_talks(editor, session_id, mine[::-1], seen)
    told = answer.get_json()
    assert (answer.status_code, told["session"]) == (409, session_id)
    assert told["theirs"] == {"talks": ["Theirs · 20 min · Åsa Lind", "Two · 20 min", "Three · 20 min"]}
    assert told["mine"] == {"talks": ["Three · 20 min", "Two · 20 min", "One · 20 min · Åsa Lind"]}


def test_a_talk_of_another_session_or_twice_is_no_order(
    editor: Editor, session_id: SessionId, three: list[str]
) -> None:
    mine = plain_talks(session_id)
    for wrong in ([*mine, mine[0]], [*mine[:2], mine[2] | {"id": mine[2]["id"] + 9}]):
        assert send_talks(editor, session_id, wrong).status_code == 409
    assert [title for title, *_ in talks_of(session_id)] == three


@pytest.mark.parametrize(
    ("wrong", "status", "field", "words"),
    [
        ({"title": ""}, 400, "talks.1.title", "Enter the title."),
        ({"title": "x" * 2000}, 400, "talks.1.title", "This text has 2000 characters; 300 fit. Shorten it."),
        ({"minutes": 0}, 400, "talks.1.duration_min", "Enter how many minutes it lasts, 1 to 1440."),
        ({"minutes": -5}, 400, "talks.1.duration_min", "Enter how many minutes it lasts, 1 to 1440."),
        ({"people": [[1, "chair"]]}, 422, "talks.1.role_1", "A talk has speakers and presenting authors."),
        ({"people": [[9999, "speaker"]]}, 422, "talks.1.person_1", "does not exist any more"),
    ],
)
def test_a_talk_that_does_not_fit_is_refused_in_its_line(
    editor: Editor,
    session_id: SessionId,
    three: list[str],
    wrong: dict[str, Any],
    status: int,
    field: str,
    words: str,
) -> None:
    talks = plain_talks(session_id)
    answer = send_talks(editor, session_id, [talks[0] | {"title": "Kept?"}, talks[1] | wrong, talks[2]])
    told = answer.get_json()
    assert (answer.status_code, told["field"]) == (status, field)
    assert words in told["detail"]
    assert [title for title, *_ in talks_of(session_id)] == three


@pytest.mark.parametrize(
    "more",
    [
        {"title": 5},
        {"title": "x" * 20_001},
        {"people": [[1, "king"]]},
        {"people": [[1]]},
        {"people": "1"},
        {"people": [["1", "chair"]]},
        {"people": [[1, "chair"]] * 21},
    ],
)
def test_what_no_page_sends_is_refused(editor: Editor, session_id: SessionId, more: dict[str, Any]) -> None:
    answer = editor.send("edit", session=session_id, **more)
    assert (answer.status_code, answer.get_json()["field"]) == (400, next(iter(more)))


@pytest.mark.parametrize(
    "more",
    [
        {"talks": {}},
        {"talks": [5]},
        {"talks": [{"title": "A", "minutes": "5", "people": []}]},
        {"talks_seen": [[1]]},
    ],
)
def test_talks_that_no_page_sends_are_refused(
    editor: Editor, session_id: SessionId, more: dict[str, Any]
) -> None:
    body = {"talks": [], "talks_seen": []} | more
    assert editor.send("talks", session=session_id, **body).status_code == 400


def test_people_are_found_by_name_with_where_they_work(editor: Editor) -> None:
    lind = make_person("Åsa", "Lind")
    for number in range(10):
        make_person(f"Many {number}")
    told = editor.get("people?text=asa").get_json()
    assert (told["more"], [(one["id"], one["name"]) for one in told["people"]]) == (
        False,
        [(lind, "Åsa Lind")],
    )
    many = editor.get("people?text=many").get_json()
    assert (many["more"], len(many["people"])) == (True, 8)


def test_who_may_only_look_finds_and_writes_nothing(client: FlaskClient, session_id: SessionId) -> None:
    sign_in(client, Role.VIEWER)
    assert client.get("/staff/schedule/people?text=a").status_code == 403
