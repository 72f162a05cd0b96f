"""Co-authors, level and keywords of a talk, written by the office and the speaker, public with the next version."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.ids import PersonId, TalkId
from conference.db.base import db
from conference.db.work import transact
from conference.programme import personal, queries
from conference.programme.changes import ChangeKind, diff
from conference.programme.model import CoAuthor, Level, TalkDetails, TalkFacts
from conference.programme.tables import VersionRow
from conference.programme.talks import edit_talk
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.programme import make_person, part, publish_now
from tests.factories.speakers import make_speaker, speaker_url
from tests.factories.web import token_of

FACTS = TalkFacts(
    level=Level.ADVANCED,
    keywords=("exome", "RNA"),
    co_authors=(CoAuthor(name="Åsa <b>", affiliation="Hospital; Example"), CoAuthor(name="Ötzi")),
)
TYPED = {
    "title": "A talk",
    "abstract": "",
    "duration_min": "20",
    "level": "advanced",
    "keywords": " exome, RNA ,exome",
    "co_authors": "Åsa <b>; Hospital; Example\r\n\r\nÖtzi",
}


def first_talk() -> tuple[TalkId, TalkFacts, int]:
    db.session.remove()
    talk = queries.draft().sessions[0].talks[0]
    return talk.id, talk.facts, talk.revision


def by_office(client: FlaskClient, person_id: PersonId) -> str:
    sign_in(client, Role.PROGRAMME)
    return f"/staff/programme/talk/{first_talk()[0]}/edit"


def by_speaker(_client: FlaskClient, person_id: PersonId) -> str:
    return f"{speaker_url(person_id)}/talks/{first_talk()[0]}"


BOTH = pytest.mark.parametrize("page_of", [by_office, by_speaker])


@BOTH
def test_they_are_saved_shown_again_and_public_with_the_next_version(
    client: FlaskClient, page_of: Any
) -> None:
    person_id = make_speaker()
    publish_now()
    url = page_of(client, person_id)
    answer = client.post(url, data={"csrf_token": token_of(client, url), "revision": "1", **TYPED})
    assert answer.status_code == 303, answer.text
    talk_id, facts, _ = first_talk()
    assert facts == FACTS
    page = client.get(url).text
    assert "Åsa &lt;b&gt;; Hospital; Example\nÖtzi</textarea>" in page
    assert 'value="exome, RNA"' in page
    (change,) = history_of("talk", talk_id)[:1]
    assert change.changes["co_authors"] == ([], ["Åsa <b>; Hospital; Example", "Ötzi"])
    session_id = queries.draft().sessions[0].id
    public = f"/programme/session/{session_id}"
    assert "exome, RNA" not in client.get(public).text
    publish_now()
    shown = client.get(f"{public}?lang=de").text
    assert ("Åsa &lt;b&gt;" in shown, "Ötzi" in shown, "exome, RNA" in shown) == (True, True, True)
    assert "Für Fortgeschrittene" in shown


@BOTH
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"co_authors": "\n".join(f"Author {n}" for n in range(31))}, "These are 31 co-authors; 30 fit."),
        ({"co_authors": "Åsa\n; Hospital"}, "Co-author 2 has no name."),
        (
            {"co_authors": "Åsa\nBo; evil.example"},
            "Co-author 2: “evil.example” would become a link in mails.",
        ),
        ({"co_authors": "x" * 121}, "The name of co-author 1 is longer than 120 characters."),
        ({"co_authors": "Åsa; " + "x" * 201}, "The affiliation of co-author 1 is longer than 200"),
        ({"co_authors": "Åsa\x07"}, "a character that cannot be printed"),
        ({"keywords": ",".join(f"word {n}" for n in range(9))}, "These are 9 keywords; 8 fit."),
        ({"keywords": "x" * 61}, "is longer than 60 characters."),
        ({"level": "genius"}, "Not a valid choice"),
    ],
)
def test_what_does_not_fit_is_refused_and_kept_in_the_form(
    client: FlaskClient, page_of: Any, changes: dict[str, str], words: str
) -> None:
    url = page_of(client, make_speaker())
    data = {"csrf_token": token_of(client, url), "revision": "1", **TYPED, **changes}
    answer = client.post(url, data=data)
    assert (answer.status_code, words in answer.text) == (400, True)
    assert (
        next(iter(changes.values()))[:20].split("\n")[0].split("\x07")[0] in answer.text or "level" in changes
    )
    assert first_talk()[1] == TalkFacts()


@BOTH
def test_two_who_write_at_once_see_both(client: FlaskClient, page_of: Any) -> None:
    person_id = make_speaker()
    url = page_of(client, person_id)
    token = token_of(client, url)
    talk_id, _, revision = first_talk()
    theirs = TalkDetails(title="A talk", people=(part(person_id),), facts=FACTS)
    transact(lambda session: edit_talk(session, talk_id, revision, theirs, actor=BY_SYSTEM))
    mine = {**TYPED, "co_authors": "Somebody else", "level": "introductory"}
    stale = client.post(url, data={"csrf_token": token, "revision": str(revision), **mine})
    assert stale.status_code == 409
    assert all(words in stale.text for words in ("Ötzi", "Somebody else", "Advanced", "Introductory"))
    again = client.post(url, data={"csrf_token": token, "revision": str(revision + 1), **mine})
    assert again.status_code == 303
    assert first_talk()[1].co_authors == (CoAuthor(name="Somebody else"),)


def test_a_version_of_an_older_release_is_still_read(client: FlaskClient) -> None:
    make_speaker()
    publish_now()

    def age(session: Any) -> None:
        row = session.get(VersionRow, 1)
        snapshot = {**row.snapshot, "shape": 1}
        for one in snapshot["sessions"]:
            for talk in one["talks"]:
                for name in ("level", "keywords", "co_authors"):
                    del talk[name]
        row.snapshot = {**snapshot}

    transact(age)
    old = queries.version(1)
    assert old.sessions[0].talks[0].facts == TalkFacts()
    assert diff(old, queries.draft()) == ()


def test_other_facts_are_a_change_of_talks(app: Flask) -> None:
    person_id = make_speaker()
    publish_now()
    talk_id, _, revision = first_talk()
    details = TalkDetails(title="Talk 0", people=(part(person_id),), facts=FACTS)
    transact(lambda session: edit_talk(session, talk_id, revision, details, actor=BY_SYSTEM))
    db.session.remove()
    public = queries.published()
    assert [change.kind for change in diff(public, queries.draft())] == [ChangeKind.TALKS]


def test_an_erased_person_is_dropped_as_a_co_author(app: Flask) -> None:
    person_id = make_speaker()
    gone = make_person("Åsa", "Lind", "Hospital of Example")
    theirs = (CoAuthor(name="Åsa Lind", affiliation="Hospital of Example"), CoAuthor(name="Åsa Lind"))
    talk_id, _, revision = first_talk()
    details = TalkDetails(title="Talk 0", people=(part(person_id),), facts=TalkFacts(co_authors=theirs))
    transact(lambda session: edit_talk(session, talk_id, revision, details, actor=BY_SYSTEM))
    publish_now()
    transact(lambda session: personal.erase(session, gone))
    _, facts, now = first_talk()
    # A namesake of another affiliation, or of none, is somebody else.
    assert (facts.co_authors, now) == ((CoAuthor(name="Åsa Lind"),), revision + 2)
    frozen = queries.version(1).sessions[0].talks[0].facts.co_authors
    assert frozen == (CoAuthor(name="–"), CoAuthor(name="Åsa Lind"))
