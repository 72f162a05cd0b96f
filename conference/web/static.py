"""Style sheets, scripts and fonts: named by their content, cached for a year, compressed once."""

import gzip
import hashlib
import secrets
import threading
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from fontTools import subset
from fontTools.ttLib import TTFont

from conference.web.access import public
from conference.web.settings import current_settings

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
COMPRESSED = {".css", ".js", ".svg"}
# Latin with all of Europe's diacritics, punctuation, Greek and Cyrillic: what the PDFs embed too.
UNICODES = [
    *range(0x20, 0x250),
    *range(0x2010, 0x2030),
    0x2032,
    0x2039,
    0x203A,
    0x20AC,
    0x2116,
    0x2122,
    0x2190,
    0x2192,
    0x2212,
]
UNICODES_MORE = [*range(0x370, 0x400), *range(0x400, 0x460), 0x490, 0x491, *range(0x1E00, 0x1F00)]
_fonts: dict[str, Path] = {}
# Whoever comes while a font is made waits for it, instead of making it too.
_making = threading.Lock()


def serve_fonts(fonts: dict[str, Path]) -> None:
    """Let the site be set in the PDFs' own fonts: {"regular": path of a TrueType file, "bold": …}."""
    _fonts.update(fonts)


@lru_cache(maxsize=64)
def _content(name: str, instance: Path) -> bytes:
    """Return a static file's bytes; raises LookupError for a name that is none of ours."""
    if name.endswith(".woff2"):
        return _font(name, instance)
    path = FOLDER / name
    if path.parent != FOLDER or path.suffix not in TYPES or not path.is_file():
        raise LookupError(name)
    return path.read_bytes()


def _font(name: str, instance: Path) -> bytes:
    """Return one subset as WOFF2, made at first use (about a second) and kept in the instance folder."""
    weight, _, part = name.removesuffix(".woff2").partition("-")
    if weight not in _fonts or part not in {"latin", "more"}:
        raise LookupError(name)
    source = _fonts[weight].read_bytes()
    unicodes = UNICODES if part == "latin" else UNICODES_MORE
    key = hashlib.sha256(source + repr(unicodes).encode()).hexdigest()[:16]
    cached = instance / "fonts" / f"{name.removesuffix('.woff2')}-{key}.woff2"
    if cached.is_file():
        return cached.read_bytes()
    with _making:
        return _made(cached, source, unicodes)


def _made(cached: Path, source: bytes, unicodes: list[int]) -> bytes:
    """Return the subset, from its file where another thread has made it meanwhile."""
    if cached.is_file():
        return cached.read_bytes()
    content = _subset(source, unicodes)
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        scratch = cached.with_suffix(f".{secrets.token_hex(8)}")
        scratch.write_bytes(content)
        scratch.replace(cached)
    except OSError:  # a read-only instance folder costs a second at each start, nothing more
        current_app.logger.warning("the instance folder cannot keep fonts")
    return content


def _subset(source: bytes, unicodes: list[int]) -> bytes:
    options = subset.Options(
        flavor="woff2", layout_features=["kern", "tnum", "mark", "mkmk", "ccmp"], hinting=False
    )
    # Without the present time in it: each process makes the same bytes, since their address is the same.
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=unicodes)
    worker.subset(font)
    font.flavor = "woff2"
    packed = BytesIO()
    font.save(packed)
    return packed.getvalue()


@lru_cache(maxsize=64)
def _key(name: str, instance: Path) -> str:
    return hashlib.sha256(_content(name, instance)).hexdigest()[:12]


def content_key(name: str) -> str:
    return _key(name, current_settings().instance)


def asset(name: str) -> str:
    """Return the address of a static file, with its content's key in it."""
    # Written down as the rule says instead of built by it: each page has four of them.
    return f"{request.script_root}/assets/{content_key(name)}/{name}"


@lru_cache(maxsize=8)
def _group_key(prefix: str) -> str:
    found = hashlib.sha256()
    for path in sorted(FOLDER.glob(f"{prefix}*")):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]


def asset_group(name: str, prefix: str) -> str:
    """Return the address of a module that imports others by `./name`: the key is of all files that begin with `prefix`.

    What it imports is asked for under the same key, so none of them may change without the key.
    """
    _content(name, current_settings().instance)
    return f"{request.script_root}/assets/{_group_key(prefix)}/{name}"


@lru_cache(maxsize=64)
def _gzipped(name: str, instance: Path) -> bytes:
    return gzip.compress(_content(name, instance), 9, mtime=0)


@public
def asset_file(key: str, name: str) -> Response:  # noqa: ARG001 -- the key is for caches; the name finds the file
    """Answer a static file. Only these are compressed: a page that holds a token must not be (BREACH)."""
    instance = current_settings().instance
    try:
        content = _content(name, instance)
    except LookupError:
        abort(404)
    suffix = Path(name).suffix
    answer = Response(content, content_type=TYPES[suffix])
    if suffix in COMPRESSED and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.set_data(_gzipped(name, instance))
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def init_static(app: Flask) -> None:
    app.add_url_rule("/assets/<key>/<name>", "web.asset_file", asset_file)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["asset_group"] = asset_group
