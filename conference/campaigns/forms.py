from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from conference.campaigns.audiences import of_address, of_change, of_stages
from conference.campaigns.model import TITLE_AT_MOST, Audience, AudienceKind, CampaignDetails, Purpose
from conference.campaigns.rules import wrong_words
from conference.campaigns.words import PURPOSE_WORDS
from conference.mail.wording_forms import LineField
from conference.mail.wording_model import SUBJECT_AT_MOST, TEXT_AT_MOST, Wording
from conference.registration.filters import ListFilters
from conference.speakers.words import STANDING_WORDS
from conference.web.errors import sentence_of
from conference.web.forms import AtMost, BaseForm, CheckboxesField, Required, options
from conference.web.language import LANGUAGES, gettext
from conference.web.language import lazy_gettext as _l
from conference.web.saving import RevisedForm


def _with_plain_ends(text: Any) -> Any:
    """Return what a browser sends with its line ends as they are stored and compared."""
    return "\n".join(text.splitlines()) if isinstance(text, str) else text


def _purpose() -> RadioField:
    return RadioField(
        _l("What it is about"),
        choices=options((one.value, words) for one, words in PURPOSE_WORDS.items()),
        default=Purpose.OWN.value,
    )


def _subject() -> LineField:
    return LineField(_l("Subject"), [AtMost(SUBJECT_AT_MOST)])


def _text() -> TextAreaField:
    return TextAreaField(_l("Text"), [AtMost(TEXT_AT_MOST)], filters=[_with_plain_ends])


def _title() -> StringField:
    return StringField(
        _l("Name of the campaign"),
        [Required(_l("Give the campaign a name. Its readers do not see it.")), AtMost(TITLE_AT_MOST)],
    )


class NewCampaignForm(BaseForm):
    """The first words of a campaign; or the draft that the list is to be added to."""

    title = StringField(_l("Name of the campaign"), [AtMost(TITLE_AT_MOST)])
    purpose = _purpose()
    draft = SelectField(_l("Or add them to a draft"), validate_choice=False)

    def offer(self, drafts: Sequence[tuple[int, str]]) -> None:
        self.draft.choices = options(
            [("", gettext("A new campaign")), *((str(key), name) for key, name in drafts)]
        )

    def check(self, drafts: Sequence[tuple[int, str]], filters: ListFilters, *, is_list: bool) -> bool:
        """Return whether the campaign can begin, with the refusal in the form where it cannot."""
        chosen = self.draft.data or ""
        if filters.is_unknown:
            # What cannot be read does not filter: it would go to more people than were meant.
            self.refuse(
                None, gettext("This list cannot be read. Open the list of registrations, and filter it anew.")
            )
        if chosen and chosen not in {str(key) for key, _ in drafts}:
            self.refuse("draft", gettext("This draft is no longer there. Choose another one."))
        elif chosen and not is_list:
            # Without a list there is nobody to add: all registrations are not what was meant.
            self.refuse(
                None,
                gettext("Open the list of registrations, and choose there whom to add to the draft."),
            )
        elif not chosen and not self.title.data:
            self.refuse("title", gettext("Give the campaign a name. Its readers do not see it."))
        return not self.failed


class WordsForm(RevisedForm):
    """What a campaign says in each language, and as whom it is to be seen."""

    title = _title()
    purpose = _purpose()
    subject_en, text_en = _subject(), _text()
    subject_sv, text_sv = _subject(), _text()
    subject_de, text_de = _subject(), _text()
    tag = SelectField(_l("Preview and test in"), choices=options(LANGUAGES.items()), default="en")
    # The value of the button: save, preview or test.
    act = StringField()

    def details(self) -> CampaignDetails:
        """Return what was typed; a language of which nothing was is none."""
        texts = {
            tag: Wording(subject=self[f"subject_{tag}"].data or "", text=self[f"text_{tag}"].data or "")
            for tag in LANGUAGES
        }
        return CampaignDetails(
            title=self.title.data or "",
            purpose=Purpose(self.purpose.data),
            texts={tag: one for tag, one in texts.items() if one.subject or one.text},
        )

    def check(self) -> bool:
        """Return whether the words can be kept, with each refusal in the form where they cannot."""
        if self.validate():
            for problem in wrong_words(self.details(), tuple(LANGUAGES.items())):
                self.refuse(problem.field, sentence_of(problem))
        return not self.failed


def values_of(details: CampaignDetails, revision: int) -> dict[str, Any]:
    """Return the form's values of what is stored."""
    values: dict[str, Any] = {"title": details.title, "purpose": details.purpose.value, "revision": revision}
    for tag in LANGUAGES:
        stored = details.texts.get(tag, Wording(subject="", text=""))
        values |= {f"subject_{tag}": stored.subject, f"text_{tag}": stored.text}
    return values


class AudienceForm(BaseForm):
    """Whom a campaign goes to: one more audience, by the button that was pressed, or one less."""

    address = StringField(_l("Address of the list"), [AtMost(2000)])
    stages = CheckboxesField(
        _l("Stages"),
        choices=options((stage.value, words[0]) for stage, words in STANDING_WORDS.items()),
        validate_choice=False,
    )
    change = SelectField(_l("What changed"), validate_choice=False)
    # Of the audience that is to be taken out.
    kind = StringField(_l("Kind"), [AtMost(20)])
    value = StringField(_l("Value"), [AtMost(2000)])
    # The value of the button: list, stages, change or remove.
    act = StringField()

    def audience(self) -> Audience:
        """Return the audience that is meant. Raises AudienceMissingError, AudienceUnknownError, ValueError for no button."""
        if self.act.data == "stages":
            return of_stages(self.stages.data or ())
        if self.act.data == "change":
            return of_change(self.change.data or "")
        if self.act.data == "remove":
            return Audience(kind=AudienceKind(self.kind.data or ""), value=self.value.data or "")
        if self.act.data == "list":
            return of_address(self.address.data or "")
        raise ValueError(self.act.data)


class StateForm(RevisedForm):
    """What is to become of a campaign: by the button, for how many it said, and when."""

    at = StringField(_l("Day and time, Stockholm"), [AtMost(40)])
    count = IntegerField(_l("How many"), [Optional()])
    # The value of the button: start, schedule, draft, pause, resume, cancel or delete.
    act = StringField()

    def moment(self) -> datetime | None:
        """Return the time that was typed, without a zone; None, with the refusal in the form, for what is none."""
        typed = self.at.data or ""
        if _is_day(typed):
            # Midnight is hardly ever meant.
            self.refuse("at", gettext("Give a time with the day, as in 2022-09-06 09:00."))
            return None
        try:
            found = datetime.fromisoformat(typed)
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None:
            self.refuse("at", gettext("Give a day and a time, as in 2022-09-06 09:00."))
            return None
        return found


def _is_day(typed: str) -> bool:
    """Return whether it is a day without a time."""
    try:
        date.fromisoformat(typed)
    except ValueError:
        return False
    return True
