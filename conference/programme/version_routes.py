"""The versions so far: who was told of them, taking one back, and the one that waits for its time."""

from flask import render_template, request, url_for

from conference.accounts.queries import staff_names
from conference.accounts.registry import HomeCount
from conference.core.clock import clock
from conference.core.errors import DomainError, NotFoundError
from conference.db.base import db
from conference.db.work import transact
from conference.programme import queries, versioning
from conference.programme.blueprint import blueprint
from conference.programme.change_lines import grouped
from conference.programme.changes import diff
from conference.programme.model import Untold
from conference.programme.printings import printings
from conference.programme.publish_forms import ScheduledForm, VersionForm
from conference.programme.registry import count_untold, untold
from conference.programme.staff_routes import Answer, acting, refused
from conference.web.access import Role, staff
from conference.web.forms import BaseForm
from conference.web.language import date_time, gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done
from conference.web.numbers import number_of


def count_to_tell() -> int:
    """Return how many people wait to be told of the public version.

    None where they were told at once, or nobody was to be. Two statements as a rule, some twenty more else.
    """
    public = queries.published()
    if public is None or not queries.is_to_be_told(public.version or 0):
        return 0
    return count_untold(db.session(), public)


UNTOLD = HomeCount(
    label=_l("people to be told of the programme"), endpoint="programme.versions", count=count_to_tell
)


@blueprint.get("/staff/programme/versions")
@staff()
def versions() -> str:
    return _versions_page(ScheduledForm(formdata=None))


def _versions_page(form: BaseForm) -> str:
    """Show all versions. `form` is the one that was refused, or an empty one."""
    found, public, waiting = queries.versions(), queries.published(), queries.scheduled()
    time_form = form if isinstance(form, ScheduledForm) else ScheduledForm(formdata=None)
    staff_ids = {one for version in found for one in (version.published_by, version.withdrawn_by)}
    return render_template(
        "programme/versions.html",
        form=form,
        time_form=time_form,
        versions=found,
        public=next((one for one in found if public and one.number == public.version), None),
        waiting=waiting,
        sent={one.number for one in printings(db.session())},
        untold=untold(db.session(), public) if public else Untold(),
        names=staff_names(staff_ids | ({waiting.set_by} if waiting else set())),
    )


@blueprint.post("/staff/programme/versions/tell")
@staff(Role.PROGRAMME)
def tell_version() -> Answer:
    """Tell everybody who does not know the public version yet."""
    form, status = VersionForm(request.form), 400
    if form.validate():
        number, actor = number_of(form.number.data) or 0, acting()
        try:
            count = transact(lambda writing: versioning.tell_now(writing, number, actor=actor))
        except DomainError as error:
            status = refused(form, error, []).status
        else:
            said = gettext("Mails that are on their way: %(count)s.", count=count)
            return done(url_for("programme.versions"), said)
    return _versions_page(form), status


@blueprint.get("/staff/programme/versions/<int:number>/withdraw")
@staff(Role.PROGRAMME)
def ask_to_withdraw(number: int) -> str:
    return _withdraw_page(number, VersionForm(formdata=None))


@blueprint.post("/staff/programme/versions/<int:number>/withdraw")
@staff(Role.PROGRAMME)
def withdraw_version(number: int) -> Answer:
    form, status = VersionForm(request.form), 400
    if form.validate():
        actor, now = acting(), clock.now()
        try:
            back = transact(lambda writing: versioning.withdraw(writing, number, actor=actor, now=now))
        except NotFoundError:
            raise
        except DomainError as error:
            status = refused(form, error, []).status
        else:
            said = (
                gettext("Version %(number)s is withdrawn. Nothing is public now.", number=number)
                if back is None
                else gettext(
                    "Version %(number)s is withdrawn. The public sees version %(back)s now.",
                    number=number,
                    back=back,
                )
            )
            return done(url_for("programme.versions"), said)
    return _withdraw_page(number, form), status


def _withdraw_page(number: int, form: VersionForm) -> str:
    standing = [one for one in queries.versions() if one.withdrawn_at is None]
    gone = queries.version(number)
    earlier = next((one for one in standing if one.number < number), None)
    back = queries.version(earlier.number) if earlier else None
    changes = diff(gone, back) if back else ()
    return render_template(
        "programme/withdraw.html",
        form=form,
        gone=gone,
        back=back,
        is_public=bool(standing) and standing[0].number == number,
        groups=grouped(changes, gone, back) if back else [],
    )


@blueprint.post("/staff/programme/scheduled")
@staff(Role.PROGRAMME)
def set_publish_time() -> Answer:
    """Give the version that waits another time."""
    form, status = ScheduledForm(request.form), 400
    is_valid = form.validate()
    at = form.moment()
    if is_valid and at is not None:
        seen, actor, now = form.revision.data, acting(), clock.now()
        try:
            moment = transact(lambda writing: versioning.set_time(writing, seen, at, actor=actor, now=now))
        except DomainError as error:
            status = refused(form, error, []).status
        else:
            said = gettext("The version becomes public at %(moment)s.", moment=date_time(moment))
            return done(url_for("programme.versions"), said)
    return _versions_page(form), status


@blueprint.post("/staff/programme/scheduled/off")
@staff(Role.PROGRAMME)
def call_off_version() -> Answer:
    form, status = ScheduledForm(request.form), 400
    if form.validate():
        seen, actor = form.revision.data, acting()
        try:
            transact(lambda writing: versioning.call_off(writing, seen, actor=actor))
        except DomainError as error:
            status = refused(form, error, []).status
        else:
            said = gettext("The version is called off. The draft is as it was.")
            return done(url_for("programme.versions"), said)
    return _versions_page(form), status
