from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from conference.core.ids import PersonId, RegistrationId, SessionId
from conference.programme.registry import asked_for_news
from tests.factories.programme import publish_now
from tests.factories.speakers import confirm_speaker, make_speaker, make_speaker_category

Marks = dict[RegistrationId, frozenset[SessionId]]


@pytest.fixture
def speaker(app: Flask) -> PersonId:
    """Somebody who has confirmed a talk at 9:00 that is public in version 1, and knows it."""
    make_speaker_category()
    person_id = make_speaker()
    publish_now()
    confirm_speaker(person_id)
    return person_id


@pytest.fixture
def marks() -> Iterator[Marks]:
    """Who asked for news of which sessions, as the room of marks would answer."""
    wished: Marks = {}

    def answer(_session: DbSession) -> Mapping[RegistrationId, frozenset[SessionId]]:
        return dict(wished)

    asked_for_news.fill("~test", answer)
    yield wished
    del asked_for_news._entries["~test"]
