from flask import Blueprint, render_template

from conference.db.base import db
from conference.event.notices import earlier_body, is_present, notices, present_body
from conference.event.place_routes import add_place_routes
from conference.event.queries import get_event, organisers, tracks
from conference.event.staff_routes import add_staff_routes
from conference.web.access import public

blueprint = Blueprint("event", __name__)


@blueprint.get("/")
@public
def home() -> str:
    return render_template("event/home.html", event=get_event(), organisers=organisers(), tracks=tracks())


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """Show what the notice says now; a change that the worker has not kept yet has no number for a second."""
    found = notices()
    newest = found[0] if found and is_present(found[0]) else None
    others = [one for one in found if one is not newest]
    return render_template(
        "event/privacy.html", body=present_body(), notice=newest, is_old=False, others=others
    )


@blueprint.get("/privacy/<int:number>")
@public
def earlier_privacy(number: int) -> str:
    body = earlier_body(db.session(), number)
    found = notices()
    shown = next(one for one in found if one.number == number)
    is_old = shown is not found[0] or not is_present(shown)
    return render_template("event/privacy.html", body=body, notice=shown, is_old=is_old, others=())


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("event/accessibility.html", event=get_event(), organisers=organisers())


add_staff_routes(blueprint)
add_place_routes(blueprint)
