"""`/staff/schedule`: the editor's page, and what its scripts ask and send."""

import gzip
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from conference.accounts.queries import tracks_of
from conference.audit.model import by_staff
from conference.core.clock import clock, real_now
from conference.core.errors import StaleRevisionError
from conference.core.ids import SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.editor import queries
from conference.editor.errors import StaleTokenError, UnreadableError
from conference.editor.panel_forms import checked
from conference.editor.payload import plain_conflict, plain_days, plain_heat, plain_session, plain_sides
from conference.editor.presence import Presence, be_here, leave
from conference.editor.queries import Sight
from conference.editor.reading import (
    CopyFrame,
    Inline,
    Sent,
    minutes_of,
    read_key,
    read_revision,
    read_sent,
    read_session,
    read_tab,
)
from conference.editor.words import act_words, page_words
from conference.people.queries import search_people
from conference.programme.conflict_words import CONFLICT_WORDS
from conference.programme.editing import carry_out, copy_frame
from conference.programme.errors import MoveBlockedError
from conference.programme.heat import heatmap
from conference.programme.history import Step
from conference.programme.inline import EditSession, EditTalks, edit_in_place, edit_talks
from conference.programme.lengths import lengths
from conference.programme.model import TALK_ROLES
from conference.programme.queries import board_of, draft
from conference.programme.steps import redo, undo
from conference.programme.words import KIND_WORDS, ROLE_WORDS
from conference.web.access import Role, asked_by_itself, get_principal, may, staff, within_tracks
from conference.web.errors import problem
from conference.web.forms import BaseForm
from conference.web.language import language

blueprint = Blueprint("editor", __name__)
SNAPS_MIN = (5, 10, 15)
WORTH_PACKING_BYTES = 2000
MOST_FOUND = 8
LONGEST_SEARCH = 200
Plain = dict[str, Any]


@blueprint.get("/staff/schedule")
@staff()
def schedule() -> str:
    return render_template("editor/schedule.html", may_edit=may("editor.write"))


@blueprint.get("/staff/schedule/data")
@staff()
def data() -> Response:
    """Answer the whole draft for the page, with the words of its language."""
    tag, _, here = queries.now_tag(real_now(), language())
    sight = queries.sight(get_principal().id)
    programme = sight.programme
    return _tagged(
        tag,
        _sight(sight)
        | {
            "may_edit": may("editor.write"),
            "own_tracks": _own_tracks(),
            "me": get_principal().id,
            "days": plain_days(programme),
            "rooms": [{"id": room.id, "name": room.name, "seats": room.seats} for room in programme.rooms],
            "tracks": [{"id": one.id, "name": one.name, "colour": one.colour} for one in programme.tracks],
            "kinds": {kind.value: str(word) for kind, word in KIND_WORDS.items()},
            "roles": {role.value: str(word) for role, word in ROLE_WORDS.items()},
            "conflict_words": {kind.value: str(word) for kind, word in CONFLICT_WORDS.items()},
            "talk_roles": [role.value for role in TALK_ROLES],
            "snaps": SNAPS_MIN,
            "sessions": [plain_session(one) for one in programme.sessions],
            "here": _here(here),
            "words": page_words(),
        },
    )


def _own_tracks() -> list[int] | None:
    """Return the tracks whose sessions alone its reader may edit, or None for no limit."""
    me = get_principal()
    return sorted(tracks_of(me.id)) if me.is_limited else None


@blueprint.get("/staff/schedule/changes/<int:revision>")
@asked_by_itself
@staff()
def changes(revision: int) -> Response:
    """Answer what became of the draft since; 304 where neither it nor who is there has changed."""
    now = queries.now_tag(real_now(), language())
    return _tagged(now[0], None) if now[0] in request.if_none_match else _since(revision, now)


def _since(revision: int, now: queries.Now) -> Response:
    tag, _, here = now
    since = queries.since(revision, get_principal().id)
    told: Plain = _sight(since.sight) | {"all": since.is_all, "here": _here(here)}
    if not since.is_all:
        told |= {
            "sessions": [plain_session(one) for one in since.changed],
            "gone": since.gone,
            "days": plain_days(since.sight.programme),
            "steps": [_step(step) for step in since.steps],
        }
    return _tagged(tag, told)


@blueprint.get("/staff/schedule/heat/<int:session_id>")
@staff()
def heat(session_id: int) -> Response:
    """Answer where the session may stand, or with `of=length` until when, and why not elsewhere."""
    step_min = request.args.get("step", "15")
    if step_min not in {str(one) for one in SNAPS_MIN}:
        raise UnreadableError("step", step_min, "5, 10 or 15")
    board = board_of(draft())
    look = lengths if request.args.get("of") == "length" else heatmap
    return jsonify(plain_heat(look(board, SessionId(session_id), int(step_min))))


