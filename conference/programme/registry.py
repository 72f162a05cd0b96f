"""What the programme needs of the rooms above it; `app.py` fills it."""

from collections.abc import Callable, Mapping

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


def public_profiles() -> Profiles:
    """Return what is shown of whom, nothing while no room tells it."""
    found: dict[PersonId, PublicProfile] = {}
    for maker in profile_makers.entries():
        found |= maker()
    return found
