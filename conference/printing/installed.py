"""Further fonts, for what the packaged ones lack: configured ones, then those on this machine that are known to be good.

Looked for once a process, when the first character asks for one. Any other font of the machine may be a drawing's or
a joke's, and is used only where CONFERENCE_FONTS names it.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import uharfbuzz as hb

from conference.printing.errors import FontUnusableError

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
# The beginnings of file names, letters and digits only, best first; each family holds what those before it lack.
_KNOWN = (
    "notosans", "notonaskh", "notokufi", "notorashi", "sourcehansans", "dejavusans", "vazir", "liberationsans",
    "droidsans", "wqymicrohei", "wqyzenhei", "ipag", "ipaexg", "takao", "vlgothic", "nanumgothic", "undotum", "baekmuk",
    "freesans", "ubuntu", "carlito", "opensans", "arialunicode", "arial", "tahoma", "segoeui", "calibri", "geezapro",
    "hiragino", "applesdgothic", "pingfang", "stheiti", "malgun", "msyh", "microsoftyahei", "yugoth", "meiryo", "msgothic",
    "simhei", "simsun", "msjh", "gulim", "notoemoji", "symbola", "seguisym", "seguiemj", "unifont",
)  # fmt: skip
_NOT = re.compile(
    r"mono|italic|oblique|condensed|narrow|light|thin|black|color|serif|extra|semi|display|looped|unjoined|csur|sample|upper"
)
_OUTLINES = {"glyf", "CFF ", "CFF2"}
_EMBEDDING_FORBIDDEN, _NO_SUBSETS = 0x0002, 0x0300
REGULAR, BOLD = 400, 700


@dataclass(frozen=True, kw_only=True, eq=False)
class FontFile:
    """One font of a file, read as far as it is asked for. `rank` orders fonts, the smallest first."""

    path: Path
    index: int
    face: hb.Face
    rank: int

    @cached_property
    def family(self) -> str:
        return self.face.get_name(hb.OTNameIdPredefined.FONT_FAMILY) or self.path.stem

    @cached_property
    def postscript_name(self) -> str:
        """The name for the PDF: letters, digits and hyphens only."""
        name = self.face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or self.path.stem
        return re.sub(r"[^A-Za-z0-9-]", "", name) or "Font"

    @cached_property
    def weight(self) -> int:
        return int.from_bytes(self._os2[4:6], "big") or REGULAR

    @cached_property
    def _os2(self) -> bytes:
        return bytes(self.face.reference_table("OS/2").data or b"")

    @cached_property
    def is_odd(self) -> bool:
        """Whether it slants, is narrow or has letters of one width: for want of a better one of its folder only."""
        return bool(_NOT.search(_plain(self.postscript_name)))

    @cached_property
    def has_weights(self) -> bool:
        return any(axis.tag == "wght" for axis in self.face.axis_infos)

    @cached_property
    def characters(self) -> hb.Set:
        return self.face.unicodes

    @cached_property
    def is_usable(self) -> bool:
        """Whether it has outlines, and its maker allows that they are embedded in part."""
        tags = set(self.face.table_tags)
        rights = int.from_bytes(self._os2[8:10], "big")
        is_closed = rights & 0xF == _EMBEDDING_FORBIDDEN or rights & _NO_SUBSETS
        return bool(_OUTLINES & tags and "cmap" in tags) and not is_closed


def read_fonts(path: Path, rank: int = 0) -> tuple[FontFile, ...]:
    """Return the fonts of one file. Raises FontUnusableError where none has outlines that may be embedded in part."""
    try:
        blob = hb.Blob.from_file_path(str(path))
    except hb.HarfBuzzError as error:
        raise FontUnusableError(file=str(path)) from error
    faces = [hb.Face(blob, index) for index in range(hb.Face(blob).count)]
    read = (FontFile(path=path, index=index, face=face, rank=rank) for index, face in enumerate(faces))
    fonts = tuple(font for font in read if font.face.glyph_count and font.is_usable)
    if not fonts:
        raise FontUnusableError(file=str(path))
    return fonts


class _Further:
    """The fonts beside the packaged ones. `paths` are the configured files and folders."""

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        self.paths = tuple(paths)
        self.configured = tuple(
            font for rank, path in enumerate(paths) for font in _configured(path, rank - len(paths))
        )

    @cached_property
    def all(self) -> tuple[FontFile, ...]:
        found = list(self.configured)
        for path, rank in _known_files():
            try:
                found += [font for font in read_fonts(path, rank) if not _NOT.search(_plain(font.family))]
            except FontUnusableError:
                continue  # a font of pictures in colour, for instance: nobody chose it
        return tuple(sorted(found, key=lambda font: (font.rank, font.path.name, font.index)))


_further = [_Further()]


def configure(paths: Sequence[Path]) -> bool:
    """Let the fonts of these files and folders go before those found on this machine. Return whether that is new.

    Raises FontUnusableError for a file without a font that can be embedded, and a folder without any such file.
    """
    is_new = tuple(paths) != _further[0].paths
    if is_new:
        _further[0] = _Further(paths)
    return is_new


def further_fonts() -> tuple[FontFile, ...]:
    """Return the configured fonts and the known ones of this machine, best first."""
    return _further[0].all


def _configured(path: Path, rank: int) -> list[FontFile]:
    if not path.is_dir():
        return list(read_fonts(path, rank))
    fonts: list[FontFile] = []
    for file in _files_in(path):
        try:
            fonts += read_fonts(file, rank)
        except FontUnusableError:
            continue
    if not fonts:
        raise FontUnusableError(file=str(path))
    return fonts


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the font files below the folder in the order of their names; what cannot be looked into is left out."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(where, name) for name in sorted(names) if name.lower().endswith(SUFFIXES))


def _folders() -> list[Path]:
    """Return where this kind of machine keeps its fonts."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 -- Path.home() refuses an account without one
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    own = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    windows = [os.environ[name] for name in ("WINDIR", "LOCALAPPDATA") if name in os.environ]
    return [
        *(Path(one, "fonts") for one in (own, *shared.split(":"))),
        home / ".fonts",
        *(Path(root, "Library/Fonts") for root in (home, "/", "/System")),
        *(Path(one, part) for one in windows for part in ("Fonts", "Microsoft/Windows/Fonts")),
    ]


def _known_files() -> Iterator[tuple[Path, int]]:
    seen: set[Path] = set()
    for folder in _folders():
        for path in _files_in(folder):
            rank = _rank(path.stem)
            if rank is not None and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path, rank


def _rank(stem: str) -> int | None:
    """Return the place of a font file's name among the known families, None where it is not one of them."""
    plain = _plain(stem)
    if _NOT.search(plain):
        return None
    return next((rank for rank, known in enumerate(_KNOWN) if plain.startswith(known)), None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
