from dataclasses import dataclass, fields
from typing import Any

from conference.core.ids import PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonDetails:
    """What a person says of themselves, exactly as typed (domain.md, Names and paper). ISO 3166 country code."""

    title: str = ""
    given_name: str = ""
    family_name: str = ""
    letters: str = ""
    badge_name: str = ""
    affiliation: str = ""
    affiliation_short: str = ""
    ror: str = ""
    orcid: str = ""
    country: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """Given and family name; a one-word name stands alone."""
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    @property
    def full_name(self) -> str:
        """With title before and letters after: "Prof. Dr. Åsa Lind, MD"."""
        named = " ".join(part for part in (self.title, self.given_name, self.family_name) if part)
        return f"{named}, {self.letters}" if self.letters else named

    def as_values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """`sort_as` is what the office lets the person be sorted by, "" for the family name."""

    id: PersonId
    details: PersonDetails
    link_version: int
    revision: int
    sort_as: str = ""

    @property
    def sort_name(self) -> str:
        """What lists, boxes and the index are ordered by: the key typed by the office, or the family name first."""
        family_first = (self.details.family_name, self.details.given_name)
        return self.sort_as or " ".join(part for part in family_first if part)

    @property
    def name(self) -> str:
        return self.details.name
