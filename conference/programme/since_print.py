"""What differs from the printed programme, session by session in order of time, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from flask import current_app

from conference.core.ids import SessionId
from conference.programme.change_lines import grouped
from conference.programme.changes import ChangeKind, diff
from conference.programme.model import Printing, Programme, Session
from conference.programme.printings import find_printing
from conference.programme.queries import version
from conference.programme.words import CHANGE_WORDS
from conference.web.language import gettext, language

_KEPT = "conference.programme.since_print"
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One kind of difference with what was printed and what is true now, each "" where there is nothing to compare."""

    kind: ChangeKind
    printed: str
    now: str

    @property
    def word(self) -> str:
        return str(CHANGE_WORDS[self.kind])

    @property
    def said(self) -> str:
        """The point as one sentence: "Moved in room: Aula. Printed: Room 2"."""
        if self.kind is ChangeKind.CANCELLED:
            return gettext("%(kind)s. Printed: %(printed)s", kind=self.word, printed=self.printed)
        if not self.printed:
            return gettext("%(kind)s: %(now)s", kind=self.word, now=self.now)
        if not self.now:
            return gettext("%(kind)s. No more: %(printed)s", kind=self.word, printed=self.printed)
        return gettext(
            "%(kind)s: %(now)s. Printed: %(printed)s", kind=self.word, now=self.now, printed=self.printed
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One session that differs, or the conference as a whole where it is None. `is_cancelled` is of a session that is no more."""

    session: Session | None
    is_cancelled: bool
    points: tuple[Point, ...]

    @property
    def day(self) -> date | None:
        return self.session.day if self.session else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SincePrint:
    """Every difference between the version that was printed and the public one."""

    printing: Printing
    printed: Programme
    programme: Programme
    entries: tuple[Entry, ...]


def entries_between(printed: Programme, programme: Programme) -> tuple[Entry, ...]:
    """Return what differs: the conference as a whole first, then sessions by day and time, as they are now or were."""
    found: dict[SessionId | None, list[Point]] = {}
    sessions: dict[SessionId | None, tuple[Session | None, bool]] = {}
    for group in grouped(diff(printed, programme), printed, programme):
        for line in group.lines:
            key = line.session.id if line.session else None
            sessions[key] = (line.session, line.session is not None and not line.is_in_draft)
            found.setdefault(key, []).append(
                Point(kind=group.kind, printed=_listed(line.old), now=_listed(line.new))
            )
    entries = [
        Entry(session=session, is_cancelled=is_gone, points=tuple(found[key]))
        for key, (session, is_gone) in sessions.items()
    ]
    return tuple(sorted(entries, key=_order))


def since_print(programme: Programme) -> SincePrint | None:
    """Return what differs from what was sent to print last, None where nothing was. Put together once a process."""
    printing = find_printing()
    if printing is None:
        return None
    key = (programme, printing, language())
    held = cast("tuple[object, SincePrint] | None", current_app.extensions.get(_KEPT))
    if held is None or held[0] != key:
        printed = version(printing.number)
        made = SincePrint(
            printing=printing,
            printed=printed,
            programme=programme,
            entries=entries_between(printed, programme),
        )
        held = current_app.extensions[_KEPT] = (key, made)
    return held[1]


def _listed(values: Sequence[str]) -> str:
    return "; ".join(values)


def _order(entry: Entry) -> tuple[int, datetime, int, int]:
    session = entry.session
    if session is None:
        return (0, _NEVER, 0, 0)
    if session.span is None:
        return (2, _NEVER, 0, session.id)
    return (1, session.span.start, session.room.place if session.room else -1, session.id)
