"""What a badge shows of a person, and what it cannot show: asked before anything is printed."""

from collections.abc import Iterable

from conference.core.errors import N_
from conference.people.countries import country_name
from conference.printing.fonts import Face, faces, missing_glyphs
from conference.printing.layout import BadgeLayout, BadgeWords, lay_out
from conference.printing.model import Finding, Problem
from conference.printing.plans import Plan
from conference.printing.script_fonts import FontAdvice, font_advice
from conference.printing.text import plain
from conference.registration.model import BadgePerson

PARTS = (N_("given name"), N_("family name"), N_("organisation"), N_("country"))
_NAMES = PARTS[:2]


def set_badge(person: BadgePerson, plan: Plan, foot_mm: float) -> tuple[BadgeLayout | None, list[Finding]]:
    """Return the badge's layout, or None where it waits for a name that can be set, and the findings."""
    name, findings = _name(person)
    if name is None:
        return None, findings
    organisation = plain(person.affiliation)
    missing = missing_glyphs(organisation)
    if missing:
        findings.append(_finding(person, Problem.LEFT_OUT, PARTS[2], missing))
        organisation = ""
    words = BadgeWords(
        first=name[0], second=name[1], organisation=organisation, country=country_name(person.country)
    )
    layout = lay_out(words, plan, metrics(), foot_mm)
    for part in layout.shortened:
        problem = Problem.SHORTENED_NAME if part in _NAMES else Problem.SHORTENED
        findings.append(_finding(person, problem, part))
    return layout, findings


def preflight(people: Iterable[BadgePerson], plan: Plan, foot_mm: float = 0.0) -> tuple[Finding, ...]:
    """Return everything that these people's badges cannot show, without drawing any."""
    return tuple(finding for person in people for finding in set_badge(person, plan, foot_mm)[1])


def advice_of(findings: Iterable[Finding]) -> tuple[FontAdvice, ...]:
    """Return which fonts to install so that nothing of these is missing."""
    return font_advice(character for finding in findings for character in finding.characters)


def metrics() -> dict[str, Face]:
    return faces().by_name


def _name(person: BadgePerson) -> tuple[tuple[str, str] | None, list[Finding]]:
    """Return the large and the smaller line of the name; a name for the badge replaces both.

    Its first word is the large one: "Kim van der Berg" reads Kim, van der Berg.
    """
    badge_name = plain(person.badge_name)
    first, second = plain(person.given_name), plain(person.family_name)
    whole = (first, second) if first else (second, "")
    missing = missing_glyphs(badge_name)
    if badge_name and not missing:
        large, _, rest = badge_name.partition(" ")
        return (large, rest), []
    lacking = missing_glyphs(first + second)
    if lacking or not whole[0]:
        return None, [_finding(person, Problem.WAITS, _NAMES[0], tuple(dict.fromkeys(lacking + missing)))]
    if missing:
        return whole, [_finding(person, Problem.BADGE_NAME, _NAMES[0], missing)]
    return whole, []


def _finding(person: BadgePerson, problem: Problem, part: str, characters: tuple[str, ...] = ()) -> Finding:
    name = " ".join(filter(None, (plain(person.given_name), plain(person.family_name))))
    return Finding(
        registration_id=person.registration_id,
        number=person.number,
        name=name,
        problem=problem,
        part=part,
        characters=characters,
    )
