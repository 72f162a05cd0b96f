"""The crawler's sending: every form as each kind of person, filled as somebody would and as nobody should."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from urllib.parse import quote_plus, urljoin

from flask import Flask
from werkzeug.test import TestResponse

from conference.web.access import Role
from tests.security.crawl_checks import Args, Reader, is_refused, resolved
from tests.security.crawl_ground import Ground
from tests.security.crawl_looking import NOTED, Looking
from tests.security.crawl_pages import Field, PageForm
from tests.security.crawl_values import BAD, BAD_FILES, MOST_EFFORT, files_for, plausible
from tests.security.matrix import LINK

Pairs = Sequence[tuple[str, bytes]]
File = tuple[str, bytes, str]
TOKEN = "csrf_token"
# RFC 8058: mail programs send it, which have no page and no session.
WITHOUT_TOKEN = {"mail.unsubscribe"}
MORE = {
    "access": b"open",
    "is_demonstration": b"y",
    "is_for_speakers": b"y",
    "is_limited": b"",
    "link_version": b"99",
    "role": b"organiser",
    "seats": b"9999",
    "state": b"confirmed",
    "taken": b"0",
}
# What is only for records of one's own account: with another's id nothing happens.
OWN_ALONE = {"accounts.end_session", "accounts.remove_passkey"}
# Attempts at getting in are counted whatever becomes of them.
COUNTED = frozenset({"attempt_count", "staff_session"})
_BOUNDARY = "crawler-boundary-7q7"
# What was typed is refused; signing in says so with 401.
_REFUSALS = {400, 401, 409, 410, 413, 422, 429}


def urlencoded(pairs: Pairs) -> bytes:
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


def in_parts(pairs: Pairs, files: Mapping[str, File]) -> bytes:
    """Return the body of multipart/form-data (RFC 7578), with file names as they are, line breaks and all."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in pairs
    ]
    for field, (name, content, kind) in files.items():
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


