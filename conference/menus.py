"""What the public, staff and foot menus hold, and what the office's home page lists below an entry."""

from conference.web.frame import MenuItem
from conference.web.language import lazy_gettext as _l


def _below(endpoint: str, **pages: object) -> list[MenuItem]:
    """Return entries of the office's home page for pages of the same room, shown below an entry of the menu."""
    room = endpoint.partition(".")[0]
    return [
        MenuItem(endpoint=f"{room}.{page}", label=label, place=place, area=f"below {endpoint}")
        for place, (page, label) in enumerate(pages.items())
    ]


MENUS = (
    MenuItem(
        endpoint="mail.office_list", label=_l("Mails"), place=70, area="staff", also=("/staff/campaigns",)
    ),
    *_below("mail.office_list", wordings=_l("What the mails say")),
    MenuItem(
        endpoint="campaigns.office_list", label=_l("Campaigns"), place=20, area="below mail.office_list"
    ),
    MenuItem(endpoint="programme.public_programme", label=_l("Programme"), place=20, area="public"),
    MenuItem(endpoint="programme.public_now", label=_l("Now and next"), place=20, area="programme views"),
    MenuItem(endpoint="programme.public_search", label=_l("Search"), place=30, area="programme views"),
    MenuItem(endpoint="programme.my_programme", label=_l("My programme"), place=40, area="programme views"),
    MenuItem(endpoint="programme.public_speakers", label=_l("Speakers"), place=30, area="public"),
    MenuItem(endpoint="printing.public_programme", label=_l("Programme as PDF"), place=10, area="programme"),
    MenuItem(
        endpoint="printing.public_book", label=_l("Whole programme on one page"), place=12, area="programme"
    ),
    MenuItem(endpoint="printing.public_card", label=_l("Pocket card"), place=14, area="programme"),
    MenuItem(endpoint="programme.calendar", label=_l("Calendar file"), place=20, area="programme"),
    MenuItem(endpoint="interchange.formats", label=_l("Other forms"), place=30, area="programme"),
    MenuItem(endpoint="printing.programme", label=_l("Draft as PDF"), place=10, area="programme office"),
    MenuItem(endpoint="printing.booklet", label=_l("Programme booklet"), place=12, area="programme office"),
    MenuItem(
        endpoint="interchange.upload_schedule",
        label=_l("Import a schedule"),
        place=20,
        area="programme office",
    ),
    MenuItem(endpoint="programme.office", label=_l("Programme"), place=20, area="staff"),
    MenuItem(endpoint="editor.schedule", label=_l("Schedule"), place=25, area="staff"),
    MenuItem(endpoint="speakers.office_list", label=_l("Speakers"), place=50, area="staff"),
    *_below("speakers.office_list", committee=_l("Programme committee")),
    MenuItem(endpoint="accounts.home", label=_l("Office"), place=10, area="staff"),
    # Beside the menu, under one's name.
    MenuItem(
        endpoint="accounts.own",
        label=_l("My account"),
        place=10,
        area="account",
        also=("/staff/password", "/staff/confirm"),
    ),
    MenuItem(
        endpoint="accounts.members",
        label=_l("Accounts"),
        place=90,
        area="staff",
        also=("/staff/api-tokens", "/staff/desk-codes"),
    ),
    MenuItem(endpoint="accounts.desk_codes", label=_l("Desk codes"), place=20, area="below accounts.members"),
    MenuItem(endpoint="api.tokens", label=_l("API tokens"), place=10, area="below accounts.members"),
    MenuItem(endpoint="accounts.sign_in", label=_l("Staff sign-in"), place=90, area="foot"),
    MenuItem(endpoint="event.home", label=_l("Home"), place=10, area="public"),
    MenuItem(endpoint="event.privacy", label=_l("Privacy"), place=10, area="foot"),
    MenuItem(endpoint="event.accessibility", label=_l("Accessibility"), place=20, area="foot"),
    MenuItem(
        endpoint="event.office",
        label=_l("Event"),
        place=80,
        area="staff",
        also=("/staff/tracks", "/staff/rooms", "/staff/standing", "/staff/audit"),
    ),
    MenuItem(endpoint="running.standing", label=_l("How it stands"), place=90, area="below event.office"),
    MenuItem(endpoint="audit.office_list", label=_l("History"), place=80, area="below event.office"),
    MenuItem(endpoint="people.office_list", label=_l("People"), place=40, area="staff"),
    MenuItem(endpoint="registration.register", label=_l("Register"), place=40, area="public"),
    MenuItem(
        endpoint="registration.office_list",
        label=_l("Registrations"),
        place=15,
        area="staff",
        also=(
            "/staff/approvals",
            "/staff/figures",
            "/staff/fees",
            "/staff/tags",
            "/staff/walk-in",
            "/staff/visa",
            "/staff/desk",
        ),
    ),
    MenuItem(
        endpoint="registration.categories",
        label=_l("Categories"),
        place=30,
        area="staff",
        also=("/staff/extras", "/staff/questions", "/staff/invitations", "/staff/codes"),
    ),
    MenuItem(endpoint="printing.desk", label=_l("Desk"), place=0, area="below registration.office_list"),
    *_below(
        "registration.office_list",
        walk_in=_l("Walk-in"),
        approvals=_l("Approvals"),
        visa_letters=_l("Letters of invitation"),
        import_upload=_l("Import"),
        tags=_l("Tags"),
        fees=_l("Fees"),
        figures=_l("Figures"),
    ),
    *_below(
        "registration.categories",
        extras=_l("Extras"),
        questions=_l("Questions"),
        invitations=_l("Invitations"),
        codes=_l("Codes"),
    ),
    MenuItem(
        endpoint="privacy.office_erasures", label=_l("Erasures"), place=10, area="below people.office_list"
    ),
    MenuItem(
        endpoint="printing.badges_preflight",
        label=_l("Badges"),
        place=50,
        area="staff",
        also=(
            "/staff/papers",
            "/staff/sheets",
            "/staff/signs",
            "/staff/preview",
            "/staff/designs",
            "/staff/boxes",
        ),
    ),
    MenuItem(
        endpoint="printing.others",
        label=_l("Badges of others"),
        place=5,
        area="below printing.badges_preflight",
    ),
    MenuItem(
        endpoint="printing.boxes",
        label=_l("Boxes of the desk"),
        place=10,
        area="below printing.badges_preflight",
    ),
    MenuItem(
        endpoint="printing.programme_print",
        label=_l("Print the programme"),
        place=12,
        area="programme office",
    ),
    MenuItem(endpoint="printing.signs", label=_l("Signs and lists"), place=30, area="programme office"),
)
