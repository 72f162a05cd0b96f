"""Fills an empty database with invented data, through the rooms' own services, always the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import latest_at
from conference.core.clock import STOCKHOLM, clock, real_now
from conference.core.ids import CategoryId, ExtraId, PersonId, QuestionId, RegistrationId, RoomId, SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.demo.asking import make_extras, make_questions, said, wanted
from conference.demo.booklet import BOOKLET_TEXTS
from conference.demo.campaigns import make_campaigns
from conference.demo.committee import make_committee
from conference.demo.fees import invoice_for, pay_some
from conference.demo.groups import GROUP_SIZE, register_delegation
from conference.demo.inviting import BY_INVITATION, end_invitations, make_invitations
from conference.demo.names import PECULIAR, PROFESSIONS, STAGES, invented
from conference.demo.schedule import ROOMS, Slot, invented_schedule
from conference.demo.speaking import send_files, talk_facts, told_by
from conference.demo.state import BEGINNING
from conference.demo.wordings import change_one
from conference.event.model import EventDetails, OrganiserDetails, RoomDetails
from conference.event.queries import get_event, organisers, tracks
from conference.event.service import (
    create_room,
    edit_booklet_texts,
    edit_event,
    edit_organiser,
    mark_as_demonstration,
)
from conference.mail.service import settle_as_sent
from conference.mail.staging import stage_states
from conference.people.queries import count_people, get_person
from conference.people.service import create_person
from conference.programme.model import Kind as SessionKind
from conference.programme.model import MoveSession, PartChoice, PartRole, SessionDetails, TalkDetails
from conference.programme.queries import draft, get_session
from conference.programme.service import create_session, move_session, publish
from conference.programme.talks import create_talk
from conference.registration.admission_queries import ids_in
from conference.registration.approving import approve
from conference.registration.category_queries import categories
from conference.registration.category_service import create_category
from conference.registration.model import (
    Access,
    CategoryDetails,
    Choices,
    RegisterAttendee,
    State,
)
from conference.registration.queries import count_registrations
from conference.registration.service import register, withdraw
from conference.speakers import dossiers
from conference.speakers.model import ConfirmSpeaker, Interest, SignDisclosure
from conference.speakers.service import confirm, send_link

SPEAKERS = 80
CHAIRS = range(70, 80)
REGISTRATIONS = 300
CONFIRMED_SPEAKERS = 40
# Of the invented schedule: the industry symposium at noon, whose speaker has confirmed.
MOVED_SESSION = 9
# Registered together, by the first of them.
DELEGATION = range(100, 100 + GROUP_SIZE)
MAILS_STILL_TO_SEND = 5
APPROVED, WITHDRAWN_STUDENTS = 4, 2

CATEGORIES = (
    CategoryDetails(place=1, name="Participant", name_sv="Deltagare", name_de="Teilnehmende", badge_word="Participant", seats=260, badge_colour=1, description="Clinicians, scientists, health economists, policy makers"),
    CategoryDetails(place=2, name="Student", name_sv="Student", name_de="Studierende", badge_word="Student", seats=27, badge_colour=2, description="With proof of enrolment"),
    CategoryDetails(place=3, name="Patient representative", name_sv="Patientföreträdare", name_de="Patientenvertretung", badge_word="Patient representative", seats=15, badge_colour=3),
    CategoryDetails(place=4, name="Industry", name_sv="Industri", name_de="Industrie", badge_word="Industry", seats=12, needs_approval=True, fee_minor=25_000, badge_colour=4, description="Companies of diagnostics, drugs and software"),
    CategoryDetails(place=5, name="Speaker", name_sv="Talare", name_de="Vortragende", badge_word="Speaker", access=Access.INVITED, is_for_speakers=True, badge_colour=5),
    CategoryDetails(place=6, name="Invited guest", name_sv="Inbjuden gäst", name_de="Geladener Gast", badge_word="Guest", access=Access.INVITED, seats=15, badge_colour=6),
    CategoryDetails(place=7, name="Partner network", name_sv="Partnernätverk", name_de="Partnernetzwerk", badge_word="Partner", access=Access.CODE, seats=40, badge_colour=1, description="Members of the invented network"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What the database holds, by count."""

    sessions: int
    talks: int
    speakers: int
    registrations: int
    people: int

    @staticmethod
    def counted() -> "Contents":
        programme = draft()
        return Contents(
            sessions=len(programme.sessions),
            talks=sum(len(session.talks) for session in programme.sessions),
            speakers=len({part.person_id for session in programme.sessions for part in session.everybody}),
            registrations=count_registrations(),
            people=count_people(),
        )

    @property
    def sentence(self) -> str:
        return (
            f"{self.sessions} sessions with {self.talks} talks, {self.speakers} speakers, "
            f"{self.registrations} registrations; all people are invented."
        )


def is_filled() -> bool:
    """Return whether the database is a demonstration's."""
    return get_event().is_demonstration


def latest_moment() -> datetime:
    """Return the conference time of the last change, from which a second start goes on."""
    return latest_at() or BEGINNING


