"""Import by the pages: upload, columns, dry run, commit; what is refused on the way."""

import io
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conference.db.base import db
from conference.registration.queries import count_registrations
from conference.web.access import Role
from conference.web.import_errors import FileTooLargeError
from conference.web.uploads import UploadsToRemove, keep_upload
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category
from tests.factories.web import token_of

URL = "/staff/registrations/import"
TEXT = "First name,Surname,Mail,Hospital,Land\nÅsa,<b>Ek,asa@x.example,KI,SE\nBo,,bo@x.example,KI,Norway\n"


def send(client: FlaskClient, content: bytes) -> TestResponse:
    data: dict[str, Any] = {"csrf_token": token_of(client, URL), "file": (io.BytesIO(content), "list.csv")}
    return client.post(URL, data=data, content_type="multipart/form-data")


def columns(page: str) -> dict[str, str]:
    """Return what the page's selects say, with its token."""
    found = {"csrf_token": re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[-1]}
    for name, body in re.findall(r'<select id="(column-\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def count() -> int:
    db.session.rollback()
    return count_registrations()


def test_a_file_goes_by_a_dry_run_to_the_list(client: FlaskClient, tmp_path: Path) -> None:
    make_category()
    sign_in(client, Role.ORGANISER)
    kept = send(client, TEXT.encode())
    page = kept.headers["Location"]
    assert (kept.status_code, [path.name for path in (tmp_path / "imports").iterdir()]) == (
        303,
        [page.rsplit("/", 1)[1]],
    )
    guess = columns(client.get(page).text)
    assert (guess["column-given_name"], guess["column-country"], guess["column-orcid"]) == (
        "First name",
        "Land",
        "",
    )
    filled = guess | {"category": "Participant", "step": "check"}
    checked = client.post(page, data=filled).text
    assert ("New: 2" in checked, "&lt;b&gt;Ek" in checked, "Import these 2 rows" in checked) == (
        True,
        True,
        True,
    )
    assert count() == 0
    answer = client.post(page, data=filled | {"step": "import"})
    assert (answer.status_code, answer.headers["Location"], count()) == (303, "/staff/registrations", 2)
    assert "2 registered, 0 left as they were." in client.get("/staff/registrations").text
    assert (list((tmp_path / "imports").iterdir()), client.post(page, data=filled).status_code) == ([], 404)


def test_a_refused_row_is_shown_and_nothing_is_written(client: FlaskClient) -> None:
    make_category()
    sign_in(client, Role.ORGANISER)
    page = send(client, (TEXT + "Eva,,nonsense,KI,SE").encode()).headers["Location"]
    filled = columns(client.get(page).text) | {"category": "Participant", "step": "check"}
    checked = client.post(page, data=filled).text
    assert ("This is no address that mail servers take." in checked, "Import these" in checked) == (
        True,
        False,
    )
    answer = client.post(page, data=filled | {"step": "import"})
    assert (answer.status_code, "Nothing was imported: 1 rows are refused" in answer.text, count()) == (
        409,
        True,
        0,
    )


def test_a_field_without_its_column_is_asked_for(client: FlaskClient) -> None:
    make_category()
    sign_in(client, Role.ORGANISER)
    page = send(client, TEXT.encode()).headers["Location"]
    filled = columns(client.get(page).text) | {"column-country": "", "step": "check"}
    answer = client.post(page, data=filled)
    assert (answer.status_code, "No column holds: Country, Category." in answer.text) == (422, True)
    assert client.post(page, data=filled | {"csrf_token": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "This file has no rows under its first line"),
        (b"PK\x03\x04x", 422, "This file cannot be read as CSV or XLSX."),
    ],
)
def test_a_bad_file_is_not_kept(
    client: FlaskClient, tmp_path: Path, content: bytes, status: int, said: str
) -> None:
    sign_in(client, Role.ORGANISER)
    answer = send(client, content)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert list(tmp_path.glob("imports/*")) == []


def test_more_than_10_mb_is_not_kept(app: Flask, tmp_path: Path) -> None:
    """Past the page: the test client would leave a file of its own open for so large a body."""
    with pytest.raises(FileTooLargeError):
        keep_upload(io.BytesIO(b"x" * 10_000_001))
    assert list(tmp_path.glob("imports/*")) == []


def test_no_file_is_asked_for(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    answer = client.post(URL, data={"csrf_token": token_of(client, URL)})
    assert (answer.status_code, "Choose a file." in answer.text) == (400, True)


def test_the_worker_removes_what_is_a_day_old(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    sign_in(client, Role.ORGANISER)
    for _ in range(2):
        send(client, TEXT.encode())
    old, young = (tmp_path / "imports").iterdir()
    assert UploadsToRemove().claim("me") == []
    yesterday = time.time() - 24 * 3600 - 1
    os.utime(old, (yesterday, yesterday))
    worker = UploadsToRemove()
    assert worker.claim("me") == [1]
    worker.run(1, "me")
    # The folder is not read at each second's look.
    assert worker.claim("me") == []
    assert list((tmp_path / "imports").iterdir()) == [young]
