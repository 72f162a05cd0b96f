from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from conference.core.errors import N_
from conference.core.ids import RegistrationId


class Problem(StrEnum):
    """What a badge cannot show."""

    WAITS = "waits"
    BADGE_NAME = "badge name"
    SHORTENED_NAME = "shortened name"
    SHORTENED = "shortened"
    LEFT_OUT = "left out"
    SMALL_NAME = "small name"
    SMALL = "small"
    NO_ROOM = "no room"
    ROLE = "role"


# What is wrong, and what to do about it; the places are %(part)s and %(characters)s.
SENTENCES: dict[Problem, str] = {
    Problem.WAITS: N_("No font has %(characters)s, so this badge is not printed. Enter a name for the badge in Latin, Greek or Cyrillic letters."),
    Problem.BADGE_NAME: N_("No font has %(characters)s of the name for the badge, so the full name is printed. Correct the name for the badge."),
    Problem.SHORTENED_NAME: N_("The %(part)s is longer than the badge and ends in “…”. Enter a shorter name for the badge."),
    Problem.SHORTENED: N_("The %(part)s is longer than the badge and ends in “…”. Enter a shorter one for the badge."),
    Problem.LEFT_OUT: N_("No font has %(characters)s, so the %(part)s is left out. Enter a short one in Latin, Greek or Cyrillic letters."),
    Problem.SMALL_NAME: N_("The %(part)s is set in %(size)s pt, and under %(least)s pt it is hard to read. Enter a shorter name for the badge."),
    Problem.SMALL: N_("The %(part)s is set in %(size)s pt, and under %(least)s pt it is hard to read. Enter a shorter one for the badge."),
    Problem.ROLE: N_("The role's word is longer than its band and ends in “…”. Enter a shorter badge word for the category."),
    Problem.NO_ROOM: N_("There is not enough room for the %(part)s. Enter less of it, or choose a larger badge."),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that the person's badge cannot show as it is stored, with its remedy in `sentence`."""

    registration_id: RegistrationId
    number: str
    name: str
    problem: Problem
    part: str
    characters: tuple[str, ...] = ()
    # The size that the part has, and the least that can be read.
    sizes_pt: tuple[float, float] | None = None

    @property
    def sentence(self) -> str:
        """Return the English template; `facts` fills its places."""
        return SENTENCES[self.problem]

    @property
    def leaves_badge_out(self) -> bool:
        return self.problem is Problem.WAITS

    @property
    def facts(self) -> dict[str, str]:
        shown = ", ".join(
            f"{one} (U+{ord(one):04X})" if one.isprintable() else f"U+{ord(one):04X}"
            for one in self.characters
        )
        size_pt, least_pt = self.sizes_pt or (0.0, 0.0)
        return {
            "part": self.part,
            "characters": shown,
            "size": f"{size_pt:g}",
            "least": f"{least_pt:g}",
        }

    def text_of(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate`, filled."""
        return translate(self.sentence) % (self.facts | {"part": translate(self.part)})

    def __str__(self) -> str:
        return f"{self.number} {self.name}: {self.text_of(str)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgePrint:
    """A file of badges: how many are in it, and what was found on the way."""

    pdf: bytes = field(repr=False)
    count: int
    findings: tuple[Finding, ...]
