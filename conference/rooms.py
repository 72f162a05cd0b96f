"""Opens each room from the ground up: its pages, and what it tells the rooms below it by their registries."""

from flask import Flask

from conference.accounts.cookie import load_principal
from conference.accounts.factors import seal_factors_anew, sealed_factors_open
from conference.accounts.forgotten import password_requests
from conference.accounts.letters import LINK as STAFF_LINK
from conference.accounts.letters import READERS as STAFF_MAIL_READERS
from conference.accounts.letters import mailed_link as staff_link
from conference.accounts.letters import of_staff as staff_specimen
from conference.accounts.queries import staff_names
from conference.accounts.registry import HomeCount, code_pictures, home_counts, track_choices
from conference.accounts.routes import blueprint as accounts
from conference.api.checking import check_token
from conference.api.routes import blueprint as api
from conference.campaigns.personal import move_recipients
from conference.campaigns.readers import KIND as CAMPAIGN
from conference.campaigns.routes import blueprint as campaigns
from conference.campaigns.sending import due, write_campaign
from conference.campaigns.service import write_anew
from conference.config import Settings, SettingsError
from conference.demo.routes import blueprint as demo_mailbox
from conference.editor.past_routes import blueprint as editor_past
from conference.editor.routes import blueprint as editor
from conference.event.notices import notice
from conference.event.queries import get_event, named_tracks
from conference.event.registry import programme_facts_changed, room_uses, scheduled, track_uses
from conference.event.routes import blueprint as event
from conference.interchange.personal import move_ids
from conference.interchange.routes import blueprint as interchange
from conference.jobs.opening import open_broker
from conference.jobs.registry import job_makers, sources
from conference.jobs.service import jobs
from conference.mail.delivery import init_delivery
from conference.mail.marks import mark
from conference.mail.outbox import outbox
from conference.mail.queries import count_stuck
from conference.mail.registry import (
    about_pages,
    addresses_now,
    attachment_makers,
    copied_links,
    link_makers,
    mail_readers,
    name_givers,
    record_stands,
    series_cancelled,
)
from conference.mail.routes import blueprint as mail
from conference.mail.series import leftovers
from conference.mail.specimens import specimen_makers
from conference.mail.styling import init_styling
from conference.mail.watching import queue_figures, queue_waits, trouble
from conference.mail.words import STATE_WORDS
from conference.menus import MENUS
from conference.people.mailed import address_now as address_of_person
from conference.people.mailed import page_of_mail as mailed_person
from conference.people.registry import address_holders, person_changed, person_moves, person_uses
from conference.people.routes import blueprint as people
from conference.printing.codes import qr_svg
from conference.printing.drawing_ahead import papers_to_draw
from conference.printing.errors import FontUnusableError
from conference.printing.fonts import FONT_FILES, fonts_are_there, use_fonts
from conference.printing.other_people import move_other_prints
from conference.printing.papers import KIND as BADGES
from conference.printing.papers import PACK as EVENING_PACK
from conference.printing.papers import make_badges, make_pack, papers
from conference.printing.preview_store import previews
from conference.printing.routes import printing
from conference.printing.standing import standing_words
from conference.printing.tickets import designed_ticket
from conference.privacy.ledger import note_merging
from conference.privacy.retention import retention
from conference.privacy.routes import REQUESTS
from conference.privacy.routes import blueprint as privacy
from conference.privacy.service import move_wish
from conference.programme.mark_queries import asked_for_news as marks_with_news
from conference.programme.marking import forget_ended, forget_marks
from conference.programme.records import lock_draft
from conference.programme.registry import (
    asked_for_news,
    disclosure_readers,
    profile_makers,
    tellers,
    undisclosed_readers,
    version_published,
)
from conference.programme.routes import CONFLICTS, UNTOLD, count_changes, draft_fact, versions_due
from conference.programme.routes import blueprint as programme
from conference.programme.uses import (
    move_roles,
    note_person_change,
    scheduled_sessions,
    sessions_in_room,
    sessions_of_track,
    sessions_with_person,
)
from conference.registration.came_back import CAME_BACK
from conference.registration.came_back import address_now as address_of_registration
from conference.registration.came_back import page_of_mail as mailed_registration
from conference.registration.file_store import files
from conference.registration.forgetting import forms
from conference.registration.group_letters import address_now as address_of_group
from conference.registration.group_links import mailed_group_link
from conference.registration.group_personal import coordinated_groups, move_groups
from conference.registration.invariants import (
    files_are_there,
    sealed_answers_open,
    sealed_passports_open,
    seats_are_counted,
)
from conference.registration.invitation_letters import address_now as address_of_invitation
from conference.registration.invitation_links import mailed_link as invitation_link
from conference.registration.invitations import lapsing
from conference.registration.links import mailed_link
from conference.registration.lost_links import lost_links
from conference.registration.mailed_files import stands
from conference.registration.offers import offers
from conference.registration.papers import make_calendar
from conference.registration.question_answers import answers, seal_anew
from conference.registration.question_queries import missing_key
from conference.registration.registry import (
    badge_standings,
    picture_cleaners,
    place_passed_on,
    registration_ended,
)
from conference.registration.routes import OFFERED, PENDING, REGISTERED
from conference.registration.routes import blueprint as registration
from conference.registration.specimens import of_former, of_group, of_invitation, of_registration
from conference.registration.uses import (
    find_by_new_name,
    is_registered,
    move_registrations,
    registrations_with_person,
)
from conference.registration.visa_purging import passports
from conference.registration.visa_service import seal_passports_anew
from conference.running.opening import open_running
from conference.speakers.committee import committee_of_person, note_changed_member
from conference.speakers.committee_queries import undisclosed_members
from conference.speakers.knowing import forget_known_marks
from conference.speakers.links import mailed_link as speakers_link
from conference.speakers.owing import OVERDUE, UNCONFIRMED
from conference.speakers.pictures import clean_picture
from conference.speakers.publishing import public_profiles
from conference.speakers.queries import disclosed
from conference.speakers.reminders import reminders
from conference.speakers.routes import blueprint as speakers
from conference.speakers.slides import uploads as slide_uploads
from conference.speakers.slot_calendar import KIND as SLOT
from conference.speakers.slot_calendar import make_slot
from conference.speakers.slot_letters import take_out
from conference.speakers.specimens import of_speaker
from conference.speakers.telling import note_marks, teller
from conference.speakers.uses import move_dossier
from conference.web.access import Role, check_tokens_by, use_principals_of
from conference.web.forms import page_token
from conference.web.frame import menus_of
from conference.web.language import lazy_gettext as _l
from conference.web.registry import (
    invariants,
    page_facts,
    readiness_checks,
    readiness_figures,
    resealers,
)
from conference.web.static import serve_fonts
from conference.web.uploads import uploads

