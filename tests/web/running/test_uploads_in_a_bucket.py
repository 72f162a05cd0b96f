"""The whole way of each kind of file through a bucket: sent, read, erased, saved and put back; and while it is away."""

import os
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Self, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from conference.audit.model import BY_SYSTEM
from conference.config import Settings
from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.printing import preview_store
from conference.privacy.ledger import known_lines
from conference.privacy.service import erase_person
from conference.programme.queries import draft
from conference.running.backup import back_up
from conference.running.doctor import Level, findings
from conference.running.errors import RunningError
from conference.running.restore import require_empty, restore
from conference.speakers import personal, slide_files
from conference.speakers.slides import UploadsToForget
from conference.web import store_answers
from conference.web.access import Role
from conference.web.settings import attach_settings, current_settings
from conference.web.store import store
from tests.conftest import settings_for
from tests.factories.accounts import sign_in
from tests.factories.pictures import a_picture
from tests.factories.places import empty_place
from tests.factories.programme import make_person
from tests.factories.questions import make_answered_file
from tests.factories.registration import make_category, register_attendee
from tests.factories.slides import a_pdf
from tests.factories.speakers import make_speaker, speaker_url
from tests.factories.stores import names_in, new_bucket, running_s3, s3_settings
from tests.factories.web import token_of

NOBODY = "http://127.0.0.1:9"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with running_s3() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(app: Flask, s3: str, tmp_path: Path) -> str:
    """A new bucket, in which the application's files lie."""
    name = new_bucket(s3)
    attach_settings(app, settings_for(current_settings().database_url, tmp_path, **s3_settings(s3, name)))
    return name


def away(app: Flask) -> None:
    """Let the store be at an address where nobody answers."""
    attach_settings(app, replace(current_settings(), uploads_endpoint=NOBODY))


def send(client: FlaskClient, url: str, field: str, data: bytes, **more: str) -> TestResponse:
    form: dict[str, Any] = {"csrf_token": token_of(client, url), field: FileStorage(BytesIO(data), "a.pdf")}
    boundary, body = encode_multipart(form | more)
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def slides_url(person_id: PersonId) -> str:
    talk_id = next(talk.id for session in draft().sessions for talk in session.talks)
    db.session.remove()
    return f"{speaker_url(person_id)}/talks/{talk_id}/slides"


def portrait(client: FlaskClient, person_id: PersonId) -> TestResponse:
    square = {"left": "50", "top": "50", "side": "100"}
    return send(client, f"{speaker_url(person_id)}/portrait", "picture", a_picture(), **square)


