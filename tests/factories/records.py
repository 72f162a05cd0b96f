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
from conference.audit.model import BY_LINK, BY_SYSTEM, by_staff
from conference.core.clock import clock
from conference.core.ids import CategoryId, PersonId, RegistrationId, StaffId, TalkId
from conference.db.work import transact
from conference.demo.letters import letters
from conference.demo.mailbox import start_mailbox, stop_mailbox
from conference.event.model import Room
from conference.event.notices import keep_present
from conference.event.queries import organisers, tracks
from conference.jobs.service import jobs
from conference.mail.news import token_of
from conference.mail.queries import mails_about
from conference.printing.choice import choice_of
from conference.printing.outline import outline_pdf
from conference.printing.papers import ask_for_badges
from conference.printing.preview_store import keep
from conference.printing.run import Setting
from conference.printing.service import print_run
from conference.printing.sheets import A7
from conference.programme.model import Session
from conference.programme.printings import mark_sent
from conference.programme.queries import draft
from conference.programme.step_queries import steps
from conference.registration.filters import ListFilters
from conference.registration.group_links import group_token
from conference.registration.group_queries import members_of
from conference.registration.links import link_of
from conference.registration.model import Access as RegisterAccess
from conference.registration.queries import badge_people, get_registration
from conference.speakers.slide_files import Announced, begin, receive
from conference.speakers.slides import keep_slides
from conference.web.access import Role
from conference.web.uploads import keep_upload
from tests.factories.accounts import make_member
from tests.factories.api import a_token
from tests.factories.campaigns import make_campaign
from tests.factories.extras import make_extra
from tests.factories.groups import make_group
from tests.factories.invitations import make_code, make_invitation, token_for
from tests.factories.mail import token_of_file
from tests.factories.printing import make_own_design, make_own_sheet
from tests.factories.programme import make_person, publish_now
from tests.factories.questions import make_answered_file
from tests.factories.registration import make_category, register_attendee
from tests.factories.slides import a_pdf
from tests.factories.speakers import (
    make_member_of_committee,
    make_speaker,
    make_speaker_category,
    publish_portrait,
    speaker_url,
)
from tests.factories.visa import make_letter

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
FIXED = {"day": "2022-09-22", "place": 1, "figure": "seats", "ending": "webp", "revision": 1} | {
    "kind": "offered",
    "tag": "sv",
    "sign": "doors",
    "paper": "door",
    # Of accounts' buttons that look for nothing: of what is not one's own, nothing is done.
    "passkey_id": 1,
    "desk_code_id": 1,
}


def make_records(instance: Path) -> Records:
    """Write the records: a person with a talk, published, a registration with its mail, accounts, a letter."""
    category_id = make_category()
    registration_id = register_attendee(category_id)
    make_speaker_category()
    person_id = make_speaker()
    portrait = publish_portrait(person_id)
    version = _published()
    account = make_member(Role.VIEWER, INVITED)
    link = transact(lambda session: invite(session, INVITED, Role.VIEWER, "Invited"))
    session, room = _session_with(person_id)
    values: dict[str, Any] = {
        "category_id": category_id,
        "question_id": make_answered_file(registration_id),
        "extra_id": make_extra("Workshop", category_id),
        "registration_id": registration_id,
        "mail_id": mails_about("registration", registration_id)[0].id,
        "person_id": person_id,
        "other_id": make_person("Åsa", "Twice"),
        "session_id": session.id,
        "talk_id": session.talks[0].id,
        "room_id": room.id,
        "track_id": tracks()[0].id,
        "organiser_id": organisers()[0].id,
        "staff_id": account,
        "number": version,
        "token": link_of(registration_id, get_registration(registration_id).link_version),
        "name": _letter(instance / "mailbox"),
        "upload": keep_upload(BytesIO(b"Given name,E-mail\nA,a@x.example")),
    }
    values |= FIXED | _promises(category_id) | _papers(account, registration_id)
    own = _speakers_pages(person_id, TalkId(session.talks[0].id)) | {
        "accounts.link": {"token": link},
        "registration.invited": {"token": token_for(values["invitation_id"])},
        "speakers.public_portrait": {"key": portrait},
    }
    own |= _group_pages(category_id) | _file_of(values["mail_id"]) | _previews()
    return Records(values=values, own=own | _committee_pages(values["member_id"]))


def _session_with(person_id: PersonId) -> tuple[Session, Room]:
    """Return the session in which the speaker has a talk, beside a demonstration's."""
    found = next(one for one in draft().sessions if person_id in {part.person_id for part in one.everybody})
    assert found.room is not None
    return found, found.room


def _committee_pages(member_id: PersonId) -> dict[str, dict[str, Any]]:
    pages = ("member", "move_member", "remove_member", "mail_member", "renew_member_link")
    return {f"speakers.{page}": {"person_id": member_id} for page in pages}


