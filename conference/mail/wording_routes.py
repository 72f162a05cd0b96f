"""The words of the mails, for organisers: which are changed, the editor, a look at a real one, a test, the way back."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.audit.queries import history_of
from conference.core.clock import clock
from conference.core.errors import DomainError, NotFoundError
from conference.db.base import db
from conference.db.work import transact
from conference.mail.registry import name_givers
from conference.mail.rendering import Rendered
from conference.mail.specimens import Specimen, specimen_of
from conference.mail.wording_forms import WordingForm
from conference.mail.wording_model import KINDS
from conference.mail.wording_originals import original
from conference.mail.wording_queries import find_stored, get_kind, stored_wordings
from conference.mail.wording_service import drawn, present, restore_original, save_wording, send_test
from conference.mail.wording_shapes import Kind
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.headers import POLICY
from conference.web.language import LANGUAGES, gettext
from conference.web.notices import done
from conference.web.saving import Difference, RevisedForm, save

Answer = str | Response | tuple[str, int]
FIELD_WORDS = {"subject": "Subject", "text": "Text"}
# A page with a frame of this site, and what stands in it: its inline styles and nothing else.
PAGE_POLICY = f"{POLICY}; frame-src 'self'"
PART_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"


def add_wording_routes(blueprint: Blueprint) -> None:
    one = "/staff/mails/wordings/<kind>/<tag>"
    blueprint.add_url_rule("/staff/mails/wordings", "wordings", wordings)
    blueprint.add_url_rule(one, "wording", wording, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/html", "wording_html", html_part, methods=["POST"])
    blueprint.add_url_rule(f"{one}/original", "wording_original", back_to_original, methods=["POST"])


@staff(Role.ORGANISER)
def wordings() -> str:
    stored = stored_wordings()
    return render_template("mail/wordings.html", kinds=KINDS.values(), languages=LANGUAGES, stored=stored)


def _asked(kind: str, tag: str) -> Kind:
    if tag not in LANGUAGES:
        raise NotFoundError
    return get_kind(kind)


@staff(Role.ORGANISER)
def wording(kind: str, tag: str) -> Answer:
    """Show the words as they are sent today; keep, show or send as a test what was typed."""
    asked = _asked(kind, tag)
    if request.method != "POST":
        return _page(asked, tag, WordingForm(formdata=None, data=_stored(asked, tag)))
    form = WordingForm(request.form)
    if not form.check(asked):
        return _page(asked, tag, form), 400
    return _seen(asked, tag, form) if form.act.data in {"preview", "test"} else _saved(asked, tag, form)


def _stored(kind: Kind, tag: str) -> dict[str, Any]:
    """Return the form's values as they are stored."""
    words, revision = present(kind, tag)
    return {"subject": words.subject, "text": words.text, "revision": revision}


def _saved(kind: Kind, tag: str, form: WordingForm) -> Answer:
    words, revision, me = form.wording(), form.revision.data, by_staff(get_principal().id)

    def work(session: Session) -> None:
        save_wording(session, kind, tag, revision, words, actor=me, now=clock.now())

    refused = save(form, work, lambda: _stored(kind, tag))
    if refused is not None:
        return _page(kind, tag, form, differences=refused.differences), refused.status
    sentence = gettext(
        "The wording is saved. Each mail from now on has it; those in the queue stay as they are."
    )
    return done(url_for("mail.wording", kind=kind.name, tag=tag), sentence)


def _seen(kind: Kind, tag: str, form: WordingForm) -> Answer:
    try:
        specimen = specimen_of(kind, form.number.data or "", tag)
    except DomainError as error:
        form.refuse(error.field if kind.has_number else None, sentence_of(error))
        return _page(kind, tag, form), error.status
    made = drawn(kind, form.wording(), specimen, tag)
    if form.act.data == "test":
        _send_test(made, specimen, tag)
    page = _page(kind, tag, form, made=made, specimen=specimen, is_sent=form.act.data == "test")
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    return answer


def _send_test(made: Rendered, specimen: Specimen, tag: str) -> None:
    me = get_principal()
    # Reading is over: on SQLite an open read would not see what is written next.
    db.session.rollback()
    transact(lambda session: send_test(session, made, specimen, tag, to=me))


@staff(Role.ORGANISER)
def html_part(kind: str, tag: str) -> Response:
    """Answer the HTML part of what was typed, for a frame without rights."""
    asked, form = _asked(kind, tag), WordingForm(request.form)
    if not form.check(asked):
        abort(400)
    made = drawn(asked, form.wording(), specimen_of(asked, form.number.data or "", tag), tag)
    answer = Response(made.html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = PART_POLICY
    return answer


@staff(Role.ORGANISER)
def back_to_original(kind: str, tag: str) -> Answer:
    asked, form = _asked(kind, tag), RevisedForm(request.form)
    editor = WordingForm(formdata=None, data=_stored(asked, tag))
    if not form.validate():
        for _, message in form.errors_by_field():
            editor.refuse(None, message)
        return _page(asked, tag, editor), 400
    revision, me = form.revision.data, by_staff(get_principal().id)
    try:
        transact(lambda session: restore_original(session, asked, tag, revision, actor=me, now=clock.now()))
    except DomainError as error:
        db.session.rollback()
        editor = WordingForm(formdata=None, data=_stored(asked, tag))
        editor.refuse(None, sentence_of(error))
        return _page(asked, tag, editor), error.status
    return done(
        url_for("mail.wording", kind=kind, tag=tag), gettext("The mail has its original words again.")
    )


def _page(
    kind: Kind, tag: str, form: WordingForm, differences: tuple[Difference, ...] = (), **seen: Any
) -> str:
    stored = find_stored(kind.name, tag)
    history = history_of("mail_wording", stored.id) if stored else []
    return render_template(
        "mail/wording.html",
        kind=kind,
        tag=tag,
        languages=LANGUAGES,
        form=form,
        stored=stored,
        original=original(kind, tag),
        differences=differences,
        history=history,
        names=name_givers.get("accounts")(entry.actor.id for entry in history),
        field_words=FIELD_WORDS,
        seen={"made": None} | seen,
        me=get_principal(),
    )
