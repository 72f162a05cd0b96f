"""A mail's states, kinds and history as the office reads them; states with the theme's class of their colour."""

from conference.jobs.model import JobState
from conference.mail.filters import Only
from conference.web.language import lazy_gettext as _l

STATE_WORDS: dict[JobState, tuple[str, str]] = {
    JobState.QUEUED: (_l("In the queue"), "soft"),
    JobState.RUNNING: (_l("Being sent"), "soft"),
    JobState.RETRYING: (_l("Tried again later"), "warn"),
    JobState.DONE: (_l("Sent"), "good"),
    JobState.FAILED: (_l("Refused"), "error"),
    JobState.CANCELLED: (_l("Cancelled"), "soft"),
    JobState.HELD: (_l("Held back"), "error"),
    JobState.PAUSED: (_l("Paused"), "warn"),
}

# As the README and the issue name them, and as a dashboard reads them.
METRIC_WORDS: dict[JobState, str] = {state: state.value for state in JobState} | {
    JobState.RUNNING: "sending",
    JobState.DONE: "sent",
}
ONLY_WORDS = {
    Only.LATE: _l("Waiting for more than 10 minutes"),
    Only.CAME_BACK: _l("Came back"),
}
LANGUAGE_WORDS = {"en": _l("English"), "sv": _l("Swedish"), "de": _l("German")}
# What was done to a mail, and by whom.
HISTORY_WORDS = {
    "sent again": _l("sent again"),
    "cancelled": _l("cancelled"),
    "sent to another address": _l("sent to another address"),
    "repeats another mail": _l("written to a corrected address"),
    "came back": _l("came back for good"),
    "address trusted": _l("its address was said to be right"),
}
_KINDS = {
    "already_registered": _l("Already registered"),
    "campaign": _l("Campaign"),
    "lost_link": _l("Lost link"),
    "message": _l("Mail of the office"),
    "other_name": _l("Registered under another name"),
    "pending": _l("Waits for approval"),
    "part_withdrawn": _l("Part without a registration"),
    "passed_on": _l("Place passed on"),
    "second_factor_tried": _l("Wrong second factors"),
    "sign_in_confirmation": _l("Confirmation of a sign-in"),
    "promoted": _l("Moved up from the waiting list"),
    "speaker_link": _l("Speaker's link"),
    "committee_link": _l("Committee member’s link"),
    "speaker_reminder": _l("Speaker's reminder"),
    "waiting": _l("Waiting list"),
}


def kind_word(kind: str) -> str:
    """Return the name of a kind of mail; one that has no words here is called by its templates' folder."""
    return str(_KINDS.get(kind) or kind.replace("_", " ").capitalize())
