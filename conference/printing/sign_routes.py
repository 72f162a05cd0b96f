"""Signs and lists as PDF: for doors, ways, tables, seats and photographs, and for those who stand at the door."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, Response, abort, render_template, request

from conference.audit.looks import Look, note_look
from conference.core.errors import N_, DomainError
from conference.event.queries import get_event
from conference.printing import signs
from conference.printing.answers import pdf_answer
from conference.printing.errors import SignCountError, SignWordsError
from conference.printing.list_papers import (
    ListPaper,
    chairs_paper,
    door_paper,
    participants_paper,
    speakers_paper,
)
from conference.programme.model import Programme
from conference.programme.queries import draft, published
from conference.web.access import Role, staff
from conference.web.errors import sentence_of
from conference.web.heavy import heavy
from conference.web.language import FALLBACK, LANGUAGES, in_language

MOST_WORDS = 60
MOST_SIGNS = 100
DIRECTION_WORDS = {
    "left": N_("to the left"),
    "ahead": N_("straight ahead"),
    "right": N_("to the right"),
    "back": N_("back"),
}


def add_sign_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/signs", "signs", signs_page)
    blueprint.add_url_rule("/staff/signs/<sign>.pdf", "sign", sign)
    blueprint.add_url_rule("/staff/lists/<paper>.pdf", "list", paper)


def _programme() -> Programme:
    """Return what everybody sees, or the draft before the first version, or where the draft is asked for."""
    return (published() if request.args.get("of") != "draft" else None) or draft()


def _day(args: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(args.get("day", ""))
    except ValueError:
        return None


def _tongue() -> str:
    asked = request.args.get("in", FALLBACK)
    return asked if asked in LANGUAGES else FALLBACK


@staff()
def signs_page(refusal: DomainError | None = None) -> str:
    programme = _programme()
    return render_template(
        "printing/signs.html",
        days=programme.days,
        rooms=programme.rooms,
        directions=DIRECTION_WORDS,
        languages=LANGUAGES,
        typed=request.args,
        refused={refusal.field: sentence_of(refusal)} if refusal else {},
        most=MOST_SIGNS,
    )


@staff()
def sign(sign: str) -> Response | tuple[str, int]:
    """One kind of sign, in the language that is asked for."""
    if sign not in SIGNS:
        abort(404)
    try:
        with in_language(_tongue()):
            made = SIGNS[sign]()
    except DomainError as error:
        return signs_page(error), error.status
    return pdf_answer(made, f"{sign}.pdf")


def _doors() -> bytes:
    return signs.door_signs(_programme(), get_event(), _day(request.args))


def _ways() -> bytes:
    direction, room = request.args.get("direction", "ahead"), request.args.get("room", "")
    rooms = [one for one in _programme().rooms if room in {"", str(one.id)}]
    return signs.way_signs(rooms, direction if direction in signs.DIRECTIONS else "ahead")


def _seats() -> bytes:
    words, count = " ".join(request.args.get("words", "").split()), request.args.get("count", "1").strip()
    if len(words) > MOST_WORDS:
        raise SignWordsError("words", count=len(words), most=MOST_WORDS)
    if not (
        count.isascii()
        and count.isdigit()
        and len(count) <= len(str(MOST_SIGNS))
        and 1 <= int(count) <= MOST_SIGNS
    ):
        raise SignCountError("count", value=count[:12], most=MOST_SIGNS)
    return signs.reserved_seats(words, int(count))


SIGNS: dict[str, Callable[[], bytes]] = {
    "doors": _doors,
    "ways": _ways,
    "tables": lambda: signs.table_names(_programme()),
    "seats": _seats,
    "photographs": lambda: signs.photo_notice(get_event()),
}


@staff(Role.DESK)
@heavy
def paper(paper: str) -> Response:
    """One kind of list. Office words are English; names are as they were typed."""
    if paper not in LISTS:
        abort(404)
    made = LISTS[paper]()
    note_look(Look.LIST, people=made.people, which=paper)
    return pdf_answer(made.pdf, f"{paper}.pdf")


LISTS: dict[str, Callable[[], ListPaper]] = {
    "door": door_paper,
    "participants": participants_paper,
    "speakers": lambda: speakers_paper(_programme()),
    "chairs": lambda: chairs_paper(_programme(), _day(request.args)),
}
