"""What is kept of pages that are the same for everybody."""

import gzip

from flask import Flask

from conference.web.shared_pages import KeptPage, SharedPages, shared_page

BODY = "<p>Åsa</p>" * 200


def page(text: str) -> KeptPage:
    return KeptPage(text.encode(), "text/html; charset=utf-8")


def test_a_page_is_found_in_its_state_only() -> None:
    pages = SharedPages()
    kept = page("one")
    pages.keep("state 1", "name", kept)
    assert pages.find("state 1", "name") is kept
    assert pages.find("state 1", "other") is None
    assert pages.find("state 2", "name") is None


def test_a_new_state_drops_what_was_kept_of_the_old() -> None:
    pages = SharedPages()
    pages.keep(1, "name", page("one"))
    pages.keep(2, "other", page("two"))
    pages.keep(1, "third", page("three"))
    assert pages.find(1, "name") is None


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    pages = SharedPages(most_bytes=30)
    for name in "abc":
        pages.keep(1, name, page("x" * 10))
    assert pages.find(1, "a") is not None
    pages.keep(1, "d", page("x" * 10))
    assert [name for name in "abcd" if pages.find(1, name)] == ["a", "c", "d"]


def test_a_page_that_is_kept_twice_counts_once() -> None:
    pages = SharedPages(most_bytes=30)
    for _ in range(9):
        pages.keep(1, "a", page("x" * 10))
    pages.keep(1, "b", page("x" * 10))
    assert pages.find(1, "a") is not None


def test_a_page_larger_than_all_that_may_be_kept_is_not() -> None:
    pages = SharedPages(most_bytes=5)
    pages.keep(1, "a", page("x" * 10))
    assert pages.find(1, "a") is None


def ask(app: Flask, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with app.test_request_context(
        "/x", headers={name.replace("_", "-"): value for name, value in headers.items()}
    ):
        answer = shared_page("state", "name", lambda: BODY)
    return answer.status_code, dict(answer.headers), answer.data


def test_the_answer_has_a_tag_and_lets_every_cache_ask_again() -> None:
    status, headers, body = ask(Flask("x"))
    assert (status, body.decode()) == (200, BODY)
    assert (headers["Cache-Control"], headers["Vary"]) == (
        "public, no-cache",
        "Accept-Encoding, Accept-Language",
    )
    assert headers["ETag"].startswith('W/"')


def test_who_has_the_tag_gets_no_body() -> None:
    app = Flask("x")
    tag = ask(app)[1]["ETag"]
    for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        status, headers, body = ask(app, If_None_Match=sent)
        assert (status, body, headers["ETag"]) == (304, b"", tag)
        assert headers["Cache-Control"] == "public, no-cache"
    for sent in ('"other"', 'W/"other"', tag[:-2]):
        assert ask(app, If_None_Match=sent)[0] == 200


def test_who_reads_gzip_gets_it_with_the_same_tag() -> None:
    app = Flask("x")
    plain, packed = ask(app), ask(app, Accept_Encoding="br, gzip")
    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]
    assert packed[1]["ETag"] == plain[1]["ETag"]
    assert len(packed[2]) < len(plain[2]) / 10
