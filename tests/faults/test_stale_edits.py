"""Two of the office edit one record, minutes apart, in two processes (trust.md 15 and 16): every record, on both databases.

The second writer is told of both values and loses nothing typed; a write that names no version is refused; a button on
an older page does nothing. The control takes the comparison out, and then the first edit is lost without a word.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import delete, update
from werkzeug.routing import Rule

from conference.audit.model import BY_SYSTEM
from conference.db.base import Base, db
from conference.db.revisions import Revised, _renew_standing, delete_revised, revise
from conference.db.work import transact
from conference.event.model import TrackDetails
from conference.event.service import create_track
from conference.programme.records import check_revision
from conference.registration import leaving
from conference.registration.model import State
from conference.registration.queries import get_registration
from conference.speakers.model import Invitation
from conference.web.access import declared_access, staff
from tests.factories.edited_records import BUTTONS, EDITS, OTHERS, Button, Edit
from tests.factories.office import Office
from tests.factories.registration import register_attendee

ROOT = Path(__file__).parents[2]

# Nothing is forgotten


def test_every_route_that_takes_a_post_is_told(app: Flask) -> None:
    posts = set()
    for rule in app.url_map.iter_rules():
        access = declared_access(app.view_functions[rule.endpoint])
        if access is not None and access.kind == "staff" and "POST" in (rule.methods or set()):
            posts.add(rule.endpoint)
    told = [*EDITS, *BUTTONS, *OTHERS]
    assert len(told) == len(set(told))
    assert set(told) == posts


def test_every_table_with_a_revision_is_edited_by_a_form_of_the_table() -> None:
    tables = {
        str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, Revised)
    }
    # The speaker's own profile is edited by their link: tests/web/speakers/test_dossier.py. While a version waits for its
    # time no other can be published, so that it stands alone: tests/web/programme/test_publish_pages.py.
    # A letter of invitation is answered once: tests/web/registration/test_visa.py.
    elsewhere = {"speaker_profile", "programme_scheduled", "programme_printing", "visa_letter"}
    assert tables - elsewhere == {edit.table for edit in EDITS.values()} - {"speaker_invitation"}


def test_a_rule_that_names_its_test_names_one_that_there_is() -> None:
    named = [path for rule in OTHERS.values() for path in re.findall(r"tests/[\w/]+\.py", rule)]
    assert len(named) >= 4
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_a_route_that_is_not_told_is_found(app: Flask) -> None:
    """The control of the first of these."""
    app.view_functions["planted"] = staff()(lambda: "")
    app.url_map.add(Rule("/staff/planted", endpoint="planted", methods=["POST"]))
    with pytest.raises(AssertionError):
        test_every_route_that_takes_a_post_is_told(app)


# Edits


def _page_and_form(office: Office, endpoint: str, edit: Edit) -> tuple[str, Any]:
    page = office.address(edit.page)
    return page, office.here.open(page, endpoint, edit.holding)


def _stored(office: Office, endpoint: str, edit: Edit) -> str | None:
    return cast("str | None", _page_and_form(office, endpoint, edit)[1].value(edit.field))


def _versions(form: Any) -> list[str]:
    return [name for name, _ in form.fields if name in {"revision", "person_revision", "seen"}]


@pytest.mark.parametrize("endpoint", EDITS)
def test_an_edit_of_an_older_page_is_told_both_values_and_keeps_what_was_typed(
    office: Office, endpoint: str
) -> None:
    edit = EDITS[endpoint]
    page, form = _page_and_form(office, endpoint, edit)
    typed = {**edit.also, edit.field: edit.theirs}
    assert office.elsewhere.save(page, endpoint, typed, edit.holding) == 303
    answer = office.here.send(form, **{**typed, edit.field: edit.mine})
    assert answer.status_code == 409
    for words in edit.words:
        assert words in answer.text
    again = office.here.form_of(answer, page, endpoint, edit.holding)
    assert again.value(edit.field) == edit.mine
    assert _stored(office, endpoint, edit) == edit.theirs
    # Who has seen both may decide for the own one.
    assert office.here.send(again).status_code == 303
    assert _stored(office, endpoint, edit) == edit.mine


@pytest.mark.parametrize("endpoint", EDITS)
def test_an_edit_that_names_no_version_is_refused(office: Office, endpoint: str) -> None:
    edit = EDITS[endpoint]
    page, form = _page_and_form(office, endpoint, edit)
    before = form.value(edit.field)
    without = dict.fromkeys(_versions(form))
    assert without
    answer = office.here.send(form, **{**edit.also, **without, edit.field: edit.theirs})
    assert answer.status_code == 428
    assert "did not say which version it was made from" in answer.text
    assert office.here.form_of(answer, page, endpoint, edit.holding).value(edit.field) == edit.theirs
    assert _stored(office, endpoint, edit) == before


def _unguarded(
    session: Any,
    table: type[Revised],
    record_id: int,
    expected_revision: int | None,
    values: Mapping[str, Any],
) -> int:
    """Write as `revise` does, and compare nothing. Its names are found where `revise` finds them."""
    session.execute(
        update(table)
        .where(table.id == record_id)
        .values(**values, revision=table.revision + 1)
        .execution_options(synchronize_session=False)
    )
    _renew_standing(session, table)
    return expected_revision or 0


def _unchecked(*_seen: object) -> None:
    """Take the place of what looks at a revision under the draft's lock, before the UPDATE does."""


