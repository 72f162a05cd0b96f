"""Lists of people on A4: for the door, of participants who agreed, of speakers with their slides, and the chair's sheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from conference.core.ids import PersonId
from conference.people.countries import country_name
from conference.printing.colours import INK, LINE, SOFT
from conference.printing.fitting import MM_PER_PT, fit, wrap
from conference.printing.pages import A4, Pages
from conference.printing.preflight import metrics
from conference.printing.sheets import Box
from conference.printing.text import settable
from conference.programme.model import Part, PartRole, Programme, PublicProfile, Session, Talk
from conference.programme.words import ROLE_PLURALS, ROLE_WORDS
from conference.registration.model import BadgePerson
from conference.speakers.chairing import ChairNote
from conference.web.language import clock_time, gettext, long_date, time_span

MARGIN_MM = 16.0
_TOP_MM, _BOTTOM_MM = 34.0, A4.height_mm - 18.0
_ROW_MM = 7.0
_TEXT_PT = 10.0
_BOX_MM = 4.0
# Of the chair's sheet, for each point of size: between baselines, and below a text.
_LEADING_MM, _AFTER_MM = 0.46, 0.12


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """`width_mm` of its text; `face` bold or regular."""

    title: str
    width_mm: float
    face: str = "regular"


class _Table:
    """Rows over as many pages as they take, with the head, the letter of the first row and the number on each."""

    def __init__(self, title: str, note: str, columns: Sequence[Column], *, has_box: bool) -> None:
        self._title, self._note, self._columns, self._has_box = title, note, columns, has_box
        self.pages = Pages(title, A4)
        self._y_mm = _BOTTOM_MM

    def _begin(self) -> None:
        pages = self.pages
        pages.begin()
        pages.text(self._title, "bold", 16, MARGIN_MM, 20)
        pages.text(self._note, "regular", 9, MARGIN_MM, 26, SOFT)
        pages.text(str(pages.count), "medium", 10, A4.width_mm - MARGIN_MM - 6, 20)
        x = self._left_mm
        for column in self._columns:
            pages.text(column.title, "medium", 8.5, x, _TOP_MM - 2.5, SOFT)
            x += column.width_mm
        pages.rule(MARGIN_MM, _TOP_MM - 1, A4.width_mm - 2 * MARGIN_MM, INK, 0.4)
        self._y_mm = _TOP_MM

    @property
    def _left_mm(self) -> float:
        return MARGIN_MM + (_BOX_MM + 4 if self._has_box else 0)

    def row(self, cells: Sequence[str]) -> None:
        if self._y_mm + _ROW_MM > _BOTTOM_MM:
            self._begin()
        pages, baseline = self.pages, self._y_mm + 4.8
        if self._has_box:
            pages.frame(Box(x_mm=MARGIN_MM, y_mm=baseline - 3.4, width_mm=_BOX_MM, height_mm=_BOX_MM))
        x = self._left_mm
        for column, text in zip(self._columns, cells, strict=True):
            width_em = metrics()[column.face].width_em
            shown = fit(settable(text), width_em, column.width_mm - 3, (_TEXT_PT, 9.5, 9, 8.5), 1)
            if shown.is_shortened:
                shown = fit(settable(text), width_em, column.width_mm - 3, (8, 7.5), 2)
            for number, line in enumerate(shown.lines):
                down_mm = (number - (len(shown.lines) - 1) / 2) * 1.1 * shown.size_pt * MM_PER_PT
                pages.text(line, column.face, shown.size_pt, x, baseline + down_mm)
            x += column.width_mm
        self._y_mm += _ROW_MM
        pages.rule(MARGIN_MM, self._y_mm, A4.width_mm - 2 * MARGIN_MM, LINE)

    def heading(self, text: str) -> None:
        if self._y_mm + 3 * _ROW_MM > _BOTTOM_MM:
            self._begin()
        self.pages.text(text, "bold", 12, MARGIN_MM, self._y_mm + 7.5)
        self._y_mm += 10.5

    def close(self, empty: str) -> bytes:
        if not self.pages.count:
            self._begin()
            self.pages.text(empty, "regular", 11, MARGIN_MM, _TOP_MM + 8)
        return self.pages.close()


def door_list(people: Iterable[BadgePerson], event_title: str) -> bytes:
    """Return everybody with a place by name, with a box to tick: for a morning without network."""
    columns = [
        Column(title=gettext("Name"), width_mm=60, face="bold"),
        Column(title=gettext("Affiliation"), width_mm=58),
        Column(title=gettext("Badge"), width_mm=34),
        Column(title=gettext("Number"), width_mm=18),
    ]
    table = _Table(gettext("List for the door"), event_title, columns, has_box=True)
    for one in people:
        name = ", ".join(filter(None, (one.family_name, one.given_name)))
        table.row([name, one.affiliation, one.badge_word, one.number])
    return table.close(gettext("Nobody has a place yet."))


def participants_list(people: Iterable[BadgePerson], event_title: str) -> bytes:
    """Return who agreed to stand in it, by name: name, affiliation, country and nothing else."""
    columns = [
        Column(title=gettext("Name"), width_mm=70, face="bold"),
        Column(title=gettext("Affiliation"), width_mm=70),
        Column(title=gettext("Country"), width_mm=38),
    ]
    table = _Table(gettext("Participants"), event_title, columns, has_box=False)
    for one in people:
        name = ", ".join(filter(None, (one.family_name, one.given_name)))
        table.row([name, one.affiliation, country_name(one.country)])
    return table.close(gettext("Nobody has agreed to stand in the list yet."))


def speakers_list(
    programme: Programme, event_title: str, signed: frozenset[PersonId] | None, slides: frozenset[int]
) -> bytes:
    """Return by day and time who speaks where, with a box to tick, and what is still missing of each."""
    columns = [
        Column(title=gettext("Time"), width_mm=14, face="bold"),
        Column(title=gettext("Room"), width_mm=26),
        Column(title=gettext("Name"), width_mm=48, face="bold"),
        Column(title=gettext("Talk"), width_mm=56),
        Column(title=gettext("Missing"), width_mm=26),
    ]
    table = _Table(gettext("Speakers, as they come"), event_title, columns, has_box=True)
    for day in programme.days:
        rows = sorted(_slots(programme.on(day)), key=lambda slot: (slot.at, slot.session.id, slot.talk.id))
        if rows:
            table.heading(long_date(day))
        for slot in rows:
            missing = [gettext("slides")] if slot.talk.id not in slides else []
            if signed is not None and slot.part.person_id not in signed:
                missing.append(gettext("interests"))
            room = slot.session.room.name if slot.session.room else ""
            table.row([clock_time(slot.at), room, slot.part.name, slot.talk.title, ", ".join(missing)])
    return table.close(gettext("Nobody speaks yet."))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Slot:
    at: datetime
    session: Session
    talk: Talk
    part: Part


def _slots(sessions: Iterable[Session]) -> list[_Slot]:
    return [
        _Slot(at=talk.span.start, session=session, talk=talk, part=part)
        for session in sessions
        for talk in session.talks
        if talk.span
        for part in talk.people
    ]


def chairs_sheets(
    programme: Programme,
    profiles: Mapping[PersonId, PublicProfile],
    signed: frozenset[PersonId] | None,
    day: date | None = None,
    notes: Mapping[PersonId, ChairNote] = MappingProxyType({}),
) -> bytes:
    """Return a page or more for each session that somebody leads: times, speakers, what to say of them, interests.

    `notes` say how names are pronounced and what was disclosed. A biography is printed only while its person lets it
    be shown.
    """
    pages = Pages(gettext("Chairs' sheets"), A4)
    for session in programme.sessions:
        leads = [part for part in session.people if part.role in {PartRole.CHAIR, PartRole.MODERATOR}]
        if leads and session.span and day in {None, session.day}:
            _ChairsSheet(pages, session, leads).draw(profiles, signed, notes)
    if not pages.count:
        pages.begin()
        pages.text(gettext("No session has a chair yet."), "regular", 14, MARGIN_MM, 30)
    return pages.close()


def led_by(people: Sequence[Part]) -> str:
    """Return "Chairs: A, B. Moderator: C", each role with its people."""
    said = []
    for role in PartRole:
        names = [part.name for part in people if part.role is role]
        if names:
            said.append(f"{(ROLE_WORDS if len(names) == 1 else ROLE_PLURALS)[role]}: {', '.join(names)}")
    return ". ".join(said)


# A text with its face and its size in points.
_Told = tuple[str, str, float]


def _told_of(
    talk: Talk,
    profiles: Mapping[PersonId, PublicProfile],
    signed: frozenset[PersonId] | None,
    notes: Mapping[PersonId, ChairNote],
) -> Iterator[_Told]:
    """Yield what a chair says of a talk and of who gives it."""
    when = time_span(talk.span) if talk.span else ""
    yield f"{when}  {talk.title}".strip(), "bold", 13
    for part in talk.people:
        yield ", ".join(filter(None, (part.name, part.affiliation))), "medium", 11
        note = notes.get(part.person_id, ChairNote())
        if note.pronunciation:
            yield gettext("Pronounced: %(how)s", how=note.pronunciation), "regular", 10
        if signed is not None and part.person_id not in signed:
            yield gettext("Interests not disclosed: ask before the talk."), "regular", 10
        elif note.interests:
            yield gettext("Interests: %(what)s", what=note.interests), "regular", 10
        if part.person_id in profiles:
            yield profiles[part.person_id].biography, "regular", 10


class _ChairsSheet:
    """One session's pages, from the top down."""

    def __init__(self, pages: Pages, session: Session, leads: Sequence[Part]) -> None:
        self._pages, self._session, self._leads = pages, session, leads
        self._width_mm = A4.width_mm - 2 * MARGIN_MM
        self._y_mm = 0.0

    def draw(
        self,
        profiles: Mapping[PersonId, PublicProfile],
        signed: frozenset[PersonId] | None,
        notes: Mapping[PersonId, ChairNote],
    ) -> None:
        session = self._session
        assert session.span is not None
        assert session.day is not None
        self._begin()
        place = session.room.name if session.room else ""
        self._write(
            ", ".join(filter(None, (long_date(session.day), time_span(session.span), place))), "medium", 12
        )
        self._write(session.title, "bold", 20)
        self._write(
            led_by(self._leads),
            "regular",
            12,
        )
        for talk in session.talks:
            told = list(_told_of(talk, profiles, signed, notes))
            if self._y_mm + 7 + sum(map(self._height_mm, told)) > _BOTTOM_MM:
                self._go_on()
            else:
                self._space(5)
            self._pages.rule(MARGIN_MM, self._y_mm, self._width_mm, LINE)
            self._space(2)
            for text, face, size_pt in told:
                self._write(text, face, size_pt)

    def _go_on(self) -> None:
        """Begin a further page, which says of which session it is."""
        self._begin()
        self._write(gettext("%(title)s, continued", title=self._session.title), "regular", 10)

    def _lines(self, text: str, face: str, size_pt: float) -> list[str]:
        return wrap(settable(text), metrics()[face].width_em, self._width_mm, size_pt)

    def _height_mm(self, told: _Told) -> float:
        text, face, size_pt = told
        return len(self._lines(text, face, size_pt)) * size_pt * _LEADING_MM + _AFTER_MM * size_pt

    def _begin(self) -> None:
        self._pages.begin()
        self._y_mm = 18.0

    def _space(self, mm: float) -> None:
        self._y_mm += mm

    def _write(self, text: str, face: str, size_pt: float) -> None:
        leading_mm = size_pt * _LEADING_MM
        for line in self._lines(text, face, size_pt):
            if self._y_mm + leading_mm > _BOTTOM_MM:
                self._go_on()
            self._y_mm += leading_mm
            self._pages.text(line, face, size_pt, MARGIN_MM, self._y_mm)
        self._y_mm += _AFTER_MM * size_pt
