"""Who marked sessions and asked for news of them is told of those alone, once, and a speaker in one mail with the rest."""

import pytest
from flask import Flask

from conference.audit.model import BY_SYSTEM
from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.db.work import transact
from conference.programme import service as programme
from conference.programme.errors import NothingToTellError
from conference.programme.model import Telling
from conference.programme.queries import draft, get_session
from conference.programme.rules import seen_mark
from conference.registration.queries import get_registration
from tests.factories.programme import at, make_room, make_session, publish_now, withdraw_version
from tests.factories.registration import make_category, register_attendee
from tests.factories.registration_acts import withdraw
from tests.factories.telling import (
    kinds,
    mails,
    marked_mails,
    move,
    only_registration,
    rename,
    session_of,
    tell,
    to_tell,
)

Marks = dict[RegistrationId, frozenset[SessionId]]


def test_who_marked_a_session_is_told_of_it_alone_and_once(app: Flask, marks: Marks) -> None:
    category = make_category()
    asked, silent = register_attendee(category), register_attendee(category, email="b@lab.example")
    one, other, third = (
        make_session(title, room_id=make_room(title), start=at("09:00"))
        for title in ("One", "Other", "Third")
    )
    publish_now()
    marks[asked] = frozenset({one, third})
    move(one, "10:00")
    move(other, "11:00")
    publish_now()
    (mail,) = marked_mails(asked)
    assert "Session: One\nNow: Thursday 22 September 2022, 10:00–11:00, One\nBefore: Thursday" in mail.text
    assert "Other" not in mail.text
    assert "Third" not in mail.text
    assert marked_mails(silent) == []
    with pytest.raises(NothingToTellError):
        tell(2)
    rename(third, "Third time")
    stored = get_session(transact(draft), one)
    transact(lambda s: programme.delete_session(s, one, seen_mark(stored), actor=BY_SYSTEM))
    publish_now()
    last = marked_mails(asked)[-1]
    assert "New title: Third time\nTitle before: Third" in last.text
    assert "Cancelled: One\nWas planned for: Thursday 22 September 2022, 10:00–11:00, One" in last.text
    assert last.recipient == get_registration(asked).email


def test_who_marks_after_a_version_knows_it_though_nobody_was_told(app: Flask, marks: Marks) -> None:
    registration = register_attendee(make_category())
    early = register_attendee(make_category("B"), email="early@lab.example")
    session_id = make_session("One", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    marks[early] = frozenset({session_id})
    move(session_id, "10:00")
    publish_now(telling=Telling.LATER)
    marks[registration] = frozenset({session_id})
    assert [letter.address for letter in to_tell().letters] == ["early@lab.example"]
    tell(2)
    assert (len(marked_mails(early)), len(marked_mails(registration))) == (1, 0)
    move(session_id, "12:00")
    publish_now()
    assert (len(marked_mails(early)), len(marked_mails(registration))) == (2, 1)
    withdraw_version(3)
    tell(2)
    assert "Now: Thursday 22 September 2022, 10:00" in marked_mails(registration)[-1].text


def test_a_speaker_who_marked_gets_one_mail_in_all(speaker: PersonId, marks: Marks) -> None:
    other = make_session("Other", room_id=make_room("Annexe"), start=at("09:00"))
    publish_now()
    registration = only_registration(speaker)
    marks[registration] = frozenset({other, session_of(speaker)})
    move(session_of(speaker), "14:00")
    move(other, "15:00")
    publish_now()
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]
    told = mails(speaker)[-1]
    assert "Of the sessions that you marked:\n\nSession: Other" in told.text
    assert told.text.count("14:00") == 1
    assert marked_mails(registration) == []
    # Where only a marked session moves, that mail alone is written.
    move(other, "16:00")
    publish_now()
    assert kinds(speaker) == ["part_confirmed", "slot_changed"]
    assert len(marked_mails(registration)) == 1


def test_who_withdrew_is_not_told_of_marks(app: Flask, marks: Marks) -> None:
    registration = register_attendee(make_category())
    session_id = make_session("One", room_id=make_room("Aula"), start=at("09:00"))
    publish_now()
    marks[registration] = frozenset({session_id})
    withdraw(registration)
    move(session_id, "10:00")
    publish_now()
    assert marked_mails(registration) == []
