"""What staff may change in the mails: which mails, and what may stand in braces in each. The one place for it.

A mail of templates/mail/ that stands neither in `KINDS` nor in `FIXED` makes a test fail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from conference.core.ids import StaffId
from conference.mail.wording_shapes import CITY, EVENT, LINK, Block, Kind, Word
from conference.mail.wording_staff import OF_STAFF

# The revision of a wording that nobody has changed yet, for which no row is kept.
UNTOUCHED = 1
SUBJECT_AT_MOST = 150
TEXT_AT_MOST = 10_000
# The kind of a mail by which a member of staff looks at a wording. It tells nobody anything, and has no folder.
TEST_KIND = "test"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """Subject and text of a mail, with placeholders; blank lines part the paragraphs."""

    subject: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredWording:
    """What is stored for one mail in one language. `wording` None: the original, though it was changed once.

    `fits` is not so where a later version took away a placeholder that it names: then the original is sent.
    """

    id: int
    kind: str
    language: str
    wording: Wording | None
    revision: int
    changed_at: datetime
    changed_by: StaffId | None
    fits: bool


_NAME = Word(name="name", source="person.full_name", hint="The reader's name with titles")
_GIVEN = Word(name="given_name", source="person.given_name", hint="Given name")
_FAMILY = Word(name="family_name", source="person.family_name", hint="Family name")
_CATEGORY = Word(name="category", source="category.name_in(language())", hint="Category")
_NUMBER = Word(name="number", source="registration.number", hint="Registration number")
_PHONE = Word(name="phone", source="event.contact_phone", hint="Telephone number for questions")
_ENDED = Word(
    name="ended_number", source="ended_number", hint="Number of an ended registration of this address"
)
_ANSWER_BY = Word(
    name="answer_by", source="answer_by|long_date if answer_by else ''", hint="The last day, until it is over"
)
_FIRST_DUE = Word(name="first_due", source="first_due|long_date", hint="The first day that something is due")
_FEE = Word(name="fee", source="fee", hint="What is due, where something is")

_FACTS = Block(name="facts", hint="The table of facts: name, category, number, days, place")
_PARTS = Block(name="facts", hint="Each part: role, title, time and room")
_CALENDAR = Block(name="calendar", hint="The sentence that says what the mail does in the calendar")
_CONTACTS = Block(name="contacts", hint="Whom to ask, and both organisers with their contacts")

_PERSON = (_NAME, _GIVEN, _FAMILY, EVENT, CITY)
_REGISTRATION = (*_PERSON, _CATEGORY, _NUMBER)
_BLOCKS = (_FACTS, LINK, _CONTACTS)


def _of_registration(name: str, title: str, when: str, *words: Word, blocks: tuple[Block, ...] = ()) -> Kind:
    return Kind(name=name, title=title, when=when, words=(*_REGISTRATION, *words), blocks=(*_BLOCKS, *blocks))


def _asking(name: str, title: str, when: str, *blocks: Block) -> Kind:
    """Return a mail with the personal link of a speaker or a member of the committee."""
    words = (*_PERSON, _ANSWER_BY, _PHONE)
    return Kind(name, title, when, words, (*blocks, LINK, _CONTACTS), "speaker")


def _of_slots(name: str, title: str, when: str, *blocks: Block, subject_if: str = "", note: str = "") -> Kind:
    return Kind(
        name=name,
        title=title,
        when=when,
        words=(*_PERSON, _PHONE),
        blocks=(*blocks, _CALENDAR, LINK, _CONTACTS),
        specimen="speaker",
        subject_if=subject_if,
        note=note,
    )


_ALL = (
    _of_registration(
        "confirmation", "Confirmation", "Who has a place, after registering or a change", _FEE, _ENDED
    ),
    _of_registration("approved", "Approved", "Who was approved and has a place", _FEE, _ENDED),
    _of_registration(
        "waiting",
        "On the waiting list",
        "Who registered when all places were taken",
        Word(name="place", source="waiting_place", hint="Place in the waiting list"),
        _ENDED,
    ),
    _of_registration("pending", "Waits for approval", "Who registered where the office approves", _ENDED),
    _of_registration(
        "declined",
        "Not approved",
        "Who was not approved",
        Word(name="reason", source="reason", hint="The reason that the office wrote", is_text=True),
    ),
    _of_registration("visa_approved", "Letter of invitation", "Whose letter of invitation is approved"),
    _of_registration(
        "visa_declined",
        "No letter of invitation",
        "Whose letter of invitation is declined",
        Word(name="reason", source="reason", hint="The reason that the office wrote", is_text=True),
    ),
    _of_registration(
        "offered",
        "Place offered",
        "The longest waiting, when a place becomes free",
        Word(
            name="time",
            source="registration.offered_until|date_time",
            hint="Until when the place is kept, Stockholm time",
        ),
    ),
    _of_registration("offer_lapsed", "Offer over", "Who did not accept in time"),
    _of_registration("promoted", "Moved up", "Who got a place from the waiting list", _FEE, _ENDED),
    _of_registration(
        "extra_place",
        "Place of an extra",
        "Who waited for an extra, when a place becomes free",
        Word(name="extra", source="extra", hint="The extra"),
    ),
    _of_registration(
        "withdrawn",
        "Withdrawn or cancelled",
        "Who withdrew, or was cancelled by the office",
        blocks=(
            Block(name="ending", hint="The sentence that says who ended it"),
            Block(name="ticket_void", hint="To who had a place: that the ticket is void"),
        ),
    ),
    _of_registration(
        "changed",
        "Changed",
        "Whose registration was changed, by themselves or by the office",
        _FEE,
        blocks=(
            Block(name="changes", hint="The table of what is new"),
            Block(name="papers", hint="To who has a place: that a new ticket and calendar file come with it"),
        ),
    ),
    _of_registration("lost_link", "Lost link", "Who asks for the personal link"),
    _of_registration(
        "already_registered", "Registered already", "Who sends the form again with the same name"
    ),
    _of_registration(
        "other_name",
        "Address in use",
        "Who is registered, when the form comes with this address and another name",
        Word(name="plain_name", source="person.name", hint="The reader's name without titles"),
    ),
    Kind(
        name="passed_on",
        title="Passed on",
        when="Who had the place before",
        words=_REGISTRATION,
        blocks=(_FACTS, _CONTACTS),
        specimen="passed_on",
    ),
    Kind(
        name="group_overview",
        title="Group overview",
        when="Who registered a group",
        words=(*_PERSON, _CATEGORY),
        blocks=(Block(name="facts", hint="Who is in the group, and where each stands"), LINK, _CONTACTS),
        specimen="group",
    ),
    Kind(
        name="invitation",
        title="Invitation to register",
        when="Whom the office invites",
        words=(
            Word(name="name", source="invitation.full_name", hint="Name with titles, where it is known"),
            EVENT,
            CITY,
            _CATEGORY,
            Word(name="time", source="invitation.expires_at|date_time", hint="The last moment to register"),
        ),
        blocks=(
            Block(name="greeting", hint="The greeting, with the name where it is known"),
            *_BLOCKS,
            Block(name="place_held", hint="The sentence that says whether a place is held"),
        ),
        specimen="invitation",
    ),
    _asking(
        "speaker_link",
        "Invitation of a speaker",
        "A speaker, when the office mails the personal link",
        _PARTS,
        Block(name="unpublished", hint="The sentence that times may change, while not all is public"),
        Block(name="confirming", hint="The sentence that says what confirming does"),
    ),
    _asking(
        "committee_link",
        "Disclosure of the programme committee",
        "A member of the programme committee, when the office mails the personal link",
        Block(name="committee", hint="The sentence that names the committee and the reader's duty in it"),
        Block(name="asked", hint="The sentence that says what is to be signed, or that it is signed"),
    ),
    Kind(
        name="speaker_reminder",
        title="Reminder of a speaker",
        when="An invited speaker, or a member of the programme committee, who has something missing, 8, 4 and 2 weeks before",
        words=(*_PERSON, _FIRST_DUE, _PHONE),
        blocks=(Block(name="facts", hint="What is missing, and by when"), LINK, _CONTACTS),
        specimen="speaker",
        subject_if="first_due >= today",
        note="Once the first of the days is over, the original subject is sent, which says so.",
    ),
    _of_slots(
        "slot_changed",
        "Slot moved or cancelled",
        "A speaker or chair, when a published version moves, sets or cancels what is theirs",
        Block(name="changes", hint="What was moved, set and cancelled"),
        Block(
            name="marked",
            hint="What changed of the sessions that the reader marked, where they asked for news",
        ),
        Block(name="answering", hint="What to do who cannot come then, where something was moved or set"),
        subject_if="changes.moved",
        note="Where nothing moved, the original subject is sent, which says whether something was cancelled or set.",
    ),
    Kind(
        name="marked_changed",
        title="Marked session changed",
        when="Who marked sessions and asked for news, when a published version moves, renames or cancels one",
        words=(*_PERSON, _PHONE),
        blocks=(
            Block(name="changes", hint="What was moved, renamed and cancelled of the marked sessions"),
            LINK,
            _CONTACTS,
        ),
        specimen="speaker",
        subject_if="marked.changed or marked.back",
        note="Where sessions were only cancelled, the original subject is sent, which says so.",
    ),
    _of_slots("part_confirmed", "Part confirmed", "A speaker or chair who has confirmed", _PARTS),
    _of_slots("part_declined", "Part declined", "A speaker or chair who has declined", _PARTS),
    _of_slots(
        "part_withdrawn",
        "Part without a registration",
        "A speaker or chair whose registration ends, with what that takes out of the calendar",
        _PARTS,
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*_ALL, *OF_STAFF)}
# What staff write anew each time with the same engine, so that there is no original to change: conference/campaigns/.
CAMPAIGN = Kind(
    name="campaign",
    title="Campaign",
    when="Whom an organiser chose",
    words=(
        *_PERSON,
        Word(name="category", source="category.name_in(language()) if category else ''", hint="Category"),
        Word(
            name="number",
            source="registration.number if registration else ''",
            hint="Registration number; a speaker who is not registered has none",
        ),
        _PHONE,
    ),
    blocks=(
        Block(name="link", hint="The personal link of the registration, or of the speaker: a button"),
        _CONTACTS,
    ),
)


def drawn_kind(name: str) -> Kind:
    """Return the mail whose words staff wrote. Raises KeyError for one that goes out only as its templates say."""
    return CAMPAIGN if name == CAMPAIGN.name else KINDS[name]


# Mails whose words are written anew each time: there is no original to change.
FIXED = frozenset({"campaign", "message"})
