"""What a campaign says: written in up to three languages, seen as a recipient sees it, sent to oneself as a test."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from conference.audit.model import by_staff
from conference.campaigns.errors import NobodyChosenError, NoWordsError
from conference.campaigns.forms import WordsForm, values_of
from conference.campaigns.model import Campaign, CampaignState
from conference.campaigns.queries import get_campaign
from conference.campaigns.readers import Reader, drawn_for
from conference.campaigns.service import edit
from conference.campaigns.showing import first_reader
from conference.core.errors import DomainError
from conference.core.ids import CampaignId
from conference.db.base import db
from conference.db.work import transact
from conference.mail.rendering import MASK, NEWS_MASK, Rendered, with_link
from conference.mail.rules import SUBJECT_LENGTH
from conference.mail.service import enqueue_test
from conference.mail.wording_model import CAMPAIGN
from conference.mail.wording_routes import PAGE_POLICY, PART_POLICY
from conference.web.access import Principal, Role, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.language import LANGUAGES, gettext, in_language
from conference.web.notices import done
from conference.web.saving import Difference, save
from conference.web.settings import current_settings

Answer = str | Response | tuple[str, int]


def add_words_routes(blueprint: Blueprint) -> None:
    one = "/staff/campaigns/<int:campaign_id>/words"
    blueprint.add_url_rule(one, "words", words, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{one}/html", "words_html", html_part, methods=["POST"])


@staff(Role.ORGANISER)
def words(campaign_id: int) -> Answer:
    """Show the words of a draft; keep, show or send as a test what was typed."""
    campaign = get_campaign(campaign_id)
    if request.method != "POST":
        if campaign.state is not CampaignState.DRAFT:
            sentence = gettext("The words of a campaign can be changed while it is a draft.")
            return done(url_for("campaigns.office_page", campaign_id=campaign_id), sentence)
        return _page(campaign, WordsForm(formdata=None, data=_stored(campaign)))
    form = WordsForm(request.form)
    if not form.check():
        return _page(campaign, form), 400
    return _seen(campaign, form) if form.act.data in {"preview", "test"} else _saved(campaign, form)


def _stored(campaign: Campaign) -> dict[str, Any]:
    return values_of(campaign.details, campaign.revision)


def _saved(campaign: Campaign, form: WordsForm) -> Answer:
    details, revision, me = form.details(), form.revision.data, by_staff(get_principal().id)
    one = CampaignId(campaign.id)
    db.session.rollback()

    def work(session: Session) -> None:
        edit(session, one, details, revision, actor=me)

    refused = save(form, work, lambda: _stored(get_campaign(one)))
    if refused is not None:
        return _page(campaign, form, differences=refused.differences), refused.status
    return done(url_for("campaigns.office_page", campaign_id=one), gettext("The words are saved."))


def _seen(campaign: Campaign, form: WordsForm) -> Answer:
    try:
        made, reader = _made(campaign, form)
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _page(campaign, form), error.status
    if form.act.data == "test":
        me = get_principal()
        db.session.rollback()
        transact(lambda session: _send_test(session, made, reader, form.tag.data, to=me))
    page = _page(campaign, form, made=made, reader=reader, is_sent=form.act.data == "test")
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    return answer


def _made(campaign: Campaign, form: WordsForm) -> tuple[Rendered, Reader]:
    """Return the mail as somebody whom it goes to would get it, without links that open anything.

    Raises NobodyChosenError, NoWordsError.
    """
    typed, tag = campaign.saying(form.details()), str(form.tag.data)
    text, reader = typed.details.text_in(tag), first_reader(typed, tag)
    if text is None:
        raise NoWordsError("subject_en")
    if reader is None:
        raise NobodyChosenError
    made, site = drawn_for(typed, reader, *text), f"{current_settings().base_url}/"
    plain, html = with_link(made.text, "", made.slot, MASK)[0], with_link("", made.html, made.slot, site)[1]
    plain, html = (
        with_link(plain, "", made.news_slot, NEWS_MASK)[0],
        with_link("", html, made.news_slot, site)[1],
    )
    return Rendered(subject=made.subject, text=plain, html=html, slot=""), reader


def _send_test(session: Session, made: Rendered, reader: Reader, tag: str, *, to: Principal) -> None:
    """Write the mail to the member of staff. It tells of the recipient's record, so that it is erased with it."""
    subject = f"[Test] {made.subject}"[:SUBJECT_LENGTH]
    marked = Rendered(subject=subject, text=made.text, html=made.html, slot="")
    with in_language(tag):
        enqueue_test(session, marked, recipient=to.email, recipient_name=to.name, about=reader.about)


@staff(Role.ORGANISER)
def html_part(campaign_id: int) -> Response:
    """Answer the HTML part of what was typed, for a frame without rights."""
    campaign, form = get_campaign(campaign_id), WordsForm(request.form)
    if not form.check():
        abort(400)
    answer = Response(_made(campaign, form)[0].html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = PART_POLICY
    return answer


def _page(campaign: Campaign, form: WordsForm, differences: tuple[Difference, ...] = (), **seen: Any) -> str:
    return render_template(
        "campaigns/words.html",
        campaign=campaign,
        kind=CAMPAIGN,
        form=form,
        languages=LANGUAGES,
        differences=differences,
        seen={"made": None} | seen,
        me=get_principal(),
    )
