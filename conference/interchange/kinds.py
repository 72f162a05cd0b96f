"""Which kind of session the types of other systems are. Pure."""

from conference.core.text import folded
from conference.programme.model import Kind

# By the words of frab, pretalx, OSEM, FOSDEM and C3VOC's schema; what is not here is a parallel session.
_KINDS = {
    Kind.PLENARY: ("plenary", "keynote", "opening", "closing", "maintrack", "plenum", "ceremony"),
    Kind.WORKSHOP: ("workshop", "hands-on", "tutorial", "training", "course", "junior"),
    Kind.PANEL: ("panel", "podium", "discussion", "panel discussion", "round table", "debate"),
    Kind.POSTER: ("poster", "posters", "poster session", "demo"),
    Kind.BREAK: ("break", "coffee", "lunch", "pause", "coffee break", "lunch break"),
    Kind.SOCIAL: ("social", "dinner", "party", "reception", "concert", "performance", "social event"),
    Kind.INDUSTRY: ("industry", "industry symposium", "sponsored", "sponsor"),
    Kind.PARALLEL: ("parallel", "talk", "lecture", "session", "devroom", "lightningtalk", "lightning talk"),
}
_BY_TYPE = {word: kind for kind, words in _KINDS.items() for word in words} | {
    kind.value: kind for kind in Kind
}


def kind_of(kind: str) -> Kind:
    """Return the kind that a file's type is, PARALLEL for one that is not known."""
    return _BY_TYPE.get(folded(kind), Kind.PARALLEL)
