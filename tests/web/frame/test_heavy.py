"""Heavy work has one place in a process: while it is taken the form answers, and the next heavy request comes again."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from conference.web import heavy
from conference.web.access import Role
from conference.web.heavy import HeavyWorkError, heavy_work
from tests.factories.accounts import sign_in
from tests.factories.pictures import a_picture
from tests.factories.programme import make_session, publish_now
from tests.factories.registration import make_category
from tests.factories.speakers import make_speaker, speaker_url
from tests.factories.web import REGISTRATION_FORM, token_of


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody else does heavy work, for as long as the test goes on, and nobody waits for it."""
    monkeypatch.setattr(heavy, "WAITS_S", 0)
    go, has_begun = threading.Event(), threading.Event()

    def work() -> None:
        with heavy_work():
            has_begun.set()
            go.wait()

    thread = threading.Thread(target=work)
    thread.start()
    has_begun.wait()
    yield
    go.set()
    thread.join()


@pytest.mark.usefixtures("full")
def test_the_form_answers_while_the_next_heavy_request_is_refused(app: Flask, client: FlaskClient) -> None:
    category = make_category(name="Participant", seats=10)
    staff = app.test_client()
    sign_in(staff, Role.ORGANISER)
    for address in ("/staff/programme.pdf", "/staff/registrations/export", "/staff/lists/participants.pdf"):
        refused = staff.get(address)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        assert "nothing was saved" in refused.text
        assert "Wait ten seconds" in refused.text
    fields = {**REGISTRATION_FORM, "category": str(category), "csrf_token": token_of(client, "/register")}
    assert client.post("/register", data=fields).status_code == 303


@pytest.mark.usefixtures("full")
def test_a_public_paper_that_is_not_drawn_yet_comes_later(client: FlaskClient) -> None:
    make_session("Opening")
    publish_now()
    assert client.get("/programme.pdf").status_code == 503
    assert client.get("/programme").status_code == 200


@pytest.mark.usefixtures("full")
def test_a_picture_is_sent_again(client: FlaskClient) -> None:
    url = f"{speaker_url(make_speaker())}/portrait"
    square = {"left": "50", "top": "50", "side": "100"}
    form = {"csrf_token": token_of(client, url), **square, "picture": (BytesIO(a_picture()), "me.jpg")}
    refused = client.post(url, data=form, content_type="multipart/form-data")
    assert (refused.status_code, "nothing was saved" in refused.text) == (503, True)


def test_what_was_refused_is_answered_once_the_place_is_free(client: FlaskClient) -> None:
    make_session("Opening")
    publish_now()
    assert client.get("/programme.pdf").data.startswith(b"%PDF-")


def test_the_place_is_given_back_by_what_fails() -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), heavy_work():
            _ = 1 / 0


def test_who_has_the_place_may_take_it_again() -> None:
    with heavy_work(), heavy_work():
        pass
    with heavy_work():
        pass


def test_one_waits_and_a_third_is_refused_at_once() -> None:
    go, has_begun = threading.Event(), threading.Event()

    def first() -> str:
        with heavy_work():
            has_begun.set()
            go.wait()
        return "first"

    def second() -> str:
        with heavy_work():
            return "second"

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(first)
        has_begun.wait()
        other = threads.submit(second)
        while heavy._gate._waiting._value:
            pass
        with pytest.raises(HeavyWorkError), heavy_work():
            pass
        go.set()
        assert (one.result(), other.result()) == ("first", "second")


def _is_free() -> bool:
    """Return whether another thread would get the place now."""

    def look() -> bool:
        got = heavy._gate._place.acquire(blocking=False)
        if got:
            heavy._gate._place.release()
        return got

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(look).result()


def test_an_answer_in_parts_holds_the_place_until_its_last() -> None:
    @heavy.heavy
    def view() -> Response:
        return Response(iter(["a", "b"]))

    answer = view()
    assert not _is_free()
    assert list(answer.iter_encoded()) == [b"a", b"b"]
    answer.close()
    assert _is_free()
