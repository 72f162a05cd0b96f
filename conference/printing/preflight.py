"""What a badge shows of a person, and what it cannot show: asked before anything is printed."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conference.core.errors import N_
from conference.people.countries import country_name
from conference.printing.design_model import COMMON_FIELDS, Text, Ticks
from conference.printing.facts import BadgeFacts
from conference.printing.fonts import Face, faces, missing_glyphs
from conference.printing.ground import Ground, band_room, band_word, set_block, set_ground
from conference.printing.layout import BadgeLayout, Line, lay_out
from conference.printing.model import Finding, Problem
from conference.printing.own_programme import SetProgramme, lay_programme
from conference.printing.plans import Plan, SidePlan
from conference.printing.script_fonts import FontAdvice, font_advice
from conference.printing.sheets import Box
from conference.printing.text import plain, settable
from conference.printing.ticks import TickGrid, lay_ticks
from conference.registration.model import BadgePerson

PARTS = (N_("given name"), N_("family name"), N_("organisation"), N_("country"))
FIELD_WORDS = {
    "given_name": PARTS[0], "family_name": PARTS[1], "affiliation": PARTS[2], "country": PARTS[3],
    "title": N_("title before the name"), "letters": N_("letters after the name"), "pronouns": N_("pronouns"),
    "role": N_("role"), "number": N_("number"), "words": N_("words"), "days": N_("days"), "extras": N_("extras"),
    "programme": N_("own programme"),
}  # fmt: skip
_NAMES = frozenset(PARTS[:2])
_NO_LAYOUT = BadgeLayout(lines=())
_Block = tuple[str, tuple[Line, ...]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SetSide:
    """What one side shows of one person beside the code. `blocks` are lines with their colour as the design has it."""

    layout: BadgeLayout
    blocks: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    own_grids: tuple[TickGrid, ...] = ()
    ticked: tuple[Box, ...] = ()
    has_plan: bool = False


class BadgeSetter:
    """Sets badges of one plan one after the other; what is alike on all is set once."""

    def __init__(self, plan: Plan, facts: BadgeFacts | None = None) -> None:
        self.plan, self.facts = plan, facts or BadgeFacts()
        self.metrics = metrics()
        self.grounds: tuple[Ground, ...] = tuple(
            set_ground(side, self.facts, self.metrics) for side in plan.sides
        )
        self._words = {
            "days": {key: settable(word) for key, word in self.facts.days},
            "extras": {str(key): settable(word) for key, word in self.facts.extras.items()},
        }
        self.grids: tuple[dict[str, TickGrid], ...] = tuple(self._common_grids(side) for side in plan.sides)
        self._cut_roles: dict[tuple[str, bool], bool] = {}
        self._asks_more = any(side.own_texts or side.ticks or side.programmes for side in plan.sides)

    def _common_grids(self, side: SidePlan) -> dict[str, TickGrid]:
        return {
            one.name: lay_ticks(tuple(self._words[one.of].values()), one, box, self.metrics)
            for one, box in side.ticks
            if one.which == "all"
        }

    @property
    def cut_short(self) -> tuple[str, ...]:
        """The design's elements whose common words do not fit."""
        grids = (
            name for side in self.grids for name, one in side.items() if one.is_shortened or one.left_out
        )
        plans = (
            programme.name
            for side in self.plan.sides
            for (programme, _), made in zip(side.programmes, self.plan_of_days(side), strict=True)
            if made.left_out
        )
        return (*(name for ground in self.grounds for name in ground.shortened), *grids, *plans)

    @property
    def lacking(self) -> dict[str, tuple[str, ...]]:
        """Return by the design's element the characters of its common words that no font has."""
        texts = {
            one.name: "".join(self.facts.common(one.field, one.words))
            for side in self.plan.sides
            for one, _ in side.placed
            if isinstance(one, Text) and one.field in COMMON_FIELDS
        }
        columns = [side.column for side in self.plan.sides if side.column]
        texts |= {part.part.name: part.part.words for column in columns for part in column.details}
        found = {name: missing_glyphs(text) for name, text in texts.items()}
        return {name: characters for name, characters in found.items() if characters}

    def plan_of_days(self, side: SidePlan) -> list[SetProgramme]:
        """Return the plan of the days in each of the side's elements for a programme, for who has none of their own."""
        return [lay_programme(self.facts.plan, one, box, self.metrics) for one, box in side.programmes]

    def show(self, person: BadgePerson) -> tuple[tuple[SetSide, ...] | None, list[Finding]]:
        """Return what each side shows, or None where the badge waits for a name that can be set, and the findings."""
        found: list[Finding] = []
        texts = self._texts(person, found)
        if texts is None:
            return None, found
        sides = tuple(
            [
                self._side(person, side, texts, ground, number, found)
                for number, (side, ground) in enumerate(zip(self.plan.sides, self.grounds, strict=True))
            ]
        )
        if self._is_cut(person.badge_word, person.no_photographs):
            found.append(_finding(person, Problem.ROLE, FIELD_WORDS["role"]))
        return sides, found if len(sides) == 1 else list(dict.fromkeys(found))

    def _is_cut(self, word: str, no_photographs: bool) -> bool:
        """Return whether the role's word is longer than a band of the design."""
        key = (word, no_photographs)
        if key not in self._cut_roles:
            self._cut_roles[key] = any(
                self._band_cuts(side, settable(word), no_photographs) for side in self.plan.sides
            )
        return self._cut_roles[key]

    def _band_cuts(self, side: SidePlan, word: str, no_photographs: bool) -> bool:
        if side.band is None:
            return False
        band, box = side.band
        room = band_room(band, box, side.mark[1] if no_photographs and side.mark else None)
        return band_word(word, band.type, room, self.metrics[band.type.face])[1]

    def _side(
        self,
        person: BadgePerson,
        side: SidePlan,
        texts: Mapping[str, str],
        ground: Ground,
        number: int,
        found: list[Finding],
    ) -> SetSide:
        layout = lay_out(texts, side.column, self.metrics, ground.foot_mm) if side.column else _NO_LAYOUT
        if layout.shortened or layout.dropped or layout.small:
            found += _of_layout(person, layout)
        if not self._asks_more:
            return SetSide(layout=layout)
        blocks: list[_Block] = []
        for text, box in side.own_texts:
            lines, is_cut = set_block((texts.get(text.field, ""),), text.type, box, self.metrics)
            blocks.append((text.type.colour, lines))
            if is_cut:
                found.append(_shortened(person, FIELD_WORDS[text.field]))
        ticked, grids = [], []
        for ticks, box in side.ticks:
            grid, its = self._ticked(person, ticks, box, self.grids[number].get(ticks.name), found)
            ticked += its
            if grid:
                grids.append(grid)
                blocks.append((ticks.type.colour, grid.lines))
        own = self._programme(person, side, found)
        return SetSide(
            layout=layout,
            blocks=(*blocks, *own),
            ticked=tuple(ticked),
            own_grids=tuple(grids),
            has_plan=bool(side.programmes) and not own,
        )

    def _programme(self, person: BadgePerson, side: SidePlan, found: list[Finding]) -> list[_Block]:
        """Return the person's own programme, nothing where they have none."""
        own = self.facts.own_sessions(person.registration_id) if side.programmes else ()
        if not own:
            return []
        blocks: list[_Block] = []
        for programme, box in side.programmes:
            made = lay_programme(own, programme, box, self.metrics)
            blocks.append((programme.type.colour, made.lines))
            if made.left_out:
                found.append(_finding(person, Problem.NO_ROOM, FIELD_WORDS["programme"]))
        return blocks

    def _ticked(
        self, person: BadgePerson, ticks: Ticks, box: Box, common: TickGrid | None, found: list[Finding]
    ) -> tuple[TickGrid | None, list[Box]]:
        """Return the squares of what the person registered, and the grid where it is the person's own."""
        known = self._words[ticks.of]
        held = self._held(person, ticks.of)
        if common is not None:
            keys = list(known)[: len(common.squares)]
            return None, [square for key, square in zip(keys, common.squares, strict=True) if key in held]
        grid = lay_ticks(tuple(word for key, word in known.items() if key in held), ticks, box, self.metrics)
        if grid.left_out or grid.is_shortened:
            found.append(_finding(person, Problem.NO_ROOM, FIELD_WORDS[ticks.of]))
        return grid, list(grid.squares)

    def _held(self, person: BadgePerson, of: str) -> set[str]:
        if of == "days":
            named = set(person.days.split())
            return {key for key, _ in self.facts.days if key in named} or {key for key, _ in self.facts.days}
        return {str(one) for one in self.facts.chosen_extras.get(person.registration_id, ())}

    def _texts(self, person: BadgePerson, found: list[Finding]) -> dict[str, str] | None:
        """Return by field what the badge can show, or None where it waits; what no font has is told and left out."""
        name = _name(person, found)
        if name is None:
            return None
        texts = {"given_name": name[0], "family_name": name[1]}
        for field in self.plan.fields:
            if field in texts or field == "words":
                continue
            text = self._said(person, field)
            missing = _missing(text)
            if missing:
                found.append(_finding(person, Problem.LEFT_OUT, FIELD_WORDS[field], missing))
            else:
                texts[field] = text
        return texts

    def _said(self, person: BadgePerson, field: str) -> str:
        if field in COMMON_FIELDS:
            return " · ".join(settable(text) for text in self.facts.common(field, ""))
        if field == "country":
            return country_name(person.country)
        if field == "pronouns":
            return plain(self.facts.pronouns.get(person.registration_id, ""))
        if field == "role":
            return plain(person.badge_word)
        return plain(getattr(person, field))


