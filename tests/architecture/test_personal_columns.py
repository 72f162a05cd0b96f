"""Each column is on a list: personal, and then some room erases it, or not. A new one on neither fails here."""

from conference.audit.personal import PERSONAL_COLUMNS as AUDIT
from conference.campaigns.personal import PERSONAL_COLUMNS as CAMPAIGNS
from conference.interchange.personal import PERSONAL_COLUMNS as INTERCHANGE
from conference.mail.personal import PERSONAL_COLUMNS as MAIL
from conference.people.personal import PERSONAL_COLUMNS as PEOPLE
from conference.printing.personal import PERSONAL_COLUMNS as PRINTING
from conference.programme.personal import PERSONAL_COLUMNS as PROGRAMME
from conference.registration.invitation_personal import PERSONAL_COLUMNS as INVITATIONS
from conference.registration.personal import PERSONAL_COLUMNS as REGISTRATION
from conference.speakers.personal import PERSONAL_COLUMNS as SPEAKERS
from conference.tables import metadata

PERSONAL = (
    AUDIT
    | CAMPAIGNS
    | INTERCHANGE
    | MAIL
    | INVITATIONS
    | PEOPLE
    | PRINTING
    | PROGRAMME
    | REGISTRATION
    | SPEAKERS
)

# Whole tables that tell of no attendee: the conference itself, its rooms and texts, and what belongs to accounts of
# staff, which are removed by an organiser under Accounts.
NOT_OF_ATTENDEES = {
    "access_code",
    "badge_boxes",
    "badge_design",
    "backup",
    "badge_run",
    "api_token",
    "booklet_text",
    "campaign",
    "category",
    "category_extra",
    "editor_presence",
    "erasure",
    "erasure_salt",
    "event",
    "extra",
    "label_sheet",
    "mail_series",
    "mail_wording",
    "notice",
    "organiser",
    "programme_draft",
    "programme_printing",
    "programme_step",
    "question",
    "room",
    "room_hours",
    "room_walk",
    "schedule_check",
    "session",
    "sheet_design",
    "attempt_count",
    "audit_check",
    "audit_head",
    "desk_code",
    "desk_shift",
    "staff",
    "staff_challenge",
    "staff_passkey",
    "staff_recovery_code",
    "staff_track",
    "staff_link",
    "staff_session",
    "standing_token",
    "track",
    "wrong_code",
}

# In tables about people: numbers of ours, states, times and counts, which stay when the person is erased.
NOT_PERSONAL = {
    "access_code_use": {"registration_id", "code_id"},
    "answer": {"id", "registration_id"},
    "audit_entry": {
        "id",
        "at",
        "actor_kind",
        "actor_id",
        "action",
        "record_type",
        "record_id",
        "fields",
        "position",
        "digest",
        "link",
    },
    "audit_payload": {"entry_id"},
    "campaign_recipient": {"id", "campaign_id", "person_id", "about_type", "about_id", "is_settled", "again"},
    "consent": {"id", "registration_id"},
    "erasure_request": {"person_id", "registration_id", "requested_at"},
    # `said` are digests of what a file said of a session.
    "external_id": {"id", "source", "kind", "session_id", "person_id", "room_id", "track_id", "said"},
    "badge_print": {"id", "run_id", "place", "registration_id"},
    # Of who was typed in the hourly worker empties it (printing.papers).
    "other_badge_print": {"id", "run_id", "place"},
    "replaced_code": {"registration_id"},
    "invitation": {
        "id", "category_id", "expires_at", "skips_approval", "holds_seat", "state", "link_version", "registration_id",
        "created_at", "changed_at", "revision",
    },
    "invoice": {"id", "revision"},
    # Emptied by the worker within a second.
    "lost_link": {"id", "asked_at", "email_key"},
    # Emptied by the worker after an hour.
    "password_request": {"id", "asked_at", "email_key", "is_answered"},
    "outbox": {
        "id", "kind", "link_slot", "message_id",
        "rank", "language", "about_type", "about_id", "created_at", "sent_at", "state", "attempts",
        "due_at", "lease_owner", "lease_until", "copy_of", "series_id", "news_slot",
    },
    # Gone after a day; `facts` are the filters of a list.
    "job": {
        "id", "kind", "key", "facts", "done", "total", "result", "staff_id", "created_at", "ended_at", "state",
        "rank", "attempts", "due_at", "lease_owner", "lease_until", "last_answer",
    },
    "mail_bounce": {"id", "mail_id", "action", "status", "is_hard", "at"},
    "mail_attempt": {"id", "mail_id", "owner", "began_at", "ended_at", "state"},
    "person": {"id", "link_version", "revision"},
    "programme_step_change": {"id", "step_id", "session_id"},
    "programme_version": {
        "id", "number", "published_at", "published_by", "draft_revision", "is_final", "name", "telling", "public_since",
        "calendar_sequence", "lifted", "rewritten", "withdrawn_at", "withdrawn_by",
    },
    "programme_scheduled": {
        "id", "publish_at", "draft_revision", "is_final", "name", "telling", "set_at", "set_by", "revision",
    },
    "marked_told": {"registration_id"},
    "speaker_told": {"person_id"},
    "registration": {
        "id", "number", "category_id", "person_id", "state", "waiting_number", "offered_until", "is_over_limit",
        "link_version", "notice_number", "calendar_sequence", "created_at", "changed_at", "attended_at", "revision",
    },
    "registration_extra": {"id", "registration_id", "extra_id", "state", "waiting_number", "changed_at"},
    "registration_tag": {"registration_id"},
    "registration_group": {"id", "form_key", "category_id", "person_id", "link_version", "created_at"},
    "registration_group_member": {"id", "group_id", "place", "registration_id"},
    "registration_attempt": {"id", "form_key", "registration_id", "created_at"},
    "visa_letter": {"id", "registration_id", "state", "decided_by", "revision"},
    "session_mark": {"id", "registration_id"},
    "session_news_wish": {"registration_id"},
    "session_role": {"id", "session_id", "person_id", "role", "place"},
    "disclosure": {"id", "person_id"},
    "speaker_answer": {"person_id", "registration_id"},
    "speaker_consent": {"id", "person_id"},
    "speaker_invitation": {"person_id"},
    "speaker_portrait": {"person_id"},
    "speaker_profile": {"id", "revision"},
    "speaker_reminder": {"person_id"},
    "committee_member": {"id", "revision"},
    "slides": {"talk_id", "person_id"},
    "unavailable": {"id", "person_id"},
    "talk": {
        "id", "session_id", "place", "title", "abstract", "duration_min", "level", "keywords", "revision",
        "poster_number", "board",
    },
    "talk_role": {"id", "talk_id", "person_id", "role", "place"},
}  # fmt: skip


def test_each_column_is_on_one_list() -> None:
    listed = {
        f"{table}.{column}"
        for lists in (PERSONAL, NOT_PERSONAL)
        for table in lists
        for column in lists[table]
    }
    there = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        if table.name not in NOT_OF_ATTENDEES
        for column in table.columns
    }
    assert {"on no list": there - listed, "not there": listed - there} == {
        "on no list": set(),
        "not there": set(),
    }


def test_no_column_is_on_two_lists() -> None:
    both = {
        table: set(PERSONAL[table]) & NOT_PERSONAL.get(table, set())
        for table in PERSONAL
        if table in PERSONAL
    }
    assert {table: columns for table, columns in both.items() if columns} == {}
    assert NOT_OF_ATTENDEES.isdisjoint({*PERSONAL, *NOT_PERSONAL})
