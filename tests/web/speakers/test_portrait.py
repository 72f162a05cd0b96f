from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from conference.audit.model import BY_SYSTEM
from conference.core.errors import NotFoundError
from conference.db.work import transact
from conference.people.service import renew_link
from conference.speakers import files
from conference.speakers.queries import consents_of
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.pictures import a_picture
from tests.factories.speakers import make_speaker, speaker_url
from tests.factories.web import token_of

SQUARE = {"left": "50", "top": "50", "side": "100"}


def send(client: FlaskClient, url: str, data: bytes | None, **changes: str) -> TestResponse:
    picture = (
        {}
        if data is None
        else {"picture": FileStorage(BytesIO(data), "../../evil.svg", content_type="image/svg+xml")}
    )
    form = {"csrf_token": token_of(client, url), **SQUARE, **changes, **picture}
    # Encoded here: the client's own encoder leaves a temporary file open for a large body.
    boundary, body = encode_multipart(form)
    return client.post(url, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def kept(folder: Path) -> list[str]:
    return sorted(path.suffix for path in (folder / "speakers").glob("*"))


def test_a_portrait_is_kept_shown_replaced_and_removed(client: FlaskClient, tmp_path: Path) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/portrait"
    for _ in range(2):
        assert send(client, url, a_picture()).status_code == 303
        assert kept(tmp_path) == [".jpg", ".jpg", ".webp", ".webp"]
    assert 'alt="Your portrait as it is stored"' in client.get(url).text
    sign_in(client, Role.VIEWER)
    for address, kind in ((f"{url}.webp", "webp"), (f"/staff/speakers/{person_id}/portrait.jpg", "jpeg")):
        shown = client.get(address)
        headers = shown.headers
        ending = address.rsplit(".", 1)[1]
        assert (shown.mimetype, headers["Content-Disposition"], headers["X-Content-Type-Options"]) == (
            f"image/{kind}",
            f"inline; filename=portrait.{ending}",
            "nosniff",
        )
    assert client.get(f"{url}.svg").status_code == 404
    token = {"csrf_token": token_of(client, url)}
    assert client.post(f"{url}/remove", data={}).status_code == 400
    assert [client.post(f"{url}/remove", data=token).status_code for _ in range(2)] == [303, 303]
    assert (kept(tmp_path), client.get(f"{url}.webp").status_code) == ([], 404)


@pytest.mark.parametrize(
    ("data", "changes", "status", "words"),
    [
        (None, {}, 422, "This file is not a JPEG, PNG or WebP picture."),
        (b"<svg/>", {}, 422, "This file is not a JPEG, PNG or WebP picture."),
        (a_picture()[:300], {}, 422, "This picture is damaged or was cut off"),
        (bytes(8_000_001), {}, 413, "This file has more than 8 MB."),
        (bytes(9_000_000), {}, 413, "This file has more than 8 MB."),
        (a_picture(), {"left": "101"}, 400, "Enter a number from 0 to 100."),
        (a_picture(), {"side": "x"}, 400, "Not a valid integer value."),
        (a_picture(), {"csrf_token": ""}, 400, "This page was open too long."),
    ],
    ids=["none", "SVG", "cut", "over 8 MB", "over all", "outside", "no number", "no token"],
)
def test_a_refusal_is_a_page_that_says_what_to_do(
    client: FlaskClient, tmp_path: Path, data: bytes | None, changes: dict[str, str], status: int, words: str
) -> None:
    url = f"{speaker_url(make_speaker())}/portrait"
    answer = send(client, url, data, **changes)
    assert (answer.status_code, words in answer.text, kept(tmp_path)) == (status, True, [])


def test_other_pages_still_take_1_mb_at_most(client: FlaskClient) -> None:
    url = f"{speaker_url(make_speaker())}/profile"
    token = token_of(client, url)
    assert client.post(url, data={"csrf_token": token, "biography": "x" * 1_100_000}).status_code == 413


def test_a_dead_link_shows_no_picture(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/portrait"
    send(client, url, a_picture())
    transact(lambda session: renew_link(session, person_id, 1, actor=BY_SYSTEM))
    assert [client.get(address).status_code for address in (url, f"{url}.webp")] == [404, 404]


def test_publishing_it_is_a_choice_of_its_own_and_unticked(client: FlaskClient) -> None:
    person_id = make_speaker()
    url = f"{speaker_url(person_id)}/profile"
    assert 'id="portrait" name="portrait" type="checkbox"' in client.get(url).text
    assert " checked" not in client.get(url).text
    data = {"csrf_token": token_of(client, url), "portrait": "y"}
    assert client.post(url, data=data).status_code == 303
    assert {kind.value: given for kind, given in consents_of(person_id).items()} == {"portrait": True}


@pytest.mark.parametrize("key", ["../secret.jpg", "a.jpg", "0" * 32, f"{'0' * 32}.svg", f"{'0' * 32}.jpg"])
def test_only_keys_of_this_room_reach_a_file(app: Flask, key: str) -> None:
    with pytest.raises(NotFoundError):
        files.read(key)
