"""Figures of the registrations that are live: counts by kind, as rows for tables, charts and CSV.

Cells under 5 tell of persons: a viewer, who may copy a figure to somebody outside, does not see them, nor what they
could be reckoned from (`suppression`).
"""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select

from conference.core.clock import STOCKHOLM
from conference.core.errors import N_
from conference.db.base import db
from conference.people.countries import country_name
from conference.people.queries import people_by_id
from conference.registration.category_queries import categories
from conference.registration.extra_queries import extras
from conference.registration.model import CAREER_STAGES, LIVE, PROFESSIONS
from conference.registration.suppression import Bar, by_label, suppressed
from conference.registration.tables import RegistrationRow

MOST_ORGANISATIONS = 15
_AT_ONCE = 500
TITLES = {
    "days": N_("Registrations by day"),
    "seats": N_("Seats taken by category"),
    "extras": N_("Seats taken by extra"),
    "countries": N_("By country"),
    "professions": N_("By profession"),
    "stages": N_("By career stage"),
    "organisations": N_("By organisation, the 15 largest"),
}
# Those in an order of their own; the rest stand by size.
_IN_ORDER = frozenset({"days", "seats", "extras"})

_LIVE = select(
    RegistrationRow.created_at,
    RegistrationRow.profession,
    RegistrationRow.career_stage,
    RegistrationRow.person_id,
).where(RegistrationRow.state.in_(LIVE))

Figures = dict[str, list[Bar]]


def figures(*, is_suppressed: bool) -> Figures:
    """Return the bars of each figure by its key in TITLES; days and what is seated in order, the rest by size."""
    days: Counter[str] = Counter()
    professions: Counter[str] = Counter()
    stages: Counter[str] = Counter()
    people: list[int] = []
    for at, profession, stage, person_id in db.session.execute(_LIVE):
        days[at.astimezone(STOCKHOLM).date().isoformat()] += 1
        professions[PROFESSIONS.get(profession, N_("No answer"))] += 1
        stages[CAREER_STAGES.get(stage, N_("No answer"))] += 1
        people.append(person_id)
    countries, organisations = _of_people(people)
    seats = [Bar(label=kind.name, count=kind.ledger.taken + kind.ledger.over) for kind in categories()]
    found: Figures = {
        "days": [Bar(label=day, count=count) for day, count in sorted(days.items())],
        "seats": seats,
        "extras": [Bar(label=extra.name, count=extra.ledger.taken) for extra in extras()],
        "countries": _by_size(countries),
        "professions": _by_size(professions),
        "stages": _by_size(stages),
        "organisations": _by_size(organisations),
    }
    told = {key: _suppressed(key, bars) for key, bars in found.items()} if is_suppressed else found
    return told | {"organisations": told["organisations"][:MOST_ORGANISATIONS]}


def _suppressed(key: str, bars: list[Bar]) -> list[Bar]:
    return suppressed(bars) if key in _IN_ORDER else by_label(suppressed(bars))


def _of_people(ids: list[int]) -> tuple[Counter[str], Counter[str]]:
    countries: Counter[str] = Counter()
    organisations: Counter[str] = Counter()
    for start in range(0, len(ids), _AT_ONCE):
        for person in people_by_id(ids[start : start + _AT_ONCE]).values():
            countries[country_name(person.details.country)] += 1
            organisations[person.details.affiliation] += 1
        db.session.expunge_all()
    return countries, organisations


def _by_size(counts: Mapping[str, int]) -> list[Bar]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Bar(label=label, count=count) for label, count in ordered]
