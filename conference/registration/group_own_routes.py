"""The group's page behind its mailed link, for its coordinator. Following a link changes nothing."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.core.errors import DomainError, NotFoundError
from conference.core.ids import RegistrationId
from conference.db.base import db
from conference.db.work import transact
from conference.people.queries import get_person
from conference.registration.category_queries import get_category
from conference.registration.group_errors import GroupTooBigError
from conference.registration.group_forms import AddMemberForm
from conference.registration.group_links import group_by_link
from conference.registration.group_model import GROUP_SIZE, Group, Member
from conference.registration.group_queries import members_of, membership
from conference.registration.grouping import add_member, show_to_coordinator
from conference.registration.links import registration_by_link
from conference.registration.model import STATE_WORDS, State
from conference.registration.rules import is_open
from conference.registration.service import withdraw
from conference.registration.showing import STATE_STYLES
from conference.web.access import by_link
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]
BOTH = ["GET", "POST"]


def add_own_group_routes(blueprint: Blueprint) -> None:
    one = "/g/<token>/<int:place>"
    blueprint.add_url_rule("/g/<token>", "group_page", group_page)
    blueprint.add_url_rule("/g/<token>/add", "group_add", group_add, methods=BOTH)
    blueprint.add_url_rule(f"{one}/withdraw", "group_withdraw", group_withdraw, methods=BOTH)
    blueprint.add_url_rule("/r/<token>/group", "own_group", own_group, methods=["POST"])


@by_link
def group_page(token: str) -> str:
    group = group_by_link(token)
    members = members_of(group.id)
    category = get_category(group.category_id)
    return render_template(
        "registration/group_page.html",
        token=token,
        coordinator=get_person(group.person_id).details,
        category=category,
        members=members,
        may_add=is_open(category.details, clock.now()) and sum(one.counts for one in members) < GROUP_SIZE,
        ending=frozenset({State.PENDING, State.WAITING, State.OFFERED, State.CONFIRMED}),
        state_words=STATE_WORDS,
        state_styles=STATE_STYLES,
    )


def seen_member(group: Group, place: int) -> tuple[Member, RegistrationId]:
    """Return the member whose place the coordinator manages; raises NotFoundError for any other."""
    for one in members_of(group.id):
        if one.place == place and one.is_shown and one.registration_id is not None:
            return one, one.registration_id
    raise NotFoundError


@by_link
def group_withdraw(token: str, place: int) -> Answer:
    """Ask on GET, withdraw on POST; done twice it is done once."""
    member, registration_id = seen_member(group_by_link(token), place)
    form = PlainButtonForm(request.form)
    if request.method != "POST" or not form.validate():
        page = render_template("registration/group_withdraw.html", token=token, form=form, member=member)
        return page, 400 if request.method == "POST" else 200
    try:
        transact(lambda work: withdraw(work, registration_id, actor=BY_LINK, now=clock.now()))
    except DomainError as error:
        form.refuse(None, sentence_of(error))
        db.session.rollback()
        page = render_template("registration/group_withdraw.html", token=token, form=form, member=member)
        return page, error.status
    return done(url_for("registration.group_page", token=token), gettext("The registration has ended."))


@by_link
def group_add(token: str) -> Answer:
    """Ask for one more person, and register them as the form of the group does."""
    group = group_by_link(token)
    form = AddMemberForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _add_page(token, group, form)
    if not form.validate():
        return _add_page(token, group, form), 400
    person, accepts = form.to_person(0), 0 if form.may_wait.data else None
    try:
        transact(lambda work: add_member(work, group, person, accepts_left=accepts, now=clock.now()))
    except DomainError as error:
        words = gettext("No place is left. Tick that the person may wait, or leave it.")
        form.refuse(error.field, words if isinstance(error, GroupTooBigError) else sentence_of(error))
        db.session.rollback()
        return _add_page(token, group, form), error.status
    return done(
        url_for("registration.group_page", token=token), gettext("The person is added, and gets a mail.")
    )


def _add_page(token: str, group: Group, form: AddMemberForm) -> str:
    category = get_category(group.category_id)
    return render_template("registration/group_add.html", token=token, form=form, category=category)


@by_link
def own_group(token: str) -> Answer:
    """Let the coordinator see this place, or stop it: the choice of who holds the place."""
    registration = registration_by_link(token)
    if membership(registration.id) is None:
        raise NotFoundError
    back = url_for("registration.own_page", token=token)
    if not PlainButtonForm(request.form).validate():
        return done(back, gettext("This page was open too long. Press the button again."))
    is_shown = request.form.get("show") == "1"
    transact(lambda work: show_to_coordinator(work, registration.id, is_shown=is_shown))
    return done(back, gettext("Your choice is saved."))
