"""Roles in a word, as the office's list and the mail of an invitation name them; and what guards an account."""

from conference.web.access import Role
from conference.web.language import lazy_gettext as _l

ROLE_WORDS = {
    Role.ORGANISER: _l("Organiser"),
    Role.PROGRAMME: _l("Programme"),
    Role.DESK: _l("Desk"),
    Role.VIEWER: _l("Viewer"),
}

# What happened to what guards an account, as its owner is mailed.
GUARD_WORDS = {
    "authenticator added": _l("An authenticator app was added."),
    "authenticator removed": _l("The authenticator app was removed."),
    "passkey added": _l("A passkey was added."),
    "passkey removed": _l("A passkey was removed."),
    "passkey copied": _l(
        "A passkey was refused, because somebody else may hold a copy of it: remove it, and add a new one."
    ),
    "recovery codes renewed": _l("New recovery codes were made; those before no longer work."),
    "recovery code used": _l("Somebody signed in with the password and a recovery code."),
    "second factor reset": _l(
        "An organiser took away every second factor of the account, and signed it out everywhere."
    ),
}