# Who may send the personal links of invitations and groups to another address.
_DESK = frozenset({Role.DESK, Role.ORGANISER})
# What waits for somebody, on the office's first page.
_HOME_COUNTS = {
    "erasures": REQUESTS,
    "mails": HomeCount(
        label=_l("mails refused or held back"),
        endpoint="mail.office_list",
        count=count_stuck,
        query={"state": ["failed", "held"]},
    ),
    "programme": CONFLICTS,
    "programme changes": HomeCount(
        label=_l("changes of the draft not public"), endpoint="programme.publish", count=count_changes
    ),
    "programme untold": UNTOLD,
    "speakers overdue": OVERDUE,
    "addresses": CAME_BACK,
    "approvals": PENDING,
    "offers": OFFERED,
    "registrations": REGISTERED,
    "speakers": UNCONFIRMED,
}


def open_rooms(app: Flask) -> None:
    """Register every blueprint and fill every registry. Called once by `create_app`."""
    page_facts.fill("csrf_token", page_token)
    page_facts.fill("event", get_event)
    menus_of(app).add(*MENUS)
    _open_jobs(app)
    _open_mail(app)
    _open_accounts(app)
    _open_event(app)
    _open_people(app)
    _open_registration(app)
    _open_programme(app)
    _open_interchange(app)
    _open_speakers(app)
    _open_campaigns(app)
    _open_printing(app)
    _open_privacy(app)
    open_running(app)


def _open_jobs(app: Flask) -> None:
    sources.fill("jobs", jobs)
    open_broker(app, app.extensions["conference.settings"])


def _open_mail(app: Flask) -> None:
    init_delivery(app)
    init_styling(app)
    app.register_blueprint(mail)
    app.jinja_env.globals.update(mail_words=STATE_WORDS, mark=mark)
    sources.fill("mail", outbox)
    sources.fill("mails to stop", leftovers)
    readiness_checks.fill("mail queue", queue_waits)
    readiness_figures.fill("mail", queue_figures)
    page_facts.fill("mail_trouble", trouble)
    if app.extensions["conference.settings"].mode != "production":
        app.register_blueprint(demo_mailbox)


def _open_programme(app: Flask) -> None:
    app.register_blueprint(programme)
    page_facts.fill("draft", draft_fact)
    sources.fill("versions due", versions_due)
    asked_for_news.fill("marks", marks_with_news)
    registration_ended.fill("marks", forget_ended)
    place_passed_on.fill("marks", forget_marks)


def _open_interchange(app: Flask) -> None:
    app.register_blueprint(interchange)
    person_moves.fill("interchange", move_ids)
    app.register_blueprint(api)
    check_tokens_by(app, check_token)


def _open_speakers(app: Flask) -> None:
    app.register_blueprint(speakers)
    link_makers.fill("speaker", speakers_link)
    attachment_makers.fill(SLOT, make_slot)
    version_published.fill("marks", note_marks)
    tellers.fill("speakers", teller)
    registration_ended.fill("speakers", take_out)
    place_passed_on.fill("marks told", forget_known_marks)
    specimen_makers.fill("speaker", of_speaker)
    sources.fill("speakers to remind", reminders)
    profile_makers.fill("speakers", public_profiles)
    disclosure_readers.fill("speakers", disclosed)
    undisclosed_readers.fill("committee", undisclosed_members)
    sources.fill("slides to forget", slide_uploads)


