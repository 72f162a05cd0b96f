"""The browser's session: Flask's signed cookie, with a signer that is made once an application.

Flask makes one for each cookie that it reads or writes, which costs as much as reading the cookie.
"""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

_KEPT = "conference.session_signer"


class OfficeSessions(SecureCookieSessionInterface):
    """Flask's own sessions; a change of the keys after the first request is not seen."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if _KEPT not in app.extensions:
            app.extensions[_KEPT] = super().get_signing_serializer(app)
        signer: URLSafeTimedSerializer | None = app.extensions[_KEPT]
        return signer


def init_sessions(app: Flask) -> None:
    app.session_interface = OfficeSessions()
