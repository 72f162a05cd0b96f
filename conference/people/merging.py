"""Two records of one person become one: what refers to the one that goes is moved by the rooms that hold it."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from conference.audit.model import Actor
from conference.audit.service import record
from conference.core.errors import N_
from conference.core.ids import PersonId
from conference.core.text import address_key
from conference.db.revisions import delete_revised
from conference.event.registry import tell_programme
from conference.mail.service import cancel_unsent, give_mails
from conference.people.availability import move_unavailable
from conference.people.errors import AddressHeldError, SamePersonError
from conference.people.model import Person, PersonDetails
from conference.people.queries import get_person
from conference.people.registry import address_holders, person_changed, person_moves
from conference.people.rules import require_name
from conference.people.service import edit_person, hold
from conference.people.tables import PersonRow


@dataclass(frozen=True, kw_only=True, slots=True)
class MergePeople:
    """`kept_id` stays, `gone_id` goes; `take` names the fields whose value is taken from the one that goes.

    The revisions are those that the preview showed.
    """

    kept_id: PersonId
    gone_id: PersonId
    take: Collection[str]
    kept_revision: int | None
    gone_revision: int | None


def merge(session: Session, command: MergePeople, *, actor: Actor) -> None:
    """Make one record of two, with all that refers to either, in one transaction.

    Raises SamePersonError, NotFoundError where one is gone already, AddressHeldError, NamelessError, what a room
    refuses by, RevisionMissingError, StaleRevisionError, StaleDeletionError. Mails with a link of the record that
    goes and that are not sent yet are cancelled, and its links die with it.
    """
    if command.kept_id == command.gone_id:
        raise SamePersonError
    tell_programme(session)
    hold(session, [command.kept_id, command.gone_id])
    kept, gone = get_person(command.kept_id, session), get_person(command.gone_id, session)
    details = merged_details(kept.details, gone.details, command.take)
    require_name(details)
    registered_under = _registered_under(session, (kept, gone))
    cancel_unsent(session, ("person", gone.id))
    give_mails(session, ("person", gone.id), ("person", kept.id))
    move_unavailable(session, gone.id, kept.id)
    for move in person_moves.entries():
        move(session, gone.id, kept.id)
    _require_address(registered_under, details)
    edit_person(session, kept.id, command.kept_revision, details, actor=actor)
    for listener in person_changed.entries():
        listener(session, kept.id)
    delete_revised(session, PersonRow, gone.id, command.gone_revision)
    # By this entry the history of the record that is gone is found again.
    both = {"merged_person": (gone.id, kept.id)}
    record(session, actor=actor, action="merged", about=("person", kept.id), changes=both)
    record(session, actor=actor, action="merged", about=("person", gone.id), changes=both)


def merged_details(kept: PersonDetails, gone: PersonDetails, take: Collection[str]) -> PersonDetails:
    """Return the kept details with the fields of `take` from the others."""
    return replace(kept, **{name: value for name, value in gone.as_values().items() if name in take})


def _registered_under(session: Session, people: Collection[Person]) -> list[str]:
    """Return the addresses under which either is registered."""
    holders = address_holders.entries()
    return [one.details.email for one in people if any(holds(session, one.id) for holds in holders)]


def _require_address(registered_under: Collection[str], details: PersonDetails) -> None:
    """Raise AddressHeldError where a registration's address is not the chosen one."""
    for address in registered_under:
        if address_key(details.email) != address_key(address):
            raise AddressHeldError("take", address=address or N_("no address"))
