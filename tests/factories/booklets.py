"""Booklets as values, of usual and of strange programmes, and what of them may not overlap."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from conference.core.ids import PersonId, RoomId, TalkId
from conference.event.model import Room
from conference.printing.book_model import BookletFacts, BookletOptions
from conference.printing.book_values import Book, BookPage, Ink
from conference.printing.booklet import shown_text
from conference.printing.preflight import metrics
from conference.printing.programme import set_book
from conference.printing.sheets import Box
from conference.programme.model import PartRole, Programme, Session, Talk
from conference.speakers.model import Disclosure, Interest, ListedMember
from tests.factories.ink import ink_box
from tests.factories.printing import EVENT, ORGANISERS, TRACKS, a_part, a_programme, a_session

FACTS = BookletFacts(
    welcome="Dear colleagues,\n\nbe welcome.",
    directions="By train\nTwenty minutes from the airport.\n\nOn foot\nAcross the square.",
    acknowledgements="We thank Examplecorp.",
)


def book(programme: Programme, facts: BookletFacts = FACTS, **options: Any) -> Book:
    return set_book(programme, EVENT, ORGANISERS, options=BookletOptions(**options), facts=facts)


def a_talk(number: int, title: str, abstract: str = "") -> Talk:
    return Talk(
        id=TalkId(number),
        title=title,
        abstract=abstract,
        span=None,
        people=(a_part(number, PartRole.SPEAKER),),
    )


def disclosed(interests: dict[Interest, str]) -> Disclosure:
    return Disclosure(
        version=1,
        is_nothing=not interests,
        interests=interests,
        signed_name="X",
        signed_at=datetime(2022, 9, 1, tzinfo=UTC),
    )


def a_member(number: int, name: str = "Ylva Öst", duty: str = "", affiliation: str = "") -> ListedMember:
    given, _, family = name.partition(" ")
    return ListedMember(
        person_id=PersonId(number),
        name=name,
        sort_name=f"{family} {given}".strip(),
        affiliation=affiliation,
        duty=duty,
    )


def of(*sessions: Session, version: int | None = 1) -> Programme:
    rooms = {one.room.id: one.room for one in sessions if one.room}
    return Programme(
        version=version, published_at=a_programme(1).published_at if version else None, days=EVENT.days,
        rooms=tuple(rooms.values()), tracks=TRACKS, sessions=sessions,
    )  # fmt: skip


def forty_talks() -> Programme:
    return of(
        a_session(
            1, "A marathon", "09:00", 480, talks=tuple(a_talk(n, f"Talk number {n}") for n in range(1, 41))
        )
    )


def long_abstract() -> Programme:
    return of(a_session(1, "A long read", abstract="Twenty letters here. " * 953 + "The end"))


def endless_title() -> Programme:
    return of(a_session(1, "Session", talks=(a_talk(1, "W" * 500),)), a_session(2, "M" * 500, "19:00", 15))


def no_time_no_room() -> Programme:
    lost = a_session(1, "Neither", span=None, room=None, talks=(a_talk(1, "A talk of it"),))
    return of(lost, a_session(2, "No room", room=None), version=None)


def many_rooms() -> Programme:
    rooms = [
        Room(id=RoomId(n), place=n, name=f"Room number {n}", seats=None, revision=1) for n in range(1, 24)
    ]
    return of(*(a_session(n, f"Session {n}", "10:00", 60, room=room) for n, room in enumerate(rooms, 1)))


def past_midnight() -> Programme:
    return of(a_session(1, "Breakfast", "08:00"), a_session(2, "Night of posters", "23:00", 150))


def nothing() -> Programme:
    return of()


def boxes(made: Book, page: BookPage) -> list[tuple[Box, Ink]]:
    return [
        (ink_box(replace(ink.line, text=shown_text(ink, made)), metrics()[ink.line.face]), ink)
        for ink in page.inks
        if ink.line.text.strip()
    ]


def overlap(one: Box, other: Box) -> bool:
    slack = 0.05
    return (
        one.x_mm + slack < other.right_mm
        and other.x_mm + slack < one.right_mm
        and one.y_mm + slack < other.bottom_mm
        and other.y_mm + slack < one.bottom_mm
    )
