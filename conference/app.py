"""The factory: an application for these settings."""

import gc
import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined

from conference import tables
from conference.audit.looks import LOOKS
from conference.audit.telling import changes_of
from conference.audit.words import ACTION_WORDS, ACTOR_WORDS
from conference.config import Settings, load_settings, require_safe
from conference.core.clock import clock
from conference.core.sealing import keys_in
from conference.db.base import db
from conference.db.engines import engine_options, prepare
from conference.rooms import open_rooms
from conference.speakers.slide_routes import MOST_POSTED as LARGEST_POST
from conference.web.access import enforce_access
from conference.web.counters import init_counters
from conference.web.errors import init_errors
from conference.web.frame import init_frame
from conference.web.headers import init_headers
from conference.web.health import init_health
from conference.web.hosts import init_hosts
from conference.web.language import init_language
from conference.web.logs import configure_logs, init_request_log
from conference.web.numbers import init_numbers
from conference.web.requests import init_requests
from conference.web.sessions import init_sessions
from conference.web.settings import attach_settings
from conference.web.static import init_static
from conference.web.store import require_store
from conference.web.templates import FlatEnvironment

ROOT = Path(__file__).parent.parent
MAX_POST_BYTES = 1_000_000


def create_app(settings: Settings) -> Flask:
    """Return the application for these settings. Contacts no database."""
    app = Flask(
        "conference",
        root_path=str(ROOT / "conference"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.jinja_environment = FlatEnvironment
    init_numbers(app)
    _configure(app, settings)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        init_counters(app, db.engine)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    init_requests(app)
    init_request_log(app)
    init_hosts(app)
    app.before_request(enforce_access)
    init_language(app)
    init_headers(app)
    init_sessions(app)
    init_static(app)
    init_frame(app)
    init_health(app)
    init_errors(app)
    app.jinja_env.globals.update(
        action_words=ACTION_WORDS, actor_words=ACTOR_WORDS, changes_of=changes_of, looks=LOOKS
    )
    open_rooms(app)
    return app


def production_app() -> Flask:
    """Return the application for a production server. Raises SettingsError for an unsafe setting."""
    settings = load_settings(os.environ)
    require_safe(settings)
    configure_logs(settings.log_format)
    app = create_app(settings)
    # What is loaded now stays for the life of the process: the collector need not walk it again with each request's.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    require_store(settings)
    attach_settings(app, settings)
    if settings.now is not None:
        clock.begin_at(settings.now)
    app.testing = settings.mode == "test"
    app.jinja_env.undefined = StrictUndefined
    # With the prefix a browser takes the cookie from this very host alone, over TLS: no other name of the domain and
    # nobody on the line can put one in its place (RFC 6265bis, 4.1.3.2).
    is_https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(keys_in(settings.old_secret_keys)),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=MAX_POST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_POST_BYTES,
        LARGEST_POST=LARGEST_POST,
        SESSION_COOKIE_NAME="__Host-conference" if is_https else "conference",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        PREFERRED_URL_SCHEME=settings.base_url.partition(":")[0] or "http",
    )


__all__ = ["create_app", "production_app", "tables"]
