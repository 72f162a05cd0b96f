"""The matrix' rows in words, for who asks what a role may see and do: each route is in one area, and all of an area's alike."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """`what` may be seen or done, of `whose` records; `routes` are endpoints, with * for any part of a name.

    `is_look`: what is sent there shows something or says who is there, and changes no record. `by_token`: a program's token
    opens it too.
    """

    what: str
    whose: str
    routes: str
    is_look: bool = False
    by_token: bool = False


ALL_OF_THEM = "everybody's"
NOT_STAFFS = "everybody's; mails to staff: organisers alone"
NONE = "–"

AREAS: dict[str, tuple[Area, ...]] = {
    "The public": (
        Area(what="Home, privacy notices, accessibility", whose=NONE, routes="event.home event.privacy event.earlier_privacy event.accessibility"),
        Area(what="Published programme: pages, calendars, files, papers, portraits that were released", whose="who is in it", routes="programme.public_* programme.calendar programme.grid_css programme.room_door programme.my_programme interchange.schedule_* interchange.xcal interchange.csv_file interchange.xlsx_file interchange.data interchange.data_schema interchange.*_calendar interchange.changes_feed interchange.formats printing.public_* speakers.public_portrait"),
        Area(what="Published programme for programs", whose="who is in it", routes="api.openapi api.documentation api.event api.version* api.session* api.talk* api.speaker* api.room* api.track*"),
        Area(what="Register, alone or as a group; have a lost link mailed", whose="a new one", routes="registration.register registration.sent registration.correct registration.lost_link registration.group_form registration.group_sent registration.passed_on"),
        Area(what="Sign in and out, ask for a new password", whose="own", routes="accounts.sign_in accounts.sign_out accounts.second_step accounts.passkey accounts.passkey_begin accounts.desk accounts.forgotten"),
        Area(what="Style sheets and scripts, signs of life", whose=NONE, routes="web.*"),
        Area(what="Mailbox of a demonstration; there is none in production", whose=ALL_OF_THEM, routes="demo.*"),
    ),
    "By a personal link or a token": (
        Area(what="A registration: details, answers, extras, invoice, letter for a visa, ticket, withdrawal, passing on", whose="own", routes="registration.own_* printing.own_*"),
        Area(what="What is held of oneself, as a file; the wish to be erased", whose="own", routes="privacy.own_*"),
        Area(what="Marks in the programme", whose="own", routes="programme.own_*"),
        Area(what="An invitation to register", whose="own", routes="registration.invited"),
        Area(what="A group: its members' names and states, adding, withdrawing, passing on", whose="own group", routes="registration.group_page registration.group_add registration.group_withdraw registration.group_pass_on"),
        Area(what="A speaker: confirmation, profile, times, disclosure, talks, slides, portrait", whose="own", routes="speakers.own_*"),
        Area(what="A file that a mail links to", whose="of the mail", routes="mail.linked_file"),
        Area(what="Stop news", whose="own address", routes="mail.unsubscribe"),
        Area(what="The one-time link of a staff account", whose="own", routes="accounts.link"),
        Area(what="Registrations for programs, without sensitive answers; each reading is recorded", whose=ALL_OF_THEM, routes="api.registration api.registrations"),
    ),
    "The office: accounts": (
        Area(what="Own account: password, second factor, sessions", whose="own", routes="accounts.home accounts.password accounts.own accounts.own_name accounts.confirm accounts.confirm_link accounts.end_session accounts.end_sessions accounts.guards accounts.authenticator accounts.remove_authenticator accounts.recovery_codes accounts.own_passkey_begin accounts.add_passkey accounts.remove_passkey"),
        Area(what="Accounts, roles, suspension, desk codes", whose=ALL_OF_THEM, routes="accounts.members accounts.member accounts.invite accounts.mail_link accounts.new_link accounts.remove accounts.limit accounts.suspend accounts.resume accounts.reset_second_factor accounts.desk_codes accounts.revoke_desk_code"),
        Area(what="Tokens of programs", whose=ALL_OF_THEM, routes="api.tokens api.token api.revoke"),
        Area(what="How the installation stands", whose=NONE, routes="running.standing"),
        Area(what="History of all changes and looks: search, file at a recorded look", whose=ALL_OF_THEM, routes="audit.office_list audit.export"),
        Area(what="Figures for monitoring", whose="numbers only", routes="mail.metrics", by_token=True),
    ),
    "The office: registrations": (
        Area(what="List of registrations", whose=ALL_OF_THEM, routes="registration.office_list"),
        Area(what="A registration: page, change, end, pass on, extras, files, mails again", whose=ALL_OF_THEM, routes="registration.office_page registration.office_change registration.office_file registration.office_end registration.office_send_again registration.office_pass_on registration.office_extras"),
        Area(what="Sensitive answers, at a recorded look", whose=ALL_OF_THEM, routes="registration.office_sensitive", is_look=True),
        Area(what="Export of the list", whose=ALL_OF_THEM, routes="registration.export"),
        Area(what="Waiting lists, places given by hand, walk-ins", whose=ALL_OF_THEM, routes="registration.waiting registration.admit registration.restore registration.walk_in registration.walk_in_done"),
        Area(what="Approvals, tags, acts and messages on many at once", whose=ALL_OF_THEM, routes="registration.approvals registration.tags registration.many registration.message"),
        Area(what="Import of registrations", whose=ALL_OF_THEM, routes="registration.import_upload registration.import_check"),
        Area(what="Figures, small cells suppressed", whose="numbers only", routes="registration.figures registration.figures_csv"),
        Area(what="Fees, payments, invoices", whose=ALL_OF_THEM, routes="registration.fees registration.fees_export registration.payment registration.no_payment registration.office_invoice registration.import_payments registration.check_payments"),
        Area(what="Letters for a visa; passports at a recorded look", whose=ALL_OF_THEM, routes="registration.visa_* printing.office_letter"),
        Area(what="Invitations and codes", whose=ALL_OF_THEM, routes="registration.invitations registration.new_invitation registration.invitation registration.change_invitation registration.mail_invitation registration.revoke_invitation registration.delete_invitation registration.import_invitees registration.check_invitees registration.codes registration.new_code registration.code registration.retire_code"),
        Area(what="The form: categories, extras, questions", whose="people by extra", routes="registration.categories registration.*category registration.extras registration.extra registration.extra_people registration.new_extra registration.delete_extra registration.retire_extra registration.copy_extra registration.move_extra registration.questions registration.*question"),
        Area(what="Wishes to be erased, erasure", whose=ALL_OF_THEM, routes="privacy.office_*"),
    ),
    "The office: people and speakers": (
        Area(what="People: list and page", whose=ALL_OF_THEM, routes="people.office_list people.office_page"),
        Area(what="People: make, change, merge, delete", whose=ALL_OF_THEM, routes="people.new people.edit people.delete people.merge people.merge_with"),
        Area(what="Under which letter a badge lies", whose=ALL_OF_THEM, routes="people.sorting"),
        Area(what="Speakers: list, what is missing, portraits, which slides are there", whose=ALL_OF_THEM, routes="speakers.office_list speakers.overdue speakers.portrait_file speakers.slides"),
        Area(what="Speakers: slides themselves", whose=ALL_OF_THEM, routes="speakers.slides_file"),
        Area(what="Programme committee: members, who has signed", whose=ALL_OF_THEM, routes="speakers.committee"),
        Area(what="Programme committee: add, change, order, remove, mail the link; their disclosures", whose=ALL_OF_THEM, routes="speakers.new_member speakers.member speakers.move_member speakers.remove_member speakers.mail_member speakers.mail_committee speakers.renew_member_link"),
        Area(what="Disclosures of everybody as a file, at a recorded look", whose=ALL_OF_THEM, routes="speakers.disclosures"),
        Area(what="Speakers: dossier with disclosure, links and mails to them", whose=ALL_OF_THEM, routes="speakers.dossier speakers.send_link speakers.send_links speakers.show_link speakers.renew_link"),
    ),
    "The office: programme": (
        Area(what="Draft, history, versions, the editor's page", whose="who is in it", routes="programme.office programme.office_session programme.session_history programme.versions programme.publish editor.schedule editor.data editor.changes editor.heat editor.here editor_past.*", is_look=True),
        Area(what="Sessions and talks, imports of schedules", whose="of the own tracks, where limited", routes="editor.write editor.take_back editor.do_again programme.move_session programme.new_session programme.edit_session programme.delete_session programme.new_talk programme.edit_talk programme.delete_talk interchange.upload_schedule interchange.check_schedule"),
        Area(what="Names for who edits", whose=ALL_OF_THEM, routes="editor.people"),
        Area(what="Publish, withdraw, tell people; checks", whose="who is in it", routes="programme.publish_version programme.tell_version programme.ask_to_withdraw programme.withdraw_version programme.set_publish_time programme.call_off_version programme.checks"),
        Area(what="Tracks and rooms", whose=NONE, routes="event.new_track event.track event.delete_track event.new_room event.room event.delete_room"),
        Area(what="The event and its organisers: overview", whose=NONE, routes="event.office"),
        Area(what="The event, booklet texts, organisers", whose=NONE, routes="event.facts event.booklet event.organiser"),
    ),
    "The office: paper": (
        Area(what="Programme and signs on paper; previews of what one may print", whose="who is in it", routes="printing.programme printing.programme_* printing.printer_files printing.booklet printing.signs printing.sign printing.preview* printing.ticket_sample"),
        Area(what="Mark a version as sent to print", whose=NONE, routes="printing.mark_sent printing.take_mark_back"),
        Area(what="Badges, tickets, lists of the desk; marking as here", whose=ALL_OF_THEM, routes="printing.badge* printing.blanks printing.desk printing.certificate_paper printing.mark_here printing.undo_here printing.boxes printing.others printing.stop_paper printing.print_run_again printing.box_labels printing.ask_for_paper printing.paper printing.paper_file printing.outline printing.runs printing.ask_for_evening_pack printing.list printing.run_file printing.take_back_run printing.new_code"),
        Area(what="Designs and sheets of badges", whose=NONE, routes="printing.designs printing.*design printing.design_* printing.sheets printing.*sheet"),
    ),
    "The office: mail": (
        Area(what="Outbox: subjects, recipients, states", whose=NOT_STAFFS, routes="mail.office_list mail.office_page"),
        Area(what="Mails' text and attachments, sending again", whose=NOT_STAFFS, routes="mail.office_html mail.office_attachment mail.retry mail.cancel mail.resend mail.trust"),
        Area(what="Wordings of mails", whose=NONE, routes="mail.wording*"),
        Area(what="Campaigns to many", whose=ALL_OF_THEM, routes="campaigns.*"),
    ),
}  # fmt: skip
