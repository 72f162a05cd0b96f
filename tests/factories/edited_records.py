"""Every record that the office edits: by which form, what two editors type over, and what changes it beside a button.

A route of the office that takes a POST stands in exactly one of EDITS, BUTTONS and OTHERS: a test compares them with the
url map, and the tables with a revision with `table`.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A form that edits a record. `page` has places for the names of `Records.values`.

    `theirs` and `mine` are typed into `field` by two editors; `shown` is what the refusal calls them, where that is not
    what was typed. `also` is typed by both. `table` is what the record is kept in. `goes_by` tells how it is compared:
    by `revise`, or by a mark under a lock, which has a race of its own.
    """

    page: str
    field: str
    theirs: str
    mine: str
    table: str
    shown: tuple[str, str] | None = None
    also: Mapping[str, str] = dataclasses.field(default_factory=dict)
    goes_by: str = "revise"
    holding: str = ""

    @property
    def words(self) -> tuple[str, str]:
        return self.shown or (self.theirs, self.mine)


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A button whose press counts for what was seen. `edited_by` is the edit that makes its page stale.

    `version` is its field that says what was seen, `typed` what is chosen with it. `of` gives the names in addresses
    records of this button's own. `edit_typed` is what the other one types, where that is no edit of EDITS. `ends`: the
    record is gone then, and an edit of it from an older page is answered by `gone`: 404, or 409 where the page keeps what
    was typed.
    """

    page: str
    edited_by: str
    version: str = "revision"
    typed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    of: Mapping[str, str] = dataclasses.field(default_factory=dict)
    edit_page: str = ""
    edit_typed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    ends: bool = False
    gone: int = 404
    stale: int = 409
    missing: int = 428


EDITS: dict[str, Edit] = {
    "event.facts": Edit(page="/staff/event/facts", field="venue", theirs="Hall A", mine="Hall B", table="event"),
    "event.booklet": Edit(
        page="/staff/event/booklet", field="welcome_en", theirs="Be welcome", mine="Good to see you", table="booklet_text"
    ),
    "event.organiser": Edit(
        page="/staff/event/organisers/{organiser_id}", field="name", theirs="Theirs", mine="Mine", table="organiser"
    ),
    "event.track": Edit(page="/staff/tracks/{track_id}", field="name", theirs="Theirs", mine="Mine", table="track"),
    "event.room": Edit(page="/staff/rooms/{room_id}", field="name", theirs="Theirs", mine="Mine", table="room"),
    "people.edit": Edit(
        page="/staff/people/{person_id}/edit", field="affiliation", theirs="Theirs", mine="Mine", table="person"
    ),
    "people.sorting": Edit(
        page="/staff/people/{person_id}/sorting", field="sort_as", theirs="Berg", mine="Van der Berg", table="person"
    ),
    "printing.boxes": Edit(page="/staff/boxes", field="starts", theirs="A K", mine="A M", table="badge_boxes"),
    "programme.edit_session": Edit(
        page="/staff/programme/session/{session_id}/edit", field="title", theirs="Theirs", mine="Mine", table="session"
    ),
    "programme.edit_talk": Edit(
        page="/staff/programme/talk/{talk_id}/edit", field="title", theirs="Theirs", mine="Mine", table="talk"
    ),
    "programme.move_session": Edit(
        page="/staff/programme/session/{session_id}", field="time", theirs="11:00", mine="13:00", table="session"
    ),
    "programme.checks": Edit(
        page="/staff/programme/checks", field="many_marks", theirs="31", mine="32", table="schedule_check"
    ),
    "registration.category": Edit(
        page="/staff/categories/{category_id}", field="name", theirs="Theirs", mine="Mine", table="category"
    ),
    "registration.extra": Edit(
        page="/staff/extras/{extra_id}", field="name", theirs="Theirs", mine="Mine", table="extra"
    ),
    "registration.question": Edit(
        page="/staff/questions/{question_id}", field="label", theirs="Theirs", mine="Mine", table="question"
    ),
    "registration.code": Edit(
        page="/staff/codes/{code_id}", field="note", theirs="Theirs", mine="Mine", table="access_code"
    ),
    "registration.change_invitation": Edit(
        page="/staff/invitations/{invitation_id}/change", field="note", theirs="Theirs", mine="Mine", table="invitation"
    ),
    "registration.office_change": Edit(
        page="/staff/registrations/{registration_id}/change", field="career_stage", theirs="student", mine="retired",
        shown=("Student", "Retired"), table="registration",
    ),
    "registration.office_invoice": Edit(
        page="/staff/registrations/{invoiced_id}/invoice", field="invoice-city", theirs="Theirs", mine="Mine", table="invoice"
    ),
    "registration.payment": Edit(
        page="/staff/registrations/{paying_id}/payment", field="reference", theirs="Theirs", mine="Mine", table="invoice"
    ),
    "accounts.member": Edit(
        page="/staff/accounts/{staff_id}", field="name", theirs="Eva Theirs", mine="Eva Mine", table="staff"
    ),
    "accounts.own_name": Edit(
        page="/staff/me/name", field="name", theirs="Eva Theirs", mine="Eva Mine", table="staff"
    ),
    "mail.wording": Edit(
        page="/staff/mails/wordings/withdrawn/en", field="subject", theirs="Theirs", mine="Mine", table="mail_wording",
        holding="subject",
    ),
    "campaigns.words": Edit(
        page="/staff/campaigns/{campaign_id}/words", field="title", theirs="Theirs", mine="Mine", table="campaign"
    ),
    "printing.sheet": Edit(page="/staff/sheets/{sheet_id}", field="name", theirs="Theirs", mine="Mine", table="label_sheet"),
    "printing.design": Edit(page="/staff/designs/{design_id}", field="name", theirs="Theirs", mine="Mine", table="badge_design"),
    "printing.use_design": Edit(
        page="/staff/designs", field="design", theirs="a7", mine="",
        shown=("A7, name across", "As shipped: A7, name across"), table="sheet_design",
    ),
    "speakers.member": Edit(
        page="/staff/speakers/committee/{member_id}", field="duty", theirs="Chair", mine="Co-chair", table="committee_member"
    ),
    "speakers.dossier": Edit(
        page="/staff/speakers/{person_id}", field="answer_by", theirs="2022-08-01", mine="2022-08-02",
        table="speaker_invitation", goes_by="mark",
    ),
}  # fmt: skip

_PASSED_ON = {
    "reason": "Ill",
    "given_name": "Next",
    "email": "next@x.example",
    "affiliation": "Lab",
    "country": "SE",
}

BUTTONS: dict[str, Button] = {
    "registration.retire_category": Button(page="/staff/categories/{category_id}", edited_by="registration.category"),
    "registration.retire_extra": Button(page="/staff/extras/{extra_id}", edited_by="registration.extra"),
    "registration.retire_question": Button(page="/staff/questions/{question_id}", edited_by="registration.question"),
    "registration.retire_code": Button(page="/staff/codes/{code_id}", edited_by="registration.code"),
    "registration.delete_category": Button(
        page="/staff/categories/{category_id}", edited_by="registration.category",
        of={"category_id": "spare_category"}, ends=True,
    ),
    "registration.delete_extra": Button(
        page="/staff/extras/{extra_id}", edited_by="registration.extra", of={"extra_id": "spare_extra"}, ends=True
    ),
    "registration.delete_invitation": Button(
        page="/staff/invitations/{invitation_id}", edited_by="registration.change_invitation",
        of={"invitation_id": "spare_invitation"}, ends=True,
    ),
    "event.delete_track": Button(
        page="/staff/tracks/{track_id}", edited_by="event.track", of={"track_id": "spare_track"}, ends=True
    ),
    "event.delete_room": Button(
        page="/staff/rooms/{room_id}", edited_by="event.room", of={"room_id": "spare_room"}, ends=True
    ),
    "people.delete": Button(
        page="/staff/people/{person_id}", edited_by="people.edit", of={"person_id": "spare_person"}, ends=True
    ),
    "people.merge_with": Button(
        page="/staff/people/{person_id}/merge/{other_id}", edited_by="people.edit",
        of={"person_id": "kept_person", "other_id": "gone_person"},
    ),
    "speakers.remove_member": Button(
        page="/staff/speakers/committee/{member_id}", edited_by="speakers.member", of={"member_id": "spare_member"}, ends=True
    ),
    "programme.delete_session": Button(
        page="/staff/programme/session/{session_id}/delete", edited_by="programme.edit_session", version="seen",
        of={"session_id": "spare_session"}, ends=True, gone=409,
    ),
    "programme.delete_talk": Button(
        page="/staff/programme/talk/{talk_id}/delete", edited_by="programme.edit_talk", version="seen",
        of={"talk_id": "spare_talk"}, ends=True, gone=409,
    ),
    "programme.publish_version": Button(
        page="/staff/programme/publish", edited_by="programme.edit_session", version="draft_revision"
    ),
    "accounts.limit": Button(
        page="/staff/accounts/{staff_id}", edited_by="accounts.member", of={"staff_id": "limited_account"}
    ),
    "accounts.suspend": Button(
        page="/staff/accounts/{staff_id}", edited_by="accounts.member", of={"staff_id": "suspended_account"}
    ),
    "accounts.resume": Button(
        page="/staff/accounts/{staff_id}", edited_by="accounts.member", of={"staff_id": "resumed_account"}
    ),
    "accounts.remove": Button(
        page="/staff/accounts/{staff_id}/remove", edited_by="accounts.member", of={"staff_id": "spare_account"},
        ends=True,
    ),
    "printing.delete_sheet": Button(
        page="/staff/sheets/{sheet_id}", edited_by="printing.sheet", of={"sheet_id": "spare_sheet"}, ends=True
    ),
    "printing.delete_design": Button(
        page="/staff/designs/{design_id}", edited_by="printing.design", of={"design_id": "spare_design"}, ends=True
    ),
    "printing.new_code": Button(
        page="/staff/registrations/{registration_id}/badge", edited_by="registration.office_change"
    ),
    "mail.wording_original": Button(page="/staff/mails/wordings/withdrawn/en", edited_by="mail.wording"),
    "registration.no_payment": Button(
        page="/staff/registrations/{paying_id}/payment", edited_by="registration.payment"
    ),
    "campaigns.state": Button(
        page="/staff/campaigns/{campaign_id}", edited_by="campaigns.words", typed={"act": "delete"}, ends=True,
        of={"campaign_id": "spare_campaign"},
    ),
    "registration.office_pass_on": Button(
        page="/staff/registrations/{registration_id}/pass-on", edited_by="registration.office_pass_on", version="version",
        of={"registration_id": "passed_on"}, edit_page="/staff/registrations/{registration_id}/pass-on",
        edit_typed=_PASSED_ON, typed=_PASSED_ON | {"email": "third@x.example"},
    ),
    "registration.office_end": Button(
        page="/staff/registrations/{registration_id}/end", edited_by="registration.office_pass_on", version="seen",
        of={"registration_id": "ended"}, edit_page="/staff/registrations/{registration_id}/pass-on",
        edit_typed=_PASSED_ON | {"email": "fourth@x.example"}, typed={"state": "cancelled"},
    ),
}  # fmt: skip

_MAKES = "It makes a record, and edits none."
_MAILS = "It writes mails, and edits no record."
_STATE = "It moves by the state that the record has under its lock: what moved already is left alone, and pressed twice it is done once."
_ORDER = "It exchanges two neighbours under the lock of all: two moves are both done, one after the other."
_SET = "It puts something into a set, or takes it out: two of them are both done."
_OWN = "It changes nobody's record but one's own account."

# Why a route needs no word about what was seen: the rule by which two who press at once are merged.
OTHERS: dict[str, str] = {
    "accounts.invite": _MAKES,
    "accounts.mail_link": _MAILS,
    "accounts.new_link": "It shows a link, and lets the ones before die: of two, the later counts.",
    "accounts.password": _OWN,
    "accounts.add_passkey": _OWN,
    "accounts.authenticator": _OWN,
    "accounts.desk_codes": _MAKES,
    "accounts.confirm": _OWN,
    "accounts.confirm_link": _OWN,
    "accounts.end_session": _OWN,
    "accounts.end_sessions": _OWN,
    "accounts.own_passkey_begin": _OWN,
    "accounts.recovery_codes": _OWN,
    "accounts.remove_authenticator": _OWN,
    "accounts.remove_passkey": _OWN,
    "accounts.reset_second_factor": "It only goes one way, and must never wait for a second look.",
    "accounts.revoke_desk_code": "It only goes one way, and must never wait for a second look.",
    "api.tokens": _MAKES,
    "api.revoke": "It only goes one way, and must never wait for a second look.",
    "campaigns.new": _MAKES,
    "campaigns.audience": _SET,
    "campaigns.words_html": "It draws what was typed, and keeps nothing.",
    "editor.here": "It says where somebody is: the last word counts.",
    "editor.write": "It names each session's revision: tests/web/editor/test_editor_api.py.",
    "editor.take_back": "It is refused where another has changed the ground: tests/web/editor/test_editor_api.py.",
    "editor.do_again": "It is refused where another has changed the ground: tests/web/editor/test_editor_api.py.",
    "event.new_room": _MAKES,
    "event.new_track": _MAKES,
    "interchange.upload_schedule": "It keeps a file, and edits no record.",
    "interchange.check_schedule": "It names the draft's revision, with a file: tests/web/interchange/test_import_pages.py.",
    "mail.cancel": _STATE,
    "mail.resend": _MAILS,
    "mail.retry": _STATE,
    "mail.trust": _STATE,
    "mail.wording_html": "It draws what was typed, and keeps nothing.",
    "people.new": _MAKES,
    "printing.ask_for_evening_pack": _MAKES,
    "printing.ask_for_paper": "It notes who is printed now: of two runs both are noted, and either can be taken back.",
    "registration.visa_letter": "It names the revision: tests/web/registration/test_visa.py.",
    "registration.visa_passport": "It shows a page and notes who looked.",
    "printing.others": _MAKES,
    "printing.stop_paper": "It only goes one way: pressed twice, the second finds nothing to stop.",
    "printing.print_run_again": "It makes a file of what was printed, and changes nothing.",
    "printing.mark_here": "It only goes one way: pressed twice, the second is told when the first was.",
    "printing.undo_here": "It only goes one way: pressed twice, the second finds nothing to take back.",
    "printing.badge": "It notes one badge as printed: of two both are noted, and either can be taken back.",
    "printing.copy_design": _MAKES,
    "printing.import_design": _MAKES,
    "printing.new_sheet": _MAKES,
    "printing.mark_sent": "It names the version, and is refused where that is marked: of two the second is told of the first.",
    "printing.take_mark_back": "It names the mark's revision: tests/web/printing/test_print_pages.py.",
    "printing.take_back_run": "It only goes one way: pressed twice, the second finds nothing.",
    "programme.set_publish_time": "It names the waiting version's revision: tests/web/programme/test_publish_pages.py.",
    "programme.tell_version": "It names the version, and tells who does not know it: whom another has told is told nothing.",
    "programme.withdraw_version": "It names the version, and only goes one way.",
    "privacy.office_erase": "It only goes one way, at the person's wish.",
    "programme.call_off_version": "It names the waiting version's revision: tests/web/programme/test_publish_pages.py.",
    "programme.new_session": _MAKES,
    "programme.new_talk": _MAKES,
    "registration.admit": _STATE,
    "registration.approvals": _STATE,
    "registration.restore": _STATE,
    "registration.check_invitees": _MAKES,
    "registration.check_payments": "It names the amounts that the dry run showed: tests/web/registration/test_fees.py.",
    "registration.copy_category": _MAKES,
    "registration.copy_extra": _MAKES,
    "registration.copy_question": _MAKES,
    "registration.fees": "It notes full payment for those ticked who have paid nothing: who has is left alone.",
    "registration.import_check": _MAKES,
    "registration.import_invitees": "It keeps a file, and edits no record.",
    "registration.import_payments": "It keeps a file, and edits no record.",
    "registration.import_upload": "It keeps a file, and edits no record.",
    "registration.mail_invitation": _MAILS,
    "registration.many": "It names how many were meant, and does to each what its state allows.",
    "registration.message": _MAILS,
    "registration.move_category": _ORDER,
    "registration.move_extra": _ORDER,
    "registration.move_question": _ORDER,
    "registration.new_category": _MAKES,
    "registration.new_code": _MAKES,
    "registration.new_extra": _MAKES,
    "registration.new_invitation": _MAKES,
    "registration.new_question": _MAKES,
    "registration.office_extras": _SET,
    "registration.office_send_again": _MAILS,
    "registration.office_sensitive": "It shows answers, and notes who looked.",
    "registration.revoke_invitation": _STATE,
    "registration.tags": "It renames by the name itself: a tag that another renamed meanwhile is not found.",
    "registration.walk_in": _MAKES,
    "speakers.mail_committee": _MAILS,
    "speakers.mail_member": _MAILS,
    "speakers.move_member": _ORDER,
    "speakers.new_member": _MAKES,
    "speakers.renew_member_link": "It names the link's version: pressed twice on one page it is done once.",
    "speakers.renew_link": "It names the link's version: pressed twice on one page it is done once.",
    "speakers.send_link": _MAILS,
    "speakers.send_links": _MAILS,
}
