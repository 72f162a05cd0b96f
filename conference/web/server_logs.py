"""What the web server itself says, in the form of the application's own log."""

import logging
import os
import sys

from gunicorn.glogging import Logger

from conference.web.logs import JsonLines, PlainLines


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's logger, which writes our lines to standard output; its own log of requests stays off, being ours."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        handler = logging.StreamHandler(sys.stdout)
        is_json = os.environ.get("CONFERENCE_LOG_FORMAT", "json") == "json"
        handler.setFormatter(JsonLines() if is_json else PlainLines())
        self.error_log.handlers[:] = [handler]
        self.error_log.propagate = False
