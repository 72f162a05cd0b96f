"""Examples of the mails of speakers, for who changes their words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from conference.core.clock import STOCKHOLM
from conference.core.interval import Interval
from conference.event.queries import get_event
from conference.people.queries import get_person
from conference.programme.queries import draft
from conference.programme.words import ROLE_WORDS
from conference.registration.queries import newest_live
from conference.speakers.committee_queries import COMMITTEE_MAIL, members
from conference.speakers.letters import ASKED, send, send_reminder, send_to_member, write
from conference.speakers.marked_letters import MARKED, send_marked
from conference.speakers.model import OwnPart, Speaker
from conference.speakers.queries import MAIL, own_parts, speakers
from conference.speakers.slot_letters import CHANGED, CONFIRMED, DECLINED, NOTHING_MARKED, WITHDRAWN
from conference.speakers.slots import Moved, Slot, SlotChanges
from conference.speakers.told import MarkedChanges, MarkedMove, marked_states
from conference.web.language import in_language

_HOUR = timedelta(hours=1)


def of_speaker(session: Session, kind: str, _number: str, language: str) -> None:
    """Make the mail of the first speaker by name to whom it could go: who has a part, or something missing."""
    if kind == MARKED:
        _of_marked(session, language)
        return
    if kind == COMMITTEE_MAIL:
        _of_member(session, language)
        return
    found = [one for one in speakers(session) if one.person.details.email]
    if kind == MAIL:
        asked = [one for one in found if one.standing in ASKED] or found
        if asked:
            send(session, replace(asked[0], language=language))
    elif kind in {CHANGED, CONFIRMED, DECLINED, WITHDRAWN}:
        _of_slots(session, kind, found, language)
    else:
        owing = [one for one in found if one.missing]
        if owing:
            send_reminder(session, owing[0].person, owing[0].missing, language)


def _of_member(session: Session, language: str) -> None:
    """Make the mail of the first member who has not disclosed; where all have, of the first one."""
    found = [one for one in members(session) if one.person.details.email]
    asked = [one for one in found if one.missing] or found
    if asked:
        send_to_member(session, replace(asked[0], language=language))


def _of_slots(session: Session, kind: str, found: Sequence[Speaker], language: str) -> None:
    """Make a mail about the parts of the first who has one, as if it had moved by an hour."""
    owner = next((one for one in found if one.parts), None)
    if owner is None:
        return
    parts = own_parts(owner.person.id, session)
    with in_language(language):
        if kind == CHANGED:
            new = _slot(parts[0], get_event(session).first_day)
            changes = SlotChanges(moved=(Moved(old=replace(new, span=_earlier(new.span)), new=new),))
            write(
                session,
                kind,
                owner.person,
                changes=changes,
                marked=NOTHING_MARKED,
                role_words=ROLE_WORDS,
                has_entries=True,
            )
        else:
            write(session, kind, owner.person, parts=parts, role_words=ROLE_WORDS, has_entries=True)


def _of_marked(session: Session, language: str) -> None:
    """Make the mail of the newest live registration, as if the first session of the draft had moved by an hour."""
    found = newest_live(session)
    scheduled = [one for one in draft(session).sessions if one.span is not None]
    if found is None or not scheduled:
        return
    state = marked_states(replace(draft(session), sessions=(scheduled[0],)))[scheduled[0].id]
    before = replace(state, span=_earlier(state.span))
    changes = MarkedChanges(changed=(MarkedMove(old=before, new=state),))
    person = get_person(found.person_id, session)
    send_marked(session, replace(found, language=language), person, changes, 1)


def _slot(part: OwnPart, first_day: date) -> Slot:
    """Return the part as a published slot; one without a time yet as if it were at ten on the first day."""
    ten = datetime.combine(first_day, time(10), tzinfo=STOCKHOLM)
    return Slot(
        key="",
        roles=(part.role,),
        title=part.title,
        session=part.session,
        span=part.span or Interval(start=ten, end=ten + _HOUR),
        room_id=None,
        room=part.room,
    )


def _earlier(span: Interval) -> Interval:
    return Interval(start=span.start - _HOUR, end=span.end - _HOUR)
