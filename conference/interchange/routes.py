"""The room's door for `app.py`: one blueprint with every route loaded."""

from conference.interchange import public_routes
from conference.interchange.blueprint import blueprint

__all__ = ["blueprint", "public_routes"]
