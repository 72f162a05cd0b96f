"""What everybody may see: the published version and nothing else."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import cast

from flask import Response, abort, current_app, render_template, request

from conference.core.clock import STOCKHOLM
from conference.event.queries import get_event
from conference.programme import queries
from conference.programme.blueprint import blueprint
from conference.programme.calendar import sessions_file
from conference.programme.errors import NothingPublishedError
from conference.programme.filtering import FILTERS, asked_filters
from conference.programme.guide import by_day
from conference.programme.listing import people_listed, session_now
from conference.programme.model import Programme
from conference.programme.printings import find_printing
from conference.programme.registry import public_profiles
from conference.programme.timetable import day_grid, style_sheet
from conference.programme.version_pages import Page, asked_now, version_page
from conference.web.access import public
from conference.web.language import chosen, language
from conference.web.settings import current_settings

_MADE = "conference.programme.made"
# The address carries a key of the content, so that a copy of it is right for ever.
YEAR = "public, max-age=31536000, immutable"
DAY_ARGUMENTS = (*FILTERS, "zone")


def made_once(programme: Programme, name: str, make: Callable[[], str], stamp: object = None) -> str:
    """Return what `make` gives, made once a process for a version.

    Safe because a version never changes and the public sees one of it: nothing of the reader, of the request's time
    or of a token may go in. What holds words or links of one language has `spoken` in its name. What follows more than
    the version says in `stamp` what it was made from, and is made anew when that is another.
    """
    # The version in hand itself is the key: it is another object once the people it names are others, after a merger.
    held = current_app.extensions.get(_MADE)
    if held is None or held[0] is not programme:
        held = current_app.extensions[_MADE] = (programme, {})
    made = cast("dict[str, tuple[object, str]]", held[1])
    found = made.get(name)
    if found is None or found[0] != stamp:
        found = made[name] = (stamp, make())
    return found[1]


def spoken() -> str:
    """Return the reader's language, and whether the links of the page carry it."""
    return f"{language()} {chosen() or ''}"


def grid_key(programme: Programme) -> str:
    """Return a name of the style sheet's content: version numbers repeat where a database was started over."""
    css = made_once(programme, "css", lambda: style_sheet(programme))
    return made_once(programme, "key", lambda: hashlib.sha256(css.encode()).hexdigest()[:12])


def get_published() -> Programme:
    """Return the newest version; raises NothingPublishedError before the first."""
    programme = queries.published()
    if programme is None:
        raise NothingPublishedError
    return programme


@blueprint.get("/programme")
@public
def public_programme() -> Page:
    """Show the first day, or the present one while the conference runs."""
    return version_page(_present_day, arguments=DAY_ARGUMENTS, follows_time=True, is_front=True)


@blueprint.get("/programme/<day>")
@public
def public_day(day: str) -> Page:
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        abort(404)
    return version_page(
        lambda programme: _day_page(programme, wanted), arguments=DAY_ARGUMENTS, follows_time=True
    )


def _present_day(programme: Programme) -> str:
    today = asked_now().astimezone(STOCKHOLM).date()
    return _day_page(programme, today if today in programme.days else programme.days[0])


def _day_page(programme: Programme, day: date) -> str:
    if day not in programme.days:
        abort(404)
    now, filters = asked_now(), asked_filters()
    is_today = now.astimezone(STOCKHOLM).date() == day
    return render_template(
        "programme/day.html",
        programme=programme,
        day=day,
        # The grid is the whole day's; what is picked out of it is a list.
        grid=None if filters.ask else day_grid(programme, day),
        listed=by_day(one for one in programme.on(day) if filters.fit(one)) if filters.ask else [],
        filters=filters,
        grid_key=grid_key(programme),
        columns=len(programme.rooms),
        current=session_now(programme, now) if is_today else None,
        printed=find_printing(),
    )


@blueprint.get("/programme/session/<int:session_id>")
@public
def public_session(session_id: int) -> Page:
    return version_page(lambda programme: _session_page(programme, session_id), arguments=("zone",))


def _session_page(programme: Programme, session_id: int) -> str:
    session = queries.get_session(programme, session_id)
    profiles = public_profiles()
    people = {part.person_id: part for part in session.everybody if part.person_id in profiles}
    return render_template(
        "programme/session.html",
        programme=programme,
        session=session,
        profiles=profiles,
        introduced=list(people.values()),
    )


@blueprint.get("/speakers")
@public
def public_speakers() -> Page:
    return version_page(_speakers_page, arguments=("zone",), is_front=True)


def _speakers_page(programme: Programme) -> str:
    return render_template(
        "programme/speakers.html",
        programme=programme,
        people=people_listed(programme, language()),
        profiles=public_profiles(),
    )


@blueprint.get("/programme.ics")
@public
def calendar() -> Response:
    """Answer one calendar file with every session of the version."""
    programme = get_published()
    event, base_url = get_event(), current_settings().base_url
    text = made_once(
        programme,
        f"calendar {event.revision} {spoken()}",
        lambda: sessions_file(programme, event, base_url).decode(),
    )
    answer = Response(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer.headers["Content-Disposition"] = 'attachment; filename="programme.ics"'
    answer.add_etag()
    answer.cache_control.no_cache = True  # a calendar asks each hour, and mostly hears that nothing is new
    made: Response = answer.make_conditional(request)  # type: ignore[assignment]  # it returns what it was given
    return made


@blueprint.get("/programme/<int:number>/grid.css")
@public
def grid_css(number: int) -> Response:
    """Answer the style sheet that places the sessions of a version: the site's policy forbids styles in a page."""
    programme = get_published()
    is_newest = programme.version == number
    if not is_newest and all(one.number != number or one.withdrawn_at for one in queries.versions()):
        abort(404)
    shown = programme if is_newest else queries.version(number)
    css = made_once(shown, "css", lambda: style_sheet(shown)) if is_newest else style_sheet(shown)
    answer = Response(css, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = YEAR
    return answer
