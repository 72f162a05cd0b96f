"""The page with the form, for who opens the address to which it is sent: it stays in the address bar after a refusal."""

from flask import current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

# Endpoints of this room that take POST alone, but for those that only scripts ask.
FORM_PAGES = {
    "accounts.add_passkey": "accounts.guards",
    "accounts.end_session": "accounts.own",
    "accounts.end_sessions": "accounts.own",
    "accounts.invite": "accounts.members",
    "accounts.limit": "accounts.member",
    "accounts.mail_link": "accounts.member",
    "accounts.new_link": "accounts.member",
    "accounts.passkey": "accounts.sign_in",
    "accounts.recovery_codes": "accounts.guards",
    "accounts.remove_authenticator": "accounts.guards",
    "accounts.remove_passkey": "accounts.guards",
    "accounts.reset_second_factor": "accounts.member",
    "accounts.resume": "accounts.member",
    "accounts.revoke_desk_code": "accounts.desk_codes",
    "accounts.sign_out": "accounts.home",
    "accounts.suspend": "accounts.member",
}


def lead_to_form() -> Response | None:
    """Answer 303 to the form's page for a GET of where it is sent, and None for everything else.

    Asked before each request, and done by its first line for all that routing has found. It asks no database: whether
    there is such a record, and who may see it, is for the page to say.
    """
    if not isinstance(request.routing_exception, MethodNotAllowed) or request.method not in {"GET", "HEAD"}:
        return None
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, values = adapter.match(method="POST") if adapter else ("", {})
    except HTTPException:
        return None
    if endpoint not in FORM_PAGES:
        return None
    page = FORM_PAGES[endpoint]
    (rule,) = current_app.url_map.iter_rules(page)
    return redirect(url_for(page, **{name: values[name] for name in rule.arguments}), 303)
