"""Who stands in the appendix of interests: everybody of the scientific sessions, and the programme committee."""

from collections.abc import Sequence
from dataclasses import dataclass

from conference.core.ids import PersonId
from conference.core.text import sort_key
from conference.printing.index_pages import index_name
from conference.programme.listing import people_listed
from conference.programme.model import INDUSTRIAL, Part, Programme
from conference.speakers.model import ListedMember
from conference.web.language import gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class Discloser:
    """`name` has the family name first; `duty` says that the person is on the programme committee, "" for who is not."""

    person_id: PersonId
    name: str
    duty: str = ""

    @property
    def named(self) -> str:
        """The name, with the duty in brackets."""
        return f"{self.name} ({self.duty})" if self.duty else self.name


def who_discloses(programme: Programme, committee: Sequence[ListedMember], order: str) -> list[Discloser]:
    """Return everybody with a part in the scientific sessions and all members of the committee, in a language's order."""
    shown: dict[PersonId, Part | ListedMember] = {one.person_id: one for one in committee}
    for listed in people_listed(programme, order):
        if any(one.session.kind not in INDUSTRIAL for one in listed.appearances):
            shown[listed.part.person_id] = listed.part
    duties = {one.person_id: duty_words(one) for one in committee}
    ordered = sorted(
        shown.values(), key=lambda one: (sort_key(one.sort_name or one.name, order), one.person_id)
    )
    return [
        Discloser(person_id=one.person_id, name=index_name(one), duty=duties.get(one.person_id, ""))
        for one in ordered
    ]


def duty_words(member: ListedMember) -> str:
    """Return "programme committee, Chair", without a duty "programme committee"."""
    if member.duty:
        return gettext("programme committee, %(duty)s", duty=member.duty)
    return gettext("programme committee")


def appendix_note(committee: Sequence[ListedMember]) -> str:
    """Return the sentence above the appendix."""
    if committee:
        return gettext(
            "What speakers, chairs, panellists and the programme committee declared themselves, for the last three years."
        )
    return gettext("What speakers, chairs and panellists declared themselves, for the last three years.")
