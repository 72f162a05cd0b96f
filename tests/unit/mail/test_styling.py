import re

import pytest
from flask import Flask

from conference.mail.styling import at_rules, style_of, styled
from conference.web.language import LANGUAGES
from tests.factories.every_mail import FOLDER, drawn, kinds

LIMIT_BYTES = 100_000


def test_an_element_gets_what_the_sheet_says_of_it_and_of_its_class() -> None:
    assert styled("<p>x</p>") == '<p style="margin:0 0 16px">x</p>'
    link = styled('<a href="{{ address }}" class="button">{{ label }}</a>')
    assert link.startswith('<a href="{{ address }}" class="button" style="')
    assert "color:#ffffff;" in link
    assert "color:#0b3d91" not in link
    assert "vertical-align:top" in style_of("td", "label")


@pytest.mark.parametrize(
    "html", ['<p style="color:red">x</p>', "<strong>x</strong>", "{% if a <b %}", "a <3 b"]
)
def test_what_the_sheet_does_not_speak_of_stays_as_it_is(html: str) -> None:
    assert styled(html) == html


def test_what_can_stand_in_no_element_goes_into_the_head() -> None:
    assert at_rules().startswith("@media (prefers-color-scheme: dark)")
    assert styled("<style></style>") == f"<style>{at_rules()}</style>"


def test_every_class_of_a_mail_is_in_the_sheet_and_no_template_has_a_style_of_its_own() -> None:
    for file in (*FOLDER.glob("_*.html"), *FOLDER.glob("*/body.html")):
        source = file.read_text()
        assert " style=" not in source, file
        for tag, classes in re.findall(r'<(\w+)[^<>]*\sclass="([^"]*)"', source):
            assert style_of(tag, classes), (file, classes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_has_its_styles_in_its_elements_and_is_under_100_kb(app: Flask, language: str) -> None:
    for kind in kinds():
        mail = drawn(app, kind, language)
        assert '<p style="margin:0 0 16px' in mail.html, kind
        seen = re.sub(r"<!--.*?-->", "", mail.html)
        assert re.findall(r"<(?:p|td|table|ul|li|a)\b(?![^<>]* style=)[^<>]*>", seen) == [], kind
        size = len(mail.subject.encode()) + len(mail.text.encode()) + len(mail.html.encode())
        assert size < LIMIT_BYTES, kind


def test_the_offices_pages_about_mails_are_not_styled_as_mails(app: Flask) -> None:
    source = "<p>{{ x }}</p>"
    extension = app.jinja_env.extensions["conference.mail.styling.MailStyles"]
    assert extension.preprocess(source, "mail/office_list.html") == source
    assert extension.preprocess(source, "mail/wording_page.html") == source
    assert extension.preprocess(source, "mail/_macros.html") == styled(source)
    assert extension.preprocess(source, "mail/note/body.html") == styled(source)
