"""The office's page of what each kind of conflict does."""

from flask import render_template, request, url_for

from conference.programme.blueprint import blueprint
from conference.programme.check_forms import CheckForm, setting_values
from conference.programme.check_setting import edit_checks
from conference.programme.queries import check_settings
from conference.programme.staff_routes import Answer, acting
from conference.web.access import Role, staff
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Refusal, save


@blueprint.route("/staff/programme/checks", methods=["GET", "POST"])
@staff(Role.PROGRAMME)
def checks() -> Answer:
    if request.method != "POST":
        return _page(CheckForm(formdata=None, data=setting_values(check_settings())), None)
    form, actor = CheckForm(request.form), acting()
    if not form.validate():
        return _page(form, None), 400
    seen, settings = form.revision.data, form.to_settings()
    refused = save(
        form,
        lambda session: edit_checks(session, seen, settings, actor=actor),
        lambda: setting_values(check_settings()),
    )
    if refused:
        return _page(form, refused), refused.status
    return done(
        url_for("programme.office"), gettext("The checks are saved. The conflicts below follow them.")
    )


def _page(form: CheckForm, refused: Refusal | None) -> str:
    return render_template("programme/checks.html", form=form, refused=refused)
