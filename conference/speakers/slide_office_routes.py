"""Who has sent slides, and each file, for those who prepare the rooms."""

import re

from flask import Blueprint, Response, render_template

from conference.core.clock import STOCKHOLM
from conference.programme.model import Session, Talk
from conference.programme.queries import draft, get_talk
from conference.speakers import slides
from conference.speakers.slide_routes import attachment
from conference.web.access import Role, may, staff

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def add_slide_office_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/staff/speakers/slides", "slides", slides_list)
    blueprint.add_url_rule("/staff/speakers/slides/<int:talk_id>", "slides_file", slides_file)


@staff()
def slides_list() -> str:
    """Show each talk with its slides, those still to come marked."""
    lines = slides.slides_of_talks()
    return render_template(
        "speakers/slides.html",
        lines=lines,
        sent=sum(one.slides is not None for one in lines),
        may_load=may("speakers.slides_file"),
    )


@staff(Role.PROGRAMME, Role.DESK)
def slides_file(talk_id: int) -> Response:
    """Answer the file under a name by which a folder of them sorts as the programme does."""
    session, talk = get_talk(draft(), talk_id)
    return attachment(slides.get_slides(talk_id), _name(session, talk))


def _name(session: Session, talk: Talk) -> str:
    start = talk.span.start.astimezone(STOCKHOLM) if talk.span else None
    when = f"{start:%d-%H%M}" if start else ""
    room = session.room.name if session.room else ""
    speaker = talk.people[0].sort_name if talk.people else ""
    words = (when, room, speaker, talk.title)
    return _NOT_IN_NAMES.sub(" ", " - ".join(word for word in words if word))[:120].strip(". ")
