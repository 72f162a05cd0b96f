"""Who is told what of a version: the difference to what each was told last, one mail each, whatever was clicked."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock, real_now
from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.bounces import note
from conference.mail.reports import Report, Reported
from conference.people.merging import MergePeople, merge
from conference.programme import versioning
from conference.programme.errors import NothingToTellError, OtherVersionToTellError
from conference.programme.model import Labels, PartRole, Telling
from conference.programme.queries import draft, draft_revision
from conference.programme.registry import untold
from conference.programme.rules import publishable
from conference.speakers import dossiers, personal, service, telling
from conference.speakers.slot_letters import send_changes
from conference.speakers.tables import MarkedToldRow, ToldRow
from tests.factories.programme import at, make_room, make_session, part, publish_now, withdraw_version
from tests.factories.registration import make_category
from tests.factories.registration_acts import withdraw
from tests.factories.speakers import confirm_speaker, make_speaker, make_speaker_category, stored_person
from tests.factories.telling import (
    files,
    kinds,
    mails,
    move,
    only_registration,
    rename,
    session_of,
    tell,
    to_tell,
    told_keys,
    write,
)

Marks = dict[RegistrationId, frozenset[SessionId]]


def test_what_a_later_version_moves_back_is_told_to_nobody(speaker: PersonId) -> None:
    move(session_of(speaker), "14:00")
    publish_now(telling=Telling.LATER)
    assert [one.name for one in to_tell().letters] == ["Łukasz Đorđević"]
    move(session_of(speaker), "09:00")
    publish_now()
    assert kinds(speaker) == ["part_confirmed"]
    assert not to_tell()


def test_after_a_version_that_nobody_was_told_the_next_one_tells_the_whole_difference(
    speaker: PersonId,
) -> None:
    move(session_of(speaker), "14:00")
    publish_now(telling=Telling.NOBODY)
    assert kinds(speaker) == ["part_confirmed"]
    make_session("Another", room_id=make_room("Annexe"), start=at("10:00"))
    publish_now()
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]
    assert (
        "14:00–14:20, Aula 0\nBefore: Thursday 22 September 2022, 09:00–09:20, Aula 0"
        in mails(speaker)[-1].text
    )
    assert files(mails(speaker)[-1]) == [("REQUEST", 2)]


def test_told_later_is_told_once_and_only_of_the_public_version(speaker: PersonId) -> None:
    move(session_of(speaker), "14:00")
    publish_now(telling=Telling.LATER)
    with pytest.raises(OtherVersionToTellError):
        tell(1)
    assert tell(2) == 1
    with pytest.raises(NothingToTellError):
        tell(2)
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]


def test_two_who_tell_at_once_write_one_mail_each(app: Flask, speaker: PersonId) -> None:
    move(session_of(speaker), "14:00")
    publish_now(telling=Telling.LATER)
    together, refused = threading.Barrier(2), []

    def work() -> None:
        with app.app_context():
            together.wait(60)
            try:
                tell(2)
            except NothingToTellError:
                refused.append(1)

    tellers = [threading.Thread(target=work) for _ in range(2)]
    for one in tellers:
        one.start()
    for one in tellers:
        one.join()
    assert refused == [1]
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]


def test_without_the_lock_the_mails_own_number_refuses_the_second(
    app: Flask, speaker: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the draft's lock: what is told twice at once is told once all the same, by the unique key.

    Both have counted what was mailed before either writes. SQLite has one writer, with or without the lock.
    """
    move(session_of(speaker), "14:00")
    publish_now(telling=Telling.LATER)
    monkeypatch.setattr(versioning, "hold_draft", lambda _session: None)
    counted, outcomes, waited = threading.Barrier(2), [], threading.local()

    def meet(*given: Any) -> None:
        if db.engine.dialect.name == "postgresql" and not hasattr(waited, "done"):
            waited.done = True
            counted.wait(60)
        send_changes(*given)

    monkeypatch.setattr(telling, "send_changes", meet)

    def work() -> None:
        with app.app_context():
            try:
                outcomes.append(tell(2))
            except NothingToTellError:
                outcomes.append(0)

    tellers = [threading.Thread(target=work) for _ in range(2)]
    for one in tellers:
        one.start()
    for one in tellers:
        one.join()
    assert sorted(outcomes) == [0, 1]
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]


