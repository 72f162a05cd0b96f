"""What mails need of higher rooms, filled by `rooms.py`. Makers run in the worker, when a mail is sent."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from conference.core.ids import SeriesId, StaffId
from conference.mail.model import AboutPage, Attachment
from conference.web.access import Role
from conference.web.registry import Registry

# From LinkOrder.ref to a full address beginning with settings.base_url (conference.mail.links.page_address makes one).
link_makers: Registry[Callable[[Mapping[str, Any]], str]] = Registry("link maker")
# By the kind of a personal link: the roles that may send a mail with it to another address. One that is not named here is
# sent to nobody but its reader, since who sends a link elsewhere hands a key over.
copied_links: Registry[frozenset[Role]] = Registry("senders of a link to another address")
# By the type of record that a mail tells of: from the record's id to the address that its mails go to now, "" without one.
addresses_now: Registry[Callable[[int, Session], str]] = Registry("address of a record")
# By the type of record that a mail tells of: the roles that may find and open its mails, where not every role may.
mail_readers: Registry[frozenset[Role]] = Registry("readers of a record's mails")
# From AttachmentOrder.facts to the file. What it raises holds the mail back, visibly (trust.md 14).
attachment_makers: Registry[Callable[[Mapping[str, Any]], Attachment]] = Registry("attachment maker")
# By the type of record that a mail tells of: from the record's id and the mail's recipient to the record's page, or
# None where there is none.
about_pages: Registry[Callable[[int, str], AboutPage | None]] = Registry("page of a record with mails")
# By the type of record that a mail tells of: whether that record still stands, so that the files that its mails link may
# be fetched. Of what is not named here they may.
record_stands: Registry[Callable[[int], bool]] = Registry("judge of a record's standing")
# Called with (session, about, series): mails of these series about this record were cancelled before they were sent.
series_cancelled: Registry[Callable[[Session, tuple[str, int], Collection[SeriesId]], None]] = Registry(
    "listener to cancelled mails of a series"
)
# From ids of members of staff to their names, for those who still have an account.
name_givers: Registry[Callable[[Iterable[int | None]], Mapping[StaffId, str]]] = Registry("giver of names")
