"""A difference between two versions in words: what was, and what is now. Lists are for reading, so each line is short."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from conference.programme.changes import Change, ChangeKind
from conference.programme.listing import people_listed
from conference.programme.model import Part, Programme, Session, Talk
from conference.programme.words import CHANGE_WORDS, KIND_WORDS, LEVEL_WORDS, ROLE_WORDS
from conference.web.language import gettext, short_date, time_span

# Of a text that was rewritten, no more than its first words.
_MOST_OF_TEXT = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One session, or the conference as a whole where it is None, with the values that differ; "" for none."""

    session: Session | None
    is_in_draft: bool
    old: Sequence[str]
    new: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """All changes of one kind. `has_both` says whether there is something to compare."""

    kind: ChangeKind
    lines: Sequence[Line]

    @property
    def word(self) -> str:
        return str(CHANGE_WORDS[self.kind])

    @property
    def has_both(self) -> bool:
        return self.kind not in {ChangeKind.ADDED, ChangeKind.CANCELLED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What a first version holds, by count."""

    sessions: int
    talks: int
    people: int
    rooms: int
    days: int


def summary_of(programme: Programme) -> Summary:
    """Return the counts of what becomes public."""
    return Summary(
        sessions=len(programme.sessions),
        talks=sum(len(one.talks) for one in programme.sessions),
        people=len(people_listed(programme)),
        rooms=len({one.room.id for one in programme.sessions if one.room}),
        days=len({one.day for one in programme.sessions}),
    )


def grouped(changes: Sequence[Change], old: Programme | None, new: Programme) -> list[Group]:
    """Return the changes by kind, in the order of ChangeKind, with the values on both sides."""
    order = list(ChangeKind)
    ordered = sorted(changes, key=lambda change: order.index(change.kind))
    return [
        Group(kind=kind, lines=[_line(change, old, new) for change in found])
        for kind, found in groupby(ordered, lambda change: change.kind)
    ]


def _line(change: Change, old: Programme | None, new: Programme) -> Line:
    if change.session is None:
        values = _OF_LISTS[change.kind]
        before, after = apart(values(old) if old else [], values(new))
    else:
        says = _SAYS[change.kind]
        before = says(change.old) if change.old else []
        after = says(change.new) if change.new else []
        if change.kind in _AS_LISTS:
            before, after = apart(before, after)
    return Line(session=change.session, is_in_draft=change.new is not None, old=before, new=after)


def apart(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what stands on one side only; where both hold the same in another order, all of both."""
    before, after = [one for one in old if one not in new], [one for one in new if one not in old]
    return (before, after) if before or after else (list(old), list(new))


def _when(session: Session) -> list[str]:
    return [f"{short_date(session.day)}, {time_span(session.span)}"] if session.span and session.day else []


def _room(session: Session) -> list[str]:
    return [session.room.name if session.room else gettext("no room")]


def _place(session: Session) -> list[str]:
    return [", ".join([*_when(session), *(_room(session) if session.room else [])])]


def _length(session: Session) -> list[str]:
    if session.span is None:
        return []
    minutes = int((session.span.end - session.span.start).total_seconds() // 60)
    return [gettext("%(count)s minutes", count=minutes) + f" ({time_span(session.span)})"]


def _people(session: Session) -> list[str]:
    found = [_person(part) for part in session.people]
    for talk in session.talks:
        found += [f"{_person(part)}: {talk.title}" for part in talk.people]
    return found


def _person(part: Part) -> str:
    of = ", ".join(one for one in (part.affiliation, part.country) if one)
    return f"{part.name} ({ROLE_WORDS[part.role]})" + (f", {of}" if of else "")


def _talks(session: Session) -> list[str]:
    return [_talk(talk) for talk in session.talks]


def _talk(talk: Talk) -> str:
    facts = talk.facts
    said = [
        gettext("%(count)s minutes", count=talk.duration_min),
        talk.poster_number,
        talk.board,
        str(LEVEL_WORDS[facts.level]) if facts.level else "",
        ", ".join(facts.keywords),
        ", ".join(one.name for one in facts.co_authors),
        _short(talk.abstract),
    ]
    return f"{talk.title} ({'; '.join(one for one in said if one)})"


def _short(words: str) -> str:
    return words if len(words) <= _MOST_OF_TEXT else words[:_MOST_OF_TEXT].rstrip() + "…"


def _details(session: Session) -> list[str]:
    return list(_said(session))


def _said(session: Session) -> Iterator[str]:
    yield str(KIND_WORDS[session.kind])
    yield (gettext("Track: %(name)s", name=session.track.name) if session.track else gettext("no track"))
    if session.abstract:
        yield _short(session.abstract)
    if session.parent_id is not None:
        yield gettext("stands inside another session")


def _rooms(programme: Programme) -> list[str]:
    return [
        room.name
        if room.seats is None
        else gettext("%(room)s, %(count)s seats", room=room.name, count=room.seats)
        for room in programme.rooms
    ]


def _tracks(programme: Programme) -> list[str]:
    return [track.name for track in programme.tracks]


def _days(programme: Programme) -> list[str]:
    return [short_date(day) for day in programme.days]


_SAYS: dict[ChangeKind, Callable[[Session], list[str]]] = {
    ChangeKind.ADDED: _place,
    ChangeKind.CANCELLED: _place,
    ChangeKind.MOVED_IN_TIME: _when,
    ChangeKind.MOVED_IN_ROOM: _room,
    ChangeKind.LENGTHENED: _length,
    ChangeKind.SHORTENED: _length,
    ChangeKind.RETITLED: lambda session: [session.title],
    ChangeKind.PEOPLE: _people,
    ChangeKind.TALKS: _talks,
    ChangeKind.DETAILS: _details,
}
# Of these only what differs is shown: the rest of a session's people stays.
_AS_LISTS = frozenset({ChangeKind.PEOPLE, ChangeKind.TALKS, ChangeKind.DETAILS})
_OF_LISTS: dict[ChangeKind, Callable[[Programme], list[str]]] = {
    ChangeKind.ROOMS: _rooms,
    ChangeKind.TRACKS: _tracks,
    ChangeKind.DAYS: _days,
}
