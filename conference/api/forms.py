from wtforms import DateField, StringField
from wtforms.validators import Optional

from conference.api.model import SCOPE_WORDS, Scope
from conference.web.forms import AtMost, BaseForm, CheckboxesField, Required, options
from conference.web.language import lazy_gettext as _l


class TokenForm(BaseForm):
    name = StringField(
        _l("What it is for"),
        [Required(_l("Enter which program gets the token, as in Badge printer.")), AtMost(100)],
    )
    scopes = CheckboxesField(
        _l("What it may read"),
        [Required(_l("Choose what the token may read."))],
        choices=options((scope.value, f"{scope.value}: {words}") for scope, words in SCOPE_WORDS.items()),
    )
    last_day = DateField(_l("Last day on which it is valid"), [Optional()])

    def chosen(self) -> tuple[Scope, ...]:
        return tuple(Scope(one) for one in self.scopes.data or ())
