"""Publishing: what will change, what stands in the way, and who is told what."""

import time
from datetime import datetime

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.accounts.registry import HomeCount
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.programme import queries, rules, service, versioning
from conference.programme.blueprint import blueprint
from conference.programme.change_lines import grouped, summary_of
from conference.programme.changes import diff
from conference.programme.checking import check
from conference.programme.model import Untold
from conference.programme.publish_forms import PublishForm
from conference.programme.registry import undisclosed_beside, untold
from conference.programme.severity import BLOCKING, ConflictKind, Severity
from conference.programme.staff_routes import Answer, acting, refused
from conference.programme.weighing import in_the_way
from conference.web.access import Role, staff
from conference.web.language import date_time, gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.numbers import number_of

_FACT = "conference.programme.draft_fact"
# Names of people and rooms are changed without touching the draft's revision; they show after so many seconds.
FACT_LIFE_S = 30
CONFLICTS = HomeCount(
    label=_l("conflicts in the draft"), endpoint="programme.office", count=queries.count_conflicts
)


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
    is_valid = form.validate()
    at = form.moment() if form.is_for_later else None
    if is_valid and (at is not None or not form.is_for_later):
        try:
            return _published(form, at)
        except DomainError as error:
            status = refused(form, error, []).status
    return _publish_page(form), status


def _published(form: PublishForm, at: datetime | None) -> Response:
    """Publish, or freeze for the time; raises what the services refuse."""
    seen, now, actor, labels = number_of(form.draft_revision.data), clock.now(), acting(), form.labels()
    target = url_for("programme.versions")
    if at is not None:
        moment = transact(
            lambda writing: versioning.schedule(
                writing, seen_draft_revision=seen, at=at, labels=labels, actor=actor, now=now
            )
        )
        return done(
            target, gettext("The draft is frozen and becomes public at %(moment)s.", moment=date_time(moment))
        )
    transact(
        lambda writing: service.publish(
            writing,
            seen_draft_revision=seen,
            actor=actor,
            now=now,
            is_final=labels.is_final,
            name=labels.name,
            telling=labels.telling,
        )
    )
    return done(target, gettext("The draft is published: the public pages and the paper show it now."))


def _publish_page(form: PublishForm) -> str:
    draft, last = queries.draft(), queries.published()
    public = rules.publishable(draft)
    found = check(queries.board_of(public))
    blocking = in_the_way(found)
    form.draft_revision.data = str(draft.draft_revision)
    changes = diff(last, public)
    severity = queries.check_settings().severity(ConflictKind.DISCLOSURE_MISSING)
    may_become_final = last is not None and not queries.is_last_final()
    return render_template(
        "programme/publish.html",
        form=form,
        last=last,
        number=queries.next_number(),
        waiting=queries.scheduled(),
        changes=changes,
        groups=grouped(changes, last, public) if last else [],
        summary_of_first=None if last else summary_of(public),
        untold=untold(db.session(), public) if changes or may_become_final else Untold(),
        may_become_final=may_become_final,
        blocking=blocking,
        undisclosed=undisclosed_beside(public) if severity is not Severity.IGNORE else (),
        undisclosed_blocks=severity in BLOCKING,
        of_final=[one for one in in_the_way(found, is_final=True) if one not in blocking],
        advisory=[conflict for conflict in found if not conflict.blocking],
        left_out=[session for session in draft.sessions if not session.is_scheduled],
    )
