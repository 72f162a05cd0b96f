"""What programs with a token read of registrations. Sensitive answers are never among it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from conference.api.shapes import told
from conference.registration.extra_model import ExtraState
from conference.registration.model import State

_WHEN = datetime(2022, 9, 5, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """The category of a registration."""

    id: int = told("Unique.", 4)
    name: str = told("In English.", "Participant")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenExtra:
    """An extra that a registration chose."""

    id: int = told("Unique.", 2)
    name: str = told("In English.", "Conference dinner")
    state: ExtraState = told("Whether it has a place.", ExtraState.CONFIRMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenAnswer:
    """An answer to a question of the office that is not sensitive."""

    question: int = told("The question's id.", 3)
    label: str = told("The question, in English.", "Your field of work")
    values: tuple[str, ...] = told("As stored: text, keys of options, yes or no.", ("genomics",))


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """What the scope registrations:read reads beyond registrations:list."""

    email: str = told("The address, or empty where none was given.", "asa@lab.example")
    language: str = told("Of mails to this person: en, sv or de.", "sv")
    profession: str = told("A key, or empty.", "doctor")
    career_stage: str = told("A key, or empty.", "early")
    tags: tuple[str, ...] = told("The office's own marks.", ("press",))
    answers: tuple[GivenAnswer, ...] = told("In the office's order; never sensitive ones.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    """A registration, with the name as the person typed it."""

    id: int = told("Unique.", 8)
    number: str = told("As it stands on the ticket.", "7K2M4Q")
    state: State = told("Where it stands.", State.CONFIRMED)
    category: Category = told("Its category.")
    title: str = told("Before the name, or empty.", "Dr.")
    given_name: str = told("Or empty.", "Åsa")
    family_name: str = told("Or empty.", "Lindström")
    letters: str = told("After the name, or empty.", "MD")
    badge_name: str = told("For the badge, where it is to be another one; or empty.", "")
    affiliation: str = told("Or empty.", "Karolinska Institutet")
    country: str = told("The affiliation's, by ISO 3166, or empty.", "SE", pattern="^([A-Z]{2})?$")
    no_photographs: bool = told("Whether the person asked not to be photographed.", example=False)
    consents: tuple[str, ...] = told(
        "What the person agreed to: participants (to stand in the list), sponsors (to be told to them), invitations (to later conferences). Use the data for nothing else.",
        ("participants",),
    )
    extras: tuple[ChosenExtra, ...] = told("In the office's order.")
    registered_at: datetime = told("When it was made.", _WHEN)
    changed_at: datetime = told("When it, its person or an extra of it was changed last.", _WHEN)
    contact: Contact | None = told("Null for a token that has registrations:list alone.")


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistrationList:
    """Registrations, the oldest first. One that comes while you read is at the end; none moves to another part."""

    items: tuple[Registration, ...] = told("The registrations of this part.")
    next: str | None = told("The address of the next part of the list; null at its end.", None, format="uri")
