"""What a chair is told of each speaker beside the programme: how the name is said, and what was disclosed."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from conference.core.ids import PersonId
from conference.db.base import db
from conference.speakers.model import Interest
from conference.speakers.tables import DisclosureRow, ProfileRow
from conference.speakers.words import INTEREST_WORDS
from conference.web.language import gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class ChairNote:
    """`interests` is "" where no disclosure was signed, and says so where there is nothing to disclose."""

    pronunciation: str = ""
    interests: str = ""


def chair_notes() -> Mapping[PersonId, ChairNote]:
    """Return what a chair is told of everybody of whom there is something. The newest disclosure counts.

    Two statements.
    """
    said = {
        PersonId(row[0]): row[1]
        for row in db.session.execute(
            select(ProfileRow.id, ProfileRow.pronunciation).where(ProfileRow.pronunciation != "")
        )
    }
    signed = {
        PersonId(row.person_id): _words(row)
        for row in db.session.scalars(select(DisclosureRow).order_by(DisclosureRow.version))
    }
    return {
        one: ChairNote(pronunciation=said.get(one, ""), interests=signed.get(one, ""))
        for one in said.keys() | signed.keys()
    }


def _words(row: DisclosureRow) -> str:
    if row.is_nothing:
        return gettext("Nothing to disclose.")
    named = (f"{INTEREST_WORDS[Interest(kind)]}: {text}" for kind, text in row.interests.items() if text)
    return "; ".join(named)
