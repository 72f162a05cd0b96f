"""Three editors move, undo, publish and withdraw at random, and everybody concerned gets one mail and nobody else.

What is expected is worked out here from the tables alone, with no part of the product that compares programmes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, count, pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session as DbSession

from conference.audit.model import BY_SYSTEM, Actor, by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.db.standing import renew_token
from conference.db.work import transact
from conference.people.service import create_person
from conference.programme import editing, rules, service, steps, versioning
from conference.programme.gestures import Placement, Put
from conference.programme.history import State, rewound
from conference.programme.model import MoveSession, PartRole, Telling
from conference.programme.queries import draft, draft_revision, get_session, published
from conference.programme.registry import asked_for_news
from conference.programme.restoring import states_of
from conference.programme.step_queries import steps as all_steps
from conference.speakers.service import send_link
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.programme import at, make_room, make_session, make_talk, part
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import LUKASZ, confirm_speaker, make_speaker_category
from tests.factories.told_oracle import (
    Facts,
    Oracle,
    Place,
    Public,
    drafted_places,
    drafted_slots,
    minutes,
    written,
)

KEY = count()


class Desk:
    """Three editors at one draft, with people of every kind, and the oracle beside them."""

    def __init__(
        self, actors: list[Actor], people: Mapping[str, PersonId], asked: list[RegistrationId]
    ) -> None:
        self.actors = actors
        self.rooms = [make_room(name, place=place) for place, name in enumerate(("A", "B", "C"), 1)]
        parts = [["one"], ["one", "two"], ["two", "invited"], ["invited", "unknown"], ["chair"]]
        self.ids: list[SessionId] = []
        for number, names in enumerate(parts):
            chair = [part(people["chair"], PartRole.CHAIR)] if number in {1, 4} else []
            session_id = make_session(
                f"S{number}", room_id=self.rooms[number % 3], start=at(f"{9 + number:02}:00"), people=chair
            )
            self.ids.append(session_id)
            for name in names:
                if name != "chair":
                    make_talk(session_id, f"{name} in S{number}", people=[part(people[name])])
        self.oracle = Oracle(
            coming={people["one"], people["two"], people["chair"]},
            invited={people["invited"]},
            asked={asked[0]: {*self.ids[:3]}, asked[1]: {self.ids[4]}},
        )
        transact(lambda session: send_link(session, people["invited"], actor=BY_SYSTEM))
        told = drafted_slots().get(people["invited"], {})
        self.oracle.told[people["invited"]] = dict(told)
        self.oracle.drafted[people["invited"]] = set(told)
        self.moments = [states()]

    def wishes(self) -> dict[RegistrationId, frozenset[SessionId]]:
        return {
            RegistrationId(one): frozenset(map(SessionId, wanted))
            for one, wanted in self.oracle.asked.items()
        }

    def act(self, name: str, who: int, which: int, room: int, clock_time: str) -> None:
        """Do it, or be refused; then what was written must be what the oracle says, to the last mail."""
        before, expected = written(), Counter[tuple[str, int]]()
        try:
            expected = getattr(self, f"_{name}")(
                self.actors[who], self.ids[which], self.rooms[room], clock_time
            )
        except DomainError:
            assert states() == self.moments[-1]
        else:
            self.moments.append(states())
        assert written() - before == expected
        self._check_public()

    def _check_public(self) -> None:
        public = self.oracle.public
        seen = transact(published)
        assert (seen and seen.version) == (public and public.number)
        if seen is not None and public is not None:
            shown = {
                one.id: (str(minutes(one.span.start)), str(minutes(one.span.end)), one.room.id, one.title)
                for one in seen.sessions
                if one.span and one.room
            }
            assert shown == public.places

    def _move(self, actor: Actor, session_id: SessionId, room: Any, clock_time: str) -> Counter[Any]:
        placement = Placement(session_id=session_id, room_id=room, start=at(clock_time), duration_min=60)
        seen = {one.id: one.revision for one in transact(draft).sessions}
        gesture, key = Put(placements=(placement,)), f"random-{next(KEY)}"
        transact(lambda s: editing.carry_out(s, gesture, seen, key=key, actor=actor))
        return Counter()

    def _tray(self, actor: Actor, session_id: SessionId, *_: object) -> Counter[Any]:
        stored = get_session(transact(draft), session_id)
        wanted = MoveSession(
            session_id=session_id, room_id=None, start=None, expected_revision=stored.revision
        )
        transact(lambda s: service.move_session(s, wanted, actor=actor))
        return Counter()

    def _title(self, actor: Actor, session_id: SessionId, _room: object, clock_time: str) -> Counter[Any]:
        stored = get_session(transact(draft), session_id)
        details = replace(service.details_of(stored), title=f"Title {clock_time}")
        transact(lambda s: service.edit_session(s, session_id, stored.revision, details, actor=actor))
        return Counter()

    def _delete(self, actor: Actor, session_id: SessionId, *_: object) -> Counter[Any]:
        seen = rules.seen_mark(get_session(transact(draft), session_id))
        transact(lambda s: service.delete_session(s, session_id, seen, actor=actor))
        return Counter()

    def _undo(self, actor: Actor, *_: object) -> Counter[Any]:
        transact(lambda s: steps.undo(s, actor=actor))
        return Counter()

    def _redo(self, actor: Actor, *_: object) -> Counter[Any]:
        transact(lambda s: steps.redo(s, actor=actor))
        return Counter()

    def _publish(self, actor: Actor, telling: Telling) -> Counter[tuple[str, int]]:
        seen, now = transact(draft_revision), clock.now()
        number = transact(
            lambda s: service.publish(s, seen_draft_revision=seen, actor=actor, now=now, telling=telling)
        )
        oracle = self.oracle
        oracle.numbers += 1
        assert number == oracle.numbers
        slots, places = drafted_slots(), drafted_places()
        assert_nothing_overlaps(slots, places)
        oracle.changes(oracle.public)
        oracle.standing.append(Public(number=number, slots=slots, places=places))
        return oracle.tell() if telling is Telling.NOW else Counter()

    def _now(self, actor: Actor, *_: object) -> Counter[tuple[str, int]]:
        return self._publish(actor, Telling.NOW)

    def _later(self, actor: Actor, *_: object) -> Counter[tuple[str, int]]:
        return self._publish(actor, Telling.LATER)

    def _nobody(self, actor: Actor, *_: object) -> Counter[tuple[str, int]]:
        return self._publish(actor, Telling.NOBODY)

    def _tell(self, actor: Actor, *_: object) -> Counter[tuple[str, int]]:
        public = self.oracle.public
        if public is None:
            return Counter()
        try:
            transact(lambda s: versioning.tell_now(s, public.number, actor=actor))
        except DomainError:
            assert self.oracle.tell() == Counter()
            raise
        return self.oracle.tell()

    def _withdraw(self, actor: Actor, *_: object) -> Counter[tuple[str, int]]:
        public, now = self.oracle.public, clock.now()
        if public is not None:
            transact(lambda s: versioning.withdraw(s, public.number, actor=actor, now=now))
            self.oracle.changes(public)
            self.oracle.standing.pop()
        return Counter()


def states() -> dict[SessionId, State]:
    return states_of(transact(draft).sessions)


def assert_nothing_overlaps(slots: Mapping[int, Facts], places: Mapping[int, Place]) -> None:
    """No room is taken twice and nobody speaks in two places at once, by brute force."""
    for one, other in combinations(places.values(), 2):
        assert one[2] != other[2] or not overlap(one, other)
    for facts in slots.values():
        talks = [one for key, one in facts.items() if key.startswith("talk")]
        for one_talk, other_talk in combinations(talks, 2):
            assert not overlap(one_talk, other_talk)


def overlap(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return int(one[0]) < int(other[1]) and int(other[0]) < int(one[1])


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "move",
                "move",
                "move",
                "tray",
                "title",
                "delete",
                "undo",
                "redo",
                "now",
                "now",
                "later",
                "nobody",
                "tell",
                "withdraw",
            ]
        ),
        st.integers(0, 2),
        st.integers(0, 4),
        st.integers(0, 2),
        st.sampled_from([f"{hour:02}:{minute}" for hour in range(9, 15) for minute in ("00", "30")]),
    ),
    min_size=6,
    max_size=24,
)


@pytest.fixture
def people(app: Flask) -> dict[str, PersonId]:
    """Three who have confirmed, one who is invited by each example, and one whom nobody ever wrote to."""
    make_speaker_category()
    found = {}
    for name in ("one", "two", "chair", "invited", "unknown"):
        details = replace(LUKASZ, family_name=name, email=f"{name}@lab.example")
        found[name] = transact(lambda s, details=details: create_person(s, details, actor=BY_SYSTEM))  # type: ignore[misc]  # bound in the loop
    room_id = make_room("A")
    make_session("Before", room_id=room_id, start=at("09:00"), people=[part(one) for one in found.values()])
    for name in ("one", "two", "chair"):
        confirm_speaker(found[name])
    return found


@pytest.fixture
def asked(app: Flask) -> list[RegistrationId]:
    category = make_category()
    return [register_attendee(category, email=f"asked{number}@lab.example") for number in range(2)]


@pytest.fixture
def desks() -> Iterator[list[Desk]]:
    """The desk at work, whose marks the programme asks for."""
    at_work: list[Desk] = []
    asked_for_news.fill("~random", lambda _session: at_work[-1].wishes() if at_work else {})
    yield at_work
    del asked_for_news._entries["~random"]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=ACTS)
def test_everybody_concerned_gets_one_mail_and_nobody_else(
    people: dict[str, PersonId], asked: list[RegistrationId], desks: list[Desk], drawn: list[Any]
) -> None:
    desks.clear()
    _empty()
    actors = [by_staff(make_member(Role.PROGRAMME, f"editor{next(KEY)}@lab.example")) for _ in range(3)]
    desk = Desk(actors, people, asked)
    desks.append(desk)
    began_at = transact(draft).draft_revision
    for one in drawn:
        desk.act(*one)
    _assert_history_replays(desk, began_at)


def _assert_history_replays(desk: Desk, began_at: int) -> None:
    """Taken back one by one, the steps lead through every state of the draft that there was."""
    found = [states()]
    for step in all_steps(after_revision=began_at):
        found.append(rewound(found[-1], [step.changes]))
    moments = [desk.moments[0], *(new for old, new in pairwise(desk.moments) if new != old)]
    assert found[::-1] == moments


def _empty() -> None:
    def work(session: DbSession) -> None:
        for table in (
            "programme_step_change",
            "programme_step",
            "programme_version",
            "speaker_told",
            "marked_told",
            "session",
            "room",
            "outbox",
        ):
            session.execute(text(f"DELETE FROM {table}"))
        renew_token(session)

    transact(work)
