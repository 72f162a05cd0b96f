"""Portrait and biography on the public pages: each by its own consent, and gone with it at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_LINK
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.programme.queries import draft
from conference.speakers import personal
from conference.speakers.model import ConsentKind
from conference.speakers.portraits import find_keys, remove_portrait
from conference.speakers.publishing import public_profiles
from conference.speakers.uses import move_dossier
from tests.factories.programme import publish_now
from tests.factories.speakers import choose, make_speaker, publish_portrait, speaker_url
from tests.factories.web import token_of

BIOGRAPHY = "Sequences <b>nothing</b>."
BOTH = (ConsentKind.PORTRAIT, ConsentKind.BIOGRAPHY)


def pages(client: FlaskClient) -> list[str]:
    """Return the public pages that show people, as they are now."""
    db.session.remove()
    session = draft().sessions[0]
    return [client.get(address).text for address in ("/speakers", f"/programme/session/{session.id}")]


def shown(client: FlaskClient, words: str) -> list[bool]:
    return [words in page for page in pages(client)]


def published_speaker(number: int = 0) -> PersonId:
    person_id = make_speaker(number)
    publish_portrait(person_id)
    choose(person_id, *BOTH, biography=BIOGRAPHY)
    publish_now()
    return person_id


def test_both_are_shown_with_consent_and_set_no_cookie(client: FlaskClient) -> None:
    person_id = published_speaker()
    keys = find_keys(person_id)
    assert shown(client, "Sequences &lt;b&gt;nothing&lt;/b&gt;.") == [True, True]
    for page in pages(client):
        assert f'<source type="image/webp" srcset="/speakers/portraits/{keys["webp"]}">' in page
        assert f'<img src="/speakers/portraits/{keys["jpg"]}"' in page
        assert 'alt="Portrait of Łukasz Đorđević"' in page
    for ending, kind in (("webp", "image/webp"), ("jpg", "image/jpeg")):
        answer = client.get(f"/speakers/portraits/{keys[ending]}")
        headers = answer.headers
        assert (answer.status_code, answer.mimetype, headers["Cache-Control"], headers.get("Set-Cookie")) == (
            200,
            kind,
            "public, no-cache",
            None,
        )
        again = client.get(f"/speakers/portraits/{keys[ending]}", headers={"If-None-Match": headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("kind", BOTH)
def test_each_is_shown_by_its_own_consent_alone(client: FlaskClient, kind: ConsentKind) -> None:
    person_id = published_speaker()
    choose(person_id, kind, ConsentKind.PUBLICATION, biography=BIOGRAPHY)
    assert shown(client, "<picture") == [kind is ConsentKind.PORTRAIT] * 2
    assert shown(client, "Sequences") == [kind is ConsentKind.BIOGRAPHY] * 2


def test_a_consent_taken_back_takes_the_picture_away_at_once(client: FlaskClient) -> None:
    person_id = published_speaker()
    address = f"/speakers/portraits/{find_keys(person_id)['webp']}"
    etag = client.get(address).headers["ETag"]
    url = f"{speaker_url(person_id)}/profile"
    typed = {"csrf_token": token_of(client, url), "revision": "2", "biography": BIOGRAPHY}
    assert client.post(url, data=typed).status_code == 303
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 404
    assert (shown(client, "<picture"), shown(client, "Sequences")) == ([False, False], [False, False])
    choose(person_id, *BOTH, biography=BIOGRAPHY)
    assert (client.get(address).status_code, shown(client, "<picture")) == (200, [True, True])


def test_a_removed_portrait_and_an_erased_person_are_gone(client: FlaskClient) -> None:
    person_id = published_speaker()
    address = f"/speakers/portraits/{find_keys(person_id)['jpg']}"
    transact(lambda session: remove_portrait(session, person_id, actor=BY_LINK))
    assert (client.get(address).status_code, shown(client, "<picture")) == (404, [False, False])
    publish_portrait(person_id)
    assert shown(client, "<picture") == [True, True]
    transact(lambda session: personal.erase(session, person_id, keeps_names=False))
    assert shown(client, "<picture") == [False, False]


def test_who_is_not_published_is_not_pictured(client: FlaskClient) -> None:
    person_id = make_speaker()
    key = publish_portrait(person_id)
    assert client.get(f"/speakers/portraits/{key}").status_code == 404
    publish_now()
    assert client.get(f"/speakers/portraits/{key}").status_code == 200


@pytest.mark.parametrize("key", ["x", "0" * 32 + ".webp", "../../conference.sqlite3"])
def test_other_keys_are_not_found(client: FlaskClient, key: str) -> None:
    published_speaker()
    assert client.get(f"/speakers/portraits/{key}").status_code == 404


def test_merged_people_keep_what_they_let_be_shown(app: Flask) -> None:
    gone, kept = make_speaker(1), make_speaker(2)
    choose(gone, ConsentKind.BIOGRAPHY, biography=BIOGRAPHY)
    assert {one: profile.biography for one, profile in public_profiles().items()} == {gone: BIOGRAPHY}
    db.session.remove()
    transact(lambda session: move_dossier(session, gone, kept))
    assert {one: profile.biography for one, profile in public_profiles().items()} == {kept: BIOGRAPHY}
