"""Lines of the log that programs read: one JSON object each, without addresses, tokens or control characters.

What is logged is written by ours, but a library's words, an error's or a path may repeat what somebody typed or who they
are. So each line goes through `scrubbed`, whatever it says and whoever says it.
"""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import TextIO

from flask import Flask, g, request
from werkzeug.wrappers import Response

from conference.web.requests import request_id
from conference.web.security_log import tell_refusal

log = logging.getLogger("conference.requests")
_BAD_REQUEST = 400
_MAIL = re.compile(r"[^\s@<>\"'(),;:=/]{1,64}@[^\s@<>\"'(),;:/]+", re.UNICODE)
_MAIL_IN_URL = re.compile(r"[^\s&?=/]{1,64}%40[^\s&?/]+", re.IGNORECASE)
# Personal links (number-version-signature), signed words, one-time words and keys of files; core.links and core.ids make them.
_TOKENS = (
    re.compile(r"\b\d{1,9}-\d{1,9}-[A-Za-z0-9_-]{20,}"),
    re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{27,}(?![A-Za-z0-9_-])"),
    re.compile(r"(?<![A-Za-z0-9])[0-9a-fA-F]{32,}(?![A-Za-z0-9])"),
)
_PATHS = re.compile(r"/(r|g|i|n|u|speaker|file|link|invited|group)/[^\s/?\"'&<]+")
_SECRETS = re.compile(
    r"(?i)\b(token|key|password|secret|authorization|bearer|cookie|code)([=:\s]+(?:bearer\s+)?)[^\s&,;\"']+"
)
_PASSWORD_IN_URL = re.compile(r"(://[^:/@\s]*:)[^@\s]*@")
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{1,4}:){3,7}(?::?[0-9A-Fa-f]{1,4}|:)+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_OURS = re.compile(r"^[a-z0-9_.]+$")


def scrubbed(text: str) -> str:
    """Return the text in one line, with addresses of people and machines, tokens and passwords masked."""
    found = _CONTROL.sub(" ", text)
    found = _PASSWORD_IN_URL.sub(r"\1***@", found)
    found = _MAIL.sub("[address]", found)
    found = _MAIL_IN_URL.sub("[address]", found)
    found = _PATHS.sub(r"/\1/[token]", found)
    found = _SECRETS.sub(r"\1\2[token]", found)
    for pattern in _TOKENS:
        found = pattern.sub(_token, found)
    found = _IPV4.sub("[address]", found)
    return _IPV6.sub("[address]", found)


def _token(match: re.Match[str]) -> str:
    """Mask what looks like a token; a name of our own, in small letters with underscores, is none."""
    word = match.group()
    return word if _OURS.match(word) and "_" in word and not any(one.isdigit() for one in word) else "[token]"


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message; request_id within a request, trace of an error."""

    def format(self, record: logging.LogRecord) -> str:
        message, *trace = _words(record)
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
        }
        if word := request_id():
            told["request_id"] = word
        told |= {name: _fact(value) for name, value in getattr(record, "facts", {}).items()}
        if trace:
            told["trace"] = trace
        return json.dumps(told, ensure_ascii=True)


class PlainLines(logging.Formatter):
    """The same for people: the trace stands on lines of its own, each without what is masked."""

    def format(self, record: logging.LogRecord) -> str:
        message, *trace = _words(record)
        facts = "".join(f" {name}={_fact(value)}" for name, value in getattr(record, "facts", {}).items())
        word = request_id()
        line = f"{record.levelname} {record.name}: {message}{facts}{f' [{word}]' if word else ''}"
        return "\n".join([line, *(f"    {one}" for one in trace)])


def _fact(value: object) -> object:
    return scrubbed(value) if isinstance(value, str) else value


def _words(record: logging.LogRecord) -> list[str]:
    """Return the message and the lines of its trace; what a database says of its error repeats values, and is left out."""
    try:
        text = record.getMessage()
    except (TypeError, ValueError):
        text = str(record.msg)  # a library's message that does not fit its arguments
    lines = text.split("\n")
    if record.exc_info and record.exc_info[1] is not None:
        lines += _trace(record.exc_info[1])
    return [scrubbed(one) for one in lines if one.strip()] or [""]


def _trace(error: BaseException) -> list[str]:
    from conference.web.errors import without_values  # errors draws pages, which a log needs not

    return without_values(error).split("\n")


def configure_logs(log_format: str, *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send all that this process logs to standard output, in this format. Libraries tell from a warning on."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines() if log_format == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("conference").setLevel(level)
    logging.captureWarnings(capture=True)


def _note(response: Response) -> Response:
    """Log the request by its route, never by its address: that may be somebody's link; a refusal for whoever watches too."""
    if response.status_code >= _BAD_REQUEST:
        tell_refusal(response)
    if log.isEnabledFor(logging.INFO):
        facts = {
            "method": request.method if request.method.isalpha() else "?",
            "route": str(request.url_rule or "none"),
            "status": response.status_code,
            "ms": round(1000 * (time.perf_counter() - g.get("request_began", time.perf_counter())), 1),
        }
        log.info("request", extra={"facts": facts})
    return response


def init_request_log(app: Flask) -> None:
    app.after_request(_note)
