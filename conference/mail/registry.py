"""What mails need of higher rooms, filled by `app.py`. Both kinds of maker run in the worker, when a mail is sent."""

from collections.abc import Callable, Mapping
from typing import Any

from conference.mail.model import Attachment
from conference.web.registry import Registry

# From LinkOrder.ref to a full address beginning with settings.base_url (conference.mail.links.page_address makes one).
link_makers: Registry[Callable[[Mapping[str, Any]], str]] = Registry("link maker")
# From AttachmentOrder.facts to the file. What it raises holds the mail back, visibly (trust.md 14).
attachment_makers: Registry[Callable[[Mapping[str, Any]], Attachment]] = Registry("attachment maker")
