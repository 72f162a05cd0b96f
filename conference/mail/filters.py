"""Which mails the office's list means. The address of the page holds all of it, so that a search is kept as a link."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select

from conference.core.clock import STOCKHOLM, real_now
from conference.jobs.model import CLAIMABLE, JobState
from conference.mail.rules import LATE, one_line
from conference.mail.tables import BounceRow, OutboxRow
from conference.web.numbers import number_of

S = TypeVar("S", bound="Select[*tuple[Any, ...]]")


class Only(StrEnum):
    """Mails that need somebody although their state does not say so."""

    LATE = "late"
    CAME_BACK = "came-back"


# What names one of few things, and is told where it names none.
_CHOSEN = ("state", "from", "to", "only", "series")


@dataclass(frozen=True, kw_only=True, slots=True)
class MailFilters:
    """Which mails are meant. Nothing given means all; what is given must all hold.

    Each word of `text` stands in the recipient's address or name, or in the subject. `written_from` and `written_to`
    are days in Stockholm, both included. `series`: the mails of one campaign. `is_unknown`: the query named something
    that cannot be read. `hidden`: the types of records whose mails the reader may not find, whatever is asked.
    """

    text: str = ""
    states: tuple[JobState, ...] = ()
    kind: str = ""
    language: str = ""
    written_from: date | None = None
    written_to: date | None = None
    only: Only | None = None
    series: int | None = None
    is_unknown: bool = False
    hidden: frozenset[str] = frozenset()

    @classmethod
    def of_query(cls, args: Mapping[str, str], hidden: frozenset[str] = frozenset()) -> "MailFilters":
        """Return the filters of a page's query string; what cannot be read does not filter."""
        wanted = getattr(args, "getlist", lambda name: [args.get(name, "")])("state")
        only = args.get("only", "")
        found = cls(
            text=_words(args.get("q", ""), 200),
            states=tuple(state for state in JobState if state.value in wanted),
            kind=_words(args.get("kind", ""), 40),
            language=_words(args.get("language", ""), 8),
            written_from=_day(args.get("from", "")),
            written_to=_day(args.get("to", "")),
            only=Only(only) if only in set(Only) else None,
            series=number_of(args.get("series")),
            hidden=hidden,
        )
        read = found.as_query()
        unread = any(args.get(name) and name not in read for name in _CHOSEN)
        return replace(found, is_unknown=unread)

    def as_query(self) -> dict[str, Any]:
        """Return the same as values for a query string, without the empty ones."""
        given = {
            "q": self.text,
            "state": [state.value for state in self.states],
            "kind": self.kind,
            "language": self.language,
            "from": self.written_from and self.written_from.isoformat(),
            "to": self.written_to and self.written_to.isoformat(),
            "only": self.only and self.only.value,
            "series": self.series and str(self.series),
        }
        return {name: value for name, value in given.items() if value}

    def in_state(self, state: JobState) -> dict[str, Any]:
        """Return the query of the same list with this state alone."""
        return replace(self, states=(state,)).as_query()


def _words(typed: str, most: int) -> str:
    """Return what was typed as one line: PostgreSQL takes no NUL."""
    return one_line(typed)[:most]


def _day(typed: str) -> date | None:
    """Return the day, or None for what is none, or lies where a day of Stockholm cannot be told in UTC."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None


def late(before: datetime) -> ColumnElement[bool]:
    """Return the condition of mails that were due at this moment and that nobody took up, or had and left."""
    waiting = and_(OutboxRow.state.in_(CLAIMABLE), OutboxRow.due_at <= before)
    return or_(waiting, and_(OutboxRow.state == JobState.RUNNING, OutboxRow.lease_until <= before))


def filtered(statement: S, filters: MailFilters) -> S:
    """Return the statement over mails with what the filters ask of each."""
    if filters.hidden:
        statement = statement.where(OutboxRow.about_type.not_in(filters.hidden))
    if filters.states:
        statement = statement.where(OutboxRow.state.in_(filters.states))
    if filters.kind:
        statement = statement.where(OutboxRow.kind == filters.kind)
    if filters.language:
        statement = statement.where(OutboxRow.language == filters.language)
    if filters.series is not None:
        statement = statement.where(OutboxRow.series_id == filters.series)
    if filters.only is Only.LATE:
        statement = statement.where(late(real_now() - LATE))
    elif filters.only is Only.CAME_BACK:
        statement = statement.where(OutboxRow.id.in_(select(BounceRow.mail_id)))
    return _searched(_dated(statement, filters), filters)


def _dated(statement: S, filters: MailFilters) -> S:
    if filters.written_from is not None:
        begin = datetime.combine(filters.written_from, time(), STOCKHOLM)
        statement = statement.where(OutboxRow.created_at >= begin)
    if filters.written_to is not None:
        after = datetime.combine(filters.written_to + timedelta(days=1), time(), STOCKHOLM)
        statement = statement.where(OutboxRow.created_at < after)
    return statement


def _searched(statement: S, filters: MailFilters) -> S:
    for word in filters.text.split():
        statement = statement.where(
            or_(
                OutboxRow.recipient.icontains(word, autoescape=True),
                OutboxRow.recipient_name.icontains(word, autoescape=True),
                OutboxRow.subject.icontains(word, autoescape=True),
            )
        )
    return statement
