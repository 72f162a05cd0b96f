"""The room's blueprint: the public form, the personal page, the office's list and its categories."""

from flask import Blueprint

from conference.accounts.registry import HomeCount
from conference.registration.admission_queries import count_offered, count_pending
from conference.registration.admission_routes import add_admission_routes
from conference.registration.bulk_routes import add_bulk_routes
from conference.registration.category_routes import add_category_routes
from conference.registration.code_routes import add_code_routes
from conference.registration.desk_routes import add_desk_routes
from conference.registration.export_routes import add_export_routes
from conference.registration.extra_own_routes import add_own_extra_routes
from conference.registration.extra_routes import add_extra_routes
from conference.registration.fee_own_routes import add_fee_own_routes
from conference.registration.fee_routes import add_fee_routes
from conference.registration.figure_routes import add_figure_routes
from conference.registration.file_routes import add_file_routes
from conference.registration.group_own_routes import add_own_group_routes
from conference.registration.group_routes import add_group_routes
from conference.registration.import_routes import add_import_routes
from conference.registration.invitation_routes import add_invitation_routes
from conference.registration.invited_routes import add_invited_routes
from conference.registration.invitee_import_routes import add_invitee_import_routes
from conference.registration.message_routes import add_message_routes
from conference.registration.own_routes import add_own_routes
from conference.registration.passing_routes import add_passing_routes
from conference.registration.payment_routes import add_payment_routes
from conference.registration.public_routes import add_public_routes
from conference.registration.queries import count_live
from conference.registration.question_routes import add_question_routes
from conference.registration.staff_routes import add_staff_routes
from conference.registration.tag_routes import add_tag_routes
from conference.registration.visa_routes import add_visa_routes
from conference.web.language import lazy_gettext as _l

blueprint = Blueprint("registration", __name__)
add_public_routes(blueprint)
add_own_routes(blueprint)
add_staff_routes(blueprint)
add_category_routes(blueprint)
add_admission_routes(blueprint)
add_extra_routes(blueprint)
add_question_routes(blueprint)
add_own_extra_routes(blueprint)
add_visa_routes(blueprint)
add_export_routes(blueprint)
add_figure_routes(blueprint)
add_bulk_routes(blueprint)
add_import_routes(blueprint)
add_file_routes(blueprint)
add_fee_routes(blueprint)
add_payment_routes(blueprint)
add_fee_own_routes(blueprint)
add_invited_routes(blueprint)
add_invitation_routes(blueprint)
add_invitee_import_routes(blueprint)
add_code_routes(blueprint)
add_desk_routes(blueprint)
add_message_routes(blueprint)
add_tag_routes(blueprint)
add_group_routes(blueprint)
add_own_group_routes(blueprint)
add_passing_routes(blueprint)

# What the office's home page says of this room.
REGISTERED = HomeCount(
    label=_l("registered or waiting"), endpoint="registration.office_list", count=count_live
)
PENDING = HomeCount(label=_l("waiting for approval"), endpoint="registration.approvals", count=count_pending)
OFFERED = HomeCount(
    label=_l("offered places without an answer"), endpoint="registration.categories", count=count_offered
)
