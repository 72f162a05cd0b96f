"""People with a badge and no registration: of the programme, of the staff, and lines that the office types. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conference.core.ids import PersonId, RegistrationId
from conference.core.text import as_typed, control_characters
from conference.printing.errors import OtherLineError, TooManyLinesError
from conference.registration.model import BadgePerson

MOST_LINES = 500
MOST_CHARACTERS = {"name": 120, "organisation": 200, "word": 40}
TYPED_COLOUR = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherPerson:
    """What such a badge shows. `person_id` is None for who was typed in, and for the staff."""

    given_name: str
    family_name: str = ""
    badge_name: str = ""
    affiliation: str = ""
    country: str = ""
    word: str = ""
    colour: int = TYPED_COLOUR
    sort_as: str = ""
    person_id: PersonId | None = None

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of a print; the person is named beside it."""
        return {name: value for name, value in asdict(self).items() if name != "person_id"}

    def as_badge(self, place: int) -> BadgePerson:
        """Return the badge, which has no code: it opens no door. `place` from 1 tells it from the others of a run."""
        return BadgePerson(
            registration_id=RegistrationId(-place),
            number="",
            title="",
            given_name=self.given_name,
            family_name=self.family_name,
            letters="",
            badge_name=self.badge_name,
            affiliation=self.affiliation,
            country=self.country,
            badge_word=self.word,
            badge_colour=self.colour,
            badge_code="",
            no_photographs=False,
            sort_as=self.sort_as,
        )


def other_of(kept: Mapping[str, Any], person_id: int | None) -> OtherPerson:
    """Return what `as_json` gave."""
    return OtherPerson(**kept, person_id=None if person_id is None else PersonId(person_id))


def typed_people(text: str, otherwise: str) -> list[OtherPerson]:
    """Return the people of the lines: name, organisation and word, parted by tabs, semicolons or commas.

    A line without a word gets `otherwise`. Of more than two commas the first and the last part. Raises OtherLineError
    and TooManyLinesError.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise TooManyLinesError("lines", count=str(len(lines)), most=str(MOST_LINES))
    return [_person(number, _parts(line), otherwise) for number, line in lines]


def _parts(line: str) -> dict[str, str]:
    mark = next((one for one in ("\t", ";") if one in line), ",")
    found = line.split(mark)
    if mark == "," and len(found) > len(MOST_CHARACTERS):
        found = [found[0], ",".join(found[1:-1]), found[-1]]
    texts = [as_typed(" ".join(part.split())) for part in found]
    return dict(zip(MOST_CHARACTERS, [*texts, "", "", ""], strict=False)) | {"rest": "".join(texts[3:])}


def _person(number: int, parts: Mapping[str, str], otherwise: str) -> OtherPerson:
    line = str(number)
    if not parts["name"]:
        raise OtherLineError("lines", line=line, fault="it has no name")
    for name, most in MOST_CHARACTERS.items():
        if len(parts[name]) > most:
            raise OtherLineError("lines", line=line, fault=f"the {name} has more than {most} characters")
        hidden = control_characters(parts[name])
        if hidden:
            raise OtherLineError("lines", line=line, fault=f"{hidden[0]} cannot be printed")
    if parts["rest"]:
        raise OtherLineError("lines", line=line, fault="it has more than three parts")
    given, _, family = parts["name"].partition(" ")
    return OtherPerson(
        given_name=given,
        family_name=family,
        affiliation=parts["organisation"],
        word=parts["word"] or otherwise,
    )


def merged(groups: Iterable[Iterable[OtherPerson]]) -> list[OtherPerson]:
    """Return the people of all groups, each record of a person once."""
    found: dict[object, OtherPerson] = {}
    for group in groups:
        for number, one in enumerate(group):
            found.setdefault(one.person_id or (id(group), number), one)
    return list(found.values())
