"""Entries outlive an erasure without the erased person's data, and their chain holds (trust.md 29 and 30)."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from conference.accounts.desk_codes import come_in, day_span, make_code
from conference.accounts.forgetting import SESSIONS_KEPT
from conference.accounts.model import Browser
from conference.accounts.queries import staff_names
from conference.accounts.service import open_session
from conference.accounts.tables import StaffRow, StaffSessionRow
from conference.audit.model import BY_SYSTEM
from conference.audit.sealing import seal_due
from conference.audit.service import record
from conference.audit.tables import EntryRow, PayloadRow
from conference.audit.verifying import verify
from conference.core.clock import STOCKHOLM, clock, real_now
from conference.core.ids import PersonId, StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.people.model import PersonDetails
from conference.people.queries import get_person, merged_into
from conference.people.service import create_person, delete_person, edit_person
from conference.privacy.queries import everything_held
from conference.privacy.retention import RetentionSource, end_staff, endings
from conference.privacy.service import erase_person
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.dumps import lines_with
from tests.factories.merged import merge_into

# With its blank: a random token has no blank, and may have these three letters.
TRACES = ("Zoë", "Zwart", "Zoe ", "unusual.example")


def a_person(given: str, email: str) -> PersonId:
    details = PersonDetails(given_name=given, family_name="Zwart", email=email)
    made = transact(lambda session: create_person(session, details, actor=BY_SYSTEM))
    db.session.rollback()
    return made


def renamed(person_id: PersonId, given: str) -> None:
    before = get_person(person_id)
    details = PersonDetails(given_name=given, family_name="Zwart", email=before.details.email)
    db.session.rollback()
    transact(lambda session: edit_person(session, person_id, before.revision, details, actor=BY_SYSTEM))
    db.session.rollback()


def counted(table: type[EntryRow | PayloadRow]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def zoe(app: Flask) -> PersonId:
    """One person of three records that became one, each changed before; somebody gave a reason that names her."""
    first, second, third = (a_person(f"Zoe {number}", f"{number}@unusual.example") for number in range(3))
    for person_id in (first, second, third):
        renamed(person_id, "Zoë")
    merge_into(second, third)
    merge_into(first, second)
    about = ("person", first)
    transact(
        lambda session: record(session, actor=BY_SYSTEM, action="changed", about=about, reason="Zoë asked")
    )
    db.session.rollback()
    return first


@pytest.mark.parametrize("is_sealed", [True, False], ids=["sealed", "not sealed yet"])
def test_entries_stay_without_the_person_and_the_chain_holds(zoe: PersonId, is_sealed: bool) -> None:
    assert any(line.startswith("audit_payload") for line in lines_with(*TRACES))
    assert merged_into(zoe, db.session()) == [2, 3]
    assert len(everything_held(zoe)["history"]) > 8
    entries = counted(EntryRow)
    if is_sealed:
        seal_due()
    db.session.rollback()
    transact(lambda session: erase_person(session, zoe, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    # Before a worker has sealed that it was an erasure, too.
    assert verify().findings == []
    db.session.rollback()
    assert lines_with(*TRACES) == []
    assert counted(EntryRow) > entries
    seal_due()
    db.session.rollback()
    verdict = verify()
    assert (verdict.waiting, verdict.findings) == (0, [])
    assert (verdict.erased > 0) == is_sealed


def test_nothing_is_left_of_a_person_who_was_deleted(app: Flask) -> None:
    person_id = a_person("Zoe", "z@unusual.example")
    renamed(person_id, "Zoë")
    seal_due()
    transact(lambda session: delete_person(session, person_id, 2, actor=BY_SYSTEM))
    assert lines_with(*TRACES) == []
    seal_due()
    assert verify().findings == []
    # And whoever is next has a number of their own.
    assert a_person("Bo", "bo@x.example") > person_id


def helper(name: str) -> int:
    """Let somebody come in by a code of the day, and return their number."""
    organiser = make_member(Role.ORGANISER)
    day = real_now().astimezone(STOCKHOLM).date()
    code = transact(
        lambda session: make_code(session, "North door", day, staff_id=organiser, now=day_span(day)[0])
    )
    browser = Browser(device="Firefox on Linux")
    transact(lambda session: come_in(session, code, name, now=real_now(), browser=browser))
    found = db.session.scalar(select(StaffRow.id).where(StaffRow.name.startswith(name)))
    db.session.rollback()
    assert found is not None
    return found


def test_names_of_the_desks_helpers_go_with_the_registrations(app: Flask) -> None:
    number = helper("Zoë Zwart")
    kept = next(one for one in endings() if one.kind.name == "desk")
    assert kept.people == 1
    assert kept.at is not None
    db.session.rollback()
    clock.begin_at(kept.at - timedelta(minutes=1))
    assert end_staff(clock.now()) == 0
    clock.begin_at(kept.at)
    worker = RetentionSource()
    assert worker.claim("me") == [1]
    worker.run(1, "me")
    db.session.rollback()
    assert lines_with(*TRACES) == []
    assert staff_names([number]) == {number: "Helper (desk code: North door)"}
    db.session.rollback()
    assert end_staff(clock.now()) == 0


def signed_in(staff_id: StaffId, at: datetime) -> None:
    end = at + timedelta(hours=1)
    transact(lambda session: open_session(session, staff_id, now=at, until=end))


def test_sessions_that_are_long_over_are_forgotten(app: Flask) -> None:
    staff_id = make_member(Role.ORGANISER)
    for days_ago in (0, SESSIONS_KEPT.days * 2):
        signed_in(staff_id, real_now() - timedelta(days=days_ago))
    assert get_event().last_day > clock.now().date()
    db.session.rollback()
    assert RetentionSource().claim("me") == [1]
    db.session.rollback()
    assert end_staff(clock.now()) == 1
    assert db.session.scalar(select(func.count()).select_from(StaffSessionRow)) == 1
