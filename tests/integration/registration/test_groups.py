"""A group comes in whole or not at all, and what its coordinator learns tells nothing of other people's addresses."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask import Flask

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock, real_now
from conference.core.ids import CategoryId, PersonId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.event.errors import StillUsedError
from conference.mail.queries import mails_about
from conference.people.queries import get_person
from conference.people.service import delete_person
from conference.privacy.queries import everything_held
from conference.privacy.service import erase_person
from conference.registration.approving import restore
from conference.registration.category_queries import get_category
from conference.registration.errors import CategoryClosedError, CategoryGoneError
from conference.registration.group_errors import (
    EmptyGroupError,
    GroupFullError,
    GroupTooBigError,
    NamedTwiceError,
)
from conference.registration.group_model import GROUP_SIZE, Member, NamedPerson
from conference.registration.group_queries import find_group, members_of
from conference.registration.grouping import add_member, show_to_coordinator
from conference.registration.lost_links import answer_request, ask_for_link
from conference.registration.model import Access, Seats, State
from conference.registration.queries import count_registrations, get_registration
from conference.registration.service import withdraw
from tests.factories.dumps import lines_with
from tests.factories.groups import ANA, BO, KIM, a_group, make_group, send
from tests.factories.registration import make_category, register_attendee

CY = NamedPerson(row=2, given_name="Cy", email="cy@x.example")


def ledger(category: CategoryId) -> Seats:
    db.session.rollback()
    return get_category(category).ledger


def lines(group_id: int = 1) -> Sequence[Member]:
    db.session.rollback()
    return members_of(group_id)


def kinds(about: tuple[str, int]) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(mail.kind, mail.recipient) for mail in mails_about(*about)]


def test_everybody_gets_a_place_and_a_mail(app: Flask) -> None:
    category = make_category(seats=4)
    make_group(category, ANA, BO, CY, takes_part=True)
    assert ledger(category) == Seats(seats=4, taken=4, waiting=0)
    assert [(one.place, one.name, one.email, one.is_shown) for one in lines()] == [
        (1, "Kim Berg", "kim@hospital.example", True),
        (2, "Ana Alm", "ana@x.example", False),
        (3, "Bo Björk", "kim@hospital.example", True),
        (4, "Cy", "cy@x.example", False),
    ]
    found = [kinds(("registration", one.registration_id or 0)) for one in lines()]
    assert found == [[("confirmation", one.email)] for one in lines()]
    assert kinds(("registration_group", 1)) == [("group_overview", "kim@hospital.example")]


def test_the_overview_names_everybody_and_the_places_that_the_coordinator_sees(app: Flask) -> None:
    make_group(make_category())
    db.session.rollback()
    text = mails_about("registration_group", 1)[0].text
    shown = lines()[1]
    assert "Ana Alm: Answered by mail" in text
    assert f"Bo Björk: {shown.number}, Confirmed" in text


def test_too_few_places_register_nobody_until_the_rest_may_wait(app: Flask) -> None:
    category = make_category(seats=2)
    form = a_group(category, ANA, BO, CY)
    with pytest.raises(GroupTooBigError) as refused:
        send(form)
    assert (refused.value.left, count_registrations()) == (2, 0)
    register_attendee(category)
    # One less than the page said: asked again.
    with pytest.raises(GroupTooBigError):
        send(replace(form, accepts_left=2))
    send(replace(form, accepts_left=1))
    assert ledger(category) == Seats(seats=2, taken=2, waiting=2)
    # Who shares the coordinator's address comes first.
    assert lines()[1].state is State.CONFIRMED


def test_a_category_with_approval_lets_each_wait_for_it(app: Flask) -> None:
    make_group(make_category(seats=1, needs_approval=True))
    assert [get_registration(RegistrationId(one)).state for one in (1, 2)] == [State.PENDING] * 2
    assert kinds(("registration", 1))[0][0] == "pending"


def test_closed_and_not_public_categories_take_no_group(app: Flask) -> None:
    with pytest.raises(CategoryClosedError):
        make_group(make_category("Closed", seats=0))
    with pytest.raises(CategoryGoneError):
        make_group(make_category("Invited", access=Access.INVITED))
    with pytest.raises(CategoryGoneError):
        make_group(CategoryId(99))


@pytest.mark.parametrize(
    ("people", "field"),
    [
        ((ANA, replace(CY, email=" ANA@x.example")), "people-2-email"),
        ((BO, replace(BO, row=4)), "people-4-given_name"),
        ((replace(BO, given_name="KIM", family_name="berg"),), "people-1-given_name"),
    ],
    ids=["address", "name at the shared address", "the coordinator"],
)
def test_who_is_named_twice_is_refused_by_row(
    app: Flask, people: tuple[NamedPerson, ...], field: str
) -> None:
    with pytest.raises(NamedTwiceError) as refused:
        send(a_group(make_category(), *people, takes_part=True))
    assert refused.value.field == field


def test_nobody_and_more_than_20_are_no_group(app: Flask) -> None:
    category = make_category()
    with pytest.raises(EmptyGroupError):
        send(replace(a_group(category), people=()))
    crowd = tuple(NamedPerson(row=row, given_name=f"P{row}") for row in range(GROUP_SIZE))
    with pytest.raises(GroupFullError):
        send(a_group(category, *crowd, takes_part=True))
    send(a_group(category, *crowd))
    assert count_registrations() == GROUP_SIZE


def test_a_known_address_is_answered_by_mail_and_looks_like_any_other(app: Flask) -> None:
    category = make_category(seats=3)
    register_attendee(category, given_name="Ana", family_name="Alm", email="ana@x.example")
    # Two places are left for two people, although one needs none: the answer is as if both did.
    make_group(category, ANA, CY)
    known, new = lines()
    assert (known.number, known.state, known.counts) == (new.number, new.state, new.counts)
    assert known.registration_id is None
    assert ("already_registered", "ana@x.example") in kinds(("registration", 1))
    assert ledger(category).taken == 2


def test_a_known_address_does_not_make_room(app: Flask) -> None:
    category = make_category(seats=2)
    register_attendee(category, email="ana@x.example")
    with pytest.raises(GroupTooBigError):
        make_group(category, ANA, CY)


def test_the_same_form_again_and_a_second_group_change_nothing(app: Flask) -> None:
    category = make_category()
    form = a_group(category)
    for _ in range(3):
        send(form)
    # The address coordinates a group already: its overview went out a moment ago, so nothing is mailed.
    send(a_group(category, CY))
    assert count_registrations() == 2
    assert len(kinds(("registration_group", 1))) == 1
    make_group(make_category("Student"), CY)
    db.session.rollback()
    assert count_registrations() == 3


def test_others_register_with_an_address_that_a_group_shares_once(app: Flask) -> None:
    category = make_category()
    make_group(category)
    register_attendee(category, email="kim@hospital.example")
    assert count_registrations() == 3
    with_own = register_attendee(category, email="KIM@hospital.example")
    assert (with_own, count_registrations()) == (RegistrationId(3), 3)


def test_a_lost_link_brings_all_links_of_the_address(app: Flask) -> None:
    make_group(make_category(), takes_part=True)
    transact(lambda session: ask_for_link(session, "kim@hospital.example", now=real_now()))
    transact(lambda session: answer_request(session, 1, now=real_now()))
    asked = [kinds(("registration", one)) for one in (1, 2, 3)]
    assert [("lost_link", "kim@hospital.example") in found for found in asked] == [True, True, False]
    # The overview is not written twice in 10 minutes.
    assert len(kinds(("registration_group", 1))) == 1


def test_one_who_shares_the_address_can_be_brought_back(app: Flask) -> None:
    make_group(make_category(), takes_part=True)
    shared = lines()[2].registration_id
    assert shared is not None
    transact(lambda session: withdraw(session, shared, actor=BY_LINK, now=clock.now()))
    assert lines()[2].state is State.WITHDRAWN
    transact(lambda session: restore(session, shared, actor=BY_SYSTEM, now=clock.now()))
    assert lines()[2].state is State.CONFIRMED
    mail = mails_about("registration", shared)[0]
    assert "has ended, and its ticket is void" not in mail.text


def test_a_member_lets_the_coordinator_see_the_place(app: Flask) -> None:
    make_group(make_category())
    own = lines()[0].registration_id
    assert own is not None
    transact(lambda session: show_to_coordinator(session, own, is_shown=True))
    assert lines()[0].state is State.CONFIRMED
    transact(lambda session: show_to_coordinator(session, own, is_shown=False))
    assert lines()[0].state is None


def add(person: NamedPerson, accepts_left: int | None = None) -> None:
    group = find_group(1)
    assert group is not None
    db.session.rollback()
    transact(lambda session: add_member(session, group, person, accepts_left=accepts_left, now=clock.now()))


def test_one_more_is_added_while_there_is_room(app: Flask) -> None:
    category = make_category(seats=3)
    make_group(category)
    add(CY)
    assert [one.place for one in lines()] == [1, 2, 3]
    dee = NamedPerson(row=0, given_name="Dee")
    with pytest.raises(GroupTooBigError):
        add(dee)
    add(dee, accepts_left=0)
    assert (lines()[3].state, lines()[3].waiting_place) == (State.WAITING, 1)
    with pytest.raises(NamedTwiceError):
        add(dee, accepts_left=0)
    with pytest.raises(NamedTwiceError):
        add(replace(CY, email="CY@x.example"), accepts_left=0)


def test_a_group_of_20_takes_one_more_only_after_one_has_left(app: Flask) -> None:
    crowd = tuple(NamedPerson(row=row, given_name=f"P{row}") for row in range(GROUP_SIZE))
    make_group(make_category(), *crowd)
    with pytest.raises(GroupFullError):
        add(CY)
    gone = lines()[0].registration_id
    assert gone is not None
    transact(lambda session: withdraw(session, gone, actor=BY_LINK, now=clock.now()))
    add(CY)
    assert len(lines()) == GROUP_SIZE + 1


def erase(person_id: PersonId) -> None:
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()


def test_erasing_one_who_shares_the_address_leaves_the_others_alone(app: Flask) -> None:
    make_group(make_category(), BO, NamedPerson(row=2, given_name="Cato"))
    db.session.rollback()
    person = get_registration(RegistrationId(1)).person_id
    assert "Björk" in str(everything_held(person))
    assert "Cato" not in str(everything_held(person))
    erase(person)
    assert lines_with("Björk") == []
    assert kinds(("registration", 2)) == [("confirmation", "kim@hospital.example")]


def test_erasing_the_coordinator_empties_the_group_and_its_link(app: Flask) -> None:
    category = make_category()
    register_attendee(category, email="ana@x.example")
    group = make_group(category, ANA, CY)
    db.session.rollback()
    with pytest.raises(StillUsedError):
        transact(
            lambda session: delete_person(
                session, group.person_id, get_person(group.person_id, session).revision, actor=BY_SYSTEM
            )
        )
    assert "Ana Alm" in str(everything_held(group.person_id))
    erase(group.person_id)
    assert lines_with("Berg", KIM.email, "Ana Alm") == []
    found = find_group(group.id)
    assert found is not None
    assert found.link_version == group.link_version + 1


def test_erasing_who_was_known_before_takes_the_line_out_too(app: Flask) -> None:
    category = make_category()
    register_attendee(category, email="ana@x.example")
    make_group(category, ANA)
    erase(get_registration(RegistrationId(1)).person_id)
    assert lines_with("ana@x.example") == []
