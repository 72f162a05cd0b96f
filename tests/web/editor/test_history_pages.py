"""The schedule's history: who moved what, from where to where, and the schedule as of any step."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.ids import SessionId
from conference.editor import past_routes
from conference.programme.step_queries import steps
from conference.web.access import Role
from tests.factories.pages import typed
from tests.factories.programme import at, make_room, make_session
from tests.web.editor.test_editor_api import Editor

HISTORY = "/staff/schedule/history"


def words(page: str) -> str:
    """Return what a reader sees of the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


@pytest.fixture
def editor(app: Flask, client: FlaskClient) -> Editor:
    return Editor(client)


def moved(editor: Editor) -> tuple[SessionId, SessionId]:
    """Move one session twice and another once."""
    aula, annexe = make_room("Aula"), make_room("Annexe")
    first = make_session("Tumour boards", room_id=aula, start=at("09:00"))
    second = make_session("Sequencing", room_id=aula, start=at("14:00"))
    for session_id, room_id, time in (
        (first, annexe, "10:00"),
        (second, aula, "15:00"),
        (first, annexe, "11:00"),
    ):
        editor.read()
        assert editor.put(session_id, room_id, time).status_code == 200
    return first, second


def test_each_step_says_who_moved_what_from_where_to_where(editor: Editor) -> None:
    moved(editor)
    told = words(editor.client.get(HISTORY).text)
    assert "Test programme" in told
    assert "Start : Thu 22 Sep 09:00 → Thu 22 Sep 10:00" in told.replace("Start:", "Start :")
    assert "Aula → Annexe" in told
    assert told.index("10:00 → Thu 22 Sep 11:00") < told.index("14:00 → Thu 22 Sep 15:00")


def test_the_history_of_one_session_tells_no_other(editor: Editor) -> None:
    first, _ = moved(editor)
    told = words(editor.client.get(f"{HISTORY}?session={first}").text)
    assert "Tumour boards" in told
    assert "Sequencing" not in told


def test_the_schedule_as_of_any_step(editor: Editor) -> None:
    first, _ = moved(editor)
    oldest_move = steps(session_id=first)[-2]
    told = words(editor.client.get(f"/staff/schedule/at/{oldest_move.id}").text)
    assert "10:00–11:00 Annexe Tumour boards" in told
    assert "14:00–15:00 Aula Sequencing" in told
    assert "2 steps were made since." in told
    newest = words(editor.client.get(f"/staff/schedule/at/{steps(session_id=first)[0].id}").text)
    assert "11:00–12:00 Annexe Tumour boards" in newest


def test_the_history_of_one_day_tells_what_came_went_or_was_edited_there(editor: Editor) -> None:
    moved(editor)
    second_day = make_session("On Friday", room_id=make_room("Salon"), start=at("09:00", 23))
    editor.read()
    assert editor.send("edit", session=second_day, title="Still on Friday").status_code == 200
    friday = words(editor.client.get(f"{HISTORY}?day=2022-09-23").text)
    assert "Title: On Friday → Still on Friday" in friday
    assert "Sequencing" not in friday
    thursday = words(editor.client.get(f"{HISTORY}?day=2022-09-22").text)
    assert "Sequencing" in thursday
    assert "Still on Friday" not in thursday
    editor.read()
    assert editor.put(second_day, None, "09:00").status_code == 200  # from the 23rd to the 22nd
    for day in ("22", "23"):
        assert "Still on Friday" in words(editor.client.get(f"{HISTORY}?day=2022-09-{day}").text)
    assert "Sequencing" in words(editor.client.get(f"{HISTORY}?day=1999-01-01").text)


def test_a_long_history_of_one_day_has_pages(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_routes, "PAGE", 2)
    monkeypatch.setattr(past_routes, "LOOKED_AT", 2)
    moved(editor)
    page = editor.client.get(f"{HISTORY}?day=2022-09-22").text
    link = re.search(r'href="(/staff/schedule/history\?day=2022-09-22&amp;before=\d+)"', page)
    assert link is not None
    assert "Earlier steps" in words(page)
    assert "New session" in words(editor.client.get(link.group(1).replace("&amp;", "&")).text)


def test_talks_are_told_by_title_and_minutes(editor: Editor) -> None:
    first, _ = moved(editor)
    editor.read()
    talk: dict[str, object] = {"id": None, "title": "A new talk", "minutes": 25, "people": []}
    assert editor.send("talks", session=first, talks=[talk], talks_seen=[]).status_code == 200
    assert "Talks: – → A new talk (25 min)" in words(editor.client.get(f"{HISTORY}?session={first}").text)


def test_a_deleted_session_is_in_the_past_and_named(editor: Editor) -> None:
    first, _ = moved(editor)
    step = steps(session_id=first)[0]
    page = f"/staff/programme/session/{first}/delete"
    form = typed(editor.client, page)
    assert editor.client.post(page, data=form).status_code == 303
    told = words(editor.client.get(HISTORY).text)
    assert "Tumour boards Deleted" in told
    assert "11:00–12:00 Annexe Tumour boards" in words(
        editor.client.get(f"/staff/schedule/at/{step.id}").text
    )


def test_a_long_history_has_pages(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_routes, "PAGE", 2)
    moved(editor)
    first_page = editor.client.get(HISTORY).text
    link = re.search(r'href="(/staff/schedule/history\?before=\d+)"', first_page)
    assert link is not None
    second = words(editor.client.get(link.group(1)).text)
    assert "11:00" in words(first_page)
    assert "11:00" not in second
    assert "Earlier steps" in words(first_page)


def test_a_step_that_there_is_not_is_not_found(editor: Editor) -> None:
    assert editor.client.get("/staff/schedule/at/987654").status_code == 404


def test_nothing_moved_says_what_comes_here(app: Flask) -> None:
    viewer = Editor(app.test_client(), Role.VIEWER)
    assert "Who moves a session appears here" in viewer.client.get(HISTORY).text
