"""Campaigns, for organisers: the list, one campaign with its audiences and figures, and what becomes of it."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import Actor, by_staff
from conference.audit.queries import history_of
from conference.campaigns.audiences import candidates, has_words, of_list, of_stages
from conference.campaigns.forms import AudienceForm, NewCampaignForm, StateForm
from conference.campaigns.model import (
    BEFORE,
    SEARCH_KEPT,
    Audience,
    Campaign,
    CampaignDetails,
    CampaignState,
    Figures,
    Purpose,
)
from conference.campaigns.queries import campaigns, figures_of, get_campaign
from conference.campaigns.rules import moment_of
from conference.campaigns.service import (
    ABOUT,
    add_audience,
    back_to_draft,
    cancel_campaign,
    create,
    delete_draft,
    how_many,
    pause_campaign,
    remove_audience,
    resume_campaign,
    schedule,
    start,
)
from conference.campaigns.showing import changes, reached, shown
from conference.campaigns.words import EXCLUSION_WORDS, PURPOSE_WORDS, STATE_WORDS
from conference.campaigns.words_routes import add_words_routes
from conference.core.clock import clock
from conference.core.errors import DomainError
from conference.core.ids import CampaignId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.registry import name_givers
from conference.registration.filters import ListFilters
from conference.speakers.model import Standing
from conference.web.access import Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import BaseForm, options
from conference.web.language import LANGUAGES, gettext
from conference.web.notices import done

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("campaigns", __name__)


@blueprint.get("/staff/campaigns")
@staff(Role.ORGANISER)
def office_list() -> str:
    found = campaigns()
    return render_template(
        "campaigns/office_list.html",
        campaigns=found,
        figures=figures_of(found),
        state_words=STATE_WORDS,
        purpose_words=PURPOSE_WORDS,
        nothing=Figures(),
    )


@blueprint.route("/staff/campaigns/new", methods=["GET", "POST"])
@staff(Role.ORGANISER)
def new() -> Answer:
    """Begin a campaign, to those of a list's filters where the address carries them, or add these to a draft."""
    filters, audience = _asked()
    drafts = [(int(one.id), one.details.title) for one in campaigns([CampaignState.DRAFT])]
    form = NewCampaignForm(request.form if request.method == "POST" else None)
    form.offer(drafts)
    if request.method != "POST":
        return _new_page(form, audience, drafts, is_unknown=filters.is_unknown)
    if not form.validate() or not form.check(drafts, filters, is_list=audience is not None):
        return _new_page(form, audience, drafts, is_unknown=filters.is_unknown), 400
    try:
        return _made(form, audience)
    except DomainError as error:
        form.refuse("draft", sentence_of(error))
        db.session.rollback()
        return _new_page(form, audience, drafts, is_unknown=filters.is_unknown), error.status


def _asked() -> tuple[ListFilters, Audience | None]:
    """Return what the address asks of the list, and whom it names: of either list, or nobody yet.

    The list of registrations may show all, and then says that it is the list.
    """
    filters, stages = ListFilters.of_query(request.args), request.args.getlist("stage")
    known = [one for one in stages if one in set(Standing)]
    if stages:
        filters = replace(filters, is_unknown=filters.is_unknown or known != stages)
        return filters, of_stages(known) if known else None
    is_list = bool(filters.as_query()) or "list" in request.args
    return filters, of_list(filters) if is_list else None


def _new_page(
    form: NewCampaignForm, audience: Audience | None, drafts: list[tuple[int, str]], *, is_unknown: bool
) -> str:
    return render_template(
        "campaigns/new.html",
        form=form,
        drafts=drafts if audience else (),
        audience=shown([audience])[0] if audience else None,
        count=len(candidates([audience])) if audience else 0,
        is_unknown=is_unknown,
    )


def _made(form: NewCampaignForm, audience: Audience | None) -> Response:
    me = _me()
    db.session.rollback()
    if form.draft.data and audience:
        campaign_id = CampaignId(int(form.draft.data))
        transact(lambda session: add_audience(session, campaign_id, audience, actor=me))
        return done(_page_of(campaign_id), gettext("The draft goes to these people too."))
    details = CampaignDetails(title=form.title.data or "", purpose=Purpose(form.purpose.data), texts={})
    audiences = [audience] if audience else []
    made = transact(lambda session: create(session, details, audiences, actor=me, now=clock.now()))
    return done(
        url_for("campaigns.words", campaign_id=made), gettext("The draft is kept. Write what it says.")
    )


def _me() -> Actor:
    return by_staff(get_principal().id)


def _page_of(campaign_id: int) -> str:
    return url_for("campaigns.office_page", campaign_id=campaign_id)


@blueprint.get("/staff/campaigns/<int:campaign_id>")
@staff(Role.ORGANISER)
def office_page(campaign_id: int) -> str:
    return _page(campaign_id, AudienceForm(formdata=None), StateForm(formdata=None))


@blueprint.post("/staff/campaigns/<int:campaign_id>/audience")
@staff(Role.ORGANISER)
def audience(campaign_id: int) -> Answer:
    """Let the draft go to more people, or to fewer."""
    form, me, one = AudienceForm(request.form), _me(), CampaignId(campaign_id)
    get_campaign(one)
    form.change.choices = options([])
    if not form.validate():
        return _page(campaign_id, form, StateForm(formdata=None)), 400
    try:
        wanted = form.audience()
    except (DomainError, ValueError) as error:
        return _refused(campaign_id, form, error)
    act = remove_audience if form.act.data == "remove" else add_audience
    return _try(campaign_id, form, lambda session: act(session, one, wanted, actor=me), "")


