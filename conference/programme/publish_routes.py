"""Publishing: what will change, what stands in the way, and the versions so far."""

import time

from flask import current_app, render_template, request, url_for

from conference.accounts.queries import staff_names
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.work import transact
from conference.programme import queries, rules, service
from conference.programme.blueprint import blueprint
from conference.programme.changes import diff
from conference.programme.checking import check
from conference.programme.forms import PublishForm
from conference.programme.staff_routes import Answer, acting, refused
from conference.programme.weighing import in_the_way
from conference.web.access import Role, staff
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.numbers import number_of

_FACT = "conference.programme.draft_fact"
# Names of people and rooms are changed without touching the draft's revision; they show after so many seconds.
FACT_LIFE_S = 30


def count_changes() -> int:
    """Return how many changes of the draft are not public. One statement as a rule."""
    revision, number = queries.draft_state()
    key = (revision, number, time.monotonic() // FACT_LIFE_S)
    held: tuple[object, int] | None = current_app.extensions.get(_FACT)
    if held is None or held[0] != key:
        changes = diff(queries.published(), rules.publishable(queries.draft()))
        held = current_app.extensions[_FACT] = (key, len(changes))
    return held[1]


def draft_fact() -> str | None:
    """Return "Draft: 5 changes not public" for the staff header, None where nothing differs. One statement as a rule."""
    count = count_changes()
    if count == 1:
        return gettext("Draft: 1 change not public")
    return gettext("Draft: %(count)s changes not public", count=count) if count else None


@blueprint.get("/staff/programme/publish")
@staff()
def publish() -> str:
    return _publish_page(PublishForm())


@blueprint.post("/staff/programme/publish")
@staff(Role.PROGRAMME)
def publish_version() -> Answer:
    form, status = PublishForm(request.form), 400
    if form.validate():
        seen, now, actor = number_of(form.draft_revision.data), clock.now(), acting()
        is_final = form.is_final.data
        try:
            transact(
                lambda writing: service.publish(
                    writing, seen_draft_revision=seen, actor=actor, now=now, is_final=is_final
                )
            )
        except DomainError as error:
            status = refused(form, error, []).status
        else:
            return done(
                url_for("programme.versions"),
                gettext("The draft is published: the public pages and the paper show it now."),
            )
    return _publish_page(form), status


def _publish_page(form: PublishForm) -> str:
    draft, last = queries.draft(), queries.published()
    public = rules.publishable(draft)
    found = check(queries.board_of(public))
    blocking = in_the_way(found)
    form.draft_revision.data = str(draft.draft_revision)
    return render_template(
        "programme/publish.html",
        form=form,
        last=last,
        changes=diff(last, public),
        may_become_final=last is not None and not queries.is_last_final(),
        blocking=blocking,
        of_final=[one for one in in_the_way(found, is_final=True) if one not in blocking],
        advisory=[conflict for conflict in found if not conflict.blocking],
        left_out=[session for session in draft.sessions if not session.is_scheduled],
    )


@blueprint.get("/staff/programme/versions")
@staff()
def versions() -> str:
    found = queries.versions()
    names = staff_names(version.published_by for version in found)
    return render_template("programme/versions.html", versions=found, names=names)
