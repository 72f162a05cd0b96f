"""The production application for any WSGI server: `gunicorn wsgi:app`."""

import sys

from conference.app import production_app
from conference.config import SettingsError

try:
    app = production_app()
except SettingsError as refusal:
    sys.stderr.write(f"{refusal}\n")
    raise SystemExit(2) from None
