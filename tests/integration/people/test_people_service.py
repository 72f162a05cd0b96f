from dataclasses import replace

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.errors import NotFoundError, RevisionMissingError, StaleDeletionError, StaleRevisionError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.event.errors import StillUsedError
from conference.people import service
from conference.people.errors import AddressHeldError, NamelessError
from conference.people.model import PersonDetails
from conference.people.queries import count_people, find_person, get_person, search_people
from conference.programme.queries import draft_revision
from conference.registration.filters import ListFilters
from conference.registration.queries import badge_people
from tests.factories.programme import make_person, make_session, part
from tests.factories.registration import make_category, register_attendee

ASA = PersonDetails(given_name="Åsa", family_name="Lind", email="asa@example.org", country="SE")


def add(details: PersonDetails = ASA) -> PersonId:
    return transact(lambda session: service.add_by_office(session, details, actor=BY_SYSTEM))


def edit(person_id: PersonId, revision: int | None, details: PersonDetails) -> int:
    return transact(
        lambda session: service.edit_by_office(session, person_id, revision, details, actor=BY_SYSTEM)
    )


def delete(person_id: PersonId, revision: int | None) -> None:
    transact(lambda session: service.delete_person(session, person_id, revision, actor=BY_SYSTEM))


def revision_of_draft() -> int:
    db.session.remove()
    return draft_revision()


def test_names_are_kept_exactly_as_typed(app: Flask) -> None:
    details = replace(ASA, given_name="O'Brien <b>", family_name="van der Berg 李 محمد")
    assert get_person(add(details)).details == details


def test_search_finds_without_diacritics_and_counts(app: Flask) -> None:
    add()
    add(replace(ASA, given_name="Łukasz", family_name="Żak"))
    add(replace(ASA, given_name="100%", family_name="_"))
    assert [person.name for person in search_people("asa lind")] == ["Åsa Lind"]
    assert [person.name for person in search_people("lukasz")] == ["Łukasz Żak"]
    assert [person.name for person in search_people("%")] == ["100% _"]
    assert [count_people(), count_people(text="example.org"), count_people(text="nobody")] == [3, 3, 0]
    assert [person.name for person in search_people("", 2, offset=2)] == ["Łukasz Żak"]


def test_a_person_has_a_name(app: Flask) -> None:
    with pytest.raises(NamelessError):
        add(PersonDetails(email="x@example.org"))
    one_word = add(PersonDetails(family_name="Suharto"))
    with pytest.raises(NamelessError):
        edit(one_word, 1, PersonDetails())


def test_edit_and_delete_need_the_revision_that_was_seen(app: Flask) -> None:
    asa = add()
    assert edit(asa, 1, replace(ASA, family_name="Lindh")) == 2
    with pytest.raises(StaleRevisionError) as caught:
        edit(asa, 1, replace(ASA, family_name="Lindt"))
    assert caught.value.theirs["family_name"] == "Lindh"
    with pytest.raises(RevisionMissingError):
        edit(asa, None, ASA)
    with pytest.raises(StaleDeletionError):
        delete(asa, 1)
    delete(asa, 2)
    with pytest.raises(NotFoundError):
        delete(asa, 2)
    assert [entry.action for entry in history_of("person", asa)] == [
        "deleted",
        "values erased",
        "changed",
        "created",
    ]


def test_who_is_in_a_session_or_registered_is_not_deleted(app: Flask) -> None:
    speaker = make_person()
    make_session("Opening", people=[part(speaker)])
    with pytest.raises(StillUsedError) as caught:
        delete(speaker, 1)
    assert "“Opening”" in str(caught.value)
    register_attendee(make_category())
    db.session.remove()
    (line,) = badge_people(ListFilters())
    (registered,) = search_people("lindström")
    with pytest.raises(StillUsedError) as caught:
        delete(registered.id, registered.revision)
    assert line.number in str(caught.value)


def test_only_a_person_of_the_programme_raises_the_draft(app: Flask) -> None:
    speaker, other = make_person(), add()
    make_session("Opening", people=[part(speaker)])
    before = revision_of_draft()
    edit(other, 1, replace(ASA, given_name="Asa"))
    assert revision_of_draft() == before
    edit(speaker, 1, replace(ASA, given_name="Jürgen"))
    assert revision_of_draft() == before + 1


def test_the_address_of_a_registered_person_changes_at_the_registration(app: Flask) -> None:
    register_attendee(make_category())
    (person,) = search_people()
    with pytest.raises(AddressHeldError):
        edit(person.id, person.revision, replace(person.details, email="other@example.org"))
    renamed = replace(person.details, family_name="Quiñones")
    edit(person.id, person.revision, renamed)
    db.session.remove()
    assert len(badge_people(ListFilters(text="quinones"))) == 1
    assert find_person(person.id) is not None


def test_a_list_of_three_costs_what_a_list_of_one_costs(app: Flask) -> None:
    add()
    counts = []
    for _ in range(2):
        with counted_statements() as statements:
            search_people("lind")
        counts.append(len([line for line in statements if line.startswith("SELECT")]))
        add()
        add()
        db.session.remove()
    assert counts == [1, 1]
