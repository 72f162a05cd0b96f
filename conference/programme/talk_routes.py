"""The office's forms for the talks of a session."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from conference.core.errors import DomainError
from conference.core.ids import SessionId, TalkId
from conference.db.work import transact
from conference.people.model import Person
from conference.programme import queries, talks
from conference.programme.blueprint import blueprint
from conference.programme.forms import DeleteForm, TalkForm
from conference.programme.staff_routes import Answer, Refusal, acting, offered_people, refused
from conference.web.access import Role, staff, within_tracks
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.numbers import number_of


def _page(form: TalkForm, talk_id: int | None, people: list[Person], refusal: Refusal) -> Answer:
    """Show the form; without a session to save it in, only what was typed."""
    sessions = {session.id: session for session in queries.draft().sessions}
    parent = sessions.get(SessionId(number_of(form.session_id.data) or 0))
    page = render_template(
        "programme/talk_form.html", form=form, parent=parent, talk_id=talk_id, people=people, refusal=refusal
    )
    return page, refusal.status


def _to_session(session_id: int) -> Response:
    return done(
        url_for("programme.office_session", session_id=session_id),
        gettext("The talks are saved in the draft."),
    )


@blueprint.route("/staff/programme/session/<int:session_id>/talk/new", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
def new_talk(session_id: int) -> Answer:
    people = offered_people()
    form, refusal = TalkForm(request.form), Refusal()
    form.offer_people(people)
    form.session_id.data = str(session_id)
    if request.method != "POST":
        queries.get_session(queries.draft(), session_id)
    else:
        refusal = Refusal(status=400)
        if form.validate():
            try:
                details = form.to_details()
                transact(lambda writing: talks.create_talk(writing, session_id, details, actor=acting()))
            except DomainError as error:
                refusal = refused(form, error, people)
            else:
                return _to_session(session_id)
    return _page(form, None, people, refusal)


@blueprint.route("/staff/programme/talk/<int:talk_id>/edit", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
def edit_talk(talk_id: int) -> Answer:
    people = offered_people()
    form, refusal = TalkForm(request.form), Refusal()
    form.offer_people(people)
    if request.method != "POST":
        form.show(*queries.get_talk(queries.draft(), talk_id))
    else:
        refusal = Refusal(status=400)
        if form.validate():
            try:
                saved_in = _save(TalkId(talk_id), form)
            except DomainError as error:
                refusal = refused(form, error, people)
            else:
                return _to_session(saved_in)
        _renew(form, talk_id, refusal)
    return _page(form, None if refusal.is_gone else talk_id, people, refusal)


def _save(talk_id: TalkId, form: TalkForm) -> int:
    details, revision = form.to_details(), number_of(form.revision.data)
    edited = transact(lambda writing: talks.edit_talk(writing, talk_id, revision, details, actor=acting()))
    return edited.session_id


def _renew(form: TalkForm, talk_id: int, refusal: Refusal) -> None:
    """Let the next save of this form replace what the page now shows as the other's: the choice to save mine."""
    if refusal.differences:
        _, talk = queries.get_talk(queries.draft(), talk_id)
        form.revision.data = str(talk.revision)


@blueprint.route("/staff/programme/talk/<int:talk_id>/delete", methods=["GET", "POST"])
@within_tracks
@staff(Role.PROGRAMME)
def delete_talk(talk_id: int) -> Answer:
    parent, talk = queries.get_talk(queries.draft(), talk_id)
    form, status = DeleteForm(request.form), 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                seen = number_of(form.seen.data)
                transact(lambda writing: talks.delete_talk(writing, talk.id, seen, actor=acting()))
            except DomainError as error:
                status = refused(form, error, []).status
                parent, talk = queries.get_talk(queries.draft(), talk_id)
            else:
                return _to_session(parent.id)
    form.seen.data = str(talk.revision)
    return render_template("programme/talk_delete.html", parent=parent, talk=talk, form=form), status
