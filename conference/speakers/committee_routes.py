"""The programme committee in the office: its list, its members, and their links."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.looks import Look, note_look
from conference.audit.model import Actor, by_staff
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.core.ids import PersonId
from conference.db.base import db
from conference.db.work import transact
from conference.people.queries import search_people
from conference.speakers import committee
from conference.speakers.committee_forms import MemberForm, NewMemberForm
from conference.speakers.committee_queries import get_member, members
from conference.speakers.forms import RenewForm
from conference.speakers.links import address_of
from conference.speakers.model import Mailed
from conference.speakers.queries import disclosures_of
from conference.speakers.rules import has_address
from conference.speakers.words import INTEREST_WORDS
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm, PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, RevisedForm, save

Answer = str | Response | tuple[str, int]
_MOST_OFFERED = 2000


def add_committee_routes(blueprint: Blueprint) -> None:
    all_of_them = "/staff/speakers/committee"
    blueprint.add_url_rule(all_of_them, "committee", committee_list)
    blueprint.add_url_rule(f"{all_of_them}/new", "new_member", new_member, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{all_of_them}/mail", "mail_committee", mail_committee, methods=["POST"])
    one = f"{all_of_them}/<int:person_id>"
    blueprint.add_url_rule(one, "member", member_page, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/move", "move_member", move_member, methods=["POST"])
    blueprint.add_url_rule(f"{one}/remove", "remove_member", remove_member, methods=["POST"])
    blueprint.add_url_rule(f"{one}/mail", "mail_member", mail_member, methods=["POST"])
    blueprint.add_url_rule(f"{one}/renew", "renew_member_link", renew_member_link, methods=["POST"])


def _me() -> Actor:
    return by_staff(get_principal().id)


@staff()
def committee_list() -> str:
    return _list(PlainButtonForm(formdata=None))


def _list(form: BaseForm) -> str:
    everybody = members()
    to_mail = [one for one in everybody if one.missing and has_address(one.person.details)]
    return render_template(
        "speakers/committee.html",
        form=form,
        members=everybody,
        has_address=has_address,
        signed=sum(not one.missing for one in everybody),
        to_mail=len(to_mail),
    )


@staff(Role.PROGRAMME)
def new_member() -> Answer:
    """Add somebody who has a record, or who is new."""
    people = search_people(limit=_MOST_OFFERED)
    form = NewMemberForm(request.form if request.method == "POST" else None)
    form.offer_people(people)
    if request.method != "POST":
        return render_template("speakers/new_member.html", form=form, people=people)
    if not form.validate():
        return render_template("speakers/new_member.html", form=form, people=people), 400
    chosen, details, membership, actor = form.chosen, form.new_details(), form.to_membership(), _me()

    def work(session: Session) -> None:
        if chosen is None:
            committee.add_new_member(session, details, membership, actor=actor)
        else:
            committee.add_member(session, chosen, membership, actor=actor)

    refused = save(form, work, dict)
    if refused is not None:
        return render_template("speakers/new_member.html", form=form, people=people), refused.status
    return done(
        url_for("speakers.committee"),
        gettext("The member is added, as the last one. They are asked to disclose once you mail the link."),
    )


@staff(Role.PROGRAMME)
def member_page(person_id: int) -> Answer:
    member = get_member(person_id)
    if request.method != "POST":
        return _member_page(person_id)
    form = MemberForm(request.form)
    if not form.validate():
        return _member_page(person_id, form), 400
    one, seen, membership, actor = member.person.id, form.revision.data, form.to_membership(), _me()
    refused = save(
        form,
        lambda session: committee.edit_member(session, one, seen, membership, actor=actor),
        lambda: MemberForm.values_of(get_member(person_id)),
    )
    if refused is not None:
        return _member_page(person_id, form, refused.differences), refused.status
    return done(url_for("speakers.committee"), gettext("The member is saved."))


def _member_page(
    person_id: int,
    form: MemberForm | None = None,
    both: tuple[Difference, ...] = (),
    *,
    button: BaseForm | None = None,
) -> str:
    """Return the member's page; `button` is the form of a button of it, if that was refused."""
    member = get_member(person_id)
    note_look(Look.MEMBER, ("person", member.person.id))
    return render_template(
        "speakers/member.html",
        form=form or MemberForm(formdata=None, data=MemberForm.values_of(member)),
        button=button,
        differences=both,
        member=member,
        link=address_of(member.person),
        has_address=has_address(member.person.details),
        disclosures=disclosures_of(member.person.id),
        interest_words=INTEREST_WORDS,
    )


@staff(Role.PROGRAMME)
def move_member(person_id: int) -> Answer:
    form, actor = PlainButtonForm(request.form), _me()
    if not form.validate():
        return _list(form), 400
    down = request.form.get("down") == "1"
    transact(lambda session: committee.move_member(session, person_id, down=down, actor=actor))
    return done(url_for("speakers.committee"), gettext("The order is changed."))


@staff(Role.PROGRAMME)
def remove_member(person_id: int) -> Answer:
    member, actor = get_member(person_id), _me()
    button = RevisedForm(request.form)
    if not button.validate():
        return _member_page(person_id, button=button), 400
    one, seen = member.person.id, button.revision.data
    refused = save(
        button,
        lambda session: committee.remove_member(session, one, seen, actor=actor),
        lambda: {"revision": get_member(person_id).revision},
    )
    if refused is not None:
        return _member_page(person_id, button=button), refused.status
    return done(
        url_for("speakers.committee"),
        gettext(
            "%(name)s is no longer on the committee. What they signed is kept with their record.",
            name=member.person.name,
        ),
    )


@staff(Role.PROGRAMME)
def mail_member(person_id: int) -> Answer:
    get_member(person_id)
    form, actor = PlainButtonForm(request.form), _me()
    if not form.validate():
        return _member_page(person_id, button=form), 400
    try:
        transact(lambda session: committee.send_member_link(session, person_id, actor=actor))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        return _member_page(person_id, button=form), error.status
    return done(url_for("speakers.member", person_id=person_id), gettext("The link is on its way by mail."))


@staff(Role.PROGRAMME)
def mail_committee() -> Answer:
    """Mail all who have not signed, and say on the list what that came to."""
    form, actor = PlainButtonForm(request.form), _me()
    if not form.validate():
        return _list(form), 400
    mailed = transact(lambda session: committee.send_member_links(session, actor=actor, now=real_now()))
    return done(url_for("speakers.committee"), _told(mailed))


def _told(mailed: Mailed) -> str:
    sentences = [gettext("Mails with the personal link in the outbox: %(count)s.", count=mailed.written)]
    if mailed.mailed_just_now:
        sentences.append(
            gettext(
                "Left out, because a mail was written to them in the last 10 minutes: %(count)s.",
                count=mailed.mailed_just_now,
            )
        )
    if mailed.without_address:
        sentences.append(
            gettext("Not signed and without an e-mail address: %(count)s.", count=mailed.without_address)
        )
    return " ".join(sentences)


@staff(Role.PROGRAMME)
def renew_member_link(person_id: int) -> Answer:
    get_member(person_id)
    form = RenewForm(request.form)
    if not form.validate():
        return _member_page(person_id, button=form), 400
    actor, seen = _me(), form.link_version.data or 0
    transact(lambda session: committee.renew_member_link(session, PersonId(person_id), seen, actor=actor))
    return done(
        url_for("speakers.member", person_id=person_id),
        gettext("The link is new. The one before no longer works."),
    )
