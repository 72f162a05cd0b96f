"""Questions that ask for a file: kept while the form is corrected, known by their content, and gone with their answer."""

import time
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, stream_encode_multipart

from conference.audit.model import BY_SYSTEM
from conference.core.clock import clock
from conference.core.ids import CategoryId, QuestionId, RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.privacy.service import erase_person
from conference.registration import file_store
from conference.registration.file_model import MOST_BYTES, file_of
from conference.registration.file_store import FilesToForget, forget_unnamed, signed
from conference.registration.links import link_of
from conference.registration.queries import find_live_by_address, get_registration
from conference.registration.question_model import Kind
from conference.registration.question_queries import get_question, values_of
from conference.registration.question_service import retire_question
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.questions import make_question
from tests.factories.registration import make_category

FIELDS = {"given_name": "Åsa", "affiliation": "KI", "country": "SE", "profession": "", "email": "a@x.example"}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TOKEN = {"csrf_token": "known"}


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "red").save(made, kind, comment=b"secret place")
    return made.getvalue()


def encoded(fields: dict[str, object]) -> tuple[bytes, str]:
    stream, length, boundary = stream_encode_multipart(MultiDict(fields), use_tempfile=False)
    return stream.read(length), boundary


def send(client: FlaskClient, category: CategoryId, content: bytes, name: str, **more: str) -> TestResponse:
    token = hidden_fields(client.get("/register").text)
    sent = (
        token | FIELDS | {"category": str(category), **more, "q1-file": FileStorage(BytesIO(content), name)}
    )
    # Not by the client itself: it leaves the temporary file open in which it writes a large form.
    body, boundary = encoded(sent)
    answer = client.post("/register", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    db.session.rollback()
    return answer


def made() -> RegistrationId:
    db.session.rollback()
    found = find_live_by_address("a@x.example")
    assert found is not None
    return found.id


def said() -> str:
    value = values_of(made())[QuestionId(1)]
    assert isinstance(value, str)
    return value


def stored(app: Flask, folder: str) -> list[Path]:
    found = app.extensions["conference.settings"].instance / "answers" / folder
    return sorted(found.iterdir()) if found.is_dir() else []


@pytest.fixture
def category(app: Flask) -> CategoryId:
    del app
    made = make_category()
    make_question("Proof of study", Kind.FILE, is_required=True)
    return made


def test_a_form_without_such_a_question_is_sent_as_before(client: FlaskClient) -> None:
    make_category()
    make_question("Topic")
    assert "multipart" not in client.get("/register").text


def test_a_pdf_is_kept_downloaded_by_its_person_and_by_the_desk(
    app: Flask, client: FlaskClient, category: CategoryId
) -> None:
    assert 'enctype="multipart/form-data"' in client.get("/register").text
    assert send(client, category, PDF, "Intyg å.pdf").status_code == 303
    file = file_of(said())
    assert file is not None
    assert (file.name, file.size_bytes) == ("Intyg å.pdf", len(PDF))
    assert ([path.name for path in stored(app, "kept")], stored(app, "held")) == ([file.key], [])
    own = f"/r/{link_of(made(), 1)}"
    assert "Intyg å.pdf (0.1 MB)" in client.get(own).text
    got = client.get(f"{own}/files/1")
    assert (got.data, got.mimetype) == (PDF, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert client.get(f"{own}/files/2").status_code == 404
    sign_in(client, Role.DESK)
    assert client.get(f"/staff/registrations/{made()}/files/1").data == PDF
    assert f"/staff/registrations/{made()}/files/1" in client.get(f"/staff/registrations/{made()}").text


def test_a_picture_is_drawn_anew(app: Flask, client: FlaskClient, category: CategoryId) -> None:
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "b.png")):
        sent = picture(kind)
        more = {"email": f"{kind}@x.example"}
        assert send(client, category, sent, name, **more).status_code == 303
    contents = [path.read_bytes() for path in stored(app, "kept")]
    assert sorted(Image.open(BytesIO(one)).format or "" for one in contents) == ["JPEG", "PNG"]
    assert not any(b"secret place" in one for one in contents)


def test_a_file_stays_while_the_form_is_corrected(
    app: Flask, client: FlaskClient, category: CategoryId
) -> None:
    answer = send(client, category, PDF, "study.pdf", given_name="")
    assert (answer.status_code, "study.pdf (0.1 MB)" in answer.text) == (400, True)
    assert len(stored(app, "held")) == 1
    again = hidden_fields(answer.text) | FIELDS | {"category": str(category)}
    assert client.post("/register", data=again, content_type="multipart/form-data").status_code == 303
    assert said().endswith("study.pdf")
    assert (len(stored(app, "held")), len(stored(app, "kept"))) == (0, 1)


def test_a_new_file_that_will_not_do_leaves_the_one_before(client: FlaskClient, category: CategoryId) -> None:
    page = send(client, category, PDF, "study.pdf", given_name="").text
    sent = hidden_fields(page) | FIELDS | {"category": str(category), "q1-file": (BytesIO(b"x"), "x.pdf")}
    answer = client.post("/register", data=sent, content_type="multipart/form-data")
    assert (answer.status_code, "study.pdf (0.1 MB)" in answer.text) == (400, True)
    assert "neither a PDF nor a picture" in answer.text


