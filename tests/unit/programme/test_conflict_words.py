"""Each kind of conflict says what is in the way and what ends it."""

from dataclasses import replace
from typing import Any

import pytest

from conference.programme.conflict_words import CONFLICT_WORDS, SEVERITY_WORDS, cure, told
from conference.programme.conflicts import (
    ChairMissing,
    Conflict,
    DisclosureMissing,
    IndustryUnmarked,
    ManyMarked,
    OutsideEvent,
    OutsideRoomHours,
    PersonTwice,
    PersonUnavailable,
    RoomEmptied,
    RoomTaken,
    SponsorInTitle,
    TalksTooLong,
    TooFewSeats,
    TrackTwice,
    WalkTooShort,
)
from conference.programme.severity import ConflictKind, Severity
from tests.factories.programme_values import person, room, session, track

ONE, OTHER = session(1), session(2)
WHO = replace(person(7), name="Åsa 100% Lind")
PAIR: dict[str, Any] = {"severity": Severity.WARN, "first": ONE, "second": OTHER}
ALONE: dict[str, Any] = {"severity": Severity.WARN, "session": ONE}
SAID: list[tuple[Conflict, str, str]] = [
    (
        RoomTaken(**PAIR, overlap_min=15, room=room(1)),
        "Room 1 is taken twice for 15 minutes:",
        "Move one of the two by 15 minutes or into another room, or mark both as sharing it.",
    ),
    (
        RoomEmptied(**PAIR, overlap_min=15, room=room(1)),
        "Room 1 is to be empty during a plenary, and is not for 15 minutes:",
        "Move the session in Room 1 before or after the plenary, or into another room.",
    ),
    (
        PersonTwice(**PAIR, overlap_min=15, person=WHO),
        "Åsa 100% Lind is in two sessions for 15 minutes:",
        "Move one of the two by 15 minutes, or name somebody else in one of them.",
    ),
    (
        TrackTwice(**PAIR, overlap_min=15, track=track(1)),
        "Two sessions of the track “Track 1” are at once for 15 minutes:",
        "Put the two at different times.",
    ),
    (
        ManyMarked(**PAIR, overlap_min=15, marks=12),
        "12 people want both, which are at once for 15 minutes:",
        "Put the two at different times.",
    ),
    (
        WalkTooShort(**PAIR, person=WHO, gap_min=5, walk_min=8),
        "Åsa 100% Lind has 5 minutes for a walk of 8:",
        "Leave 3 minutes more between the two, or choose rooms that are nearer.",
    ),
    (
        PersonUnavailable(**ALONE, person=WHO, overlap_min=10),
        "Åsa 100% Lind cannot for 10 minutes of it:",
        "Move it to a time when Åsa 100% Lind can.",
    ),
    (
        TooFewSeats(**ALONE, room=room(1), seats=50, needed=60),
        "Room 1 has 50 seats for 60 people:",
        "Choose a room with at least 60 seats.",
    ),
    (
        OutsideEvent(**ALONE, outside_min=30),
        "Outside the days of the conference for 30 minutes:",
        "Move it into the days of the conference.",
    ),
    (
        OutsideRoomHours(**ALONE, room=room(1), outside_min=30),
        "Room 1 is closed for 30 minutes of it:",
        "Move it into the hours of Room 1, or into another room.",
    ),
    (
        TalksTooLong(**ALONE, over_min=10),
        "The talks last 10 minutes longer than their session:",
        "Let the session last 10 minutes longer, or shorten the talks by that.",
    ),
    (ChairMissing(**ALONE), "Nobody chairs it:", "Name a chair or a moderator in the session."),
    (
        SponsorInTitle(**ALONE, title="Acme and 50% more", sponsor="Acme"),
        "The title “Acme and 50% more” names the sponsor Acme:",
        "Take the name out of the title: scientific sessions carry no sponsor.",
    ),
    (
        IndustryUnmarked(**ALONE, sponsor="Acme"),
        "Acme pays for it, and its kind does not say so:",
        "Choose the kind “Industry symposium”, or clear who pays for it.",
    ),
    (
        DisclosureMissing(severity=Severity.WARN, person=WHO, sessions=(ONE, OTHER)),
        "Åsa 100% Lind has not signed a disclosure of interests:",
        "Send the personal link, where it is signed. Until then no version can be final.",
    ),
]


@pytest.mark.parametrize(("conflict", "what", "remedy"), SAID, ids=[one[0].kind for one in SAID])
def test_a_conflict_says_what_is_in_the_way_and_what_ends_it(
    conflict: Conflict, what: str, remedy: str
) -> None:
    assert (told(conflict), cure(conflict)) == (what, remedy)


def test_every_kind_and_severity_has_words() -> None:
    assert {one.kind for one, _, _ in SAID} == set(ConflictKind) == set(CONFLICT_WORDS)
    assert set(SEVERITY_WORDS) == set(Severity)
