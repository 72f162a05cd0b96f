"""What the programme needs of the rooms above it; `app.py` fills it."""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.programme.model import Programme, PublicProfile
from conference.web.registry import Registry

Profiles = Mapping[PersonId, PublicProfile]
# Answers what people let be shown at this moment. It is asked with each page, so that a choice that was taken back
# counts at once.
profile_makers: Registry[Callable[[], Profiles]] = Registry("public profiles")
# Told of each new version in the transaction that publishes it: what was public before, None at first, and what is now.
version_published: Registry[Callable[[Session, Programme | None, Programme], None]] = Registry(
    "told of a version"
)
# Each answers who has signed a disclosure of interests. One statement each.
disclosure_readers: Registry[Callable[[Session | None], Collection[PersonId]]] = Registry("disclosures")


def disclosed(session: Session | None = None) -> frozenset[PersonId] | None:
    """Return who has signed a disclosure of interests, None while no room asks for any."""
    readers = disclosure_readers.entries()
    return frozenset(one for reader in readers for one in reader(session)) if readers else None


def public_profiles() -> Profiles:
    """Return what is shown of whom, nothing while no room tells it."""
    found: dict[PersonId, PublicProfile] = {}
    for maker in profile_makers.entries():
        found |= maker()
    return found
