"""What a check of the schedule knows beside the programme. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from conference.core.ids import PersonId, SessionId
from conference.core.interval import Interval
from conference.core.text import as_typed
from conference.event.model import Event, Walks
from conference.programme.severity import DEFAULTS, MANY_MARKS, ConflictKind, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckSettings:
    """What staff set. Persons whose name is one of `placeholders` stand for nobody and never conflict.

    `many_marks` is from how many people on two sessions that they all marked are kept apart.
    """

    severities: Mapping[ConflictKind, Severity] = field(default_factory=lambda: DEFAULTS)
    placeholders: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    many_marks: int = MANY_MARKS
    revision: int = 0

    def severity(self, kind: ConflictKind) -> Severity:
        return self.severities.get(kind, DEFAULTS[kind])


def name_key(name: str) -> str:
    """Return a name as placeholders and sponsors are compared: without regard to case and doubled blanks."""
    return " ".join(as_typed(name).casefold().split())


Times = Mapping[PersonId, Sequence[Interval]]
# How many people marked both sessions, the smaller id first.
Marks = Mapping[tuple[SessionId, SessionId], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a check knows beside the programme.

    `unavailable` says when people cannot, `disclosed` who has signed a disclosure of interests (None where nobody
    asks for any), `registered` how many people have a place in a session.
    """

    event: Event
    settings: CheckSettings = field(default_factory=CheckSettings)
    unavailable: Times = field(default_factory=dict)
    walks: Walks = field(default_factory=dict)
    disclosed: Collection[PersonId] | None = None
    registered: Mapping[SessionId, int] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)
