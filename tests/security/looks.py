"""Which pages show sensitive data, and so write an entry for each look (trust.md 30), and why the others write none.

Sensitive are (domain.md, Personal data; the organisers' own choice where it is silent): what is encrypted, passports,
files that people sent with answers, addresses of invoices and what was paid, travel, needs and interests of speakers,
links that let in as somebody else, all that is held of a person, and whatever leaves the office as a list or a file.
"""

from conference.audit.looks import Look

# GET pages, by endpoint: each look is an entry, and none is shown if it cannot be written.
SEEN: dict[str, Look] = {
    "registration.export": Look.REGISTRATIONS,
    "registration.fees": Look.FEES,
    "registration.fees_export": Look.FEES_FILE,
    "registration.office_page": Look.INVOICE,  # where it has one
    "registration.payment": Look.INVOICE,
    "registration.office_invoice": Look.INVOICE,
    "registration.office_file": Look.ANSWER_FILE,
    "printing.office_letter": Look.LETTER,
    "printing.list": Look.LIST,
    "printing.certificate_paper": Look.LIST,  # with ?names=1
    "printing.paper_file": Look.LIST,  # of the evening pack
    "speakers.dossier": Look.DOSSIER,
    "speakers.show_link": Look.LINK,
    "speakers.disclosures": Look.DISCLOSURES,
    "speakers.member": Look.MEMBER,
    "privacy.own_data": Look.OWN_DATA,
    "audit.export": Look.HISTORY,
}
# These ask for a button, whose POST writes the entry: "sensitive answers seen".
BY_BUTTON = {"registration.office_sensitive", "registration.visa_passport"}
# A program's reads, by entries of their own: "registrations read" and "read by a program".
BY_PROGRAMS = {"api.registrations", "api.registration"}

# Why a page of the office writes none.
UNNOTED: dict[str, set[str]] = {
    "names, affiliations, states and addresses, with which the office works all day": {
        "people.office_list", "people.office_page", "people.edit", "people.merge", "people.merge_with", "people.new",
        "people.sorting", "registration.office_list", "registration.admit", "registration.approvals",
        "registration.extra_people", "registration.many", "registration.message", "registration.office_change",
        "registration.office_end", "registration.office_extras", "registration.office_pass_on", "registration.tags",
        "registration.waiting", "registration.walk_in", "registration.walk_in_done", "registration.visa_letter",
        "registration.visa_letters", "registration.invitation", "registration.invitations",
        "registration.change_invitation", "registration.new_invitation", "privacy.office_erasures",
        "speakers.office_list", "speakers.overdue", "speakers.portrait_file", "speakers.slides",
        "speakers.slides_file", "campaigns.office_list", "campaigns.office_page", "campaigns.new", "campaigns.words",
        "editor.people", "audit.office_list", "speakers.committee", "speakers.new_member",
    },
    "mails that the office wrote": {
        "mail.office_list", "mail.office_page", "mail.office_html", "mail.office_attachment", "mail.resend",
    },
    "badges, whose every printing is an entry": {
        "printing.badge", "printing.badge_file", "printing.badges", "printing.badges_preflight", "printing.desk",
        "printing.others", "printing.run_file", "printing.runs", "printing.paper", "printing.boxes",
        "printing.box_labels",
    },
    "what another page of this list, or of those noted, has drawn": {
        "printing.preview", "printing.preview_file", "printing.preview_page",
    },
    "files that who looks has sent a moment ago": {
        "registration.check_invitees", "registration.check_payments", "registration.import_check",
        "interchange.check_schedule",
    },
    "no people at all, counts, or the programme": {
        "event.booklet", "event.facts", "event.new_room", "event.new_track", "event.office", "event.organiser",
        "event.room", "event.track", "editor.changes", "editor.data", "editor.heat", "editor.schedule",
        "editor_past.at", "editor_past.history", "interchange.upload_schedule", "mail.metrics", "mail.wording",
        "mail.wordings", "printing.blanks", "printing.booklet", "printing.design", "printing.design_picture",
        "printing.design_sample", "printing.design_schema", "printing.designs", "printing.export_design",
        "printing.new_sheet", "printing.outline", "printing.printer_files", "printing.programme",
        "printing.programme_paper", "printing.programme_plan", "printing.programme_print", "printing.sheet",
        "printing.sheets", "printing.shipped_design", "printing.sign", "printing.signs", "printing.ticket_sample",
        "programme.ask_to_withdraw", "programme.checks", "programme.delete_session", "programme.delete_talk",
        "programme.edit_session", "programme.edit_talk", "programme.new_session", "programme.new_talk",
        "programme.office", "programme.office_session", "programme.publish", "programme.session_history",
        "programme.versions", "registration.categories", "registration.category", "registration.code",
        "registration.codes", "registration.extra", "registration.extras", "registration.figures",
        "registration.figures_csv", "registration.import_invitees", "registration.import_payments",
        "registration.import_upload", "registration.new_category", "registration.new_code", "registration.new_extra",
        "registration.new_question", "registration.question", "registration.questions", "running.standing",
    },
    "staff themselves": {
        "accounts.authenticator", "accounts.desk_codes", "accounts.guards", "accounts.home", "accounts.member",
        "accounts.members", "accounts.own", "accounts.own_name", "accounts.password", "accounts.link",
        "accounts.remove", "accounts.confirm", "accounts.confirm_link", "api.token", "api.tokens",
    },
    "one's own, page by page, by the personal link": {
        "mail.linked_file", "mail.unsubscribe", "printing.own_code", "printing.own_letter", "printing.own_ticket",
        "privacy.own_erase", "programme.own_marks", "programme.own_marks_calendar", "programme.own_programme",
        "registration.group_add", "registration.group_page", "registration.group_pass_on",
        "registration.group_withdraw", "registration.invited", "registration.own_calendar",
        "registration.own_change", "registration.own_extras", "registration.own_file", "registration.own_invoice",
        "registration.own_page", "registration.own_pass_on", "registration.own_visa", "registration.own_withdraw",
        "speakers.own_disclosure", "speakers.own_page", "speakers.own_portrait", "speakers.own_portrait_file",
        "speakers.own_profile", "speakers.own_slides", "speakers.own_slides_file", "speakers.own_talk",
        "speakers.own_times",
    },
}  # fmt: skip
