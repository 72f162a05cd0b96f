"""The mails' figures in the text format of Prometheus. Pure."""

from collections.abc import Mapping

from conference.mail.model import Lateness
from conference.web.metrics import family

_Samples = Mapping[str, float]


def metrics_text(*, states: _Samples, attempts: _Samples, bounces: _Samples, lateness: Lateness) -> str:
    """Return the page: each family with its help and type, and a line for each sample. Labels are words of ours."""
    lines = [
        *family("conference_mails", "gauge", "Mails in the outbox, by state.", "state", states),
        *family(
            "conference_mail_oldest_due_seconds",
            "gauge",
            "For how long the oldest mail about one's own registration has been due that no worker took up.",
            "",
            {"": lateness.own_due_s},
        ),
        *family(
            "conference_mail_campaign_oldest_due_seconds",
            "gauge",
            "The same of mails to many, which the limits of a minute may keep for hours.",
            "",
            {"": lateness.campaign_due_s},
        ),
        *family(
            "conference_mail_late",
            "gauge",
            "Whether mails wait that should have gone: 1 as the banner and /readyz say it, or 0.",
            "",
            {"": int(lateness.is_late)},
        ),
        *family(
            "conference_mail_attempts_last_hour",
            "gauge",
            "Tries to send a mail that ended within the last hour, by what the mail was after it.",
            "outcome",
            attempts,
        ),
        *family("conference_mail_bounces", "gauge", "Mails reported back, by kind.", "kind", bounces),
    ]
    return "\n".join(lines) + "\n"
