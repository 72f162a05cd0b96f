from dataclasses import fields
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from conference.core.ids import PersonId
from conference.people.model import Person
from conference.programme.model import Talk
from conference.programme.talk_fields import TalkFactsForm
from conference.registration.forms import PersonForm, email_field
from conference.speakers.model import (
    ConfirmSpeaker,
    ConsentKind,
    Interest,
    Profile,
    SignDisclosure,
    TalkWords,
)
from conference.speakers.pictures import Crop
from conference.speakers.words import CONSENT_WORDS, INTEREST_WORDS
from conference.web.forms import AtMost, BaseForm, Required, options
from conference.web.language import FALLBACK, LANGUAGES
from conference.web.language import lazy_gettext as _l
from conference.web.numbers import RevisionField
from conference.web.saving import RevisedForm

BIOGRAPHY_CHARACTERS = 1500
ABSTRACT_CHARACTERS = 3000


class SpeakerForm(PersonForm, RevisedForm):
    """What a speaker completes. `revision` is the person's, as the form was filled from."""

    email = email_field()

    @property
    def more_is_open(self) -> bool:
        """Open always: titles and letters of speakers stand in print."""
        return True

    @staticmethod
    def values_of(person: Person) -> dict[str, Any]:
        """Return what is stored, by field name."""
        return person.details.as_values() | {"revision": person.revision}

    def to_command(self, person: Person) -> ConfirmSpeaker:
        return ConfirmSpeaker(
            person_id=person.id,
            details=self.details(self.email.data or ""),
            expected_revision=self.revision.data,
        )


class DeclineForm(BaseForm):
    reason = TextAreaField(_l("Reason"), [AtMost(1000)])


class InvitationForm(BaseForm):
    answer_by = DateField(_l("Answer by"), [Optional()])
    language = SelectField(_l("Language"), choices=options(LANGUAGES.items()), default=FALLBACK)
    # What the page showed, as `Invitation.mark` has it.
    seen = HiddenField()


def _one_break(text: str | None) -> str | None:
    """Return the text with each line end as one character: a form sends two, its reader and script count one."""
    return text.replace("\r\n", "\n") if text else text


class ProfileForm(RevisedForm):
    """Profile and consents. `revision` is the profile's, empty before the first save."""

    biography = TextAreaField(_l("Biography"), [AtMost(BIOGRAPHY_CHARACTERS)], filters=[_one_break])
    pronunciation = StringField(_l("How your name is pronounced"), [AtMost(200)])
    travel = TextAreaField(_l("Travel and hotel"), [AtMost(2000)])
    needs = TextAreaField(_l("Technical needs"), [AtMost(2000)])
    recording = BooleanField(CONSENT_WORDS[ConsentKind.RECORDING])
    publication = BooleanField(CONSENT_WORDS[ConsentKind.PUBLICATION])
    portrait = BooleanField(CONSENT_WORDS[ConsentKind.PORTRAIT])
    publish_biography = BooleanField(CONSENT_WORDS[ConsentKind.BIOGRAPHY])

    def to_profile(self) -> Profile:
        return Profile(**{field.name: self[field.name].data or "" for field in fields(Profile)})

    def to_consents(self) -> dict[ConsentKind, tuple[bool, str]]:
        """Return each choice with the wording that was shown."""
        return {kind: (bool(self[kind.value].data), str(self[kind.value].label.text)) for kind in ConsentKind}


class OwnTalkForm(TalkFactsForm, RevisedForm):
    """Title, abstract, co-authors, keywords and level of one's own talk. `revision` is the talk's."""

    title = StringField(_l("Title"), [Required(_l("Enter a title.")), AtMost(300)])
    abstract = TextAreaField(_l("Abstract"), [AtMost(ABSTRACT_CHARACTERS)], filters=[_one_break])

    @classmethod
    def values_of(cls, talk: Talk) -> dict[str, Any]:
        """Return what is stored, by field name."""
        texts = {"title": talk.title, "abstract": talk.abstract, "revision": talk.revision}
        return texts | cls.fact_values(talk)

    def to_words(self) -> TalkWords:
        return TalkWords(
            title=self.title.data or "", abstract=self.abstract.data or "", facts=self.to_facts()
        )


class DisclosureForm(BaseForm):
    is_nothing = BooleanField(_l("I have nothing to disclose for the last three years."))
    employment = TextAreaField(INTEREST_WORDS[Interest.EMPLOYMENT], [AtMost(1000)])
    consultancy = TextAreaField(INTEREST_WORDS[Interest.CONSULTANCY], [AtMost(1000)])
    shares = TextAreaField(INTEREST_WORDS[Interest.SHARES], [AtMost(1000)])
    honoraria = TextAreaField(INTEREST_WORDS[Interest.HONORARIA], [AtMost(1000)])
    funding = TextAreaField(INTEREST_WORDS[Interest.FUNDING], [AtMost(1000)])
    testimony = TextAreaField(INTEREST_WORDS[Interest.TESTIMONY], [AtMost(1000)])
    licences = TextAreaField(INTEREST_WORDS[Interest.LICENCES], [AtMost(1000)])
    other = TextAreaField(INTEREST_WORDS[Interest.OTHER], [AtMost(1000)])
    signed_name = StringField(
        _l("Your name, as your signature"), [Required(_l("Type your name to sign.")), AtMost(200)]
    )

    def to_command(self, person_id: PersonId) -> SignDisclosure:
        typed = {kind: self[kind.value].data or "" for kind in Interest}
        return SignDisclosure(
            person_id=person_id,
            is_nothing=bool(self.is_nothing.data),
            interests={kind: text for kind, text in typed.items() if text},
            signed_name=self.signed_name.data or "",
        )


class RenewForm(BaseForm):
    """One button, and the version of the links that was seen, so that a double click renews once."""

    link_version = RevisionField(_l("Version"), [InputRequired()])


def _percent(label: str, default: int, least: int = 0) -> IntegerField:
    message = _l("Enter a number from %(least)s to 100.", least=least)
    return IntegerField(label, [InputRequired(message), NumberRange(least, 100, message)], default=default)


class PortraitForm(BaseForm):
    """A picture, and the square of it that is shown."""

    picture = FileField(_l("Picture"))
    left = _percent(_l("Square: place from the left, in percent"), 50)
    top = _percent(_l("Square: place from the top, in percent"), 50)
    side = _percent(_l("Square: size, in percent of the shorter side"), 100, least=10)

    def crop(self) -> Crop:
        return Crop(left_pct=self.left.data or 0, top_pct=self.top.data or 0, side_pct=self.side.data or 100)
