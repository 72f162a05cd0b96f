"""Small schedules as files have them, for tests of reading and importing."""

import json
from collections.abc import Mapping
from typing import Any

from conference.audit.model import BY_SYSTEM
from conference.db.base import db
from conference.db.work import transact
from conference.interchange.model import Wishes
from conference.interchange.reading import read_schedule
from conference.interchange.service import Outcome, import_schedule
from conference.programme.model import Programme
from conference.programme.queries import draft

EVENT = (
    '<event guid="11111111-1111-4111-8111-111111111111" id="1"><date>2022-09-22T09:30:00+02:00</date>'
    "<start>09:30</start><duration>00:45</duration><room>Aula</room><title>Opening</title>"
    "<type>keynote</type><track>Rare diseases</track><abstract>All of it.</abstract>"
    '<persons><person id="5">Åsa Lind</person></persons></event>'
)


def document(
    *events: str, head: str = "", day: str = 'date="2022-09-22" index="1"', room: str = "Aula"
) -> bytes:
    """Return a schedule.xml of one day and one room."""
    body = "\n".join(events)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<schedule>{head}\n<day {day}>\n<room name="{room}">\n'
        f"{body}\n</room>\n</day>\n</schedule>\n"
    ).encode()


def event(number: int = 1, *, guid: str = "", persons: Mapping[str, str] | None = None, **fields: str) -> str:
    """Return an event without an offset, in one line; a field given as "" is left out."""
    given = {"start": "09:30", "duration": "00:45", "title": f"Talk {number}"} | fields
    body = "".join(f"<{name}>{text}</{name}>" for name, text in given.items() if text)
    named = "".join(f'<person id="{key}">{name}</person>' for key, name in (persons or {}).items())
    mark = f' guid="{guid}"' if guid else ""
    return f'<event id="{number}"{mark}>{body}<persons>{named}</persons></event>'


def json_document(*events: Mapping[str, Any], room: str = "Aula", **conference: Any) -> bytes:
    """Return a schedule.json of one day and one room, one value a line."""
    day = {
        "index": 1,
        "date": "2022-09-22",
        "day_start": "2022-09-22T06:00:00+02:00",
        "day_end": "2022-09-23T06:00:00+02:00",
        "rooms": {room: list(events)},
    }
    whole = {"schedule": {"version": "1", "conference": {"title": "X", "days": [day]} | conference}}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def json_event(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "guid": f"{number:08}-1111-4111-8111-111111111111",
        "id": number,
        "date": f"2022-09-22T{8 + number:02}:00:00+02:00",
        "duration": "00:30",
        "title": f"Talk {number}",
        "persons": [],
    } | fields


def imported(
    content: bytes, *, may_set_days: bool = True, seen: int | None = None, **wishes: object
) -> Outcome:
    read = read_schedule(content)
    chosen = Wishes(**wishes)  # type: ignore[arg-type]  # the test names the fields
    return transact(
        lambda session: import_schedule(
            session, read, chosen, actor=BY_SYSTEM, may_set_days=may_set_days, seen_draft_revision=seen
        )
    )


def now_in_draft() -> Programme:
    db.session.rollback()
    return transact(draft)


def figures(outcome: Outcome) -> tuple[int, int, int, int]:
    made = outcome.plan
    return len(made.additions), len(made.alterations), len(made.removals), made.unchanged
