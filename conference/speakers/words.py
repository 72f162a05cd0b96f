"""Where a speaker stands, as pages say it, each with the theme's class of its colour."""

from conference.speakers.model import Standing
from conference.web.language import lazy_gettext as _l

STANDING_WORDS: dict[Standing, tuple[str, str]] = {
    Standing.OPEN: (_l("Not confirmed"), "warn"),
    Standing.CONFIRMED: (_l("Confirmed"), "good"),
    Standing.WAITING: (_l("Waiting list"), "warn"),
    Standing.WITHDRAWN: (_l("Withdrawn"), "soft"),
}
