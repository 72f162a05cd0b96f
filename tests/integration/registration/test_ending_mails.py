"""What mails say of the end: the calendar's cancellation, and which ticket a new registration makes void."""

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from conference.audit.model import BY_SYSTEM
from conference.core.ids import RegistrationId
from conference.db.work import transact
from conference.jobs.model import JobState
from conference.mail.outbox import deliver
from conference.registration import letters, service
from conference.registration.errors import MoveRefusedError
from conference.registration.model import State
from conference.registration.queries import get_registration
from tests.factories.mail import taken_of
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import kinds, mails, registration, withdraw
from tests.factories.smtp import mailserver, send_through

VOID = "The earlier registration {} with this address has ended, and its ticket is void."
TAKEN_OUT = "Your ticket is void. The calendar file that comes with this mail takes the conference out"
Entry = tuple[str, int, str]


def entries(content: object) -> tuple[str, list[Entry]]:
    """Return a calendar file's method, and UID, SEQUENCE and STATUS of each entry."""
    assert isinstance(content, bytes)
    calendar = Calendar.from_ical(content)
    found = [
        (str(one["UID"]), int(str(one["SEQUENCE"])), str(one["STATUS"])) for one in calendar.walk("VEVENT")
    ]
    return str(calendar["METHOD"]), found


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CANCELLED])
def test_the_mail_of_an_end_takes_out_of_the_calendar_what_the_first_one_brought(
    app: Flask, state: State
) -> None:
    made = register_attendee(make_category())
    with mailserver() as server:
        send_through(app, server.port)
        assert deliver(mails(made)[0].id, "me") == JobState.DONE
        withdraw(made, state)
        assert deliver(mails(made)[1].id, "me") == JobState.DONE
    first, last = server.mails
    files = [[part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"] for mail in (first, last)]  # fmt: skip
    (brought,), (taken_out,) = files
    assert [part.get_content_type() for part in last.iter_attachments()] == ["text/calendar"]
    assert (taken_out.get_filename(), taken_out.get_param("method")) == ("conference-cancelled.ics", "CANCEL")
    method, before = entries(brought.get_payload(decode=True))
    cancelled, after = entries(taken_out.get_payload(decode=True))
    assert (method, cancelled, len(before)) == ("PUBLISH", "CANCEL", 2)
    assert after == [(uid, sequence + 1, "CANCELLED") for uid, sequence, _ in before]
    assert TAKEN_OUT in " ".join(taken_of(last, "plain").split())


def test_who_only_waited_gets_no_calendar_file_at_the_end(app: Flask) -> None:
    category = make_category(seats=1)
    register_attendee(category, email="first@lab.example")
    waiting = register_attendee(category)
    withdraw(waiting)
    end = mails(waiting)[-1]
    assert (end.kind, "Your ticket is void" in end.text) == ("withdrawn", False)
    with mailserver() as server:
        send_through(app, server.port)
        assert deliver(end.id, "me") == JobState.DONE
    assert list(server.mails[0].iter_attachments()) == []


def said(registration_id: RegistrationId, place: int = -1) -> str:
    return " ".join(mails(registration_id)[place].text.split())


@pytest.mark.parametrize("seats", [5, 1])
def test_a_new_registration_says_that_the_old_ticket_is_void(app: Flask, seats: int) -> None:
    category = make_category(seats=seats)
    old = register_attendee(category)
    withdraw(old)
    if seats == 1:
        register_attendee(category, email="second@lab.example")
    new = register_attendee(make_category("Other") if seats > 1 else category, email="ASA@lab.example")
    sentence = VOID.format(registration(old).number)
    assert (kinds(new), sentence in said(new)) == (["confirmation" if seats > 1 else "waiting"], True)
    transact(lambda session: service.send_again(session, new, actor=BY_SYSTEM))
    assert sentence in said(new)


def test_the_newest_of_two_ended_registrations_is_named_and_strangers_are_not(app: Flask) -> None:
    category = make_category()
    first = register_attendee(category)
    withdraw(first)
    second = register_attendee(category)
    withdraw(second)
    third = register_attendee(category)
    stranger = register_attendee(category, email="jan@lab.example")
    assert VOID.format(registration(second).number) in said(third)
    assert registration(first).number not in said(third)
    assert "is void" not in said(stranger)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CANCELLED])
def test_no_answer_is_mailed_for_a_registration_that_has_ended(app: Flask, state: State) -> None:
    made = register_attendee(make_category())
    withdraw(made, state)

    def answer(session: Session) -> None:
        letters.send_answer(session, get_registration(made, session))

    with pytest.raises(MoveRefusedError):
        transact(answer)
    with pytest.raises(MoveRefusedError):
        transact(lambda session: service.send_again(session, made, actor=BY_SYSTEM))
    assert kinds(made) == ["confirmation", "withdrawn"]