def _previews() -> dict[str, dict[str, Any]]:
    """Keep a sign that somebody looks at: signs are for all staff. What lies in files of ours stands here too."""
    kept = {"key": keep("sign", outline_pdf(A7, Setting())), "number": 1}
    shipped = ("shipped_design", "export_design", "design_sample", "design_picture")
    return {f"printing.{page}": {"key": "a7"} for page in shipped} | {
        "web.asset_file": {"key": "0", "name": "theme.css"},
        "printing.preview": {"paper": "signs/doors.pdf"},
        "printing.preview_file": kept,
        "printing.preview_page": kept,
    }


_PROGRAMME_PAPERS: dict[str, dict[str, Any]] = {
    "printing.programme_paper": {"paper": "card"},
    "printing.public_plan": {"name": "2022-09-22-a4"},
}


def _file_of(mail_id: int) -> dict[str, dict[str, Any]]:
    return {"mail.linked_file": {"token": token_of_file(mail_id)}} | _PROGRAMME_PAPERS


def _group_pages(category_id: CategoryId) -> dict[str, dict[str, Any]]:
    """Make a group and return its pages: of Bo, whose place the coordinator sees, and who can hide it again."""
    made = make_group(category_id)
    bo = transact(lambda session: members_of(made.id, session))[1]
    assert bo.registration_id is not None
    group = {"token": group_token(made.id, made.link_version), "place": bo.place}
    own = {
        "registration.own_group": {"token": link_of(bo.registration_id, 1)},
        "mail.unsubscribe": {"token": token_of("bo@lab.example")},
    }
    return {f"registration.{page}": group for page in GROUP_PAGES} | own


def _published() -> int:
    """Publish the programme and keep the privacy notice: the first version of each has the same number."""
    transact(lambda session: keep_present(session, now=clock.now()))
    number, now = publish_now(), clock.now()
    transact(lambda session: mark_sent(session, number, actor=BY_SYSTEM, now=now))
    return number


def _papers(staff_id: int, registration_id: RegistrationId) -> dict[str, Any]:
    """Let a worker set the badges of the list, describe a sheet of labels, and approve a letter, which is a mail more."""
    make_letter(registration_id)
    made = transact(lambda session: ask_for_badges(session, ListFilters(), choice_of({}), staff_id))
    for one in jobs.claim("records"):
        jobs.run(one, "records")
    run_id, _ = print_run(badge_people(), choice_of({}), is_stacked=False, actor=by_staff(StaffId(staff_id)))
    return {
        "job_id": made,
        "sheet_id": make_own_sheet(),
        "design_id": make_own_design(),
        "run_id": run_id,
    }


def _promises(category_id: CategoryId) -> dict[str, Any]:
    """Make an invitation, a code, a draft of a campaign and a member of the programme committee."""
    coded = make_category("With a code", access=RegisterAccess.CODE)
    return {
        "invitation_id": make_invitation(category_id),
        "code_id": make_code(coded),
        "campaign_id": make_campaign(),
        "member_id": make_member_of_committee(),
        "step_id": steps()[0].id,
        "token_id": a_token()[0],
    }


def _speakers_pages(person_id: PersonId, talk_id: TalkId) -> dict[str, dict[str, Any]]:
    speaker = {"token": speaker_url(person_id).rsplit("/", 1)[1]}
    pages = ("own_page", "own_decline", "own_profile", "own_disclosure", "own_times", "own_talk")
    pictures = ("own_portrait", "own_remove_portrait", "own_portrait_file")
    of_pages = {f"speakers.{page}": speaker for page in (*pages, *pictures)}
    return of_pages | _slides_of(person_id, talk_id, speaker)


def _slides_of(person_id: PersonId, talk_id: TalkId, speaker: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Keep slides of the talk and begin to send others; return the addresses that name them."""
    placed = receive(BytesIO(a_pdf()), "talk.pdf")
    keep_slides(person_id, talk_id, placed, actor=BY_LINK, now=clock.now())
    upload = begin(person_id, talk_id, Announced(name="new.pdf", size_bytes=9, modified_ms=1))
    pages = ("own_slides", "own_slides_file", "own_remove_slides", "own_slides_begin")
    pieces = ("own_slides_piece", "own_slides_finish")
    return {f"speakers.{page}": speaker for page in pages} | {
        f"speakers.{page}": {**speaker, "upload": upload.key} for page in pieces
    }


def _letter(folder: Path) -> str:
    """Send a mail with an attachment to the demonstration's mailbox and return its name there."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "A letter"
    mail.set_content("Plain words")
    mail.add_alternative("<p>Rich words</p>", subtype="html")
    mail.add_attachment(b"words", maintype="text", subtype="plain", filename="words.txt")
    port = start_mailbox(folder)
    try:
        with smtplib.SMTP("127.0.0.1", port, "localhost", timeout=60) as server:
            server.send_message(mail)
    finally:
        stop_mailbox(port)
    return letters(folder)[0].name
