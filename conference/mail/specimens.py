"""Examples of mails with the facts of somebody real: made by the functions that send them, and not sent."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from conference.db.base import db
from conference.mail.errors import NoSpecimenError
from conference.mail.model import LinkOrder
from conference.mail.wording_shapes import Kind
from conference.web.registry import Registry

SPECIMENS = "conference.mail_specimens"


@dataclass(frozen=True, kw_only=True, slots=True)
class Specimen:
    """What a mail would have been made of. `name` is the recipient's, `about` the record that it tells of."""

    kind: str
    facts: Mapping[str, object]
    name: str
    about: tuple[str, int]
    link: LinkOrder | None


# Called with (session, kind, number, language): writes one mail of the kind by `enqueue` as the room itself does, of
# the record with this number, or of a newest one that fits where it is "". What it needs and the record has not, it
# makes up. Does nothing where there is none. The session takes no mail: see `specimen_of`.
specimen_makers: Registry[Callable[[Session, str, str, str], None]] = Registry("maker of specimens")


@contextmanager
def _only_looking(session: Session) -> Iterator[list[Specimen]]:
    """Let `enqueue` put what it is given into the list that is yielded, instead of into the outbox."""
    session.info[SPECIMENS] = found = list[Specimen]()
    try:
        yield found
    finally:
        del session.info[SPECIMENS]


def specimen_of(kind: Kind, number: str, language: str) -> Specimen:
    """Return an example of the mail in the language; nothing is written. Raises NoSpecimenError."""
    session = db.session()
    with _only_looking(session) as found:
        specimen_makers.get(kind.specimen)(session, kind.name, number, language)
    if not found:
        raise NoSpecimenError("number")
    return found[0]


def supply(session: Session, **facts: object) -> None:
    """Give the example that was just made facts which its record has not, as a place in a list where nobody waits."""
    found: list[Specimen] = session.info[SPECIMENS]
    if found:
        found[-1] = replace(found[-1], facts={**found[-1].facts, **facts})
