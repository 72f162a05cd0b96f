import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from conference.db.base import db
from conference.db.work import counted_statements, transact
from conference.mail.personal import erase
from conference.mail.queries import mails_about
from conference.mail.tables import OutboxRow
from conference.mail.wording_model import KINDS, UNTOUCHED, Wording
from conference.mail.wording_originals import original
from conference.mail.wording_queries import find_wording
from conference.registration.queries import get_registration
from conference.web.access import Role
from tests.factories.accounts import sign_in
from tests.factories.registration import make_category, register_attendee
from tests.factories.web import token_of
from tests.factories.wordings import CHANGED, change, make_everybody

PAGE = "/staff/mails/wordings/confirmation/en"
TYPED = {"subject": CHANGED.subject, "text": CHANGED.text}


def _post(client: FlaskClient, path: str = PAGE, *, act: str = "save", **sent: object) -> TestResponse:
    values = {"act": act, "revision": UNTOUCHED, "csrf_token": token_of(client, PAGE)} | TYPED | sent
    return client.post(path, data={name: value for name, value in values.items() if value is not None})


def _mails() -> list[OutboxRow]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def test_the_list_shows_each_mail_in_each_language_and_which_are_changed(client: FlaskClient) -> None:
    change(language="de")
    sign_in(client, Role.ORGANISER)
    page = client.get("/staff/mails/wordings").text
    assert page.count(">original</a>") == 3 * len(KINDS) - 1
    assert page.count(">changed</a>") == 1
    assert 'aria-label="Confirmation, Deutsch: changed"' in page
    assert 'href="/staff/mails/wordings"' in client.get("/staff/mails").text


