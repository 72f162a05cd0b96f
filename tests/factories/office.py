"""An office on a database: an editor in this process, another one in a process of its own, and a record of each kind."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask

from conference.accounts.queries import find_credentials
from conference.accounts.service import invite, suspend
from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.work import transact
from conference.event.model import RoomDetails, TrackDetails
from conference.event.service import create_room, create_track
from conference.registration.invoice_model import InvoiceDetails
from conference.registration.queries import find_live_by_address, get_registration
from conference.web.access import Role
from tests.conftest import opened
from tests.factories.accounts import make_member
from tests.factories.campaigns import make_campaign
from tests.factories.editing import Editor
from tests.factories.extras import make_extra
from tests.factories.invitations import make_invitation
from tests.factories.printing import make_own_design, make_own_sheet, use_own_design
from tests.factories.programme import at, make_person, make_room, make_session, make_talk
from tests.factories.records import make_records
from tests.factories.registration import a_form, make_category, register_attendee
from tests.factories.registration_acts import register
from tests.factories.speakers import make_member_of_committee

ROOT = Path(__file__).parents[2]


class Elsewhere:
    """The other one's browser, in the other process."""

    def __init__(self, database_url: str, instance: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.second_editor", database_url, str(instance)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def open(
        self, page: str, endpoint: str, typed: Mapping[str, str], *, holding: str = "", waits: bool = False
    ) -> None:
        """Let the form be filled in, and sent unless it waits for `go`."""
        asked = {"page": page, "endpoint": endpoint, "holding": holding, "typed": dict(typed), "waits": waits}
        self._say(json.dumps(asked))
        if waits:
            assert self._line() == "opened"

    def go(self) -> None:
        self._say("go")

    def answered(self) -> int:
        return int(self._line())

    def save(self, page: str, endpoint: str, typed: Mapping[str, str], holding: str = "") -> int:
        self.open(page, endpoint, typed, holding=holding)
        return self.answered()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """An editor here, another one in another process, and the ids of a record of each kind by name."""

    app: Flask
    here: Editor
    elsewhere: Elsewhere
    values: Mapping[str, Any]

    def address(self, page: str, of: Mapping[str, str] | None = None) -> str:
        named = {name: self.values[of[name]] for name in of} if of else {}
        return page.format_map({**self.values, **named})


@contextmanager
def office_on(database_url: str, folder: Path) -> Iterator[Office]:
    with opened(database_url, folder) as app:
        values = _values(folder)
        here = Editor(app)
        db.session.remove()
        elsewhere = Elsewhere(database_url, folder)
        yield Office(app=app, here=here, elsewhere=elsewhere, values=values)
        elsewhere.close()


def _values(folder: Path) -> dict[str, Any]:
    """Make a record of each kind, and others that a button takes away."""
    values = make_records(folder).values
    category = CategoryId(values["category_id"])
    spare = make_session("To be deleted")
    holder = make_session("Holds a talk", room_id=make_room("Side room", place=7), start=at("16:00"))
    speaker_account = "spare@staff.example"
    transact(lambda session: invite(session, speaker_account, Role.VIEWER, "Spare"))
    more = {
        "paying_id": _paying("pays@x.example", "Industry"),
        "invoiced_id": _paying("owes@x.example", "Press"),
        "spare_category": make_category("Spare"),
        "spare_kind": make_category("Late guest"),
        "spare_extra": make_extra("Spare", category),
        "spare_invitation": make_invitation(make_category("Guest"), email="spare@x.example"),
        "spare_track": transact(
            lambda session: create_track(session, TrackDetails(name="Spare", colour=1), actor=BY_SYSTEM)
        ),
        "spare_room": transact(
            lambda session: create_room(session, RoomDetails(name="Spare", seats=1), actor=BY_SYSTEM)
        ),
        "spare_member": make_member_of_committee("Spare"),
        "spare_person": make_person("Spare", "Person"),
        "kept_person": make_person("Twice", "One"),
        "gone_person": make_person("Twice", "Two"),
        "spare_session": spare,
        "spare_talk": make_talk(holder),
        "spare_account": _account(speaker_account),
        "spare_campaign": make_campaign(),
        "spare_sheet": make_own_sheet("Spare sheet"),
        "spare_design": make_own_design("Spare design"),
        "passed_on": register_attendee(category, email="first@x.example"),
        "ended": register_attendee(category, email="second@x.example"),
    }
    use_own_design(values["design_id"])
    shared = register_attendee(category, email="shared@x.example")
    person = transact(lambda session: get_registration(shared, session).person_id)
    return values | more | _accounts() | {"shared_registration": shared, "shared_person": person}


def _accounts() -> dict[str, Any]:
    """Return an account for each button that does something to one."""
    made = {name: make_member(Role.VIEWER, f"{name}@staff.example") for name in ("suspended", "resumed")}
    resumed = made["resumed"]
    transact(lambda session: suspend(session, resumed, 1, actor=BY_SYSTEM, now=clock.now()))
    limited = make_member(Role.PROGRAMME, "limited@staff.example")
    return {f"{name}_account": account for name, account in (made | {"limited": limited}).items()}


def _account(email: str) -> int:
    db.session.rollback()
    found = find_credentials(email)
    assert found is not None
    return found.id


def _paying(email: str, kind: str) -> int:
    """Register somebody who owes something."""
    category = make_category(kind, fee_minor=25_000)
    invoice = InvoiceDetails(
        name="Lab",
        address="Street 1",
        postal_code="111 11",
        city="Solna",
        country="SE",
        vat="",
        reference="7",
    )
    register(replace(a_form(category, email=email), invoice=invoice))
    db.session.rollback()
    found = find_live_by_address(email)
    assert found is not None
    return found.id
