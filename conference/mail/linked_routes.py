"""A file that was too large for its mail, for whoever holds the link in it."""

from flask import Blueprint
from werkzeug.wrappers import Response

from conference.mail.linked_files import file_by_link
from conference.web.access import by_link


def add_linked_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/file/<token>", "linked_file", linked_file)


@by_link
def linked_file(token: str) -> Response:
    """Answer the file as a download, which changes nothing, however often a scanner of mails follows the link."""
    file = file_by_link(token)
    answer = Response(file.content, content_type=file.content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.filename)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