def fill(progress: Callable[[int], None] | None) -> None:
    """Fill the database in few transactions, telling `progress` how many registrations there are.

    The clock is moved along, so that the history reads as months of preparation.
    """
    clock.begin_at(BEGINNING - timedelta(days=120))
    people, kinds = transact(_fill_programme)
    extras = transact(lambda session: make_extras(session, kinds))
    asked = transact(lambda session: make_questions(session, kinds))
    transact(lambda session: _fill_registrations(session, people, kinds, extras, asked, progress))
    transact(lambda session: make_committee(session, people[0]))
    transact(change_one)
    db.session.remove()  # what it read before the filling is old now
    make_campaigns()
    send_files(people)
    db.session.remove()


def _fill_programme(session: Session) -> tuple[list[PersonId], list[CategoryId]]:
    _name_contacts(session)
    rooms = [
        create_room(session, RoomDetails(name=name, seats=seats), actor=BY_SYSTEM) for name, seats in ROOMS
    ]
    people = [create_person(session, invented(number), actor=BY_SYSTEM) for number in range(SPEAKERS)]
    kinds = [create_category(session, details, actor=BY_SYSTEM) for details in CATEGORIES]
    speakers = iter(people[: CHAIRS.start])
    chairs = _in_turn([people[number] for number in CHAIRS])
    made = [_make_session(session, slot, rooms, speakers, chairs) for slot in invented_schedule()]
    clock.begin_at(BEGINNING - timedelta(days=20))
    publish(session, seen_draft_revision=draft(session).draft_revision, actor=BY_SYSTEM, now=clock.now())
    _go_on_editing(session, made)
    _answer_as_speakers(session, people)
    return people, kinds


def _name_contacts(session: Session) -> None:
    """Give the event an invented venue and texts for its booklet, and each controller an invented contact point."""
    mark_as_demonstration(session)
    event = get_event(session)
    details = EventDetails(
        title=event.title,
        city=event.city,
        venue="Exempel Congress Centre (invented)",
        first_day=event.first_day,
        last_day=event.last_day,
        summary=event.summary,
        contact_email="office@conference.example",
        contact_phone="+46 8 000 00 00",
    )
    edit_event(session, event.revision, details, sessions_may_lie_outside=False, actor=BY_SYSTEM)
    edit_booklet_texts(session, 1, BOOKLET_TEXTS, actor=BY_SYSTEM)
    for organiser in organisers(session):
        contact = f"privacy@{organiser.short_name.lower()}.example"
        changed = OrganiserDetails(
            name=organiser.name,
            short_name=organiser.short_name,
            country=organiser.country,
            privacy_contact=contact,
        )
        edit_organiser(session, organiser.id, organiser.revision, changed, actor=BY_SYSTEM)


def _in_turn(people: list[PersonId]) -> Iterator[PersonId]:
    while True:
        yield from people


def _make_session(
    session: Session,
    slot: Slot,
    rooms: list[RoomId],
    speakers: Iterator[PersonId],
    chairs: Iterator[PersonId],
) -> SessionId:
    """Make one session with its talks. Each talk has a speaker of its own, so that nobody is booked twice."""
    day = get_event(session).days[slot.day]
    people = [PartChoice(person_id=next(chairs), role=PartRole.PANELLIST) for _ in range(slot.panel)]
    if slot.kind in {SessionKind.PARALLEL, SessionKind.PLENARY, SessionKind.PANEL}:
        people.insert(0, PartChoice(person_id=next(chairs), role=PartRole.CHAIR))
    details = SessionDetails(
        kind=SessionKind(slot.kind),
        title=slot.title,
        abstract="An invented session, to show where its description stands." if slot.talks else "",
        track_id=None if slot.track is None else tracks(session)[slot.track].id,
        room_id=None if slot.room is None else rooms[slot.room],
        start=datetime.combine(day, datetime.strptime(slot.start, "%H:%M").time(), STOCKHOLM),  # noqa: DTZ007 -- the zone is given beside it
        duration_min=slot.duration_min,
        people=tuple(people),
    )
    made = create_session(session, details, actor=BY_SYSTEM).session_id
    role = PartRole.PRESENTING_AUTHOR if slot.kind == SessionKind.POSTER else PartRole.SPEAKER
    for title in slot.talks:
        abstract = f"Nothing in this talk has happened. It stands here so that “{title}” has an abstract of usual length."
        parts = (PartChoice(person_id=next(speakers), role=role),)
        talk = TalkDetails(
            title=title,
            abstract=abstract,
            duration_min=slot.talk_min,
            people=parts,
            facts=talk_facts(title),
        )
        create_talk(session, made, talk, actor=BY_SYSTEM)
    return made


def _go_on_editing(session: Session, made: list[SessionId]) -> None:
    """Leave the draft ahead of the published version, as it is on most days: publishing it mails a speaker who moved."""
    clock.begin_at(BEGINNING - timedelta(days=2))
    stored = get_session(draft(session), made[MOVED_SESSION])
    assert stored.span is not None
    later = stored.span.start + timedelta(minutes=5)
    room_id = stored.room.id if stored.room else None
    move = MoveSession(session_id=stored.id, room_id=room_id, start=later, expected_revision=stored.revision)
    move_session(session, move, actor=BY_SYSTEM)