class Sending(Looking):
    """`accepted` holds each endpoint whose form was taken when it was filled as somebody would."""

    def __init__(
        self,
        app: Flask,
        ground: Ground,
        matrix: Mapping[str, object],
        *,
        is_deep: bool = False,
        is_brief: bool = False,
    ) -> None:
        super().__init__(app, ground, matrix, is_deep=is_deep, is_brief=is_brief)
        self.accepted: dict[str, None] = {}
        # What is shown to an account that is limited to tracks, and refused when it is sent.
        self.beyond: dict[str, None] = {}
        self._tried: set[object] = set()
        self._sent: Counter[str] = Counter()
        self._turn = count()
        self._guarded: Mapping[str, list[tuple[object, ...]]] = {}

    # One form

    def post(
        self,
        reader: Reader,
        target: str,
        form: PageForm,
        pairs: Pairs,
        files: Mapping[str, File],
        why: str,
        *,
        may_change: bool = True,
    ) -> tuple[TestResponse | None, frozenset[str]]:
        """Return the answer, and the tables that it changed where it may not; all is as before afterwards."""
        cookies = dict(reader.client._cookies or {})
        if form.is_multipart:
            sent = {
                "data": in_parts(pairs, files),
                "content_type": f"multipart/form-data; boundary={_BOUNDARY}",
            }
        else:
            sent = {"data": urlencoded(pairs), "content_type": "application/x-www-form-urlencoded"}
        answer = self.ask(reader, "POST", target, why, **sent)
        changed = frozenset() if may_change else self.ground.changed()
        if why in {"plainly", "more"} and (self.is_deep or self.is_brief):
            self._guarded = self.ground.guarded()
        # A page that was not changed is seen by looking.
        is_followed = self.is_deep or why.startswith(("plainly", "bad fields")) or "markup" in why
        if answer is not None and answer.status_code == 303 and is_followed and self.ground.is_touched():
            self._led(reader, target, answer, why)
        self.ground.restore()
        reader.client._cookies = cookies
        return answer, changed

    def _led(self, reader: Reader, target: str, answer: TestResponse, why: str) -> None:
        """Open the page that a form leads to, before what it did is taken back."""
        where = urljoin(target, answer.headers["Location"]).removeprefix("http://localhost").partition("#")[0]
        found = resolved(self.app, where, "GET")
        self.asked["led"] += 1
        try:
            page = reader.client.get(where)
        except Exception as error:  # noqa: BLE001 -- whatever comes out is a page of 500 to a user
            self.find("broke", reader, found[0] if found else "", f"GET {where} (after {why})", repr(error))
            return
        self.check(
            reader, found[0] if found else "", "GET", f"GET {where} (after POST {target}, {why})", page
        )
        if page.status_code >= 400:
            self.find(
                "leads nowhere",
                reader,
                found[0] if found else "",
                f"{where} (after POST {target}, {why})",
                page.status,
            )

    def send_all(self, reader: Reader) -> None:
        """Send every form that the person came across."""
        for address, form in list(reader.forms.values()):
            target = self._ours(address, form.action)
            found = resolved(self.app, target or "", "POST")
            if target is None or found is None:
                self.find("form to nothing", reader, "", f"POST {form.action} (on {address})")
                continue
            endpoint, args = found
            if self._sent[f"{reader.name} {endpoint}"] >= self._most_forms(reader):
                continue
            self._sent[f"{reader.name} {endpoint}"] += 1
            self._send(reader, address, target, form, endpoint, args)

    def _most_forms(self, reader: Reader) -> int:
        if self.is_deep:
            return 30
        return 2 if reader.role in {None, Role.ORGANISER} else 1

    def _send(
        self, reader: Reader, address: str, target: str, form: PageForm, endpoint: str, args: Args
    ) -> None:
        if not reader.may(self.who(endpoint)):
            self.find("form to what is closed", reader, endpoint, f"POST {target} (on {address})")
        filled = self._plainly(reader, address, target, form, endpoint)
        names = {one.name for one in form.fields}
        shape = (endpoint, *sorted(names))
        is_new = shape not in self._tried
        self._tried.add(shape)
        if TOKEN in names:
            # Who sends it makes no difference to the guard: in CI it is tried as the first who came across the form.
            if is_new or self.is_deep or reader.role is None:
                self._without_token(reader, target, filled, endpoint)
        elif endpoint not in WITHOUT_TOKEN:
            self.find("form without a token", reader, endpoint, f"POST {target} (on {address})")
        if self.is_brief:
            return
        if is_new or self.is_deep or reader.role is None or reader.is_limited:
            self._swapped(reader, filled, endpoint, args)
        if is_new:
            self._badly(reader, target, filled)

    def _plainly(self, reader: Reader, address: str, target: str, form: PageForm, endpoint: str) -> PageForm:
        """Send the form as somebody would, with more trouble until it is taken; return it as it was filled last."""
        answer = None
        for filled in self._ways(form):
            files = {one.name: files_for(one) for one in form.fields if one.kind == "file"}
            answer, _ = self.post(reader, target, filled, as_bytes(filled), files, "plainly")
            if answer is not None and answer.status_code < 400:
                self.accepted[endpoint] = None
                self._with_more(reader, target, filled, files, endpoint)
                return filled
        is_typed = (
            answer is not None and answer.status_code in _REFUSALS and not is_signed_out(reader, answer)
        )
        if answer is not None and self._is_beyond(reader, answer):
            self.beyond[endpoint] = None
        elif answer is not None and not is_typed:
            self.find(
                "form that one may not send", reader, endpoint, f"POST {target} (on {address})", answer.status
            )
        return filled

    def _with_more(
        self, reader: Reader, target: str, form: PageForm, files: Mapping[str, File], endpoint: str
    ) -> None:
        """Nothing that a form does not offer is set by who sends it all the same (mass assignment)."""
        if not (self.is_deep or self.is_brief):
            return
        expected = self._guarded
        offered = {
            one.name for key, (_, other) in reader.forms.items() if key[0] == endpoint for one in other.fields
        }
        more = [(name, value) for name, value in MORE.items() if name not in offered]
        self.post(reader, target, form, [*as_bytes(form), *more], files, "more")
        told = [name for name, rows in self._guarded.items() if rows != expected.get(name)]
        if told:
            self.find("set by who sent it", reader, endpoint, f"POST {target}", ", ".join(told))

    @staticmethod
    def _is_beyond(reader: Reader, answer: TestResponse) -> bool:
        """Return whether it is told to an account that is limited to tracks: tests/web/accounts/test_track_limits.py."""
        return reader.is_limited and answer.status_code == 403

    @staticmethod
    def _ways(form: PageForm) -> Iterator[PageForm]:
        seen = set()
        for effort in range(MOST_EFFORT + 1):
            fields = tuple(replace(one, chosen=plausible(one, effort)) for one in form.fields)
            if fields not in seen:
                seen.add(fields)
                yield replace(form, fields=fields)

    def _without_token(self, reader: Reader, target: str, form: PageForm, endpoint: str) -> None:
        """Nothing may change without the token, or with one that is made up."""
        for token in (None, b"made-up") if self.is_deep else (None,):
            pairs = [pair for pair in as_bytes(form) if pair[0] != TOKEN]
            pairs += [(TOKEN, token)] if token else []
            files = {one.name: files_for(one) for one in form.fields if one.kind == "file"}
            _, changed = self.post(reader, target, form, pairs, files, "tokenless", may_change=False)
            # The page that says so may show what is sensitive, and then notes the look.
            if endpoint not in WITHOUT_TOKEN and (told := changed - COUNTED - NOTED):
                self.find("sent without a token", reader, endpoint, f"POST {target}", ", ".join(sorted(told)))

    # What nobody should send

    def _swapped(self, reader: Reader, form: PageForm, endpoint: str, args: Args) -> None:
        """Send the form to other records than its page was of."""
        pairs = as_bytes(form)
        is_own = endpoint in OWN_ALONE or self.who(endpoint) == LINK
        for name, value in args.items():
            for other in self.others(name, value):
                address = self.address(endpoint, {**args, name: other})
                if address is None:
                    continue
                why = f"swapped {name}"
                answer, changed = self.post(reader, address, form, pairs, {}, why, may_change=not is_own)
                is_known = address in reader.seen.values() or any(
                    address == one.action for _, one in reader.forms.values()
                )
                if is_own and not is_known and (told := changed - COUNTED):
                    self.find(
                        "another's record",
                        reader,
                        endpoint,
                        f"POST {address} ({name})",
                        ", ".join(sorted(told)),
                    )
                if (
                    self.who(endpoint) == LINK
                    and name == "token"
                    and answer is not None
                    and answer.status_code < 400
                ):
                    self.find("another's record", reader, endpoint, f"POST {address} ({name})", answer.status)

    def _badly(self, reader: Reader, target: str, form: PageForm) -> None:
        """Type what nobody should into each field by itself, the others being as they were."""
        kinds = list(BAD)
        files = {one.name: files_for(one) for one in form.fields if one.kind == "file"}
        named = dict.fromkeys(one.name for one in form.fields if one.name != TOKEN and one.kind != "file")
        for field in named if self.is_deep else list(named)[::6]:
            turn = next(self._turn)
            for kind in kinds if self.is_deep else [kinds[turn % len(kinds)]]:
                pairs = [pair for pair in as_bytes(form) if pair[0] != field] + [(field, BAD[kind])]
                self.post(reader, target, form, pairs, files, f"bad {field}: {kind}")
        for field in files:
            for kind in BAD_FILES if self.is_deep else [list(BAD_FILES)[next(self._turn) % len(BAD_FILES)]]:
                changed = files | {field: BAD_FILES[kind]}
                self.post(reader, target, form, as_bytes(form), changed, f"bad {field}: {kind}")
        everything = [(name, value if name == TOKEN else BAD["markup"]) for name, value in as_bytes(form)]
        self.post(reader, target, form, everything, files, "bad fields: all markup")
        self.post(
            reader, target, form, [pair for pair in everything if pair[0] == TOKEN], {}, "bad fields: none"
        )

    # Forms of others

    def trespass_by_form(self, reader: Reader, others: Sequence[Reader]) -> None:
        """Send, with a token of one's own, every form that somebody else came across and this person may not send."""
        token = token_of(reader)
        done = set()
        for other in others:
            for address, form in other.forms.values():
                target = self._ours(address, form.action)
                found = resolved(self.app, target or "", "POST")
                if target is None or found is None or reader.may(self.who(found[0])) or found[0] in done:
                    continue
                done.add(found[0])
                pairs = [(name, token if name == TOKEN else value) for name, value in as_bytes(form)]
                answer, changed = self.post(reader, target, form, pairs, {}, "trespass", may_change=False)
                if answer is not None and (not is_refused(answer) or changed - COUNTED):
                    told = f"{answer.status} {', '.join(sorted(changed))}"
                    self.find("open", reader, found[0], f"POST {target} (trespass)", told)


def is_signed_out(reader: Reader, answer: TestResponse) -> bool:
    """Return whether a page is refused to who is signed in because they are not."""
    return reader.role is not None and answer.status_code == 401


def token_of(reader: Reader) -> bytes:
    """Return the token of the person's browser session, begun if there is none."""
    with reader.client.session_transaction() as cookie:
        return str(cookie.setdefault("csrf", "crawler-token")).encode()


def as_bytes(form: PageForm) -> list[tuple[str, bytes]]:
    return [(name, value.encode("utf-8", "replace")) for name, value in form.sent()]


__all__ = ["Field", "Sending"]
