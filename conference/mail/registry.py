"""What mails need of higher rooms, filled by `app.py`. Both kinds of maker run in the worker, when a mail is sent."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conference.core.ids import StaffId
from conference.mail.model import Attachment
from conference.web.registry import Registry

# From LinkOrder.ref to a full address beginning with settings.base_url (conference.mail.links.page_address makes one).
link_makers: Registry[Callable[[Mapping[str, Any]], str]] = Registry("link maker")
# From AttachmentOrder.facts to the file. What it raises holds the mail back, visibly (trust.md 14).
attachment_makers: Registry[Callable[[Mapping[str, Any]], Attachment]] = Registry("attachment maker")
# From ids of members of staff to their names, for those who still have an account.
name_givers: Registry[Callable[[Iterable[int | None]], Mapping[StaffId, str]]] = Registry("giver of names")
