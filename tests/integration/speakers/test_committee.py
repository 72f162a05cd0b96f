"""The programme committee: who is on it and in which order, what is asked of them, and what a final version waits for."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import STOCKHOLM, clock, real_now
from conference.core.errors import NotFoundError, RevisionMissingError, StaleDeletionError, StaleRevisionError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.event.errors import StillUsedError
from conference.mail.queries import mails_about
from conference.people.errors import NamelessError
from conference.people.merging import MergePeople, merge
from conference.people.model import PersonDetails
from conference.people.queries import find_person
from conference.people.service import delete_person, edit_person
from conference.privacy.errors import StillOnCommitteeError
from conference.privacy.queries import everything_held
from conference.privacy.retention import end_due
from conference.privacy.service import erase_again, erase_person
from conference.programme.check_setting import edit_checks
from conference.programme.errors import UndisclosedError
from conference.programme.model import Kind
from conference.programme.queries import check_settings, public_state
from conference.programme.severity import DEFAULTS, ConflictKind, Severity
from conference.speakers import committee, service
from conference.speakers.committee_errors import AlreadyMemberError, ChosenPersonGoneError, KnownAddressError
from conference.speakers.committee_queries import (
    get_member,
    listed_committee,
    members,
    only_member,
    undisclosed_members,
)
from conference.speakers.dossiers import decline
from conference.speakers.errors import NoAddressError
from conference.speakers.model import Mailed, Membership, Task
from conference.speakers.owing import count_overdue, owing
from conference.speakers.queries import disclosures_of
from conference.speakers.reminders import RemindersDue
from tests.factories.dumps import lines_with
from tests.factories.programme import at, make_person, make_room, make_session, publish_now
from tests.factories.speakers import (
    confirm_speaker,
    make_member_of_committee,
    make_speaker,
    make_speaker_category,
    sign_disclosure,
    stored_person,
)

LATE = datetime(2022, 8, 26, tzinfo=STOCKHOLM)


def names() -> list[str]:
    db.session.remove()
    return [one.person.details.given_name for one in members()]


def acts_of(person_id: PersonId) -> list[str]:
    return [entry.action for entry in history_of("person", person_id)]


def mails_of(person_id: PersonId) -> list[str]:
    db.session.remove()
    return sorted(mail.kind for mail in mails_about("person", person_id))


def add(person_id: PersonId, duty: str = "") -> None:
    transact(lambda session: committee.add_member(session, person_id, Membership(duty=duty), actor=BY_SYSTEM))


def send(person_id: PersonId) -> None:
    transact(lambda session: committee.send_member_link(session, person_id, actor=BY_SYSTEM))


def worker_reminds() -> None:
    source = RemindersDue()
    for claimed in source.claim("test"):
        source.run(claimed, "test")


def test_a_member_is_added_once_and_comes_last(app: Flask) -> None:
    first, known = make_member_of_committee("Ylva", duty="Chair"), make_person("Bo", "Alm")
    add(known, "Co-chair")
    assert names() == ["Ylva", "Bo"]
    assert [one.membership.duty for one in members()] == ["Chair", "Co-chair"]
    with pytest.raises(AlreadyMemberError):
        add(known)
    with pytest.raises(ChosenPersonGoneError):
        add(PersonId(99_999))
    assert acts_of(known) == ["joined the committee", "created"]
    assert acts_of(first) == ["joined the committee", "created"]


def test_somebody_new_has_a_name_and_no_address_of_another(app: Flask) -> None:
    make_member_of_committee("Ylva", email="ylva@committee.example")
    with pytest.raises(KnownAddressError) as caught:
        make_member_of_committee("Twin", email="YLVA@committee.example")
    assert "Ylva Öst (#" in str(caught.value)
    with pytest.raises(NamelessError):
        make_member_of_committee("", family_name="", email="x@committee.example")
    # Of two without an address nothing is known that would make them one.
    make_member_of_committee("Bo", email="")
    make_member_of_committee("Cy", email="")
    assert names() == ["Ylva", "Bo", "Cy"]


def test_duty_and_language_are_changed_against_the_revision_that_was_seen(app: Flask) -> None:
    one = make_member_of_committee(duty="Chair")
    wanted = Membership(duty="Co-chair", language="de")

    def edit(revision: int | None) -> None:
        transact(lambda session: committee.edit_member(session, one, revision, wanted, actor=BY_SYSTEM))

    edit(1)
    assert transact(lambda session: get_member(one, session)).membership == wanted
    assert history_of("person", one)[0].changes == {"duty": ("Chair", "Co-chair"), "language": ("", "de")}
    with pytest.raises(RevisionMissingError):
        edit(None)
    wanted = Membership(duty="Member")
    with pytest.raises(StaleRevisionError) as caught:
        edit(1)
    assert caught.value.theirs == {"duty": "Co-chair", "language": "de"}


def test_members_change_places_and_at_either_end_nothing_happens(app: Flask) -> None:
    ids = [make_member_of_committee(name) for name in ("A", "B", "C")]

    def move(number: int, *, down: bool) -> list[str]:
        transact(lambda session: committee.move_member(session, ids[number], down=down, actor=BY_SYSTEM))
        return names()

    assert move(2, down=False) == ["A", "C", "B"]
    assert move(0, down=False) == ["A", "C", "B"]
    assert move(1, down=True) == ["A", "C", "B"]
    assert move(0, down=True) == ["C", "A", "B"]
    with pytest.raises(NotFoundError):
        transact(lambda session: committee.move_member(session, 99_999, down=True, actor=BY_SYSTEM))


def test_who_leaves_the_committee_keeps_what_they_signed(app: Flask) -> None:
    one = make_member_of_committee()
    sign_disclosure(one)

    def remove(revision: int | None) -> None:
        transact(lambda session: committee.remove_member(session, one, revision, actor=BY_SYSTEM))

    with pytest.raises(StaleDeletionError):
        remove(7)
    with pytest.raises(RevisionMissingError):
        remove(None)
    remove(1)
    assert names() == []
    assert [signed.version for signed in disclosures_of(one)] == [1]
    assert acts_of(one)[0] == "left the committee"
    with pytest.raises(NotFoundError):
        remove(1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_there_are(app: Flask, count: int) -> None:
    for number in range(count):
        make_member_of_committee(f"Member{number}")
    db.session.remove()
    with counted_statements() as statements:
        assert len(members()) == count
    assert len([line for line in statements if line.startswith("SELECT")]) == 9


def test_the_link_is_mailed_in_the_member_s_language_and_to_all_who_have_not_signed(app: Flask) -> None:
    clock.begin_at(datetime(2022, 8, 1, tzinfo=STOCKHOLM))
    signed, open_one = make_member_of_committee("Signed"), make_member_of_committee("Open")
    nowhere = make_member_of_committee("Nowhere", email="")
    sign_disclosure(signed)
    transact(
        lambda session: committee.edit_member(
            session, open_one, 1, Membership(duty="Co-chair", language="sv"), actor=BY_SYSTEM
        )
    )

    def send_all() -> Mailed:
        return transact(lambda session: committee.send_member_links(session, actor=BY_SYSTEM, now=real_now()))

    assert send_all() == Mailed(written=1, without_address=1, mailed_just_now=0)
    assert send_all() == Mailed(written=0, without_address=1, mailed_just_now=1)
    assert (mails_of(signed), mails_of(open_one), mails_of(nowhere)) == ([], ["committee_link"], [])
    (mail,) = mails_about("person", open_one)
    assert mail.subject.startswith("Underteckna senast torsdag 25 augusti 2022: din redovisning")
    with pytest.raises(NoAddressError):
        send(nowhere)
    with pytest.raises(NotFoundError):
        send(make_person())
    # Who has signed can be mailed the link too, to change what they signed.
    send(signed)
    (mail,) = mails_about("person", signed)
    assert mail.subject.startswith("Your disclosure of interests for ")


def test_what_is_missing_of_members_is_listed_and_overdue_after_its_day(app: Flask) -> None:
    make_speaker_category()
    speaker, both = make_speaker(1), make_speaker(2)
    mere, done = make_member_of_committee("Mere", duty="Chair"), make_member_of_committee("Done")
    add(both)
    sign_disclosure(done)
    db.session.remove()
    found = {one.person.id: one for one in owing()}
    assert set(found) == {speaker, both, mere}
    assert [one.task for one in found[mere].missing] == [Task.DISCLOSURE]
    assert (found[mere].standing, found[speaker].membership) == (None, None)
    assert [one.task for one in found[both].missing].count(Task.DISCLOSURE) == 1
    assert found[mere].missing[0].due == date(2022, 8, 25)
    clock.begin_at(LATE)
    assert count_overdue() == 3
    # A speaker who declined owes no more as one, and still does as a member.
    transact(lambda session: decline(session, both, "", actor=BY_SYSTEM, now=clock.now()))
    db.session.remove()
    assert {one.person.id: [each.task for each in one.missing] for one in owing()}[both] == [Task.DISCLOSURE]


def test_the_worker_reminds_who_was_mailed_the_link_once_and_by_one_mail(app: Flask) -> None:
    make_speaker_category()
    mere, unmailed, both = make_member_of_committee("Mere"), make_member_of_committee("Not"), make_speaker(1)
    add(both)
    send(mere)
    send(both)
    transact(lambda session: service.send_link(session, both, actor=BY_SYSTEM))
    clock.begin_at(LATE)
    worker_reminds()
    worker_reminds()
    assert mails_of(mere) == ["committee_link", "speaker_reminder"]
    assert mails_of(unmailed) == []
    assert mails_of(both) == ["committee_link", "speaker_link", "speaker_reminder"]
    clock.begin_at(LATE + timedelta(weeks=2))
    sign_disclosure(mere)
    worker_reminds()
    assert mails_of(mere) == ["committee_link", "speaker_reminder"]
    assert mails_of(both).count("speaker_reminder") == 2


def a_draft() -> None:
    """Make a programme in whose way nothing stands, not even at a final version."""
    make_session("Lunch", kind=Kind.BREAK, room_id=make_room("Aula"), start=at("09:00"))


def test_a_member_s_missing_disclosure_blocks_the_final_version_and_no_other(app: Flask) -> None:
    a_draft()
    one = make_member_of_committee("Ylva", duty="Chair")
    with pytest.raises(UndisclosedError) as caught:
        publish_now(is_final=True)
    assert caught.value.field == "is_final"
    assert "“Ylva Öst”" in str(caught.value)
    assert publish_now() == 1
    sign_disclosure(one)
    assert publish_now(is_final=True) == 2


def test_a_member_s_missing_disclosure_is_weighed_as_the_speakers_are(app: Flask) -> None:
    a_draft()
    make_member_of_committee()
    now = transact(check_settings)
    wanted = replace(now, severities={**DEFAULTS, ConflictKind.DISCLOSURE_MISSING: Severity.WARN})
    transact(lambda session: edit_checks(session, now.revision, wanted, actor=BY_SYSTEM))
    assert publish_now(is_final=True) == 1


def test_two_records_become_one_member(app: Flask) -> None:
    kept, gone = make_member_of_committee("Kept"), make_member_of_committee("Gone", duty="Chair")
    first = make_person("Plain", "One")
    transact(lambda session: committee.move_member(session, gone, down=False, actor=BY_SYSTEM))

    def run(into: PersonId, of: PersonId) -> None:
        command = MergePeople(
            kept_id=into, gone_id=of, take=(), kept_revision=1, gone_revision=stored_person(of).revision
        )
        transact(lambda session: merge(session, command, actor=BY_SYSTEM))
        db.session.remove()

    run(kept, gone)
    assert names() == ["Kept"]
    assert (get_member(kept).membership.duty, get_member(kept).revision) == ("Chair", 2)
    run(first, kept)
    assert names() == ["Plain"]
    assert get_member(first).membership.duty == "Chair"


def test_a_member_s_record_is_neither_deleted_nor_erased_and_its_end_keeps_the_name(app: Flask) -> None:
    one = make_member_of_committee("Zoë", duty="Chair", family_name="Zwart")
    sign_disclosure(one)
    with pytest.raises(StillUsedError):
        transact(lambda session: delete_person(session, one, 1, actor=BY_SYSTEM))
    with pytest.raises(StillOnCommitteeError):
        transact(lambda session: erase_person(session, one, actor=BY_SYSTEM, now=clock.now()))
    held = everything_held(one)["speaker"]
    assert held["committee_member"] == {"duty": "Chair", "language": "", "place": 1}
    db.session.remove()
    clock.begin_at(datetime(2023, 5, 1, tzinfo=STOCKHOLM))
    assert end_due(clock.now()) == 1
    db.session.remove()
    assert [(one.name, one.duty) for one in listed_committee()] == [("Zoë Zwart", "Chair")]
    assert stored_person(one).details.email == ""
    assert len(disclosures_of(one)) == 1


def test_who_is_erased_again_after_a_restore_is_no_member(app: Flask) -> None:
    one = make_member_of_committee("Zoë", duty="Sayer of unusual words", family_name="Zwart")
    transact(lambda session: erase_again(session, one, now=clock.now()))
    db.session.remove()
    assert names() == []
    assert [lines_with(word) for word in ("Zwart", "unusual words")] == [[], []]
    assert find_person(one) is not None


def test_a_new_name_of_a_member_makes_the_public_booklet_anew(app: Flask) -> None:
    a_draft()
    one, other = make_member_of_committee(), make_person("Not", "There")
    publish_now()

    def rename(person_id: PersonId) -> None:
        details = PersonDetails(given_name="Renamed", family_name="Person")
        transact(lambda session: edit_person(session, person_id, 1, details, actor=BY_SYSTEM))

    before = public_state()
    rename(other)
    assert public_state() == before
    rename(one)
    assert public_state() != before


def test_a_mere_member_has_no_part_that_they_could_answer_for(app: Flask) -> None:
    make_speaker_category()
    mere, speaker, both = make_member_of_committee(), make_speaker(1), make_speaker(2)
    add(both)
    assert [only_member(one) for one in (mere, speaker, both)] == [True, False, False]
    confirm_speaker(both)
    assert [one.person_id for one in undisclosed_members()] == [mere, both]


def test_a_new_member_makes_the_public_booklet_anew(app: Flask) -> None:
    a_draft()
    publish_now()
    before = public_state()
    make_member_of_committee()
    assert public_state() != before
