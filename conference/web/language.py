"""Times and numbers as the reader expects them: look.md, Words."""

from datetime import date, datetime
from functools import lru_cache

import flask_babel
from babel.dates import format_date
from babel.support import NullTranslations
from flask import Flask, g, has_app_context
from flask_babel.speaklater import LazyString

from conference.core.clock import STOCKHOLM
from conference.core.interval import Interval


def _catalogue() -> NullTranslations:
    """Return the reader's catalogue, looked up once a request: a page asks hundreds of times, 30 µs each."""
    if not has_app_context():
        return NullTranslations()
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_translations()
    return found


def language() -> str:
    """Return the reader's language, as in "en"."""
    return str(flask_babel.get_locale())


def gettext(sentence: str, **facts: object) -> str:
    """Return the sentence in the reader's language, its %(name)s places filled."""
    translated: str = _catalogue().gettext(sentence)
    return translated % facts if facts else translated


def _ngettext(singular: str, plural: str, count: int) -> str:
    return str(_catalogue().ngettext(singular, plural, count))


def lazy_gettext(sentence: str, **facts: object) -> str:
    """Return a text that is translated when it is shown, for labels that are made when a module is loaded."""
    text: str = LazyString(gettext, sentence, **facts)
    return text


@lru_cache(maxsize=1000)
def _in_language(tag: str, day: date, pattern: str) -> str:
    """Return the date in the language of the tag; a page shows the conference's few days again and again."""
    return format_date(day, pattern, locale=tag)


def _formatted(day: date, pattern: str) -> str:
    return _in_language(language(), day, pattern)


def long_date(day: date) -> str:
    """Return "Thursday 22 September 2022"."""
    return _formatted(day, "EEEE d MMMM yyyy")


def short_date(day: date) -> str:
    """Return "Thu 22 Sep"."""
    return _formatted(day, "EEE d MMM")


def clock_time(moment: datetime) -> str:
    """Return "09:00", Stockholm time."""
    return moment.astimezone(STOCKHOLM).strftime("%H:%M")


def time_span(span: Interval) -> str:
    """Return "09:00–10:30", Stockholm time."""
    return f"{clock_time(span.start)}–{clock_time(span.end)}"


def date_time(moment: datetime) -> str:
    """Return "5 September 2022, 08:00", Stockholm time."""
    local = moment.astimezone(STOCKHOLM)
    return f"{_formatted(local.date(), 'd MMMM yyyy')}, {local:%H:%M}"


def init_language(app: Flask) -> None:
    flask_babel.Babel(app, default_locale="en", default_timezone="Europe/Stockholm")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
        gettext=lambda sentence: _catalogue().gettext(sentence), ngettext=_ngettext, newstyle=True
    )
    for maker in (long_date, short_date, clock_time, time_span, date_time):
        app.jinja_env.filters[maker.__name__] = maker
