"""Codes: what they open, how often, and that each use counts once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock, real_now
from conference.core.errors import DomainError, StaleRevisionError
from conference.core.ids import AccessCodeId, CategoryId
from conference.db.base import db
from conference.db.work import transact
from conference.registration import access_codes
from conference.registration.category_service import delete_category
from conference.registration.errors import CategoryGoneError
from conference.registration.invitation_errors import (
    CodeMissingError,
    CodeNotOpenError,
    CodeOtherCategoryError,
    CodeOverError,
    CodePauseError,
    CodeUnknownError,
    CodeUsedUpError,
)
from conference.registration.inviting_errors import (
    CategoryPromisedError,
    CodeCategoryError,
    CodeTakenError,
    CodeUsesError,
)
from conference.registration.model import Access, Registration, State
from conference.registration.queries import find_live_by_address
from conference.registration.service import correct, withdraw
from tests.factories.invitations import by_code, make_code, send
from tests.factories.registration import a_form, make_category, register_attendee


def partners(**details: object) -> CategoryId:
    return make_category("Partner", **({"access": Access.CODE} | details))


def registered(email: str) -> Registration | None:
    db.session.rollback()
    return find_live_by_address(email)


def uses(code_id: AccessCodeId) -> int:
    db.session.rollback()
    return access_codes.get_code(code_id).uses


def came_by(code_id: AccessCodeId) -> list[str]:
    db.session.rollback()
    return [one.email for one in access_codes.registered_by(code_id)]


@pytest.mark.parametrize("typed", ["genomics", " GENOMICS ", "Geno-mics", "génomics"])
def test_a_code_opens_its_category_however_it_is_written(app: Flask, typed: str) -> None:
    category = partners()
    code = make_code(category, uses_allowed=2)
    send(by_code(category, "a@x.example", typed))
    made = registered("a@x.example")
    assert made is not None
    assert (made.state, made.category_id, uses(code)) == (State.CONFIRMED, category, 1)
    assert came_by(code) == ["a@x.example"]
    assert history_of("registration", made.id)[0].changes == {"code": ("", "Genomics")}


def test_a_code_is_used_as_often_as_allowed(app: Flask) -> None:
    category = partners()
    code = make_code(category, uses_allowed=2)
    for name in "ab":
        send(by_code(category, f"{name}@x.example"))
    with pytest.raises(CodeUsedUpError):
        send(by_code(category, "c@x.example"))
    assert (uses(code), registered("c@x.example")) == (2, None)


def test_a_code_without_a_number_is_counted_too(app: Flask) -> None:
    category = partners()
    code = make_code(category)
    for name in "abc":
        send(by_code(category, f"{name}@x.example"))
    assert uses(code) == 3


@pytest.mark.parametrize(
    ("details", "error"),
    [
        ({"is_retired": True}, CodeOverError),
        ({"expires_at": timedelta()}, CodeOverError),
        ({"opens_at": timedelta(seconds=1)}, CodeNotOpenError),
        ({"uses_allowed": 0}, CodeUsedUpError),
    ],
)
def test_codes_that_open_nothing_now(
    app: Flask, details: dict[str, object], error: type[DomainError]
) -> None:
    category = partners()
    times: dict[str, Any] = {
        name: clock.now() + value if isinstance(value, timedelta) else value
        for name, value in details.items()
    }
    make_code(category, **times)
    with pytest.raises(error) as refused:
        send(by_code(category, "a@x.example"))
    assert refused.value.field == "code"


def test_codes_that_do_not_fit(app: Flask) -> None:
    category, public = partners(), make_category()
    invited = make_category("Guest", access=Access.INVITED)
    make_code(category)
    with pytest.raises(CodeMissingError):
        send(a_form(category))
    with pytest.raises(CodeUnknownError):
        send(by_code(category, "a@x.example", "genetics"))
    with pytest.raises(CodeOtherCategoryError):
        send(by_code(public, "a@x.example"))
    with pytest.raises(CategoryGoneError):
        send(by_code(invited, "a@x.example"))


def test_a_code_may_skip_approval(app: Flask) -> None:
    category = partners(needs_approval=True)
    make_code(category)
    make_code(category, "Friends of ours", skips_approval=True)
    send(by_code(category, "a@x.example"))
    send(by_code(category, "b@x.example", "friends of ours"))
    one, other = registered("a@x.example"), registered("b@x.example")
    assert (one and one.state, other and other.state) == (State.PENDING, State.CONFIRMED)


def test_a_full_category_has_its_waiting_list(app: Flask) -> None:
    category = partners(seats=1)
    make_code(category)
    for name in "ab":
        send(by_code(category, f"{name}@x.example"))
    other = registered("b@x.example")
    assert other is not None
    assert other.state is State.WAITING


def test_a_withdrawal_gives_no_use_back(app: Flask) -> None:
    category = partners()
    code = make_code(category, uses_allowed=1)
    send(by_code(category, "a@x.example"))
    made = registered("a@x.example")
    assert made is not None
    transact(lambda session: withdraw(session, made.id, actor=BY_SYSTEM, now=clock.now()))
    with pytest.raises(CodeUsedUpError):
        send(by_code(category, "b@x.example"))
    assert uses(code) == 1


def test_a_known_address_uses_nothing(app: Flask) -> None:
    category = partners()
    code = make_code(category)
    register_attendee(make_category(), email="a@x.example")
    send(by_code(category, "a@x.example"))
    assert uses(code) == 0


def test_corrections_of_the_address_use_the_code_once(app: Flask) -> None:
    category = partners()
    code = make_code(category, uses_allowed=1)
    register_attendee(make_category(), email="known@x.example")
    key = send(by_code(category, "wrogn@x.example"))
    for email in ("other@x.example", "known@x.example", "right@x.example"):
        transact(lambda session, email=email: correct(session, key, email, now=clock.now()))  # type: ignore[misc]  # mypy knows no default of a lambda
    made = registered("right@x.example")
    assert made is not None
    assert (uses(code), came_by(code)) == (1, ["right@x.example"])


def test_too_many_wrong_codes_make_a_pause(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    category = partners()
    make_code(category)
    for _ in range(access_codes.WRONG_AN_HOUR - 1):
        transact(access_codes.note_wrong_code)
    send(by_code(category, "a@x.example"))
    transact(access_codes.note_wrong_code)
    with pytest.raises(CodePauseError):
        send(by_code(category, "b@x.example"))
    later = real_now() + timedelta(hours=1)
    monkeypatch.setattr(access_codes, "real_now", lambda: later)
    send(by_code(category, "b@x.example"))


def test_codes_that_cannot_be_made(app: Flask) -> None:
    category = partners()
    make_code(category)
    with pytest.raises(CodeTakenError):
        make_code(category, "GENO MICS")
    with pytest.raises(CodeCategoryError):
        make_code(make_category(), "Public")


def test_edits_of_a_code(app: Flask) -> None:
    category = partners()
    code = make_code(category, uses_allowed=3)
    for name in "ab":
        send(by_code(category, f"{name}@x.example"))
    before = access_codes.get_code(code)
    db.session.rollback()

    def edit(revision: int, **values: object) -> None:
        wanted = replace(before.details, **values)  # type: ignore[arg-type]  # names of its fields
        transact(lambda session: access_codes.edit_code(session, code, revision, wanted, actor=BY_SYSTEM))

    with pytest.raises(CodeUsesError):
        edit(before.revision, uses_allowed=1)
    edit(before.revision, uses_allowed=2, words="Genetics")
    with pytest.raises(StaleRevisionError):
        edit(before.revision, note="late")
    with pytest.raises(CodeUsedUpError):
        send(by_code(category, "c@x.example", "genetics"))


def test_a_retired_code_opens_nothing_until_it_is_brought_back(app: Flask) -> None:
    category = partners()
    code = make_code(category)
    for revision, is_retired in ((1, True), (2, False)):
        transact(
            lambda session, revision=revision, is_retired=is_retired: access_codes.retire_code(  # type: ignore[misc]  # mypy knows no default of a lambda
                session, code, revision, is_retired=is_retired, actor=BY_SYSTEM
            )
        )
    send(by_code(category, "a@x.example"))
    assert uses(code) == 1


def test_a_category_with_codes_is_not_deleted(app: Flask) -> None:
    category = partners()
    make_code(category)
    with pytest.raises(CategoryPromisedError):
        transact(lambda session: delete_category(session, category, 1, actor=BY_SYSTEM))


def test_made_codes_are_long_and_random() -> None:
    made = {access_codes.new_words() for _ in range(50)}
    assert len(made) == 50
    assert {len(access_codes.code_key(words)) for words in made} == {12}
