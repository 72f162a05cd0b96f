"""The address of the invoice, on the personal link."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from conference.audit.model import BY_LINK
from conference.registration.fee_errors import InvoicePaidError
from conference.registration.fee_forms import InvoiceForm
from conference.registration.fee_queries import find_invoice
from conference.registration.invoices import change_invoice
from conference.registration.links import registration_by_link
from conference.registration.rules import require_live
from conference.web.access import by_link
from conference.web.language import gettext
from conference.web.notices import done
from conference.web.saving import Difference, save

Answer = str | Response | tuple[str, int]


def add_fee_own_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/r/<token>/invoice", "own_invoice", own_invoice, methods=["GET", "POST"])


@by_link
def own_invoice(token: str) -> Answer:
    registration = registration_by_link(token)
    require_live(registration)
    stored = find_invoice(registration.id)
    if stored.payment is not None:
        raise InvoicePaidError
    if request.method != "POST":
        return _page(token, InvoiceForm(formdata=None, data=InvoiceForm.values_of(stored)))
    form = InvoiceForm(request.form)
    if not form.validate():
        return _page(token, form), 400
    details, seen = form.invoice.data, form.revision.data
    refused = save(
        form,
        lambda session: change_invoice(session, registration.id, seen, details, actor=BY_LINK),
        lambda: InvoiceForm.values_of(find_invoice(registration.id)),
    )
    if refused:
        return _page(token, form, refused.differences), refused.status
    return done(
        url_for("registration.own_page", token=token), gettext("The address of the invoice is saved.")
    )


def _page(token: str, form: InvoiceForm, differences: tuple[Difference, ...] = ()) -> str:
    return render_template("registration/own_invoice.html", token=token, form=form, differences=differences)
