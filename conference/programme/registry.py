"""What the public pages of the programme need of the rooms above it; `app.py` fills it."""

from collections.abc import Callable, Mapping

from conference.core.ids import PersonId
from conference.programme.model import PublicProfile
from conference.web.registry import Registry

Profiles = Mapping[PersonId, PublicProfile]
# Answers what people let be shown at this moment. It is asked with each page, so that a choice that was taken back
# counts at once.
profile_makers: Registry[Callable[[], Profiles]] = Registry("public profiles")


def public_profiles() -> Profiles:
    """Return what is shown of whom, nothing while no room tells it."""
    found: dict[PersonId, PublicProfile] = {}
    for maker in profile_makers.entries():
        found |= maker()
    return found
