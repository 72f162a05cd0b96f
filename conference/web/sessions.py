"""The browser's session: Flask's signed cookie, with a signer that is made once an application.

Flask makes one for each cookie that it reads or writes, which costs as much as reading the cookie.
"""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

_KEPT = "conference.session_signer"


class OfficeSessions(SecureCookieSessionInterface):
    """Flask's own sessions; a change of the keys after the first request is not seen."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if _KEPT not in app.extensions:
            app.extensions[_KEPT] = super().get_signing_serializer(app)
        signer: URLSafeTimedSerializer | None = app.extensions[_KEPT]
        return signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        # Who reads the programme mostly sends no cookie, and then there is none to look for.
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)


def init_sessions(app: Flask) -> None:
    app.session_interface = OfficeSessions()
