from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conference.campaigns.errors import HalfTextError, NoSuchTimeError, TimeOverError
from conference.campaigns.model import CampaignDetails, Candidate, Choice, Exclusion, Purpose
from conference.campaigns.rules import choose, moment_of, wrong_words
from conference.core.ids import PersonId
from conference.mail.errors import BlockInSubjectError, SubjectLinesError, UnknownPlaceholderError
from conference.mail.wording_model import Wording

NOW = datetime(2022, 9, 5, 6, 0, tzinfo=UTC)
ASA = Candidate(
    person_id=PersonId(1),
    about=("registration", 1),
    email="Asa@Lab.example",
    key="asa@lab.example",
    language="sv",
)
BO = replace(
    ASA, person_id=PersonId(2), about=("registration", 2), email="bo@lab.example", key="bo@lab.example"
)
LANGUAGES = (("en", "English"), ("sv", "Svenska"), ("de", "Deutsch"))


def chosen(
    *candidates: Candidate,
    purpose: Purpose = Purpose.OWN,
    came_back: set[str] | None = None,
    unsubscribed: set[str] | None = None,
) -> Choice:
    return choose(candidates, purpose, came_back=came_back or set(), unsubscribed=unsubscribed or set())


def test_each_is_chosen_once_whatever_audiences_name_them() -> None:
    assert chosen(ASA, BO, ASA) == Choice(chosen=(ASA, BO), left_out={})


def test_an_address_in_other_case_is_the_same_reader() -> None:
    speaking = replace(BO, about=("person", 2), email="ASA@LAB.EXAMPLE", key="asa@lab.example")
    for purpose in Purpose:
        assert chosen(speaking, ASA, purpose=purpose) == Choice(
            chosen=(ASA,), left_out={Exclusion.DUPLICATE: 1}
        )


def test_one_person_with_two_addresses_gets_one_mail() -> None:
    again = replace(BO, person_id=ASA.person_id)
    assert chosen(ASA, again) == Choice(chosen=(ASA,), left_out={})


def test_who_gets_it_is_not_told_as_left_out_whatever_else_names_them() -> None:
    ended = replace(BO, has_ended=True)
    bounced = replace(ASA, about=("registration", 8), email="old@lab.example", key="old@lab.example")
    found = chosen(bounced, ASA, ended, ended, came_back={"old@lab.example"})
    assert found == Choice(chosen=(ASA,), left_out={Exclusion.ENDED: 1})


def test_who_shares_a_coordinators_address_gets_their_own_but_the_news_once() -> None:
    sharing = replace(BO, email="asa@lab.example", key="shared 1 2")
    assert chosen(ASA, sharing, purpose=Purpose.OWN).chosen == (ASA, sharing)
    news = chosen(ASA, sharing, purpose=Purpose.NEWS)
    assert news == Choice(chosen=(ASA,), left_out={Exclusion.DUPLICATE: 1})


def test_two_speakers_at_one_address_get_their_own_but_the_news_once() -> None:
    first = replace(ASA, about=("person", 1), key="asa@lab.example asa a")
    second = replace(first, person_id=PersonId(2), about=("person", 2), key="asa@lab.example bo b")
    assert chosen(first, second) == Choice(chosen=(first, second), left_out={})
    # Two records of one name that nobody has merged are one person.
    again = replace(first, person_id=PersonId(3), about=("person", 3))
    assert chosen(first, again) == Choice(chosen=(first,), left_out={Exclusion.DUPLICATE: 1})
    assert chosen(first, second, purpose=Purpose.NEWS).left_out == {Exclusion.DUPLICATE: 1}
    # A registration at the address is taken for the speaker's own.
    assert chosen(second, ASA) == Choice(chosen=(ASA,), left_out={Exclusion.DUPLICATE: 1})


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (replace(ASA, email="", key="erased 1", is_erased=True), Exclusion.ERASED),
        (replace(ASA, email="", key="number ABC"), Exclusion.NO_ADDRESS),
        (replace(ASA, email="no address"), Exclusion.NO_ADDRESS),
        (replace(ASA, has_ended=True), Exclusion.ENDED),
    ],
)
def test_each_reason_is_told(candidate: Candidate, reason: Exclusion) -> None:
    assert chosen(candidate, BO) == Choice(chosen=(BO,), left_out={reason: 1})


def test_an_address_that_came_back_gets_nothing() -> None:
    found = chosen(ASA, BO, came_back={"asa@lab.example"})
    assert found == Choice(chosen=(BO,), left_out={Exclusion.CAME_BACK: 1})


def test_who_unsubscribed_gets_no_news_and_still_what_is_about_them() -> None:
    wish = {"asa@lab.example"}
    assert chosen(ASA, unsubscribed=wish, purpose=Purpose.OWN).chosen == (ASA,)
    news = chosen(ASA, unsubscribed=wish, purpose=Purpose.NEWS)
    assert news == Choice(chosen=(), left_out={Exclusion.UNSUBSCRIBED: 1})


def test_an_ended_registration_does_not_stand_in_the_way_of_the_new_one() -> None:
    ended = replace(ASA, about=("registration", 9), has_ended=True)
    assert chosen(ended, ASA) == Choice(chosen=(ASA,), left_out={})


def _wrong(**texts: Wording) -> list[tuple[str | None, type[Exception]]]:
    details = CampaignDetails(title="x", purpose=Purpose.OWN, texts=texts)
    return [(error.field, type(error)) for error in wrong_words(details, LANGUAGES)]


def test_words_that_fit_are_not_refused() -> None:
    assert _wrong(en=Wording(subject="{given_name}", text="{name} {link} {contacts}")) == []


def test_each_wrong_word_is_told_at_its_field() -> None:
    assert _wrong(
        en=Wording(subject="{link}", text="a\nb {adress}"), sv=Wording(subject="a\nb", text="c")
    ) == [
        ("subject_en", BlockInSubjectError),
        ("text_en", UnknownPlaceholderError),
        ("subject_sv", SubjectLinesError),
    ]
    assert _wrong(de=Wording(subject="", text="Text")) == [("subject_de", HalfTextError)]
    assert _wrong(de=Wording(subject="Betreff", text="")) == [("text_de", HalfTextError)]


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        ("2022-09-05T09:00", datetime(2022, 9, 5, 7, 0, tzinfo=UTC)),
        ("2022-12-01T09:00", datetime(2022, 12, 1, 8, 0, tzinfo=UTC)),
        # It comes twice: the first.
        ("2022-10-30T02:30", datetime(2022, 10, 30, 0, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_time_is_stockholms(local: str, moment: datetime) -> None:
    assert moment_of(datetime.fromisoformat(local), NOW) == moment


def test_a_time_that_is_over_or_skipped_is_refused() -> None:
    for local in ("2022-09-05T08:00", "0001-01-01T00:30"):
        with pytest.raises(TimeOverError):
            moment_of(datetime.fromisoformat(local), NOW)
    with pytest.raises(NoSuchTimeError):
        moment_of(datetime.fromisoformat("2023-03-26T02:30"), NOW)