def _refused(campaign_id: int, form: AudienceForm, error: DomainError | ValueError) -> Answer:
    known = error if isinstance(error, DomainError) else None
    form.refuse(
        known.field if known else None, sentence_of(known) if known else gettext("Press one of the buttons.")
    )
    return _page(campaign_id, form, StateForm(formdata=None)), known.status if known else 400


def _try(campaign_id: int, form: BaseForm, work: Callable[[Session], object], sentence: str) -> Answer:
    """Do the work and return to the campaign's page, or show it with the refusal and with what was typed."""
    db.session.rollback()
    try:
        transact(work)
    except DomainError as error:
        db.session.rollback()
        get_campaign(campaign_id)
        form.refuse(error.field, sentence_of(error))
        audiences = form if isinstance(form, AudienceForm) else AudienceForm(formdata=None)
        states = form if isinstance(form, StateForm) else StateForm(formdata=None)
        return _page(campaign_id, audiences, states), error.status
    return done(_page_of(campaign_id), sentence or gettext("The audiences are changed."))


@blueprint.post("/staff/campaigns/<int:campaign_id>/state")
@staff(Role.ORGANISER)
def state(campaign_id: int) -> Answer:
    """Start, schedule, take back, pause, let go on, end or delete the campaign, as the button says."""
    form, one = StateForm(request.form), CampaignId(campaign_id)
    get_campaign(one)
    if not form.validate():
        return _page(campaign_id, AudienceForm(formdata=None), form), 400
    if form.act.data == "schedule":
        return _scheduled(form, one)
    if form.act.data == "delete":
        return _deleted(form, one)
    known = _acts(form, one, how_many(one) if form.act.data == "start" else 0)
    if form.act.data not in known:
        form.refuse(None, gettext("Press one of the buttons."))
        return _page(campaign_id, AudienceForm(formdata=None), form), 400
    work, sentence = known[form.act.data]
    return _try(campaign_id, form, work, sentence)


def _acts(
    form: StateForm, one: CampaignId, goes_to: int
) -> dict[str, tuple[Callable[[Session], object], str]]:
    me, now = _me(), clock.now()
    return {
        "start": (
            lambda session: start(
                session,
                one,
                seen=form.count.data,
                goes_to=goes_to,
                revision=form.revision.data,
                actor=me,
                now=now,
            ),
            gettext("The campaign has started. Confirmations and other mails about one person go before it."),
        ),
        "draft": (
            lambda session: back_to_draft(session, one, actor=me),
            gettext("The campaign is a draft again, and does not go by itself."),
        ),
        "pause": (
            lambda session: pause_campaign(session, one, actor=me),
            gettext("The campaign is paused. What a worker has in hand this moment may still go."),
        ),
        "resume": (
            lambda session: resume_campaign(session, one, actor=me),
            gettext("The campaign goes on."),
        ),
        "cancel": (
            lambda session: cancel_campaign(session, one, actor=me, now=now),
            gettext(
                "The campaign is cancelled. What a worker has in hand this moment may still go, nothing else."
            ),
        ),
    }


def _scheduled(form: StateForm, one: CampaignId) -> Answer:
    typed, me = form.moment(), _me()
    if typed is None:
        return _page(one, AudienceForm(formdata=None), form), 400
    goes_to = how_many(one)

    def work(session: Session) -> None:
        at = moment_of(typed, clock.now())
        seen, revision = form.count.data, form.revision.data
        schedule(session, one, at, seen=seen, goes_to=goes_to, revision=revision, actor=me)

    return _try(one, form, work, gettext("The campaign is scheduled. Its audience is fixed when it starts."))


def _deleted(form: StateForm, one: CampaignId) -> Answer:
    me = _me()
    db.session.rollback()
    try:
        transact(lambda session: delete_draft(session, one, form.revision.data, actor=me))
    except DomainError as error:
        db.session.rollback()
        form.refuse(None, sentence_of(error))
        return _page(one, AudienceForm(formdata=None), form), error.status
    return done(url_for("campaigns.office_list"), gettext("The draft is deleted."))


def _page(campaign_id: int, audiences: AudienceForm, states: StateForm) -> str:
    campaign = get_campaign(campaign_id)
    is_before = campaign.state in BEFORE
    offered = changes() if campaign.state is CampaignState.DRAFT else []
    audiences.change.choices = options(pair for _, pairs in offered for pair in pairs)
    history = history_of(ABOUT, campaign_id)
    return render_template(
        "campaigns/office_page.html",
        campaign=campaign,
        audiences=shown(campaign.audiences),
        form=audiences if audiences.failed else states,
        audience_form=audiences,
        state_form=states,
        offered=offered,
        kept_days=SEARCH_KEPT.days if any(map(has_words, campaign.audiences)) else 0,
        reached=reached(campaign) if is_before else None,
        figures=_figures(campaign),
        languages=LANGUAGES,
        state_words=STATE_WORDS,
        purpose_words=PURPOSE_WORDS,
        exclusion_words=EXCLUSION_WORDS,
        history=history,
        names=name_givers.get("accounts")(entry.actor.id for entry in history),
    )


def _figures(campaign: Campaign) -> Figures:
    return figures_of([campaign]).get(campaign.id, Figures())


add_words_routes(blueprint)
