from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conference.core.errors import RevisionMissingError, StaleRevisionError
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.people.model import Person, PersonDetails
from conference.programme.model import PartRole, Programme
from conference.registration.model import Registration, State
from conference.speakers import rules
from conference.speakers.model import Answer, ConfirmSpeaker, OwnPart, Speaker, Standing
from tests.factories.programme_values import person, programme, session

NOW = datetime(2022, 9, 5, 6, tzinfo=UTC)
DETAILS = PersonDetails(given_name="Åsa", family_name="Lind", affiliation="KI", email="asa@ki.example")
STORED = Person(id=PersonId(1), details=DETAILS, link_version=1, revision=4)
LIVE = Registration(
    id=RegistrationId(9),
    number="AB12CD",
    category_id=CategoryId(1),
    person_id=PersonId(1),
    state=State.CONFIRMED,
    waiting_number=None,
    offered_until=None,
    is_over_limit=False,
    notice_number=None,
    language="",
    email="asa@ki.example",
    profession="",
    career_stage="",
    no_photographs=False,
    badge_code="",
    link_version=1,
    calendar_sequence=0,
    created_at=NOW - timedelta(days=3),
    changed_at=NOW,
    revision=1,
)
ANSWER = Answer(registration_id=LIVE.id, confirmed_at=NOW)


def a_programme(*, start_min: int = 0, room_number: int = 1) -> Programme:
    one = session(
        1,
        start_min=start_min,
        room_number=room_number,
        people=[person(2, PartRole.CHAIR)],
        talks=[(20, [person(3)]), (15, [person(1)])],
    )
    return programme(one)


def test_parts_name_talk_session_time_and_room() -> None:
    draft = a_programme()
    parts = rules.parts_by_person(draft, None)
    talk = draft.sessions[0].talks[1]
    assert set(parts) == {1, 2, 3}
    assert parts[PersonId(1)] == (
        OwnPart(
            role=PartRole.SPEAKER,
            session="Session 1",
            talk="Talk 1",
            span=talk.span,
            room="Room 1",
            is_public=False,
            chairs=("Person 2",),
            talk_id=talk.id,
        ),
    )
    assert [(part.title, part.span) for part in parts[PersonId(2)]] == [("Session 1", draft.sessions[0].span)]


@pytest.mark.parametrize(
    ("published", "is_public"),
    [
        (a_programme(), True),
        (a_programme(start_min=30), False),
        (a_programme(room_number=2), False),
        (programme(session(1, room_number=1)), False),
        (None, False),
    ],
    ids=["same", "other time", "other room", "without the person", "nothing published"],
)
def test_a_part_is_public_where_role_time_and_room_are_published(
    published: Programme | None, is_public: bool
) -> None:
    (part,) = rules.parts_by_person(a_programme(), published)[PersonId(1)]
    assert part.is_public is is_public


@pytest.mark.parametrize(
    ("answer", "live", "expected"),
    [
        (None, None, rules.Stand(standing=Standing.OPEN)),
        (ANSWER, None, rules.Stand(standing=Standing.WITHDRAWN, since=NOW)),
        (ANSWER, LIVE, rules.Stand(standing=Standing.CONFIRMED, since=NOW)),
        (None, LIVE, rules.Stand(standing=Standing.CONFIRMED, since=LIVE.created_at)),
        (ANSWER, replace(LIVE, state=State.WAITING), rules.Stand(standing=Standing.WAITING, since=NOW)),
    ],
)
def test_standing(answer: Answer | None, live: Registration | None, expected: rules.Stand) -> None:
    assert rules.standing(answer, live) == expected


def command(revision: int | None, **changes: str) -> ConfirmSpeaker:
    details = replace(DETAILS, **changes)
    return ConfirmSpeaker(person_id=PersonId(1), details=details, expected_revision=revision)


def test_agreed_revision_lets_a_repeat_pass_and_shows_both_values_of_a_conflict() -> None:
    assert rules.agreed_revision(STORED, command(4, title="Dr.")) == 4
    assert rules.agreed_revision(STORED, command(1)) == 4
    with pytest.raises(StaleRevisionError) as caught:
        rules.agreed_revision(STORED, command(3, title="Dr."))
    assert (caught.value.theirs, caught.value.mine) == ({"title": ""}, {"title": "Dr."})
    with pytest.raises(RevisionMissingError):
        rules.agreed_revision(STORED, command(None))


def speaker(standing: Standing, email: str = "asa@ki.example", mailed_at: datetime | None = None) -> Speaker:
    one = replace(STORED, details=replace(DETAILS, email=email))
    return Speaker(person=one, parts=(), standing=standing, since=None, mailed_at=mailed_at)


def test_mail_to_all_means_the_open_ones_with_an_address() -> None:
    open_one, without = speaker(Standing.OPEN), speaker(Standing.OPEN, email="")
    invited = speaker(Standing.INVITED)
    others = [speaker(kind) for kind in Standing if kind not in {Standing.OPEN, Standing.INVITED}]
    everybody = [*others, open_one, invited, without]
    assert rules.to_be_mailed(everybody) == [open_one, invited]
    assert rules.open_without_address(everybody) == [without]


@pytest.mark.parametrize(("minutes", "expected"), [(0, True), (9, True), (10, False)])
def test_mailed_just_now_ends_after_ten_minutes(minutes: int, expected: bool) -> None:
    mailed = speaker(Standing.OPEN, mailed_at=NOW - timedelta(minutes=minutes))
    assert rules.mailed_just_now(mailed, NOW) is expected
    assert not rules.mailed_just_now(speaker(Standing.OPEN), NOW)


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("", None, True),
        ("asa ki.example", None, True),
        ("LIND", Standing.OPEN, True),
        ("lind", Standing.CONFIRMED, False),
        ("berg", None, False),
    ],
)
def test_list_is_searched_by_folded_words(text: str, wanted: Standing | None, expected: bool) -> None:
    assert rules.matches(speaker(Standing.OPEN), text, wanted) is expected
