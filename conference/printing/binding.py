"""The parts of a booklet put together: which there are, in which order, and on which page each begins."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from conference.event.model import Event, Organiser
from conference.printing.book_format import Format
from conference.printing.book_model import BookletFacts, BookletOptions, BookPart
from conference.printing.book_values import PAGE, BookPage, Ink, Mark
from conference.printing.breaking import Strip, broken, flowed, put, strips_of
from conference.printing.colours import SOFT
from conference.printing.committee_page import committee_strips
from conference.printing.disclosure_pages import declared, disclosure_strips
from conference.printing.front_pages import contents, cover, imprint, notes_page, part_heading, text_pages
from conference.printing.grid_page import is_told, plan_days
from conference.printing.index_pages import people_pages, track_strips
from conference.printing.session_pages import DECLARED, Telling, session_strips
from conference.printing.setting import set_text
from conference.printing.text import settable
from conference.programme.model import INDUSTRIAL, Programme, Session
from conference.web.language import gettext, long_date

# A sheet that is folded once has as many.
SHEET_PAGES = 4
# The index of people names pages that its own length shifts; it settles at once or at the second time.
_MOST_TURNS = 5


@dataclass(kw_only=True, slots=True)
class Section:
    """A part as laid out; in the contents it stands by its title."""

    key: str
    title: str
    pages: list[BookPage] = field(default_factory=list)
    level: int = 0


class Binding:
    """One booklet's parts. All are laid out once, apart from the index of people."""

    def __init__(
        self,
        programme: Programme,
        event: Event,
        organisers: Sequence[Organiser],
        form: Format,
        options: BookletOptions,
        facts: BookletFacts,
        stamp: str,
        findings: Sequence[str] = (),
    ) -> None:
        self._programme, self._event, self._organisers = programme, event, organisers
        self._form, self._options, self._facts = form, options, facts
        self._stamp, self._findings = stamp, findings
        self._cover = cover(programme, event, organisers, stamp, form)
        self._told_ids = frozenset(one.id for one in programme.sessions if self._tells(one))

    def bound(self) -> tuple[list[BookPage], dict[str, int]]:
        """Return the pages in order, and on which page each key stands."""
        appendix = self._appendix()
        telling = self._telling(has_appendix=bool(appendix))
        before = self._words()
        plan = plan_days(self._programme, self._form, self._told_ids) if self._has(BookPart.PLAN) else []
        middle = [*self._sessions(telling)] if self._has(BookPart.SESSIONS) else []
        tracks, last = self._tracks(bool(middle)), [*appendix, *self._industry(telling), *self._thanks()]
        people: list[Section] = []
        numbers: dict[str, int] = {}
        for _ in range(_MOST_TURNS):
            pages = self._together(before, plan, [*middle, *people, *tracks], last)
            found = _numbers(pages)
            if found == numbers or not self._has(BookPart.PEOPLE):
                break
            numbers = found
            people = self._section(
                "people",
                gettext("Index of people"),
                people_pages(self._programme, numbers, self._form, self._facts.order),
            )
        return pages, found

    def _tells(self, session: Session) -> bool:
        """Return whether the session is told behind the plan, so that a page of it can be named."""
        part = BookPart.INDUSTRY if session.kind in INDUSTRIAL else BookPart.SESSIONS
        return self._has(part) and is_told(session)

    def _has(self, part: BookPart) -> bool:
        return part in self._options.parts

    def _section(self, key: str, title: str, pages: list[BookPage]) -> list[Section]:
        return [Section(key=key, title=title, pages=pages)] if pages else []

    def _flowed(self, key: str, title: str, strips: Iterable[Strip]) -> list[Section]:
        """Return the strips under their title, as pages; no part where there are none."""
        body = list(strips)
        if not body:
            return []
        heading = part_heading(title, key, self._form)
        return self._section(key, title, flowed([*heading, *body], title, self._form.height_mm))

    def _words(self) -> list[Section]:
        """Return what stands before the plan."""
        sections = []
        for part, title, text in (
            (BookPart.WELCOME, gettext("Welcome"), self._facts.welcome),
            (BookPart.DIRECTIONS, gettext("How to reach us"), self._facts.directions),
        ):
            if self._has(part) and text.strip():
                sections += self._section(str(part), title, text_pages(title, str(part), text, self._form))
        if self._has(BookPart.COMMITTEE):
            strips = committee_strips(self._facts.committee, self._form)
            sections += self._flowed("committee", gettext("Programme committee"), strips)
        return sections

    def _telling(self, *, has_appendix: bool) -> Telling:
        marked = declared(self._facts.disclosures) if has_appendix else frozenset()
        return Telling(form=self._form, has_abstracts=self._options.has_abstracts, declared=marked)

    def _sessions(self, telling: Telling) -> Iterator[Section]:
        """Yield each day's sessions, and last those without a time; industry has a section of its own."""
        days = self._programme.days
        for day in days:
            own = [one for one in self._programme.on(day) if one.kind not in INDUSTRIAL]
            yield from self._told(f"day-{day}", long_date(day), own, telling)
        loose = [
            one for one in self._programme.sessions if one.day not in days and one.kind not in INDUSTRIAL
        ]
        yield from self._told("loose", gettext("Not scheduled yet"), loose, telling)

    def _told(self, key: str, title: str, sessions: Iterable[Session], telling: Telling) -> list[Section]:
        strips = [strip for one in sessions if is_told(one) for strip in session_strips(one, telling)]
        legend = self._legend() if strips and telling.declared else []
        return self._flowed(key, title, [*legend, *strips])

    def _legend(self) -> list[Strip]:
        """What the mark behind a name means, and where more is told."""
        form = self._form
        text = gettext("%(mark)s has interests to declare, page %(page)s", mark=DECLARED, page=PAGE)
        strips = strips_of(
            set_text(text, "regular", form.pt(-1), form.text_mm, SOFT), form.pt(-1), x_mm=form.edge_mm
        )
        for strip in strips:
            strip.keeps = True
            strip.inks = [Ink(ink.line, ink.colour, "disclosures") for ink in strip.inks]
        return strips

    def _tracks(self, has_sessions: bool) -> list[Section]:
        if not (self._has(BookPart.TRACKS) and has_sessions):
            return []
        return self._flowed(
            "tracks", gettext("Index by track"), track_strips(self._programme, self._form, self._told_ids)
        )

    def _appendix(self) -> list[Section]:
        if not self._has(BookPart.DISCLOSURES):
            return []
        strips = disclosure_strips(self._programme, self._facts, self._form)
        return self._flowed("disclosures", gettext("Disclosures of interests"), strips)

    def _industry(self, telling: Telling) -> list[Section]:
        """Return the section of industry, which gives no credits (domain.md, Industry kept apart)."""
        own = [one for one in self._programme.sessions if one.kind in INDUSTRIAL]
        if not (self._has(BookPart.INDUSTRY) and own):
            return []
        form = self._form
        note = set_text(
            settable(gettext("These sessions are held by industry. They are no part of the scientific programme and give no credits.")),
            "regular", form.pt(0), form.text_mm, SOFT,
        )  # fmt: skip
        strips = strips_of(note, form.pt(0), x_mm=form.edge_mm, is_heading=True)
        days = Telling(form=form, has_abstracts=telling.has_abstracts, has_days=True)
        strips += [strip for one in own for strip in session_strips(one, days)]
        return self._flowed("industry", gettext("Industry"), strips)

    def _thanks(self) -> list[Section]:
        text = self._facts.acknowledgements
        if not (self._has(BookPart.ACKNOWLEDGEMENTS) and text.strip()):
            return []
        title = gettext("Acknowledgements")
        return self._section(
            "acknowledgements", title, text_pages(title, "acknowledgements", text, self._form)
        )

    def _together(
        self,
        before: Sequence[Section],
        plan: Sequence[Sequence[BookPage]],
        after: Sequence[Section],
        last: Sequence[Section],
    ) -> list[BookPage]:
        """Return all pages; those for notes fill the last sheet."""
        listed = [*before, *self._plan_section(plan), *after]
        notes = [Section(key="notes", title=gettext("Notes"))] if self._has(BookPart.NOTES) else []
        opening = self._opening([*listed, *notes, *last], before, has_plan=bool(plan))
        pages = list(opening)
        for day in plan:
            is_right = len(pages) % 2 == 0
            pages += [BookPage()] if len(day) > 1 and is_right else []
            pages += day
        pages += [page for section in after for page in section.pages]
        closing = [page for section in last for page in section.pages]
        if notes:
            missing = -(len(pages) + len(closing)) % SHEET_PAGES or SHEET_PAGES
            pages += [notes_page(self._form, is_first=number == 0) for number in range(missing)]
        return [*pages, *closing]

    def _plan_section(self, plan: Sequence[Sequence[BookPage]]) -> list[Section]:
        if not plan:
            return []
        first = plan[0][0]
        if all(mark.key != "plan" for mark in first.marks):
            first.marks.insert(0, Mark("plan", -4, gettext("Plan at a glance"), 0))
        return [Section(key="plan", title=gettext("Plan at a glance"))]

    def _opening(
        self, listed: Sequence[Section], before: Sequence[Section], *, has_plan: bool
    ) -> list[BookPage]:
        """Return what stands before the plan, which is to begin at a left page."""
        form, head = self._form, gettext("Contents")
        lines = contents([(one.key, one.title, one.level) for one in listed], form)
        facts = imprint(self._event, self._organisers, self._stamp, self._findings, form)
        texts = [page for section in before for page in section.pages]
        first = self._cover
        whole = [first, *flowed([*lines, *facts], head, form.height_mm), *texts]
        if not has_plan or len(whole) % 2:
            return whole
        own = _at_foot(facts, form)
        apart = [first, own, *flowed(lines, head, form.height_mm), *texts]
        return apart if len(apart) % 2 else [first, own, *whole[1:]]


def _at_foot(strips: Sequence[Strip], form: Format) -> BookPage:
    """Return a page without head or number, and these strips at its foot, as many as it holds."""
    (column, *_) = broken(strips, lambda _number: form.height_mm)
    page = BookPage()
    last, top = column[-1]
    put(page, column, 0, form.height_mm - top - last.height_mm)
    return page


def _numbers(pages: Sequence[BookPage]) -> dict[str, int]:
    return {mark.key: number for number, page in enumerate(pages, 1) for mark in page.marks}
