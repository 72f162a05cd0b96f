"""Headers that every answer carries."""

from flask import Flask, request
from werkzeug.wrappers import Response

# No inline script or style anywhere, and no third party. `data:` is for pictures inside a style sheet.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


def secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        # Pages hold names and tokens: no shared cache, and nothing after sign-out by the back key.
        headers.setdefault(
            "Cache-Control", "no-store" if request.path.startswith("/staff") else "private, no-cache"
        )
    return response


def init_headers(app: Flask) -> None:
    app.after_request(secure)
