"""The booklet for staff: a page on which it is chosen, and the PDF in the language that was asked for."""

from flask import Blueprint, Response, render_template, request

from conference.printing.answers import pdf_answer
from conference.printing.book_choice import PAGE_WORDS, PART_WORDS, book_choice, file_name
from conference.printing.errors import NothingPublishedError
from conference.printing.folding import folded_pdf
from conference.printing.service import programme_paper
from conference.programme.queries import published
from conference.web.access import staff
from conference.web.heavy import heavy
from conference.web.language import LANGUAGES, in_language


def add_book_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/programme/booklet", "booklet", booklet)
    blueprint.add_url_rule("/staff/programme.pdf", "programme", staff_programme)


@staff()
def booklet() -> str:
    """The page on which the booklet is chosen."""
    return render_template(
        "printing/booklet.html",
        languages=LANGUAGES,
        pages=PAGE_WORDS,
        parts=PART_WORDS,
        has_version=published() is not None,
    )


@staff()
@heavy
def staff_programme() -> Response:
    """The draft, marked as one, or with ?version=published what everybody sees; each as it was chosen."""
    choice = book_choice(request.args)
    with in_language(choice.language):
        paper = programme_paper(of_draft=choice.of_draft, options=choice.options)
    if paper is None:
        raise NothingPublishedError
    return pdf_answer(folded_pdf(paper) if choice.is_folded else paper, file_name(choice))
