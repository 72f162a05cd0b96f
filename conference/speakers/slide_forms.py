"""The form of a talk's slides, which works without a script."""

from wtforms import FileField

from conference.web.forms import BaseForm
from conference.web.language import lazy_gettext as _l


class SlidesForm(BaseForm):
    slides = FileField(_l("File"))
