"""What the badges of a run show beside the people, read as far as the design asks: a constant number of statements."""

from itertools import groupby

from conference.core.clock import STOCKHOLM
from conference.event.queries import get_event, organisers
from conference.printing.design_model import Design, OwnProgramme, Ticks
from conference.printing.facts import BadgeFacts, PlanLine
from conference.printing.text import settable
from conference.programme.mark_queries import marks_by_registration
from conference.programme.model import Programme, Session
from conference.programme.queries import draft, published
from conference.registration.extra_queries import confirmed_extras, extras
from conference.registration.question_queries import pronouns
from conference.web.language import in_language, long_date, short_date


def facts_for(design: Design) -> BadgeFacts:
    """Return the facts that the design shows, in English as all badges are.

    Two statements, some more where the design has extras, pronouns or a programme, and none for each badge.
    """
    with in_language("en"):
        return _facts(design)


def _facts(design: Design) -> BadgeFacts:
    event = get_event()
    has_programme = design.has(OwnProgramme)
    has_extras = has_programme or design.has(Ticks, "extras")
    sessions = _scheduled(published() or draft()) if has_programme else []
    offered = extras() if has_extras else ()
    dates = (long_date(event.first_day), long_date(event.last_day))
    return BadgeFacts(
        event_title=event.title,
        organisers=tuple(one.name for one in organisers()),
        event_dates=" – ".join(dict.fromkeys(dates)),
        event_place=", ".join(filter(None, (event.venue, event.city))),
        days=tuple((day.isoformat(), short_date(day)) for day in event.days),
        extras={one.id: one.details.name for one in offered if not one.details.is_retired},
        plan=_plan(sessions),
        sessions={one.id: _line(one) for one in sessions},
        session_extras={one.extra_id: one.id for one in sessions if one.extra_id is not None},
        chosen_extras=confirmed_extras() if has_extras else {},
        marked=marks_by_registration() if has_programme else {},
        pronouns=pronouns() if design.uses("pronouns") else {},
    )


def _scheduled(programme: Programme) -> list[Session]:
    """Return what has a time, in order of time and of the rooms."""
    timed = [one for one in programme.sessions if one.span is not None]
    return sorted(timed, key=lambda one: (one.span.start, one.room.place if one.room else 0, one.id))  # type: ignore[union-attr]  # timed ones


def _line(session: Session) -> PlanLine:
    start = session.span.start.astimezone(STOCKHOLM)  # type: ignore[union-attr]  # a timed one
    return PlanLine(
        day=short_date(start.date()),
        time=f"{start:%H:%M}",
        title=settable(session.title),
        room=settable(session.room.name) if session.room else "",
    )


def _plan(sessions: list[Session]) -> tuple[PlanLine, ...]:
    """Return one line for each beginning: what is alone by its title, what is parallel by its number."""
    found = []
    for _, several in groupby(sessions, key=lambda one: one.span and one.span.start):
        same = list(several)
        first = _line(same[0])
        title = first.title if len(same) == 1 else f"{len(same)} parallel sessions"
        found.append(PlanLine(day=first.day, time=first.time, title=title))
    return tuple(found)
