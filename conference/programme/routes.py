"""The room's door for `rooms.py`: one blueprint with every route loaded, and what it fills into the frame."""

from conference.accounts.registry import outside_tracks
from conference.programme import (
    check_routes,
    guide_routes,
    mark_routes,
    public_routes,
    publish_routes,
    staff_routes,
    talk_routes,
    version_routes,
)
from conference.programme.blueprint import blueprint
from conference.programme.outside import outside
from conference.programme.publish_routes import CONFLICTS, count_changes, draft_fact
from conference.programme.releasing import due as versions_due
from conference.programme.version_routes import UNTOLD

blueprint.record_once(lambda _state: outside_tracks.fill("programme", outside))

__all__ = [
    "CONFLICTS",
    "UNTOLD",
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
    "version_routes",
    "versions_due",
]
