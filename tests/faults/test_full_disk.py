"""trust.md 30: a disk without room is a calm 503, what was asked for is undone as a whole, and all goes on once there is room."""

import errno
import os
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from conference.core.errors import DomainError
from conference.core.ids import CategoryId
from conference.db.base import db
from conference.db.work import transact
from conference.printing import kept_papers, preview_store
from conference.privacy.ledger import salt
from conference.programme.queries import public_state
from conference.registration.file_store import FileRefusedError, hold
from conference.running.restore import broken_invariants
from conference.tables import metadata
from conference.web.access import Role
from tests.benchmarks.programme_data import publish
from tests.factories.accounts import sign_in
from tests.factories.forked import begun, listened
from tests.factories.full_disks import full_database, full_folder
from tests.factories.pictures import a_picture
from tests.factories.registration import make_category, register_attendee
from tests.factories.speakers import make_speaker, speaker_url
from tests.factories.web import REGISTRATION_FORM, token_of
from tests.faults.short_of_room import backing_up
from tests.security.looks import SEEN

MOST_SENT = 200
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def is_calm(answer: TestResponse) -> bool:
    return (
        (answer.status_code, answer.headers.get("Retry-After")) == (503, "60")
        and "cannot save anything at present" in answer.text
        and "the back key brings back what you typed" in answer.text
        and "Traceback" not in answer.text
    )


def counts() -> dict[str, int]:
    db.session.remove()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }


def send(client: FlaskClient, category: CategoryId, number: int) -> TestResponse:
    fields = {**REGISTRATION_FORM, "email": f"p{number}@x.example", "form_key": f"{number:043}"}
    token = token_of(client, "/register")
    return client.post("/register", data=fields | {"category": str(category), "csrf_token": token})


def sent_until_full(client: FlaskClient, category: CategoryId) -> tuple[int, TestResponse]:
    """Register people until one is refused, which the last free bytes of a page may put off; return how many were not."""
    for number in range(MOST_SENT):
        answer = send(client, category, number)
        if answer.status_code != 303:
            return number, answer
    raise AssertionError("it never became full")


def test_a_full_disk_refuses_a_registration_whole_and_the_next_ones_go_on(
    app: Flask, client: FlaskClient
) -> None:
    category = make_category(seats=1000)
    with full_database():
        before, refused = sent_until_full(client, category)
        assert is_calm(refused)
        stored = counts()
        assert stored["registration"] == stored["outbox"] == stored["registration_attempt"] == before
        assert is_calm(send(client, category, before))
        assert counts() == stored
        assert broken_invariants() == []
    assert send(client, category, before).status_code == 303  # the very same form
    assert send(client, category, before).status_code == 303
    assert counts()["registration"] == before + 1
    assert broken_invariants() == []


def test_pages_are_read_while_the_disk_is_full(app: Flask, client: FlaskClient) -> None:
    category = make_category(seats=1000)
    sign_in(client, Role.ORGANISER)
    with full_database():
        sent_until_full(app.test_client(), category)
        pages = {
            rule.rule: rule.endpoint
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
        }
        answers = {page: client.get(page) for page in pages}
        refused = {page for page, answer in answers.items() if answer.status_code >= 500}
        # What is sensitive is shown to nobody whose look cannot be written down.
        assert {pages[page] for page in refused} <= SEEN.keys()
        assert all(is_calm(answers[page]) for page in refused)
        assert sum(answer.status_code == 200 for answer in answers.values()) > 60


def portrait(client: FlaskClient) -> TestResponse:
    url = f"{speaker_url(make_speaker())}/portrait"
    return _posted(client, url, "picture", a_picture(), left="50", top="50", side="100")


def registrations_file(client: FlaskClient) -> TestResponse:
    sign_in(client, Role.ORGANISER)
    return _posted(client, "/staff/registrations/import", "file", b"Given,Family\nA,B\n")


def schedule_file(client: FlaskClient) -> TestResponse:
    sign_in(client, Role.ORGANISER)
    return _posted(client, "/staff/programme/import", "file", b"Title,Start\nA,2022-09-22 10:00\n")