def _answer_as_speakers(session: Session, people: list[PersonId]) -> None:
    """Leave speakers in each stage: not invited, invited, declined, and some of those who confirm with all done."""
    now = clock.now()
    invited = people[CONFIRMED_SPEAKERS : CONFIRMED_SPEAKERS + 6]
    for person_id in invited:
        send_link(session, person_id, actor=BY_SYSTEM)
    dossiers.decline(session, invited[0], "I am abroad in that week.", actor=BY_LINK, now=now)
    for number, person_id in enumerate(people[:CONFIRMED_SPEAKERS]):
        if number % 3 == 0:
            signed = SignDisclosure(
                person_id=person_id,
                is_nothing=number % 2 == 0,
                interests={} if number % 2 == 0 else {Interest.HONORARIA: "An invented company"},
                signed_name=get_person(person_id, session).name,
            )
            dossiers.sign(session, signed, actor=BY_LINK, now=now)
        if number % 4 == 0:
            told, chosen = told_by(number)
            dossiers.save_profile(session, person_id, None, told, chosen, actor=BY_LINK, now=now)


def _fill_registrations(
    session: Session,
    people: list[PersonId],
    kinds: list[CategoryId],
    extras: list[ExtraId],
    asked: list[QuestionId],
    progress: Callable[[int], None] | None,
) -> None:
    clock.begin_at(BEGINNING - timedelta(days=60))
    entitled = make_invitations(session, kinds[5], kinds[6], _command(BY_INVITATION, kinds))
    for number in range(REGISTRATIONS):
        clock.begin_at(BEGINNING - timedelta(days=60) + timedelta(hours=4.6 * number))
        if number < CONFIRMED_SPEAKERS:
            _confirm(session, people[number])
        elif number in DELEGATION:
            if number == DELEGATION.start:
                register_delegation(session, kinds[0], first=SPEAKERS + number, now=clock.now())
        else:
            chosen, answers = wanted(number, extras), said(number, asked)
            command = replace(_command(number, kinds), extras=chosen, answers=answers)
            if number in entitled:
                by = entitled[number]
                command = replace(command, category_id=by.category_id, entitlement=by.entitlement)
            register(session, replace(command, invoice=invoice_for(command)), now=clock.now())
        if progress is not None:
            progress(number + 1)
    _answer_some(session)
    pay_some(session)
    # Their mails went out long ago; only the newest are still to be sent.
    settle_as_sent(
        session, except_newest=MAILS_STILL_TO_SEND, answer="250 delivered before the demonstration began"
    )
    stage_states(session, kind="confirmation", now=real_now())


def _answer_some(session: Session) -> None:
    """Approve the first of industry, and let two students withdraw, whose places are offered to those who wait."""
    clock.begin_at(BEGINNING - timedelta(hours=20))
    for one in _in_state(session, "Industry", State.PENDING)[:APPROVED]:
        approve(session, one, actor=BY_SYSTEM, now=clock.now())
    for one in _in_state(session, "Student", State.CONFIRMED)[:WITHDRAWN_STUDENTS]:
        withdraw(session, one, actor=BY_LINK, now=clock.now())
    end_invitations(session)


def _in_state(session: Session, category: str, state: State) -> list[RegistrationId]:
    found = next(one for one in categories(session) if one.name == category)
    return ids_in(found.id, state, session)


def _confirm(session: Session, person_id: PersonId) -> None:
    person = get_person(person_id, session)
    command = ConfirmSpeaker(person_id=person_id, details=person.details, expected_revision=person.revision)
    confirm(session, command, actor=BY_LINK, now=clock.now())


def _command(number: int, kinds: list[CategoryId]) -> RegisterAttendee:
    peculiar = number - (REGISTRATIONS - len(PECULIAR))
    details = invented(SPEAKERS + number)
    if peculiar >= 0:
        base = PECULIAR[peculiar]
        details = replace(base, affiliation=details.affiliation, country=details.country, email=details.email)
    return RegisterAttendee(
        form_key=f"demonstration-{number:03d}",
        category_id=kinds[_category_of(number)],
        person=details,
        profession=PROFESSIONS[number % len(PROFESSIONS)],
        career_stage=STAGES[number % len(STAGES)],
        choices=Choices(
            consents=frozenset({"participants"} if number % 2 else set())
            | frozenset({"invitations"} if number % 3 == 0 else set()),
            no_photographs=number % 11 == 0,
        ),
    )


def _category_of(number: int) -> int:
    """Return 1 for students (five more than seats), 2 for patient representatives (one less), 3 for industry, else 0."""
    attendee = number - CONFIRMED_SPEAKERS
    if attendee % 26 == 5:  # noqa: PLR2004 -- any number that is no student's
        return 3
    if attendee < 34 * 7 and attendee % 7 == 0:
        return 1
    return 2 if attendee % 15 == 1 else 0
