"""What is too large for a mail is linked in it, in both parts and in its language; the rest goes along."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from conference.mail import outbox
from conference.mail.model import Attachment, AttachmentOrder
from conference.mail.registry import attachment_makers
from tests.factories.mail import make_due, outbox_row, queue_note, taken_of, token_of_file, words_of_html
from tests.factories.smtp import mailserver, send_through

LARGE = 12_000_000
TOLD = {
    "en": "book.pdf (12.0 MB) is too large for a mail. Fetch it until",
    "sv": "book.pdf (12,0 MB) är för stor för ett mejl. Hämta den senast",
    "de": "book.pdf (12,0 MB) ist zu groß für eine E-Mail. Laden Sie die Datei bis",
}


@pytest.fixture
def files() -> Iterator[None]:
    """A maker of files with a name and a size."""

    def make(facts: dict[str, object]) -> Attachment:
        size, name = facts["size"], facts["name"]
        assert isinstance(size, int)
        kind = "text/calendar; method=REQUEST" if facts.get("beside") else "application/pdf"
        return Attachment(
            filename=str(name), content_type=kind, content=b"x" * size, is_beside=bool(facts.get("beside"))
        )

    attachment_makers.fill("test file", make)  # type: ignore[arg-type]  # facts of text and numbers
    yield
    del attachment_makers._entries["test file"]


def order(name: str, size: int, **more: bool) -> AttachmentOrder:
    return AttachmentOrder(kind="test file", facts={"name": name, "size": size, **more})


@pytest.mark.parametrize("tag", ["en", "sv", "de"])
@pytest.mark.usefixtures("files")
def test_the_largest_is_linked_and_the_rest_attached(app: Flask, tag: str) -> None:
    orders = (order("ticket.pdf", 1000), order("book.pdf", LARGE), order("", 1000, beside=True))
    mail_id = queue_note(app, attachments=orders)
    make_due(mail_id, language=tag)
    with mailserver() as server:
        send_through(app, server.port, mail_attachment_bytes=10_000_000)
        outbox.deliver(mail_id, "me")
    assert outbox_row(mail_id)["state"] == "done"
    [mail] = server.mails
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("ticket.pdf", b"x" * 1000)
    ]
    link = f"{app.extensions['conference.settings'].base_url}/file/{token_of_file(mail_id, 2)}"
    text, html = taken_of(mail, "plain"), taken_of(mail, "html")
    assert re.search(rf"note\.\n\n{re.escape(TOLD[tag])}.+:\n{re.escape(link)}\n\n--\n", text)
    assert f'<a href="{link}"' in html
    # Its words stand at the same place of both parts.
    assert words_of_html(html) == [word for word in text.split() if word != "--"]
    # What is stored has no link that works, and the answer of the server holds none.
    assert "/file/" not in str(outbox_row(mail_id))


@pytest.mark.usefixtures("files")
def test_what_fits_is_attached_as_it_was(app: Flask) -> None:
    mail_id = queue_note(app, attachments=(order("a.pdf", 6000), order("b.pdf", 4000)))
    with mailserver() as server:
        send_through(app, server.port, mail_attachment_bytes=10_000)
        outbox.deliver(mail_id, "me")
    [mail] = server.mails
    assert [part.get_filename() for part in mail.iter_attachments()] == ["a.pdf", "b.pdf"]
    assert "/file/" not in taken_of(mail, "plain")


@pytest.mark.usefixtures("files")
def test_one_byte_too_much_links_one_file_and_nothing_attached_links_all(app: Flask) -> None:
    for limit, attached in ((10_999, ["b.pdf"]), (0, [])):
        orders = (order("a.pdf", 6000), order("b.pdf", 4000), order("", 1000, beside=True))
        mail_id = queue_note(app, attachments=orders)
        with mailserver() as server:
            send_through(app, server.port, mail_attachment_bytes=limit)
            outbox.deliver(mail_id, "me")
        [mail] = server.mails
        assert [part.get_filename() for part in mail.iter_attachments()] == attached
        assert taken_of(mail, "plain").count("/file/") == 2 - len(attached)
        # The calendar's part is no file to fetch.
        assert "text/calendar" in [part.get_content_type() for part in mail.walk()]
