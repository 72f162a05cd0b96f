"""How the installation stands, in words, for whoever answers for it."""

from flask import Blueprint, render_template

from conference.running.doctor import Level, findings
from conference.running.doctor_words import utc_moment
from conference.running.queries import backups_standing
from conference.web.access import Role, staff

blueprint = Blueprint("running", __name__)
_WORDS = {Level.OK: "Well", Level.LOOK: "Look", Level.BAD: "Mend"}


@blueprint.route("/staff/standing", endpoint="standing")
@staff(Role.ORGANISER)
def standing_page() -> str:
    found = findings(quick=True)
    bad = sum(one.level is Level.BAD for one in found)
    look = sum(one.level is Level.LOOK for one in found)
    # What has to be done stands first.
    order = [Level.BAD, Level.LOOK, Level.OK]
    found.sort(key=lambda one: order.index(one.level))
    return render_template(
        "running/standing.html",
        found=found,
        bad=bad,
        look=look,
        words=_WORDS,
        backups=backups_standing(),
        moment=utc_moment,
    )
