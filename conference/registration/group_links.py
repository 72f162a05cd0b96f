"""The link to a group's page: a capability for this group alone, made as a registration's is."""

from collections.abc import Mapping
from typing import Any

from conference.core.errors import NotFoundError
from conference.core.links import read, sign
from conference.mail.links import page_address
from conference.mail.model import LinkOrder
from conference.registration.group_model import Group
from conference.registration.group_queries import find_group
from conference.web.language import speak
from conference.web.settings import current_settings

PURPOSE = "group"


def group_token(group_id: int, link_version: int) -> str:
    """Return the token for /g/<token>."""
    return sign(current_settings().secret_key, PURPOSE, group_id, link_version)


def group_by_link(token: str) -> Group:
    """Return the group that the token opens; raises NotFoundError for a false or an outdated one alike."""
    group_id, version = read(current_settings().secret_keys, PURPOSE, token)
    group = find_group(group_id)
    if group is None or group.link_version != version:
        raise NotFoundError
    speak(group.language)
    return group


def group_link_order(group: Group) -> LinkOrder:
    """Return what the outbox keeps, as `links.link_order` does."""
    return LinkOrder(kind=PURPOSE, ref={"id": group.id, "version": group.link_version})


def mailed_group_link(ref: Mapping[str, Any]) -> str:
    """Return the full address for a mail; `ref` is that of `group_link_order`."""
    return page_address("registration.group_page", token=group_token(ref["id"], ref["version"]))
