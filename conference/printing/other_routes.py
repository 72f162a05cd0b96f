"""Badges of speakers, staff, exhibitors and whoever else has no registration."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.text import as_typed
from conference.db.base import db
from conference.db.work import transact
from conference.printing.choice import Choice
from conference.printing.errors import NobodyChosenError
from conference.printing.model import Finding
from conference.printing.other_forms import OthersForm
from conference.printing.other_model import OtherPerson, merged, typed_people
from conference.printing.other_people import in_order, note_others, of_programme, of_staff
from conference.printing.paper_routes import device_choice, to_run
from conference.printing.preview_parts import part_of_batch
from conference.printing.preview_store import keep, path_of
from conference.printing.raster import facts_of
from conference.printing.service import found_on
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.language import gettext

Answer = str | Response | tuple[str, int]
Findings = dict[int, list[Finding]]
# So many pages are shown as pictures; the PDF beside them has more.
PAGES_SHOWN = 4


def add_other_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/badges/others", "others", others, methods=["GET", "POST"])


@staff(Role.DESK)
def others() -> Answer:
    """Choose or type who gets a badge, look at what it cannot show, and print; each print is a run."""
    if request.method != "POST":
        return _page(OthersForm(formdata=None), device_choice(request.args))
    form, choice = OthersForm(request.form), device_choice(request.form)
    if not form.validate():
        return _page(form, choice), 400
    try:
        people = _chosen(form)
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(form, choice), error.status
    findings = _findings(people, choice)
    printable = [one for place, one in enumerate(people, 1) if not _is_left_out(findings.get(place, []))]
    if not form.prints.data or not printable:
        return _page(form, choice, people, findings)
    actor, now = by_staff(get_principal().id), clock.now()
    db.session.rollback()
    run_id = transact(lambda session: note_others(session, printable, choice, actor=actor, now=now))
    return to_run(run_id, choice, len(printable))


def _chosen(form: OthersForm) -> list[OtherPerson]:
    typed = typed_people(form.lines.data or "", as_typed(form.word.data or ""))
    groups = [
        of_programme() if form.speakers.data else [],
        of_staff() if form.staff.data else [],
        typed,
    ]
    people = merged(groups)
    if not people:
        raise NobodyChosenError("lines")
    return in_order(people)


def _findings(people: list[OtherPerson], choice: Choice) -> Findings:
    """Return what badges cannot show, by the place of the person."""
    found: Findings = {}
    badges = [one.as_badge(place) for place, one in enumerate(people, 1)]
    for finding in found_on(badges, choice):
        found.setdefault(-finding.registration_id, []).append(finding)
    return found


def _is_left_out(findings: list[Finding]) -> bool:
    return any(one.leaves_badge_out for one in findings)


def _seen(lines: list[tuple[OtherPerson, list[str], bool]], choice: Choice) -> dict[str, Any] | None:
    """Return what will be printed, kept as a preview with the facts of its first pages; None where nothing will be."""
    badges = [one.as_badge(place) for place, (one, _, is_left_out) in enumerate(lines, 1) if not is_left_out]
    if not badges:
        return None
    part = part_of_batch(badges, choice, is_stacked=False, at=1)
    key = keep("others", part.pdf)
    facts = facts_of(path_of(key), 1, PAGES_SHOWN)
    return {"key": key, "pages": facts.pages, "count": part.count or facts.count}


def _page(
    form: OthersForm,
    choice: Choice,
    people: list[OtherPerson] | None = None,
    findings: Findings | None = None,
) -> str:
    lines = [
        (one, [finding.text_of(gettext) for finding in told], _is_left_out(told))
        for place, one in enumerate(people or [], 1)
        for told in [(findings or {}).get(place, [])]
    ]
    return render_template(
        "printing/others.html",
        form=form,
        choice=choice,
        lines=lines,
        seen=_seen(lines, choice),
        count=sum(not is_left_out for _, _, is_left_out in lines),
        speakers=len(of_programme()),
        members=len(of_staff()),
    )
