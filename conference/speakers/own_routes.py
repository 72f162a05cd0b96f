"""The page behind a speaker's link. A GET changes nothing, so that a mail scanner that follows it does no harm."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.mail.queries import mails_about
from conference.people.model import Person
from conference.people.queries import get_person
from conference.programme.words import ROLE_WORDS
from conference.registration.category_queries import get_category, speakers_category
from conference.registration.model import State
from conference.registration.queries import find_live_by_person, waiting_place
from conference.speakers.committee_queries import find_member
from conference.speakers.forms import DeclineForm, SpeakerForm
from conference.speakers.links import link_of, person_by_link, speaker_by_link
from conference.speakers.queries import find_answer, find_invitation, missing_of, own_parts
from conference.speakers.rules import standing
from conference.speakers.service import confirm
from conference.speakers.tasks import with_member_s
from conference.speakers.words import TASK_WORDS
from conference.web.access import by_link
from conference.web.saving import Difference, save

Answer = str | Response | tuple[str, int]
# The mails that carry the ticket.
_WITH_TICKET = frozenset({"confirmation", "approved", "promoted", "changed"})


def add_own_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/speaker/<token>", "own_page", own_page, methods=["GET", "POST"])


@by_link
def own_page(token: str) -> Answer:
    if request.method != "POST":
        return own_page_of(person_by_link(token))
    person = speaker_by_link(token)
    form = SpeakerForm(request.form)
    if not form.validate():
        return own_page_of(person, form), 400
    command = form.to_command(person)
    refused = save(
        form,
        lambda session: confirm(session, command, actor=BY_LINK, now=clock.now()),
        lambda: SpeakerForm.values_of(get_person(person.id)),
    )
    if refused is not None:
        return own_page_of(person, form, refused.differences), refused.status
    return redirect(url_for("speakers.own_page", token=token), 303)


def own_page_of(
    person: Person,
    form: SpeakerForm | None = None,
    both: tuple[Difference, ...] = (),
    *,
    declining: DeclineForm | None = None,
) -> str:
    form = form or SpeakerForm(formdata=None, data=SpeakerForm.values_of(person))
    live, answer = find_live_by_person(person.id), find_answer(person.id)
    stand = standing(answer, live, find_invitation(person.id))
    parts, member = own_parts(person.id), find_member(person.id)
    # A mere member may be registered as anybody is: that is for the page of the registration.
    only_member = member is not None and not parts and answer is None
    asked = missing_of(person.id, stand.standing) if (parts or live) and not only_member else ()
    mails = mails_about("registration", live.id) if live else []
    tickets = (mail for mail in mails if mail.kind in _WITH_TICKET)
    is_waiting = live is not None and live.state is State.WAITING
    return render_template(
        "speakers/own_page.html",
        person=person.details,
        form=form,
        differences=both,
        parts=parts,
        member=member,
        only_member=only_member,
        role_words=ROLE_WORDS,
        stand=stand,
        declining=declining or DeclineForm(formdata=None),
        missing=with_member_s(asked, member.missing if member else ()),
        task_words=TASK_WORDS,
        token=link_of(person.id, person.link_version),
        live=live,
        category=get_category(live.category_id) if live else None,
        waiting_place=waiting_place(live) if live and is_waiting else None,
        mail=next(tickets, None),
        may_confirm=speakers_category() is not None,
    )
