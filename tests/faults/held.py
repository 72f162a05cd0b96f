"""The office with a page that takes as long as a file lies there, so that a test holds threads for exactly as long as it wants."""

import os
import time
from pathlib import Path

from flask import Flask, Response, request, send_file

from conference.app import production_app
from conference.web.access import public
from conference.web.store_answers import _send_part

FOLDER = Path(os.environ["HELD_FOLDER"])


@public
def held() -> str:
    """Say that it has begun, and answer once it is let go."""
    name = request.args["name"]
    (FOLDER / f"{name}.begun").touch()
    while not (FOLDER / "go").exists():
        time.sleep(0.01)
    return name


@public
def large() -> Response:
    return Response(b"x" * int(request.args["bytes"]))


@public
def filed() -> Response:
    answer = send_file(FOLDER / "large.bin")
    _send_part(answer, FOLDER / "large.bin")
    return answer


@public
def took() -> str:
    request.max_content_length = 100_000_000
    return str(len(request.get_data()))


def app() -> Flask:
    office = production_app()
    office.add_url_rule("/held", "web.held", held)
    office.add_url_rule("/large", "web.large", large)
    office.add_url_rule("/filed", "web.filed", filed)
    office.add_url_rule("/took", "web.took", took, methods=["POST"])
    return office
