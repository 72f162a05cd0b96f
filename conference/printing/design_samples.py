"""Invented people to try a design on: the longest name, the shortest one, and one with all that a badge can show. Pure."""

from conference.core.ids import RegistrationId
from conference.registration.model import BadgePerson

LONGEST, SHORTEST, USUAL = "longest", "shortest", "usual"
Role = tuple[str, int]
_PARTICIPANT: Role = ("Participant", 1)


def _person(number: int, given: str, family: str, role: Role, **other: object) -> BadgePerson:
    values: dict[str, object] = {
        "title": "", "letters": "", "badge_name": "", "affiliation": "", "country": "SE", "no_photographs": False,
    }  # fmt: skip
    return BadgePerson(
        registration_id=RegistrationId(-number),
        number=f"SAMP{number:02d}",
        given_name=given,
        family_name=family,
        badge_word=role[0],
        badge_colour=role[1],
        badge_code=f"SAMPLEBADGE{number:09d}",
        **{**values, **other},  # type: ignore[arg-type]  # as the fields above
    )


def sample_people(role: Role = _PARTICIPANT) -> dict[str, BadgePerson]:
    """Return by LONGEST, SHORTEST and USUAL an invented person of this role, a word with the number of its colour."""
    return {
        USUAL: _person(
            1, "Åsa", "Lindqvist", role, title="Prof. Dr. med.", letters="MD, PhD",
            affiliation="Karolinska University Hospital",
        ),
        LONGEST: _person(
            2, "Maximiliane-Charlotte", "Müller-Lüdenscheidt-Schwarzenberg-Wittgenstein", role,
            title="Univ.-Prof. Dr. med. Dr. rer. nat.", letters="MD, PhD, MSc, FRCPath",
            affiliation="Bavarian Centre for Personalised Medicine and Molecular Diagnostics, Würzburg",
            country="BA", no_photographs=True,
        ),
        SHORTEST: _person(3, "Bo", "Ek", role, affiliation="KI"),
    }  # fmt: skip
