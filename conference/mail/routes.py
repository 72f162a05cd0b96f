from flask import Blueprint, render_template, request

from conference.mail.act_routes import add_act_routes
from conference.mail.filters import MailFilters, Only
from conference.mail.linked_routes import add_linked_routes
from conference.mail.listing import PAGE_SIZE, counts_by_state, kinds, listed
from conference.mail.metrics_routes import add_metrics_routes
from conference.mail.readers import hidden_from, hide_mail
from conference.mail.reading_routes import add_reading_routes
from conference.mail.unsubscribe_routes import add_unsubscribe_routes
from conference.mail.wording_routes import add_wording_routes
from conference.mail.words import LANGUAGE_WORDS, ONLY_WORDS, STATE_WORDS, kind_word
from conference.web.access import get_principal, staff

blueprint = Blueprint("mail", __name__)
blueprint.before_request(hide_mail)
add_wording_routes(blueprint)


@blueprint.get("/staff/mails")
@staff()
def office_list() -> str:
    filters = MailFilters.of_query(request.args, hidden_from(get_principal().role))
    counts = counts_by_state(filters)
    total = sum(counts[state] for state in filters.states or counts)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "mail/office_list.html",
        filters=filters,
        counts=counts,
        total=total,
        page=page,
        pages=pages,
        mails=listed(filters, page),
        words=STATE_WORDS,
        kinds=kinds(),
        kind_word=kind_word,
        languages=LANGUAGE_WORDS,
        only_words=ONLY_WORDS,
        came_back=Only.CAME_BACK,
    )


add_reading_routes(blueprint)
add_act_routes(blueprint)
add_metrics_routes(blueprint)
add_unsubscribe_routes(blueprint)
add_linked_routes(blueprint)
