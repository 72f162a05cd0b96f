"""What stands in the draft's way now, asked in one place by whatever is no page of the programme."""

from dataclasses import fields
from typing import Any

from sqlalchemy.orm import Session as DbSession

from conference.core.clock import STOCKHOLM
from conference.programme.checking import check
from conference.programme.conflicts import Conflict
from conference.programme.model import Session
from conference.programme.queries import board_of, draft

__all__ = ["Conflict", "as_plain", "as_sentence", "conflicts_of_draft"]


def conflicts_of_draft(session: DbSession) -> tuple[Conflict, ...]:
    """Return everything that stands in the way, the worst first, then by time."""
    return check(board_of(draft(session), session))


def as_plain(conflict: Conflict) -> dict[str, Any]:
    """Return the conflict as JSON values: its kind, whether it blocks a publication, its sessions, and what else it names.

    A room or person is told by its name, numbers by their own; so a new kind of conflict is told without a word here.
    """
    found: dict[str, Any] = {
        "kind": _kind(conflict),
        "blocking": conflict.blocking,
        "sessions": [_session(one) for one in conflict.sessions],
    }
    for field in fields(conflict):
        value = getattr(conflict, field.name)
        if isinstance(value, str | int):
            found[field.name] = value
        elif not isinstance(value, Session) and hasattr(value, "name"):
            found[field.name] = value.name
    return found


def _kind(conflict: Conflict) -> str:
    """Return "room taken" of RoomTaken."""
    name = type(conflict).__name__
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _session(session: Session) -> dict[str, Any]:
    span = session.span
    return {
        "id": session.id,
        "title": session.title,
        "room": session.room.name if session.room else None,
        "start": span.start.astimezone(STOCKHOLM).isoformat() if span else None,
        "end": span.end.astimezone(STOCKHOLM).isoformat() if span else None,
    }


def as_sentence(conflict: Conflict) -> str:
    """Return the conflict in one line, as in "Blocks: room taken, Aula, 15 minutes: “A” (…) and “B” (…)"."""
    plain = as_plain(conflict)
    names = [str(plain[name]) for name in ("room", "person", "absent", "track") if name in plain]
    minutes = [f"{value} minutes" for name, value in plain.items() if name.endswith("_min")]
    sessions = " and ".join(_told(one) for one in plain["sessions"])
    head = ", ".join([plain["kind"], *names, *minutes])
    return f"{'Blocks' if plain['blocking'] else 'Warns'}: {head}: {sessions}"


def _told(session: dict[str, Any]) -> str:
    when = "not scheduled" if session["start"] is None else session["start"][:16].replace("T", " ")
    return f"“{session['title']}” ({', '.join(part for part in (when, session['room']) if part)})"