def preflight(
    people: Iterable[BadgePerson], plan: Plan, facts: BadgeFacts | None = None
) -> tuple[Finding, ...]:
    """Return everything that these people's badges cannot show, without drawing any."""
    setter = BadgeSetter(plan, facts)
    return tuple(finding for person in people for finding in setter.show(person)[1])


def advice_of(findings: Iterable[Finding]) -> tuple[FontAdvice, ...]:
    """Return which fonts to install so that nothing of these is missing."""
    return font_advice(character for finding in findings for character in finding.characters)


def metrics() -> dict[str, Face]:
    return faces().by_name


def _missing(text: str) -> tuple[str, ...]:
    """Return the characters that cannot be set; a control character has no glyph, whatever a font says."""
    controls = () if text.isprintable() else [one for one in text if unicodedata.category(one) == "Cc"]
    return tuple(dict.fromkeys((*controls, *missing_glyphs(text))))


def _name(person: BadgePerson, found: list[Finding]) -> tuple[str, str] | None:
    """Return the large and the smaller line of the name; a name for the badge replaces both.

    Its first word is the large one: "Kim van der Berg" reads Kim, van der Berg.
    """
    badge_name = plain(person.badge_name)
    first, second = plain(person.given_name), plain(person.family_name)
    whole = (first, second) if first else (second, "")
    missing = _missing(badge_name)
    if badge_name and not missing:
        large, _, rest = badge_name.partition(" ")
        return large, rest
    lacking = _missing(first + second)
    if lacking or not whole[0]:
        found.append(_finding(person, Problem.WAITS, PARTS[0], tuple(dict.fromkeys(lacking + missing))))
        return None
    if missing:
        found.append(_finding(person, Problem.BADGE_NAME, PARTS[0], missing))
    return whole


def _of_layout(person: BadgePerson, layout: BadgeLayout) -> Iterator[Finding]:
    for field in dict.fromkeys(layout.shortened):
        yield _shortened(person, FIELD_WORDS[field])
    for field in layout.dropped:
        yield _finding(person, Problem.NO_ROOM, FIELD_WORDS[field])
    for field, size_pt, least_pt in layout.small:
        part = FIELD_WORDS[field]
        problem = Problem.SMALL_NAME if part in _NAMES else Problem.SMALL
        yield _finding(person, problem, part, sizes_pt=(size_pt, least_pt))


def _shortened(person: BadgePerson, part: str) -> Finding:
    return _finding(person, Problem.SHORTENED_NAME if part in _NAMES else Problem.SHORTENED, part)


def _finding(
    person: BadgePerson,
    problem: Problem,
    part: str,
    characters: tuple[str, ...] = (),
    sizes_pt: tuple[float, float] | None = None,
) -> Finding:
    name = " ".join(filter(None, (plain(person.given_name), plain(person.family_name))))
    return Finding(
        registration_id=person.registration_id,
        number=person.number,
        name=name,
        problem=problem,
        part=part,
        characters=characters,
        sizes_pt=sizes_pt,
    )
