"""The published version in every form that other programs read, and a page that lists them."""

import re

from flask import Response, render_template, request

from conference.core.clock import clock
from conference.core.errors import NotFoundError
from conference.interchange.blueprint import blueprint
from conference.interchange.edition import Edition
from conference.interchange.editions import FORMS, calendar, edition_of, only
from conference.interchange.news import VersionNews, feed
from conference.interchange.writing_data import schema
from conference.programme import queries
from conference.programme.changes import diff
from conference.programme.listing import people_listed
from conference.programme.model import Programme, Session, Version
from conference.programme.public_routes import get_published, made_once, spoken
from conference.web.access import public
from conference.web.language import language

# A feed is about what is new: older versions are in the readers that follow it.
MOST_VERSIONS = 10
# As many as a person can go to, and then some.
MOST_MARKED = 200
_IDS = re.compile(r"\d{1,9}(?:\.\d{1,9})*", re.ASCII)


def _edition() -> Edition:
    return edition_of(get_published(), clock.now())


def _written(name: str) -> Response:
    """Answer the published version in one of the forms, made once a process for a version and language."""
    form, edition = FORMS[name], _edition()
    # Bytes are kept as the text of the same numbers, since what is kept is text.
    made = made_once(
        edition.programme,
        f"form {name} {spoken()}",
        lambda: form.write(edition).decode("latin-1"),
        (edition.event.revision, edition.guids),
    )
    return _file(made.encode("latin-1"), form.content_type, form.file_name)


def _file(content: bytes, content_type: str, name: str = "") -> Response:
    answer = Response(content, content_type=content_type)
    if name:
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.add_etag()
    answer.cache_control.no_cache = True  # a reader asks each time, and mostly hears that nothing is new
    # A redirect of types: Werkzeug answers 304 to who has it already.
    made: Response = answer.make_conditional(request)  # type: ignore[assignment]  # it returns what it was given
    return made


@blueprint.get("/schedule.xml")
@public
def schedule_xml() -> Response:
    return _written("xml")


@blueprint.get("/schedule.json")
@public
def schedule_json() -> Response:
    return _written("json")


@blueprint.get("/programme.xcs")
@public
def xcal() -> Response:
    return _written("xcal")


@blueprint.get("/programme.csv")
@public
def csv_file() -> Response:
    return _written("csv")


@blueprint.get("/programme.xlsx")
@public
def xlsx_file() -> Response:
    return _written("xlsx")


@blueprint.get("/programme.json")
@public
def data() -> Response:
    return _written("data")


@blueprint.get("/programme.schema.json")
@public
def data_schema() -> Response:
    """Answer what each field of /programme.json means."""
    return _file(schema(), "application/schema+json")


def _calendar(edition: Edition, sessions: list[Session], name: str) -> Response:
    """Answer the calendar of some sessions; nothing of the version is no calendar of somebody."""
    ids = {one.id for one in sessions}
    content = calendar(only(edition, ids.__contains__))
    return _file(content, FORMS["ics"].content_type, name)


@blueprint.get("/programme/track/<int:track_id>.ics")
@public
def track_calendar(track_id: int) -> Response:
    edition = _edition()
    if track_id not in {track.id for track in edition.programme.tracks}:
        raise NotFoundError
    sessions = [one for one in edition.programme.sessions if one.track and one.track.id == track_id]
    return _calendar(edition, sessions, f"track-{track_id}.ics")


@blueprint.get("/programme/room/<int:room_id>.ics")
@public
def room_calendar(room_id: int) -> Response:
    edition = _edition()
    if room_id not in {room.id for room in edition.programme.rooms}:
        raise NotFoundError
    sessions = [one for one in edition.programme.sessions if one.room and one.room.id == room_id]
    return _calendar(edition, sessions, f"room-{room_id}.ics")


@blueprint.get("/programme/person/<int:person_id>.ics")
@public
def person_calendar(person_id: int) -> Response:
    edition = _edition()
    sessions = [
        one for one in edition.programme.sessions if person_id in {part.person_id for part in one.everybody}
    ]
    if not sessions:
        raise NotFoundError
    return _calendar(edition, sessions, f"person-{person_id}.ics")


@blueprint.get("/programme/mine.ics")
@public
def marked_calendar() -> Response:
    """Answer the sessions whose ids stand in the address, as ?sessions=3.17.20; those that are gone are left out."""
    typed = request.args.get("sessions", "")
    if typed and (not _IDS.fullmatch(typed) or typed.count(".") >= MOST_MARKED):
        raise NotFoundError
    edition, marked = _edition(), {int(number) for number in typed.split(".") if number}
    sessions = [one for one in edition.programme.sessions if one.id in marked]
    answer = _calendar(edition, sessions, "my-programme.ics")
    # What somebody marked is theirs: no cache of others keeps it.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/programme.rss")
@public
def changes_feed() -> Response:
    edition = _edition()
    made = made_once(
        edition.programme,
        f"feed {spoken()}",
        lambda: feed(edition, _news(edition.programme)).decode(),
        edition.event.revision,
    )
    return _file(made.encode(), "application/rss+xml; charset=utf-8")


def _news(newest: Programme) -> list[VersionNews]:
    """Return what the last versions changed, newest first. A statement a version.

    A withdrawal is news too: what readers were told of the version that is gone is taken back.
    """
    every = queries.versions()
    standing = [one for one in every if one.withdrawn_at is None][: MOST_VERSIONS + 1]
    programmes = [newest if one.number == newest.version else queries.version(one.number) for one in standing]
    found = _back(every, standing[0], newest)
    for position, one in enumerate(standing[:MOST_VERSIONS]):
        older = programmes[position + 1] if position + 1 < len(programmes) else None
        changes = diff(older, programmes[position]) if older else None
        found.append(VersionNews(number=one.number, published_at=one.published_at, changes=changes))
    return found


def _back(every: list[Version], public: Version, programme: Programme) -> list[VersionNews]:
    """Return what differs from the version whose withdrawal made this one public again, nothing else."""
    later = [one for one in every if one.withdrawn_at is not None and one.number > public.number]
    if public.public_since is None or public.public_since == public.published_at or not later:
        return []
    gone = max(later, key=lambda one: (one.withdrawn_at or one.published_at, -one.number))
    changes = diff(queries.version(gone.number), programme)
    return [
        VersionNews(number=public.number, published_at=public.public_since, changes=changes, is_back=True)
    ]


@blueprint.get("/programme/formats")
@public
def formats() -> str:
    """Show in which forms the programme can be had, and calendars of its parts."""
    programme = get_published()
    used = {one.room.id for one in programme.sessions if one.room}
    return render_template(
        "interchange/formats.html",
        programme=programme,
        rooms=[room for room in programme.rooms if room.id in used],
        tracks=[track for track in programme.tracks if any(one.track == track for one in programme.sessions)],
        people=people_listed(programme, language()),
    )
