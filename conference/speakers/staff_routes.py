"""The office's list of speakers, and their links: mailed, shown for print, renewed."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.looks import Look, note_look
from conference.audit.model import Actor, by_staff
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.db.work import transact
from conference.programme.words import ROLE_WORDS
from conference.registration.category_queries import speakers_category
from conference.speakers import queries, rules, service
from conference.speakers.forms import RenewForm
from conference.speakers.links import address_of
from conference.speakers.model import NOT_COMING, Mailed, Standing
from conference.speakers.words import STANDING_WORDS
from conference.web.access import Role, get_principal, may, staff
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm, PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]


def add_staff_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/speakers", "office_list", office_list)
    blueprint.add_url_rule("/staff/speakers/mail", "send_links", send_links, methods=["POST"])
    one = "/staff/speakers/<int:person_id>"
    blueprint.add_url_rule(f"{one}/link", "show_link", show_link)
    blueprint.add_url_rule(f"{one}/mail", "send_link", send_link, methods=["POST"])
    blueprint.add_url_rule(f"{one}/renew", "renew_link", renew_link, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff()
def office_list() -> str:
    return _list(PlainButtonForm(formdata=None))


def _mailed() -> Mailed | None:
    """Return what the mail to all came to, as its redirect says it."""
    counts = {name: request.args.get(name, type=int) for name in ("written", "without", "just")}
    if counts["written"] is None:
        return None
    return Mailed(
        written=counts["written"],
        without_address=counts["without"] or 0,
        mailed_just_now=counts["just"] or 0,
    )


def _list(form: BaseForm) -> str:
    text = request.args.get("text", "")[:200].strip()
    asked = request.args.get("standing", "")
    wanted = Standing(asked) if asked in set(Standing) else None
    everybody = queries.speakers()
    return render_template(
        "speakers/office_list.html",
        form=form,
        mailed=_mailed(),
        everybody=everybody,
        shown=[speaker for speaker in everybody if rules.matches(speaker, text, wanted)],
        counts={kind: sum(one.standing is kind for one in everybody) for kind in Standing},
        to_mail=len(rules.to_be_mailed(everybody)),
        without_address=len(rules.open_without_address(everybody)),
        has_address=rules.has_address,
        text=text,
        wanted=wanted,
        writing_to=[one.value for one in Standing if (one is wanted if wanted else one not in NOT_COMING)],
        role_words=ROLE_WORDS,
        standing_words=STANDING_WORDS,
        has_category=speakers_category() is not None,
        may_mail=may("speakers.send_link"),
    )


@staff(Role.PROGRAMME)
def send_links() -> Answer:
    """Mail all who have not confirmed, and say on the list what that came to."""
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    actor = _me()
    mailed = transact(lambda session: service.send_links(session, actor=actor, now=real_now()))
    target = url_for(
        "speakers.office_list",
        written=mailed.written,
        without=mailed.without_address,
        just=mailed.mailed_just_now,
    )
    return redirect(target, 303)


@staff(Role.PROGRAMME)
def send_link(person_id: int) -> Answer:
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _list(form), 400
    actor = _me()
    try:
        transact(lambda session: service.send_link(session, person_id, actor=actor))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        return _list(form), error.status
    return done(
        url_for("speakers.office_list", _anchor=f"person-{person_id}"),
        gettext("The link is on its way by mail."),
    )


@staff(Role.PROGRAMME)
def show_link(person_id: int) -> str:
    return _link_page(person_id, RenewForm(formdata=None))


@staff(Role.PROGRAMME)
def renew_link(person_id: int) -> Answer:
    form = RenewForm(request.form)
    if not form.validate():
        return _link_page(person_id, form), 400
    actor, seen = _me(), form.link_version.data or 0
    transact(lambda session: service.renew_link(session, PersonId(person_id), seen, actor=actor))
    return done(
        url_for("speakers.show_link", person_id=person_id),
        gettext("The link is new. The one before no longer works."),
    )


def _link_page(person_id: int, form: RenewForm) -> str:
    speaker = queries.get_speaker(person_id)
    note_look(Look.LINK, ("speaker", speaker.person.id))
    return render_template(
        "speakers/link.html",
        form=form,
        speaker=speaker,
        link=address_of(speaker.person),
        role_words=ROLE_WORDS,
        standing_words=STANDING_WORDS,
        has_address=rules.has_address(speaker.person.details),
    )