def _posted(client: FlaskClient, url: str, field: str, content: bytes, **more: str) -> TestResponse:
    fields = {"csrf_token": token_of(client, url), field: FileStorage(BytesIO(content), "a.csv"), **more}
    # Encoded here: the client's own encoder leaves a temporary file open for a large body.
    boundary, body = encode_multipart(fields)
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize("upload", [portrait, registrations_file, schedule_file])
def test_an_upload_that_the_disk_has_no_room_for_leaves_nothing_behind(
    client: FlaskClient, tmp_path: Path, upload: Callable[[FlaskClient], TestResponse]
) -> None:
    with full_folder(tmp_path):
        answer = upload(client)
    assert answer.status_code == 503
    assert re.search("no room for (files|this file) at present", answer.text)
    assert files_in(tmp_path) == []
    assert upload(client).status_code == 303
    assert files_in(tmp_path)


def files_in(folder: Path) -> list[str]:
    return [str(one) for one in folder.rglob("*") if one.is_file() and "sqlite3" not in one.name]


@pytest.mark.parametrize(
    ("most_bytes", "sentence"),
    [
        # Less than the copy of the database takes, and less than the archive with the file.
        (50_000, "could not be copied|could not do it|became full"),
        (5_000_000, "became full: make room there, or name another folder, and begin again"),
    ],
)
def test_a_backup_that_the_disk_has_no_room_for_says_so_and_leaves_nothing(
    app: Flask, database_url: str, tmp_path: Path, most_bytes: int, sentence: str
) -> None:
    register_attendee(make_category(seats=5))
    (tmp_path / "speakers").mkdir()
    (tmp_path / "speakers" / "a.webp").write_bytes(os.urandom(6_000_000))
    folder = tmp_path / "out"
    folder.mkdir()
    transact(salt)  # what the first backup writes into the database
    db.session.remove()
    _, line = begun(backing_up, database_url, tmp_path, folder / "a.tar.gz", most_bytes)
    name, text = listened(line)
    assert name == "RunningError", text
    assert re.search(sentence, text)
    assert list(folder.iterdir()) == []
    assert broken_invariants() == []


def test_papers_previews_and_answers_without_room(app: Flask, tmp_path: Path) -> None:
    """A public paper is answered all the same; a preview and a file of a form are refused; nothing half is left."""
    publish(1)
    state = public_state()
    assert state is not None
    key = kept_papers.key_of(state, "a4", "en")
    with full_folder(tmp_path):
        assert kept_papers.kept(key, lambda: b"%PDF-1") == b"%PDF-1"
        with pytest.raises(DomainError, match="no room"):
            preview_store.keep("badges_pdf", b"%PDF-1")
        with pytest.raises(FileRefusedError, match="Send the form without the file"):
            hold(PDF, "a.pdf")
    assert files_in(tmp_path) == []
    assert kept_papers.kept(key, lambda: b"%PDF-2") == b"%PDF-2"
    assert kept_papers.kept(key, lambda: b"%PDF-3") == b"%PDF-2"
    assert preview_store.path_of(preview_store.keep("badges_pdf", b"%PDF-1")).read_bytes() == b"%PDF-1"
    assert hold(PDF, "a.pdf").size_bytes == len(PDF)


def test_a_form_that_finds_no_room_for_its_large_file_is_a_calm_503(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Werkzeug itself writes what is large to the disk, before any view is asked."""

    def full(*_given: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    make_category(seats=5)
    token = token_of(client, "/register")
    monkeypatch.setattr("werkzeug.wrappers.request.default_stream_factory", full)
    sent = {"csrf_token": token, "q1-file": FileStorage(BytesIO(PDF), "a.pdf")}
    boundary, body = encode_multipart(sent)
    assert is_calm(
        client.post("/register", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    )


def test_what_else_the_system_says_is_a_fault(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("conference.registration.public_routes.categories_and_extras", broken)
    with pytest.raises(PermissionError):
        client.get("/register")
