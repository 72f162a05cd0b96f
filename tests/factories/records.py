"""One record of each kind that an address can name, so that every route can be asked for something that exists."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from conference.accounts.service import invite
from conference.audit.model import BY_LINK
from conference.core.ids import CategoryId
from conference.db.work import transact
from conference.demo.letters import letters
from conference.demo.mailbox import start_mailbox, stop_mailbox
from conference.event.queries import organisers, tracks
from conference.mail.queries import mails_about
from conference.programme.queries import draft
from conference.registration.group_links import group_token
from conference.registration.group_queries import members_of
from conference.registration.links import link_of
from conference.registration.queries import get_registration
from conference.registration.uploads import keep_upload
from conference.speakers.pictures import Crop, make_portrait
from conference.speakers.portraits import save_portrait
from conference.web.access import Role
from tests.factories.accounts import make_member
from tests.factories.extras import make_extra
from tests.factories.groups import make_group
from tests.factories.pictures import a_picture
from tests.factories.programme import make_person, publish_now
from tests.factories.questions import make_question
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import make_speaker, make_speaker_category, speaker_url

GROUP_PAGES = ("group_page", "group_add", "group_withdraw", "group_pass_on")
INVITED = "invited@staff.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """`values` by the name of an address's part; `own` those of an endpoint that reads the same name otherwise."""

    values: dict[str, Any]
    own: dict[str, dict[str, Any]]

    def address(self, app: Flask, rule: Rule) -> str:
        """Return the rule's address for what exists; raises KeyError for a part that has no record yet."""
        known = self.values | self.own.get(rule.endpoint, {})
        with app.test_request_context():
            return app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})


# What is a word of the address and no record.
FIXED = {"day": "2022-09-22", "place": 1, "figure": "seats", "ending": "webp"}


def make_records(instance: Path) -> Records:
    """Write the records: a person with a talk, published, a registration with its mail, accounts, a letter."""
    category_id = make_category()
    registration_id = register_attendee(category_id)
    make_speaker_category()
    person_id = make_speaker()
    save_portrait(person_id, make_portrait(a_picture(), Crop()), actor=BY_LINK)
    version = publish_now()
    account = make_member(Role.VIEWER, INVITED)
    link = transact(lambda session: invite(session, INVITED, Role.VIEWER, "Invited"))
    session = draft().sessions[0]
    assert session.room is not None
    values = {
        "category_id": category_id,
        "question_id": make_question("Diet"),
        "extra_id": make_extra("Workshop", category_id),
        "registration_id": registration_id,
        "mail_id": mails_about("registration", registration_id)[0].id,
        "person_id": person_id,
        "other_id": make_person("Åsa", "Twice"),
        "session_id": session.id,
        "talk_id": session.talks[0].id,
        "room_id": session.room.id,
        "track_id": tracks()[0].id,
        "organiser_id": organisers()[0].id,
        "staff_id": account,
        "number": version,
        "token": link_of(registration_id, get_registration(registration_id).link_version),
        "name": _letter(instance / "mailbox"),
        "upload": keep_upload(BytesIO(b"Given name,E-mail\nA,a@x.example")),
    } | FIXED
    speaker = {"token": speaker_url(person_id).rsplit("/", 1)[1]}
    pages = ("own_page", "own_decline", "own_profile", "own_disclosure", "own_times", "own_talk")
    pictures = ("own_portrait", "own_remove_portrait", "own_portrait_file")
    own = {f"speakers.{page}": speaker for page in (*pages, *pictures)} | {
        "accounts.link": {"token": link},
        "web.asset_file": {"key": "0", "name": "theme.css"},
    }
    return Records(values=values, own=own | _group_pages(category_id))


def _group_pages(category_id: CategoryId) -> dict[str, dict[str, Any]]:
    """Make a group and return its pages: of Bo, whose place the coordinator sees, and who can hide it again."""
    made = make_group(category_id)
    bo = transact(lambda session: members_of(made.id, session))[1]
    assert bo.registration_id is not None
    group = {"token": group_token(made.id, made.link_version), "place": bo.place}
    own = {"registration.own_group": {"token": link_of(bo.registration_id, 1)}}
    return {f"registration.{page}": group for page in GROUP_PAGES} | own


def _letter(folder: Path) -> str:
    """Send a mail with an attachment to the demonstration's mailbox and return its name there."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "A letter"
    mail.set_content("Plain words")
    mail.add_alternative("<p>Rich words</p>", subtype="html")
    mail.add_attachment(b"words", maintype="text", subtype="plain", filename="words.txt")
    port = start_mailbox(folder)
    try:
        with smtplib.SMTP("127.0.0.1", port, "localhost", timeout=5) as server:
            server.send_message(mail)
    finally:
        stop_mailbox(port)
    return letters(folder)[0].name
