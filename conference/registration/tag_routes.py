"""The tags of registrations: how often each is used, with a new name or none."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.errors import NotFoundError
from conference.db.base import db
from conference.db.work import transact
from conference.registration.tag_forms import TagForm
from conference.registration.tag_service import remove_tag, rename_tag, tag_counts
from conference.web.access import Role, get_principal, staff
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_tag_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/tags", "tags", tags, methods=["GET", "POST"])


@staff(Role.ORGANISER)
def tags() -> Answer:
    form = TagForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _page(form)
    if not form.validate() or not form.check():
        return _page(form), 400
    try:
        return done(url_for("registration.tags"), _changed(form))
    except NotFoundError:
        form.refuse(None, gettext("Nobody has the tag %(tag)s any more.", tag=form.tag.data))
        db.session.rollback()
        return _page(form), 409


def _changed(form: TagForm) -> str:
    """Carry out what the button says, and return what a page then says. Raises NotFoundError."""
    actor, old, new = by_staff(get_principal().id), form.tag.data or "", form.name.data or ""
    if form.act.data == "remove":
        count = transact(lambda session: remove_tag(session, old, actor=actor))
        return gettext("%(tag)s is taken off %(count)d.", tag=old, count=count)
    count = transact(lambda session: rename_tag(session, old, new, actor=actor))
    return gettext("%(tag)s is now called %(name)s, on %(count)d.", tag=old, name=new, count=count)


def _page(form: TagForm) -> str:
    return render_template("registration/tags.html", form=form, counts=tag_counts())
