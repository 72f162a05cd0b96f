"""My programme: of a device by the ids in an address, and of a registration by its link, where the marks are kept.

A GET changes nothing, so that a mail scanner that follows a link does no harm. What is personal is in no cache.
"""

from flask import Response, flash, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from conference.core.clock import clock
from conference.core.errors import DomainError, NotFoundError
from conference.core.ids import SessionId
from conference.db.base import db
from conference.db.work import transact
from conference.event.queries import get_event
from conference.programme.blueprint import blueprint
from conference.programme.calendar import sessions_file
from conference.programme.guide import by_day, overlaps
from conference.programme.mark_forms import MarksForm, read_ids
from conference.programme.mark_queries import marks_of, wants_news
from conference.programme.marking import MOST_MARKS, change_marks, wish_for_news
from conference.programme.model import Kind, Programme
from conference.programme.public_routes import get_published
from conference.programme.version_pages import Page, asked_only, version_page
from conference.registration.links import registration_by_link
from conference.registration.model import Registration
from conference.registration.rules import require_live
from conference.web.access import by_link, public
from conference.web.errors import sentence_of
from conference.web.forms import page_token
from conference.web.language import gettext, ngettext
from conference.web.notices import done
from conference.web.settings import current_settings

PRIVATE = "private, no-store"
# What a device kept may have gone from the programme since: that is no fault of who opens it again.
_OF_DEVICES = {"join", "keep"}


@blueprint.get("/programme/mine")
@public
def my_programme() -> Page | Response:
    """Show the frame that a script fills with the device's marks, or the sessions whose ids stand in the address."""
    typed = request.args.get("sessions")
    if typed is None:
        return version_page(
            lambda programme: render_template("programme/mine.html", programme=programme, chosen=None),
            is_front=True,
        )
    ids = read_ids(typed)
    if ids is None or len(ids) > MOST_MARKS:
        raise NotFoundError
    programme = get_published()
    page = asked_only(("sessions",), lambda: _chosen_page(programme, ids))
    return _private(page)


def _private(page: str) -> Response:
    answer = Response(page, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = PRIVATE
    return answer


def _chosen_page(programme: Programme, ids: frozenset[SessionId]) -> str:
    return render_template("programme/mine.html", programme=programme, chosen=ids, **_mine(programme, ids))


def _mine(programme: Programme, ids: frozenset[SessionId]) -> dict[str, object]:
    """Return the marked sessions by day, what overlaps with each, and how many are in the programme no more."""
    sessions = [one for one in programme.sessions if one.id in ids]
    meeting: dict[SessionId, list[tuple[object, int]]] = {}
    pairs = overlaps(sessions)
    for pair in pairs:
        meeting.setdefault(pair.one.id, []).append((pair.other, pair.minutes))
        meeting.setdefault(pair.other.id, []).append((pair.one, pair.minutes))
    return {
        "days": by_day(sessions),
        "overlaps": meeting,
        "overlap_count": len(pairs),
        "count": len(sessions),
        "gone": sorted(ids - {one.id for one in sessions}),
        "ids": ".".join(str(one.id) for one in sessions),
    }


@blueprint.route("/r/<token>/programme", methods=["GET", "POST"])
@by_link
def own_programme(token: str) -> BaseResponse:
    """Show the registration's marks on GET; set, take or join them on POST, by form or by script."""
    registration = registration_by_link(token)
    require_live(registration)
    if request.method != "POST":
        return _own_page(token, registration, MarksForm(formdata=None))
    form = MarksForm(request.form)
    if not form.validate():
        return _refused(token, registration, form, 400)
    try:
        told = _carry_out(registration, form)
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _refused(token, registration, form, error.status)
    if _is_script():
        if form.act.data == "join":
            flash(told)  # the script loads the page anew
        return _marks(registration)
    return done(url_for("programme.own_programme", token=token), told)


def _refused(token: str, registration: Registration, form: MarksForm, status: int) -> Response:
    if _is_script():
        told = [message for _, message in form.errors_by_field()]
        answer = _no_store(jsonify(refused=" ".join(told)))
    else:
        answer = _own_page(token, registration, form)
    answer.status_code = status
    return answer


def _is_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _carry_out(registration: Registration, form: MarksForm) -> str:
    """Do what the form says and return it in words."""
    before, act = marks_of(registration.id), str(form.act.data)
    if act == "news":
        is_wished = bool(form.news.data)
        transact(
            lambda session: wish_for_news(session, registration.id, is_wished=is_wished, now=clock.now())
        )
        if is_wished:
            return gettext("You get a mail when something that you marked changes.")
        return gettext("You get no mail about changes of what you marked.")
    add = {"choose": form.named - form.shown, "unmark": frozenset()}.get(act, form.named)
    remove = {"unmark": form.named, "choose": form.shown - form.named}.get(act, frozenset())
    after = transact(
        lambda session: change_marks(
            session, registration.id, add=add, remove=remove, is_strict=act not in _OF_DEVICES
        )
    )
    return _told(act, len(after - before), len(after))


def _told(act: str, new: int, count: int) -> str:
    if act == "join":
        joined = ngettext(
            "%(num)s session marked on this device was added.",
            "%(num)s sessions marked on this device were added.",
            new,
        )
        return f"{joined} {_held(count)}"
    return gettext("Your programme is saved.") + " " + _held(count)


def _held(count: int) -> str:
    return ngettext("It holds %(num)s session.", "It holds %(num)s sessions.", count)


def _own_page(token: str, registration: Registration, form: MarksForm) -> Response:
    programme = get_published()
    ids = marks_of(registration.id)
    if form.act.data != "news":
        form.news.data = wants_news(registration.id)
    page = render_template(
        "programme/own_programme.html",
        programme=programme,
        token=token,
        form=form,
        marked=ids,
        # What was ticked and refused stays ticked.
        ticked=form.named if form.act.data == "choose" else ids,
        choosable=by_day(one for one in programme.sessions if one.kind is not Kind.BREAK),
        **_mine(programme, ids),
    )
    return _private(page)


@blueprint.get("/r/<token>/marks")
@by_link
def own_marks(token: str) -> Response:
    """Answer the marks to the script of the public pages, with the token without which nothing is changed."""
    registration = registration_by_link(token)
    require_live(registration)
    return _marks(registration)


def _marks(registration: Registration) -> Response:
    return _no_store(jsonify(marks=sorted(marks_of(registration.id)), csrf_token=page_token()))


def _no_store(answer: Response) -> Response:
    answer.headers["Cache-Control"] = PRIVATE
    return answer


@blueprint.get("/r/<token>/programme.ics")
@by_link
def own_marks_calendar(token: str) -> Response:
    registration = registration_by_link(token)
    require_live(registration)
    programme, ids = get_published(), marks_of(registration.id)
    content = sessions_file(programme, get_event(), current_settings().base_url, only=ids)
    answer = Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-programme.ics"'
    return _no_store(answer)
