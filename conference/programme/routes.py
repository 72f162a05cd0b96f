"""The room's door for `app.py`: one blueprint with every route loaded, and what it fills into the frame."""

from conference.programme import (
    check_routes,
    guide_routes,
    mark_routes,
    public_routes,
    publish_routes,
    staff_routes,
    talk_routes,
)
from conference.programme.blueprint import blueprint
from conference.programme.publish_routes import count_changes, draft_fact

__all__ = [
    "blueprint",
    "check_routes",
    "count_changes",
    "draft_fact",
    "guide_routes",
    "mark_routes",
    "public_routes",
    "publish_routes",
    "staff_routes",
    "talk_routes",
]
