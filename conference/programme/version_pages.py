"""The public pages of a version: kept until a version is published or withdrawn, or what stands around it changes."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import cast

from flask import Response, current_app, g, render_template, request

from conference.core.clock import STOCKHOLM, clock
from conference.programme.errors import NothingPublishedError
from conference.programme.model import Programme
from conference.programme.queries import PublicState, programme_of, public_state
from conference.web.language import chosen, know_only, language
from conference.web.shared_pages import shared_page
from conference.web.zones import find_zone, tell_in

_TURNS = "conference.programme.turns"
# Of what a reader typed; a longer address is answered, and kept by nobody.
_LONGEST = 300
# How much of it a refusal repeats.
_SHOWN = 60
Page = Response | str | tuple[str, int]


def version_page(
    make: Callable[[Programme], str],
    *,
    arguments: tuple[str, ...] = (),
    follows_time: bool = False,
    is_front: bool = False,
) -> Page:
    """Answer the page that `make` writes of the newest version, made once for an address and language; one statement.

    `arguments` are the names of the query that the page knows: no other has an effect. A `zone` among them is heeded
    here; one that does not exist is answered with 400, the page and Stockholm's times. A page that `follows_time` is
    made anew whenever a session begins or ends and at midnight in Stockholm, and must not depend on the time otherwise.
    Before the first version a page that `is_front` says so; the others raise NothingPublishedError.
    """
    state = public_state()
    if state is None:
        if not is_front:
            raise NothingPublishedError
        return render_template("programme/none.html")
    know_only(arguments)
    asked = _asked(arguments)
    if "zone" in arguments and not _tell_zone():
        return make(programme_of(state)), 400
    if sum(len(value) for _, value in asked) > _LONGEST:
        return make(programme_of(state))
    now = asked_now().timestamp()
    name = (
        request.root_path,
        request.path,
        asked,
        language(),
        chosen(),
        turn_of(state, now) if follows_time else None,
        # The banner of a moved clock tells the minute.
        int(now) // 60 if clock.offset else None,
    )
    return shared_page(state, name, lambda: make(programme_of(state)))


def asked_only(arguments: tuple[str, ...], make: Callable[[], str]) -> str:
    """Return a page that is kept nowhere and knows these names of the query only."""
    know_only(arguments)
    return make()


def _asked(arguments: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    if not arguments or not request.query_string:
        return ()
    # Of a name that stands there twice the first counts, as for the page itself.
    return tuple((name, request.args[name]) for name in arguments if name in request.args)


def _tell_zone() -> bool:
    """Let the page tell the zone of the address; return False where that names none, which the page then says."""
    typed = request.args.get("zone", "")
    if not typed:
        return True
    zone = find_zone(typed)
    if zone is None:
        g.zone_fault = typed[:_SHOWN] + ("…" if len(typed) > _SHOWN else "")
        return False
    tell_in(zone)
    return True


def zone_fault() -> str:
    """Return what the address names and is no zone, "" where there is nothing to say."""
    fault: str = g.get("zone_fault", "")
    return fault


def turn_of(state: PublicState, now: float) -> int:
    """Return for a POSIX time a number that is another one after each moment at which something of the version begins or ends."""
    key = (state.number, state.public_since, state.rewritten)
    held = cast("tuple[object, list[float]] | None", current_app.extensions.get(_TURNS))
    if held is None or held[0] != key:
        held = current_app.extensions[_TURNS] = (key, [one.timestamp() for one in turns(programme_of(state))])
    return bisect_right(held[1], now)


def turns(programme: Programme) -> list[datetime]:
    """Return each moment at which a session or talk begins or ends, and each midnight of the days, in order."""
    days = {day + timedelta(days=more) for day in programme.days for more in (0, 1)}
    moments = {datetime.combine(day, time(), STOCKHOLM) for day in days}
    for session in programme.sessions:
        spans = [session.span, *(talk.span for talk in session.talks)]
        moments |= {moment for span in spans if span for moment in (span.start, span.end)}
    return sorted(moments)


def asked_now() -> datetime:
    """Return the conference's time, the same all through a request."""
    if "programme_now" not in g:
        g.programme_now = clock.now()
    now: datetime = g.programme_now
    return now
