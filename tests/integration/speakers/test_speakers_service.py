from dataclasses import replace
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import clock, real_now
from conference.core.errors import NotFoundError, RevisionMissingError, StaleRevisionError
from conference.core.ids import PersonId, RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.queries import mails_about
from conference.people.service import edit_person
from conference.programme.queries import draft, draft_revision
from conference.programme.rules import seen_mark
from conference.programme.service import delete_session
from conference.registration import queries as registrations
from conference.registration.errors import AddressTakenError
from conference.registration.model import State
from conference.registration.service import withdraw
from conference.speakers import queries, service
from conference.speakers.errors import ConfirmingClosedError, NoAddressError, NoPartError
from conference.speakers.model import Answer, ConfirmSpeaker, Mailed, Speaker, Standing
from tests.factories.mail import outbox_row, words_of_html
from tests.factories.programme import make_person, publish_now
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import (
    LUKASZ,
    confirm_speaker,
    make_speaker,
    make_speaker_category,
    stored_person,
)


def everybody() -> list[Speaker]:
    return transact(queries.speakers)


def registration_count() -> int:
    db.session.remove()
    return registrations.count_registrations()


def test_confirm_saves_the_person_registers_mails_and_keeps_the_answer_at_once(app: Flask) -> None:
    category = make_speaker_category()
    person_id = make_speaker()
    made = confirm_speaker(person_id, letters="MD", badge_name="Luke")
    assert stored_person(person_id).details == replace(LUKASZ, letters="MD", badge_name="Luke")
    registration = registrations.get_registration(made)
    assert (registration.category_id, registration.state, registration.email, registration.person_id) == (
        category,
        State.CONFIRMED,
        LUKASZ.email,
        person_id,
    )
    assert [mail.kind for mail in mails_about("registration", made)] == ["confirmation"]
    assert queries.find_answer(person_id) == Answer(
        registration_id=made, confirmed_at=registration.created_at
    )
    assert [entry.action for entry in history_of("person", person_id)] == ["confirmed", "changed", "created"]


def test_confirm_twice_is_one_registration_one_mail_one_answer(app: Flask) -> None:
    make_speaker_category()
    person_id = make_speaker()
    command = ConfirmSpeaker(person_id=person_id, details=replace(LUKASZ, letters="MD"), expected_revision=1)

    def work(session: Session) -> RegistrationId:
        return service.confirm(session, command, actor=BY_LINK, now=clock.now())

    first = transact(work)
    answer = transact(lambda session: queries.find_answer(person_id, session))
    assert transact(work) == first
    assert registration_count() == 1
    assert len(mails_about("registration", first)) == 1
    assert queries.find_answer(person_id) == answer