def test_the_editor_begins_with_what_is_sent_today(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    page = client.get("/staff/mails/wordings/waiting/sv").text
    first = original(KINDS["waiting"], "sv")
    assert f'value="{first.subject}"' in page
    assert "Hej {name}" in first.text or "{name}" in first.text
    assert first.text.split("\n", maxsplit=1)[0] in page
    assert "<code>{place}</code>" in page
    assert "Today this mail goes out in its original words." in page


@pytest.mark.parametrize("path", ["/staff/mails/wordings/message/en", "/staff/mails/wordings/confirmation/fr", "/staff/mails/wordings/x/en"])  # fmt: skip
def test_there_is_no_editor_of_what_cannot_be_changed(client: FlaskClient, path: str) -> None:
    sign_in(client, Role.ORGANISER)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/html", data={"csrf_token": token_of(client, PAGE)}).status_code == 404


def test_what_is_saved_is_sent_and_taken_back(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    answer = _post(client, text=CHANGED.text.replace("\n", "\r\n"))
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE).text
    assert "The wording is saved." in page
    assert find_wording("confirmation", "en") == CHANGED
    assert "Changed,\n" in page
    assert "Test organiser" in page
    register_attendee(make_category())
    assert _mails()[0].subject.startswith("Welcome Åsa")
    back = client.post(f"{PAGE}/original", data={"csrf_token": token_of(client, PAGE), "revision": 2})
    assert back.status_code == 303
    assert "The mail has its original words again." in client.get(PAGE).text
    db.session.rollback()
    assert find_wording("confirmation", "en") is None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": "Hello\n\nsee {adress}\n{link}"}, "Line 3: there is no placeholder {adress} here. There are: {name}, {given_name}, "),
        ({"subject": "Hi {nmae}"}, "Line 1: there is no placeholder {nmae} here. There are: {name}, "),
        ({"subject": "Hi {facts}"}, "{facts} stands in the text only."),
        ({"text": "Hello {name}"}, "Without {link} the reader could not go on."),
        ({"subject": "One\r\nBcc: two@x.example"}, "The subject is one line. Take the line breaks out."),
        ({"subject": "x" * 151}, "This text has 151 characters; 150 fit. Shorten it."),
        ({"text": "{link}" + "x" * 10_000}, "This text has 10006 characters; 10000 fit. Shorten it."),
        ({"subject": ""}, "Write the subject."),
        ({"text": "  "}, "Write the text."),
        ({"text": "{link} \x07"}, "This text holds a character that cannot be printed (U+0007)."),
        ({"text": "{link}{% for x in y %}{{ x }}{% endfor %}"}, "Line 1: there is no placeholder {% for x in y %} here."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("act", ["save", "preview", "test"])
def test_each_refusal_says_what_to_mend_and_keeps_what_was_typed(
    client: FlaskClient, sent: dict[str, str], told: str, act: str
) -> None:
    sign_in(client, Role.ORGANISER)
    answer = _post(client, act=act, **sent)
    assert answer.status_code == 400
    assert told in answer.text
    if "text" not in sent:
        assert "See https://www.example.org/travel." in answer.text
    assert find_wording("confirmation", "en") is None
    assert _mails() == []


def test_the_second_editor_sees_both_and_loses_nothing(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    change(wording=Wording(subject="Theirs", text="Their text {link}"))
    answer = _post(client)
    assert answer.status_code == 409
    for shown in ("Somebody else changed this", "<td data-label=\"Now stored\">Theirs</td>", "Their text {link}", "See https://www.example.org/travel."):  # fmt: skip
        assert shown in answer.text
    revision = re.search(r'name="revision"\s+value="(\d+)"', answer.text)
    assert revision is not None
    assert _post(client, revision=int(revision[1])).status_code == 303
    db.session.rollback()
    assert find_wording("confirmation", "en") == CHANGED


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/original"])
def test_a_write_without_a_revision_is_refused(client: FlaskClient, path: str) -> None:
    sign_in(client, Role.ORGANISER)
    answer = _post(client, path, revision=None)
    assert answer.status_code == 428
    assert "did not say which version it was made from" in answer.text


def test_going_back_is_refused_once_another_saved(client: FlaskClient) -> None:
    change()
    sign_in(client, Role.ORGANISER)
    change(wording=Wording(subject="Newer", text="{link}"), revision=2)
    answer = client.post(f"{PAGE}/original", data={"csrf_token": token_of(client, PAGE), "revision": 2})
    assert answer.status_code == 409
    assert 'value="Newer"' in answer.text
    assert find_wording("confirmation", "en") == Wording(subject="Newer", text="{link}")


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/original", f"{PAGE}/html"])
def test_a_stale_token_changes_nothing(client: FlaskClient, path: str) -> None:
    change()
    sign_in(client, Role.ORGANISER)
    answer = _post(client, path, revision=2, subject="Forged", csrf_token="x")
    assert answer.status_code == 400
    assert find_wording("confirmation", "en") == CHANGED


def test_the_preview_shows_a_real_registration_and_writes_nothing(client: FlaskClient) -> None:
    category = make_category()
    first = register_attendee(category)
    register_attendee(category, email="b@x.example", given_name="<b>Bo</b>", family_name="Ek")
    sign_in(client, Role.ORGANISER)
    token = token_of(client, PAGE)
    with counted_statements() as statements:
        answer = _post(client, act="preview", csrf_token=token)
    assert answer.status_code == 200
    assert "As &lt;b&gt;Bo&lt;/b&gt; Ek reads it" in answer.text
    assert "Welcome &lt;b&gt;Bo&lt;/b&gt; to " in answer.text
    assert "(personal link)" in answer.text
    assert [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert len(_mails()) == 2
    chosen = get_registration(first).number
    assert "As Åsa Lindström reads it" in _post(client, act="preview", number=chosen.lower()).text


def test_the_html_part_stands_in_a_frame_with_a_policy_of_its_own(client: FlaskClient) -> None:
    register_attendee(make_category(), given_name="<script>x</script>")
    sign_in(client, Role.ORGANISER)
    page = _post(client, act="preview")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.search(r'<iframe class="mail-html"\s+name="html-part"[^>]*\ssandbox>', page.text)
    part = _post(client, f"{PAGE}/html")
    assert part.status_code == 200
    assert part.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    assert "Hello &lt;script&gt;x&lt;/script&gt; Lindström," in part.text
    assert 'href="http://localhost/"' in part.text
    assert "/r/" not in part.text
    assert _post(client, f"{PAGE}/html", text="no link").status_code == 400


@pytest.mark.parametrize(
    ("number", "kind"), [("NOBODY", "confirmation"), ("", "confirmation"), ("", "invitation")]
)
def test_without_an_example_the_refusal_says_so(client: FlaskClient, number: str, kind: str) -> None:
    sign_in(client, Role.ORGANISER)
    answer = _post(
        client, f"/staff/mails/wordings/{kind}/en", act="preview", number=number, text="{link}", subject="x"
    )
    assert answer.status_code == 422
    assert "No example was found for this mail." in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_can_be_seen_in_each_language(client: FlaskClient, kind: str) -> None:
    make_everybody()
    sign_in(client, Role.ORGANISER)
    for tag in ("en", "sv", "de"):
        first = original(KINDS[kind], tag)
        path = f"/staff/mails/wordings/{kind}/{tag}"
        answer = _post(client, path, act="preview", subject=first.subject, text=first.text)
        assert answer.status_code == 200
        assert 'id="preview"' in answer.text


def test_a_test_mail_goes_to_who_asked_and_carries_no_key(client: FlaskClient) -> None:
    registration_id = register_attendee(make_category())
    sign_in(client, Role.ORGANISER)
    answer = _post(client, act="test")
    assert (
        "A test mail to organiser@staff.example is in the queue. The words are not saved yet." in answer.text
    )
    assert "See https://www.example.org/travel." in answer.text
    confirmation, test = _mails()
    assert (test.kind, test.recipient, test.recipient_name, test.state, test.language) == (
        "test", "organiser@staff.example", "Test organiser", "queued", "en",
    )  # fmt: skip
    assert test.subject.startswith("[Test] Welcome Åsa to ")
    assert (test.link, test.link_slot, test.attachments) == (None, "", [])
    assert "(personal link)" in test.text
    assert 'href="http://localhost/"' in test.html
    assert find_wording("confirmation", "en") is None
    # It is none of the mails that the person got, and goes when their data goes.
    assert [mail.id for mail in mails_about("registration", registration_id)] == [confirmation.id]
    transact(lambda session: erase(session, [("registration", registration_id)], []))
    assert [(mail.subject, mail.text, mail.state) for mail in _mails()] == [("", "", "cancelled")] * 2


def test_the_list_asks_as_often_with_changes_as_without(client: FlaskClient) -> None:
    sign_in(client, Role.ORGANISER)
    counts = []
    for tag in ("en", "sv", "de"):
        client.get("/staff/mails/wordings")  # what nearly nobody changes is read anew after a change
        with counted_statements() as statements:
            client.get("/staff/mails/wordings")
        counts.append(len(statements))
        change(language=tag)
    assert len(set(counts)) == 1
    assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 0
