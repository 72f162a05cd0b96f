"""A conference of many talks as plain values, with some of each conflict in it, for the benchmark of the checks."""

import random
from collections.abc import Sequence
from datetime import timedelta

from conference.core.ids import PersonId, RoomId, SessionId
from conference.core.interval import Interval
from conference.event.model import Room, RoomHours
from conference.programme.facts import CheckSettings, Facts
from conference.programme.model import Kind, Part, PartRole, Programme, Session
from tests.factories.programme_values import DAYS, EVENT, NINE, person, programme, room, session, track

TALKS_A_SESSION = 4
# In two days of ten hours each room has this many sessions of eighty minutes.
SESSIONS_A_DAY = 7
SESSION_MIN, TALK_MIN = 80, 20
MIDNIGHT = NINE - timedelta(hours=9)


def crowded(talks: int, seed: int = 1) -> tuple[Programme, Facts]:
    """Return a programme of so many talks, a speaker each and a chair a session, one in fifty of them twice at once."""
    chance = random.Random(seed)
    count = talks // TALKS_A_SESSION
    rooms = _rooms(-(-count // (2 * SESSIONS_A_DAY)))
    sessions = [_session(number, rooms, chance) for number in range(count)]
    made = programme(*sessions, more_rooms=rooms)
    walks = {
        (one.id, other.id): 3 + abs(one.id - other.id) % 5
        for one in rooms
        for other in rooms
        if one is not other
    }
    absent = Interval(start=NINE, end=NINE + timedelta(hours=2))
    pairs = ((one, other) for one in range(count) for other in range(one + 1, min(count, one + 40)))
    facts = Facts(
        event=EVENT,
        settings=CheckSettings(placeholders=("Panel", "TBA"), sponsors=("Examplecorp", "Inventa")),
        unavailable={PersonId(number): (absent,) for number in range(0, talks, 20)},
        walks=walks,
        disclosed={PersonId(number) for number in range(talks + count) if number % 50},
        registered={SessionId(number): 90 for number in range(0, count, 3)},
        marks={(SessionId(one + 1), SessionId(other + 1)): chance.randrange(11) for one, other in pairs},
    )
    return made, facts


def _rooms(count: int) -> list[Room]:
    hours = tuple(
        RoomHours(
            day=day,
            span=Interval(
                start=MIDNIGHT + timedelta(days=number, hours=8),
                end=MIDNIGHT + timedelta(days=number, hours=19),
            ),
        )
        for number, day in enumerate(DAYS)
    )
    return [
        room(number, seats=60 + 20 * number, hours=hours, is_emptied_by_plenary=number % 5 == 0)
        for number in range(1, count + 1)
    ]


def _session(number: int, rooms: Sequence[Room], chance: random.Random) -> Session:
    slot, where = divmod(number, len(rooms))
    day, turn = divmod(slot, SESSIONS_A_DAY)
    # One in forty begins too early, and is in its room beside the one before.
    early = 30 if chance.random() < 1 / 40 and turn else 0
    first = number * TALKS_A_SESSION
    return session(
        number + 1,
        start_min=day * 1440 + turn * (SESSION_MIN + 5) - early,
        duration_min=SESSION_MIN,
        kind=Kind.PLENARY if where == 0 and turn == 0 else Kind.PARALLEL,
        room=rooms[where],
        track=track(1 + number % 25),
        people=[person(10_000 + number, PartRole.CHAIR)],
        talks=[(TALK_MIN, [_speaker(first + place, first, chance)]) for place in range(TALKS_A_SESSION)],
        expected_people=50 + number % 40,
    )


def _speaker(number: int, first: int, chance: random.Random) -> Part:
    """Return the talk's own speaker, or now and then one of a session that is on at the same time."""
    return person(number - TALKS_A_SESSION if chance.random() < 1 / 50 and first else number)


def room_ids(made: Programme) -> list[RoomId]:
    return [one.id for one in made.rooms]
