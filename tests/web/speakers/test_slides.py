"""Slides by the personal link: whole in one form, or in pieces that survive breaks, repeats and others."""

import errno
import os
import shutil
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from conference.audit.model import BY_LINK, BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import PersonId, TalkId
from conference.db.base import db
from conference.db.work import transact
from conference.programme.queries import draft
from conference.programme.talks import delete_talk
from conference.speakers import personal, slide_files, slides
from conference.speakers.slide_files import Announced
from conference.speakers.slides import UploadsToForget, find_slides
from conference.speakers.uses import move_dossier
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.slides import MACROS, a_bomb, a_pdf, a_pptx
from tests.factories.speakers import make_speaker, speaker_url
from tests.factories.web import token_of


def talk_of(person_id: PersonId) -> TalkId:
    db.session.remove()
    return next(
        talk.id
        for session in draft().sessions
        for talk in session.talks
        if any(part.person_id == person_id for part in talk.people)
    )


def slides_url(person_id: PersonId) -> str:
    return f"{speaker_url(person_id)}/talks/{talk_of(person_id)}/slides"


def send_whole(client: FlaskClient, url: str, data: bytes | None, **changes: str) -> TestResponse:
    sent = {} if data is None else {"slides": FileStorage(BytesIO(data), "../../my talk.pdf")}
    form: dict[str, Any] = {"csrf_token": token_of(client, url), **changes, **sent}
    boundary, body = encode_multipart(form)
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def begin(client: FlaskClient, url: str, size: int, name: str = "talk.pdf") -> dict[str, Any]:
    data = {"csrf_token": token_of(client, url), "name": name, "size": size, "modified": 7}
    answer = client.post(f"{url}/uploads", data=data)
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def piece(client: FlaskClient, url: str, upload: str, offset: int, data: bytes) -> tuple[int, Any]:
    headers = {"X-CSRF-Token": token_of(client, url)}
    answer = client.post(f"{url}/uploads/{upload}?offset={offset}", data=data, headers=headers)
    return answer.status_code, answer.json.get("have") if answer.json else None


def finish(client: FlaskClient, url: str, upload: str) -> TestResponse:
    return client.post(f"{url}/uploads/{upload}/finish", data={"csrf_token": token_of(client, url)})


def files(folder: Path) -> list[str]:
    """Return the endings of all files of slides, on their way and in place."""
    there = (folder / "speakers").rglob("*")
    return sorted(path.suffix for path in there if path.suffix and path.is_file())


def stored(person_id: PersonId) -> bytes:
    found = find_slides(talk_of(person_id))
    assert found is not None
    return slide_files.read(found.key)


def test_a_whole_file_is_kept_replaced_handed_out_and_removed(client: FlaskClient, tmp_path: Path) -> None:
    person_id = make_speaker()
    url = slides_url(person_id)
    for data in (a_pdf(), a_pptx()):
        assert send_whole(client, url, data).status_code == 303
    assert (stored(person_id), files(tmp_path)) == (a_pptx(), [".pptx"])
    assert "my talk.pptx" in client.get(url).text
    loaded = client.get(f"{url}/file")
    assert (loaded.data, loaded.headers["Content-Disposition"], loaded.headers["X-Content-Type-Options"]) == (
        a_pptx(),
        # Named by what it is, whatever it was called.
        'attachment; filename="my talk.pptx"',
        "nosniff",
    )
    token = {"csrf_token": token_of(client, url)}
    assert client.post(f"{url}/remove", data={}).status_code == 400
    assert [client.post(f"{url}/remove", data=token).status_code for _ in range(2)] == [303, 303]
    assert (files(tmp_path), client.get(f"{url}/file").status_code) == ([], 404)