BOMB = picture("PNG", (8000, 6000))
REFUSED = {
    "empty": (b"", "empty. Choose it again"),
    "html": (b"<html><script>alert(1)</script>", "neither a PDF nor a picture"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "neither a PDF nor a picture"),
    "cut pdf": (PDF[:-7], "cut off or damaged"),
    "cut jpeg": (picture("JPEG")[:200], "damaged or was cut off"),
    "too large": (b"%PDF-" + b"0" * MOST_BYTES, "larger than 5 MB"),
    "bomb": (BOMB, "pixels"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_will_not_do_is_refused_with_the_remedy(
    app: Flask, client: FlaskClient, category: CategoryId, what: str
) -> None:
    content, words = REFUSED[what]
    answer = send(client, category, content, "proof.pdf")
    assert answer.status_code == 400
    assert words in answer.text
    assert ('value="Åsa"' in answer.text, 'href="#q1"' in answer.text) == (True, True)
    assert stored(app, "held") + stored(app, "kept") == []


def test_a_required_file_that_is_missing_is_asked_for(client: FlaskClient, category: CategoryId) -> None:
    token = hidden_fields(client.get("/register").text)
    answer = client.post("/register", data=token | FIELDS | {"category": str(category)})
    assert (answer.status_code, "Answer this question." in answer.text) == (400, True)


def test_a_body_far_too_large_is_answered_calmly(client: FlaskClient, category: CategoryId) -> None:
    answer = send(client, category, b"0" * 26_000_000, "big.pdf")
    assert answer.status_code == 413
    assert "Traceback" not in answer.text


def test_nobody_names_a_file_that_they_did_not_send(client: FlaskClient, category: CategoryId) -> None:
    send(client, category, PDF, "mine.pdf")
    token = hidden_fields(client.get("/register").text)
    theirs = token | FIELDS | {"email": "b@x.example", "category": str(category), "q1": said()}
    assert client.post("/register", data=theirs).status_code == 400
    forged = theirs | {"q1": signed(said()).replace("mine", "your")}
    assert client.post("/register", data=forged).status_code == 400


def test_a_file_for_a_question_retired_meanwhile_is_dropped(
    app: Flask, client: FlaskClient, category: CategoryId
) -> None:
    token = hidden_fields(client.get("/register").text)
    transact(lambda session: retire_question(session, QuestionId(1), 1, is_retired=True, actor=BY_SYSTEM))
    sent = token | FIELDS | {"category": str(category), "q1-file": (BytesIO(PDF), "late.pdf")}
    answer = client.post("/register", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    db.session.rollback()
    assert values_of(made()) == {}
    assert stored(app, "kept") == []


def _change(client: FlaskClient, **more: object) -> int:
    db.session.rollback()
    own = f"/r/{link_of(made(), 1)}/change"
    fields = hidden_fields(client.get(own).text) | FIELDS | more
    return client.post(own, data=fields, content_type="multipart/form-data").status_code


def test_a_changed_file_replaces_and_deletes_the_one_before(
    app: Flask, client: FlaskClient, category: CategoryId
) -> None:
    send(client, category, PDF, "first.pdf")
    before = said()
    assert _change(client) == 303
    assert said() == before
    assert _change(client, **{"q1-file": (BytesIO(PDF + b"\n"), "second.pdf")}) == 303
    assert said().endswith("second.pdf")
    assert [path.name for path in stored(app, "kept")] == [said().split()[0]]


def test_an_optional_file_can_be_taken_away(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    make_question("Poster", Kind.FILE)
    send(client, category, PDF, "poster.pdf")
    assert len(stored(app, "kept")) == 1
    assert _change(client, **{"q1-remove": "y"}) == 303
    db.session.rollback()
    assert (values_of(made()), stored(app, "kept")) == ({}, [])


def test_erasure_deletes_the_file(app: Flask, client: FlaskClient, category: CategoryId) -> None:
    send(client, category, PDF, "proof.pdf")
    person = get_registration(made()).person_id
    assert len(stored(app, "kept")) == 1
    transact(lambda session: erase_person(session, person, actor=BY_SYSTEM, now=clock.now()))
    assert stored(app, "kept") == []


def test_all_data_names_the_file(client: FlaskClient, category: CategoryId) -> None:
    send(client, category, PDF, "proof.pdf")
    held = client.get(f"/r/{link_of(made(), 1)}/data.json").get_data(as_text=True)
    assert ("proof.pdf" in held, said().split()[0] in held) == (True, False)


def test_the_worker_deletes_what_no_answer_names(
    app: Flask, client: FlaskClient, category: CategoryId, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, category, PDF, "kept.pdf")
    send(client, category, PDF, "held.pdf", given_name="", email="b@x.example")
    source = FilesToForget()
    assert (source.claim("w"), source.claim("w")) == ([1], [])
    source.run(1, "w")
    assert (len(stored(app, "kept")), len(stored(app, "held"))) == (1, 1)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 25 * 3600)
    # A crash between the commit and the move leaves a file waiting that an answer names.
    kept = stored(app, "kept")[0]
    kept.rename(kept.parent.parent / "held" / kept.name)
    forget_unnamed()
    assert ([path.name for path in stored(app, "kept")], stored(app, "held")) == ([kept.name], [])


def test_a_full_disk_refuses_the_file_and_keeps_the_form(
    client: FlaskClient, category: CategoryId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_store, "MOST_HELD_BYTES", 10)
    answer = send(client, category, PDF, "proof.pdf")
    assert (answer.status_code, "cannot be kept at the moment" in answer.text) == (400, True)
    assert 'value="Åsa"' in answer.text


def test_a_file_cannot_be_sensitive(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    page = client.get("/staff/questions/new").text
    sent = {"label": "Passport", "kind": "file", "is_sensitive": "y", "place": "1"}
    answer = client.post("/staff/questions/new", data=hidden_fields(page) | sent)
    assert (answer.status_code, "Files are not encrypted" in answer.text) == (400, True)


def test_the_question_is_one_of_the_kinds(category: CategoryId) -> None:
    del category
    assert get_question(QuestionId(1)).details.kind is Kind.FILE
