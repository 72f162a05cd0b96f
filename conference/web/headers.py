"""Headers that every answer carries."""

from flask import Flask, request
from werkzeug.wrappers import Response

from conference.web.settings import current_settings

# No inline script or style anywhere, and no third party. `data:` is for pictures inside a style sheet.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)

# A year, for names below the site's own too: a cookie or a page that somebody puts there without TLS would reach its visitors.
TLS_ALONE = "max-age=31536000; includeSubDomains"

# Pages that hold names, or tokens in their address: nothing of them comes back after sign-out by the back key.
PERSONAL = (
    "/staff",
    "/r/",
    "/g/",
    "/invited/",
    "/speaker/",
    "/file/",
    "/unsubscribe/",
    "/register/sent",
    "/register/group/sent",
    "/register/correct",
)


def secure(response: Response) -> Response:
    """Add what the answer has not said itself: files of others have a stricter policy, assets may be kept longer."""
    # Looked through once: each `setdefault` would search all of them again.
    said = {name.lower() for name, _ in response.headers}
    is_personal = request.path.startswith(PERSONAL)
    more = [*ALWAYS, ("Cache-Control", "no-store" if is_personal else "private, no-cache")]
    # Whatever server ends TLS, on this machine or another: a browser passes the header over without TLS.
    settings = current_settings()
    if request.is_secure or (settings.mode == "production" and settings.base_url.startswith("https://")):
        more.append(("Strict-Transport-Security", TLS_ALONE))
    for name, value in more:
        if name.lower() not in said:
            response.headers.add(name, value)
    return response


def init_headers(app: Flask) -> None:
    app.after_request(secure)
