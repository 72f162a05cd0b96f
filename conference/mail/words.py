"""A mail's states as the office reads them, each with the theme's class of its colour."""

from conference.jobs.model import JobState
from conference.web.language import lazy_gettext as _l

STATE_WORDS: dict[JobState, tuple[str, str]] = {
    JobState.QUEUED: (_l("In the queue"), "soft"),
    JobState.RUNNING: (_l("Being sent"), "soft"),
    JobState.RETRYING: (_l("Tried again later"), "warn"),
    JobState.DONE: (_l("Sent"), "good"),
    JobState.FAILED: (_l("Refused"), "error"),
    JobState.CANCELLED: (_l("Cancelled"), "soft"),
    JobState.HELD: (_l("Held back"), "error"),
}
