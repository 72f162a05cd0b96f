"""Every kind of mail with invented facts, long names and long places among them, for tests that look at all of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask

from conference.accounts.model import StaffMember
from conference.core.clock import STOCKHOLM
from conference.core.ids import CategoryId, OrganiserId, PersonId, RegistrationId, RoomId, StaffId
from conference.core.interval import Interval
from conference.event.model import Event, Organiser
from conference.mail.rendering import Rendered, render
from conference.mail.wording_model import Wording
from conference.people.model import PersonDetails
from conference.programme.model import PartRole
from conference.programme.words import ROLE_WORDS
from conference.registration.group_model import Member
from conference.registration.invitation_model import InvitationDetails
from conference.registration.model import STATE_WORDS, CategoryDetails, Registration, State
from conference.speakers.model import Missing, OwnPart, Task
from conference.speakers.slots import Moved, Slot, SlotChanges
from conference.speakers.told import MarkedChanges, MarkedMove, MarkedSession
from conference.speakers.words import TASK_WORDS
from conference.web.access import Role
from conference.web.language import in_language

FOLDER = Path(__file__).parents[2] / "templates" / "mail"
NOON = datetime(2022, 9, 7, 12, 0, tzinfo=STOCKHOLM)
EVENT = Event(
    title="Cutting Edge Implementation of Precision Medicine in Europe",
    city="Stockholm",
    venue="Invented Hall of the Great Academy",
    first_day=date(2022, 9, 22),
    last_day=date(2022, 9, 23),
    summary="",
    contact_email="questions@conference.example",
    contact_phone="+46 8 123 45 67",
    is_demonstration=False,
    revision=1,
)
ORGANISERS = (
    Organiser(
        id=OrganiserId(1),
        place=1,
        name="Genomic Medicine Sweden",
        short_name="GMS",
        country="SE",
        privacy_contact="privacy@gms.example",
        revision=1,
    ),
    Organiser(
        id=OrganiserId(2),
        place=2,
        name="German Centers for Personalized Medicine",
        short_name="ZPM",
        country="DE",
        privacy_contact="privacy@zpm.example",
        revision=1,
    ),
)
PERSON = PersonDetails(
    title="Prof. Dr.",
    given_name="Åsa Maria",
    family_name="von und zu Langenstein-Holzhausen <b>",
    affiliation="Centrum för precisionsmedicin, Karolinska universitetssjukhuset",
    country="SE",
    email="asa@lab.example",
)
CATEGORY = CategoryDetails(
    name="Participant from health care, two days", name_sv="Deltagare från vården", badge_word="Participant"
)
REGISTRATION = Registration(
    id=RegistrationId(7),
    number="K7MQ-W2XD",
    category_id=CategoryId(1),
    person_id=PersonId(1),
    state=State.CONFIRMED,
    waiting_number=None,
    offered_until=NOON,
    is_over_limit=False,
    email="asa@lab.example",
    language="",
    profession="",
    career_stage="",
    no_photographs=False,
    badge_code="",
    link_version=1,
    calendar_sequence=1,
    notice_number=None,
    created_at=NOON,
    changed_at=NOON,
    revision=1,
)
_MORNING = datetime(2022, 9, 22, 9, 0, tzinfo=STOCKHOLM)
PARTS = (
    OwnPart(
        role=PartRole.SPEAKER,
        session="Genomes in the clinic",
        talk="Sequencing newborns: what a national programme has learnt, and what it would do otherwise",
        span=Interval(start=_MORNING, end=_MORNING + timedelta(minutes=20)),
        room="Aula Ångström",
        is_public=True,
    ),
    OwnPart(role=PartRole.CHAIR, session="Data across borders", talk="", span=None, room="", is_public=False),
)
_BOTH = {"event": EVENT, "organisers": ORGANISERS, "person": PERSON}
_OF_REGISTRATION: dict[str, object] = _BOTH | {
    "registration": REGISTRATION,
    "category": CATEGORY,
    "extras": ["Workshop: variant interpretation", "Conference dinner (waiting list, place 3)"],
    "fee": "350.00 EUR",
    "waiting_place": 12,
    "reason": "The category is for staff of hospitals. Register as a participant from industry.",
    "extra": "Conference dinner",
    "ended_number": "9PQR-44TT",
    "had_seat": True,
    "has_papers": True,
    "changes": [("Name", PERSON.full_name), ("Affiliation", PERSON.affiliation)],
}
_GROUP = tuple(
    Member(
        group_id=1,
        place=place,
        registration_id=None,
        name=name,
        email="",
        is_shown=True,
        number="K7MQ-W2XD",
        state=state,
        waiting_place=waiting,
    )
    for place, (name, state, waiting) in enumerate(
        [
            ("Łukasz Đorđe", State.CONFIRMED, None),
            ("Ελένη Παπαδοπούλου", State.WAITING, 4),
            ("李小龙", State.PENDING, None),
        ]
    )
)
_MISSING = tuple(
    Missing(task=task, due=date(2022, 9, 1) + timedelta(days=10 * n), is_overdue=n == 0)
    for n, task in enumerate(Task)
)
_OTHERS: dict[str, dict[str, object]] = {
    "invitation": _BOTH
    | {
        "category": CATEGORY,
        "invitation": InvitationDetails(
            category_id=CategoryId(1), expires_at=NOON, given_name="Åsa", family_name="Lind", holds_seat=True
        ),
        "is_approved": True,
    },
    "campaign": _BOTH | {"registration": REGISTRATION, "category": CATEGORY, "named": {"link", "contacts"}},
    "message": {
        "wanted_subject": "The way to the hall",
        "parts": (
            "Dear Åsa,\n\nthe entrance is on the north side. You find everything on your page:\n",
            None,
            "\n\nThe organisers",
        ),
    },
    "group_overview": _BOTH | {"category": CATEGORY, "members": _GROUP, "state_words": STATE_WORDS},
    "speaker_link": _BOTH
    | {"parts": PARTS, "role_words": ROLE_WORDS, "is_open": True, "answer_by": date(2022, 9, 12)},
    "committee_link": _BOTH | {"duty": "Co-chair", "is_open": True, "answer_by": date(2022, 8, 25)},
    "speaker_reminder": _BOTH
    | {
        "missing": _MISSING,
        "task_words": TASK_WORDS,
        "first_due": date(2022, 9, 1),
        "today": date(2022, 9, 5),
    },
}
_SLOT = Slot(
    key="talk-1",
    roles=(PartRole.SPEAKER,),
    title=PARTS[0].title,
    session=PARTS[0].session,
    span=Interval(start=_MORNING, end=_MORNING + timedelta(minutes=20)),
    room_id=RoomId(1),
    room="Aula Ångström",
)
_SEEN = MarkedSession(title="Who <b>pays</b>", span=_SLOT.span, room="Room 1", room_id=1)
_MARKED = MarkedChanges(
    changed=(
        MarkedMove(old=_SEEN, new=replace(_SEEN, room="Room 2", room_id=2, title="Who pays")),
        MarkedMove(old=_SEEN, new=replace(_SEEN, title="Who pays in the end")),
    ),
    cancelled=(replace(_SEEN, title="Posters", room="", room_id=None),),
    back=(replace(_SEEN, title="Dinner"),),
)
_LATER = Interval(start=_MORNING + timedelta(hours=25), end=_MORNING + timedelta(hours=25, minutes=20))
_OTHERS |= {
    "slot_changed": _BOTH
    | {
        "changes": SlotChanges(
            added=(replace(_SLOT, roles=(PartRole.CHAIR, PartRole.MODERATOR), title="Data across borders"),),
            moved=(Moved(old=_SLOT, new=replace(_SLOT, span=_LATER, room="Room 2")),),
            renamed=(Moved(old=_SLOT, new=replace(_SLOT, title="Tumour boards, revisited")),),
            cancelled=(replace(_SLOT, roles=(PartRole.PANELLIST,), title="Who pays", room=""),),
        ),
        "marked": _MARKED,
        "role_words": ROLE_WORDS,
        "has_entries": True,
    },
    "marked_changed": _BOTH | {"marked": _MARKED},
    "part_confirmed": _BOTH | {"parts": PARTS, "role_words": ROLE_WORDS, "has_entries": True},
    "part_withdrawn": _BOTH | {"parts": PARTS, "role_words": ROLE_WORDS, "has_entries": True},
    "part_declined": _BOTH | {"parts": PARTS, "role_words": ROLE_WORDS, "has_entries": True},
}
_STAFF = {
    "event": EVENT,
    "member": StaffMember(
        id=StaffId(1),
        email="anna@conference.example",
        name="Anna <b> Ek",
        role=Role.DESK,
        language="en",
        has_password=False,
        created_at=NOON,
        revision=1,
    ),
    "role": "Desk",
    "until": NOON,
}
_OTHERS |= {"staff_invitation": _STAFF, "password_reset": _STAFF, "sign_in_confirmation": _STAFF}
_OTHERS["second_factor_tried"] = _STAFF | {"account": "anna@conference.example", "is_owner": True, "at": NOON}
_OTHERS["account_guarded"] = _STAFF | {"what": "A passkey was added.", "at": NOON}
# What goes out in words of the office alone.
WORDINGS = {
    "campaign": Wording(
        subject="The way to the hall",
        text="Dear {name},\n\nthe entrance is on the north side: https://www.example.org/plan.\n\n{link}\n\n{contacts}",
    )
}
# Mails that order no personal link; `message` does where the office's words name one.
WITHOUT_LINK = frozenset({"passed_on", "account_guarded", "second_factor_tried"})


def kinds() -> list[str]:
    """Return every kind there is, by the folders."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def facts_of(kind: str) -> Mapping[str, object]:
    """Return invented facts for the kind: its own, or those of a registration."""
    return _OTHERS.get(kind, _OF_REGISTRATION)


def drawn(app: Flask, kind: str, language: str) -> Rendered:
    """Return the mail as it would be kept; its link is a place where one will stand."""
    with app.app_context(), in_language(language):
        return render(
            kind,
            facts_of(kind),
            with_link=kind not in WITHOUT_LINK,
            wording=WORDINGS.get(kind),
            is_news=kind in WORDINGS,
        )
