"""Text that one font cannot set character by character: marks on letters, other scripts, right to left.

A text is cut into runs of one font, script and direction (`bidi`), and HarfBuzz shapes each. All measures are in
ems. The packaged face goes first; what it lacks is taken from `installed`, whole clusters at a time.
"""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import regex
import uharfbuzz as hb
from fontTools.unicodedata import script as script_of

from conference.printing.bidi import levels, visual_runs
from conference.printing.installed import FontFile, further_fonts, read_fonts

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"
# More marks on one letter leave their line: Vietnamese has two, pointed Hebrew and phonetic writing three.
MOST_MARKS = 4
_CLUSTERS = regex.compile(r"\X")
# Latin, Greek and Cyrillic letters without marks of their own stand alone.
_JOINING = regex.compile("[\r\u0300-\u036f\u0483-\u0489\u0590-\U0010ffff]")
# Seen by the shaper, never drawn: joiners, variation selectors, direction controls, tags (Default_Ignorable).
_IGNORED = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
_DIRECTIONS = regex.compile(r"\p{Bidi_Control}+")
_BASIC = {"Zyyy", "Zinh", "Zzzz"}
# Blanks and hyphens that must not break are set by the glyph of those that may.
_SAME = {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2011": "-", SOFT_HYPHEN: "-"}
_FLAVOURS = {"JP": "ja", "KR": "ko", "SC": "zh-Hans", "TC": "zh-Hant", "HK": "zh-Hant-HK"}
_KEPT = 4096


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlines:
    """One font in one weight: its glyphs' widths and ink."""

    file: FontFile
    weight: int
    font: hb.Font
    upem: int
    inks: dict[int, tuple[float, float, float, float]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.file.postscript_name

    def ink_em(self, glyph: int) -> tuple[float, float, float, float]:
        """Return where the glyph's ink begins and ends: left, right, below and above its origin."""
        if glyph not in self.inks:
            found = self.font.get_glyph_extents(glyph)
            x, y, width, height = (
                (found.x_bearing, found.y_bearing, found.width, found.height) if found else (0, 0, 0, 0)
            )
            self.inks[glyph] = (
                x / self.upem,
                (x + width) / self.upem,
                (y + height) / self.upem,
                y / self.upem,
            )
        return self.inks[glyph]

    def drawn_em(self, drawing: "Drawing") -> tuple[float, float, float, float]:
        """Return where the ink of a drawing begins and ends: left, right, below and above its origin."""
        boxes = []
        for glyph, x_em, y_em in drawing.parts:
            left, right, below, above = self.ink_em(glyph)
            if right > left:
                boxes.append((x_em + left, x_em + right, y_em + below, y_em + above))
        if not boxes:
            return 0.0, 0.0, 0.0, 0.0
        lefts, rights, belows, aboves = zip(*boxes, strict=True)
        return min(lefts), max(rights), min(belows), max(aboves)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn as one: glyphs, each moved right and up by so many ems, and where the next one begins."""

    parts: tuple[tuple[int, float, float], ...]
    advance_em: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """A drawing and the characters it stands for, from left to right; the one at `place` goes with the drawing.

    The others are written as blanks without width, so that each is found where it belongs, letters of a ligature too.
    """

    drawing: Drawing
    characters: str
    place: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Clusters of one font from left to right."""

    outlines: Outlines
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shaped:
    """A line from left to right. It begins `begin_em` in, so that no ink stands before its place or behind its width."""

    runs: tuple[Run, ...]
    begin_em: float
    width_em: float
    rise_em: float
    depth_em: float


@lru_cache(maxsize=256)
def _outlines(file: FontFile, weight: int) -> Outlines:
    font = hb.Font(file.face)
    if file.has_weights:
        font.set_variations({"wght": weight})
    return Outlines(file=file, weight=weight, font=font, upem=file.face.upem)


@lru_cache(maxsize=8)
def _packaged(path: Path) -> FontFile:
    return read_fonts(path, rank=-1000)[0]


def forget() -> None:
    """Forget what was measured: other fonts are configured."""
    for kept in (_candidates, _font_of, shape):
        kept.cache_clear()


@lru_cache(maxsize=64)
def _candidates(path: Path, weight: int, flavour: str) -> tuple[FontFile, ...]:
    """Return the fonts in the order in which they are asked: the packaged one, then the best and nearest in weight."""

    def place(font: FontFile) -> tuple[int, bool, bool, int]:
        last = font.family.rpartition(" ")[2]
        distance = 0 if font.has_weights else abs(font.weight - weight)
        return font.rank, font.is_odd, last in _FLAVOURS and last != flavour, distance

    return (_packaged(path), *sorted(further_fonts(), key=place))


def _flavour(text: str) -> str:
    """Return whose forms Chinese characters take: of Japan beside kana, of Korea beside Hangul."""
    scripts = {script_of(character) for character in text}
    if scripts & {"Hira", "Kana"}:
        return "JP"
    if "Hang" in scripts:
        return "KR"
    return "TC" if "Bopo" in scripts else "SC"


def _has(font: FontFile, character: str) -> bool:
    character = _SAME.get(character, character)
    if ord(character) in font.characters:
        return True
    parts = unicodedata.normalize("NFD", character)
    return len(parts) > 1 and all(ord(part) in font.characters for part in parts)


@lru_cache(maxsize=16384)
def _font_of(cluster: str, path: Path, weight: int, flavour: str) -> tuple[FontFile, tuple[str, ...]]:
    """Return the first font that has all of a cluster, else the one that has most of it, and what that one lacks."""
    best: tuple[FontFile, tuple[str, ...]] | None = None
    for font in _candidates(path, weight, flavour):
        lacking = tuple(character for character in cluster if not _has(font, character))
        if not lacking:
            return font, ()
        if best is None or len(lacking) < len(best[1]):
            best = font, lacking
    assert best
    return best


def visible(text: str) -> str:
    """Return what is drawn of the text: soft hyphens that end a line too, joiners and direction controls not."""
    return str(_IGNORED.sub(lambda found: SOFT_HYPHEN * found.group().count(SOFT_HYPHEN), text))


def lacking(text: str, path: Path, weight: int) -> Iterator[str]:
    """Yield the characters that no font can set where they stand, and marks beyond the most that a letter carries."""
    flavour = _flavour(text)
    for cluster in _CLUSTERS.findall(text):
        shown = visible(cluster)
        if not shown or shown.isspace():
            continue
        yield from _font_of(shown, path, weight, flavour)[1]
        yield from [mark for mark in shown if unicodedata.category(mark) in {"Mn", "Me"}][MOST_MARKS:]


def clusters_of(text: str) -> list[str]:
    """Return the text in what a reader takes for one character each (UAX #29): none of them may be cut."""
    return _CLUSTERS.findall(text) if _JOINING.search(text) else list(text)


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    level: int
    font: FontFile
    script: str


@lru_cache(maxsize=_KEPT)
def shape(text: str, path: Path, weight: int) -> Shaped:
    """Return the line in the packaged face at `path` and what helps it out. Raises KeyError for what no font has."""
    flavour = _flavour(text)
    pieces = _pieces(text, path, weight, flavour)
    runs = tuple(
        _run(text, piece, weight, flavour, is_packaged=piece.font is _packaged(path)) for piece in pieces
    )
    return _measured(runs)


def _pieces(text: str, path: Path, weight: int, flavour: str) -> list[_Piece]:
    """Return the stretches of one direction, font and script, from left to right."""
    fonts, scripts = _fonts_and_scripts(text, path, weight, flavour)
    pieces = []
    for start, end, level in visual_runs(levels(text)):
        inside = []
        for _, members in groupby(
            range(start, end), key=lambda at: (fonts[at].path, fonts[at].index, scripts[at])
        ):
            places = list(members)
            inside.append(_Piece(places[0], places[-1] + 1, level, fonts[places[0]], scripts[places[0]]))
        pieces += inside[::-1] if level % 2 else inside
    return pieces


def _fonts_and_scripts(text: str, path: Path, weight: int, flavour: str) -> tuple[list[FontFile], list[str]]:
    fonts: list[FontFile] = []
    scripts: list[str] = []
    waiting = 0
    for cluster in _CLUSTERS.findall(text):
        shown = visible(cluster)
        font, missing = _font_of(shown, path, weight, flavour)
        if missing:
            raise KeyError(missing[0])
        before = fonts[-1] if fonts else font
        is_blank = not shown or shown.isspace()
        if is_blank and all(_has(before, character) for character in shown):
            font = before
        script = next((one for one in map(script_of, shown) if one not in _BASIC), "")
        fonts += [font] * len(cluster)
        scripts += [script or (scripts[-1] if scripts else "")] * len(cluster)
        if not scripts[-1]:
            waiting = len(scripts)
        elif waiting:  # signs before the first letter go with it
            scripts[:waiting] = [scripts[-1]] * waiting
            waiting = 0
    return fonts, scripts


def _run(text: str, piece: _Piece, weight: int, flavour: str, *, is_packaged: bool) -> Run:
    outlines = _outlines(piece.font, weight)
    is_right_to_left = piece.level % 2 == 1
    buffer = hb.Buffer()
    codes = [ord("-" if character == SOFT_HYPHEN else character) for character in text]
    buffer.add_codepoints(codes, piece.start, piece.end - piece.start)
    buffer.direction = "rtl" if is_right_to_left else "ltr"
    buffer.script = piece.script or "Zyyy"
    buffer.language = _FLAVOURS[flavour] if piece.script in {"Hani", "Hira", "Kana", "Hang", "Bopo"} else "en"
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    # The packaged face is set without kerning everywhere, as by the writer of plain runs.
    hb.shape(outlines.font, buffer, {"kern": not is_packaged})
    placed = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = sorted({info.cluster for info, _ in placed})
    ends = dict(itertools.zip_longest(starts, starts[1:], fillvalue=piece.end))
    clusters = tuple(
        _cluster(text[start : ends[start]], list(members), outlines.upem, is_right_to_left=is_right_to_left)
        for start, members in groupby(placed, key=lambda one: one[0].cluster)
    )
    if is_right_to_left:
        clusters = tuple(
            _ended(cluster, left) for left, cluster in zip((None, *clusters), clusters, strict=False)
        )
    return Run(outlines=outlines, clusters=clusters)


def _ended(cluster: Cluster, left: Cluster | None) -> Cluster:
    """Return the cluster with a direction mark where a vowel ends its word.

    Readers of the file put what has no direction of its own behind the next word that has one.
    """
    is_vowel = unicodedata.category(cluster.characters[:1] or " ") == "Mn"
    if not is_vowel or (left and left.characters[-1:].isalpha()):
        return cluster
    return replace(cluster, characters=_RIGHT_TO_LEFT_MARK + cluster.characters, place=cluster.place + 1)


def _cluster(
    text: str, members: Sequence[tuple[hb.GlyphInfo, hb.GlyphPosition]], upem: int, *, is_right_to_left: bool
) -> Cluster:
    characters = _DIRECTIONS.sub("", text)
    place = next((at for at, one in enumerate(characters) if visible(one)), 0)
    if is_right_to_left:
        characters, place = characters[::-1], max(len(characters) - 1 - place, 0)
    pen, parts = 0, []
    for info, position in members:
        if not info.codepoint:  # a filler that the shaper does not remove: all that is drawn has a glyph
            continue
        parts.append((info.codepoint, (pen + position.x_offset) / upem, position.y_offset / upem))
        pen += position.x_advance
    return Cluster(drawing=Drawing(tuple(parts), pen / upem), characters=characters, place=place)


def _measured(runs: tuple[Run, ...]) -> Shaped:
    pen = left = right = rise = depth = 0.0
    for run in runs:
        for drawing in (cluster.drawing for cluster in run.clusters):
            x_min, x_max, y_min, y_max = run.outlines.drawn_em(drawing)
            if x_max > x_min:
                left, right = min(left, pen + x_min), max(right, pen + x_max)
                rise, depth = max(rise, y_max), max(depth, -y_min)
            pen += drawing.advance_em
    return Shaped(runs=runs, begin_em=-left, width_em=max(pen, right) - left, rise_em=rise, depth_em=depth)
