"""Roles in a word, as the office's list and the mail of an invitation name them."""

from conference.web.access import Role
from conference.web.language import lazy_gettext as _l

ROLE_WORDS = {
    Role.ORGANISER: _l("Organiser"),
    Role.PROGRAMME: _l("Programme"),
    Role.DESK: _l("Desk"),
    Role.VIEWER: _l("Viewer"),
}
