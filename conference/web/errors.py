"""The one file where errors become HTTP."""

import json
import logging
import sqlite3
import traceback
from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, current_app, g, render_template, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from conference.core.errors import DomainError, NotFoundError, StaleRevisionError
from conference.core.full_disk import is_full
from conference.web.access import current_principal
from conference.web.frame import BARE_FRAME
from conference.web.language import gettext

log = logging.getLogger(__name__)
RETRY_AFTER_S = 5
# Somebody has to make room first.
FULL_RETRY_AFTER_S = 60
# lock_not_available, too_many_connections, admin_shutdown, crash_shutdown, cannot_connect_now.
_PASSING = {"55P03", "53300", "57P01", "57P02", "57P03", "40001", "40P01"}
_DISK_FULL = "53100"


def sentence_of(error: DomainError) -> str:
    """Return the refusal in the reader's language, filled."""
    return gettext(error.sentence) % error.facts


def problem(error: DomainError, **extra: object) -> Response:
    """Return a refusal for a script, by RFC 9457; `extra` are members of our own, such as both values of a conflict."""
    g.refusal = type(error).__name__
    return _problem(
        error.status, gettext("That was not done"), sentence_of(error), extra | {"field": error.field}
    )


def _problem(status: int, title: str, text: str, extra: Mapping[str, object]) -> Response:
    # With this type the title is to be the status' own (RFC 9457, 4.2.1), which programs read; people read the office's.
    title = HTTPStatus(status).phrase if is_for_programs() else title
    told: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": text}
    told |= {name: value for name, value in extra.items() if value is not None}
    if is_for_programs():
        told.setdefault("field", None)  # the document of the API says that it is always there
    return Response(json.dumps(told, default=str), status=status, content_type="application/problem+json")


def is_for_programs() -> bool:
    """Return whether the address is one that programs alone read: each of its errors is a problem of RFC 9457."""
    return request.path.startswith("/api/")


