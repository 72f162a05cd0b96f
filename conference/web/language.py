"""Times and numbers as the reader expects them: look.md, Words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

import flask_babel
from babel import negotiate_locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel.speaklater import LazyString
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from conference.core.clock import STOCKHOLM
from conference.core.interval import Interval
from conference.web.access import declared_access
from conference.web.settings import current_settings
from conference.web.zones import shown_zone

# Each language by its tag, in its own words. The first is what the sentences of the code are written in.
LANGUAGES = {"en": "English", "sv": "Svenska", "de": "Deutsch"}
FALLBACK = "en"
_FOLDER = Path(__file__).parent.parent / "translations"
# Pages for staff are English whatever the browser says: the office shares its screens and its words. So is what programs
# read, and what tells how to write them: its names are English anyhow.
_ENGLISH_ONLY = ("/staff", "/demo", "/api")
# Blueprints whose pages speak the reader's language: links to them carry a chosen one.
_ROOMS_WITH_WORDS = frozenset({"event", "interchange", "programme", "registration", "speakers", "printing"})


# What finds the facts of the present request.
_present = g._get_current_object  # noqa: SLF001 -- werkzeug documents it, for such uses


@lru_cache
def catalogue(tag: str) -> NullTranslations:
    """Return the sentences of a language, read once a process, when the first reader wants them."""
    path = _FOLDER / f"{tag}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=tag))
    compiled.seek(0)
    return Translations(compiled)


def chosen() -> str | None:
    """Return the language that the reader chose, which stands in the address and goes from link to link."""
    # Most addresses say nothing after a "?", and reading what they say costs more than looking.
    if not has_request_context() or not request.environ.get("QUERY_STRING"):
        return None
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else None


def _wanted() -> str:
    """Return the reader's language: chosen, or else the first that the browser asks for and we have, or English."""
    if not has_request_context() or request.path.startswith(_ENGLISH_ONLY):
        return FALLBACK
    return chosen() or browsers_language(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=500)
def browsers_language(header: str) -> str:
    """Return the first language that the browser asks for and we have. Browsers say few different things."""
    asked = [tag.replace("_", "-") for tag in parse_accept_header(header, LanguageAccept).values()]
    return negotiate_locale(asked, list(LANGUAGES), sep="-") or FALLBACK


def language() -> str:
    """Return the reader's language, as in "en", found once a request."""
    # A page asks dozens of times, so it is one look where it was found before, past the proxy's own searching.
    try:
        tag: str | None = _present().get("language")
    except RuntimeError:  # outside a request and a command
        return FALLBACK
    if tag is None:
        tag = g.language = _wanted()
    return tag


def known(tag: str) -> str:
    """Return the tag, or English for one that we do not have: nothing stored means English."""
    return tag if tag in LANGUAGES else FALLBACK


def speak(tag: str) -> None:
    """Answer this request in the language that belongs to a personal link, unless the reader chose another."""
    g.language = chosen() or known(tag)


@contextmanager
def in_language(tag: str) -> Iterator[None]:
    """Speak another language for a while, as for a mail that somebody else will read."""
    before = language()
    g.language = known(tag)
    try:
        yield
    finally:
        g.language = before


def gettext(sentence: str, **facts: object) -> str:
    """Return the sentence in the reader's language, its %(name)s places filled."""
    translated: str = catalogue(language()).gettext(sentence)
    return translated % facts if facts else translated


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the sentence for so many in the reader's language, its %(num)s filled."""
    return _ngettext(singular, plural, count) % {"num": count}


def _ngettext(singular: str, plural: str, count: int) -> str:
    return str(catalogue(language()).ngettext(singular, plural, count))


@lru_cache(maxsize=5000)
def _sentence(tag: str, sentence: str) -> Markup:
    return Markup(catalogue(tag).gettext(sentence))  # noqa: S704 -- our own sentence; what it is filled with is escaped


@pass_context
def _in_template(context: Context, sentence: str, **facts: object) -> str:
    """Return the sentence as Jinja's own `_` does, but each looked up once: a page says dozens of them."""
    words = _sentence(language(), sentence)
    if not context.eval_ctx.autoescape:
        return str(words) % facts
    return words % facts if facts or "%" in words else words


def lazy_gettext(sentence: str, **facts: object) -> str:
    """Return a text that is translated when it is shown, for labels that are made when a module is loaded."""
    text: str = LazyString(gettext, sentence, **facts)
    return text


@lru_cache(maxsize=1000)
def _in_language(tag: str, day: date, pattern: str) -> str:
    """Return the date in the language of the tag; a page shows the conference's few days again and again."""
    return format_date(day, pattern, locale=tag)


