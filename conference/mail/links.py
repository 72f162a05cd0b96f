"""Addresses of the site for mails, which are made where there is no request."""

from flask import current_app

from conference.web.settings import current_settings


def page_address(endpoint: str, **values: object) -> str:
    """Return the full address of a page, beginning with settings.base_url whatever host was asked."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_settings().base_url}{path}"
