from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from conference.accounts import service
from conference.accounts.errors import (
    AddressShapeError,
    LastOrganiserError,
    LinkSpentError,
    OwnAccountError,
    SignInRefusedError,
)
from conference.accounts.model import LINK_LIFE, SESSION_LIFE
from conference.accounts.passwords import hash_password
from conference.accounts.queries import (
    find_link_owner,
    find_principal,
    get_member,
    staff_members,
    staff_names,
)
from conference.accounts.tokens import token_hash
from conference.audit.model import by_staff
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.errors import (
    DomainError,
    NotFoundError,
    RevisionMissingError,
    StaleDeletionError,
    StaleRevisionError,
)
from conference.core.ids import StaffId
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Principal, Role
from tests.factories.accounts import make_member

PASSWORD = "a sentence of some length"


def invite(email: str, role: Role, name: str = "") -> str:
    return transact(lambda session: service.invite(session, email, role, name))


def use(token: str, password: str | None = None) -> str:
    hashed = hash_password(password) if password else None
    return transact(lambda session: service.use_link(session, token, hashed, now=real_now()))


def principal_of(token: str) -> Principal | None:
    db.session.remove()
    return find_principal(token_hash(token), real_now())


def test_invite_makes_an_account_whose_link_signs_in_once(app: Flask) -> None:
    token = invite(" Anna@Example.org ", Role.DESK, "Anna")
    session_token = use(token)
    (anna,) = staff_members()
    assert principal_of(session_token) == Principal(
        id=anna.id, email="Anna@Example.org", name="Anna", role=Role.DESK
    )
    with pytest.raises(LinkSpentError):
        use(token)
    assert [entry.action for entry in history_of("staff", anna.id)] == ["signed in by link", "invited"]


def test_invite_of_a_known_address_updates_the_role_and_kills_older_links(app: Flask) -> None:
    make_member(Role.ORGANISER)
    old = invite("anna@example.org", Role.DESK, "Anna")
    new = invite("ANNA@example.org", Role.VIEWER)
    with pytest.raises(LinkSpentError):
        use(old)
    principal = principal_of(use(new))
    assert principal is not None
    assert (principal.email, principal.name, principal.role) == ("anna@example.org", "Anna", Role.VIEWER)
    changes = [entry.changes for entry in history_of("staff", principal.id) if entry.action == "role changed"]
    assert changes == [{"role": ("desk", "viewer")}]


def test_invite_refuses_what_is_no_address(app: Flask) -> None:
    with pytest.raises(AddressShapeError):
        invite("anna", Role.DESK)
    assert staff_members() == []


def test_links_and_sessions_end_by_real_time(app: Flask) -> None:
    token = invite("anna@example.org", Role.DESK)
    assert find_link_owner(token_hash(token), real_now() + LINK_LIFE - timedelta(minutes=1)) is not None
    assert find_link_owner(token_hash(token), real_now() + LINK_LIFE) is None
    with pytest.raises(LinkSpentError):
        transact(lambda session: service.use_link(session, token, None, now=real_now() + LINK_LIFE))
    session_token = use(token)
    db.session.remove()
    late = real_now() + SESSION_LIFE
    assert find_principal(token_hash(session_token), late - timedelta(minutes=1)) is not None
    assert find_principal(token_hash(session_token), late) is None


def test_one_link_sent_twice_at_once_signs_in_once(app: Flask) -> None:
    token = invite("anna@example.org", Role.DESK)
    barrier, answers = Barrier(8), []

    def press() -> None:
        with app.app_context():
            barrier.wait()
            try:
                use(token)
                answers.append("in")
            except LinkSpentError:
                answers.append("spent")

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["in"] + ["spent"] * 7


