"""What each conflict says, and what cures it: one short sentence each, with the names of both sides."""

from conference.core.errors import N_
from conference.programme.conflicts import Conflict
from conference.programme.severity import ConflictKind, Severity
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l

CONFLICT_WORDS = {
    ConflictKind.ROOM_TAKEN: _l("Room taken"),
    ConflictKind.ROOM_EMPTIED: _l("Room emptied by a plenary"),
    ConflictKind.PERSON_TWICE: _l("Person in two places"),
    ConflictKind.PERSON_UNAVAILABLE: _l("Person unavailable"),
    ConflictKind.WALK_TOO_SHORT: _l("Too short to walk"),
    ConflictKind.TOO_FEW_SEATS: _l("Too few seats"),
    ConflictKind.OUTSIDE_EVENT: _l("Outside the conference"),
    ConflictKind.OUTSIDE_ROOM_HOURS: _l("Room closed"),
    ConflictKind.TRACK_TWICE: _l("Two sessions of one track"),
    ConflictKind.MANY_MARKED: _l("Two sessions that many want"),
    ConflictKind.TALKS_TOO_LONG: _l("Talks longer than their session"),
    ConflictKind.CHAIR_MISSING: _l("Chair missing"),
    ConflictKind.DISCLOSURE_MISSING: _l("Disclosure missing"),
    ConflictKind.SPONSOR_IN_TITLE: _l("Sponsor in a title"),
    ConflictKind.INDUSTRY_UNMARKED: _l("Industry without its mark"),
}
SEVERITY_WORDS = {
    Severity.BLOCK_MOVE: _l("Blocks the move"),
    Severity.BLOCK_PUBLISHING: _l("Blocks publishing"),
    Severity.WARN: _l("Warns"),
    Severity.IGNORE: _l("Is ignored"),
}
# What is in the way; the sessions are named behind it.
_TOLD = {
    ConflictKind.ROOM_TAKEN: N_("%(room)s is taken twice for %(count)s minutes:"),
    ConflictKind.ROOM_EMPTIED: N_(
        "%(room)s is to be empty during a plenary, and is not for %(count)s minutes:"
    ),
    ConflictKind.PERSON_TWICE: N_("%(person)s is in two sessions for %(count)s minutes:"),
    ConflictKind.PERSON_UNAVAILABLE: N_("%(person)s cannot for %(count)s minutes of it:"),
    ConflictKind.WALK_TOO_SHORT: N_("%(person)s has %(gap)s minutes for a walk of %(walk)s:"),
    ConflictKind.TOO_FEW_SEATS: N_("%(room)s has %(seats)s seats for %(people)s people:"),
    ConflictKind.OUTSIDE_EVENT: N_("Outside the days of the conference for %(count)s minutes:"),
    ConflictKind.OUTSIDE_ROOM_HOURS: N_("%(room)s is closed for %(count)s minutes of it:"),
    ConflictKind.TRACK_TWICE: N_("Two sessions of the track “%(track)s” are at once for %(count)s minutes:"),
    ConflictKind.MANY_MARKED: N_("%(people)s people want both, which are at once for %(count)s minutes:"),
    ConflictKind.TALKS_TOO_LONG: N_("The talks last %(count)s minutes longer than their session:"),
    ConflictKind.CHAIR_MISSING: N_("Nobody chairs it:"),
    ConflictKind.DISCLOSURE_MISSING: N_("%(person)s has not signed a disclosure of interests:"),
    ConflictKind.SPONSOR_IN_TITLE: N_("The title “%(title)s” names the sponsor %(sponsor)s:"),
    ConflictKind.INDUSTRY_UNMARKED: N_("%(sponsor)s pays for it, and its kind does not say so:"),
}
_CURES = {
    ConflictKind.ROOM_TAKEN: N_(
        "Move one of the two by %(count)s minutes or into another room, or mark both as sharing it."
    ),
    ConflictKind.ROOM_EMPTIED: N_(
        "Move the session in %(room)s before or after the plenary, or into another room."
    ),
    ConflictKind.PERSON_TWICE: N_(
        "Move one of the two by %(count)s minutes, or name somebody else in one of them."
    ),
    ConflictKind.PERSON_UNAVAILABLE: N_("Move it to a time when %(person)s can."),
    ConflictKind.WALK_TOO_SHORT: N_(
        "Leave %(count)s minutes more between the two, or choose rooms that are nearer."
    ),
    ConflictKind.TOO_FEW_SEATS: N_("Choose a room with at least %(people)s seats."),
    ConflictKind.OUTSIDE_EVENT: N_("Move it into the days of the conference."),
    ConflictKind.OUTSIDE_ROOM_HOURS: N_("Move it into the hours of %(room)s, or into another room."),
    ConflictKind.TRACK_TWICE: N_("Put the two at different times."),
    ConflictKind.MANY_MARKED: N_("Put the two at different times."),
    ConflictKind.TALKS_TOO_LONG: N_(
        "Let the session last %(count)s minutes longer, or shorten the talks by that."
    ),
    ConflictKind.CHAIR_MISSING: N_("Name a chair or a moderator in the session."),
    ConflictKind.DISCLOSURE_MISSING: N_(
        "Send the personal link, where it is signed. Until then no version can be final."
    ),
    ConflictKind.SPONSOR_IN_TITLE: N_(
        "Take the name out of the title: scientific sessions carry no sponsor."
    ),
    ConflictKind.INDUSTRY_UNMARKED: N_("Choose the kind “Industry symposium”, or clear who pays for it."),
}


def told(conflict: Conflict) -> str:
    """Return what is in the way, with who or what and for how long, in the reader's language."""
    return gettext(_TOLD[conflict.kind], **_facts(conflict))


def cure(conflict: Conflict) -> str:
    """Return what would end the conflict, in the reader's language."""
    return gettext(_CURES[conflict.kind], **_facts(conflict))


def _facts(conflict: Conflict) -> dict[str, object]:
    """Return what the sentences name. Each kind has some of it."""
    names = {
        name: getattr(conflict, name).name for name in ("room", "person", "track") if hasattr(conflict, name)
    }
    own = {"gap": "gap_min", "walk": "walk_min", "seats": "seats", "title": "title", "sponsor": "sponsor"}
    values = {name: getattr(conflict, of) for name, of in own.items() if hasattr(conflict, of)}
    people = getattr(conflict, "needed", getattr(conflict, "marks", 0))
    return {"count": conflict.minutes, "people": people, **names, **values}
