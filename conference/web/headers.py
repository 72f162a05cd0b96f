"""Headers that every answer carries."""

from flask import Flask, request
from werkzeug.wrappers import Response

# No inline script or style anywhere, and no third party. `data:` is for pictures inside a style sheet.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

# Pages that hold names, or tokens in their address: nothing of them comes back after sign-out by the back key.
PERSONAL = ("/staff", "/r/", "/speaker/", "/register/sent")


def secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # What may be kept longer, as files named by their content, has said so itself.
    is_personal = request.path.startswith(PERSONAL)
    headers.setdefault("Cache-Control", "no-store" if is_personal else "private, no-cache")
    return response


def init_headers(app: Flask) -> None:
    app.after_request(secure)
