"""Times and numbers as the reader expects them: look.md, Words."""

from datetime import date, datetime

import flask_babel
from flask import Flask

from conference.core.clock import STOCKHOLM
from conference.core.interval import Interval


def gettext(sentence: str, **facts: object) -> str:
    """Return the sentence in the reader's language, its %(name)s places filled."""
    return str(flask_babel.gettext(sentence, **facts))


def lazy_gettext(sentence: str, **facts: object) -> str:
    """Return a text that is translated when it is shown, for labels that are made when a module is loaded."""
    text: str = flask_babel.lazy_gettext(sentence, **facts)
    return text


def _formatted(day: date, pattern: str) -> str:
    return str(flask_babel.format_date(day, pattern, rebase=False))


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
    for maker in (long_date, short_date, clock_time, time_span, date_time):
        app.jinja_env.filters[maker.__name__] = maker
