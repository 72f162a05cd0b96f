"""What a campaign's pages show: audiences in words, who would get it, and what can be chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conference.campaigns.audiences import filters_of, stages_of
from conference.campaigns.model import Audience, AudienceKind, Campaign, Choice
from conference.campaigns.readers import Reader, readers_of
from conference.campaigns.service import recipients
from conference.core.errors import NotFoundError
from conference.event.queries import get_event
from conference.mail.registry import about_pages
from conference.people.countries import country_name
from conference.programme.queries import draft, versions
from conference.registration.category_queries import categories
from conference.registration.extra_queries import extras
from conference.registration.filters import ListFilters
from conference.registration.model import CAREER_STAGES, PROFESSIONS, STATE_WORDS
from conference.speakers.words import STANDING_WORDS
from conference.web.language import gettext, long_date

SAMPLE = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An audience as a page names it. `query` is that of the list which shows the same, None where no list does."""

    audience: Audience
    words: str
    query: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """Who would get a campaign now, and the first few of them."""

    choice: Choice
    sample: tuple[Reader, ...]

    @property
    def count(self) -> int:
        return len(self.choice.chosen)


def reached(campaign: Campaign) -> Reached:
    """Return who would get the campaign now. As many statements as its audiences take, and eight."""
    choice = recipients(campaign)
    first = [one.about for one in choice.chosen[:SAMPLE]]
    found = readers_of(first) if first else {}
    return Reached(choice=choice, sample=tuple(found[about] for about in first if about in found))


def first_reader(campaign: Campaign, language: str) -> Reader | None:
    """Return with whose facts the campaign is shown: somebody who reads this language, or else the first."""
    chosen = recipients(campaign).chosen
    fitting = [one for one in chosen if (one.language or "en") == language]
    about = next((one.about for one in (*fitting[:1], *chosen[:1])), None)
    return readers_of([about]).get(about) if about else None


def changes() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what an audience can be affected by, in groups: value and words. Constant in the number of statements."""
    programme = draft()
    found = [
        (gettext("A day"), [(f"day:{day.isoformat()}", long_date(day)) for day in get_event().days]),
        (gettext("An extra"), [(f"extra:{one.id}", one.name) for one in extras()]),
        (
            gettext("A version of the programme"),
            [(f"version:{one.number}", _version_words(one.number)) for one in versions()],
        ),
        (gettext("A session"), [(f"session:{one.id}", one.title) for one in programme.sessions]),
    ]
    return [(label, choices) for label, choices in found if choices]


def _version_words(number: int) -> str:
    return gettext("Version %(number)d: what it moved or cancelled", number=number)


def shown(audiences: Iterable[Audience]) -> list[Shown]:
    """Return the audiences in words. Constant in the number of statements."""
    found = list(audiences)
    known = dict(pair for _, choices in changes() for pair in choices) if found else {}
    return [_shown(one, known) for one in found]


def _shown(audience: Audience, known: Mapping[str, str]) -> Shown:
    if audience.kind is AudienceKind.REGISTRATIONS:
        filters = filters_of(audience)
        return Shown(audience=audience, words=_list_words(filters), query=filters.as_query())
    if audience.kind is AudienceKind.SPEAKERS:
        stages = ", ".join(str(STANDING_WORDS[stage][0]) for stage in stages_of(audience))
        return Shown(audience=audience, words=gettext("Speakers: %(stages)s", stages=stages))
    what = known.get(audience.value)
    words = (
        gettext("Affected by: %(what)s", what=what) if what else gettext("Affected by what was deleted since")
    )
    return Shown(audience=audience, words=words)


def _list_words(filters: ListFilters) -> str:
    parts = [part for part in _parts(filters) if part]
    if not parts:
        return gettext("All registrations")
    return gettext("Registrations: %(filters)s", filters="; ".join(parts))


def _parts(filters: ListFilters) -> Iterable[str]:
    names = {one.id: one.name for one in categories()}
    yield ", ".join(gettext(STATE_WORDS[state]) for state in filters.states)
    if filters.category_id:
        yield names.get(filters.category_id, gettext("a category that was deleted"))
    yield filters.text and f"“{filters.text}”"
    yield country_name(filters.country, "en") if filters.country else ""
    yield gettext(PROFESSIONS[filters.profession]) if filters.profession else ""
    yield gettext(CAREER_STAGES[filters.career_stage]) if filters.career_stage else ""
    yield filters.tag and gettext("tag %(tag)s", tag=filters.tag)
    yield gettext("group %(number)d", number=filters.group) if filters.group else ""
    yield gettext("from %(day)s", day=filters.registered_from) if filters.registered_from else ""
    yield gettext("to %(day)s", day=filters.registered_to) if filters.registered_to else ""
    yield gettext("mails came back") if filters.came_back else ""
    yield gettext("%(count)d ticked", count=len(filters.chosen)) if filters.chosen else ""


def page_of(reader: Reader) -> tuple[str, Mapping[str, Any]] | None:
    """Return endpoint and values of the reader's page, for a link."""
    try:
        page = about_pages.get(reader.about[0])(reader.about[1], reader.email)
    except (LookupError, NotFoundError):
        return None
    return (page.endpoint, page.values) if page else None
