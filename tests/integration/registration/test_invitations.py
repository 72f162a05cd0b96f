"""Invitations: who may use them, what becomes of a held seat, and what the office may do with them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import NotFoundError, StaleRevisionError
from conference.core.ids import CategoryId, InvitationId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.model import MailRecord
from conference.mail.queries import mails_about
from conference.registration import attempts, invitations
from conference.registration.category_queries import get_category
from conference.registration.category_service import delete_category, edit_category
from conference.registration.errors import CategoryGoneError
from conference.registration.invitation_errors import (
    EmailFixedError,
    InvitationClosedError,
    InvitationLapsedError,
    InvitationRevokedError,
    InvitationUsedError,
)
from conference.registration.invitation_model import Invitation, InvitationState
from conference.registration.invitation_queries import get_invitation
from conference.registration.inviting_errors import (
    CategoryPromisedError,
    DeadlineOverError,
    InvitationCategoryError,
    InvitationSettledError,
    InvitationWithoutAddressError,
    InvitedAlreadyError,
    InviteeRegisteredError,
    NoSeatToHoldError,
)
from conference.registration.model import Access, Registration, Seats, State
from conference.registration.queries import find_live_by_address
from conference.registration.service import correct, withdraw
from tests.factories.invitations import INVITEE, by_invitation, make_invitation, send
from tests.factories.registration import make_category, register_attendee

WEEK = timedelta(days=7)


def guests(**details: object) -> CategoryId:
    return make_category("Guest", **({"access": Access.INVITED} | details))


def registered(email: str = INVITEE) -> Registration | None:
    db.session.rollback()
    return find_live_by_address(email)


def stored(invitation_id: InvitationId) -> Invitation:
    db.session.rollback()
    return get_invitation(invitation_id)


def mails(invitation_id: InvitationId) -> list[MailRecord]:
    db.session.rollback()
    return mails_about("invitation", invitation_id)


def seats(category: CategoryId) -> Seats:
    db.session.rollback()
    return get_category(category).ledger


def test_an_invitation_registers_once(app: Flask) -> None:
    category = guests(seats=3)
    invitation = make_invitation(category)
    send(by_invitation(category, invitation))
    made = registered()
    assert made is not None
    assert (made.state, made.category_id) == (State.CONFIRMED, category)
    used = stored(invitation)
    assert (used.state, used.registration_id) == (InvitationState.USED, made.id)
    assert seats(category) == Seats(seats=3, taken=1, waiting=0)
    with pytest.raises(InvitationUsedError):
        send(by_invitation(category, invitation))
    assert "came by invitation" in [one.action for one in history_of("registration", made.id)]
    assert [one.action for one in history_of("invitation", invitation)] == ["invitation used", "invited"]


def test_the_same_form_twice_has_one_answer(app: Flask) -> None:
    category = guests()
    form = by_invitation(category, make_invitation(category))
    assert send(form) == send(form)


def test_the_public_and_other_forms_do_not_get_in(app: Flask) -> None:
    category, other = guests(), make_category()
    invitation = make_invitation(category)
    with pytest.raises(CategoryGoneError):
        register_attendee(category, email="public@x.example")
    with pytest.raises(CategoryGoneError):
        send(by_invitation(other, invitation))
    assert stored(invitation).state is InvitationState.OPEN


def test_a_fixed_address_is_fixed_and_a_free_one_is_not(app: Flask) -> None:
    category = guests()
    fixed, free = make_invitation(category), make_invitation(category, email="")
    with pytest.raises(EmailFixedError):
        send(by_invitation(category, fixed, "other@x.example"))
    send(by_invitation(category, fixed, INVITEE.upper()))
    send(by_invitation(category, free, "other@x.example"))
    assert registered() is not None
    assert registered("other@x.example") is not None


def test_the_deadline_is_half_open(app: Flask) -> None:
    category = guests(seats=2)
    end = clock.now() + WEEK
    late = make_invitation(category, expires_at=end, email="a@x.example")
    last = make_invitation(category, expires_at=end + timedelta(seconds=1), email="b@x.example")
    clock.begin_at(end)
    with pytest.raises(InvitationLapsedError):
        send(by_invitation(category, late, "a@x.example"))
    send(by_invitation(category, last, "b@x.example"))
    assert registered("b@x.example") is not None


def test_a_held_seat_is_held_until_it_is_used(app: Flask) -> None:
    category = guests(seats=1, access=Access.PUBLIC)
    invitation = make_invitation(category, holds_seat=True)
    assert seats(category) == Seats(seats=1, taken=0, waiting=0, reserved=1)
    register_attendee(category, email="public@x.example")
    assert seats(category) == Seats(seats=1, taken=0, waiting=1, reserved=1)
    send(by_invitation(category, invitation))
    assert seats(category) == Seats(seats=1, taken=1, waiting=1)
    made = registered()
    assert made is not None
    assert made.state is State.CONFIRMED


@pytest.mark.parametrize("end", ["lapse", "revoke", "delete"])
def test_a_held_seat_that_is_not_used_goes_to_the_longest_waiting(app: Flask, end: str) -> None:
    category = guests(seats=1, access=Access.PUBLIC)
    invitation = make_invitation(category, holds_seat=True)
    register_attendee(category, email="first@x.example")
    register_attendee(category, email="second@x.example")
    now = clock.now()
    acts = {
        "lapse": lambda session: invitations.lapse(session, invitation, now=now + WEEK),
        "revoke": lambda session: invitations.revoke(session, invitation, actor=BY_SYSTEM, now=now),
        "delete": lambda session: invitations.delete_invitation(
            session, invitation, 1, actor=BY_SYSTEM, now=now
        ),
    }
    transact(acts[end])
    assert seats(category) == Seats(seats=1, taken=1, waiting=1)
    first, second = registered("first@x.example"), registered("second@x.example")
    assert (first and first.state, second and second.state) == (State.OFFERED, State.WAITING)
    with pytest.raises((InvitationLapsedError, InvitationRevokedError, NotFoundError)):
        send(by_invitation(category, invitation))


def test_without_a_held_seat_it_is_as_for_anybody(app: Flask) -> None:
    category = guests(seats=1)
    one, other = (make_invitation(category, email=f"{name}@x.example") for name in "ab")
    send(by_invitation(category, one, "a@x.example"))
    send(by_invitation(category, other, "b@x.example"))
    assert seats(category) == Seats(seats=1, taken=1, waiting=1)


@pytest.mark.parametrize(
    ("promised", "state"),
    [
        ({}, State.PENDING),
        ({"skips_approval": True}, State.CONFIRMED),
        ({"holds_seat": True}, State.CONFIRMED),
    ],
)
def test_approval_comes_first_unless_it_is_skipped(
    app: Flask, promised: dict[str, bool], state: State
) -> None:
    category = guests(seats=1, needs_approval=True)
    send(by_invitation(category, make_invitation(category, **promised)))
    made = registered()
    assert made is not None
    assert made.state is state


def test_no_seat_can_be_held_where_none_is_free(app: Flask) -> None:
    category = guests(seats=1)
    make_invitation(category, holds_seat=True)
    with pytest.raises(NoSeatToHoldError):
        make_invitation(category, email="b@x.example", holds_seat=True)
    db.session.rollback()
    assert mails(InvitationId(2)) == []
    assert seats(category).reserved == 1


def test_invitations_that_are_refused(app: Flask) -> None:
    category = guests()
    make_invitation(category)
    with pytest.raises(InvitedAlreadyError):
        make_invitation(category, email=INVITEE.upper())
    register_attendee(make_category(), email="known@x.example")
    with pytest.raises(InviteeRegisteredError):
        make_invitation(category, email="known@x.example")
    with pytest.raises(DeadlineOverError):
        make_invitation(category, email="late@x.example", expires_at=clock.now())
    with pytest.raises(InvitationCategoryError):
        make_invitation(CategoryId(99), email="none@x.example")


def test_a_closed_time_does_not_bind_and_a_retired_category_does(app: Flask) -> None:
    over = guests(closes_at=clock.now() - timedelta(days=1))
    send(by_invitation(over, make_invitation(over)))
    assert registered() is not None
    other = make_invitation(over, email="b@x.example")
    category = get_category(over)
    gone = replace(category.details, is_retired=True)
    db.session.rollback()
    transact(
        lambda session: edit_category(
            session, over, category.revision, gone, actor=BY_SYSTEM, now=clock.now()
        )
    )
    with pytest.raises(InvitationClosedError):
        send(by_invitation(over, other, "b@x.example"))


def test_the_mail_goes_along_and_is_cancelled_with_the_invitation(app: Flask) -> None:
    category = guests()
    invitation = make_invitation(category, given_name="Åsa", language="sv")
    (mail,) = mails(invitation)
    assert (mail.kind, mail.recipient, mail.recipient_name) == ("invitation", INVITEE, "Åsa")
    assert "Åsa" in mail.text
    transact(lambda session: invitations.revoke(session, invitation, actor=BY_SYSTEM, now=clock.now()))
    (mail,) = mails(invitation)
    assert mail.state == "cancelled"
    with pytest.raises(InvitationSettledError):
        transact(lambda session: invitations.mail_again(session, invitation, actor=BY_SYSTEM))


def test_it_is_mailed_again_where_there_is_an_address(app: Flask) -> None:
    category = guests()
    one, other = make_invitation(category), make_invitation(category, email="")
    transact(lambda session: invitations.mail_again(session, one, actor=BY_SYSTEM))
    assert [mail.state for mail in mails(one)] == ["queued", "cancelled"]
    assert mails(other) == []
    with pytest.raises(InvitationWithoutAddressError):
        transact(lambda session: invitations.mail_again(session, other, actor=BY_SYSTEM))


def edit(invitation_id: InvitationId, revision: int | None = None, **values: object) -> None:
    before = stored(invitation_id)
    wanted = replace(before.details, **values)  # type: ignore[arg-type]  # each test names fields of it
    transact(
        lambda session: invitations.edit_invitation(
            session, invitation_id, revision or before.revision, wanted, actor=BY_SYSTEM, now=clock.now()
        )
    )


def test_another_address_lets_the_link_die_and_is_mailed(app: Flask) -> None:
    invitation = make_invitation(guests())
    edit(invitation, email="new@x.example")
    changed = stored(invitation)
    assert (changed.link_version, changed.details.email) == (2, "new@x.example")
    assert [(mail.recipient, mail.state) for mail in mails(invitation)] == [
        ("new@x.example", "queued"),
        (INVITEE, "cancelled"),
    ]


def test_a_later_deadline_opens_a_lapsed_one_again_with_its_seat(app: Flask) -> None:
    category = guests(seats=1)
    invitation = make_invitation(category, holds_seat=True)
    clock.begin_at(clock.now() + WEEK)
    assert transact(lambda session: invitations.lapse(session, invitation, now=clock.now()))
    assert not transact(lambda session: invitations.lapse(session, invitation, now=clock.now()))
    assert seats(category).reserved == 0
    edit(invitation, expires_at=clock.now() + timedelta(days=1))
    assert (stored(invitation).state, seats(category).reserved) == (InvitationState.OPEN, 1)


def test_a_held_seat_moves_with_the_invitation(app: Flask) -> None:
    category, other = guests(seats=1), make_category("Other", seats=1)
    invitation = make_invitation(category, holds_seat=True)
    edit(invitation, category_id=other)
    assert (seats(category).reserved, seats(other).reserved) == (0, 1)
    edit(invitation, holds_seat=False)
    assert seats(other).reserved == 0


def test_an_edit_of_an_older_version_and_of_a_settled_one_is_refused(app: Flask) -> None:
    category = guests()
    invitation = make_invitation(category)
    edit(invitation, note="one")
    with pytest.raises(StaleRevisionError):
        edit(invitation, revision=1, note="two")
    send(by_invitation(category, invitation))
    with pytest.raises(InvitationSettledError):
        edit(invitation, note="three")
    with pytest.raises(InvitationSettledError):
        transact(
            lambda session: invitations.delete_invitation(
                session, invitation, 3, actor=BY_SYSTEM, now=clock.now()
            )
        )


def test_a_category_with_invitations_is_not_deleted(app: Flask) -> None:
    category = guests()
    make_invitation(category)
    with pytest.raises(CategoryPromisedError):
        transact(lambda session: delete_category(session, category, 1, actor=BY_SYSTEM))


def test_the_worker_lapses_what_is_due(app: Flask) -> None:
    category = guests(seats=1)
    invitation = make_invitation(category, holds_seat=True)
    assert invitations.lapsing.claim("worker") == []
    clock.begin_at(clock.now() + WEEK)
    db.session.rollback()
    (due,) = invitations.lapsing.claim("worker")
    db.session.rollback()
    invitations.lapsing.run(due, "worker")
    assert (stored(invitation).state, seats(category).reserved) == (InvitationState.LAPSED, 0)


def test_a_free_address_is_corrected_without_a_second_use(app: Flask) -> None:
    category = guests(seats=5)
    invitation = make_invitation(category, email="")
    key = send(by_invitation(category, invitation, "wrogn@x.example"))
    transact(lambda session: correct(session, key, "right@x.example", now=clock.now()))
    made = registered("right@x.example")
    assert made is not None
    assert stored(invitation).registration_id == made.id


def test_a_registration_that_ended_is_made_anew_by_the_correction_without_a_second_use(app: Flask) -> None:
    category = guests(seats=5)
    invitation = make_invitation(category, email="", holds_seat=True)
    key = send(by_invitation(category, invitation, "wrogn@x.example"))
    first = registered("wrogn@x.example")
    assert first is not None
    transact(lambda session: withdraw(session, first.id, actor=BY_SYSTEM, now=clock.now()))
    transact(lambda session: correct(session, key, "right@x.example", now=clock.now()))
    made = registered("right@x.example")
    assert made is not None
    assert (stored(invitation).registration_id, made.state) == (made.id, State.CONFIRMED)
    assert seats(category) == Seats(seats=5, taken=1, waiting=0)


def test_a_fixed_address_is_not_corrected(app: Flask) -> None:
    category = guests()
    invitation = make_invitation(category)
    key = send(by_invitation(category, invitation, is_fixed=True))
    with pytest.raises(EmailFixedError):
        transact(lambda session: correct(session, key, "other@x.example", now=clock.now()))
    db.session.rollback()
    assert attempts.sent_address(key) == (INVITEE, False)


def test_a_known_address_uses_nothing_up(app: Flask) -> None:
    category = guests()
    invitation = make_invitation(category, email="")
    register_attendee(make_category(), email="known@x.example")
    send(by_invitation(category, invitation, "known@x.example"))
    assert stored(invitation).state is InvitationState.OPEN
