"""What everybody signed of their interests, as a table: for who accredits the conference and asks for it."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from conference.core.clock import STOCKHOLM
from conference.core.ids import PersonId
from conference.core.text import sort_key
from conference.people.model import Person
from conference.programme.words import ROLE_WORDS
from conference.speakers.committee_queries import members
from conference.speakers.model import Disclosure, Interest, Member, Speaker
from conference.speakers.queries import disclosures_signed, speakers
from conference.speakers.words import INTEREST_WORDS, STANDING_WORDS
from conference.web.exporting import Cell
from conference.web.language import gettext

_ORDER = "en"


def disclosure_rows(session: Session | None = None) -> Iterator[tuple[Cell, ...]]:
    """Yield the head, then a row for everybody with a part in the draft and each member of the committee, by family name.

    The newest version counts; its cells are empty where nothing was signed.
    """
    yield (
        gettext("Name"),
        gettext("Affiliation"),
        gettext("Parts"),
        gettext("State"),
        gettext("Programme committee"),
        gettext("Version"),
        gettext("Signed at"),
        gettext("Signed as"),
        gettext("Nothing to disclose"),
        *(str(INTEREST_WORDS[kind]) for kind in Interest),
    )
    signed = disclosures_signed(session)
    speaking = {one.person.id: one for one in speakers(session)}
    committee = {one.person.id: one for one in members(session)}
    people: dict[PersonId, Person] = {
        person_id: one.person for found in (committee, speaking) for person_id, one in found.items()
    }
    for person in sorted(people.values(), key=lambda one: (sort_key(one.sort_name, _ORDER), one.id)):
        own = speaking.get(person.id), committee.get(person.id)
        yield (*_who(person, *own), *_what(signed.get(person.id)))


def _who(person: Person, speaker: Speaker | None, member: Member | None) -> tuple[Cell, ...]:
    roles = dict.fromkeys(str(ROLE_WORDS[part.role]) for part in speaker.parts) if speaker else ()
    return (
        person.details.full_name,
        person.details.affiliation,
        ", ".join(roles),
        str(STANDING_WORDS[speaker.standing][0]) if speaker else "",
        (member.membership.duty or gettext("Member")) if member else "",
    )


def _what(disclosure: Disclosure | None) -> tuple[Cell, ...]:
    if disclosure is None:
        return (None, None, "", gettext("Not signed"), *("" for _ in Interest))
    return (
        disclosure.version,
        disclosure.signed_at.astimezone(STOCKHOLM).replace(tzinfo=None),
        disclosure.signed_name,
        gettext("Yes") if disclosure.is_nothing else gettext("No"),
        *(disclosure.interests.get(kind, "") for kind in Interest),
    )
