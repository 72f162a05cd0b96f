"""How the doctor writes numbers, days and states of mails: as the office's pages do, in English. Pure but for the words."""

from collections.abc import Mapping
from datetime import UTC, datetime

from conference.jobs.model import JobState
from conference.mail.words import STATE_WORDS


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, as in "1 day" and "2 days"; `many` where it is not `one` with an s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def entries(count: int) -> str:
    """Return how many entries are, as in "1 entry is"."""
    return counted(count, "entry is", "entries are")


def utc_day(moment: datetime) -> str:
    """Return "5 September 2022", the day at Greenwich."""
    local = moment.astimezone(UTC)
    return f"{local.day} {local:%B %Y}"


def utc_moment(moment: datetime, *, with_seconds: bool = False) -> str:
    """Return "5 September 2022, 08:00 UTC", or "08:00:00" in its place."""
    return f"{utc_day(moment)}, {moment.astimezone(UTC):{'%H:%M:%S' if with_seconds else '%H:%M'}} UTC"


def mail_states(states: Mapping[JobState, int]) -> str:
    """Return how many mails are in each state, in the words of the page Mails, where who reads this looks next."""
    told = [f"{count} {_inside(str(STATE_WORDS[state][0]))}" for state, count in states.items() if count]
    return ", ".join(told) or "no mails"


def _inside(word: str) -> str:
    """Return a word as it stands inside a sentence."""
    return word[:1].lower() + word[1:]
