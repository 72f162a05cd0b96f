"""The room's blueprint: the public form, the personal page, the office's list and its categories."""

from flask import Blueprint

from conference.registration.category_routes import add_category_routes
from conference.registration.own_routes import add_own_routes
from conference.registration.public_routes import add_public_routes
from conference.registration.staff_routes import add_staff_routes

blueprint = Blueprint("registration", __name__)
add_public_routes(blueprint)
add_own_routes(blueprint)
add_staff_routes(blueprint)
add_category_routes(blueprint)
