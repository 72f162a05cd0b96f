"""Signs: a room's day for its door, the way to a room, names for tables, reserved seats, the notice of photographs.

All are set in the language of the moment, as large as their page allows.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from conference.core.text import sort_key
from conference.event.model import Event, Room
from conference.printing.colours import INK, LINE, SOFT, TRACKS
from conference.printing.lists import led_by
from conference.printing.pages import A3, A4, A4_WIDE, Pages
from conference.printing.sheets import Box
from conference.programme.model import Kind, Part, PartRole, Programme, Session
from conference.web.language import clock_time, gettext, long_date

MARGIN_MM = 16.0
ROOM_SIZES_PT = tuple(range(72, 27, -2))
DAY_PT = 20.0
TIME_PT = 26.0
TITLE_SIZES_PT = tuple(range(26, 9, -1))
PEOPLE_SIZES_PT = (15, 14, 13, 12, 11, 10)
NAME_SIZES_PT = tuple(range(110, 29, -4))
WORD_SIZES_PT = tuple(range(160, 39, -5))
DIRECTIONS = {"left": 270, "ahead": 0, "right": 90, "back": 180}
_TIMES_MM = 40.0
_LEAST_ROW_MM = 16.0
_ON_STAGE = (PartRole.CHAIR, PartRole.MODERATOR, PartRole.PANELLIST)


def door_signs(programme: Programme, event: Event, day: date | None = None) -> bytes:
    """Return an A4 page for each room and day on which something is in it: times, titles, who leads and speaks."""
    pages = Pages(gettext("Door signs"), A4)
    for one in programme.days:
        for room in programme.rooms:
            sessions = [
                session
                for session in programme.on(one)
                if session.room and session.room.id == room.id and session.span
            ]
            if sessions and day in {None, one}:
                _door_sign(pages, event, room, one, sessions)
    return _closed(pages)


def _door_sign(pages: Pages, event: Event, room: Room, day: date, sessions: Sequence[Session]) -> None:
    pages.begin()
    width = pages.page.width_mm - 2 * MARGIN_MM
    head = Box(x_mm=MARGIN_MM, y_mm=14, width_mm=width, height_mm=44)
    y = pages.block(room.name, "bold", head, ROOM_SIZES_PT) + 4
    pages.text(long_date(day), "regular", DAY_PT, MARGIN_MM, y + 6, SOFT)
    y += 12
    pages.rule(MARGIN_MM, y, width, INK, 0.8)
    bottom = pages.page.height_mm - 24
    row_mm = max(_LEAST_ROW_MM, (bottom - y) / max(len(sessions), 4))
    shown = sessions[: int((bottom - y) / row_mm)]
    for session in shown:
        _door_row(pages, session, Box(x_mm=MARGIN_MM, y_mm=y, width_mm=width, height_mm=row_mm))
        y += row_mm
    more = len(sessions) - len(shown)
    foot = gettext("and %(count)s more", count=more) if more else event.title
    box = Box(x_mm=MARGIN_MM, y_mm=bottom + 6, width_mm=width, height_mm=6)
    pages.block(foot, "regular", box, (11, 10, 9), colour=SOFT)


def _door_row(pages: Pages, session: Session, box: Box) -> None:
    assert session.span is not None
    colour = TRACKS.get(session.track.colour, INK) if session.track else LINE
    pages.fill(Box(x_mm=box.x_mm, y_mm=box.y_mm + 3, width_mm=2, height_mm=box.height_mm - 6), colour)
    size = TIME_PT if box.height_mm > 22 else 18.0  # noqa: PLR2004 -- two lines of the larger type
    pages.text(clock_time(session.span.start), "bold", size, box.x_mm + 6, box.y_mm + 4 + size * 0.26)
    pages.text(
        gettext("to %(time)s", time=clock_time(session.span.end)),
        "regular", 11, box.x_mm + 6, box.y_mm + 4 + size * 0.26 + 6, SOFT,
    )  # fmt: skip
    x, width = box.x_mm + _TIMES_MM, box.width_mm - _TIMES_MM
    people = _led_by(session)
    share = 0.62 if people else 0.85
    title = Box(x_mm=x, y_mm=box.y_mm + 3, width_mm=width, height_mm=(box.height_mm - 5) * share)
    y = pages.block(session.title, "bold", title, TITLE_SIZES_PT)
    if people and box.bottom_mm - y > 6:  # noqa: PLR2004 -- a line of the smallest type
        rest = Box(x_mm=x, y_mm=y + 0.5, width_mm=width, height_mm=box.bottom_mm - y - 2)
        pages.block(people, "regular", rest, PEOPLE_SIZES_PT, colour=SOFT)
    pages.rule(box.x_mm, box.bottom_mm, box.width_mm, LINE)


def _led_by(session: Session) -> str:
    led = led_by([part for part in session.people if part.role is not PartRole.PANELLIST])
    speakers = list(dict.fromkeys(part.name for talk in session.talks for part in talk.people))
    speakers += [part.name for part in session.people if part.role is PartRole.PANELLIST]
    if session.kind is Kind.POSTER:
        speakers = []
    return ". ".join(filter(None, (led, ", ".join(speakers))))


def way_signs(rooms: Iterable[Room], direction: str) -> bytes:
    """Return an A4 page on its side for each room: its name and an arrow, "left", "ahead", "right" or "back"."""
    pages = Pages(gettext("Way signs"), A4_WIDE)
    for room in rooms:
        pages.begin()
        arrow = Box(x_mm=20, y_mm=60, width_mm=80, height_mm=80)
        pages.arrow(arrow, DIRECTIONS[direction])
        words = Box(x_mm=112, y_mm=30, width_mm=pages.page.width_mm - 128, height_mm=150)
        pages.block(room.name, "bold", words, WORD_SIZES_PT, is_middle=True)
    return _closed(pages)


def table_names(programme: Programme) -> bytes:
    """Return an A4 page on its side, to be folded, for each person who chairs, moderates or discusses.

    Both halves say the same: the upper one upside down, so that the name is read from both sides of the tent.
    """
    pages = Pages(gettext("Table names"), A4_WIDE)
    people: dict[int, Part] = {}
    for session in programme.sessions:
        for part in session.people:
            if part.role in _ON_STAGE:
                people.setdefault(part.person_id, part)
    half_mm = A4_WIDE.height_mm / 2
    for part in sorted(people.values(), key=lambda one: sort_key(one.sort_name or one.name, "sv")):
        pages.begin()
        upper = Box(x_mm=0, y_mm=0, width_mm=A4_WIDE.width_mm, height_mm=half_mm)
        lower = upper.moved(0, half_mm)
        with pages.turned(upper):
            _table_name(pages, part, upper)
        _table_name(pages, part, lower)
        pages.rule(0, half_mm, 6, LINE)
        pages.rule(A4_WIDE.width_mm - 6, half_mm, 6, LINE)
    return _closed(pages)


def _table_name(pages: Pages, part: Part, half: Box) -> None:
    width = half.width_mm - 2 * MARGIN_MM
    name = Box(x_mm=MARGIN_MM, y_mm=half.y_mm + 18, width_mm=width, height_mm=52)
    pages.block(part.name, "bold", name, NAME_SIZES_PT, is_centred=True, is_middle=True)
    where = Box(x_mm=MARGIN_MM, y_mm=half.y_mm + 74, width_mm=width, height_mm=18)
    pages.block(part.affiliation, "regular", where, tuple(range(26, 11, -1)), colour=SOFT, is_centred=True)


def reserved_seats(words: str, count: int) -> bytes:
    """Return so many A4 pages on their side that say "Reserved" and for whom."""
    pages = Pages(gettext("Reserved seats"), A4_WIDE)
    width = A4_WIDE.width_mm - 2 * MARGIN_MM
    for _ in range(count):
        pages.begin()
        head = Box(x_mm=MARGIN_MM, y_mm=40, width_mm=width, height_mm=60)
        pages.block(gettext("Reserved"), "bold", head, WORD_SIZES_PT, is_centred=True, is_middle=True)
        below = Box(x_mm=MARGIN_MM, y_mm=112, width_mm=width, height_mm=50)
        pages.block(words, "regular", below, tuple(range(72, 17, -2)), is_centred=True, is_middle=True)
    return _closed(pages)


def box_labels(labels: Iterable[str], event: Event) -> bytes:
    """Return an A4 page on its side for each box of the desk, with its letters as large as they fit."""
    pages = Pages(gettext("Boxes of the desk"), A4_WIDE)
    width = A4_WIDE.width_mm - 2 * MARGIN_MM
    for label in labels:
        pages.begin()
        letters = Box(x_mm=MARGIN_MM, y_mm=30, width_mm=width, height_mm=120)
        pages.block(label, "bold", letters, tuple(range(260, 39, -10)), is_centred=True, is_middle=True)
        foot = Box(x_mm=MARGIN_MM, y_mm=A4_WIDE.height_mm - 26, width_mm=width, height_mm=8)
        pages.block(event.title, "regular", foot, (14, 12, 11, 10, 9), colour=SOFT, is_centred=True)
    return _closed(pages)


def photo_notice(event: Event) -> bytes:
    """Return one A3 page: photographs are taken, what the mark on a badge means, and whom to ask."""
    pages = Pages(gettext("Photographs"), A3)
    pages.begin()
    width = A3.width_mm - 60
    y = pages.block(
        gettext("Photographs are taken here"),
        "bold",
        Box(x_mm=30, y_mm=60, width_mm=width, height_mm=110),
        tuple(range(96, 39, -2)),
    )
    texts = [
        gettext(
            "The organisers take photographs at %(event)s and show them in reports of it.", event=event.title
        ),
        gettext(
            "Who does not wish to be photographed gets a mark on the badge: ask at the registration desk."
        ),
        gettext("Photographers do not take pictures of who wears it."),
    ]
    if event.contact_email:
        texts.append(gettext("Questions: %(address)s", address=event.contact_email))
    y += 14
    for text in texts:
        y = (
            pages.block(
                text, "regular", Box(x_mm=30, y_mm=y, width_mm=width, height_mm=60), (30, 28, 26, 24, 22, 20)
            )
            + 8
        )
    return _closed(pages)


def _closed(pages: Pages) -> bytes:
    """Return the file; one page that says so where there is nothing to print."""
    if not pages.count:
        pages.begin()
        pages.text(gettext("There is nothing to print yet."), "regular", 14, MARGIN_MM, 30)
    return pages.close()
