"""Registrations out of a file: what would become of each row, and all of them written in one transaction.

Each newcomer goes through the same ledger as the form's. Who is registered already is left as they are, so that a
file sent twice changes nothing the second time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.errors import N_
from conference.core.text import address_key
from conference.people.service import create_person
from conference.registration.category_queries import categories
from conference.registration.entry import enter
from conference.registration.importing_rows import Entry, Problem, mapped, read_row, require_columns
from conference.registration.model import LIVE, Category, Choices, RegisterAttendee, Seats, State
from conference.registration.rules import admit, is_open
from conference.registration.tables import RegistrationRow
from conference.web.import_errors import RowsRefusedError
from conference.web.importing_files import read_table


class Fate(StrEnum):
    NEW = "new"
    WAITING = "waiting"
    PENDING = "pending"
    KNOWN = "known"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


FATE_WORDS = {
    Fate.NEW: N_("New"),
    Fate.WAITING: N_("Waiting list, because it is full"),
    Fate.PENDING: N_("Waiting for approval"),
    Fate.KNOWN: N_("Already registered, left as it is"),
    Fate.DUPLICATE: N_("Again in this file, left out"),
    Fate.REFUSED: N_("Refused"),
}
_FATES = {State.CONFIRMED: Fate.NEW, State.WAITING: Fate.WAITING, State.PENDING: Fate.PENDING}


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What becomes of a line of the file. `problem` says why it is refused."""

    line: int
    fate: Fate
    name: str = ""
    email: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOrder:
    """A file, which column is which field where it is not guessed, and the category of rows that name none."""

    path: Path
    pairs: tuple[tuple[str, str], ...] = ()
    category: str = ""
    with_mail: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    judged: Judged
    entry: Entry | None = None
    category: Category | None = None


def judged(session: Session, order: ImportOrder, *, now: datetime) -> Iterator[Judged]:
    """Yield what would become of each row now. Writes nothing. Raises what import_errors holds."""
    return (row.judged for row in _rows(session, order, now))


def import_all(session: Session, order: ImportOrder, *, actor: Actor, now: datetime) -> list[Judged]:
    """Register every newcomer of the file and return what became of each row; where one is refused, none is.

    Raises RowsRefusedError, and what import_errors holds.
    """
    done: list[Judged] = []
    with session.no_autoflush:
        for row in _rows(session, order, now):
            done.append(row.judged)
            if row.judged.fate in _FATES.values() and row.entry is not None and row.category is not None:
                _register(session, row.entry, row.category, order, actor=actor, now=now)
    refused = [one for one in done if one.fate is Fate.REFUSED]
    if refused:
        raise RowsRefusedError(count=len(refused), line=refused[0].line)
    return done


def _register(
    session: Session, entry: Entry, category: Category, order: ImportOrder, *, actor: Actor, now: datetime
) -> None:
    command = RegisterAttendee(
        form_key="",
        category_id=category.id,
        person=entry.person,
        profession=entry.profession,
        career_stage=entry.career_stage,
        choices=Choices(no_photographs=entry.no_photographs),
    )
    person_id = create_person(session, entry.person, actor=actor)
    enter(session, category, person_id, command, actor=actor, now=now, is_told=order.with_mail)


def _rows(session: Session, order: ImportOrder, now: datetime) -> Iterator[_Row]:
    lines = read_table(order.path)
    _, headings = next(lines)
    headings = [heading.strip() for heading in headings]
    columns = mapped(headings, order.pairs)
    require_columns(columns, has_category=bool(order.category))
    return _Judge(session, order, now).rows(lines, columns)


class _Judge:
    """Judges row after row, with the seats counted down as the ledger would."""

    def __init__(self, session: Session, order: ImportOrder, now: datetime) -> None:
        live = select(RegistrationRow.email_key).where(RegistrationRow.state.in_(LIVE))
        self._known = set(session.scalars(live))
        self._seen: set[str] = set()
        self._kinds = {category.name: category for category in categories(session)}
        self._default = order.category
        self._now = now

    def rows(self, lines: Iterable[tuple[int, list[str]]], columns: Mapping[str, int]) -> Iterator[_Row]:
        for line, cells in lines:
            read = read_row(cells, columns)
            yield self._refused(line, read) if isinstance(read, Problem) else self._judge(line, read)

    @staticmethod
    def _refused(line: int, problem: Problem) -> _Row:
        return _Row(judged=Judged(line=line, fate=Fate.REFUSED, problem=problem))

    def _judge(self, line: int, entry: Entry) -> _Row:
        key, category = address_key(entry.person.email), self._kinds.get(entry.category or self._default)
        if category is None:
            sentence = N_("No category is called so. There are: %(known)s.")
            facts = {"known": ", ".join(self._kinds) or "–"}
            return self._refused(line, Problem(field="category", sentence=sentence, facts=facts))
        fate = Fate.KNOWN if key in self._known else Fate.DUPLICATE if key in self._seen else None
        if fate is None and not is_open(category.details, self._now):
            sentence = N_("This category is closed now. Open it, or choose another one.")
            return self._refused(line, Problem(field="category", sentence=sentence))
        self._seen.add(key)
        told = Judged(
            line=line,
            fate=fate or self._admitted(category),
            name=entry.person.full_name,
            email=entry.person.email,
        )
        return _Row(judged=told, entry=entry, category=category)

    def _admitted(self, category: Category) -> Fate:
        state = admit(category.details, category.ledger, self._now)
        if state is not State.PENDING:
            self._kinds[category.name] = replace(category, ledger=_after(category.ledger, state))
        return _FATES[state]


def _after(ledger: Seats, state: State) -> Seats:
    if state is State.CONFIRMED:
        return replace(ledger, taken=ledger.taken + 1)
    return replace(ledger, waiting=ledger.waiting + 1)


def counts(rows: Iterable[Judged]) -> dict[Fate, int]:
    """Return how many rows have each fate."""
    found = Counter(row.fate for row in rows)
    return {fate: found[fate] for fate in Fate}
