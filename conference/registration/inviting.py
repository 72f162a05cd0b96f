"""Invited people out of a file: what would become of each row, and all of them invited in one transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.errors import N_
from conference.core.text import address_key, folded
from conference.registration.addresses import read_address
from conference.registration.category_queries import categories
from conference.registration.importing_rows import (
    INVITEE_FIELDS,
    Problem,
    address_problem,
    country_of,
    country_problem,
    mapped,
    require_columns,
    shape_problem,
)
from conference.registration.invitation_model import InvitationDetails, InvitationState
from conference.registration.invitations import invite
from conference.registration.inviting_errors import DeadlineOverError
from conference.registration.model import LIVE, Category
from conference.registration.rules import has_place
from conference.registration.tables import InvitationRow, RegistrationRow
from conference.web.import_columns import typed_cells
from conference.web.import_errors import RowsRefusedError
from conference.web.importing_files import Line, read_table

REQUIRED = ("email",)
_LANGUAGES = {
    "": "",
    "en": "en", "english": "en", "engelska": "en", "englisch": "en",
    "sv": "sv", "swedish": "sv", "svenska": "sv", "schwedisch": "sv",
    "de": "de", "german": "de", "tyska": "de", "deutsch": "de",
}  # fmt: skip


class Fate(StrEnum):
    NEW = "new"
    REGISTERED = "registered"
    INVITED = "invited"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


FATE_WORDS = {
    Fate.NEW: N_("Invited"),
    Fate.REGISTERED: N_("Registered already, left out"),
    Fate.INVITED: N_("Invited already, left as it is"),
    Fate.DUPLICATE: N_("Again in this file, left out"),
    Fate.REFUSED: N_("Refused"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitee:
    """What becomes of a line of the file. `problem` says why it is refused, `details` what a new one is invited with."""

    line: int
    fate: Fate
    name: str = ""
    email: str = ""
    problem: Problem | None = None
    details: InvitationDetails | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InviteOrder:
    """A file, which column is which field where it is not guessed, and what holds for all rows.

    `category` and `language` are of rows that name none.
    """

    path: Path
    expires_at: datetime
    pairs: tuple[tuple[str, str], ...] = ()
    category: str = ""
    holds_seat: bool = False
    skips_approval: bool = False
    language: str = "en"


def judged(session: Session, order: InviteOrder, *, now: datetime) -> list[Invitee]:
    """Return what would become of each row now. Writes nothing. Raises DeadlineOverError, and what import_errors holds."""
    if order.expires_at <= now:
        raise DeadlineOverError("expires_at")
    lines = read_table(order.path)
    _, headings = next(lines)
    columns = mapped([heading.strip() for heading in headings], order.pairs, INVITEE_FIELDS)
    require_columns(columns, has_category=bool(order.category), required=REQUIRED)
    return list(_Judge(session, order).rows(lines, columns))


def invite_all(session: Session, order: InviteOrder, *, actor: Actor, now: datetime) -> list[Invitee]:
    """Invite and mail every new address of the file, and return what became of each row; where one is refused, none is.

    Raises RowsRefusedError, and as `judged` and `invite` do.
    """
    rows = judged(session, order, now=now)
    refused = [row for row in rows if row.fate is Fate.REFUSED]
    if refused:
        raise RowsRefusedError(count=len(refused), line=refused[0].line)
    for row in rows:
        if row.details is not None:
            invite(session, row.details, actor=actor, now=now)
    return rows


def counts(rows: Iterable[Invitee]) -> dict[Fate, int]:
    """Return how many rows have each fate."""
    found = Counter(row.fate for row in rows)
    return {fate: found[fate] for fate in Fate}


class _Judge:
    """Judges row after row, with the held places counted down as the ledger would."""

    def __init__(self, session: Session, order: InviteOrder) -> None:
        self._order = order
        live = select(RegistrationRow.email_key).where(RegistrationRow.state.in_(LIVE))
        is_open = InvitationRow.state == InvitationState.OPEN
        self._registered = set(session.scalars(live))
        self._invited = set(session.scalars(select(InvitationRow.email_key).where(is_open)))
        self._seen: set[str] = set()
        found = categories(session)
        self._kinds = {kind.name: kind for kind in found if not kind.details.is_retired}

    def rows(self, lines: Iterable[Line], columns: Mapping[str, int]) -> Iterator[Invitee]:
        for line, cells in lines:
            found = self._judge(cells, columns)
            yield (
                Invitee(line=line, fate=Fate.REFUSED, problem=found)
                if isinstance(found, Problem)
                else replace(found, line=line)
            )

    def _judge(self, cells: Sequence[str], columns: Mapping[str, int]) -> Invitee | Problem:
        typed = typed_cells(cells, columns, INVITEE_FIELDS)
        problem = shape_problem(typed, REQUIRED) or address_problem(typed["email"])
        return problem or _meaning(typed) or self._fate(typed)

    def _fate(self, typed: Mapping[str, str]) -> Invitee | Problem:
        kind = self._kinds.get(typed["category"] or self._order.category)
        if kind is None:
            sentence = N_("No category is called so. There are: %(known)s.")
            facts = {"known": ", ".join(self._kinds) or "–"}
            return Problem(field="category", sentence=sentence, facts=facts)
        details = self._details(typed, kind)
        told = Invitee(line=0, fate=Fate.NEW, name=details.full_name, email=details.email)
        known = self._known(address_key(details.email))
        if known is not None:
            return replace(told, fate=known)
        if details.holds_seat and not has_place(kind.ledger):
            sentence = N_("No place of this category is free that could be held. Raise its places.")
            return Problem(field="category", sentence=sentence)
        if details.holds_seat:
            held = replace(kind.ledger, reserved=kind.ledger.reserved + 1)
            self._kinds[kind.name] = replace(kind, ledger=held)
        return replace(told, details=details)

    def _known(self, key: str) -> Fate | None:
        """Return why an address is left out, and note that it was seen."""
        is_again = key in self._seen
        self._seen.add(key)
        if key in self._registered:
            return Fate.REGISTERED
        if key in self._invited:
            return Fate.INVITED
        return Fate.DUPLICATE if is_again else None

    def _details(self, typed: Mapping[str, str], kind: Category) -> InvitationDetails:
        texts = ("title", "given_name", "family_name", "affiliation", "note")
        return InvitationDetails(
            **{name: typed[name] for name in texts},
            category_id=kind.id,
            expires_at=self._order.expires_at,
            email=read_address(typed["email"]) or "",
            country=country_of(typed["country"]) or "",
            holds_seat=self._order.holds_seat,
            skips_approval=self._order.skips_approval,
            language=_LANGUAGES[folded(typed["language"])] or self._order.language,
        )


def _meaning(typed: Mapping[str, str]) -> Problem | None:
    if folded(typed["language"]) not in _LANGUAGES:
        return Problem(field="language", sentence=N_("Write en, sv or de, or leave it empty."))
    return country_problem(typed["country"]) if typed["country"] else None
