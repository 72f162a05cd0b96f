"""Programme staff who are limited to tracks edit sessions and talks of those alone, whatever way they take."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from conference.accounts.queries import get_member, tracks_of
from conference.accounts.service import limit, set_role
from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.ids import SessionId, StaffId, TrackId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import tracks
from conference.event.service import delete_track
from conference.people.queries import count_people
from conference.programme.queries import draft
from conference.programme.step_tables import StepRow
from conference.web.access import EVERY_ROLE, Role, declared_access
from tests.factories.accounts import make_member, sign_in
from tests.factories.browsing import forms_in
from tests.factories.programme import at, make_room, make_session, make_talk
from tests.factories.records import make_records
from tests.factories.schedules import document, event
from tests.factories.web import token_of
from tests.security.matrix import WITHIN_TRACKS
from tests.security.test_access_matrix import routes
from tests.web.editor.test_editor_api import Editor
from tests.web.interchange.test_import_pages import opened, written


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A session in the account's track, one in another, one in none, and the browser of the limited account."""

    client: FlaskClient
    me: StaffId
    mine: TrackId
    other: TrackId
    in_mine: SessionId
    in_other: SessionId
    in_none: SessionId


def limit_to(staff_id: StaffId, *chosen: TrackId) -> None:
    db.session.rollback()
    seen = get_member(staff_id).revision
    transact(lambda session: limit(session, staff_id, seen, frozenset(chosen), actor=BY_SYSTEM))
    db.session.rollback()


@pytest.fixture
def plan(client: FlaskClient) -> Plan:
    mine, other = (track.id for track in tracks()[:2])
    room = make_room("Hall 1")
    me = sign_in(client, Role.PROGRAMME)
    limit_to(me, mine)
    return Plan(
        client=client,
        me=me,
        mine=mine,
        other=other,
        in_mine=make_session("Ours", track_id=mine, room_id=room, start=at("09:00")),
        in_other=make_session("Theirs", track_id=other, room_id=room, start=at("11:00")),
        in_none=make_session("Break", room_id=room, start=at("13:00")),
    )


def titles() -> set[str]:
    db.session.rollback()
    return {one.title for one in draft().sessions}


def rename(plan: Plan, session_id: SessionId, **more: object) -> tuple[int, str]:
    url = f"/staff/programme/session/{session_id}/edit"
    form = next(one for one in forms_in(plan.client.get(url).text, url) if one.value("title") is not None)
    answer = plan.client.post(url, data=form.sent(title="Renamed", **{k: str(v) for k, v in more.items()}))
    return answer.status_code, answer.text


def test_a_session_of_the_own_track_is_edited_and_one_of_another_or_of_none_is_not(plan: Plan) -> None:
    for session_id, title in ((plan.in_other, "Theirs"), (plan.in_none, "Break")):
        status, text = rename(plan, session_id)
        assert (status, f"“{title}” is outside your tracks" in text or "“Renamed” is outside" in text) == (
            403,
            True,
        )
        assert tracks()[0].name in text
    assert titles() == {"Ours", "Theirs", "Break"}
    assert rename(plan, plan.in_mine)[0] == 303
    assert titles() == {"Renamed", "Theirs", "Break"}


def test_no_session_is_given_to_another_track_or_taken_from_one(plan: Plan) -> None:
    assert rename(plan, plan.in_mine, track_id=plan.other)[0] == 403
    assert rename(plan, plan.in_other, track_id=plan.mine)[0] == 403
    assert titles() == {"Ours", "Theirs", "Break"}


def test_talks_are_those_of_the_session_they_are_in(plan: Plan) -> None:
    for session_id, status in ((plan.in_mine, 303), (plan.in_other, 403)):
        rule = next(plan.client.application.url_map.iter_rules("programme.new_talk"))
        url = rule.rule.replace("<int:session_id>", str(session_id))
        data = {"csrf_token": token_of(plan.client, url), "title": "A talk", "duration_min": "20"}
        assert plan.client.post(url, data=data).status_code == status
    db.session.rollback()
    assert [len(one.talks) for one in sorted(draft().sessions, key=lambda one: one.id)] == [1, 0, 0]


def test_the_editor_moves_what_is_in_the_track_alone(plan: Plan, app: Flask) -> None:
    editor = Editor(app.test_client())
    assert editor.me == plan.me
    room = draft().rooms[0].id
    refused = editor.put(plan.in_other, room, "15:00")
    assert (refused.status_code, "“Theirs” is outside your tracks" in refused.get_json()["detail"]) == (
        403,
        True,
    )
    assert editor.put(plan.in_mine, room, "15:00").status_code == 200


def test_a_step_in_a_track_that_is_no_longer_ones_own_is_not_taken_back(plan: Plan, app: Flask) -> None:
    editor = Editor(app.test_client())
    assert editor.put(plan.in_mine, draft().rooms[0].id, "15:00").status_code == 200
    limit_to(plan.me, plan.other)
    steps = len(list(db.session.scalars(select(StepRow.id))))
    answer = editor.post("undo", {"key": "undo-key-1", "revision": editor.revision})
    assert (answer.status_code, "“Ours” is outside your tracks" in answer.get_json()["detail"]) == (403, True)
    db.session.rollback()
    assert len(list(db.session.scalars(select(StepRow.id)))) == steps


