"""What the office's page of a registration shows of its group. The office sees every place."""

from dataclasses import dataclass

from conference.core.ids import RegistrationId
from conference.people.model import Person
from conference.people.queries import get_person
from conference.registration.group_queries import all_of, find_group, membership
from conference.registration.model import STATE_WORDS, State


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupLine:
    """One member. `registration_id` and `state` are None where the address was known before."""

    name: str
    email: str
    registration_id: RegistrationId | None
    state: State | None

    @property
    def state_word(self) -> str:
        return STATE_WORDS[self.state] if self.state else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeGroup:
    id: int
    coordinator: Person
    lines: tuple[GroupLine, ...]


def office_group(registration_id: RegistrationId) -> OfficeGroup | None:
    """Return the group that the registration is in, with everybody in it; None for who came alone."""
    member = membership(registration_id)
    group = find_group(member.group_id) if member else None
    if group is None:
        return None
    lines = tuple(
        GroupLine(
            name=name,
            email=email,
            registration_id=RegistrationId(one) if one else None,
            state=State(state) if state else None,
        )
        for name, email, one, state in all_of(group.id)
    )
    return OfficeGroup(id=group.id, coordinator=get_person(group.person_id), lines=lines)
