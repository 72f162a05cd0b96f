"""Delivery status notifications (RFC 3464) as mail servers write them."""

from collections.abc import Sequence

from tests.factories.mail import outbox_row

HUMAN = "This is the mail system. Your message could not be delivered."


def block(
    recipient: str, action: str = "failed", status: str = "5.1.1", diagnostic: str = "smtp; 550 No such user"
) -> str:
    """Return the fields of one recipient."""
    return (
        f"Final-Recipient: rfc822; {recipient}\r\n"
        f"Action: {action}\r\n"
        f"Status: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n"
    )


def a_report(message_id: str, blocks: Sequence[str], *, whole: bool = False) -> bytes:
    """Return a notification that gives back the headers of the mail, or the `whole` mail."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    returned = f"From: office@conference.example\r\nMessage-ID: {message_id}\r\nSubject: Ticket\r\n"
    parts = (
        ("text/plain", HUMAN),
        ("message/delivery-status", "Reporting-MTA: dns; mx.example\r\n\r\n" + "\r\n".join(blocks)),
        (kind, f"{returned}\r\nText\r\n" if whole else returned),
    )
    body = "".join(f"--edge\r\nContent-Type: {one}\r\n\r\n{text}\r\n" for one, text in parts)
    head = (
        "From: MAILER-DAEMON@mx.example\r\nTo: office@conference.example\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="edge"\r\n'
    )
    return f"{head}\r\n{body}--edge--\r\n".encode()


def report_of(mail_id: int, action: str = "failed", status: str = "5.1.1", **more: str) -> bytes:
    """Return the notification that a server would send of this mail."""
    row = outbox_row(mail_id)
    return a_report(str(row["message_id"]), [block(str(row["recipient"]), action, status, **more)])
