"""Letters of invitation and the paper of certificates, by HTTP."""

from flask import Blueprint, Response, request

from conference.audit.looks import Look, note_look
from conference.core.clock import STOCKHOLM
from conference.core.ids import RegistrationId
from conference.event.queries import get_event, organisers
from conference.people.countries import country_name
from conference.people.queries import get_person
from conference.printing.answers import pdf_answer
from conference.printing.certificates import CertificateFacts, certificate_pages
from conference.printing.visa_letters import LetterFacts, invitation_letter
from conference.registration.links import registration_by_link
from conference.registration.model import Registration
from conference.registration.queries import attended_names, get_registration
from conference.registration.visa_service import approved_letter
from conference.web.access import Role, by_link, staff


def add_letter_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/r/<token>/letter.pdf", "own_letter", own_letter)
    blueprint.add_url_rule("/staff/visa/<int:registration_id>.pdf", "office_letter", office_letter)
    blueprint.add_url_rule("/staff/certificates.pdf", "certificate_paper", certificate_paper)


@by_link
def own_letter(token: str) -> Response:
    return _letter(registration_by_link(token))


@staff(Role.ORGANISER)
def office_letter(registration_id: int) -> Response:
    registration = get_registration(RegistrationId(registration_id))
    answer = _letter(registration)
    note_look(Look.LETTER, ("registration", registration.id))
    return answer


def _letter(registration: Registration) -> Response:
    letter, passport = approved_letter(registration)
    issued = letter.decided_at or letter.asked_at
    facts = LetterFacts(
        passport_name=passport.name,
        nationality=country_name(passport.nationality),
        born_on=passport.born_on,
        passport_number=passport.number,
        affiliation=get_person(registration.person_id).details.affiliation,
        registration_number=registration.number,
        serial=letter.serial,
        issued_on=issued.astimezone(STOCKHOLM).date(),
    )
    return pdf_answer(invitation_letter(facts, get_event(), organisers()), f"letter-{letter.serial}.pdf")


@staff(Role.DESK)
def certificate_paper() -> Response:
    """The blank paper, or with ?names=1 a page for each who was marked as here."""
    names = attended_names() if request.args.get("names") == "1" else []
    if names:
        note_look(Look.LIST, people=len(names), which="certificates")
    certificates = [CertificateFacts(name=name) for name in names]
    return pdf_answer(certificate_pages(certificates, get_event(), organisers()), "certificates.pdf")
