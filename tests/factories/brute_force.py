"""Conflicts of a programme by comparing every pair, written apart from the product: what its sweeps are held against."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId, SessionId
from conference.programme.facts import Facts
from conference.programme.model import Kind, PartRole, Programme, Session

# (kind, id of who or what stands between or 0, the sessions, minutes)
Found = tuple[str, int, frozenset[int], int]
Need = tuple[datetime, datetime]
MINUTE = timedelta(minutes=1)


def everything(programme: Programme, facts: Facts) -> set[Found]:
    """Return all conflicts but the two of titles and sponsors."""
    found = {one for session in programme.sessions for one in alone(session, programme, facts)}
    for one, other in combinations(programme.sessions, 2):
        if not nested(one, other, programme):
            found |= set(between(one, other, facts))
    return found


def nested(one: Session, other: Session, programme: Programme) -> bool:
    parents = {session.id: session.parent_id for session in programme.sessions}

    def above(session_id: SessionId) -> list[SessionId]:
        parent = parents.get(session_id)
        return [] if parent is None else [parent, *above(parent)]

    return one.id in above(other.id) or other.id in above(one.id)


def common_min(one: Need, other: Need) -> int:
    return max(0, int((min(one[1], other[1]) - max(one[0], other[0])) / MINUTE))


def whole(session: Session) -> Need:
    assert session.span is not None
    return session.span.start, session.span.end


def real(session: Session, facts: Facts) -> set[PersonId]:
    nobody = {name.casefold() for name in facts.settings.placeholders}
    return {part.person_id for part in session.everybody if part.name.casefold() not in nobody}


def needs(session: Session, person_id: PersonId) -> list[Need]:
    """Return when the person is needed, minute by minute, so that nothing counts twice."""
    minutes: set[datetime] = set()
    if session.span is None:
        return []
    start, end = whole(session)
    spans = [(start, end) for part in session.people if part.person_id == person_id]
    at = start
    for talk in session.talks:
        until = at + timedelta(minutes=talk.duration_min)
        if person_id in {part.person_id for part in talk.people}:
            spans.append((start, end) if session.kind in {Kind.POSTER, Kind.EXHIBITION} else (at, until))
        at = until
    for since, until in spans:
        while since < until:
            minutes.add(since)
            since += MINUTE  # noqa: PLW2901 -- it walks through the span
    return [(minute, minute + MINUTE) for minute in sorted(minutes)]


def between(one: Session, other: Session, facts: Facts) -> Iterator[Found]:
    if one.span is None or other.span is None:
        return
    pair: frozenset[int] = frozenset({one.id, other.id})
    overlap = common_min(whole(one), whole(other))
    share = one.may_share_room and other.may_share_room
    if overlap:
        if one.room and other.room and one.room.id == other.room.id and not share:
            yield "room taken", one.room.id, pair, overlap
        if one.track and other.track and one.track.id == other.track.id:
            yield "track twice", 0, pair, overlap
        low, high = sorted((one.id, other.id))
        if facts.marks.get((low, high), 0) >= facts.settings.many_marks:
            yield "many marked", 0, pair, overlap
        for plenary, inside in ((one, other), (other, one)):
            elsewhere = inside.room and (plenary.room is None or plenary.room.id != inside.room.id)
            if (
                plenary.kind == Kind.PLENARY
                and inside.room
                and elsewhere
                and inside.room.is_emptied_by_plenary
            ):
                yield "room emptied", inside.room.id, pair, overlap
    for person_id in real(one, facts) & real(other, facts):
        yield from of_person(person_id, one, other, facts)


def of_person(person_id: PersonId, one: Session, other: Session, facts: Facts) -> Iterator[Found]:
    mine, theirs = needs(one, person_id), needs(other, person_id)
    pair: frozenset[int] = frozenset({one.id, other.id})
    common = len({begin for begin, _ in mine} & {begin for begin, _ in theirs})
    if common:
        yield "person twice", person_id, pair, common
    elif one.room and other.room:
        walk = facts.walks.get((one.room.id, other.room.id), 0)
        gaps = [max(a[0] - b[1], b[0] - a[1]) for a in mine for b in theirs]
        shortest = min(int(gap / MINUTE) for gap in gaps) if gaps else walk
        if shortest < walk:
            yield "walk too short", person_id, pair, walk - shortest


def alone(session: Session, programme: Programme, facts: Facts) -> Iterator[Found]:
    itself: frozenset[int] = frozenset({session.id})
    over = sum(talk.duration_min for talk in session.talks) - session.duration_min
    if session.kind not in {Kind.POSTER, Kind.EXHIBITION} and session.talks and over > 0:
        yield "talks too long", 0, itself, over
    is_led = any(part.role in {PartRole.CHAIR, PartRole.MODERATOR} for part in session.people)
    holds = any(other.parent_id == session.id for other in programme.sessions)
    if session.kind in {Kind.PLENARY, Kind.PARALLEL, Kind.PANEL, Kind.INDUSTRY} and not is_led and not holds:
        yield "chair missing", 0, itself, 0
    people = max(session.expected_people or 0, facts.registered.get(session.id, 0))
    if session.room and session.room.seats is not None and people > session.room.seats:
        yield "too few seats", session.room.id, itself, 0
    if session.span is None:
        return
    start, end = whole(session)
    inside = common_min((start, end), (facts.event.span.start, facts.event.span.end))
    if inside < session.duration_min:
        yield "outside event", 0, itself, session.duration_min - inside
    if session.room and session.room.hours:
        open_min = max(common_min((start, end), (one.span.start, one.span.end)) for one in session.room.hours)
        days = {one.day for one in session.room.hours}
        if start.astimezone(STOCKHOLM).date() in days and open_min < session.duration_min:
            yield "outside room hours", session.room.id, itself, session.duration_min - open_min
    for person_id in real(session, facts):
        absent = [(span.start, span.end) for span in facts.unavailable.get(person_id, ())]
        minutes = sum(any(common_min(need, span) for span in absent) for need in needs(session, person_id))
        if minutes:
            yield "person unavailable", person_id, itself, minutes


def rooms_and_persons(programme: Programme) -> set[tuple[int, int, int]]:
    """Return (id of the room or person, session, session) of each overlap, by all pairs of bookings, as a floor of speed."""
    rooms, persons = [], []
    for session in programme.sessions:
        if session.span is None:
            continue
        start, end = session.span.start.timestamp(), session.span.end.timestamp()
        if session.room:
            rooms.append((session.room.id, start, end, session.id))
        persons += [(part.person_id, start, end, session.id) for part in session.people]
        for talk in session.talks:
            if talk.span:
                begins, ends = talk.span.start.timestamp(), talk.span.end.timestamp()
                persons += [(part.person_id, begins, ends, session.id) for part in talk.people]
    found: set[tuple[int, int, int]] = set()
    for bookings in (rooms, persons):
        for (one, start, end, mine), (other, begins, ends, theirs) in combinations(bookings, 2):
            if one == other and start < ends and begins < end and mine != theirs:
                found.add((int(one), min(mine, theirs), max(mine, theirs)))
    return found
