"""A programme made ready to be written: with the event, the ids, and the addresses of this site."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from flask import url_for

from conference.event.calendar import calendar_file
from conference.event.queries import get_event
from conference.interchange.edition import Edition
from conference.interchange.queries import guids
from conference.interchange.writing_data import data
from conference.interchange.writing_tables import rows_of
from conference.interchange.writing_voc import schedule_json, schedule_xml
from conference.interchange.writing_xcal import xcal
from conference.programme.calendar import entries_of
from conference.programme.model import Programme
from conference.web.exporting import XLSX, csv_parts, xlsx_parts


def edition_of(programme: Programme, made_at: datetime) -> Edition:
    """Return what the writers take. `made_at` counts for a draft; a version says itself when it was published."""
    ours = guids()
    return Edition(
        programme=programme,
        event=get_event(),
        guids=ours,
        page=lambda number: (
            ours.base_url.rstrip("/") + url_for("programme.public_session", session_id=number)
        ),
        made_at=programme.published_at or made_at,
    )


def calendar(edition: Edition) -> bytes:
    """Return the calendar file of the edition's sessions, a draft's too."""
    entries = entries_of(edition.programme, edition.event, edition.site)
    return calendar_file(entries, stamp=edition.made_at, name=edition.event.title)


def _xcal(edition: Edition) -> bytes:
    entries = entries_of(edition.programme, edition.event, edition.site)
    return xcal(list(entries), stamp=edition.made_at, name=edition.event.title)


def _csv(edition: Edition) -> bytes:
    return b"".join(csv_parts(rows_of(edition)))


def _xlsx(edition: Edition) -> bytes:
    return b"".join(xlsx_parts(rows_of(edition), "Programme"))


class Form(NamedTuple):
    """A way in which the schedule is written: the file's name, its content type, and what writes it."""

    file_name: str
    content_type: str
    write: Callable[[Edition], bytes]


FORMS: Mapping[str, Form] = {
    "ics": Form("programme.ics", "text/calendar; charset=utf-8; method=PUBLISH", calendar),
    "xml": Form("schedule.xml", "application/xml; charset=utf-8", schedule_xml),
    "json": Form("schedule.json", "application/json", schedule_json),
    "xcal": Form("programme.xcs", "application/calendar+xml; charset=utf-8; method=PUBLISH", _xcal),
    "csv": Form("programme.csv", "text/csv; charset=utf-8", _csv),
    "xlsx": Form("programme.xlsx", XLSX, _xlsx),
    "data": Form("programme.json", "application/json", data),
}


def only(edition: Edition, wanted: Callable[[int], bool]) -> Edition:
    """Return the edition with those of its sessions whose ids are wanted."""
    sessions = tuple(one for one in edition.programme.sessions if wanted(one.id))
    return replace(edition, programme=replace(edition.programme, sessions=sessions))
