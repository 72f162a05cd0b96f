"""The pages of publishing: the difference, who is told what, the time, the versions, and taking one back."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.jobs.worker import Worker
from conference.programme.model import PartRole, Telling
from conference.programme.queries import draft, published, scheduled, versions
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.pages import text_of, typed
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part, publish_now
from tests.factories.speakers import confirm_speaker, make_speaker, make_speaker_category
from tests.factories.telling import kinds, move, rename, session_of

PUBLISH = "/staff/programme/publish"
VERSIONS = "/staff/programme/versions"
SCHEDULED = "/staff/programme/scheduled"


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    sign_in(client, Role.PROGRAMME)
    return client


@pytest.fixture
def speaker(app: Flask) -> PersonId:
    make_speaker_category()
    person_id = make_speaker()
    publish_now(name="Spring")
    confirm_speaker(person_id)
    return person_id


def test_publishing_shows_the_differences_and_makes_a_version(editor: FlaskClient) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    text = text_of(editor.get(PUBLISH))
    assert "Nothing is public yet." in text
    assert "This is the first version, so all of it is new: Days 1 Rooms 1 Sessions 1" in text
    assert "Draft: 1 change not public" in text
    answer = editor.post(PUBLISH, data=typed(editor, PUBLISH))
    assert (answer.status_code, answer.location) == (303, "/staff/programme/versions")
    assert "1 – Public 5 September 2022, 08:00 Test programme At once Withdraw" in text_of(
        editor.get("/staff/programme/versions")
    )
    assert "The draft and the public programme are the same." in text_of(editor.get(PUBLISH))


def test_publishing_is_stopped_by_a_conflict_that_names_both_sessions(editor: FlaskClient) -> None:
    room_id = make_room("Aula")
    make_session("First", room_id=room_id, start=at("09:00"))
    seen = typed(editor, PUBLISH)
    make_session("Second", room_id=room_id, start=at("09:30"))
    page = editor.get(PUBLISH)
    assert "Aula is taken twice for 30 minutes: First (09:00–10:00) and Second (09:30–10:30)" in text_of(page)
    assert "Publish version" not in page.text
    revision = {"draft_revision": str(transact(draft).draft_revision)}
    answer = editor.post(PUBLISH, data=seen | revision)
    assert answer.status_code == 409
    assert "Nothing was published. Conflicts to be solved first: 1." in text_of(answer)
    assert "First (09:00–10:00) and Second (09:30–10:30)" in text_of(answer)
    assert transact(versions) == []


def test_publishing_what_was_not_seen_is_refused(editor: FlaskClient) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    seen = typed(editor, PUBLISH)
    make_session("Second", room_id=make_room("Aula"), start=at("10:00"))
    answer = editor.post(PUBLISH, data=seen)
    assert answer.status_code == 409
    assert "Look at the list again: nothing was published." in text_of(answer)
    assert "Second" in answer.text
    assert transact(versions) == []


def group(page: str, kind: str) -> str:
    """Return the text of one kind of change, up to the next heading."""
    part = page[page.index(f'id="changes-{kind}"') :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.split(r"<h[23]", part)[0]))


def test_differences_are_grouped_with_both_values(editor: FlaskClient) -> None:
    aula, annexe = make_room("Aula"), make_room("Annexe", place=2)
    chair, other = make_person(), make_person("Bo", "Ek")
    first = make_session("First", room_id=aula, start=at("09:00"), people=[part(chair, PartRole.CHAIR)])
    second = make_session("Second", room_id=aula, start=at("11:00"))
    make_talk(second, "Old talk", duration_min=10)
    longer = make_session("Third", room_id=aula, start=at("13:00"))
    gone = make_session("Gone", room_id=annexe, start=at("09:00"))
    publish_now()
    move(first, "10:00")
    rename(second, "Second thoughts")
    editor.post(
        f"/staff/programme/session/{longer}/edit",
        data=typed(editor, f"/staff/programme/session/{longer}/edit") | {"duration_min": "90"},
    )
    editor.post(
        f"/staff/programme/session/{first}/edit",
        data=typed(editor, f"/staff/programme/session/{first}/edit") | {"person_1": f"Bo Ek (#{other})"},
    )
    move(gone, None)
    make_session("New", room_id=annexe, start=at("15:00"))
    page = editor.get(PUBLISH).text
    assert "First (10:00–11:00) Thu 22 Sep, 09:00–10:00 Thu 22 Sep, 10:00–11:00" in group(
        page, "moved-in-time"
    )
    assert "60 minutes (13:00–14:00) 90 minutes (13:00–14:30)" in group(page, "lengthened")
    assert "Second Second thoughts" in group(page, "retitled").partition("In the draft")[2]
    assert "Åsa Lind (Chair), Hospital of Example, SE Bo Ek (Chair)" in group(page, "people")
    assert "Gone Thu 22 Sep, 09:00–10:00, Annexe" in group(page, "cancelled")
    assert "New (15:00–16:00) Thu 22 Sep, 15:00–16:00, Annexe" in group(page, "added")
    assert 'href="#changes-moved-in-time"' in page


def test_forty_changes_are_one_table_a_kind_with_its_count(editor: FlaskClient) -> None:
    ids = [
        make_session(f"S{one}", room_id=make_room(f"R{one}", place=one), start=at("09:00"))
        for one in range(1, 41)
    ]
    publish_now()
    for one in ids[:25]:
        move(one, "10:00")
    for one in ids[25:]:
        rename(one, f"New {one}")
    page = editor.get(PUBLISH).text
    assert page.count('<table class="changes">') == 2
    assert "Moved in time 25" in text_of(editor.get(PUBLISH))
    assert "New title 15" in text_of(editor.get(PUBLISH))


def test_what_blocks_leads_to_the_session_in_the_editor(editor: FlaskClient) -> None:
    room_id = make_room("Aula")
    ids = [make_session(title, room_id=room_id, start=at("09:00")) for title in ("First", "Second")]
    page = editor.get(PUBLISH).text
    for one in ids:
        assert f'href="/staff/schedule#session-{one}"' in page


def test_the_page_names_who_is_told_and_shows_the_mail(editor: FlaskClient, speaker: PersonId) -> None:
    move(session_of(speaker), "14:00")
    page = editor.get(PUBLISH)
    text = text_of(page)
    assert "Who is told what 1" in text
    assert "1 person gets a mail." in text
    assert "Łukasz Đorđević lukasz@szpital.example · calendar: 1 entered or moved" in text
    assert "Another time or room: your part in" in text
    assert "(personal link)" in text
    assert kinds(speaker) == ["part_confirmed"]
    answer = editor.post(PUBLISH, data=typed(editor, PUBLISH) | {"name": "Autumn", "telling": "later"})
    assert answer.status_code == 303
    assert kinds(speaker) == ["part_confirmed"]
    assert "1 people to be told of the programme" in text_of(editor.get("/staff/"))
    versions_page = text_of(editor.get(VERSIONS))
    assert "Not told yet 1" in versions_page
    assert "2 Autumn Public 5 September 2022" in versions_page
    told = editor.post(f"{VERSIONS}/tell", data=typed(editor, VERSIONS))
    assert told.status_code == 303
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]
    again = editor.post(f"{VERSIONS}/tell", data={"number": "2"} | token(editor))
    assert (again.status_code, "Everybody was told already, so no mail was written." in text_of(again)) == (
        409,
        True,
    )
    assert "Everybody whom version 2 concerns was told." in text_of(editor.get(VERSIONS))
    assert "0 people to be told of the programme" in text_of(editor.get("/staff/"))


def token(client: FlaskClient) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(VERSIONS).text)
    assert found
    return {"csrf_token": found[1]}


def test_addresses_and_mails_are_not_shown_to_who_may_only_look(
    client: FlaskClient, speaker: PersonId
) -> None:
    move(session_of(speaker), "14:00")
    publish_now(telling=Telling.LATER)
    sign_in(client, Role.DESK)
    for url in (PUBLISH, VERSIONS):
        page = client.get(url).text
        assert "lukasz@szpital.example" not in page
        assert "Another time or room" not in page
    assert "1 person gets a mail." in text_of(client.get(VERSIONS))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"telling": ""}, "Choose whether the people named above are told now, later or not at all."),
        ({"telling": "shout"}, "Not a valid choice"),
        ({"when": ""}, "Choose whether it becomes public now or at a set time."),
        ({"when": "at", "at": ""}, "Give a day and a time, as in 2022-09-06 09:00."),
        ({"when": "at", "at": "2022-09-06"}, "Give a day and a time, as in 2022-09-06 09:00."),
        (
            {"when": "at", "at": "2022-09-05T07:00"},
            "2022-09-05 07:00 is over. Give a later time, or publish now.",
        ),
        ({"when": "at", "at": "2022-09-24T07:00"}, "The conference ends on Friday 23 September 2022."),
        ({"name": "x" * 61}, "A name has at most 60 characters. This one has 61: shorten it."),
    ],
)
def test_a_refusal_names_the_fault_and_keeps_what_was_typed(
    editor: FlaskClient, sent: dict[str, str], said: str
) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    answer = editor.post(PUBLISH, data=typed(editor, PUBLISH) | {"name": "Kept"} | sent)
    assert answer.status_code in {400, 422}
    assert said in text_of(answer)
    assert sent.get("name", 'value="Kept"') in answer.text
    assert transact(versions) == []


def test_a_version_is_set_for_a_time_changed_and_called_off(app: Flask, editor: FlaskClient) -> None:
    make_session("First", room_id=make_room("Aula"), start=at("09:00"))
    sent = typed(editor, PUBLISH) | {"when": "at", "at": "2022-09-06T09:00", "name": "For the press"}
    assert editor.post(PUBLISH, data=sent).status_code == 303
    page = text_of(editor.get(VERSIONS))
    assert "Becomes public at 6 September 2022, 09:00, Stockholm time." in page
    assert "For the press" in page
    assert "Publish version" not in editor.get(PUBLISH).text
    assert "becomes public at 6 September 2022, 09:00" in text_of(editor.get(PUBLISH))
    form = typed(editor, VERSIONS)
    early = editor.post(SCHEDULED, data=form | {"at": "2022-09-01T09:00"})
    assert (early.status_code, "2022-09-01 09:00 is over." in text_of(early)) == (422, True)
    assert editor.post(SCHEDULED, data=form | {"at": "2022-09-07T09:00"}).status_code == 303
    stale = editor.post(f"{SCHEDULED}/off", data=form)
    assert stale.status_code == 409
    waiting = transact(scheduled)
    assert waiting
    assert f"{waiting.publish_at:%d %H:%M}" == "07 07:00"
    assert editor.post(f"{SCHEDULED}/off", data=typed(editor, VERSIONS)).status_code == 303
    gone = editor.post(f"{SCHEDULED}/off", data=form)
    assert "No version waits for its time any more" in text_of(gone)
    assert (
        editor.post(
            PUBLISH, data=typed(editor, PUBLISH) | {"when": "at", "at": "2022-09-06 09:00"}
        ).status_code
        == 303
    )
    clock.shift(clock.offset + timedelta(days=2))
    Worker(app).run_due()
    assert "1 – Public" in text_of(editor.get(VERSIONS))


def test_a_version_is_withdrawn_by_name_and_the_public_sees_the_one_before(
    editor: FlaskClient, speaker: PersonId
) -> None:
    move(session_of(speaker), "14:00")
    publish_now()
    public = editor.get("/programme/2022-09-22").text
    assert "14:00" in public
    ask = editor.get(f"{VERSIONS}/2/withdraw")
    assert "The public sees version 1 again at once" in text_of(ask)
    assert "Thu 22 Sep, 14:00–15:00 Thu 22 Sep, 09:00–10:00" in text_of(ask)
    form = typed(editor, f"{VERSIONS}/2/withdraw")
    assert editor.post(f"{VERSIONS}/2/withdraw", data=form).status_code == 303
    back = editor.get("/programme/2022-09-22")
    assert "14:00" not in back.text
    assert "Version 1, published 5 September 2022, 08:00 – Spring" in text_of(back)
    # The calendar file takes it for newer than what version 2 said.
    assert "SEQUENCE:3" in editor.get("/programme.ics").text
    # Who follows the feed hears that the move is taken back, by an item that no reader has yet.
    feed = editor.get("/programme.rss").text
    titles = re.findall(r"<item>\s*<title>([^<]*)</title>", feed)
    assert [title.partition(":")[0] for title in titles] == ["Moved in time", "The programme is published"]
    assert "Before: Thursday 22 September 2022, 14:00–15:00" in feed
    assert len(set(re.findall(r"<guid[^>]*>([^<]*)</guid>", feed))) == 2
    assert "version 1 again 2022" in feed
    page = text_of(editor.get(VERSIONS))
    assert "2 – Withdrawn 5 September 2022, 08:00, Test programme" in page
    assert "Not told yet 1" in page
    assert "1 people to be told of the programme" in text_of(editor.get("/staff/"))
    twice = editor.post(f"{VERSIONS}/2/withdraw", data=form)
    assert (twice.status_code, "Version 2 is withdrawn already." in text_of(twice)) == (409, True)
    assert editor.post(f"{VERSIONS}/9/withdraw", data=form).status_code == 404
    assert editor.post(f"{VERSIONS}/1/withdraw", data=form).status_code == 303
    assert editor.get("/programme.ics").status_code == 404
    assert "not published yet" in editor.get("/programme").text
    db.session.rollback()
    assert published() is None


def test_an_older_version_is_not_withdrawn(editor: FlaskClient, speaker: PersonId) -> None:
    move(session_of(speaker), "14:00")
    form = typed(editor, f"{VERSIONS}/1/withdraw")
    publish_now()
    answer = editor.post(f"{VERSIONS}/1/withdraw", data=form)
    assert answer.status_code == 409
    assert "Version 1 is not the one that the public sees: that is version 2." in text_of(answer)
    assert "so there is nothing to withdraw" in text_of(editor.get(f"{VERSIONS}/1/withdraw"))


def test_the_pages_cost_as_many_statements_for_three_people_as_for_one(editor: FlaskClient) -> None:
    make_speaker_category()
    people = [make_speaker(number) for number in range(3)]
    publish_now()
    for one in people:
        confirm_speaker(one)
    counts = []
    for moved in (people[:1], people[1:]):
        for one in moved:
            move(session_of(one), f"1{2 + one % 3}:00")
        editor.get(PUBLISH)
        with counted_statements() as statements:
            editor.get(PUBLISH)
        counts.append(len(statements))
    assert counts[0] == counts[1]
