"""What the office's list, its counts, exports, figures and badges have in common: which registrations are meant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, or_, select

from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId, RegistrationId, read_code
from conference.core.text import folded
from conference.mail.bounces import marked_addresses
from conference.people.countries import is_country
from conference.people.queries import ids_in_country
from conference.registration.group_tables import MemberRow
from conference.registration.model import CAREER_STAGES, PROFESSIONS, State
from conference.registration.tables import RegistrationRow, TagRow

S = TypeVar("S", bound="Select[*tuple[Any, ...]]")
# Nine digits fit each database's integer.
_MOST_DIGITS = 9
# As many as a page shows, with room to spare: longer addresses are cut by servers.
_MOST_CHOSEN = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ListFilters:
    """Which registrations are meant. Nothing given means all; what is given must all hold.

    `registered_from` and `registered_to` are days in Stockholm, both included. `came_back`: mails to the
    address came back. `is_unknown`: the query named
    something that cannot be read, and the page says so.
    """

    text: str = ""
    category_id: CategoryId | None = None
    states: tuple[State, ...] = ()
    country: str = ""
    profession: str = ""
    career_stage: str = ""
    tag: str = ""
    group: int | None = None
    registered_from: date | None = None
    registered_to: date | None = None
    came_back: bool = False
    chosen: tuple[RegistrationId, ...] = ()
    is_unknown: bool = False

    @classmethod
    def of_query(cls, args: Mapping[str, str]) -> "ListFilters":
        """Return the filters of a page's query string; what cannot be read does not filter."""
        country, profession = args.get("country", "").upper(), args.get("profession", "")
        stage = args.get("career_stage", "")
        category = _id(args.get("category", ""))
        states = tuple(state for state in State if state.value in _all(args, "state"))
        found = cls(
            text=args.get("text", "")[:200].strip(),
            category_id=CategoryId(category) if category else None,
            states=states,
            country=country if is_country(country) else "",
            profession=profession if profession in PROFESSIONS else "",
            career_stage=stage if stage in CAREER_STAGES else "",
            tag=args.get("tag", "")[:40].strip(),
            group=_id(args.get("group", "")),
            registered_from=_day(args.get("from", "")),
            registered_to=_day(args.get("to", "")),
            came_back=args.get("came_back") == "1",
            chosen=tuple(RegistrationId(one) for one in map(_id, _all(args, "chosen")[:_MOST_CHOSEN]) if one),
        )
        names = ("category", "state", "country", "profession", "career_stage", "group", "from", "to")
        read = found.as_query()
        return replace(found, is_unknown=any(args.get(name) and name not in read for name in names))

    def as_query(self) -> dict[str, Any]:
        """Return the same as values for a query string, without the empty ones."""
        given = {
            "text": self.text,
            "category": self.category_id and str(self.category_id),
            "state": [state.value for state in self.states],
            "country": self.country,
            "profession": self.profession,
            "career_stage": self.career_stage,
            "tag": self.tag,
            "group": self.group and str(self.group),
            "from": self.registered_from and self.registered_from.isoformat(),
            "to": self.registered_to and self.registered_to.isoformat(),
            "came_back": "1" if self.came_back else "",
            "chosen": [str(one) for one in self.chosen],
        }
        return {name: value for name, value in given.items() if value}

    def in_state(self, state: State) -> dict[str, Any]:
        """Return the query of the same list with this state alone."""
        return replace(self, states=(state,)).as_query()


def _all(args: Mapping[str, str], name: str) -> list[str]:
    """Return every value of a name that may stand in the query more than once."""
    getlist = getattr(args, "getlist", None)
    return getlist(name) if getlist else [args[name]] if name in args else []


def _id(typed: str) -> int | None:
    is_id = typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS
    return int(typed) if is_id else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), STOCKHOLM)


def filtered(statement: S, filters: ListFilters) -> S:
    """Return the statement over registrations with what the filters ask of each."""
    for word in filters.text.split():
        code = read_code(word)
        statement = statement.where(
            or_(
                RegistrationRow.search_text.contains(folded(word), autoescape=True),
                RegistrationRow.number == code,
                RegistrationRow.badge_code == code,
            )
        )
    if filters.states:
        statement = statement.where(RegistrationRow.state.in_(filters.states))
    if filters.chosen:
        statement = statement.where(RegistrationRow.id.in_(filters.chosen))
    return _dated(_described(statement, filters), filters)


def _described(statement: S, filters: ListFilters) -> S:
    if filters.category_id is not None:
        statement = statement.where(RegistrationRow.category_id == filters.category_id)
    if filters.country:
        statement = statement.where(RegistrationRow.person_id.in_(ids_in_country(filters.country)))
    if filters.profession:
        statement = statement.where(RegistrationRow.profession == filters.profession)
    if filters.career_stage:
        statement = statement.where(RegistrationRow.career_stage == filters.career_stage)
    if filters.tag:
        tagged = select(TagRow.registration_id).where(TagRow.tag == filters.tag)
        statement = statement.where(RegistrationRow.id.in_(tagged))
    if filters.group is not None:
        grouped = select(MemberRow.registration_id).where(MemberRow.group_id == filters.group)
        statement = statement.where(RegistrationRow.id.in_(grouped))
    if filters.came_back:
        statement = statement.where(RegistrationRow.email_key.in_(marked_addresses()))
    return statement


def _dated(statement: S, filters: ListFilters) -> S:
    if filters.registered_from is not None:
        statement = statement.where(RegistrationRow.created_at >= _begin_of(filters.registered_from))
    if filters.registered_to is not None and filters.registered_to < date.max:
        after = _begin_of(filters.registered_to + timedelta(days=1))
        statement = statement.where(RegistrationRow.created_at < after)
    return statement
