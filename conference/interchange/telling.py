"""A plan in words and as JSON, for the command line."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from conference.core.clock import STOCKHOLM
from conference.interchange.model import Addition, Alteration, Plan, Question, ReadSchedule
from conference.programme.draft_conflicts import Conflict, as_plain
from conference.programme.model import Session
from conference.programme.words import FIELD_WORDS


def plan_as_plain(
    made: Plan, read: ReadSchedule, *, is_done: bool, conflicts: tuple[Conflict, ...] | None
) -> dict[str, Any]:
    """Return the plan as JSON values. `conflicts` are those of the draft after the import, None where none was made."""
    return {
        "imported": is_done,
        "source": made.source,
        "zone": read.zone,
        "days": [day.isoformat() for day in made.adopts] if made.adopts else None,
        "counts": {
            "additions": len(made.additions),
            "changes": len(made.alterations),
            "removals": len(made.removals),
            "unchanged": made.unchanged,
        },
        "additions": [_written(one) for one in made.additions],
        "changes": [
            _written(one) | {"session": one.stored.id, "fields": list(one.fields)} for one in made.alterations
        ],
        "removals": [_stored(one) for one in made.removals],
        "missing": [_stored(one) for one in made.missing],
        "new_rooms": list(made.new_rooms),
        "new_tracks": list(made.new_tracks),
        "new_people": [one.name for one in made.new_people],
        "questions": [_question(one) for one in made.questions],
        "notes": [str(note) for note in read.notes],
        "conflicts": None if conflicts is None else [as_plain(one) for one in conflicts],
    }


def _written(one: Addition | Alteration) -> dict[str, Any]:
    read = one.read
    return {
        "line": read.line,
        "id": read.key,
        "title": read.title,
        "start": _local(one.start),
        "room": read.room,
    }


def _stored(session: Session) -> dict[str, Any]:
    return {"session": session.id, "title": session.title}


def _question(one: Question) -> dict[str, Any]:
    return {
        "name": one.person.name,
        "id": one.person.key,
        "doubt": one.doubt.value,
        "answered": one.is_answered,
        "people": list(one.choices),
        "sessions": list(one.titles),
    }


def _local(moment: datetime) -> str:
    return moment.astimezone(STOCKHOLM).isoformat()


def plan_in_words(made: Plan, read: ReadSchedule) -> Iterator[str]:
    """Yield a line for each thing that would change, and last the counts."""
    for note in read.notes:
        yield str(note)
    if made.adopts:
        yield f"The conference is from {made.adopts[0]} to {made.adopts[1]}, as the file."
    for addition in made.additions:
        yield f"+ {_place(addition)}"
    for change in made.alterations:
        fields = ", ".join(str(FIELD_WORDS[name]).lower() for name in change.fields)
        yield f"~ {_place(change)} [{fields}]"
    for session in made.removals:
        yield f"- {session.title}"
    for session in made.missing:
        yield f"= {session.title} (no longer in the file, kept)"
    for question in made.open_questions:
        numbers = " or ".join(f'--person "{question.person.name}={number}"' for number in question.choices)
        yield f'? {question.person.name}: say {numbers}, or --person "{question.person.name}=new"'
    yield (
        f"Added: {len(made.additions)}, changed: {len(made.alterations)}, removed: {len(made.removals)}, "
        f"unchanged: {made.unchanged}; new rooms: {len(made.new_rooms)}, tracks: {len(made.new_tracks)}, "
        f"people: {len(made.new_people)}."
    )


def _place(one: Addition | Alteration) -> str:
    room = f", {one.read.room}" if one.read.room else ""
    return f"{one.start.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}{room}: {one.read.title}"