def test_confirm_pressed_at_once_is_one_registration(app: Flask) -> None:
    make_speaker_category()
    person_id = make_speaker()
    command = ConfirmSpeaker(person_id=person_id, details=replace(LUKASZ, letters="MD"), expected_revision=1)
    start, made = Barrier(4), list[int]()

    def press() -> None:
        with app.app_context():
            start.wait()
            now = clock.now()
            made.append(transact(lambda session: service.confirm(session, command, actor=BY_LINK, now=now)))

    presses = [Thread(target=press) for _ in range(4)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert (len(made), len(set(made)), registration_count()) == (4, 1, 1)
    assert len(mails_about("registration", made[0])) == 1


def test_confirm_raises_the_drafts_revision_only_for_a_change(app: Flask) -> None:
    make_speaker_category()
    one, other = make_speaker(1), make_speaker(2)
    before = transact(draft_revision)
    confirm_speaker(one)
    assert transact(draft_revision) == before
    confirm_speaker(other, given_name="Łukasz Jan")
    assert transact(draft_revision) > before


def test_confirm_refuses_whoever_has_no_part(app: Flask) -> None:
    make_speaker_category()
    person_id = make_person()
    with pytest.raises(NoPartError):
        confirm_speaker(person_id)
    assert registration_count() == 0


@pytest.mark.parametrize("seats", [None, 0], ids=["no category", "closed"])
def test_confirm_refuses_while_speakers_have_no_category_and_saves_nothing(
    app: Flask, seats: int | None
) -> None:
    if seats is not None:
        make_speaker_category(seats=seats)
    person_id = make_speaker()
    with pytest.raises(ConfirmingClosedError):
        confirm_speaker(person_id, letters="MD")
    assert stored_person(person_id).details == LUKASZ
    assert (registration_count(), queries.find_answer(person_id)) == (0, None)


def test_confirm_refuses_an_address_of_another_person_and_saves_nothing(app: Flask) -> None:
    make_speaker_category()
    register_attendee(make_category(), email="held@lab.example")
    person_id = make_speaker()
    with pytest.raises(AddressTakenError) as caught:
        confirm_speaker(person_id, email="HELD@lab.example", letters="MD")
    assert caught.value.field == "email"
    assert stored_person(person_id).details == LUKASZ


def test_confirm_moves_the_attendee_of_that_name_over(app: Flask) -> None:
    category = make_speaker_category()
    earlier = register_attendee(
        make_category(), email=LUKASZ.email, given_name="Łukasz", family_name="Đorđević"
    )
    person_id = make_speaker()
    assert confirm_speaker(person_id) == earlier
    moved = registrations.get_registration(earlier)
    assert (moved.category_id, moved.person_id, registration_count()) == (category, person_id, 1)


def test_confirm_shows_both_values_where_somebody_was_faster(app: Flask) -> None:
    make_speaker_category()
    person_id = make_speaker()
    theirs = replace(LUKASZ, title="Prof.")
    transact(lambda session: edit_person(session, person_id, 1, theirs, actor=BY_SYSTEM))
    mine = ConfirmSpeaker(person_id=person_id, details=replace(LUKASZ, title="PD"), expected_revision=1)
    with pytest.raises(StaleRevisionError) as caught:
        transact(lambda session: service.confirm(session, mine, actor=BY_LINK, now=clock.now()))
    assert (caught.value.theirs, caught.value.mine) == ({"title": "Prof."}, {"title": "PD"})
    blind = replace(mine, expected_revision=None)
    with pytest.raises(RevisionMissingError):
        transact(lambda session: service.confirm(session, blind, actor=BY_LINK, now=clock.now()))
    assert registration_count() == 0


def test_confirm_of_nobody_is_not_found(app: Flask) -> None:
    command = ConfirmSpeaker(person_id=PersonId(999), details=LUKASZ, expected_revision=1)
    with pytest.raises(NotFoundError):
        transact(lambda session: service.confirm(session, command, actor=BY_LINK, now=clock.now()))


def test_confirm_again_with_another_address_moves_the_registration_and_kills_its_link(app: Flask) -> None:
    make_speaker_category()
    person_id = make_speaker()
    made = confirm_speaker(person_id)
    assert confirm_speaker(person_id, email="new@szpital.example") == made
    moved = transact(lambda session: registrations.get_registration(made, session))
    assert (moved.email, moved.link_version) == ("new@szpital.example", 2)
    assert stored_person(person_id).details.email == "new@szpital.example"
    assert [mail.recipient for mail in mails_about("registration", made)] == [
        "new@szpital.example",
        LUKASZ.email,
    ]


def test_confirm_after_a_withdrawal_registers_again(app: Flask) -> None:
    make_speaker_category()
    person_id = make_speaker()
    first = confirm_speaker(person_id)
    transact(lambda session: withdraw(session, first, actor=BY_LINK, now=clock.now()))
    assert [one.standing for one in everybody()] == [Standing.WITHDRAWN]
    second = confirm_speaker(person_id)
    assert second != first
    assert [one.standing for one in everybody()] == [Standing.CONFIRMED]
    answer = queries.find_answer(person_id)
    assert answer is not None
    assert answer.registration_id == second


def test_confirm_in_a_full_category_waits(app: Flask) -> None:
    make_speaker_category(seats=1)
    confirm_speaker(make_speaker(1))
    confirm_speaker(make_speaker(2))
    assert sorted(one.standing for one in everybody()) == [Standing.CONFIRMED, Standing.WAITING]


def test_change_of_a_confirmed_speaker_without_a_part_is_still_taken(app: Flask) -> None:
    make_speaker_category()
    person_id = make_speaker()
    made = confirm_speaker(person_id)

    def drop(session: Session) -> None:
        (stored,) = draft(session).sessions
        delete_session(session, stored.id, seen_mark(stored), actor=BY_SYSTEM)

    transact(drop)
    assert confirm_speaker(person_id, letters="MD") == made
    assert everybody() == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_its_length(app: Flask, count: int) -> None:
    make_speaker_category()
    for number in range(1, count + 1):
        confirm_speaker(make_speaker(number))
        transact(lambda session: service.send_links(session, actor=BY_SYSTEM, now=real_now()))
    publish_now()
    everybody()  # the version is new to this process once
    with counted_statements() as statements:
        found = everybody()
    assert len(found) == count
    assert len([line for line in statements if line.startswith("SELECT")]) == 15


@pytest.mark.parametrize("count", [1, 3])
def test_own_parts_cost_the_same_whatever_the_programmes_length(app: Flask, count: int) -> None:
    people = [make_speaker(number) for number in range(1, count + 1)]
    with counted_statements() as statements:
        (part,) = transact(lambda session: queries.own_parts(people[0], session))
    assert (part.title, part.session, part.room, part.is_public) == ("Talk 1", "Session 1", "Aula 1", False)
    assert len([line for line in statements if line.startswith("SELECT")]) == 8


def test_parts_are_public_once_published(app: Flask) -> None:
    person_id = make_speaker()
    publish_now()
    make_speaker(2)
    parts = {one.person.id: [part.is_public for part in one.parts] for one in everybody()}
    assert sorted(parts.values()) == [[False], [True]]
    assert parts[person_id] == [True]


def test_send_link_writes_one_mail_with_the_parts_and_a_masked_link(app: Flask) -> None:
    person_id = make_speaker()
    transact(lambda session: service.send_link(session, person_id, actor=BY_SYSTEM))
    (mail,) = mails_about("person", person_id)
    assert (mail.kind, mail.recipient, mail.recipient_name) == (
        "speaker_link",
        LUKASZ.email,
        "Łukasz Đorđević",
    )
    assert "Dear Dr. Łukasz Đorđević," in mail.text
    assert "Speaker: Talk 0" in mail.text
    assert "When: Thursday 22 September 2022, 09:00–09:20" in mail.text
    assert "(personal link)" in mail.text
    assert [entry.action for entry in history_of("person", person_id)] == ["link mailed", "created"]


def test_mail_says_the_same_in_both_parts_and_keeps_names_literal(app: Flask) -> None:
    person_id = make_speaker(given_name="{{ 7 * 7 }}<b>", family_name="{x}")
    transact(lambda session: service.send_link(session, person_id, actor=BY_SYSTEM))
    (mail,) = mails_about("person", person_id)
    row = outbox_row(mail.id)
    assert row["link"] == {"kind": "speaker", "ref": {"person_id": person_id, "version": 1}}
    assert "Dear Dr. {{ 7 * 7 }}<b> {x}," in str(row["text"])
    html, text = words_of_html(str(row["html"])), str(row["text"]).split()
    assert "{x}," in html
    label = {"Speaker", "When", "Where", "confirm"}  # a colon stands after them in the text
    said = [word.removesuffix(":") if word.removesuffix(":") in label else word for word in text]
    slot = str(row["link_slot"])
    assert [word for word in said if word not in {slot, "-", "--"}] == html


@pytest.mark.parametrize("email", ["", "no address"])
def test_send_link_refuses_without_an_address(app: Flask, email: str) -> None:
    person_id = make_speaker(email=email)
    with pytest.raises(NoAddressError) as caught:
        transact(lambda session: service.send_link(session, person_id, actor=BY_SYSTEM))
    assert "Łukasz Đorđević" in str(caught.value)
    assert mails_about("person", person_id) == []


def test_send_link_refuses_whoever_has_no_part(app: Flask) -> None:
    person_id = make_person()
    for work in (
        lambda session: service.send_link(session, person_id, actor=BY_SYSTEM),
        lambda session: service.renew_link(session, person_id, 1, actor=BY_SYSTEM),
    ):
        with pytest.raises(NotFoundError):
            transact(work)


def test_send_links_writes_to_the_open_ones_once_in_ten_minutes(app: Flask) -> None:
    make_speaker_category()
    confirm_speaker(make_speaker(1))
    waiting, silent = make_speaker(2), make_speaker(3, email="")
    now = real_now()
    mailed = [
        transact(lambda session: service.send_links(session, actor=BY_SYSTEM, now=now)) for _ in range(2)
    ]
    assert mailed == [
        Mailed(written=1, without_address=1, mailed_just_now=0),
        Mailed(written=0, without_address=1, mailed_just_now=1),
    ]
    assert [len(mails_about("person", one)) for one in (waiting, silent)] == [1, 0]


def test_send_links_pressed_at_once_writes_to_nobody_twice(app: Flask) -> None:
    people = [make_speaker(number) for number in (1, 2, 3)]
    start, counts = Barrier(3), list[int]()

    def press() -> None:
        with app.app_context():
            start.wait()
            mailed = transact(lambda session: service.send_links(session, actor=BY_SYSTEM, now=real_now()))
            counts.append(mailed.written)

    presses = [Thread(target=press) for _ in range(3)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(counts) == [0, 0, 3]
    assert [len(mails_about("person", one)) for one in people] == [1, 1, 1]


def test_renew_link_is_done_once_for_a_version_that_was_seen(app: Flask) -> None:
    person_id = make_speaker()
    for _ in range(2):
        transact(lambda session: service.renew_link(session, person_id, 1, actor=BY_SYSTEM))
    assert stored_person(person_id).link_version == 2
    assert [entry.action for entry in history_of("person", person_id)] == ["link renewed", "created"]
