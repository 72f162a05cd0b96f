"""The programme's papers for everybody, drawn once for each version and language, and its booklet as one page of HTML."""

import re
from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, abort, render_template

from conference.event.queries import get_event, organisers
from conference.people.countries import country_name
from conference.printing.book_facts import booklet_facts
from conference.printing.book_page import book_page, by_role
from conference.printing.errors import NothingPublishedError
from conference.printing.kept_papers import kept_answer
from conference.printing.programme_papers import PLAIN, plan_name, plan_paper, plans_there_are, smallest_paper
from conference.printing.service import booklet_of
from conference.programme.errors import NotSentToPrintError
from conference.programme.model import Programme
from conference.programme.printings import find_printing
from conference.programme.queries import PublicState, programme_of, public_state
from conference.programme.since_print import since_print
from conference.programme.version_pages import Page, version_page
from conference.programme.words import KIND_WORDS, ROLE_WORDS
from conference.web.access import public

_PLAN = re.compile(r"(\d{4}-\d\d-\d\d)(?:-(a[34]))?", re.ASCII)


def add_public_paper_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/programme.pdf", "public_programme", public_booklet)
    blueprint.add_url_rule("/programme/plan/<name>.pdf", "public_plan", public_plan)
    blueprint.add_url_rule("/programme/pocket-card.pdf", "public_card", public_card)
    blueprint.add_url_rule("/programme/changes-since-printing.pdf", "public_changes", public_changes)
    blueprint.add_url_rule("/programme/booklet", "public_book", public_book)


def _state() -> PublicState:
    state = public_state()
    if state is None:
        raise NothingPublishedError
    return state


def _kept(name: str, draw: Callable[[Programme], bytes], filename: str) -> Response:
    state = _state()
    return kept_answer(state, name, lambda: draw(programme_of(state)), filename)


@public
def public_booklet() -> Response:
    return _kept("booklet", booklet_of, "programme.pdf")


@public
def public_plan(name: str) -> Response:
    """The plan of one day on "a4" or "a3", as in 2022-09-22-a4; without a paper on the smallest that it fits on."""
    found = _PLAN.fullmatch(name)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        abort(404)
    paper = found[2] or smallest_paper(programme_of(_state()), day)
    return _kept(plan_name(day, paper), lambda shown: plan_paper(shown, day, paper), f"{name}.pdf")


@public
def public_card() -> Response:
    return _kept("card", PLAIN["card"], "pocket-card.pdf")


@public
def public_changes() -> Response:
    if find_printing() is None:
        raise NotSentToPrintError
    return _kept("changes", PLAIN["changes"], "changes-since-printing.pdf")


@public
def public_book() -> Page:
    """The whole booklet as one page, for who cannot read a PDF."""
    return version_page(_book_page, is_front=True)


def _book_page(programme: Programme) -> str:
    return render_template(
        "programme/book.html",
        programme=programme,
        book=book_page(programme, get_event(), organisers(), booklet_facts()),
        since=since_print(programme),
        plans=plans_there_are(programme),
        by_role=by_role,
        country_name=country_name,
        kind_words=KIND_WORDS,
        role_words=ROLE_WORDS,
    )
