"""The programme by track, by person, by words, as it is at this moment, and on the screen at a room's door."""

from typing import cast

from flask import current_app, render_template, request

from conference.core.clock import clock
from conference.core.errors import NotFoundError
from conference.programme.blueprint import blueprint
from conference.programme.filtering import FILTERS, asked_filters
from conference.programme.guide import by_day, first_start, phase, room_now, rooms_now
from conference.programme.listing import people_listed
from conference.programme.model import Programme
from conference.programme.registry import public_profiles
from conference.programme.searching import MOST_CHARACTERS, Index, found_in, index_of, read_query
from conference.programme.version_pages import Page, asked_now, version_page
from conference.web.access import public
from conference.web.language import language

_INDEX = "conference.programme.index"
# More than anybody reads through; who wants fewer types another word.
MOST_HITS = 200


@blueprint.get("/programme/track/<int:track_id>")
@public
def public_track(track_id: int) -> Page:
    return version_page(lambda programme: _track_page(programme, track_id), arguments=("zone",))


def _track_page(programme: Programme, track_id: int) -> str:
    track = next((one for one in programme.tracks if one.id == track_id), None)
    if track is None:
        raise NotFoundError
    sessions = [one for one in programme.sessions if one.track and one.track.id == track_id]
    return render_template("programme/track.html", programme=programme, track=track, days=by_day(sessions))


@blueprint.get("/programme/person/<int:person_id>")
@public
def public_person(person_id: int) -> Page:
    return version_page(lambda programme: _person_page(programme, person_id), arguments=("zone",))


def _person_page(programme: Programme, person_id: int) -> str:
    people = people_listed(programme, language())
    person = next((one for one in people if one.part.person_id == person_id), None)
    if person is None:
        raise NotFoundError
    return render_template(
        "programme/person.html",
        programme=programme,
        person=person,
        profile=public_profiles().get(person.part.person_id),
    )


@blueprint.get("/programme/now")
@public
def public_now() -> Page:
    """Show what is on in each room and what comes next."""
    return version_page(_now_page, arguments=("zone",), follows_time=True, is_front=True)


def _now_page(programme: Programme) -> str:
    now = asked_now()
    return render_template(
        "programme/now.html",
        programme=programme,
        now=now,
        phase=phase(programme, now),
        first=first_start(programme),
        rooms=rooms_now(programme, now),
    )


@blueprint.get("/programme/search")
@public
def public_search() -> Page:
    """Show the form, and what fits the words and filters of the address."""
    return version_page(_search_page, arguments=("q", *FILTERS, "zone"), is_front=True)


def _search_page(programme: Programme) -> str:
    query, filters = read_query(request.args.get("q", "")), asked_filters()
    found = found_in(_index(programme), query)
    hits = [hit for hit in found.hits if filters.fit(hit.session)]
    # Filters alone list what fits them, in order of time.
    listed = [] if query.text or not filters.ask else [one for one in programme.sessions if filters.fit(one)]
    return render_template(
        "programme/search.html",
        programme=programme,
        query=query,
        filters=filters,
        people=() if filters.ask else found.people[:MOST_HITS],
        hits=hits[:MOST_HITS],
        count=len(hits) + len(listed),
        most=MOST_HITS,
        most_characters=MOST_CHARACTERS,
        days=by_day(listed[:MOST_HITS]),
    )


def _index(programme: Programme) -> Index:
    """Return the words of the version, put together once a process."""
    held = cast("tuple[Programme, Index] | None", current_app.extensions.get(_INDEX))
    if held is None or held[0] is not programme:
        held = current_app.extensions[_INDEX] = (programme, index_of(programme))
    return held[1]


@blueprint.get("/programme/room/<int:room_id>/door")
@public
def room_door(room_id: int) -> Page:
    """Show a screen for the room's door: what is on, what comes next, and the time. It asks anew by itself."""
    return version_page(lambda programme: _door_page(programme, room_id), follows_time=True)


def _door_page(programme: Programme, room_id: int) -> str:
    room = next((one for one in programme.rooms if one.id == room_id), None)
    if room is None:
        raise NotFoundError
    now = asked_now()
    return render_template(
        "programme/door.html",
        programme=programme,
        room=room,
        now=now,
        phase=phase(programme, now),
        told=room_now(programme, room, now),
        offset_s=round(clock.offset.total_seconds()),
    )