def test_slides_are_handed_out_from_a_folder_told_relative_to_the_process(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    known = client.application.extensions["conference.settings"]
    monkeypatch.setitem(
        client.application.extensions, "conference.settings", replace(known, instance=Path("here"))
    )
    url = slides_url(make_speaker())
    assert send_whole(client, url, a_pdf()).status_code == 303
    assert client.get(f"{url}/file").data == a_pdf()
    assert files(tmp_path / "here") == [".pdf"]


def test_pieces_sent_twice_late_and_after_a_break_make_the_same_file(
    client: FlaskClient, tmp_path: Path
) -> None:
    person_id = make_speaker()
    url, data = slides_url(person_id), a_pdf(1000)
    upload = begin(client, url, len(data))["upload"]
    assert piece(client, url, upload, 0, data[:400]) == (200, 400)
    assert piece(client, url, upload, 0, data[:400]) == (200, 400)  # sent twice, because the answer was lost
    assert piece(client, url, upload, 300, data[300:600]) == (200, 600)  # overlaps what is there
    assert piece(client, url, upload, 700, data[700:]) == (409, 600)  # a gap: the answer says where to go on
    assert finish(client, url, upload).status_code == 409
    assert "talk.pdf" in client.get(url).text
    assert "Choose the same file again" in client.get(url).text
    assert begin(client, url, len(data)) == {"upload": upload, "have": 600, "piece": 4_000_000}
    assert piece(client, url, upload, 600, data[600:]) == (200, len(data))
    done = finish(client, url, upload)
    assert (done.status_code, done.json) == (200, {"page": url})
    assert (stored(person_id), files(tmp_path)) == (data, [".pdf"])
    assert finish(client, url, upload).status_code == 404  # done already
    assert "Choose the same file again" not in client.get(url).text


def test_another_file_begins_anew_and_gives_the_first_up(client: FlaskClient, tmp_path: Path) -> None:
    url = slides_url(make_speaker())
    first = begin(client, url, 100)["upload"]
    piece(client, url, first, 0, b"%PDF-")
    second = begin(client, url, 101)
    assert (second["upload"] == first, second["have"]) == (False, 0)
    assert piece(client, url, first, 5, b"x") == (404, None)
    assert files(tmp_path) == [".json"]


def test_more_bytes_than_announced_or_than_a_piece_are_refused(client: FlaskClient) -> None:
    url = slides_url(make_speaker())
    upload = begin(client, url, 100)["upload"]
    assert piece(client, url, upload, 0, bytes(101))[0] == 413
    assert piece(client, url, upload, 0, bytes(4_000_001))[0] == 413
    assert begin(client, url, 100)["have"] == 0


@pytest.mark.parametrize(("size", "status"), [(200_000_001, 413), (0, 422), (-1, 422)])
def test_a_file_of_an_impossible_size_is_not_begun(client: FlaskClient, size: int, status: int) -> None:
    url = slides_url(make_speaker())
    data = {"csrf_token": token_of(client, url), "name": "a.pdf", "size": size, "modified": 1}
    answer = client.post(f"{url}/uploads", data=data)
    assert (answer.status_code, bool(answer.json and answer.json["error"])) == (status, True)


def test_uploads_of_others_are_not_found(client: FlaskClient) -> None:
    mine, other = make_speaker(1), make_speaker(2)
    own, theirs = slides_url(mine), slides_url(other)
    upload = begin(client, theirs, 100)["upload"]
    assert piece(client, own, upload, 0, b"x") == (404, None)
    assert finish(client, own, upload).status_code == 404
    assert piece(client, own, "0" * 32, 0, b"x") == (404, None)
    # Their talk by my link is not mine either.
    assert client.get(f"{speaker_url(mine)}/talks/{talk_of(other)}/slides").status_code == 404


def test_pieces_without_the_pages_token_change_nothing(client: FlaskClient) -> None:
    url = slides_url(make_speaker())
    upload = begin(client, url, 100)["upload"]
    assert client.post(f"{url}/uploads/{upload}?offset=0", data=b"x").status_code == 400
    assert client.post(f"{url}/uploads/{upload}/finish", data={}).status_code == 400
    assert client.post(f"{url}/uploads", data={"name": "b", "size": 9}).status_code == 400
    assert begin(client, url, 100)["have"] == 0


REFUSED = pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a", "This is not a PDF or a PPTX file."),
        (a_pdf()[:-12], "damaged or was cut off"),
        (a_pptx()[:-30], "damaged or was cut off"),
        (a_pptx(types=MACROS), "This file holds macros."),
        (a_bomb(), "unpacks to more than slides need"),
    ],
    ids=["kind", "cut PDF", "cut PPTX", "macros", "bomb"],
)


@REFUSED
def test_a_wrong_file_is_refused_in_the_form_and_not_kept(
    client: FlaskClient, tmp_path: Path, data: bytes, words: str
) -> None:
    answer = send_whole(client, slides_url(make_speaker()), data)
    assert (answer.status_code, words in answer.text, files(tmp_path)) == (422, True, [])


@REFUSED
def test_a_wrong_file_is_refused_after_its_last_piece_and_given_up(
    client: FlaskClient, tmp_path: Path, data: bytes, words: str
) -> None:
    url = slides_url(make_speaker())
    upload = begin(client, url, len(data))["upload"]
    assert piece(client, url, upload, 0, data) == (200, len(data))
    answer = finish(client, url, upload)
    assert (answer.status_code, words in (answer.json or {})["error"], files(tmp_path)) == (422, True, [])


