"""Loads every room's tables, for Alembic and the engine. Nothing else may: a room's tables are its own."""

from conference.accounts import tables as accounts
from conference.api import tables as api
from conference.audit import tables as audit
from conference.campaigns import tables as campaigns
from conference.db.base import Base
from conference.editor import tables as editor
from conference.event import tables as event
from conference.interchange import tables as interchange
from conference.jobs import tables as jobs
from conference.mail import tables as mail
from conference.people import tables as people
from conference.printing import tables as printing
from conference.privacy import tables as privacy
from conference.programme import mark_tables as programme_marks
from conference.programme import step_tables as programme_steps
from conference.programme import tables as programme
from conference.registration import group_tables as registration_groups
from conference.registration import tables as registration
from conference.registration import visa_tables as registration_visa
from conference.running import tables as running
from conference.speakers import tables as speakers

metadata = Base.metadata

__all__ = [
    "accounts",
    "api",
    "audit",
    "campaigns",
    "editor",
    "event",
    "interchange",
    "jobs",
    "mail",
    "metadata",
    "people",
    "printing",
    "privacy",
    "programme",
    "programme_marks",
    "programme_steps",
    "registration",
    "registration_groups",
    "registration_visa",
    "running",
    "speakers",
]