def test_a_withdrawn_version_leaves_people_with_what_they_were_told(speaker: PersonId) -> None:
    move(session_of(speaker), "14:00")
    publish_now()
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]
    withdraw_version(2)
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]
    (letter,) = to_tell().letters
    assert (
        "Now: Thursday 22 September 2022, 09:00–09:20, Aula 0\nBefore: Thursday 22 September 2022, 14:00"
        in letter.text
    )
    tell(1)
    assert files(mails(speaker)[-1]) == [("REQUEST", 3)]
    publish_now()
    assert [files(row) for row in mails(speaker)] == [[("REQUEST", number)] for number in (1, 2, 3, 4)]


def test_the_preview_is_the_mail_and_writes_nothing(speaker: PersonId) -> None:
    move(session_of(speaker), None)
    preview = transact(lambda session: untold(session, publishable(draft(session))))
    (letter,) = preview.letters
    assert (letter.address, letter.entered, letter.taken_out) == ("lukasz@szpital.example", 0, 1)
    assert kinds(speaker) == ["part_confirmed"]
    make_session("Another", room_id=make_room("Annexe"), start=at("10:00"))
    publish_now()
    sent = mails(speaker)[-1]
    assert (sent.subject, sent.text.replace(sent.link_slot, "(personal link)")) == (
        letter.subject,
        letter.text,
    )


def test_the_preview_speaks_the_readers_language(speaker: PersonId) -> None:
    write("UPDATE registration SET language = 'de'")
    move(session_of(speaker), "14:00")
    (letter,) = transact(lambda session: untold(session, publishable(draft(session)))).letters
    assert letter.language == "de"
    assert letter.subject.startswith("Andere Zeit oder anderer Raum")


def test_who_has_no_address_and_whose_mails_came_back_stay_untold_by_name(app: Flask) -> None:
    make_speaker_category()
    bare, back = make_speaker(), make_speaker(1, given_name="Bo", family_name="Back", title="")
    publish_now()
    for one in (bare, back):
        confirm_speaker(one)
    person = stored_person(bare)
    write("UPDATE person SET email = '' WHERE id = :id", id=bare)
    (mail,) = mails(back)
    report = Report(
        message_id=mail.message_id,
        recipients=(
            Reported(
                addresses=frozenset({"speaker1@szpital.example"}),
                action="failed",
                status="5.1.1",
                diagnostic="",
            ),
        ),
    )
    transact(lambda s: note(s, report, now=real_now()))
    for one, clock_time in ((bare, "14:00"), (back, "15:00")):
        move(session_of(one), clock_time)
    publish_now()
    found = to_tell()
    assert (found.letters, found.without_address, found.came_back) == ((), (person.name,), ("Bo Back",))
    assert (kinds(bare), kinds(back)) == (["part_confirmed"], ["part_confirmed"])
    # A corrected address is mailed the whole difference by the next telling.
    write("UPDATE person SET email = 'new@szpital.example' WHERE id = :id", id=back)
    assert tell(2) == 1
    assert mails(back)[-1].recipient == "new@szpital.example"


def test_another_title_or_role_is_told_and_enters_the_calendar_anew(app: Flask) -> None:
    make_speaker_category()
    chair = make_speaker()
    board = make_session(
        "Tumour boards", room_id=make_room("Annexe"), start=at("15:00"), people=[part(chair, PartRole.CHAIR)]
    )
    publish_now()
    confirm_speaker(chair)
    rename(board, "Molecular tumour boards")
    publish_now()
    told = mails(chair)[-1]
    assert told.subject.startswith("Another title or role: your part in")
    assert "Chair: Molecular tumour boards\nBefore: Chair: Tumour boards" in told.text
    assert files(told) == [("REQUEST", 2)]


