"""The page at which a reader stops the news, or has them again. Opening it changes nothing; a POST does."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.core.clock import real_now
from conference.db.base import db
from conference.db.work import transact
from conference.mail.news import digest_in, has_unsubscribed, subscribe_again, unsubscribe
from conference.web.access import by_link
from conference.web.forms import PlainButtonForm
from conference.web.language import chosen

# What a mail program posts for its own button (RFC 8058, 3.1): it has no page of ours open, and so no token.
_ONE_CLICK = ("List-Unsubscribe", "One-Click")


def add_unsubscribe_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/unsubscribe/<token>", "unsubscribe", unsubscribing, methods=["GET", "POST"])


@by_link
def unsubscribing(token: str) -> str | Response:
    digest = digest_in(token)
    if request.method != "POST":
        return render_template("mail/unsubscribe.html", is_stopped=has_unsubscribed(digest))
    if request.form.get(_ONE_CLICK[0]) == _ONE_CLICK[1]:
        transact(lambda session: unsubscribe(session, digest, now=real_now()))
        return make_response("Unsubscribed.\n", {"Content-Type": "text/plain; charset=utf-8"})
    if not PlainButtonForm(request.form).validate():
        abort(400)
    db.session.rollback()
    if request.form.get("act") == "undo":
        transact(lambda session: subscribe_again(session, digest))
    else:
        transact(lambda session: unsubscribe(session, digest, now=real_now()))
    return redirect(url_for("mail.unsubscribe", token=token, lang=chosen()), 303)