def test_no_file_no_token_and_too_much_are_pages_that_say_so(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = slides_url(make_speaker())
    assert send_whole(client, url, None).status_code == 422
    assert send_whole(client, url, a_pdf(), csrf_token="").status_code == 400
    monkeypatch.setattr(slide_files, "MOST_BYTES", 1000)
    answer = send_whole(client, url, a_pdf(1001))
    assert (answer.status_code, "more than 200 MB" in answer.text, files(tmp_path)) == (413, True, [])
    monkeypatch.setattr("conference.speakers.slide_routes.MOST_POSTED", 1000)
    answer = send_whole(client, url, a_pdf(2000))
    assert (answer.status_code, "more than 200 MB" in answer.text, files(tmp_path)) == (413, True, [])


def test_a_full_disk_is_told_and_what_was_sent_is_kept(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, data = slides_url(make_speaker()), a_pdf(500)
    upload = begin(client, url, len(data))["upload"]
    piece(client, url, upload, 0, data[:100])
    copy = slide_files._copy

    def full(source: IO[bytes], target: IO[bytes], limit: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(slide_files, "_copy", full)
    assert piece(client, url, upload, 100, data[100:])[0] == 503
    assert "no room for this file" in send_whole(client, url, data).text
    monkeypatch.setattr(slide_files, "_copy", copy)
    assert piece(client, url, upload, 100, data[100:]) == (200, len(data))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1, 1, 0))
    answer = send_whole(client, url, data)
    assert (answer.status_code, "no room for this file" in answer.text) == (503, True)
    token = {"csrf_token": token_of(client, url), "name": "new.pdf", "size": 9, "modified": 1}
    assert client.post(f"{url}/uploads", data=token).status_code == 503
    assert finish(client, url, upload).status_code == 200


def test_a_database_that_refuses_leaves_the_upload_to_be_finished(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = make_speaker()
    url, data = slides_url(person_id), a_pdf()
    upload = begin(client, url, len(data))["upload"]
    piece(client, url, upload, 0, data)
    with monkeypatch.context() as broken:
        broken.setattr(slides, "_keep", lambda *_args, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            finish(client, url, upload)
    assert finish(client, url, upload).status_code == 200
    assert stored(person_id) == data


def test_the_office_sees_who_has_sent_and_loads_by_a_name_that_sorts(client: FlaskClient) -> None:
    person_id, other = make_speaker(1), make_speaker(2)
    send_whole(client, slides_url(person_id), a_pdf())
    sign_in(client, Role.DESK)
    page = client.get("/staff/speakers/slides").text
    assert ("Sent: 1 of 2 talks." in page, "my talk.pdf" in page, "Not yet" in page) == (True, True, True)
    loaded = client.get(f"/staff/speakers/slides/{talk_of(person_id)}")
    assert (loaded.data, loaded.mimetype) == (a_pdf(), "application/pdf")
    disposition = loaded.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert "22-0900%20-%20Aula%201" in disposition
    assert client.get(f"/staff/speakers/slides/{talk_of(other)}").status_code == 404


def test_slides_are_listed_and_erased_with_the_person(client: FlaskClient, tmp_path: Path) -> None:
    person_id = make_speaker()
    url = slides_url(person_id)
    send_whole(client, url, a_pdf())
    begin(client, url, 100)
    db.session.remove()
    (held,) = personal.held(person_id)["slides"]
    assert (held["file_name"], held["size_bytes"]) == ("my talk.pdf", len(a_pdf()))
    assert files(tmp_path) == [".json", ".pdf"]
    transact(lambda session: personal.erase(session, person_id, keeps_names=True))
    assert (files(tmp_path), find_slides(talk_of(person_id))) == ([], None)


def test_the_worker_forgets_uploads_of_yesterday_and_files_of_no_talk(app: Flask, tmp_path: Path) -> None:
    person_id, other = make_speaker(1), make_speaker(2)
    kept = slide_files.receive(BytesIO(a_pdf()), "kept.pdf")
    slides.keep_slides(person_id, talk_of(person_id), kept, actor=BY_LINK, now=clock.now())
    lost = slide_files.receive(BytesIO(a_pdf()), "lost.pdf")
    slides.keep_slides(other, talk_of(other), lost, actor=BY_LINK, now=clock.now())
    transact(lambda session: delete_talk(session, talk_of(other), 1, actor=BY_SYSTEM))
    slide_files.begin(person_id, talk_of(person_id), Announced(name="a.pdf", size_bytes=9, modified_ms=1))
    assert UploadsToForget().claim("worker") == []
    for path in (tmp_path / "speakers").rglob("*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    worker = UploadsToForget()
    assert worker.claim("worker") == [1]
    worker.run(1, "worker")
    assert [path.name for path in (tmp_path / "speakers" / "slides").iterdir()] == [kept.key]
    assert files(tmp_path) == [".pdf"]
    assert (worker.claim("worker"), UploadsToForget().claim("worker")) == ([], [])


def test_merged_people_keep_the_slides(app: Flask) -> None:
    gone, kept = make_speaker(1), make_speaker(2)
    talk_id = talk_of(gone)
    placed = slide_files.receive(BytesIO(a_pdf()), "talk.pdf")
    slides.keep_slides(gone, talk_id, placed, actor=BY_LINK, now=clock.now())
    transact(lambda session: move_dossier(session, gone, kept))
    db.session.remove()
    found = find_slides(talk_id)
    assert found is not None
    assert (found.person_id, found.key) == (kept, placed.key)
