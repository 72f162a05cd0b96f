"""What of a speaker everybody may see: portrait and biography, each for as long as its own consent stands."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from conference.core.errors import NotFoundError
from conference.core.ids import PersonId
from conference.db.standing import standing
from conference.programme.model import PublicProfile
from conference.programme.queries import published
from conference.speakers import files
from conference.speakers.model import ConsentKind
from conference.speakers.tables import ConsentRow, PortraitRow, ProfileRow

ADDRESS = "/speakers/portraits/"
_KINDS = (ConsentKind.PORTRAIT, ConsentKind.BIOGRAPHY)


@standing
def public_profiles(session: Session) -> Mapping[PersonId, PublicProfile]:
    """Return what each person lets be shown, those with nothing left out. Kept in memory until somebody changes it.

    The newest choice of a kind counts. One statement.
    """
    columns = (ConsentRow.person_id, ConsentRow.kind, ConsentRow.is_given)
    more = (ProfileRow.biography, PortraitRow.webp_key, PortraitRow.jpeg_key)
    rows = session.execute(
        select(*columns, *more)
        .outerjoin(ProfileRow, ProfileRow.id == ConsentRow.person_id)
        .outerjoin(PortraitRow, PortraitRow.person_id == ConsentRow.person_id)
        .where(ConsentRow.kind.in_(_KINDS))
        .order_by(ConsentRow.id)
    )
    found: dict[PersonId, PublicProfile] = {}
    for person_id, kind, is_given, biography, webp, jpeg in rows:
        before = found.get(PersonId(person_id), PublicProfile())
        if kind == ConsentKind.BIOGRAPHY:
            after = replace(before, biography=biography if is_given and biography else "")
        else:
            after = replace(before, webp=_address(is_given, webp), jpeg=_address(is_given, jpeg))
        found[PersonId(person_id)] = after
    return {person_id: profile for person_id, profile in found.items() if profile != PublicProfile()}


def _address(is_given: bool, key: str | None) -> str:
    return f"{ADDRESS}{key}" if is_given and key else ""


def read_public_portrait(key: str) -> bytes:
    """Return the small version; raises NotFoundError where the person does not let it be shown, or stands in no public programme."""
    programme = published()
    sessions = programme.sessions if programme else ()
    shown = {part.person_id for session in sessions for part in session.everybody}
    profiles = (profile for person_id, profile in public_profiles().items() if person_id in shown)
    if not any(f"{ADDRESS}{key}" in {profile.webp, profile.jpeg} for profile in profiles):
        raise NotFoundError
    return files.read_small(key)