# Long, short, a day within a moment, and the moment, as each language writes them.
_LONG = {"en": "EEEE d MMMM yyyy", "sv": "EEEE d MMMM yyyy", "de": "EEEE, d. MMMM yyyy"}
_SHORT = {"en": "EEE d MMM", "sv": "EEE d MMM", "de": "EEE, d. MMM"}
_OF_YEAR = {"en": "d MMMM", "sv": "d MMMM", "de": "d. MMMM"}
_DAY = {"en": "d MMMM yyyy", "sv": "d MMMM yyyy", "de": "d. MMMM yyyy"}
_MOMENT = {"en": "{}, {}", "sv": "{} kl. {}", "de": "{}, {} Uhr"}


def long_date(day: date) -> str:
    """Return "Thursday 22 September 2022"."""
    tag = language()
    return _in_language(tag, day, _LONG[tag])


def day_and_month(day: date) -> str:
    """Return "20 September"."""
    tag = language()
    return _in_language(tag, day, _OF_YEAR[tag])


def short_date(day: date) -> str:
    """Return "Thu 22 Sep"."""
    tag = language()
    return _in_language(tag, day, _SHORT[tag])


def clock_time(moment: datetime) -> str:
    """Return "09:00", Stockholm time, or "Wed 03:00" on a page that tells another zone's, where it is another day."""
    here, there = moment.astimezone(STOCKHOLM), moment.astimezone(shown_zone())
    if here.date() == there.date():
        return f"{there:%H:%M}"
    return f"{_in_language(language(), there.date(), 'EEE')} {there:%H:%M}"


def time_span(span: Interval) -> str:
    """Return "09:00–10:30", Stockholm time."""
    return f"{clock_time(span.start)}–{clock_time(span.end)}"


def date_time(moment: datetime) -> str:
    """Return "5 September 2022, 08:00", Stockholm time."""
    local = moment.astimezone(STOCKHOLM)
    tag = language()
    return _MOMENT[tag].format(_in_language(tag, local.date(), _DAY[tag]), f"{local:%H:%M}")


def megabytes(size_bytes: int) -> str:
    """Return "12.3 MB", at least a tenth, with the reader's sign for decimals."""
    number = f"{max(size_bytes, 100_000) / 1_000_000:.1f}"
    return f"{number if language() == FALLBACK else number.replace('.', ',')} MB"


def _keep_choice(endpoint: str, values: dict[str, object]) -> None:
    """Carry a chosen language along in every address, so that reading needs no cookie."""
    tag = chosen()
    if tag and endpoint.partition(".")[0] in _ROOMS_WITH_WORDS and endpoint != "programme.grid_css":
        values.setdefault("lang", tag)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """The page in one of the languages: `path` for the reader, `address` in full for search engines."""

    tag: str
    name: str
    path: str
    address: str
    is_current: bool


def know_only(names: tuple[str, ...]) -> None:
    """Let links to the page's other languages carry these names of the query only: no other one has an effect."""
    g.known_arguments = names


def alternatives() -> tuple[Alternative, ...]:
    """Return this page in each language, none where it is English only or answers a form: a link would lose it."""
    if request.method not in {"GET", "HEAD"} or request.path.startswith(_ENGLISH_ONLY):
        return ()
    known = g.get("known_arguments")
    asked = tuple(
        (name, value)
        for name, value in request.args.items()
        if name != "lang" and (known is None or name in known)
    )
    return _alternatives(current_settings().base_url, request.path, asked, language())


# Few, since what stands in addresses is the readers' choice, and may be long.
@lru_cache(maxsize=100)
def _alternatives(
    base: str, path: str, asked: tuple[tuple[str, str], ...], current: str
) -> tuple[Alternative, ...]:
    before = f"{quote(path)}?" + (f"{urlencode(asked)}&" if asked else "") + "lang="
    return tuple(
        Alternative(
            tag=tag, name=name, path=before + tag, address=base + before + tag, is_current=tag == current
        )
        for tag, name in LANGUAGES.items()
    )


def is_read_in_public() -> bool:
    """Return whether the page is one that everybody may read, so that search engines are told its languages."""
    view = current_app.view_functions.get(request.endpoint or "")
    access = declared_access(view) if view else None
    return access is not None and access.kind == "public"


def _vary(response: Response) -> Response:
    if "Accept-Language" in response.headers.get("Vary", ""):
        return response  # said by who made the answer
    if not request.path.startswith(_ENGLISH_ONLY) and response.mimetype == "text/html":
        response.vary.add("Accept-Language")
    return response


def init_language(app: Flask) -> None:
    flask_babel.Babel(app, locale_selector=language, default_timezone="Europe/Stockholm")
    app.url_defaults(_keep_choice)
    app.after_request(_vary)
    app.jinja_env.globals.update(
        language=language, alternatives=alternatives, is_read_in_public=is_read_in_public
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
        gettext=lambda sentence: catalogue(language()).gettext(sentence), ngettext=_ngettext, newstyle=True
    )
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)
    for maker in (long_date, short_date, clock_time, time_span, date_time, megabytes):
        app.jinja_env.filters[maker.__name__] = maker
