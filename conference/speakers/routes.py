"""The room's blueprint: the page behind a speaker's link, and the office's list."""

from flask import Blueprint

from conference.speakers.committee_routes import add_committee_routes
from conference.speakers.dossier_routes import add_dossier_routes
from conference.speakers.overdue_routes import add_overdue_routes
from conference.speakers.own_routes import add_own_routes
from conference.speakers.portrait_routes import add_portrait_routes
from conference.speakers.slide_office_routes import add_slide_office_routes
from conference.speakers.slide_routes import add_slide_routes
from conference.speakers.staff_routes import add_staff_routes

blueprint = Blueprint("speakers", __name__)
add_own_routes(blueprint)
add_staff_routes(blueprint)
add_dossier_routes(blueprint)
add_overdue_routes(blueprint)
add_committee_routes(blueprint)
add_portrait_routes(blueprint)
add_slide_routes(blueprint)
add_slide_office_routes(blueprint)
