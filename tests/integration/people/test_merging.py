from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import (
    NotFoundError,
    RevisionMissingError,
    StaleDeletionError,
    StaleRevisionError,
)
from conference.core.ids import PersonId
from conference.core.interval import Interval
from conference.db.base import db
from conference.db.work import transact
from conference.jobs.model import JobState
from conference.mail.queries import mails_about
from conference.people.availability import set_unavailable, unavailable_of
from conference.people.errors import AddressHeldError, NamelessError, SamePersonError
from conference.people.merging import MergePeople, merge
from conference.people.model import PersonDetails
from conference.people.queries import find_person, search_people, whole_history
from conference.people.service import create_person
from conference.programme.model import PartRole
from conference.programme.queries import draft, draft_revision
from conference.registration.errors import BothRegisteredError
from conference.registration.filters import ListFilters
from conference.registration.queries import badge_people, find_live_by_person, get_registration
from conference.registration.service import withdraw
from conference.speakers.dossiers import decline, save_profile, set_invitation, sign
from conference.speakers.model import ConsentKind, Interest, Invitation, Profile, SignDisclosure
from conference.speakers.queries import (
    consents_of,
    disclosures_of,
    find_answer,
    find_invitation,
    find_profile,
    reminded,
)
from conference.speakers.service import send_link
from conference.speakers.tables import ReminderRow
from conference.tables import metadata
from tests.factories.programme import at, make_person, make_session, make_talk, part
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import (
    LUKASZ,
    confirm_speaker,
    make_speaker,
    make_speaker_category,
    stored_person,
)


def run(
    kept: PersonId, gone: PersonId, *take: str, kept_revision: int | None = 1, gone_revision: int | None = 1
) -> None:
    command = MergePeople(
        kept_id=kept, gone_id=gone, take=take, kept_revision=kept_revision, gone_revision=gone_revision
    )
    try:
        transact(lambda session: merge(session, command, actor=BY_SYSTEM))
    finally:
        db.session.remove()


def add(**details: str) -> PersonId:
    return transact(lambda session: create_person(session, PersonDetails(**details), actor=BY_SYSTEM))


