"""The record of processing activities (GDPR art. 30), from what the office holds now."""

from conference.event.queries import get_event, organisers
from conference.privacy.retention import endings
from conference.registration.model import CONSENTS
from conference.registration.question_queries import asked_questions


def _questions() -> list[str]:
    """Return a line for each question that people are asked, with how its answers are kept."""
    lines = [
        f"- {one.details.label}: "
        + (
            "sensitive, encrypted, with consent, deleted 14 days after the end"
            if one.details.is_sensitive
            else "kept as the registration"
        )
        for one in asked_questions()
    ]
    return lines or ["- none"]


def processing_record() -> str:
    """Return the record as Markdown."""
    event = get_event()
    lines = [f"# Record of processing: {event.title}", "", "## Joint controllers", ""]
    lines += [
        f"- {one.name} ({one.short_name}), {one.country}: {one.privacy_contact or 'no contact point yet'}"
        for one in organisers()
    ]
    lines += ["", "## Data", "", "| Data | Purpose | Recipients | Kept until | People now |"]
    lines += ["|---|---|---|---|---|"]
    for ending in endings():
        until = f"{ending.at:%Y-%m-%d}" if ending.at else "for as long as the programme is kept"
        kind = ending.kind
        lines.append(f"| {kind.what} | {kind.purpose} | {kind.recipients} | {until} | {ending.people} |")
    lines += ["", "## Questions asked now", "", *_questions()]
    lines += ["", "## Separate choices, unticked at first", ""]
    lines += [f"- {words}" for words in CONSENTS.values()]
    lines += [
        "",
        "## Safeguards",
        "",
        "- Personal links are signatures and are never stored; staff sign in; each change, and each look at sensitive data, is in the history, which is sealed.",
        "- Erasure empties records, mails and the history's values; an erased person stays erased after a restore.",
    ]
    return "\n".join(lines) + "\n"
