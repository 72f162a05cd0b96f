"""Keys are renewed while what the old ones made is still good."""

import base64
import hashlib
from functools import partial
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import update

from conference.core.clock import clock
from conference.core.errors import NotFoundError
from conference.core.ids import RegistrationId
from conference.core.links import read, read_word, sign, sign_word
from conference.core.sealing import is_newest, seal
from conference.db.base import db
from conference.db.work import transact
from conference.mail.service import is_written, message_id
from conference.registration.file_store import signed, unsigned
from conference.registration.links import link_of, registration_by_link
from conference.registration.queries import get_registration
from conference.registration.question_answers import write_new
from conference.registration.question_model import AnswerSheet, Given
from conference.registration.question_queries import answers_of
from conference.registration.tables import AnswerRow
from conference.registration.visa_service import find_letter
from conference.running.errors import RunningError
from conference.running.keys import reseal_all, still_shut
from conference.tables import metadata
from conference.web.access import Role
from conference.web.registry import resealers
from conference.web.settings import attach_settings, current_settings
from tests.conftest import SECRET, FreshClient, opened, settings_for
from tests.factories.accounts import add_app, make_member, sign_in
from tests.factories.questions import make_question
from tests.factories.registration import make_category, register_attendee
from tests.factories.visa import ask_letter

OLD, NEW, LOST = "o" * 40, "n" * 40, "l" * 40


def found(**changed: int) -> dict[str, int]:
    """Return how many of each holder are said to be sealed anew, none where not named."""
    return {"answers": 0, "passports": 0, "authenticators": 0} | changed


def quiet(*_what: object) -> None:
    """Tell nobody."""


def set_keys(app: Flask, url: str, tmp_path: Path, **keys: str) -> None:
    attach_settings(app, settings_for(url, tmp_path, **keys))


@pytest.mark.parametrize("keys", [(NEW, OLD), (NEW, LOST, OLD)])
def test_each_key_reads_and_the_first_signs(keys: tuple[str, ...]) -> None:
    assert read(keys, "registration", sign(OLD, "registration", 17, 2)) == (17, 2)
    assert read_word(keys, "news", sign_word(OLD, "news", "w")) == "w"


def test_a_key_that_is_taken_out_reads_nothing() -> None:
    with pytest.raises(NotFoundError):
        read((NEW, LOST), "registration", sign(OLD, "registration", 17, 2))
    with pytest.raises(NotFoundError):
        read_word((NEW, LOST), "news", sign_word(OLD, "news", "w"))


def test_links_cookies_and_forms_of_the_old_key_work_on(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, tmp_path) as app:
        made = get_registration(register_attendee(make_category(seats=5)))
        token, form = link_of(made.id, made.link_version), signed("a file")
        number = message_id("a key of ours")
        client = app.test_client()
        sign_in(client, Role.ORGANISER)
        (cookie,) = [client.get_cookie("conference")]
    assert cookie is not None
    with opened(database_url, tmp_path) as app:
        renewed = settings_for(database_url, tmp_path, SECRET_KEY=NEW, OLD_SECRET_KEYS=SECRET)
        attach_settings(app, renewed)
        app.config.update(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[SECRET])
        assert registration_by_link(token).id == made.id
        assert link_of(made.id, made.link_version) != token
        assert unsigned(form) == "a file"
        assert message_id("a key of ours") != number
        client = app.test_client()
        client.set_cookie("conference", cookie.value)
        assert client.get("/staff/").status_code == 200


def test_the_application_takes_cookies_of_earlier_keys(sqlite_url: str, tmp_path: Path) -> None:
    from conference.app import create_app  # as a server does, with these settings

    app = create_app(settings_for(sqlite_url, tmp_path, SECRET_KEY=NEW, OLD_SECRET_KEYS=f"{OLD},{LOST}"))
    assert app.config["SECRET_KEY_FALLBACKS"] == [OLD, LOST]
    assert app.test_client_class is not FreshClient


def seal_answers(count: int, keys: str) -> list[RegistrationId]:
    """Let so many people have a sensitive answer that the keys sealed; return the registrations."""
    category, question = make_category(seats=50), make_question("Allergies", is_sensitive=True)
    found = []
    for number in range(count):
        made = register_attendee(category, email=f"p{number}@lab.example")
        sheet = AnswerSheet(given=(Given(question_id=question, sealed=seal(keys, f'"nuts {number}"')),))
        transact(partial(write_new, registration_id=made, sheet=sheet, now=clock.now()))
        found.append(made)
    db.session.rollback()
    return found


def sealed_texts() -> list[str]:
    db.session.rollback()
    return [row.sealed or "" for row in db.session.query(AnswerRow).order_by(AnswerRow.id)]


