"""What the programme needs of the rooms above it; `rooms.py` fills it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.programme.model import Programme, PublicProfile, Undisclosed, Untold
from conference.web.registry import Registry

Profiles = Mapping[PersonId, PublicProfile]
# Answers what people let be shown at this moment. It is asked with each page, so that a choice that was taken back
# counts at once.
profile_makers: Registry[Callable[[], Profiles]] = Registry("public profiles")
# Told of each change of what is public, in the transaction that makes it: what was public before and what is now, None
# where nothing was or is. A version that is published, and one that is withdrawn.
version_published: Registry[Callable[[Session, Programme | None, Programme | None], None]] = Registry(
    "told of a version"
)


class Teller(Protocol):
    """Tells people what the programme changed for them since they were told last. `now` is what is or becomes public."""

    def preview(self, session: Session, now: Programme) -> Untold:
        """Return who would be told, with the mails as they would be written. Writes nothing."""
        ...

    def count(self, session: Session, now: Programme) -> int:
        """Return how many mails that would be."""
        ...

    def tell(self, session: Session, now: Programme) -> int:
        """Write the mails and what their readers know by them into this transaction, and return how many.

        Whoever calls it holds the draft, so that of two who tell at once the second finds everybody told.
        """
        ...


tellers: Registry[Teller] = Registry("teller")
# Each answers which registrations asked for news of the sessions that they marked, with those sessions. A registration
# that marked none, or asked for no news, is left out. One statement each.
Marks = Mapping[RegistrationId, frozenset[SessionId]]
asked_for_news: Registry[Callable[[Session], Marks]] = Registry("marks with news")
# Each answers who has signed a disclosure of interests. One statement each.
disclosure_readers: Registry[Callable[[Session | None], Collection[PersonId]]] = Registry("disclosures")


def disclosed(session: Session | None = None) -> frozenset[PersonId] | None:
    """Return who has signed a disclosure of interests, None while no room asks for any."""
    readers = disclosure_readers.entries()
    return frozenset(one for reader in readers for one in reader(session)) if readers else None


# Each answers who has to sign a disclosure without a part in the programme, and has not.
undisclosed_readers: Registry[Callable[[Session | None], Sequence[Undisclosed]]] = Registry(
    "undisclosed without a part"
)


def undisclosed_beside(programme: Programme, session: Session | None = None) -> tuple[Undisclosed, ...]:
    """Return who has not signed of those without a part in the programme; of its own people its conflicts tell."""
    inside = {part.person_id for one in programme.sessions for part in one.everybody}
    found = (one for reader in undisclosed_readers.entries() for one in reader(session))
    return tuple(one for one in found if one.person_id not in inside)


def public_profiles() -> Profiles:
    """Return what is shown of whom, nothing while no room tells it."""
    found: dict[PersonId, PublicProfile] = {}
    for maker in profile_makers.entries():
        found |= maker()
    return found


def wished_news(session: Session) -> dict[RegistrationId, frozenset[SessionId]]:
    """Return who asked for news of the sessions that they marked; nobody while no room keeps marks."""
    found: dict[RegistrationId, frozenset[SessionId]] = {}
    for reader in asked_for_news.entries():
        for registration_id, sessions in reader(session).items():
            found[registration_id] = found.get(registration_id, frozenset()) | sessions
    return {one: sessions for one, sessions in found.items() if sessions}


def untold(session: Session, now: Programme) -> Untold:
    """Return who does not know yet what `now` changed for them, and what they would be told."""
    return _joined(teller.preview(session, now) for teller in tellers.entries())


def _joined(found: Iterable[Untold]) -> Untold:
    parts = list(found)
    return Untold(
        letters=tuple(one for part in parts for one in part.letters),
        without_address=tuple(one for part in parts for one in part.without_address),
        came_back=tuple(one for part in parts for one in part.came_back),
    )


def count_untold(session: Session, now: Programme) -> int:
    """Return how many people would be mailed of `now`."""
    return sum(teller.count(session, now) for teller in tellers.entries())


def tell_all(session: Session, now: Programme) -> int:
    """Write to everybody who does not know yet, and return how many mails that made. See `Teller.tell`."""
    return sum(teller.tell(session, now) for teller in tellers.entries())
