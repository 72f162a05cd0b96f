"""What kinds, roles and states are called on pages."""

from conference.programme.changes import ChangeKind
from conference.programme.model import Kind, Level, PartRole
from conference.web.language import lazy_gettext as _l

KIND_WORDS = {
    Kind.PLENARY: _l("Plenary"),
    Kind.PARALLEL: _l("Parallel session"),
    Kind.WORKSHOP: _l("Workshop"),
    Kind.PANEL: _l("Panel"),
    Kind.POSTER: _l("Posters"),
    Kind.BREAK: _l("Break"),
    Kind.SOCIAL: _l("Social"),
    Kind.INDUSTRY: _l("Industry symposium"),
    Kind.EXHIBITION: _l("Exhibition"),
}

ROLE_WORDS = {
    PartRole.SPEAKER: _l("Speaker"),
    PartRole.PRESENTING_AUTHOR: _l("Presenting author"),
    PartRole.CHAIR: _l("Chair"),
    PartRole.MODERATOR: _l("Moderator"),
    PartRole.PANELLIST: _l("Panellist"),
}

ROLE_PLURALS = {
    PartRole.SPEAKER: _l("Speakers"),
    PartRole.PRESENTING_AUTHOR: _l("Presenting authors"),
    PartRole.CHAIR: _l("Chairs"),
    PartRole.MODERATOR: _l("Moderators"),
    PartRole.PANELLIST: _l("Panellists"),
}

LEVEL_WORDS = {
    Level.INTRODUCTORY: _l("Introductory"),
    Level.INTERMEDIATE: _l("Intermediate"),
    Level.ADVANCED: _l("Advanced"),
}

CHANGE_WORDS = {
    ChangeKind.ADDED: _l("Added"),
    ChangeKind.CANCELLED: _l("Cancelled"),
    ChangeKind.MOVED_IN_TIME: _l("Moved in time"),
    ChangeKind.MOVED_IN_ROOM: _l("Moved in room"),
    ChangeKind.LENGTHENED: _l("Longer"),
    ChangeKind.SHORTENED: _l("Shorter"),
    ChangeKind.RETITLED: _l("New title"),
    ChangeKind.PEOPLE: _l("Other people"),
    ChangeKind.TALKS: _l("Other talks"),
    ChangeKind.DETAILS: _l("Other details"),
    ChangeKind.ROOMS: _l("Rooms changed"),
    ChangeKind.TRACKS: _l("Tracks changed"),
    ChangeKind.DAYS: _l("Days changed"),
}

FIELD_WORDS = {
    "kind": _l("Kind"),
    "title": _l("Title"),
    "abstract": _l("Abstract"),
    "track_id": _l("Track"),
    "room_id": _l("Room"),
    "starts_at": _l("Start"),
    "duration_min": _l("Minutes"),
    "position": _l("Position"),
    "people": _l("People"),
    "level": _l("Level"),
    "keywords": _l("Keywords"),
    "co_authors": _l("Co-authors"),
    "is_pinned": _l("Pinned"),
    "may_share_room": _l("Shares its room"),
    "expected_people": _l("People expected"),
    "sponsor": _l("Company that pays for it"),
    "parent_id": _l("Stands inside"),
    "extra_id": _l("People register by"),
    "poster_number": _l("Poster number"),
    "board": _l("Board"),
    "talk": _l("Talk"),
    "talks": _l("Talks"),
}
