"""A delegation of a hospital in the invented data: four people, one with the coordinator's address, one place passed on."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK
from conference.core.ids import CategoryId
from conference.demo.names import invented
from conference.registration.group_model import NamedPerson, PassOn, RegisterGroup
from conference.registration.group_queries import find_by_address, members_of
from conference.registration.grouping import register_group
from conference.registration.passing import pass_on

GROUP_SIZE = 4


def register_delegation(session: Session, category_id: CategoryId, *, first: int, now: datetime) -> None:
    """Register the invented people from `first` on as a group; the first of them coordinates it and takes part."""
    coordinator, *others = (invented(first + one) for one in range(GROUP_SIZE))
    people = tuple(
        NamedPerson(
            row=row,
            given_name=one.given_name,
            family_name=one.family_name,
            # The last has no address of their own.
            email=one.email if row < len(others) - 1 else "",
            profession="nursing",
        )
        for row, one in enumerate(others)
    )
    form = RegisterGroup(
        form_key="demonstration-group",
        category_id=category_id,
        coordinator=replace(
            coordinator, affiliation="Example Children's Hospital", affiliation_short="", country="SE"
        ),
        takes_part=True,
        people=people,
    )
    register_group(session, form, now=now)
    _pass_one_on(session, form, now)


def _pass_one_on(session: Session, form: RegisterGroup, now: datetime) -> None:
    group = find_by_address(form.coordinator.email, form.category_id, session)
    assert group is not None
    given_up = members_of(group.id, session)[1].registration_id
    assert given_up is not None
    newcomer = replace(form.coordinator, given_name="Ingrid", family_name="Ersättersson")
    person = replace(newcomer, title="", letters="", email="ingrid@demo.example")
    command = PassOn(registration_id=given_up, person=person, profession="nursing", seen_version=1)
    pass_on(session, command, actor=BY_LINK, now=now)
