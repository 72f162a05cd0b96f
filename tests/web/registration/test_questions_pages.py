"""Questions on the public form, on the personal page and in the office."""

import json
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from conference.audit.model import BY_SYSTEM
from conference.audit.queries import history_of
from conference.core.clock import STOCKHOLM, clock
from conference.core.ids import CategoryId, QuestionId, RegistrationId
from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.registration.errors import NoEncryptionKeyError
from conference.registration.links import link_of
from conference.registration.queries import find_live_by_address
from conference.registration.question_answers import answers as purging
from conference.registration.question_model import CONSENT, Kind
from conference.registration.question_queries import get_question, missing_key, questions, values_of
from conference.registration.question_service import retire_question
from conference.registration.tables import AnswerRow, AttemptRow
from conference.web.access import Role
from tests.benchmarks.servers import hidden_fields
from tests.factories.accounts import sign_in
from tests.factories.extras import make_extra
from tests.factories.questions import DIETS, make_question
from tests.factories.registration import make_category

FIELDS = {"given_name": "Åsa", "affiliation": "KI", "country": "SE", "profession": ""}


def send(
    client: FlaskClient, category: CategoryId, answers: dict[str, object], email: str = "a@x.example"
) -> tuple[int, str]:
    token = hidden_fields(client.get("/register").text)
    sent = token | FIELDS | {"email": email, "category": str(category)} | answers
    answer = client.post("/register", data=sent)
    db.session.rollback()
    return answer.status_code, answer.text


def made(email: str = "a@x.example") -> RegistrationId:
    found = find_live_by_address(email)
    assert found is not None
    return found.id


def said(email: str = "a@x.example") -> dict[QuestionId, object]:
    db.session.rollback()
    return dict(values_of(made(email)))


def row() -> AnswerRow:
    db.session.rollback()
    return db.session.scalars(select(AnswerRow)).one()