@pytest.mark.parametrize("endpoint", [name for name, edit in EDITS.items() if edit.goes_by == "revise"])
def test_without_the_comparison_the_first_edit_is_lost(
    office: Office, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the revision out of the UPDATE, the other one's words are gone and nobody is told."""
    edit = EDITS[endpoint]
    page, form = _page_and_form(office, endpoint, edit)
    typed = {**edit.also, edit.field: edit.theirs}
    assert office.elsewhere.save(page, endpoint, typed, edit.holding) == 303
    monkeypatch.setattr(revise, "__code__", _unguarded.__code__)
    monkeypatch.setattr(check_revision, "__code__", _unchecked.__code__)
    assert office.here.send(form, **{**typed, edit.field: edit.mine}).status_code == 303
    assert _stored(office, endpoint, edit) == edit.mine


# Buttons


def _other_edit(office: Office, endpoint: str, button: Button) -> int:
    """Let the other one change what the button is about."""
    edit = EDITS.get(button.edited_by)
    if edit is None or button.edit_page:
        page = office.address(button.edit_page, button.of)
        return office.elsewhere.save(page, button.edited_by, button.edit_typed)
    page = office.address(edit.page, button.of)
    stored = office.here.open(page, button.edited_by, edit.holding).value(edit.field)
    choices = (edit.theirs, edit.mine) if edit.shown else (f"By {endpoint}", f"Again by {endpoint}")
    value = next(one for one in choices if one != stored)
    return office.elsewhere.save(page, button.edited_by, {**edit.also, edit.field: value}, edit.holding)


@pytest.mark.parametrize("endpoint", BUTTONS)
def test_a_button_of_an_older_page_does_nothing(office: Office, endpoint: str) -> None:
    button = BUTTONS[endpoint]
    page = office.address(button.page, button.of)
    form = office.here.open(page, endpoint, button.version)
    assert form.value(button.version)
    without = office.here.send(form, **{**button.typed, button.version: None})
    assert without.status_code == button.missing
    assert _other_edit(office, endpoint, button) == 303
    assert office.here.send(form, **button.typed).status_code == button.stale
    fresh = office.here.open(page, endpoint, button.version)
    assert fresh.value(button.version) != form.value(button.version)
    edit = EDITS.get(button.edited_by)
    older = (
        office.here.open(office.address(edit.page, button.of), button.edited_by, edit.holding)
        if edit
        else None
    )
    assert office.here.send(fresh, **button.typed).status_code == 303
    if button.ends and older is not None:
        # The other way round: who edits what was deleted meanwhile is told that it is not there, and makes nothing.
        assert office.here.send(older).status_code == button.gone
        assert office.here.client.get(page).status_code == 404


# The controls of the other comparisons


def test_without_the_mark_the_first_choice_is_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = "speakers.dossier"
    edit = EDITS[endpoint]
    page, form = _page_and_form(office, endpoint, edit)
    assert office.elsewhere.save(page, endpoint, {edit.field: edit.theirs}) == 303
    monkeypatch.setattr(Invitation, "mark", property(lambda _invitation: "the same"))
    assert office.here.send(form, **{edit.field: edit.mine}).status_code == 303
    assert _stored(office, endpoint, edit) == edit.mine


def test_without_the_comparison_a_deletion_takes_an_edit_with_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    details = TrackDetails(name="Deleted unseen", colour=1)
    made = transact(lambda session: create_track(session, details, actor=BY_SYSTEM))
    page = f"/staff/tracks/{made}"
    older = office.here.open(page, "event.delete_track", "revision")
    assert office.elsewhere.save(page, "event.track", {"name": "Worth keeping"}) == 303
    monkeypatch.setattr(delete_revised, "__code__", _undeleted.__code__)
    assert office.here.send(older).status_code == 303
    assert office.here.client.get(page).status_code == 404


def _undeleted(session: Any, table: type[Revised], record_id: int, expected_revision: int | None) -> None:
    """Delete as `delete_revised` does, and compare nothing."""
    del expected_revision
    session.execute(delete(table).where(table.id == record_id).execution_options(synchronize_session=False))
    _renew_standing(session, table)


def test_without_the_mark_another_persons_registration_is_ended(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = register_attendee(office.values["spare_kind"], email="control@x.example")
    page = f"/staff/registrations/{one}"
    older = office.here.open(f"{page}/end", "registration.office_end")
    passed_on = {**BUTTONS["registration.office_end"].edit_typed, "email": "fifth@x.example"}
    assert office.elsewhere.save(f"{page}/pass-on", "registration.office_pass_on", passed_on) == 303
    monkeypatch.setattr(leaving, "seen_mark", lambda _registration: older.value("seen"))
    assert office.here.send(older, state="cancelled").status_code == 303
    db.session.rollback()
    assert get_registration(one).state is State.CANCELLED


# The same instant


@pytest.mark.parametrize(
    "endpoint",
    ["event.facts", "programme.edit_session", "programme.move_session", "speakers.dossier", "mail.wording"],
)
def test_of_two_at_the_same_instant_one_is_saved_and_the_other_told(office: Office, endpoint: str) -> None:
    """One of each kind of comparison: in the UPDATE, under the draft's lock, by a mark, and of a first change."""
    edit = EDITS[endpoint]
    for turn in range(3):
        page, form = _page_and_form(office, endpoint, edit)
        pair = [f"{edit.theirs[:-1]}{turn + 3}", f"{edit.mine[:-1]}{turn + 6}"]
        office.elsewhere.open(
            page, endpoint, {**edit.also, edit.field: pair[0]}, holding=edit.holding, waits=True
        )
        office.elsewhere.go()
        answer = office.here.send(form, **{**edit.also, edit.field: pair[1]})
        statuses = [office.elsewhere.answered(), answer.status_code]
        assert sorted(statuses) == [303, 409]
        assert _stored(office, endpoint, edit) == pair[statuses.index(303)]
