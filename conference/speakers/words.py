"""Where a speaker stands, as pages say it, each with the theme's class of its colour."""

from conference.speakers.model import ConsentKind, Interest, Standing, Task
from conference.web.language import lazy_gettext as _l

STANDING_WORDS: dict[Standing, tuple[str, str]] = {
    Standing.OPEN: (_l("Not invited"), "warn"),
    Standing.INVITED: (_l("Invited"), "warn"),
    Standing.CONFIRMED: (_l("Confirmed"), "good"),
    Standing.WAITING: (_l("Waiting list"), "warn"),
    Standing.WITHDRAWN: (_l("Withdrawn"), "soft"),
    Standing.DECLINED: (_l("Declined"), "error"),
}

TASK_WORDS = {
    Task.ANSWER: _l("Answer the invitation"),
    Task.DISCLOSURE: _l("Disclose your interests"),
    Task.BIOGRAPHY: _l("Write your biography"),
}

INTEREST_WORDS = {
    Interest.EMPLOYMENT: _l("Employment or leadership"),
    Interest.CONSULTANCY: _l("Consultancy"),
    Interest.SHARES: _l("Shares"),
    Interest.HONORARIA: _l("Honoraria"),
    Interest.FUNDING: _l("Research funding"),
    Interest.TESTIMONY: _l("Expert testimony"),
    Interest.LICENCES: _l("Licences"),
    Interest.OTHER: _l("Other"),
}

# The wording that is kept with each consent.
CONSENT_WORDS = {
    ConsentKind.RECORDING: _l("My talk may be recorded."),
    ConsentKind.PUBLICATION: _l("The recording and my slides may be published."),
    ConsentKind.PORTRAIT: _l("My portrait may be published."),
    ConsentKind.BIOGRAPHY: _l("My biography may be published."),
}