def test_each_kind_is_asked_answered_and_shown(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    ids = [
        make_question(kind.value, kind, options=DIETS if kind in {Kind.ONE_OF, Kind.SEVERAL} else ())
        for kind in Kind
        if kind is not Kind.FILE  # sent in another way: test_file_questions
    ]
    typed = ["Text", "Long\r\ntext", "2.5", "yes", "vegan", ["any", "vegan"], "2022-09-01", "DE"]
    status, page = send(client, category, {f"q{one}": it for one, it in zip(ids, typed, strict=True)})
    assert status == 303, page
    assert list(said().values()) == [*typed[:5], ("any", "vegan"), *typed[6:]]
    own = client.get(f"/r/{link_of(made(), 1)}").text
    for words in ("Text", "2.5", "Yes", "Anything, Vegan", "2022-09-01", "Germany"):
        assert words in own


def test_a_wrong_answer_keeps_the_form_and_leads_to_its_field(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    number = make_question("How many", Kind.NUMBER, is_required=True)
    status, page = send(client, category, {f"q{number}": "many"})
    assert status == 400
    assert f'href="#q{number}"' in page
    assert 'value="many"' in page
    assert "Enter a number" in page


def test_what_is_not_asked_is_ignored_on_the_server_too(app: Flask, client: FlaskClient) -> None:
    student, other = make_category("Student"), make_category("Other")
    proof = make_question("Proof", is_required=True, categories=frozenset({student}))
    staff, gone = make_question("Proof seen", for_staff=True), make_question("Gone", is_retired=True)
    answers: dict[str, object] = {f"q{one}": "x" for one in (proof, staff, gone)}
    assert send(client, other, answers)[0] == 303
    assert said() == {}
    page = client.get("/register").text
    assert "Only for: Student" in page
    assert "Proof seen" not in page
    assert "Gone" not in page


def test_the_blank_form_shows_a_reworded_question_at_once(app: Flask, client: FlaskClient) -> None:
    make_category()
    make_question("Before")
    assert "Before" in client.get("/register").text
    make_question("After")
    assert "After" in client.get("/register").text


def test_a_question_asked_by_another_process_meanwhile_is_asked(app: Flask, client: FlaskClient) -> None:
    """What this process keeps is outdated; the transaction that registers notices, and the form is read again."""
    category = make_category()
    old = make_question("Old", is_required=True)
    token = hidden_fields(client.get("/register").text)
    kept = dict(app.extensions["conference_standing"])
    new = make_question("New", is_required=True)
    transact(lambda session: retire_question(session, old, 1, is_retired=True, actor=BY_SYSTEM))
    for answers, status in (({f"q{old}": "x"}, 400), ({f"q{new}": "x"}, 303)):
        app.extensions["conference_standing"] = dict(kept)
        sent = token | FIELDS | {"email": "a@x.example", "category": str(category)} | answers
        answer = client.post("/register", data=sent)
        assert answer.status_code == status, answer.text
    assert said() == {new: "x"}


def test_a_sensitive_answer_is_encrypted_with_its_consent(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    diet = make_question("Diet", is_sensitive=True)
    status, page = send(client, category, {f"q{diet}": "Nothing with nuts"})
    assert (status, "Tick the box under this answer" in page) == (400, True)
    assert send(client, category, {f"q{diet}": "Nothing with nuts", f"q{diet}-consent": "y"})[0] == 303
    stored = row()
    assert (stored.value, stored.consent_wording) == (None, CONSENT)
    assert "nuts" not in str(stored.sealed)
    payload = db.session.scalars(select(AttemptRow.payload)).one()
    assert "nuts" not in json.dumps(payload)
    assert "Nothing with nuts" in client.get(f"/r/{link_of(made(), 1)}").text


def test_a_look_at_sensitive_answers_is_recorded(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    diet = make_question("Diet", is_sensitive=True)
    assert send(client, category, {f"q{diet}": "No nuts", f"q{diet}-consent": "y"})[0] == 303
    sign_in(client, Role.DESK)
    url = f"/staff/registrations/{made()}"
    page = client.get(url).text
    assert ("Kept encrypted" in page, "No nuts" in page) == (True, False)
    assert client.post(f"{url}/sensitive").status_code == 400
    answer = client.post(f"{url}/sensitive", data={"csrf_token": hidden_fields(page)["csrf_token"]})
    assert (answer.status_code, "No nuts" in answer.text) == (200, True)
    db.session.rollback()
    assert [entry.action for entry in history_of("registration", made())].count("sensitive answers seen") == 1
    assert "No nuts" not in client.get(f"{url}/change").text


def test_an_answer_whose_key_is_gone_is_not_shown_and_breaks_nothing(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    diet = make_question("Diet", is_sensitive=True)
    assert send(client, category, {f"q{diet}": "No nuts", f"q{diet}-consent": "y"})[0] == 303
    transact(lambda session: session.execute(update(AnswerRow).values(sealed="of another key")))
    assert "Kept encrypted" in client.get(f"/r/{link_of(made(), 1)}").text


def test_sensitive_answers_are_purged_and_others_stay(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    diet, topic = make_question("Diet", is_sensitive=True), make_question("Topic")
    answers: dict[str, object] = {f"q{diet}": "No nuts", f"q{diet}-consent": "y", f"q{topic}": "Genomes"}
    assert send(client, category, answers)[0] == 303
    assert purging.claim("worker") == []
    clock.begin_at(datetime(2022, 10, 8, 1, tzinfo=STOCKHOLM))
    (job,) = purging.claim("worker")
    purging.run(job, "worker")
    assert said() == {topic: "Genomes"}
    assert purging.claim("worker") == []


def change(client: FlaskClient, url: str, answers: dict[str, object], **more: str) -> int:
    hidden = hidden_fields(client.get(url).text)
    return client.post(url, data=hidden | FIELDS | answers | more).status_code


def test_answers_are_changed_on_the_personal_page(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    diet = make_question("Diet", Kind.ONE_OF, options=DIETS)
    topic, gone = make_question("Topic"), make_question("Gone")
    answers: dict[str, object] = {f"q{diet}": "any", f"q{topic}": "Genomes", f"q{gone}": "Kept"}
    assert send(client, category, answers)[0] == 303
    revision = get_question(gone).revision
    transact(lambda session: retire_question(session, gone, revision, is_retired=True, actor=BY_SYSTEM))
    url = f"/r/{link_of(made(), 1)}/change"
    page = client.get(url).text
    assert ('value="any" checked' in page, 'value="Genomes"' in page) == (True, True)
    assert change(client, url, {f"q{diet}": "vegan", f"q{gone}": "Lost"}) == 303
    assert said() == {diet: "vegan"}
    db.session.rollback()
    kept = {one.question_id: one.value for one in db.session.scalars(select(AnswerRow))}
    assert kept == {diet: "vegan", gone: "Kept"}
    acts = [entry.action for entry in history_of("registration", made())]
    assert acts.count("answers changed") == 1
    assert change(client, url, {f"q{diet}": "vegan"}) == 303
    db.session.rollback()
    assert [entry.action for entry in history_of("registration", made())].count("answers changed") == 1


def test_the_office_answers_staffs_questions(app: Flask, client: FlaskClient) -> None:
    category = make_category(needs_approval=True)
    proof, topic = make_question("Proof seen", Kind.YES_NO, for_staff=True), make_question("Topic")
    assert send(client, category, {f"q{topic}": "Genomes"})[0] == 303
    sign_in(client, Role.ORGANISER)
    url = f"/staff/registrations/{made()}/change"
    assert change(client, url, {f"q{proof}": "yes", f"q{topic}": "Genomes"}, email="a@x.example") == 303
    assert "Proof seen" in client.get(f"/staff/registrations/{made()}").text
    queue = client.get("/staff/approvals").text
    assert ("Genomes" in queue, "Proof seen" in queue) == (True, True)
    assert "Proof seen" not in client.get(f"/r/{link_of(made(), 1)}").text


def test_the_office_makes_words_and_retires(app: Flask, client: FlaskClient) -> None:
    category = make_category()
    sign_in(client, Role.ORGANISER)
    token = hidden_fields(client.get("/staff/questions/new").text)
    new = token | {"label": "Diet", "kind": "one_of", "options": "any | Anything\nvegan | Vegan"}
    assert client.post("/staff/questions/new", data=new | {"options": "vegan"}).status_code == 400
    assert client.post("/staff/questions/new", data=new | {"options": ""}).status_code == 400
    both = new | {"is_sensitive": "y", "for_staff": "y"}
    assert client.post("/staff/questions/new", data=both).status_code == 400
    assert client.post("/staff/questions/new", data=new).status_code == 303
    db.session.rollback()
    (question,) = questions()
    url = f"/staff/questions/{question.id}"
    stored = hidden_fields(client.get(url).text) | new
    assert send(client, category, {f"q{question.id}": "vegan"})[0] == 303
    for changed in ({"kind": "text"}, {"options": "any | Anything"}, {"is_sensitive": "y"}):
        answer = client.post(url, data=stored | changed | {"revision": str(question.revision)})
        assert (answer.status_code, "its kind, the keys of its options" in answer.text) == (409, True)
    reworded = stored | {"label": "What you eat", "options": "any | All\nvegan | Vegan\nfish | Fish"}
    assert client.post(url, data=reworded | {"revision": "1"}).status_code == 303
    assert client.post(url, data=reworded | {"revision": "1"}).status_code == 409
    for act in ("retire", "copy", "move"):
        assert client.post(f"{url}/{act}", data=hidden_fields(client.get(url).text)).status_code == 303
    db.session.rollback()
    assert [(one.details.label, one.details.is_retired) for one in questions()] == [
        ("What you eat", True)
    ] * 2
    assert "What you eat" in client.get("/staff/questions").text


def test_two_questions_cannot_wait_for_each_other(app: Flask, client: FlaskClient) -> None:
    one = make_question("One", Kind.YES_NO)
    other = make_question("Other", Kind.YES_NO, depends_on=one, depends_value="yes")
    sign_in(client, Role.ORGANISER)
    hidden = hidden_fields(client.get(f"/staff/questions/{one}").text)
    sent = hidden | {"label": "One", "kind": "yes_no", "depends_on": str(other), "depends_value": "yes"}
    answer = client.post(f"/staff/questions/{one}", data=sent)
    assert (answer.status_code, "cannot wait for each other" in answer.text) == (422, True)


def test_without_a_key_no_question_becomes_sensitive(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conference.registration.question_service.encryption_key", lambda: "")
    with pytest.raises(NoEncryptionKeyError):
        make_question("Diet", is_sensitive=True)


def test_a_site_whose_key_is_gone_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_key() is None
    make_question("Diet", is_sensitive=True)
    assert missing_key() is None
    monkeypatch.setattr("conference.registration.question_queries.encryption_key", lambda: "")
    assert missing_key() == "a question is sensitive, and CONFERENCE_ENCRYPTION_KEY is not set"


def test_five_questions_and_an_extra_take_at_most_25_statements(app: Flask, client: FlaskClient) -> None:
    category = make_category(seats=5)
    extra = make_extra("Workshop", category, seats=5)
    answers: dict[str, object] = {f"q{make_question(str(n))}": "x" for n in range(5)}
    client.get("/register")
    with counted_statements() as statements:
        assert send(client, category, answers | {"extras": str(extra)})[0] == 303
    assert len(statements) <= 25, "\n".join(statements)


def test_help_and_errors_are_read_aloud_with_their_field(client: FlaskClient) -> None:
    kind = make_category()
    question = make_question(help="As on your card", is_required=True)
    page = send(client, kind, {})[1]
    assert f'aria-describedby="q{question}-hint q{question}-error1"' in page
    assert f'id="q{question}-hint"' in page
    assert f'id="q{question}-error1"' in page


@pytest.mark.parametrize(
    ("kind", "described"), [(Kind.COUNTRY, "{0}-error1"), (Kind.DATE, "{0}-kind {0}-error1")]
)
def test_what_is_wrong_with_a_list_or_a_day_is_read_aloud_too(
    client: FlaskClient, kind: Kind, described: str
) -> None:
    category = make_category()
    field = f"q{make_question(kind=kind, is_required=True)}"
    page = send(client, category, {})[1]
    found = re.search(rf'<(?:select|input)[^>]*name="{field}"[^>]*>', page)
    assert found is not None
    assert f'aria-describedby="{described.format(field)}"' in found.group()
    assert 'aria-invalid="true"' in found.group()
