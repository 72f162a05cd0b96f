"""Which script a character that no font has belongs to, and where its font is to be had."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fontTools.unicodedata import script as script_of
from fontTools.unicodedata import script_name

from conference.core.errors import N_

_SENTENCE = N_(
    "No font here has %(script)s letters. Whoever runs the office installs one (Debian: apt-get install %(package)s) or names "
    "a font's file in CONFERENCE_FONTS, and starts the office again."
)
_SIGNS = N_(
    "No font here has %(script)s. Whoever runs the office installs one (Debian: apt-get install %(package)s) or names "
    "a font's file in CONFERENCE_FONTS, and starts the office again."
)
_DEJAVU, _NOTO, _CJK = "fonts-dejavu-core", "fonts-noto-core", "fonts-noto-cjk"
# Names that differ from Unicode's, and packages other than the large one that has nearly all scripts.
_NAMES = {
    "Hani": N_("Chinese"),
    "Hira": N_("Japanese"),
    "Kana": N_("Japanese"),
    "Hang": N_("Korean"),
    "Bopo": N_("Chinese"),
}
_PACKAGES = {"Arab": _DEJAVU, "Hebr": _DEJAVU, "Armn": _DEJAVU, "Geor": _DEJAVU} | dict.fromkeys(_NAMES, _CJK)
_PICTURES = N_("pictures and signs")
_PICTURES_PACKAGE = "fonts-symbola"


@dataclass(frozen=True, kw_only=True, slots=True)
class FontAdvice:
    """A script that no font here has, and the package of Debian that has one."""

    script: str
    package: str

    def text_of(self, translate: Callable[[str], str]) -> str:
        """Return what to do, in the language of `translate`."""
        sentence = _SIGNS if self.script == _PICTURES else _SENTENCE
        return translate(sentence) % {"script": translate(self.script), "package": self.package}

    def __str__(self) -> str:
        return self.text_of(str)


def font_advice(characters: Iterable[str]) -> tuple[FontAdvice, ...]:
    """Return what to install for these characters, one advice a script, in the order in which they come.

    Marks that no letter can carry so many of belong to no script, and no font helps.
    """
    found: dict[FontAdvice, None] = {}
    for character in characters:
        script = script_of(character)
        if script == "Zinh":
            continue
        if script in {"Zyyy", "Zzzz"}:
            advice = FontAdvice(script=_PICTURES, package=_PICTURES_PACKAGE)
        else:
            name = _NAMES.get(script) or script_name(script)
            advice = FontAdvice(script=name, package=_PACKAGES.get(script, _NOTO))
        found[advice] = None
    return tuple(found)