def test_password_signs_in_and_unknown_is_refused_like_wrong(app: Flask) -> None:
    use(invite("anna@example.org", Role.DESK), PASSWORD)
    use(invite("bo@example.org", Role.DESK))
    credentials = service.authenticate("ANNA@example.org ", PASSWORD)
    token = transact(lambda session: service.sign_in(session, credentials, now=real_now()))
    assert principal_of(token) is not None
    refusals = []
    for email, password in (
        ("anna@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("bo@example.org", ""),
    ):
        with pytest.raises(SignInRefusedError) as caught:
            service.authenticate(email, password)
        refusals.append((str(caught.value), caught.value.field, caught.value.status))
    assert len(set(refusals)) == 1


def test_sign_in_is_refused_when_the_password_changes_meanwhile(app: Flask) -> None:
    use(invite("anna@example.org", Role.DESK), PASSWORD)
    credentials = service.authenticate("anna@example.org", PASSWORD)
    other = hash_password("quite another sentence")
    transact(lambda session: service.change_password(session, credentials.id, other, now=real_now()))
    with pytest.raises(SignInRefusedError):
        transact(lambda session: service.sign_in(session, credentials, now=real_now()))


def test_password_change_ends_every_older_session(app: Flask) -> None:
    first = use(invite("anna@example.org", Role.DESK), PASSWORD)
    second = use(invite("anna@example.org", Role.DESK))
    (anna,) = staff_members()
    third = transact(lambda session: service.change_password(session, anna.id, "hash", now=real_now()))
    assert [principal_of(token) is not None for token in (first, second, third)] == [False, False, True]


def test_sign_out_ends_this_session_only(app: Flask) -> None:
    first = use(invite("anna@example.org", Role.DESK))
    second = use(invite("anna@example.org", Role.DESK))
    transact(lambda session: service.sign_out(session, first))
    transact(lambda session: service.sign_out(session, first))
    assert [principal_of(token) is not None for token in (first, second)] == [False, True]


def test_only_hashes_are_stored(app: Flask) -> None:
    link = invite("anna@example.org", Role.DESK)
    session_token = use(link, PASSWORD)
    tables = ("staff", "staff_link", "staff_session")
    stored = " ".join(str(db.session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)
    assert [secret in stored for secret in (link, session_token, PASSWORD)] == [False, False, False]


def set_role(staff_id: StaffId, revision: int | None, role: Role, actor: StaffId) -> None:
    transact(lambda session: service.set_role(session, staff_id, revision, role, actor=by_staff(actor)))


def test_set_role_needs_the_revision_that_was_seen(app: Flask) -> None:
    organiser, desk = make_member(Role.ORGANISER), make_member(Role.DESK)
    set_role(desk, 1, Role.VIEWER, organiser)
    with pytest.raises(StaleRevisionError):
        set_role(desk, 1, Role.PROGRAMME, organiser)
    with pytest.raises(RevisionMissingError):
        set_role(desk, None, Role.PROGRAMME, organiser)
    db.session.remove()
    assert get_member(desk).role is Role.VIEWER


def test_nobody_changes_or_removes_the_own_account(app: Flask) -> None:
    organiser = make_member(Role.ORGANISER)
    make_member(Role.ORGANISER, "second@staff.example")
    with pytest.raises(OwnAccountError):
        set_role(organiser, 1, Role.VIEWER, organiser)
    with pytest.raises(OwnAccountError):
        transact(lambda session: service.remove(session, organiser, 1, actor=by_staff(organiser)))


def test_the_last_organiser_stays(app: Flask) -> None:
    organiser = make_member(Role.ORGANISER)
    with pytest.raises(LastOrganiserError):
        invite("organiser@staff.example", Role.DESK)
    with pytest.raises(LastOrganiserError):
        transact(lambda session: service.remove(session, organiser, 1, actor=by_staff(StaffId(0))))
    assert get_member(organiser).role is Role.ORGANISER


def test_two_organisers_who_demote_each_other_leave_one(app: Flask) -> None:
    pair = (make_member(Role.ORGANISER), make_member(Role.ORGANISER, "second@staff.example"))
    barrier, refused = Barrier(2), []

    def demote(victim: StaffId, actor: StaffId) -> None:
        with app.app_context():
            barrier.wait()
            try:
                set_role(victim, 1, Role.VIEWER, actor)
            except DomainError as error:
                refused.append(type(error))

    threads = [Thread(target=demote, args=(pair[n], pair[1 - n])) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.remove()
    assert refused == [LastOrganiserError]
    assert sorted(member.role for member in staff_members()) == [Role.ORGANISER, Role.VIEWER]


def test_remove_takes_sessions_and_links_along(app: Flask) -> None:
    organiser = make_member(Role.ORGANISER)
    token = use(invite("anna@example.org", Role.DESK, "Anna"))
    principal = principal_of(token)
    assert principal is not None

    def remove(session: Session) -> None:
        service.remove(session, principal.id, 1, actor=by_staff(organiser))

    transact(remove)
    assert principal_of(token) is None
    with pytest.raises(NotFoundError):
        transact(remove)


def test_a_new_role_or_password_ends_the_links_given_before(app: Flask) -> None:
    organiser = make_member(Role.ORGANISER)
    token = invite("anna@example.org", Role.DESK, "Anna")
    db.session.remove()
    anna = next(member.id for member in staff_members() if member.name == "Anna")
    set_role(anna, 1, Role.VIEWER, organiser)
    with pytest.raises(LinkSpentError):
        use(token)
    token = transact(lambda session: service.give_link(session, anna, actor=by_staff(organiser)))
    db.session.remove()
    assert get_member(anna).role is Role.VIEWER
    transact(lambda session: service.change_password(session, anna, "a hash", now=real_now()))
    with pytest.raises(LinkSpentError):
        use(token)


def test_an_account_changed_meanwhile_is_not_removed(app: Flask) -> None:
    organiser, desk = make_member(Role.ORGANISER), make_member(Role.DESK, "desk@staff.example")
    set_role(desk, 1, Role.VIEWER, organiser)
    with pytest.raises(StaleDeletionError):
        transact(lambda session: service.remove(session, desk, 1, actor=by_staff(organiser)))


def test_staff_names_answers_name_or_address(app: Flask) -> None:
    invite("anna@example.org", Role.DESK, "Anna")
    invite("bo@example.org", Role.DESK)
    anna, bo = staff_members()
    assert staff_names([anna.id, bo.id, None, 999]) == {anna.id: "Anna", bo.id: "bo@example.org"}
