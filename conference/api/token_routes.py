"""The office's tokens of programs, for organisers."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.accounts.queries import staff_names
from conference.api.forms import TokenForm
from conference.api.model import SCOPE_WORDS
from conference.api.tokens import get_token, make_token, revoke_token, tokens
from conference.audit.model import by_staff
from conference.audit.queries import history_of
from conference.core.clock import real_now
from conference.core.errors import DomainError
from conference.db.base import db
from conference.db.work import transact
from conference.web.access import Role, after_confirming, get_principal, staff
from conference.web.errors import sentence_of
from conference.web.forms import PlainButtonForm
from conference.web.language import gettext
from conference.web.language import lazy_gettext as _l
from conference.web.notices import done

Answer = str | Response | tuple[str, int]
# Of a token that is read by each minute, the newest readings are enough for a page.
_MOST_SHOWN = 100


def add_token_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/api-tokens", "tokens", token_list, methods=["GET", "POST"])
    one = "/staff/api-tokens/<int:token_id>"
    blueprint.add_url_rule(one, "token", token_page)
    blueprint.add_url_rule(f"{one}/revoke", "revoke", revoke, methods=["POST"])


def _list(form: TokenForm, words: str = "") -> str:
    return render_template(
        "api/office_tokens.html", form=form, words=words, tokens=tokens(real_now()), scope_words=SCOPE_WORDS
    )


@after_confirming(_l("Make an API token"))
@staff(Role.ORGANISER)
def token_list() -> Answer:
    """Show the tokens, and make one, whose words stand on this answer and nowhere else."""
    if request.method != "POST":
        return _list(TokenForm())
    form = TokenForm(request.form)
    if not form.validate():
        return _list(form), 400
    name, scopes, last_day, me = form.name.data or "", form.chosen(), form.last_day.data, get_principal().id
    try:
        _, words = transact(
            lambda session: make_token(session, name, scopes, last_day, staff_id=me, now=real_now())
        )
    except DomainError as error:
        form.refuse(error.field, sentence_of(error))
        return _list(form), error.status
    db.session.rollback()  # the list is to show what has just been written
    return _list(TokenForm(formdata=None), words)


@staff(Role.ORGANISER)
def token_page(token_id: int) -> str:
    return _page(token_id, PlainButtonForm())


def _page(token_id: int, form: PlainButtonForm) -> str:
    acts = history_of("api_token", token_id)
    return render_template(
        "api/office_token.html",
        form=form,
        token=get_token(token_id, real_now()),
        scope_words=SCOPE_WORDS,
        acts=acts[:_MOST_SHOWN],
        older=len(acts) - len(acts[:_MOST_SHOWN]),
        names=staff_names(act.actor.id for act in acts),
    )


@staff(Role.ORGANISER)
def revoke(token_id: int) -> Answer:
    form = PlainButtonForm(request.form)
    if not form.validate():
        return _page(token_id, form), 400
    me = by_staff(get_principal().id)
    transact(lambda session: revoke_token(session, token_id, actor=me, now=real_now()))
    return done(
        url_for("api.token", token_id=token_id),
        gettext("The token is revoked: from now on it opens nothing."),
    )
