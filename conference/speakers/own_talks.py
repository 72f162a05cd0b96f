"""A speaker's own words for their own talk: title, abstract and what stands beside them, written into the draft by the programme's service."""

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.core.errors import NotFoundError
from conference.core.ids import PersonId
from conference.programme.model import PartChoice, Talk, TalkDetails
from conference.programme.queries import draft, get_talk
from conference.programme.talks import edit_talk
from conference.speakers.model import TalkWords


def own_talk(person_id: PersonId, talk_id: int, session: Session | None = None) -> Talk:
    """Return the person's own talk in the draft; raises NotFoundError for one of others, as for none."""
    _, talk = get_talk(draft(session), talk_id)
    if all(part.person_id != person_id for part in talk.people):
        raise NotFoundError
    return talk


def write_talk(
    session: Session,
    person_id: PersonId,
    talk_id: int,
    expected_revision: int | None,
    words: TalkWords,
    *,
    actor: Actor,
) -> None:
    """Write what the speaker says of it; all else of the talk stays as the office has it.

    Raises NotFoundError, GoneError, RevisionMissingError, and StaleRevisionError with both values.
    """
    talk = own_talk(person_id, talk_id, session)
    if TalkWords(title=talk.title, abstract=talk.abstract, facts=talk.facts) == words:
        return
    details = TalkDetails(
        title=words.title,
        abstract=words.abstract,
        facts=words.facts,
        duration_min=talk.duration_min,
        poster_number=talk.poster_number,
        board=talk.board,
        people=tuple(PartChoice(person_id=part.person_id, role=part.role) for part in talk.people),
    )
    edit_talk(session, talk_id, expected_revision, details, actor=actor)