def _asks_for_json() -> bool:
    """Return whether a script asks: a browser's own request never prefers JSON to a page."""
    return (
        is_for_programs()
        or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def error_page(status: int, title: str, text: str, **extra: object) -> Response:
    """Return a page in the site's design, which from 500 up asks no database: it may tell of one that is away.

    Below 500 whoever is signed in stays in the office, if that is where they are. A script that asks for JSON gets the same as a problem of RFC 9457.
    """
    if _asks_for_json():
        return _problem(status, title, text, extra)
    facts = {"status": status, "title": title, "text": text, **extra}
    body = None if status >= 500 else _with_frame(facts)  # noqa: PLR2004 -- HTTP's number
    if body is None:
        body = render_template("web/error.html", bare=BARE_FRAME, in_office=False, **facts)
    return Response(body, status=status, mimetype="text/html")


def _with_frame(facts: Mapping[str, object]) -> str | None:
    """Return the page under the event's title, or None where the database cannot say it: what went wrong is told anyhow."""
    in_office = _is_in_office()
    if in_office is None:
        return None
    try:
        return render_template("web/error.html", in_office=in_office, **facts)
    except SQLAlchemyError:
        return None


def _is_in_office() -> bool | None:
    """Return whether somebody who is signed in asks for an address of the office; None where the database cannot say it."""
    if not f"{request.path}/".startswith("/staff/"):
        return False
    if "in_office" not in g:
        try:
            g.in_office = current_principal() is not None
        except SQLAlchemyError:
            g.in_office = None
    in_office: bool | None = g.in_office
    return in_office


def _on_domain_error(error: DomainError) -> Response:
    g.refusal = type(error).__name__
    extra = {"theirs": error.theirs, "mine": error.mine} if isinstance(error, StaleRevisionError) else {}
    titles = {404: gettext("There is nothing here"), 410: gettext("This is not here any more")}
    title = titles.get(error.status, gettext("That was not done"))
    if _asks_for_json():
        answer = problem(error, **extra)
    elif error.sentence == NotFoundError.sentence:  # as of an address that no page has
        answer = error_page(*_words(HTTPStatus.NOT_FOUND))
    else:
        answer = error_page(error.status, title, sentence_of(error), **extra)
    answer.headers.update(error.headers)
    return answer


def _words(status: int) -> tuple[int, str, str]:
    """Return the status, the page's title and what it says."""
    texts = {
        400: (gettext("This request could not be read"), gettext("Go back, load the page again and repeat what you did.")),
        401: (gettext("You are signed out"), gettext("Sign in again, go back and send the page once more: your browser keeps what you typed.")),
        403: (gettext("This page is not for your role"), gettext("Ask an organiser of the conference if you need it.")),
        404: (gettext("There is nothing here"), gettext("The address may be mistyped or the page may be gone. The programme and the registration are linked above.")),
        405: (gettext("This address does not take that"), gettext("Use the links and buttons of the pages.")),
        413: (gettext("That is more than fits"), gettext("At most 1 MB can be sent at once. Shorten the text and send it again: the back key brings back what you typed.")),
    }  # fmt: skip
    texts |= _for_programs() if is_for_programs() else {}
    if status == HTTPStatus.NOT_FOUND and _is_in_office():
        # In English, as all of the office's pages.
        texts[status] = (
            "There is nothing here",
            "The address may be mistyped, or somebody deleted what was here. What you may open stands in the menu above.",
        )
    return status, *texts.get(status, (gettext("That did not work"), gettext("Go back and try again.")))


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:  # noqa: PLR2004 -- HTTP's redirects
        return Response.force_type(error.get_response(request.environ), request.environ)
    status, title, text = _words(status)
    kept = _typed() if status == HTTPStatus.UNAUTHORIZED else []
    if kept:
        text = gettext(
            "What you typed is kept on this page. Sign in in another tab, then send it again from here."
        )
    page = error_page(status, title, text, **({"kept": kept} if kept and not _asks_for_json() else {}))
    for name, value in error.get_headers(request.environ):
        if name == "Allow":
            page.headers[name] = value
    return page


# Never written into a page.
_SECRETS = {"password", "repeated", "present"}


def _typed() -> list[tuple[str, str]]:
    """Return what a page of ours has just sent, but for passwords; of what another site sent, nothing."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or request.method != "POST":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _SECRETS]


def _for_programs() -> dict[int, tuple[str, str]]:
    """Return what who writes a program is told instead of how to use a browser."""
    words = {
        400: "This request could not be read. Compare it with the documentation at /api.",
        404: "There is nothing at this address. The addresses that there are stand in /api/v1/openapi.json.",
        405: "This address is only read: send GET or HEAD.",
    }
    return {status: (HTTPStatus(status).phrase, text) for status, text in words.items()}


def _on_database(error: DBAPIError | PoolTimeoutError) -> Response:
    if _is_database_full(error):
        return _full("database")
    if not _is_away(error):
        return _on_fault(error)
    # The text of the error may hold the statement's values, which are personal data: only its type is logged.
    log.error("database not available: %s", type(getattr(error, "orig", error)).__name__)
    page = error_page(
        503,
        gettext("The conference office is busy"),
        gettext(
            "Your request was not carried out. Wait a few seconds and send it again: the back key brings back what you typed."
        ),
    )
    page.headers["Retry-After"] = str(RETRY_AFTER_S)
    return page


def _is_database_full(error: DBAPIError | PoolTimeoutError) -> bool:
    cause = getattr(error, "orig", None)
    is_full = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return is_full or getattr(cause, "sqlstate", None) == _DISK_FULL


def _on_system(error: OSError) -> Response:
    """Answer for a full disk; everything else that the system says is a fault as before."""
    if is_full(error):
        return _full("files")
    if current_app.testing:
        raise error
    return _on_fault(error)


def _full(what: str) -> Response:
    """Return the page for a disk without room. What was asked for was undone as a whole; reading goes on."""
    log.error("no room on the disk for the %s: make some, `conference doctor` says where", what)
    page = error_page(
        503,
        gettext("The conference office cannot save anything at present"),
        gettext(
            "Its disk is full. Your request was not carried out, and nothing was half done. Send it again in some minutes: the back key brings back what you typed."
        ),
    )
    page.headers["Retry-After"] = str(FULL_RETRY_AFTER_S)
    return page


def _is_away(error: DBAPIError | PoolTimeoutError) -> bool:
    if isinstance(error, PoolTimeoutError | OperationalError | InterfaceError):
        return "no such" not in str(getattr(error, "orig", ""))
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _PASSING


def without_values(error: BaseException) -> str:
    """Return the error's trace and those of its causes; a database's own words, which repeat personal data, are left out."""
    told = []
    chain: BaseException | None = error
    while chain is not None:
        is_database = type(chain).__module__.partition(".")[0] in {"sqlalchemy", "psycopg", "sqlite3"}
        words = f"sqlstate {getattr(chain, 'sqlstate', None)}" if is_database else str(chain)
        told.append("".join(traceback.format_tb(chain.__traceback__)) + f"{type(chain).__name__}: {words}")
        chain = chain.__cause__ or chain.__context__
    return "\ncaused by\n".join(told)


def _on_fault(error: Exception) -> Response:
    log.error("unexpected %s at %s\n%s", type(error).__name__, request.endpoint, without_values(error))
    return error_page(
        500,
        gettext("Something broke on our side"),
        gettext(
            "It has been noted. Nothing was half done: go back and try again, or write to the organisers."
        ),
    )


def init_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(DBAPIError, _on_database)
    app.register_error_handler(PoolTimeoutError, _on_database)
    app.register_error_handler(OSError, _on_system)
    if not app.testing:  # in tests an unexpected error shows itself
        app.register_error_handler(Exception, _on_fault)
