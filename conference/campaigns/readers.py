"""What is known of each recipient at the moment when the mail is written: address, language, facts and personal link."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from conference.campaigns.model import Campaign, Purpose
from conference.core.ids import PersonId, RegistrationId
from conference.event.queries import get_event, organisers
from conference.mail.model import LinkOrder
from conference.mail.placeholders import names_in
from conference.mail.rendering import Rendered, render
from conference.mail.wording_model import Wording
from conference.people.model import PersonDetails
from conference.people.queries import people_by_id
from conference.registration.links import link_order as registration_link
from conference.registration.message_service import readers as registered_readers
from conference.registration.queries import emails_of
from conference.speakers.links import link_order as speakers_link
from conference.speakers.model import NOT_COMING
from conference.speakers.queries import standings
from conference.speakers.rules import has_address
from conference.web.language import in_language

KIND = "campaign"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """One who can be written to now. `link` is the personal link that {link} becomes.

    `standing` is the state of the registration, or the stage of the speaker.
    """

    about: tuple[str, int]
    email: str = field(repr=False)
    language: str
    person: PersonDetails
    facts: Mapping[str, object] = field(repr=False)
    link: LinkOrder
    standing: str
    has_ended: bool


def readers_of(
    abouts: Collection[tuple[str, int]], session: Session | None = None
) -> dict[tuple[str, int], Reader]:
    """Return by record those who have an address; who was erased since is not among them. Seven statements at most."""
    shared = {"event": get_event(session), "organisers": organisers(session)}
    registered = [RegistrationId(one) for kind, one in abouts if kind == "registration"]
    speaking = [PersonId(one) for kind, one in abouts if kind == "person"]
    found = _registered(registered, shared, session) if registered else {}
    return found | (_speaking(speaking, shared, session) if speaking else {})


def _registered(
    ids: list[RegistrationId], shared: Mapping[str, object], session: Session | None
) -> dict[tuple[str, int], Reader]:
    return {
        ("registration", one.registration.id): Reader(
            about=("registration", one.registration.id),
            email=one.registration.email,
            language=one.registration.language,
            person=one.person,
            facts={
                **shared,
                "person": one.person,
                "registration": one.registration,
                "category": one.category,
            },
            link=registration_link(one.registration),
            standing=one.registration.state,
            has_ended=not one.registration.is_live,
        )
        for one in registered_readers(ids, session)
    }


def _speaking(
    ids: list[PersonId], shared: Mapping[str, object], session: Session | None
) -> dict[tuple[str, int], Reader]:
    return {
        ("person", one.person.id): Reader(
            about=("person", one.person.id),
            email=one.person.details.email,
            language=one.language,
            person=one.person.details,
            facts={**shared, "person": one.person.details, "registration": None, "category": None},
            link=speakers_link(one.person),
            standing=one.standing,
            has_ended=one.standing in NOT_COMING,
        )
        for one in standings(ids, session)
        if has_address(one.person.details)
    }


def addresses_of(abouts: Collection[tuple[str, int]], session: Session) -> dict[tuple[str, int], str]:
    """Return by record the address that it has now; who was erased since is not among them. Two statements at most."""
    registered = [RegistrationId(one) for kind, one in abouts if kind == "registration"]
    speaking = [PersonId(one) for kind, one in abouts if kind == "person"]
    found: dict[tuple[str, int], str] = {}
    if registered:
        found |= {("registration", key): email for key, email in emails_of(registered, session).items()}
    if speaking:
        people = people_by_id(speaking, session)
        found |= {("person", key): person.details.email for key, person in people.items()}
    return found


def drawn_for(campaign: Campaign, reader: Reader, language: str, wording: Wording) -> Rendered:
    """Return the mail as this reader gets it in this language."""
    with in_language(language):
        return render(
            KIND,
            {**reader.facts, "named": names_in(wording.text)},
            with_link=has_link(wording),
            wording=wording,
            is_news=campaign.details.purpose is Purpose.NEWS,
        )


def has_link(wording: Wording) -> bool:
    return "link" in names_in(wording.text)
