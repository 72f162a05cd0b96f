from collections.abc import Iterable
from datetime import date

from conference.core.errors import N_
from conference.core.interval import Interval
from conference.event.errors import EndsBeforeItBeginsError, TooManyDaysError
from conference.event.model import Event, Organiser

# Own choice: longer than any conference, shorter than a slip of the month.
MOST_DAYS = 14
_MISSING_OF_EVENT = {
    "venue": N_("The venue is not named. Set it under Event."),
    "contact_email": N_("There is no e-mail address for questions. Set it under Event."),
}
_MISSING_CONTACT = N_("%(name)s has no contact point for personal data. Set it under Event.")


def check_days(first: date, last: date) -> None:
    """Raise EndsBeforeItBeginsError or TooManyDaysError."""
    if last < first:
        raise EndsBeforeItBeginsError("last_day")
    days = (last - first).days + 1
    if days > MOST_DAYS:
        raise TooManyDaysError("last_day", days=days, most=MOST_DAYS)


def outside(span: Interval, scheduled: Iterable[tuple[str, Interval]]) -> list[str]:
    """Return the titles of what is scheduled outside the span."""
    return [title for title, time in scheduled if not span.contains(time)]


def missing(event: Event, organisers: Iterable[Organiser]) -> list[str]:
    """Return a sentence for each fact that the public pages still have to leave open."""
    of_event = [sentence for name, sentence in _MISSING_OF_EVENT.items() if not getattr(event, name)]
    without = [organiser.name for organiser in organisers if not organiser.privacy_contact]
    return of_event + [_MISSING_CONTACT % {"name": name} for name in without]


def listed(titles: Iterable[str], most: int = 5) -> str:
    """Return the first titles, quoted, and how many more there are."""
    every = list(titles)
    shown = ", ".join(f"“{title}”" for title in every[:most])
    return f"{shown} (+{len(every) - most})" if len(every) > most else shown