@blueprint.get("/staff/schedule/people")
@within_tracks
@staff(Role.PROGRAMME)
def people() -> Response:
    """Answer people by name, for whoever looks for a chair or a speaker."""
    found = search_people(request.args.get("text", "")[:LONGEST_SEARCH], MOST_FOUND + 1)
    plain = [{"id": one.id, "name": one.name, "note": one.details.affiliation} for one in found[:MOST_FOUND]]
    return jsonify({"people": plain, "more": len(found) > MOST_FOUND})


@blueprint.post("/staff/schedule/steps")
@within_tracks
@staff(Role.PROGRAMME)
def write() -> Response:
    """Carry a gesture out, and answer the sessions that it moved."""
    _check_token()
    return _answered(lambda body: _carry_out(read_sent(body)))


@blueprint.post("/staff/schedule/undo")
@within_tracks
@staff(Role.PROGRAMME)
def take_back() -> Response:
    _check_token()
    return _answered(lambda body: _reverse(undo, read_key(body)))


@blueprint.post("/staff/schedule/redo")
@within_tracks
@staff(Role.PROGRAMME)
def do_again() -> Response:
    _check_token()
    return _answered(lambda body: _reverse(redo, read_key(body)))


@blueprint.post("/staff/schedule/here")
@asked_by_itself
@staff()
def here() -> Response:
    """Note that this page is open, and which session its person has in hand; or that it was closed."""
    _check_token()
    body = _body()
    tab, session_id = read_tab(body), read_session(body)
    me, now = get_principal().id, real_now()
    if body.get("leaves"):
        transact(lambda session: leave(session, me, tab), eased=True)
    else:
        transact(lambda session: be_here(session, me, tab, session_id, now=now), eased=True)
    return Response(status=204)


def _check_token() -> None:
    """Raise StaleTokenError where the request does not come from a page of this browser session."""
    if not BaseForm(MultiDict({"csrf_token": request.headers.get("X-CSRF-Token", "")})).validate():
        raise StaleTokenError


def _body() -> Plain:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # thousands of brackets within each other
        body = None
    if not isinstance(body, dict):
        raise UnreadableError("request", type(body).__name__, "an object in JSON")
    return body


def _answered(work: Callable[[Plain], None]) -> Response:
    """Do the work, and answer what became of the draft since the page's revision; a refusal tells both sides."""
    body = _body()
    revision = read_revision(body)
    try:
        work(body)
    except StaleRevisionError as error:
        db.session.rollback()
        theirs, mine = plain_sides(error)
        return problem(error, theirs=theirs, mine=mine, session=error.facts.get("session"))
    except MoveBlockedError as error:
        return problem(error, conflicts=[plain_conflict(one) for one in error.conflicts])
    db.session.rollback()  # what was read before the work is older than it
    return _since(revision, queries.now_tag(real_now(), language()))


def _carry_out(sent: Sent) -> None:
    actor = by_staff(get_principal().id)
    gesture = sent.gesture
    if isinstance(gesture, EditSession | EditTalks):
        _write_inline(checked(gesture), sent)
    elif isinstance(gesture, CopyFrame):
        transact(lambda session: copy_frame(session, gesture.day, gesture.to_day, key=sent.key, actor=actor))
    else:
        transact(lambda session: carry_out(session, gesture, sent.seen, key=sent.key, actor=actor))


def _write_inline(edit: Inline, sent: Sent) -> None:
    actor = by_staff(get_principal().id)
    if isinstance(edit, EditTalks):
        transact(lambda session: edit_talks(session, edit, key=sent.key, actor=actor))
    else:
        transact(lambda session: edit_in_place(session, edit, sent.seen, key=sent.key, actor=actor))


def _reverse(way: Callable[..., Step], key: str) -> None:
    actor = by_staff(get_principal().id)
    transact(lambda session: way(session, actor=actor, key=key))


def _sight(sight: Sight) -> Plain:
    return {
        "revision": sight.programme.draft_revision,
        "now": minutes_of(clock.now()),
        "conflicts": [plain_conflict(one) for one in sight.conflicts],
        "undo": act_words(sight.undoes.act) if sight.undoes else None,
        "redo": act_words(sight.redoes.act) if sight.redoes else None,
    }


def _step(step: Step) -> Plain:
    return {
        "act": act_words(step.act),
        "by": step.staff_id,
        "sessions": [change.session_id for change in step.changes],
    }


def _here(here: Sequence[Presence]) -> list[Plain]:
    return [
        {"who": one.staff_id, "name": one.name, "tab": one.tab, "session": one.session_id} for one in here
    ]


def _tagged(tag: str, told: Plain | None) -> Response:
    """Return the answer, or 304 for none, under its tag. It is of one person: no cache between keeps it."""
    answer = Response(status=304) if told is None else _packed(jsonify(told))
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _packed(answer: Response) -> Response:
    """Return the answer compressed where that is worth it: no token is in it, so nothing can be guessed from its length."""
    answer.headers["Vary"] = "Accept-Encoding"
    if (
        answer.content_length
        and answer.content_length > WORTH_PACKING_BYTES
        and "gzip" in request.headers.get("Accept-Encoding", "")
    ):
        answer.set_data(gzip.compress(answer.get_data(), 5, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
