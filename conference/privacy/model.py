from dataclasses import dataclass
from datetime import datetime, timedelta

from conference.core.errors import N_
from conference.core.ids import PersonId, RegistrationId


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of data, for the record of processing (GDPR art. 30) and for its own end.

    `kept` is counted from the end of the event's last day; None is kept for as long as the programme is.
    """

    name: str
    what: str
    purpose: str
    recipients: str
    kept: timedelta | None


# domain.md, Personal data: retention by kind is the organisers' own choice. Six months are 183 days.
KINDS = (
    Kind(
        name="registration",
        what=N_(
            "Name, affiliation, country, address, profession, career stage, category, choices, sessions marked, invitations, mails about them, whether they came; slides, travel and needs of speakers; for a letter of invitation what the passport says, encrypted, until two weeks after the event"
        ),
        purpose=N_("To run the conference: places, badges, mails, entrance"),
        recipients=N_("The two organisers; the mail server named in the settings"),
        kept=timedelta(days=183),
    ),
    Kind(
        name="desk",
        what=N_("Names that helpers at the desk typed when they came in by a code of the day"),
        purpose=N_("To tell who admitted and registered whom"),
        recipients=N_("The two organisers"),
        kept=timedelta(days=183),
    ),
    Kind(
        name="programme",
        what=N_(
            "Name, affiliation and part of speakers and chairs, and duty of the programme committee; their disclosures of interests, which are printed in the programme and stand on its page"
        ),
        purpose=N_("To publish the programme, which is a record of what was said by whom"),
        recipients=N_("The public"),
        kept=None,
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureRequest:
    """Somebody who asked by their personal link to be erased."""

    person_id: PersonId
    registration_id: RegistrationId
    requested_at: datetime
