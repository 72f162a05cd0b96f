"""Invited people are handed what is held of them, and erased: whether they registered or not."""

from datetime import timedelta

from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, InvitationId, PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.privacy.queries import everything_held
from conference.privacy.retention import RetentionSource, end_due
from conference.privacy.service import erase_person
from conference.registration.invitation_model import InvitationState
from conference.registration.invitations import delete_invitation, edit_invitation, mail_again
from conference.registration.model import Access, Seats
from conference.registration.queries import find_live_by_address
from tests.factories.dumps import lines_with
from tests.factories.invitations import by_invitation, make_invitation, send, stored_invitation
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import ledger

EMAIL = "zoe@unusual.example"
TRACES = ("Zoë", "Zwart", "zoe@", "Unusual Hospital", "Unusual note")


def guests(**details: int) -> CategoryId:
    return make_category("Guest", access=Access.INVITED, **details)


def invite_zoe(category: CategoryId, **details: object) -> InvitationId:
    return make_invitation(
        category,
        **{
            "email": EMAIL,
            "given_name": "Zoë",
            "family_name": "Zwart",
            "affiliation": "Unusual Hospital",
            "note": "Unusual note",
        }
        | details,
    )


def person_of(email: str) -> PersonId:
    db.session.rollback()
    found = find_live_by_address(email)
    assert found is not None
    return found.person_id


def erase(person_id: PersonId) -> None:
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()


def test_an_invited_person_is_handed_what_is_held(app: Flask) -> None:
    category = guests()
    send(by_invitation(category, invite_zoe(category), EMAIL))
    held = everything_held(person_of(EMAIL))
    assert [(one["state"], one["name"], one["note"]) for one in held["invitations"]] == [
        ("used", "Zoë Zwart", "Unusual note")
    ]
    assert [mail["to"] for mail in held["mails"]].count(EMAIL) == 2
    assert any(one["record"].startswith("invitation ") for one in held["history"])


def test_nothing_of_who_used_an_invitation_is_left(app: Flask) -> None:
    category = guests(seats=2)
    used, other = invite_zoe(category), make_invitation(category, email="other@x.example", holds_seat=True)
    send(by_invitation(category, used, EMAIL))
    erase(person_of(EMAIL))
    assert lines_with(*TRACES) == []
    assert stored_invitation(used).state is InvitationState.USED
    assert stored_invitation(other).details.email == "other@x.example"
    assert ledger(category) == Seats(seats=2, taken=0, waiting=0, reserved=1)


def test_an_open_invitation_to_the_address_of_the_erased_is_revoked_and_its_seat_given_back(
    app: Flask,
) -> None:
    """The person registered in another category after she was invited."""
    category, public = guests(seats=1), make_category()
    invitation = invite_zoe(category, holds_seat=True)
    register_attendee(public, email=EMAIL, given_name="Zoë", family_name="Zwart")
    erase(person_of(EMAIL))
    assert lines_with(*TRACES) == []
    assert stored_invitation(invitation).state is InvitationState.REVOKED
    assert ledger(category) == Seats(seats=1, taken=0, waiting=0)


def test_who_never_registered_is_erased_by_deleting_the_invitation(app: Flask) -> None:
    category = guests(seats=1)
    invitation = invite_zoe(category, holds_seat=True)
    transact(lambda session: mail_again(session, invitation, actor=BY_SYSTEM))
    before = stored_invitation(invitation)
    transact(
        lambda session: edit_invitation(
            session, invitation, 1, before.details, actor=BY_SYSTEM, now=clock.now()
        )
    )
    assert len(lines_with(*TRACES)) > 2
    transact(lambda session: delete_invitation(session, invitation, 2, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    assert lines_with(*TRACES) == []
    assert ledger(category).reserved == 0


def test_invitations_are_kept_no_longer_than_registrations(app: Flask) -> None:
    invitation = invite_zoe(guests())
    source = RetentionSource()
    assert source.claim("worker") == []
    assert end_due(clock.now()) == 0
    clock.begin_at(clock.now() + (get_event().last_day - clock.now().date()) + timedelta(days=185))
    db.session.rollback()
    (found,) = source.claim("worker")
    db.session.rollback()
    source.run(found, "worker")
    db.session.rollback()
    assert lines_with(*TRACES) == []
    assert end_due(clock.now()) == 0
    assert stored_invitation(invitation).details.email == ""