def _open_accounts(app: Flask) -> None:
    use_principals_of(app, load_principal)
    app.register_blueprint(accounts)
    link_makers.fill(STAFF_LINK, staff_link)
    mail_readers.fill("staff", STAFF_MAIL_READERS)
    specimen_makers.fill("staff", staff_specimen)
    sources.fill("passwords forgotten", password_requests)
    name_givers.fill("accounts", staff_names)
    invariants.fill("sealed authenticators", sealed_factors_open)
    resealers.fill("authenticators", seal_factors_anew)


def _open_event(app: Flask) -> None:
    app.register_blueprint(event)
    track_choices.fill("event", named_tracks)
    sources.fill("privacy notice to keep", notice)
    room_uses.fill("programme", sessions_in_room)
    track_uses.fill("programme", sessions_of_track)
    scheduled.fill("programme", scheduled_sessions)
    programme_facts_changed.fill("draft", lock_draft)


def _open_people(app: Flask) -> None:
    app.register_blueprint(people)
    about_pages.fill("person", mailed_person)
    addresses_now.fill("person", address_of_person)
    person_uses.fill("programme", sessions_with_person)
    person_uses.fill("registration", registrations_with_person)
    person_uses.fill("groups", coordinated_groups)
    person_uses.fill("committee", committee_of_person)
    address_holders.fill("registration", is_registered)
    person_moves.fill("programme", move_roles)
    person_moves.fill("registration", move_registrations)
    person_moves.fill("groups", move_groups)
    person_moves.fill("speakers", move_dossier)
    person_moves.fill("privacy", move_wish)
    person_changed.fill("programme", note_person_change)
    person_changed.fill("registration", find_by_new_name)
    person_changed.fill("committee", note_changed_member)


def _open_registration(app: Flask) -> None:
    app.register_blueprint(registration)
    link_makers.fill("registration", mailed_link)
    link_makers.fill("invitation", invitation_link)
    link_makers.fill("group", mailed_group_link)
    # The desk registers whom it will in any category, and changes every registration: neither link lets it do more.
    copied_links.fill("invitation", _DESK)
    copied_links.fill("group", _DESK)
    specimen_makers.fill("registration", of_registration)
    specimen_makers.fill("passed_on", of_former)
    specimen_makers.fill("group", of_group)
    specimen_makers.fill("invitation", of_invitation)
    attachment_makers.fill("calendar", make_calendar)
    about_pages.fill("registration", mailed_registration)
    addresses_now.fill("registration", address_of_registration)
    addresses_now.fill("registration_group", address_of_group)
    addresses_now.fill("invitation", address_of_invitation)
    record_stands.fill("registration", stands)
    sources.fill("forms to forget", forms)
    sources.fill("uploads to remove", uploads)
    sources.fill("offers to lapse", offers)
    sources.fill("invitations to lapse", lapsing)
    sources.fill("lost links", lost_links)
    sources.fill("files to forget", files)
    picture_cleaners.fill("pillow", clean_picture)
    sources.fill("answers to purge", answers)
    sources.fill("passports to purge", passports)
    readiness_checks.fill("encryption key", missing_key)
    invariants.fill("seats", seats_are_counted)
    invariants.fill("sealed answers", sealed_answers_open)
    invariants.fill("sealed passports", sealed_passports_open)
    invariants.fill("files of answers", files_are_there)
    resealers.fill("answers", seal_anew)
    resealers.fill("passports", seal_passports_anew)
    for name, count in _HOME_COUNTS.items():
        home_counts.fill(name, count)


def _open_campaigns(app: Flask) -> None:
    app.register_blueprint(campaigns)
    app.register_blueprint(editor)
    app.register_blueprint(editor_past)
    job_makers.fill(CAMPAIGN, write_campaign)
    sources.fill("campaigns due", due)
    person_moves.fill("campaigns", move_recipients)
    series_cancelled.fill("campaigns", write_anew)


def _open_privacy(app: Flask) -> None:
    app.register_blueprint(privacy)
    sources.fill("end of keeping", retention)
    person_moves.fill("ledger of erasures", note_merging)


def _open_printing(app: Flask) -> None:
    app.register_blueprint(printing)
    attachment_makers.fill("ticket", designed_ticket)
    code_pictures.fill("svg", qr_svg)
    job_makers.fill(BADGES, make_badges)
    job_makers.fill(EVENING_PACK, make_pack)
    sources.fill("papers to forget", papers)
    sources.fill("previews to forget", previews)
    badge_standings.fill("printing", standing_words)
    person_moves.fill("printing", move_other_prints)
    # In tests a version is published every second, and what is drawn ahead is drawn by its own test.
    if app.extensions["conference.settings"].mode != "test":
        sources.fill("public papers to draw", papers_to_draw)
    serve_fonts(FONT_FILES)
    settings: Settings = app.extensions["conference.settings"]
    try:
        use_fonts(settings.fonts)
    except FontUnusableError as error:
        raise SettingsError(str(error)) from error
    readiness_checks.fill("fonts", fonts_are_there)
