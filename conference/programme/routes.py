"""The room's door for `app.py`: one blueprint, with every route loaded."""

from conference.programme import public_routes
from conference.programme.blueprint import blueprint

__all__ = ["blueprint", "public_routes"]
