"""Schedules written into the draft: whole, changed, unchanged, moved, with questions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.event.errors import TooManyDaysError
from conference.event.model import RoomDetails
from conference.event.queries import get_event
from conference.event.service import edit_room
from conference.interchange import errors
from conference.interchange.model import Wishes
from conference.interchange.queries import known
from conference.interchange.reading import read_schedule
from conference.interchange.rules import plan
from conference.people.queries import count_people, names_by_id
from conference.programme import service
from conference.programme.conflicts import RoomTaken
from conference.programme.model import Kind, PartRole, Session
from conference.programme.queries import draft_revision
from conference.programme.rules import seen_mark
from tests.factories.programme import at, make_person, make_room, make_session, make_talk, part
from tests.factories.schedules import document, event, figures, imported, now_in_draft


def titled(title: str) -> Session:
    return next(session for session in now_in_draft().sessions if session.title == title)


def test_a_file_becomes_sessions_with_rooms_tracks_and_people(app: Flask) -> None:
    here = make_person("Åsa", "Lind")
    content = document(
        event(
            1, title="Opening", type="keynote", track="New track", abstract="All.", persons={"5": "Åsa Lind"}
        ),
        event(2, title="Coffee", type="break", start="10:15", duration="00:15", room="–"),
        event(3, title="Genes", start="10:30", persons={"6": "Ludwig van der Berg", "7": "李"}),
    )
    assert figures(imported(content)) == (3, 0, 0, 0)
    opening, coffee, genes = now_in_draft().sessions
    assert (opening.kind, opening.abstract, opening.duration_min) == (Kind.PLENARY, "All.", 45)
    assert opening.span is not None
    assert opening.span.start == datetime(2022, 9, 22, 7, 30, tzinfo=UTC)
    assert opening.track is not None
    assert (opening.track.name, opening.track.colour) == ("New track", 1)
    assert opening.room is not None
    assert opening.room.name == "Aula"
    assert [(one.person_id, one.role) for one in opening.people] == [(here, PartRole.SPEAKER)]
    assert (coffee.kind, coffee.room, coffee.people) == (Kind.BREAK, None, ())
    assert [(one.name, one.sort_name) for one in genes.people] == [
        ("Ludwig van der Berg", "van der Berg Ludwig"),
        ("李", "李"),
    ]
    assert [entry.action for entry in history_of("session", opening.id)] == ["created"]


def test_an_unchanged_file_changes_nothing_at_all(app: Flask) -> None:
    content = document(event(1, persons={"5": "Bo Ek"}), event(2, start="11:00", room="Saal", track="T"))
    imported(content)
    before, revision = now_in_draft(), transact(draft_revision)
    assert figures(imported(content)) == (0, 0, 0, 2)
    assert (now_in_draft(), transact(draft_revision)) == (before, revision)


def test_a_changed_file_updates_and_does_not_double(app: Flask) -> None:
    imported(document(event(1, persons={"5": "Bo Ek"}), event(2, start="11:00"), event(3, start="12:00")))
    kept = titled("Talk 1").id
    changed = document(
        event(1, title="New", start="10:00", duration="00:20", persons={"5": "Bo Ek", "6": "Li Ek"}),
        event(2, start="11:00"),
        event(4, start="13:00"),
    )
    outcome = imported(changed)
    assert figures(outcome) == (1, 1, 1, 1)
    assert outcome.plan.alterations[0].fields == ("title", "starts_at", "duration_min", "people")
    first, second, fourth = now_in_draft().sessions
    assert (first.id, first.title, first.duration_min, first.revision) == (kept, "New", 20, 2)
    assert first.span is not None
    assert first.span.start == at("10:00")
    assert ([one.name for one in first.people], second.revision) == (["Bo Ek", "Li Ek"], 1)
    assert fourth.title == "Talk 4"
    entry = history_of("session", kept)[0]
    assert (entry.action, entry.changes["title"]) == ("changed", ("Talk 1", "New"))
    gone = outcome.plan.removals[0]
    assert history_of("session", gone.id)[0].action == "deleted"


def test_what_the_file_no_longer_has_may_stay(app: Flask) -> None:
    imported(document(event(1), event(2, start="11:00")))
    outcome = imported(document(event(1)), keeps_missing=True)
    assert (figures(outcome), [one.title for one in outcome.plan.missing]) == ((0, 0, 0, 1), ["Talk 2"])
    assert len(now_in_draft().sessions) == 2


def test_what_the_office_changed_stays_until_the_file_changes_that_very_field(app: Flask) -> None:
    imported(document(event(1, persons={"5": "Bo Ek"})))
    stored = titled("Talk 1")
    chair = make_person("Eva", "Ask")
    details = service.details_of(stored)
    people = (*details.people, part(chair, PartRole.CHAIR))
    mine = replace(details, title="The office's title", duration_min=50, people=people)
    transact(lambda session: service.edit_session(session, stored.id, 1, mine, actor=BY_SYSTEM))
    assert figures(imported(document(event(1, persons={"5": "Bo Ek"})))) == (0, 0, 0, 1)
    outcome = imported(document(event(1, duration="00:30", persons={"6": "Li Ek"})))
    assert outcome.plan.alterations[0].fields == ("duration_min", "people")
    after = titled("The office's title")
    assert after.duration_min == 30
    assert [(one.name, one.role) for one in after.people] == [
        ("Eva Ask", PartRole.CHAIR),
        ("Li Ek", PartRole.SPEAKER),
    ]


def test_a_session_that_the_office_gave_talks_keeps_its_own_text_and_people(app: Flask) -> None:
    imported(document(event(1, abstract="A", persons={"5": "Bo Ek"})))
    stored = titled("Talk 1")
    make_talk(stored.id, "Within", people=[part(PersonId(stored.people[0].person_id))])
    outcome = imported(document(event(1, abstract="B", start="10:00", persons={"6": "Li Ek"})))
    assert outcome.plan.alterations[0].fields == ("starts_at",)
    after = titled("Talk 1")
    assert (after.abstract, [one.name for one in after.people], len(after.talks)) == ("A", ["Bo Ek"], 1)


def test_a_session_that_was_deleted_here_comes_again(app: Flask) -> None:
    content = document(event(1))
    imported(content)
    stored = titled("Talk 1")
    mark = seen_mark(stored)
    transact(lambda session: service.delete_session(session, stored.id, mark, actor=BY_SYSTEM))
    assert figures(imported(content)) == (1, 0, 0, 0)


def test_a_room_that_was_renamed_here_is_the_same_room(app: Flask) -> None:
    imported(document(event(1)))
    room = titled("Talk 1").room
    assert room is not None
    details = RoomDetails(name="Hörsal", seats=50)
    transact(lambda session: edit_room(session, room.id, room.revision, details, actor=BY_SYSTEM))
    assert figures(imported(document(event(1), event(2, start="11:00")))) == (1, 0, 0, 1)
    assert [(one.name, one.seats) for one in now_in_draft().rooms] == [("Hörsal", 50)]


def test_two_sources_with_the_same_ids_stay_apart(app: Flask) -> None:
    imported(document(event(1), head="<conference><title>One</title></conference>"))
    other = document(event(1, title="Other"), head="<conference><title>Two</title></conference>")
    assert figures(imported(other)) == (1, 0, 0, 0)
    assert {one.title for one in now_in_draft().sessions} == {"Talk 1", "Other"}


def test_unknown_people_are_new_and_one_of_a_name_is_matched(app: Flask) -> None:
    here = make_person("Bo", "Ek")
    outcome = imported(document(event(1, persons={"5": "BO EK", "6": "Li Ek"})))
    asked = [(one.person.name, one.doubt.value, one.is_open) for one in outcome.plan.questions]
    assert asked == [("BO EK", "namesake", False), ("Li Ek", "unknown", False)]
    assert {one.person_id for one in titled("Talk 1").people} >= {here}
    assert count_people() == 2


def test_a_name_of_several_people_is_asked_about(app: Flask) -> None:
    first, second = make_person("Bo", "Ek"), make_person("Bo", "Ek")
    content = document(event(1, persons={"5": "Bo Ek"}))
    with pytest.raises(errors.UnansweredError, match="Several people have these names: Bo Ek"):
        imported(content)
    assert now_in_draft().sessions == ()
    imported(content, answers={"5": second})
    assert [one.person_id for one in titled("Talk 1").people] == [second]
    # The answer is kept: the next file asks no more.
    assert imported(content).plan.questions == ()
    new = document(event(2, persons={"9": "Bo Ek"}, start="11:00"), event(1, persons={"5": "Bo Ek"}))
    imported(new, answers={"9": None})
    assert titled("Talk 2").people[0].person_id not in {first, second}


def test_two_ids_of_one_name_are_two_people_unless_somebody_says_otherwise(app: Flask) -> None:
    content = document(event(1, persons={"5": "Bo Ek"}), event(2, start="11:00", persons={"6": "Bo Ek"}))
    imported(content)
    assert sorted(names_by_id().values()) == ["Bo Ek", "Bo Ek"]
    assert titled("Talk 1").people[0].person_id != titled("Talk 2").people[0].person_id


def test_both_ids_may_be_one_person(app: Flask) -> None:
    here = make_person("Bo", "Ek")
    content = document(event(1, persons={"5": "Bo Ek", "6": "Bo Ek"}))
    with pytest.raises(errors.UnansweredError):
        imported(content)
    imported(content, answers={"5": here, "6": here})
    assert [one.person_id for one in titled("Talk 1").people] == [here]


def test_an_event_without_sessions_takes_the_files_days_and_rooms(app: Flask) -> None:
    content = document(event(1), day='date="2023-05-04" index="1"').replace(
        b"</day>", b'</day><day date="2023-05-05" index="2"><room name="Empty hall"/></day>'
    )
    outcome = imported(content)
    assert outcome.plan.adopts == (date(2023, 5, 4), date(2023, 5, 4))
    assert (transact(get_event).days, [one.name for one in now_in_draft().rooms]) == (
        (date(2023, 5, 4),),
        ["Aula", "Empty hall"],
    )
    assert figures(imported(content)) == (0, 0, 0, 1)


def test_who_may_not_change_the_event_may_not_adopt_its_days(app: Flask) -> None:
    content = document(event(1), day='date="2023-05-04" index="1"')
    with pytest.raises(errors.DaysNotYoursError):
        imported(content, may_set_days=False)
    assert transact(get_event).first_day == date(2022, 9, 22)
    assert figures(imported(content, may_set_days=False, shift_to=date(2022, 9, 22))) == (1, 0, 0, 0)


def test_an_event_with_sessions_keeps_its_days_and_the_file_is_moved(app: Flask) -> None:
    make_session("Here already", room_id=make_room("Aula"), start=at("09:30"))
    content = document(event(1), day='date="2024-02-03" index="1"')
    with pytest.raises(errors.OtherDaysError) as refusal:
        imported(content)
    assert refusal.value.facts == {
        "first": date(2024, 2, 3),
        "last": date(2024, 2, 3),
        "event_first": date(2022, 9, 22),
        "event_last": date(2022, 9, 23),
    }
    with pytest.raises(errors.ShiftOutsideError):
        imported(content, shift_to=date(2022, 9, 24))
    outcome = imported(content, shift_to=date(2022, 9, 22))
    span = titled("Talk 1").span
    # 09:30 in winter is 09:30 in summer.
    assert span is not None
    assert span.start == at("09:30")
    # A conflict is no refusal: it is found, and told.
    assert [type(one) for one in outcome.conflicts if one.blocking] == [RoomTaken]
    assert figures(imported(content, shift_to=date(2022, 9, 22))) == (0, 0, 0, 1)


def test_more_days_than_a_conference_has_are_refused(app: Flask) -> None:
    content = document(event(1), event(2, date="2022-12-24T10:00:00+01:00"))
    with pytest.raises(TooManyDaysError):
        imported(content)
    assert now_in_draft().sessions == ()


def test_a_plan_that_was_looked_at_too_long_ago_is_refused(app: Flask) -> None:
    seen = transact(draft_revision)
    make_session("Meanwhile")
    with pytest.raises(errors.PlanChangedError):
        imported(document(event(1)), seen=seen)
    assert figures(imported(document(event(1)), seen=transact(draft_revision))) == (1, 0, 0, 0)


def test_a_refusal_in_the_middle_leaves_nothing_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise DomainError

    monkeypatch.setattr("conference.interchange.service.write_sessions", fail)
    with pytest.raises(DomainError):
        imported(document(event(1, track="New", persons={"5": "Bo Ek"})))
    db.session.rollback()
    assert (count_people(), now_in_draft().rooms, len(now_in_draft().tracks)) == (0, (), 5)


def test_the_number_of_statements_does_not_grow_with_the_file(app: Flask) -> None:
    def statements(first: int, count: int) -> int:
        events = (
            event(n, start=f"{9 + n % 9:02}:00", room=f"R{n}", track=f"T{n}", persons={str(n): f"P {n}"})
            for n in range(first, first + count)
        )
        content = document(*events, head=f"<conference><title>{first}</title></conference>")
        with counted_statements() as found:
            imported(content)
        return len(found)

    statements(1, 1)  # what a process reads once
    assert statements(100, 1) == statements(1000, 30)


def test_a_dry_run_writes_nothing(app: Flask) -> None:
    read = read_schedule(document(event(1, persons={"5": "Bo Ek"})))
    made = plan(known(read.source), read, Wishes())
    assert [one.read.title for one in made.additions] == ["Talk 1"]
    assert (now_in_draft().sessions, count_people()) == ((), 0)


def test_a_pinned_session_stays_where_it_is(app: Flask) -> None:
    imported(document(event(1)))
    stored = titled("Talk 1")
    pinned = replace(service.details_of(stored), is_pinned=True)
    transact(lambda session: service.edit_session(session, stored.id, 1, pinned, actor=BY_SYSTEM))
    outcome = imported(document(event(1, title="New", start="14:00", room="Saal")))
    assert (outcome.plan.alterations[0].fields, outcome.plan.new_rooms) == (("title",), ())
    after = titled("New")
    assert (after.room, after.span, after.is_pinned) == (stored.room, stored.span, True)