def test_an_invitation_counts_as_told_and_what_it_told_of_the_draft_too(app: Flask) -> None:
    make_speaker_category()
    invited = make_speaker()
    publish_now()
    move(session_of(invited), "14:00")
    transact(lambda session: service.send_link(session, invited, actor=BY_SYSTEM))
    # They know what is to come, so nothing about the public version is news to them.
    assert not to_tell()
    publish_now()
    assert kinds(invited) == ["speaker_link"]
    move(session_of(invited), "16:00")
    publish_now()
    assert kinds(invited) == ["speaker_link", "slot_changed"]
    assert "Before: Thursday 22 September 2022, 14:00" in mails(invited)[-1].text


def test_who_came_without_our_mail_is_offered_what_is_theirs(app: Flask) -> None:
    """Registered after publication past the link: nobody told them when they speak."""
    make_speaker_category()
    make_category("Guests")
    person_id = make_speaker()
    publish_now()
    assert not to_tell()
    confirm_speaker(person_id)
    transact(lambda s: s.delete(s.get_one(ToldRow, person_id)))
    (letter,) = to_tell().letters
    assert "Set for you:" in letter.text
    tell(1)
    assert not to_tell()


def test_who_declines_or_withdraws_has_nothing_entered_and_is_told_anew_when_they_come_back(
    speaker: PersonId,
) -> None:
    assert told_keys(speaker) == ["talk-1"]
    withdraw(only_registration(speaker))
    assert told_keys(speaker) == []
    move(session_of(speaker), "14:00")
    publish_now()
    assert kinds(speaker) == ["part_confirmed", "part_withdrawn"]
    confirm_speaker(speaker)
    assert not to_tell()
    withdraw(only_registration(speaker))
    transact(lambda s: dossiers.decline(s, speaker, "", actor=BY_LINK, now=clock.now()))
    assert told_keys(speaker) == []


def test_a_scheduled_version_tells_when_it_is_public(speaker: PersonId) -> None:
    move(session_of(speaker), "14:00")
    seen, now = transact(draft_revision), clock.now()
    moment = transact(
        lambda s: versioning.schedule(
            s,
            seen_draft_revision=seen,
            at=datetime.fromisoformat("2022-09-06T09:00"),
            labels=Labels(),
            actor=BY_SYSTEM,
            now=now,
        )
    )
    assert kinds(speaker) == ["part_confirmed"]
    assert not to_tell()
    assert transact(lambda s: versioning.release(s, moment - timedelta(seconds=1))) is None
    assert transact(lambda s: versioning.release(s, moment)) == 2
    assert transact(lambda s: versioning.release(s, moment)) is None
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]


def test_merged_people_know_what_either_was_told(speaker: PersonId) -> None:
    other = make_speaker(1, clock_time="11:00")
    publish_now()
    transact(lambda s: service.send_link(s, other, actor=BY_SYSTEM))
    command = MergePeople(
        kept_id=speaker,
        gone_id=other,
        take=(),
        kept_revision=stored_person(speaker).revision,
        gone_revision=stored_person(other).revision,
    )
    transact(lambda s: merge(s, command, actor=BY_SYSTEM))
    assert len(told_keys(speaker) or ()) == 2
    # A process that had read the version before reads it again.
    assert not to_tell()
    make_session("Another", room_id=make_room("Annexe"), start=at("10:00"))
    publish_now()
    assert "slot_changed" not in kinds(speaker)


def test_what_was_told_is_handed_out_and_erased(speaker: PersonId, marks: Marks) -> None:
    other = make_session("Other", room_id=make_room("Annexe"), start=at("09:00"))
    publish_now()
    marks[only_registration(speaker)] = frozenset({other})
    move(other, "10:00")
    publish_now()
    db.session.rollback()
    held = personal.held(speaker)
    assert held["speaker_told"][0]["slots"]["talk-1"]["title"] == "Talk 0"
    assert held["marked_told"][0]["sessions"][str(other)]["title"] == "Other"
    transact(lambda s: personal.erase(s, speaker, keeps_names=True))
    assert transact(lambda s: s.scalars(select(ToldRow)).all()) == []
    assert transact(lambda s: s.scalars(select(MarkedToldRow)).all()) == []
