"""What badges show beside the person's own record: the event's words, and who chose what. Values; one read for a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conference.core.ids import ExtraId, RegistrationId, SessionId


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanLine:
    """One line of a programme: a day's name, a time such as 09:00, what is then, and where. `day` alone is a heading."""

    day: str
    time: str
    title: str
    room: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BadgeFacts:
    """What is alike on all badges of a run, and by registration what is not.

    `days` are (ISO date, name) of the event, `extras` what can be chosen, in the office's order. `plan` is the plan of
    the days for who has no programme of their own, `sessions` each session's line, in order of time.
    """

    event_title: str = ""
    organisers: tuple[str, ...] = ()
    event_dates: str = ""
    event_place: str = ""
    days: tuple[tuple[str, str], ...] = ()
    extras: Mapping[ExtraId, str] = field(default_factory=dict)
    plan: tuple[PlanLine, ...] = ()
    sessions: Mapping[SessionId, PlanLine] = field(default_factory=dict)
    session_extras: Mapping[ExtraId, SessionId] = field(default_factory=dict)
    chosen_extras: Mapping[RegistrationId, frozenset[ExtraId]] = field(default_factory=dict)
    marked: Mapping[RegistrationId, frozenset[SessionId]] = field(default_factory=dict)
    pronouns: Mapping[RegistrationId, str] = field(default_factory=dict)

    def common(self, name: str, words: str) -> tuple[str, ...]:
        """Return the lines of a field that is the same on all badges."""
        if name == "organisers":
            return self.organisers
        said = words if name == "words" else getattr(self, name)
        return (said,) if said else ()

    def own_sessions(self, registration_id: RegistrationId) -> tuple[PlanLine, ...]:
        """Return the lines of what the person marked or has a place in, in order of time."""
        held = {
            self.session_extras[one]
            for one in self.chosen_extras.get(registration_id, ())
            if one in self.session_extras
        }
        meant = held | self.marked.get(registration_id, frozenset())
        return tuple(line for one, line in self.sessions.items() if one in meant) if meant else ()
