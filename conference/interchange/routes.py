"""The room's door for `rooms.py`: one blueprint with every route loaded."""

from conference.interchange import import_routes, public_routes
from conference.interchange.blueprint import blueprint

__all__ = ["blueprint", "import_routes", "public_routes"]