def test_everything_is_sealed_anew_and_a_second_run_has_nothing_to_do(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=OLD)
    (first, *_) = seal_answers(5, OLD)
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=f"{NEW},{OLD}")
    assert reseal_all(quiet, at_once=2) == found(answers=5)
    assert all(is_newest(NEW, one) for one in sealed_texts())
    assert reseal_all(quiet) == found()
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=NEW)
    assert [one.value for one in answers_of(first, with_sensitive=True)] == ["nuts 0"]
    assert still_shut() is None


def test_what_an_earlier_version_sealed_is_sealed_anew_under_the_same_key(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=OLD)
    first, second = seal_answers(2, OLD)
    earlier = Fernet(base64.urlsafe_b64encode(hashlib.sha256(OLD.encode()).digest())).encrypt(b'"nuts 0"')
    values = {"sealed": earlier.decode()}
    transact(
        lambda session: session.execute(
            update(AnswerRow).where(AnswerRow.registration_id == first).values(values)
        )
    )
    db.session.rollback()
    assert [one.value for one in answers_of(first, with_sensitive=True)] == ["nuts 0"]
    assert reseal_all(quiet) == found(answers=1)
    db.session.rollback()
    assert all(is_newest(OLD, one) for one in sealed_texts())
    shown = [one.value for of in (first, second) for one in answers_of(of, with_sensitive=True)]
    assert shown == ["nuts 0", "nuts 1"]


def test_a_run_that_was_broken_off_goes_on(app: Flask, database_url: str, tmp_path: Path) -> None:
    seal_answers(5, OLD)
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=f"{NEW},{OLD}")

    def broken_off(_name: str, done: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal_all(broken_off, at_once=2)
    assert [is_newest(NEW, one) for one in sealed_texts()] == [True, True, True, True, False]
    assert reseal_all(quiet, at_once=2) == found(answers=1)


def test_what_no_key_opens_is_left_and_told(app: Flask, database_url: str, tmp_path: Path) -> None:
    seal_answers(2, OLD)
    (row, _) = sealed_texts()
    with db.engine.begin() as connection:
        connection.execute(update(AnswerRow).where(AnswerRow.sealed == row).values(sealed=seal(LOST, "x")))
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=f"{NEW},{OLD}")
    assert reseal_all(quiet) == found(answers=1)
    assert "1 of 2 sensitive answers cannot be opened" in (still_shut() or "")


def test_without_a_key_it_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from conference.running import keys as module  # its key is the demonstration's elsewhere

    monkeypatch.setattr(module, "encryption_key", lambda: "")
    with pytest.raises(RunningError, match="set CONFERENCE_ENCRYPTION_KEY first"):
        reseal_all(quiet)


def test_every_holder_of_sealed_texts_is_there(app: Flask) -> None:
    columns = {f"{table.name}.{c.name}" for table in metadata.tables.values() for c in table.columns}
    # When the history's end was sealed is a time.
    assert {one for one in columns if "sealed" in one} - {"audit_head.sealed_at"} == {
        "answer.sealed",
        "visa_letter.sealed",
        "staff.totp_sealed",
    }
    assert {name for name, _ in resealers.items()} == set(found())
    assert current_settings().secret_key == SECRET
    assert not is_written(db.session(), "never")


def test_passports_are_sealed_anew_and_one_that_no_key_opens_is_told(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=OLD)
    registration_id = register_attendee(make_category())
    ask_letter(registration_id)
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=NEW)
    assert "1 of 1 passports" in (still_shut() or "")
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=f"{NEW},{OLD}")
    assert still_shut() is None
    assert reseal_all(quiet) == found(passports=1)
    set_keys(app, database_url, tmp_path, ENCRYPTION_KEY=NEW)
    letter = find_letter(registration_id, with_passport=True)
    assert letter
    assert letter.passport


@pytest.mark.parametrize("encryption", ["", OLD])
def test_authenticators_outlive_a_new_secret_key(
    app: Flask, database_url: str, tmp_path: Path, encryption: str
) -> None:
    set_keys(app, database_url, tmp_path, SECRET_KEY=OLD, ENCRYPTION_KEY=encryption)
    add_app(make_member(Role.ORGANISER))
    newer = {"SECRET_KEY": NEW, "ENCRYPTION_KEY": encryption and f"{NEW},{OLD}"}
    set_keys(app, database_url, tmp_path, **newer)
    assert ("1 of 1 authenticators" in (still_shut() or "")) == (not encryption)
    set_keys(app, database_url, tmp_path, OLD_SECRET_KEYS=OLD, **newer)
    assert still_shut() is None
    assert reseal_all(quiet) == found(authenticators=1)
    set_keys(app, database_url, tmp_path, SECRET_KEY=NEW, ENCRYPTION_KEY=encryption and NEW)
    assert still_shut() is None