def test_a_file_brings_nothing_into_other_tracks(plan: Plan, app: Flask) -> None:
    content = document(event(1, title="Smuggled"))
    address, page = opened(plan.client, content)
    answer = written(plan.client, address, page)
    assert (answer.status_code, "“Smuggled” is outside your tracks" in answer.text) == (403, True)
    assert titles() == {"Ours", "Theirs", "Break"}
    # The control: the same file of somebody without a limit.
    other = app.test_client()
    sign_in(other, Role.ORGANISER)
    address, page = opened(other, content)
    assert written(other, address, page).status_code == 303
    assert "Smuggled" in titles()


def test_everything_else_that_changes_something_is_refused_by_name(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    records = make_records(tmp_path)
    limit_to(sign_in(client, Role.PROGRAMME), tracks()[0].id)
    refused: set[str] = set()
    open_to: set[str] = set()
    for endpoint, method, address in routes(app, records.address):
        access = declared_access(app.view_functions[endpoint])
        if method != "POST" or access is None or access.kind != "staff" or Role.PROGRAMME not in access.roles:
            continue
        if access.roles == EVERY_ROLE:
            continue
        answer = client.post(address, headers={"Accept": "text/html"})
        is_refused = (
            answer.status_code == 403 and "edits only sessions and talks of its tracks" in answer.text
        )
        (refused if is_refused else open_to).add(endpoint)
    assert open_to == WITHIN_TRACKS
    assert {"programme.publish_version", "event.track", "people.edit", "speakers.send_link"} <= refused


def test_a_limit_is_of_programme_staff_alone(plan: Plan, app: Flask) -> None:
    seen = get_member(plan.me).revision
    transact(lambda session: set_role(session, plan.me, seen, Role.ORGANISER, actor=BY_SYSTEM))
    assert rename(plan, plan.in_other)[0] == 303


def test_a_track_that_is_deleted_opens_nothing(plan: Plan) -> None:
    for session_id in (plan.in_mine,):
        url = f"/staff/programme/session/{session_id}/delete"
        assert plan.client.get(url).status_code == 200
    empty = next(track for track in tracks() if track.id not in {plan.mine, plan.other})
    limit_to(plan.me, empty.id)
    transact(lambda session: delete_track(session, empty.id, empty.revision, actor=BY_SYSTEM))
    db.session.rollback()
    assert (get_member(plan.me).is_limited, tracks_of(plan.me)) == (True, frozenset())
    status, text = rename(plan, plan.in_mine)
    assert (status, "sessions and talks of no track" in text) == (403, True)


def test_an_organiser_chooses_the_tracks(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    someone = make_member(Role.PROGRAMME)
    first, second = (track.id for track in tracks()[:2])
    url = f"/staff/accounts/{someone}"
    assert "Edits only sessions and talks of these tracks" in client.get(url).text
    data = {"csrf_token": token_of(client, url), "revision": "1", "is_limited": "y"}
    none = client.post(f"{url}/tracks", data=data)
    assert (none.status_code, "Choose the tracks that the account edits" in none.text) == (422, True)
    assert client.post(f"{url}/tracks", data=data | {"tracks": ["987654"]}).status_code == 400
    assert client.post(f"{url}/tracks", data=data | {"tracks": [str(first), str(second)]}).status_code == 303
    db.session.rollback()
    assert tracks_of(someone) == {first, second}
    page = client.get(url).text
    assert page.count("checked") == 3
    stale = client.post(f"{url}/tracks", data=data | {"tracks": [str(first)]})
    assert (stale.status_code, "Somebody else changed this" in stale.text) == (409, True)
    free = {name: value for name, value in data.items() if name != "is_limited"} | {"revision": "2"}
    assert client.post(f"{url}/tracks", data=free).status_code == 303
    db.session.rollback()
    assert (get_member(someone).is_limited, tracks_of(someone)) == (False, frozenset())
    changes = [entry.changes["tracks"] for entry in history_of("staff", someone) if "tracks" in entry.changes]
    assert changes == [([first, second], None), (None, [first, second])]


def test_a_talk_of_another_track_is_neither_edited_nor_deleted(plan: Plan) -> None:
    theirs, ours = make_talk(plan.in_other, "Their talk"), make_talk(plan.in_mine, "Our talk")
    for talk_id, edited, deleted in ((theirs, 403, 403), (ours, 303, 303)):
        url = f"/staff/programme/talk/{talk_id}/edit"
        form = next(one for one in forms_in(plan.client.get(url).text, url) if one.value("title") is not None)
        assert plan.client.post(url, data=form.sent(title="New words")).status_code == edited
        url = f"/staff/programme/talk/{talk_id}/delete"
        form = next(one for one in forms_in(plan.client.get(url).text, url) if one.value("seen") is not None)
        assert plan.client.post(url, data=form.sent()).status_code == deleted


def test_a_file_makes_no_rooms_and_no_people_for_a_limited_account(plan: Plan) -> None:
    mine = tracks()[0].name
    for more in ({"room": "A room of theirs"}, {"persons": {"5": "Somebody New"}}):
        fields: dict[str, Any] = {"room": "Hall 1", "track": mine, "start": "16:00", **more}
        address, page = opened(plan.client, document(event(1, title="Within", **fields)))
        answer = written(plan.client, address, page)
        assert (answer.status_code, "edits only sessions and talks of its tracks" in answer.text) == (
            403,
            True,
        )
    db.session.rollback()
    assert ([room.name for room in draft().rooms], count_people()) == (["Hall 1"], 0)
    assert "Within" not in titles()
    # The control: a file that needs neither is written.
    plain = document(event(1, title="Within", room="Hall 1", track=mine, start="16:00"))
    assert written(plan.client, *opened(plan.client, plain)).status_code == 303
    assert "Within" in titles()