@ON_SQLITE
def test_slides_go_whole_and_by_pieces_and_are_read_in_parts(
    client: FlaskClient, s3: str, bucket: str, tmp_path: Path
) -> None:
    person_id = make_speaker()
    url, data = slides_url(person_id), a_pdf(1000)
    assert send(client, url, "slides", a_pdf()).status_code == 303
    (whole,) = names_in(s3, bucket)
    token = {"csrf_token": token_of(client, url), "name": "b.pdf", "size": len(data), "modified": 1}
    upload = (client.post(f"{url}/uploads", data=token).json or {})["upload"]
    headers = {"X-CSRF-Token": str(token["csrf_token"])}
    for offset in (0, 400, 0):
        sent = client.post(
            f"{url}/uploads/{upload}?offset={offset}", data=data[offset : offset + 700], headers=headers
        )
        assert sent.status_code == 200
    assert client.post(f"{url}/uploads/{upload}/finish", data=token).status_code == 200
    (found,) = names_in(s3, bucket)
    assert found != whole
    answer = client.get(f"{url}/file")
    assert (answer.data, answer.content_length, answer.mimetype) == (data, len(data), "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=b.pdf"
    assert (
        answer.headers["X-Content-Type-Options"],
        "sandbox" in answer.headers["Content-Security-Policy"],
    ) == ("nosniff", True)
    part = client.get(f"{url}/file", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (
        206, data[100:200], f"bytes 100-199/{len(data)}",
    )  # fmt: skip
    assert client.head(f"{url}/file").content_length == len(data)
    assert not [path for path in tmp_path.rglob("*.pdf") if path.is_file()]


@ON_SQLITE
def test_a_large_file_is_answered_in_pieces(
    client: FlaskClient, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However large it is: no more than a piece of it is in memory."""
    del bucket
    url = slides_url(make_speaker())
    send(client, url, "slides", a_pdf(300_000))
    lengths: list[int] = []
    pieces = store_answers._pieces

    def told(*given: Any) -> Iterator[bytes]:
        for piece in pieces(*given):
            lengths.append(len(piece))
            yield piece

    monkeypatch.setattr(store_answers, "_pieces", told)
    assert len(client.get(f"{url}/file").data) == sum(lengths) > 300_000
    assert max(lengths) <= 1 << 16


class _Sent:
    """Stands in for the server's file wrapper, which sends from the descriptor that it is given."""

    def __init__(self, filelike: Any, _size: int = 0) -> None:
        self.filelike = filelike
        self.from_byte = os.lseek(filelike.fileno(), 0, os.SEEK_CUR)
        self.close = filelike.close

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if piece := self.filelike.read(7_000):
            return cast("bytes", piece)
        raise StopIteration


@ON_SQLITE
@pytest.mark.parametrize("where", ["bucket", "folder"])
def test_a_file_and_a_part_of_it_go_by_the_system_and_hold_no_thread(
    request: pytest.FixtureRequest, client: FlaskClient, where: str
) -> None:
    if where == "bucket":
        request.getfixturevalue("bucket")
    url, data = slides_url(make_speaker()), a_pdf(300_000)
    send(client, url, "slides", data)
    sent: list[_Sent] = []

    def wrapped(filelike: Any, size: int = 0) -> _Sent:
        sent.append(_Sent(filelike, size))
        return sent[-1]

    wrapping = {"wsgi.file_wrapper": wrapped}
    for asked, begins, ends in (("", 0, len(data)), ("bytes=100000-299999", 100_000, 300_000)):
        headers = {"Range": asked} if asked else {}
        answer = client.get(f"{url}/file", headers=headers, environ_overrides=wrapping)
        assert (answer.data == data[begins:ends], answer.content_length) == (True, ends - begins)
        assert sent[-1].from_byte == (
            begins if where == "folder" else 0
        )  # of a bucket the part alone is here
        assert answer.status_code == (206 if asked else 200)


@ON_SQLITE
def test_erasing_a_person_deletes_their_files_there(client: FlaskClient, s3: str, bucket: str) -> None:
    person_id = make_speaker()
    send(client, slides_url(person_id), "slides", a_pdf())
    portrait(client, person_id)
    endings = sorted(name.rpartition(".")[2] for name in names_in(s3, bucket))
    assert endings == ["jpg", "jpg", "pdf", "webp", "webp"]
    db.session.remove()
    transact(lambda session: personal.erase(session, person_id, keeps_names=False))
    assert names_in(s3, bucket) == []


@ON_SQLITE
def test_what_an_erasure_could_not_delete_the_worker_deletes(
    app: Flask, client: FlaskClient, s3: str, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id, well = make_speaker(), current_settings()
    send(client, slides_url(person_id), "slides", a_pdf())
    portrait(client, person_id)
    db.session.remove()
    away(app)
    transact(lambda session: personal.erase(session, person_id, keeps_names=False))
    attach_settings(app, well)
    files = [name for name in names_in(s3, bucket) if name.startswith("speakers/")]
    assert len(files) == 5
    # They are as old as what nobody names has to be.
    monkeypatch.setattr("conference.speakers.files._YOUNG_S", -10)
    monkeypatch.setattr(slide_files, "KEPT_S", -10)
    worker = UploadsToForget()
    assert worker.claim("worker") == [1]
    worker.run(1, "worker")
    assert [name for name in names_in(s3, bucket) if name.startswith("speakers/")] == []


@ON_SQLITE
def test_a_list_that_one_process_took_is_read_by_another(
    client: FlaskClient, s3: str, bucket: str, tmp_path: Path
) -> None:
    make_category()
    sign_in(client, Role.ORGANISER)
    url = "/staff/registrations/import"
    taken = send(client, url, "file", b"First name,Surname,Mail\nBo,Ek,bo@x.example\n")
    assert taken.status_code == 303
    (name,) = names_in(s3, bucket)
    assert name.startswith("imports/")
    # What this machine has a copy of is another machine's to fetch.
    (copy,) = (tmp_path / "scratch").iterdir()
    copy.unlink()
    assert "First name" in client.get(taken.location).text


@ON_SQLITE
def test_previews_are_seen_by_every_process(bucket: str, tmp_path: Path) -> None:
    del bucket
    key = preview_store.keep("badges", b"%PDF")
    assert not (tmp_path / "previews").exists()
    assert preview_store.path_of(key).read_bytes() == b"%PDF"


@ON_SQLITE
@pytest.mark.parametrize("into_bucket", [True, False], ids=["into a bucket", "into a folder"])
def test_a_backup_holds_the_buckets_files_and_goes_into_either(
    client: FlaskClient, s3: str, bucket: str, tmp_path: Path, database_url: str, into_bucket: bool
) -> None:
    make_answered_file(register_attendee(make_category()))
    person_id = make_speaker()
    send(client, slides_url(person_id), "slides", a_pdf())
    portrait(client, person_id)
    client.get("/")
    db.session.rollback()
    before = {one.name: content(one.name) for one in store().listed("") if not one.name.startswith("checks/")}
    archive = tmp_path / "a.tar.gz"
    back_up(archive, lambda _more: None)
    db.session.rollback()
    with pytest.raises(RunningError, match="holds 6 uploaded files"):
        require_files_empty(current_settings())
    with empty_place(database_url, tmp_path / "new"):
        if into_bucket:
            new: dict[str, Any] = s3_settings(s3, new_bucket(s3))
            attach_settings(
                client.application,
                replace(current_settings(), **{key.lower(): value for key, value in new.items()}),
            )
        done = restore(archive, [], lambda _more: None, lambda _said: None)
        assert (done.files, done.broken) == (6, [])
        assert {one.name: content(one.name) for one in store().listed("")} == before


def content(name: str) -> bytes:
    with store().open(name) as file:
        return file.read()


def require_files_empty(settings: Settings) -> None:
    """Ask with an empty database, so that the files alone stand in the way."""
    require_empty(replace(settings, database_url=f"sqlite:///{settings.instance / 'none.sqlite3'}"))


@ON_SQLITE
def test_while_it_is_away_forms_keep_what_was_typed_and_say_so(
    app: Flask, client: FlaskClient, bucket: str
) -> None:
    del bucket
    person_id = make_speaker()
    send(client, slides_url(person_id), "slides", a_pdf())
    make_category()
    away(app)
    answer = portrait(client, person_id)
    assert (answer.status_code, "Files cannot be kept or fetched at present" in answer.text) == (503, True)
    answer = client.get(f"{slides_url(person_id)}/file")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Files cannot be kept or fetched at present" in answer.text
    told = client.get(f"{slides_url(person_id)}/file", headers={"Accept": "application/json"})
    assert (told.status_code, (told.json or {})["status"]) == (503, 503)
    # What needs no file goes on.
    assert client.get("/register").status_code == 200


@ON_SQLITE
def test_readiness_and_the_doctor_tell_that_it_is_away(app: Flask, client: FlaskClient, bucket: str) -> None:
    del bucket
    assert "uploads" not in (client.get("/readyz").json or {})["failed"]
    assert [one.level for one in findings(quick=False) if one.name == "uploads"] == [Level.OK]
    attach_settings(app, replace(current_settings(), uploads="s3://away", uploads_endpoint=NOBODY))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert (answer.json or {})["failed"][
        "uploads"
    ] == "the bucket away cannot be used (EndpointConnectionError)"
    (found,) = (one for one in findings(quick=False) if one.name == "uploads")
    assert (found.level, "CONFERENCE_UPLOADS" in found.remedy) == (Level.BAD, True)


@ON_SQLITE
def test_a_backup_without_the_store_fails_and_leaves_nothing(
    app: Flask, client: FlaskClient, bucket: str, tmp_path: Path
) -> None:
    del bucket
    send(client, slides_url(make_speaker()), "slides", a_pdf())
    db.session.rollback()
    away(app)
    with pytest.raises(RunningError, match="The store of files does not answer"):
        back_up(tmp_path / "a.tar.gz", lambda _more: None)
    assert not list(tmp_path.glob("*a.tar.gz*"))


@ON_SQLITE
def test_the_ledger_of_erasures_lies_in_the_bucket_too(s3: str, bucket: str, tmp_path: Path) -> None:
    """A machine that is lost takes its instance folder with it."""
    person_id = make_person("Zoë")
    transact(lambda session: erase_person(session, person_id, actor=BY_SYSTEM, now=clock.now()))
    db.session.rollback()
    (line,) = known_lines()
    (tmp_path / "erasures.jsonl").unlink()
    assert known_lines() == {line}
    assert [name.partition("/")[0] for name in names_in(s3, bucket)] == ["erasures"]
