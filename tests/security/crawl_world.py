"""Who crawls, and over what: a demonstration's data, and one record of each kind beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text, update

from conference.accounts.desk_codes import come_in, day_span, make_code
from conference.accounts.model import Browser
from conference.accounts.queries import get_member
from conference.accounts.service import limit, open_session
from conference.accounts.tables import DeskCodeRow, StaffSessionRow
from conference.audit.model import BY_SYSTEM
from conference.core.clock import STOCKHOLM, real_now
from conference.core.ids import StaffId, TrackId
from conference.db.base import db
from conference.db.work import transact
from conference.demo.data import fill
from conference.event.queries import tracks
from conference.people.queries import search_people
from conference.registration.links import link_of
from conference.registration.tables import RegistrationRow
from conference.speakers.links import link_of as speaker_link_of
from conference.web.access import Role
from tests.factories.accounts import make_member, sign_in, stand_in
from tests.factories.records import Records, make_records
from tests.security.crawl_checks import Reader
from tests.security.matrix import LINK, MATRIX

# Where a personal link leads that was mailed: all else of its holder is found from there.
ROOTS = (
    "registration.own_page",
    "registration.invited",
    "registration.group_page",
    "programme.own_programme",
    "speakers.own_page",
    "mail.unsubscribe",
    "mail.linked_file",
    "accounts.link",
)
LIMITED = "limited@staff.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """`readers` in the order in which they crawl: whoever may most comes first, and tells the others what there is."""

    records: Records
    readers: tuple[Reader, ...]
    own_track: TrackId


def make_world(app: Flask, instance: Path, *, with_demonstration: bool, is_deep: bool = False) -> World:
    """Fill the database and sign everybody in."""
    if with_demonstration:
        fill(None)
        # The records have categories of the same names, and one for speakers.
        renamed = "UPDATE category SET name = name || ' of the demonstration', is_for_speakers = false"
        db.session.execute(text(renamed))
        db.session.commit()
    records = make_records(instance)
    db.session.remove()
    own_track = tracks()[0].id
    links = tuple(_links(app, records, is_deep=is_deep))
    readers = [
        Reader(name="organiser", role=Role.ORGANISER, client=app.test_client(), starts=("/", "/staff/")),
        Reader(name="holders of links", client=app.test_client(), starts=links),
        Reader(
            name="anonymous",
            client=app.test_client(),
            starts=("/", "/staff/sign-in", "/demo/mailbox", "/api"),
        ),
        Reader(name="programme", role=Role.PROGRAMME, client=app.test_client(), starts=("/", "/staff/")),
        Reader(
            name="limited programme",
            role=Role.PROGRAMME,
            client=app.test_client(),
            starts=("/staff/",),
            is_limited=True,
        ),
        Reader(name="desk", role=Role.DESK, client=app.test_client(), starts=("/staff/",)),
        Reader(name="desk by a code", role=Role.DESK, client=app.test_client(), starts=("/staff/",)),
        Reader(name="viewer", role=Role.VIEWER, client=app.test_client(), starts=("/staff/",)),
    ]
    for reader in readers:
        _come_in(reader, own_track)
        if is_deep or reader in readers[:3]:
            reader.known = tuple(_known(app, records, reader))
    db.session.remove()
    return World(records=records, readers=tuple(readers), own_track=own_track)


def _known(app: Flask, records: Records, reader: Reader) -> Iterator[str]:
    """Yield an address of each page that the reader may open, for what no link leads to; a link's are its holders'."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        who = MATRIX[rule.endpoint]
        is_theirs = who == LINK and reader.name == "holders of links"
        if "GET" in (rule.methods or ()) and (is_theirs or (who != LINK and reader.may(who))):
            yield records.address(app, rule)


def _come_in(reader: Reader, own_track: TrackId) -> None:
    if reader.is_limited:
        _limited(reader, own_track)
    elif reader.name == "desk by a code":
        _by_code(reader)
    elif reader.role is not None:
        sign_in(reader.client, reader.role)


def _limited(reader: Reader, own_track: TrackId) -> None:
    staff_id: StaffId = make_member(Role.PROGRAMME, LIMITED)
    db.session.remove()
    seen = get_member(staff_id).revision
    transact(lambda session: limit(session, staff_id, seen, frozenset({own_track}), actor=BY_SYSTEM))
    stand_in(reader.client, transact(lambda session: open_session(session, staff_id, now=real_now())))


def _by_code(reader: Reader) -> None:
    maker, now = make_member(Role.ORGANISER), real_now()
    today = now.astimezone(STOCKHOLM).date()
    code = transact(lambda session: make_code(session, "Entrance", today, staff_id=maker, now=now))
    token = transact(lambda session: come_in(session, code, "Eva Ek", now=now, browser=Browser()))
    stand_in(reader.client, token)
    # A crawl that begins before midnight does not end with the code.
    later = day_span(today)[1] + timedelta(days=2)
    transact(lambda session: session.execute(update(DeskCodeRow).values(expires_at=later)))
    transact(lambda session: session.execute(update(StaffSessionRow).values(expires_at=later)))


def _links(app: Flask, records: Records, *, is_deep: bool) -> Iterator[str]:
    """Yield personal links: of the records, and of the demonstration's people in each state."""
    for endpoint in ROOTS:
        yield records.address(app, next(app.url_map.iter_rules(endpoint)))
    most = 20 if is_deep else 1
    found = db.session.execute(
        select(RegistrationRow.state, RegistrationRow.id, RegistrationRow.link_version).order_by(
            RegistrationRow.id
        )
    ).all()
    for state in sorted({row.state for row in found}):
        for row in islice((row for row in found if row.state == state), most):
            yield f"/r/{link_of(row.id, row.link_version)}"
    people = sorted(search_people(), key=lambda one: one.id)
    for person in people[:: 2 if is_deep else 13][: 40 if is_deep else 4]:
        yield f"/speaker/{speaker_link_of(person.id, person.link_version)}"