def test_every_table_that_refers_to_a_person_is_moved() -> None:
    """Who adds one gives it a mover in `person_moves`, and a test below: deleting a person would empty it unseen."""
    found = {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    assert found == {
        "campaign_recipient",
        "committee_member",
        "disclosure",
        "erasure_request",
        "external_id",
        "other_badge_print",
        "registration",
        "registration_group",
        "session_role",
        "slides",
        "speaker_answer",
        "speaker_consent",
        "speaker_invitation",
        "speaker_portrait",
        "speaker_profile",
        "speaker_reminder",
        "speaker_told",
        "talk_role",
        "unavailable",
    }


def test_details_are_taken_as_chosen_and_the_other_record_is_gone(app: Flask) -> None:
    kept = add(given_name="Łukasz", family_name="Zak", email="l@a.example", title="Dr.")
    gone = add(given_name="Łukasz", family_name="Żak", email="l@b.example", affiliation="Szpital")
    run(kept, gone, "family_name", "affiliation")
    assert stored_person(kept).details == PersonDetails(
        given_name="Łukasz", family_name="Żak", email="l@a.example", title="Dr.", affiliation="Szpital"
    )
    assert find_person(gone) is None
    assert [person.id for person in search_people("szpital zak")] == [kept]


def test_parts_move_and_one_that_both_had_is_one(app: Flask) -> None:
    kept, gone = make_person(), make_person("Åsa", "Lindh")
    both = make_session("Both", people=[part(kept, PartRole.CHAIR), part(gone, PartRole.CHAIR)])
    other = make_session("Other", people=[part(gone, PartRole.CHAIR)])
    make_talk(other, "A talk", people=[part(gone)])
    before = transact(draft_revision)
    run(kept, gone)
    sessions = {one.id: one for one in draft().sessions}
    assert [one.person_id for one in sessions[both].people] == [kept]
    assert [one.person_id for one in sessions[other].people] == [kept]
    assert [one.person_id for talk in sessions[other].talks for one in talk.people] == [kept]
    assert [sessions[both].revision, sessions[other].revision] == [2, 2]
    assert draft_revision() > before


def test_a_live_registration_an_ended_one_and_the_answer_move(app: Flask) -> None:
    make_speaker_category()
    gone = make_speaker()
    first = confirm_speaker(gone)
    transact(lambda session: withdraw(session, first, actor=BY_LINK, now=clock.now()))
    second = confirm_speaker(gone)
    answer = transact(lambda session: find_answer(gone, session))
    kept = add(given_name="Lukas", email=LUKASZ.email)
    run(kept, gone, "given_name", "family_name", gone_revision=stored_person(gone).revision)
    assert [get_registration(one).person_id for one in (first, second)] == [kept, kept]
    assert find_answer(kept) == answer
    assert find_answer(gone) is None
    assert [line.given_name for line in badge_people(ListFilters(text="đorđević"))] == ["Łukasz"]
    assert history_of("registration", second)[0].changes == {"person_id": (gone, kept)}


def test_of_two_answers_the_newer_one_counts(app: Flask) -> None:
    make_speaker_category()
    kept, gone = make_speaker(1), make_speaker(2)
    ended = confirm_speaker(kept)
    transact(lambda session: withdraw(session, ended, actor=BY_LINK, now=clock.now()))
    live = confirm_speaker(gone)
    newer = transact(lambda session: find_answer(gone, session))
    run(
        kept,
        gone,
        "email",
        kept_revision=stored_person(kept).revision,
        gone_revision=stored_person(gone).revision,
    )
    assert find_answer(kept) == newer
    found = find_live_by_person(kept)
    assert found is not None
    assert found.id == live


def test_mails_are_shown_with_the_kept_record_and_unsent_links_are_cancelled(app: Flask) -> None:
    kept, gone = add(given_name="Lukas"), make_speaker()
    transact(lambda session: send_link(session, gone, actor=BY_SYSTEM))
    run(kept, gone)
    assert [mail.state for mail in mails_about("person", kept)] == [JobState.CANCELLED]
    assert mails_about("person", gone) == []


def test_the_history_of_both_is_kept_over_two_merges(app: Flask) -> None:
    one, two, three = add(given_name="One"), add(given_name="Two"), add(given_name="Three")
    run(two, three)
    run(one, two, gone_revision=2)
    told = [(entry.action, entry.changes) for entry in whole_history(one)]
    assert told == [
        ("merged", {"merged_person": (two, one)}),
        ("created", {}),
        ("merged", {"merged_person": (three, two)}),
        ("created", {}),
        ("created", {}),
    ]


def test_two_who_are_both_registered_are_refused_and_nothing_is_done(app: Flask) -> None:
    category = make_category()
    first = register_attendee(category)
    second = register_attendee(category, email="other@lab.example")
    db.session.remove()
    people = [get_registration(one).person_id for one in (first, second)]
    with pytest.raises(BothRegisteredError) as caught:
        run(people[0], people[1])
    assert [get_registration(one).number in str(caught.value) for one in (first, second)] == [True, True]
    assert [get_registration(one).person_id for one in (first, second)] == people


@pytest.mark.parametrize("registered_goes", [True, False])
def test_the_address_of_a_registration_stays(app: Flask, registered_goes: bool) -> None:
    registration_id = register_attendee(make_category())
    db.session.remove()
    registered, other = get_registration(registration_id).person_id, add(given_name="X", email="x@a.example")
    pair, wrong = ((other, registered), ()) if registered_goes else ((registered, other), ("email",))
    with pytest.raises(AddressHeldError):
        run(*pair, *wrong)
    run(*pair, *(("email",) if registered_goes else ()))
    assert stored_person(pair[0]).details.email == "asa@lab.example"


def test_a_person_needs_a_name_and_another_record(app: Flask) -> None:
    kept, gone = add(given_name="One"), add(family_name="Two")
    with pytest.raises(NamelessError):
        run(kept, gone, "given_name")
    with pytest.raises(SamePersonError):
        run(kept, kept)
    with pytest.raises(NotFoundError):
        run(kept, PersonId(999))


def test_both_revisions_are_those_that_were_seen(app: Flask) -> None:
    kept, gone = add(given_name="One"), add(given_name="Two")
    with pytest.raises(StaleRevisionError):
        run(kept, gone, "given_name", kept_revision=7)
    with pytest.raises(StaleDeletionError):
        run(kept, gone, gone_revision=7)
    for missing in ({"kept_revision": None}, {"gone_revision": None}):
        with pytest.raises(RevisionMissingError):
            run(kept, gone, **missing)
    assert [stored_person(one).revision for one in (kept, gone)] == [1, 1]
    run(kept, gone)
    with pytest.raises(NotFoundError):
        run(kept, gone, kept_revision=2)


def dossier_of(person_id: PersonId, clock_time: str, **said: str) -> None:
    """Let the person tell a profile, consent, decline, sign once, be reminded and be away for an hour."""
    start = at(clock_time)
    consents = {ConsentKind.RECORDING: (said["recording"] == "yes", "May it be recorded?")}
    profile = Profile(biography=said["biography"], travel=said.get("travel", ""))
    command = SignDisclosure(
        person_id=person_id,
        is_nothing=False,
        interests={Interest.SHARES: said["shares"]},
        signed_name="Ł",
    )

    def work(session: Session) -> None:
        save_profile(session, person_id, None, profile, consents, actor=BY_LINK, now=start)
        sign(session, command, actor=BY_LINK, now=start)
        span = Interval(start=start, end=start + timedelta(hours=1))
        set_unavailable(session, person_id, [span], actor=BY_LINK)
        session.add(ReminderRow(person_id=person_id, weeks=8, written_at=start))
        session.add(ReminderRow(person_id=person_id, weeks=int(said["weeks"]), written_at=start))

    transact(work)


def test_dossiers_become_one_and_nothing_signed_is_lost(app: Flask) -> None:
    kept, gone = make_speaker(1), make_speaker(2)
    dossier_of(
        gone, "09:30", biography="Theirs", travel="By train", recording="no", shares="Alpha", weeks="4"
    )
    dossier_of(kept, "09:00", biography="Own", recording="yes", shares="Beta", weeks="2")
    transact(
        lambda session: set_invitation(session, gone, Invitation().mark, date(2022, 7, 1), actor=BY_SYSTEM)
    )
    transact(lambda session: decline(session, gone, "Ill", actor=BY_LINK, now=at("12:00")))
    run(kept, gone)
    assert find_profile(kept).profile == Profile(biography="Own", travel="By train")
    assert [(one.version, one.interests) for one in disclosures_of(kept)] == [
        (2, {Interest.SHARES: "Alpha"}),
        (1, {Interest.SHARES: "Beta"}),
    ]
    assert consents_of(kept) == {ConsentKind.RECORDING: True}
    assert find_invitation(kept) == Invitation(
        answer_by=date(2022, 7, 1), declined_at=at("12:00"), reason="Ill"
    )
    assert unavailable_of(kept) == (Interval(start=at("09:00"), end=at("10:30")),)
    assert [reminded(weeks) for weeks in (8, 4, 2)] == [{kept}] * 3


def test_a_dossier_of_the_record_that_goes_is_taken_whole(app: Flask) -> None:
    kept, gone = make_person(), make_speaker(2)
    dossier_of(gone, "09:30", biography="Theirs", recording="yes", shares="Alpha", weeks="4")
    told = transact(lambda session: disclosures_of(gone, session))
    run(kept, gone)
    assert find_profile(kept).profile == Profile(biography="Theirs")
    assert disclosures_of(kept) == told
    assert (consents_of(kept), reminded(4)) == ({ConsentKind.RECORDING: True}, {kept})
    assert find_invitation(kept) is None
