from dataclasses import dataclass
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import CategoryId, ExtraId, RegistrationId
from conference.registration.model import Seats


class ExtraState(StrEnum):
    """Where a chosen extra stands. Confirmed and waiting are words of the ledger's State too."""

    # Held by nobody's ledger: until the registration is confirmed, and after it ended.
    WISHED = "wished"
    CONFIRMED = "confirmed"
    WAITING = "waiting"


EXTRA_WORDS = {
    ExtraState.WISHED: N_("Wished, until the registration is confirmed"),
    ExtraState.CONFIRMED: N_("Place confirmed"),
    ExtraState.WAITING: N_("Waiting list"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraDetails:
    """What the office decides of an extra. Empty Swedish and German texts are shown in English.

    `categories` may choose it; those of `included` get it without choosing.
    """

    name: str
    name_sv: str = ""
    name_de: str = ""
    place: int = 0
    description: str = ""
    description_sv: str = ""
    description_de: str = ""
    seats: int | None = None
    fee_minor: int = 0
    currency: str = "EUR"
    is_retired: bool = False
    categories: frozenset[CategoryId] = frozenset()
    included: frozenset[CategoryId] = frozenset()

    def name_in(self, language: str) -> str:
        return {"sv": self.name_sv, "de": self.name_de}.get(language) or self.name

    def description_in(self, language: str) -> str:
        return {"sv": self.description_sv, "de": self.description_de}.get(language) or self.description


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    id: ExtraId
    details: ExtraDetails
    ledger: Seats
    revision: int

    @property
    def name(self) -> str:
        return self.details.name


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldExtra:
    """An extra that a registration chose. `place` is the place in its waiting list where that was asked."""

    extra_id: ExtraId
    name: str
    state: ExtraState
    place: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraHolder:
    """Somebody who has an extra or waits for it, as the office's list shows them."""

    registration_id: RegistrationId
    number: str
    name: str
    state: ExtraState
    waiting_number: int | None
