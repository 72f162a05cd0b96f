from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from conference.core.ids import CampaignId, PersonId, SeriesId
from conference.mail.wording_model import Wording

TITLE_AT_MOST = 100
# How long a draft keeps the words of a search, which may be a name, after its last change: own choice, as long as an
# answer to who asks about their data may take (GDPR art. 12(3)).
SEARCH_KEPT = timedelta(days=30)


class CampaignState(StrEnum):
    """Where a campaign stands. Its words and audiences can be changed while it is a draft, and not later."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


# What can still be started, and what can still be stopped.
BEFORE = (CampaignState.DRAFT, CampaignState.SCHEDULED)
RUNNING = (CampaignState.SENDING, CampaignState.PAUSED)


class Purpose(StrEnum):
    """OWN is about the reader's own registration or part; NEWS is all else, and can be unsubscribed from."""

    OWN = "own"
    NEWS = "news"


class AudienceKind(StrEnum):
    REGISTRATIONS = "registrations"  # `value` is the query of the office's list
    SPEAKERS = "speakers"  # `value` is stages with blanks between, of conference.speakers.model.Standing
    AFFECTED = "affected"  # `value` is what changed: day:2022-09-22, extra:3, session:12 or version:2


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    kind: AudienceKind
    value: str


class Exclusion(StrEnum):
    """Why somebody whom an audience names gets no mail."""

    ERASED = "erased"
    NO_ADDRESS = "no address"
    ENDED = "ended"
    CAME_BACK = "came back"
    UNSUBSCRIBED = "unsubscribed"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One record that an audience names. `about` is that record, as the outbox names it.

    `key` is what one mail is written to: the address as it is compared, with the name behind it for a speaker, or a
    group's own key for a place whose holder shares the coordinator's. `has_ended`: withdrawn, cancelled or declined, and the audience did not ask for those.
    """

    person_id: PersonId
    about: tuple[str, int]
    email: str = field(repr=False)
    key: str = field(repr=False)
    language: str
    has_ended: bool = False
    is_erased: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Who gets the campaign, and how many do not, by reason."""

    chosen: tuple[Candidate, ...]
    left_out: Mapping[Exclusion, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignDetails:
    """What staff write. `texts` are by language; English is there or nothing can be sent, the others may be missing."""

    title: str
    purpose: Purpose
    texts: Mapping[str, Wording]

    def text_in(self, language: str) -> tuple[str, Wording] | None:
        """Return the language that a reader of this one is written to in, and the words; None without any."""
        for tag in (language, "en"):
            if tag in self.texts:
                return tag, self.texts[tag]
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """One campaign as it is stored. `left_out` is by reason, as it was when the recipients were fixed."""

    id: CampaignId
    details: CampaignDetails
    audiences: tuple[Audience, ...]
    state: CampaignState
    scheduled_for: datetime | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    is_frozen: bool
    left_out: Mapping[Exclusion, int]
    series_id: SeriesId | None
    revision: int

    def saying(self, details: CampaignDetails) -> "Campaign":
        """Return the campaign with these words, which are not stored yet."""
        return replace(self, details=details)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How far a campaign is, by count of mails. `unwritten` are recipients whose mail does not exist yet."""

    recipients: int = 0
    unwritten: int = 0
    queued: int = 0
    sending: int = 0
    paused: int = 0
    sent: int = 0
    failed: int = 0
    held: int = 0
    cancelled: int = 0
    left_out: Mapping[Exclusion, int] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return not (self.unwritten or self.queued or self.sending or self.paused)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One to whom the mail is to be written."""

    id: int
    about: tuple[str, int]
    key_digest: str
    person_id: PersonId | None
    again: int = 0
