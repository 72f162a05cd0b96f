from flask import Blueprint, render_template

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
    return render_template("event/privacy.html", event=get_event(), organisers=organisers())


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("event/accessibility.html", event=get_event(), organisers=organisers())


add_staff_routes(blueprint)
add_place_routes(blueprint)
