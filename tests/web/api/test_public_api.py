"""What everybody's programs read: the published version, in parts, with ETags, and refused as problems."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.core.ids import SessionId, TrackId
from conference.db.work import counted_statements, transact
from conference.event.queries import tracks
from conference.programme import service
from conference.programme.model import Kind, PartRole
from conference.programme.queries import draft, get_session, versions
from conference.programme.rules import seen_mark
from conference.web.access import Role, public
from conference.web.errors import _on_fault
from tests.factories.accounts import sign_in
from tests.factories.api import every_item
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.speakers import make_speaker, publish_portrait

ROOT = "/api/v1"


def read(client: FlaskClient, path: str, **headers: str) -> Any:
    answer = client.get(f"{ROOT}{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def refused(client: FlaskClient, path: str) -> tuple[int, str | None, str]:
    """Return the status, the field at fault and the words of a refusal, which must be a problem."""
    answer = client.get(f"{ROOT}{path}")
    assert answer.content_type == "application/problem+json"
    told = answer.json
    assert told is not None
    assert told["status"] == answer.status_code
    return answer.status_code, told["field"], told["detail"]


def publish_another() -> int:
    """Publish one more version: what is published again must differ."""
    make_session("One more", room_id=make_room("Small", place=2), start=at(f"{14 + len(versions())}:00"))
    return publish_now()


def two_days() -> tuple[SessionId, SessionId, TrackId]:
    """Make a session with a talk on the first day and a workshop on the second, in two rooms; the first has a track."""
    first = tracks()[0].id
    speaker = make_person("Åsa", "Lind")
    one = make_session(
        "Tumour boards", room_id=make_room("Aula"), start=at("09:00"), track_id=first,
        people=[part(make_person("Bo", "Ek"), PartRole.CHAIR)],
    )  # fmt: skip
    make_talk(one, "Two hundred cases", people=[part(speaker)])
    other = make_session(
        "Reading genomes", kind=Kind.WORKSHOP, room_id=make_room("Small", place=2), start=at("10:00", 23)
    )
    return one, other, first


def test_before_the_first_version_only_the_event_is_told(app: Flask, client: FlaskClient) -> None:
    two_days()
    assert read(client, "/event")["version"] is None
    assert read(client, "/versions") == {"items": [], "next": None}
    status, _, words = refused(client, "/sessions")
    assert (status, words) == (
        404,
        "The programme is not published yet. It appears here with its first version.",
    )


def test_a_session_is_told_whole(app: Flask, client: FlaskClient) -> None:
    one, _, track_id = two_days()
    publish_now()
    told = read(client, f"/sessions/{one}")
    assert {name: told[name] for name in ("id", "kind", "title", "starts_at", "ends_at", "day", "inside")} == {
        "id": one, "kind": "parallel", "title": "Tumour boards", "starts_at": "2022-09-22T07:00:00Z",
        "ends_at": "2022-09-22T08:00:00Z", "day": "2022-09-22", "inside": None,
    }  # fmt: skip
    assert told["room"]["name"] == "Aula"
    assert told["track"]["id"] == track_id
    assert [(who["name"], who["role"]) for who in told["people"]] == [("Bo Ek", "chair")]
    assert [(talk["title"], talk["session"]) for talk in told["talks"]] == [("Two hundred cases", one)]
    assert read(client, f"/talks/{told['talks'][0]['id']}") == told["talks"][0]
    assert client.get(told["url"].removeprefix("http://localhost")).status_code == 200


def test_the_draft_is_never_shown(app: Flask, client: FlaskClient) -> None:
    one, *_ = two_days()
    publish_now()
    make_session("Secret", room_id=make_room("Aula"), start=at("14:00"))
    seen = transact(lambda session: seen_mark(get_session(draft(session), one)))
    transact(lambda session: service.delete_session(session, one, seen, actor=BY_SYSTEM))
    assert {item["title"] for item in read(client, "/sessions")["items"]} == {
        "Tumour boards",
        "Reading genomes",
    }
    publish_now()
    assert {item["title"] for item in read(client, "/sessions")["items"]} == {"Secret", "Reading genomes"}
    assert refused(client, f"/sessions/{one}")[0] == 404


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Tumour boards", "Reading genomes"]),
        ("?day=2022-09-23", ["Reading genomes"]),
        ("?day=2022-09-24", []),
        ("?kind=workshop", ["Reading genomes"]),
        ("?track={track}", ["Tumour boards"]),
        ("?room={room}", ["Reading genomes"]),
        ("?track={track}&day=2022-09-23", []),
    ],
)
def test_sessions_are_filtered(app: Flask, client: FlaskClient, query: str, titles: list[str]) -> None:
    _, other, track_id = two_days()
    publish_now()
    room_id = read(client, f"/sessions/{other}")["room"]["id"]
    found = read(client, f"/sessions{query.format(track=track_id, room=room_id)}")
    assert [item["title"] for item in found["items"]] == titles


def test_talks_and_speakers_are_filtered(app: Flask, client: FlaskClient) -> None:
    one, other, _ = two_days()
    publish_now()
    assert len(read(client, f"/talks?session={one}")["items"]) == 1
    assert read(client, f"/talks?session={other}")["items"] == []
    assert [who["name"] for who in read(client, "/speakers")["items"]] == ["Bo Ek", "Åsa Lind"]
    assert [who["name"] for who in read(client, "/speakers?role=chair")["items"]] == ["Bo Ek"]


def test_a_portrait_is_told_while_the_person_lets_it_be_shown(app: Flask, client: FlaskClient) -> None:
    person_id = make_speaker()
    publish_now()
    assert read(client, f"/speakers/{person_id}")["portrait"] is None
    before = client.get(f"{ROOT}/speakers/{person_id}").headers["ETag"]
    publish_portrait(person_id)
    told = client.get(f"{ROOT}/speakers/{person_id}", headers={"If-None-Match": before})
    assert told.status_code == 200  # the version is the same, and the answer is not
    assert told.json is not None
    assert client.get(told.json["portrait"].removeprefix("http://localhost")).status_code == 200


def test_rooms_tracks_and_versions(app: Flask, client: FlaskClient) -> None:
    two_days()
    publish_now()
    publish_another()
    found = read(client, "/rooms")
    assert [(room["name"], room["seats"]) for room in found["items"]] == [("Aula", 100), ("Small", 100)]
    assert read(client, f"/rooms/{found['items'][0]['id']}") == found["items"][0]
    named = read(client, "/tracks")["items"]
    assert read(client, f"/tracks/{named[0]['id']}") == named[0]
    newest, oldest = read(client, "/versions")["items"]
    assert (newest["number"], newest["is_current"], newest["is_final"]) == (2, True, False)
    assert read(client, "/versions/1") == oldest
    assert (oldest["number"], oldest["is_current"]) == (1, False)


# Parts


def test_lists_come_in_parts_and_the_link_says_the_same(app: Flask, client: FlaskClient) -> None:
    room = make_room("Aula")
    for hour in range(8, 15):
        make_session(f"Session {hour}", room_id=room, start=at(f"{hour:02}:00"))
    publish_now()
    whole = [item["title"] for item in read(client, "/sessions")["items"]]
    for limit in (1, 2, 3, 7, 8):
        assert [item["title"] for item in every_item(client, f"{ROOT}/sessions?limit={limit}")] == whole
    answer = client.get(f"{ROOT}/sessions?limit=3&kind=parallel")
    assert answer.json is not None
    assert answer.headers["Link"] == f'<{answer.json["next"]}>; rel="next"'
    assert "kind=parallel" in answer.json["next"]
    assert "Link" not in client.get(f"{ROOT}/sessions?limit=7").headers


def test_versions_that_come_while_they_are_read_move_nothing(app: Flask, client: FlaskClient) -> None:
    two_days()
    for _ in range(3):
        publish_another()
    first = read(client, "/versions?limit=2")
    publish_another()
    second = client.get(first["next"]).json
    assert second is not None
    numbers = [item["number"] for part in (first, second) for item in part["items"]]
    assert numbers == [3, 2, 1]


def test_a_cursor_of_an_earlier_version_is_refused(app: Flask, client: FlaskClient) -> None:
    two_days()
    publish_now()
    following = read(client, "/sessions?limit=1")["next"].partition(ROOT)[2]
    assert client.get(f"{ROOT}{following}").status_code == 200
    publish_another()
    status, field, words = refused(client, following)
    assert (status, field) == (400, "cursor")
    assert words.startswith("The parameter “cursor” belongs to an earlier version")


@pytest.mark.parametrize("spoil", ["filters", "address", "altered", "cut", "invented", "unsigned"])
def test_a_cursor_that_was_not_given_for_this_is_refused(app: Flask, client: FlaskClient, spoil: str) -> None:
    two_days()
    publish_now()
    cursor = read(client, "/sessions?limit=1")["next"].partition("cursor=")[2]
    word, _, mac = cursor.partition(".")
    path = {
        "filters": f"/sessions?limit=1&kind=parallel&cursor={cursor}",
        "address": f"/rooms?limit=1&cursor={cursor}",
        "altered": f"/sessions?cursor={word[:-1]}{'A' if word[-1] != 'A' else 'B'}.{mac}",
        "cut": f"/sessions?cursor={cursor[:-1]}",
        "invented": "/sessions?cursor=%F0%9F%90%88",
        "unsigned": f"/sessions?cursor={word}",
    }[spoil]
    status, field, words = refused(client, path)
    assert (status, field) == (400, "cursor")
    assert "leave it out to begin again" in words


# Refusals


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("limit=0", "limit", "The parameter “limit” is “0”. It must be a whole number from 1 to 200."),
        ("limit=201", "limit", "The parameter “limit” is “201”. It must be a whole number from 1 to 200."),
        ("limit=%D9%A3", "limit", "The parameter “limit” is “٣”. It must be a whole number from 1 to 200."),
        ("limit=", "limit", "The parameter “limit” is “”. It must be a whole number from 1 to 200."),
        ("day=22.9.", "day", "The parameter “day” is “22.9.”. It must be a day as in 2022-09-22."),
        ("day=2022-02-30", "day", "The parameter “day” is “2022-02-30”. It must be a day as in 2022-09-22."),
        (
            "kind=keynote",
            "kind",
            "The parameter “kind” is “keynote”. It must be one of: plenary, parallel, workshop, panel, poster, break, social, industry, exhibition.",
        ),
        ("track=1&track=2", "track", "The parameter “track” stands here 2 times. Send it once."),
        (
            "dya=2022-09-22",
            "dya",
            "There is no parameter “dya” here. Take it out, or write one of: limit, cursor, day, track, room, kind.",
        ),
    ],
)
def test_a_wrong_parameter_is_named_with_its_fault_and_remedy(
    app: Flask, client: FlaskClient, query: str, field: str, words: str
) -> None:
    two_days()
    publish_now()
    assert refused(client, f"/sessions?{query}") == (400, field, words)


@pytest.mark.parametrize("path", ["/nothing", "/sessions/987654", "/sessions/x", "/sessions/0", "/", ""])
def test_what_does_not_exist_is_a_problem(app: Flask, client: FlaskClient, path: str) -> None:
    two_days()
    publish_now()
    assert refused(client, path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written(app: Flask, client: FlaskClient, method: str) -> None:
    answer = client.open(f"{ROOT}/sessions", method=method)
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("accepts", "status"),
    [
        ("text/html", 406), ("application/xml, text/*;q=0.5", 406), ("application/json;q=0", 406),
        ("*/*", 200), ("application/*", 200), ("text/html, application/json;q=0.1", 200),
        ("application/problem+json", 200),
    ],
)  # fmt: skip
def test_only_json_is_answered(app: Flask, client: FlaskClient, accepts: str, status: int) -> None:
    answer = client.get(f"{ROOT}/event", headers={"Accept": accepts})
    assert answer.status_code == status
    assert answer.content_type == ("application/json" if status == 200 else "application/problem+json")


def test_an_unexpected_error_is_a_problem_without_its_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:

    app.register_error_handler(Exception, _on_fault)
    monkeypatch.setitem(app.view_functions, "api.event", _breaks(app))
    answer = app.test_client().get(f"{ROOT}/event")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.json is not None
    assert (answer.json["title"], answer.json["field"]) == ("Internal Server Error", None)
    assert "secret" not in answer.text


def _breaks(app: Flask) -> Any:

    @public
    def view() -> str:
        raise ValueError("secret")

    return view


def test_refusals_are_english_whatever_the_reader_speaks(app: Flask, client: FlaskClient) -> None:
    answer = client.get(f"{ROOT}/sessions", headers={"Accept-Language": "sv"})
    assert answer.json is not None
    assert answer.json["detail"].startswith("The programme is not published yet")


# Caches and other sites


@pytest.mark.parametrize(
    "path",
    [
        "/event",
        "/versions",
        "/versions/1",
        "/sessions",
        "/talks",
        "/speakers",
        "/rooms",
        "/tracks",
        "/openapi.json",
    ],
)
def test_who_has_the_answer_is_told_so(app: Flask, client: FlaskClient, path: str) -> None:
    two_days()
    publish_now()
    answer = client.get(f"{ROOT}{path}")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in answer.headers.get("Vary", "")
    again = client.get(f"{ROOT}{path}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    head = client.head(f"{ROOT}{path}")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(answer.data))


def test_a_new_version_counts_at_once(app: Flask, client: FlaskClient) -> None:
    two_days()
    publish_now()
    before = client.get(f"{ROOT}/sessions").headers["ETag"]
    publish_another()
    answer = client.get(f"{ROOT}/sessions", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["version"] == 2


def test_scripts_of_other_sites_may_read_what_everybody_may(app: Flask, client: FlaskClient) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(f"{ROOT}/sessions", headers=asked)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    closed = client.options(f"{ROOT}/registrations", headers=asked)
    assert closed.status_code == 204
    assert "Access-Control-Allow-Origin" not in closed.headers
    assert "Access-Control-Allow-Origin" not in client.get("/programme").headers


def test_who_is_signed_in_is_no_reader_of_registrations(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    assert client.get(f"{ROOT}/registrations").status_code == 401


# Costs and documents


def test_a_list_costs_the_same_whatever_is_in_it(app: Flask, client: FlaskClient) -> None:
    room, counts = make_room("Aula"), []
    for upto in (1, 3):
        for number in range(upto):
            make_session(f"Session {upto} {number}", room_id=room, start=at(f"{8 + upto + number:02}:00"))
        publish_now()
        client.get(f"{ROOT}/sessions")  # a new version is read once a process
        with counted_statements() as statements:
            assert client.get(f"{ROOT}/sessions?limit=200").status_code == 200
        counts.append(len(statements))
    # The version's number, and the ids that sessions have elsewhere.
    assert counts == [2, 2]


def test_the_page_for_people_tells_every_address(app: Flask, client: FlaskClient) -> None:
    page = client.get("/api")
    assert page.status_code == 200
    document = client.get(f"{ROOT}/openapi.json").json
    assert document is not None
    for path in document["paths"]:
        assert f"<code>GET {path}</code>" in page.text
    for name in document["components"]["schemas"]:
        assert name == "Problem" or f'id="record-{name}"' in page.text
