"""What is typed into a field: something plausible by its kind, and what nobody should send."""

from tests.factories.slides import a_pdf
from tests.security.crawl_pages import Field

NOBODY = 987_654_321
# The marks by which what was typed is found again in a page: raw, it would be code; counted, it would be a template's.
RAW_MARK = "<q7q>"
COUNTED_MARK = "q7q49q7q"

BAD: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \t ",
    "long": b"x" * 10_000,
    "nul": b"a\x00b",
    "control characters": b"a\x1b[31m\x07\x7fb",
    "line breaks": b"a\r\nBcc: x@y.example\r\n\r\nz",
    "emoji": "👩‍🔬🏳️‍🌈".encode(),
    "no text": b"\xff\xfe\xc3\x28",
    "half of a pair": b"\xed\xa0\x80",
    "right to left": "\u202egnp.exe\u2066".encode(),
    "negative": b"-1",
    "nought": b"0",
    "huge": b"9" * 60,
    "past 64 bits": str(2**63).encode(),
    "no number": b"NaN",
    "endless": b"1e999",
    "other digits": "٣٤".encode(),
    "superscript": "²".encode(),
    "no day": b"2022-02-30",
    "year nought": b"0000-00-00",
    "last moment": b"9999-12-31T23:59",
    "first moment": b"0001-01-01T00:00",
    "no time": b"25:61",
    "markup": f"\"'>{RAW_MARK}<script>q7q()</script>".encode(),
    "template": b"q7q{{7*7}}q7q${7*7}{user.__class__}%(x)s%n",
    "path": b"../../../../etc/passwd",
    "statement": b"' OR 1=1; --",
    "formula": b'=HYPERLINK("http://evil.example")',
    "address": b"//evil.example/\\evil.example",
}
ODD_HEADERS = {
    "Accept": "application/json;q=nan, */*;q=-1,,;",
    "Accept-Encoding": "gzip;q=x, \x7f",
    "Accept-Language": "x" * 300 + ",*;q=9,sv-\xff",
    "If-None-Match": '"' + "x" * 300,
    "If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT",
    "Range": "bytes=-9999999999999999999999",
    "Cookie": "conference=.eJx; other=\xff",
    "Referer": "http://localhost/\xff//evil.example",
    "X-Forwarded-For": "'; --, [::1, 1.2.3.4.5",
    "X-Request-ID": "x y",
    "Authorization": "Basic \xff\xfe",
    "Content-Type": "multipart/form-data",
    "User-Agent": "<script>q7q()</script>" * 30,
}

MOST_EFFORT = 2
_NAMES = {"given_name", "name", "title", "label", "reason", "amount", "paid_on", "deadline", "tag", "people"}
_CHECKED = ("orcid", "ror", "vat", "efn")
_BY_NAME = (
    ("email", "crawler@lab.example"),
    ("password", "a sentence of some length"),
    ("repeated", "a sentence of some length"),
    ("given", "Eva"),
    ("country", "SE"),
    ("url", "https://lab.example/"),
    ("minutes", "15"),
    ("duration", "15"),
    ("seats", "20"),
    ("amount", "120"),
    ("paid_on", "2022-09-01"),
    ("deadline", "2022-09-10 12:00"),
    ("_at", "2022-09-10 12:00"),
    ("until", "2022-09-10 12:00"),
    ("width", "90"),
    ("height", "54"),
    ("pitch_x", "90"),
    ("pitch_y", "54"),
)
_BY_KIND = {
    "email": "crawler@lab.example",
    "date": "2022-09-22",
    "time": "10:00",
    "datetime-local": "2022-09-22T10:00",
    "color": "#123456",
    "tel": "+46 8 000 00 00",
    "url": "https://lab.example/",
}


def plausible(field: Field, effort: int) -> tuple[str, ...]:
    """Return what somebody types: what stands there, and what is missing by how much trouble they take.

    0: what the page marks as required; 1: choices and names too; 2: all but what has a check digit.
    """
    if field.kind in {"hidden", "file"} or any(field.chosen):
        return field.chosen
    is_meant = (
        effort >= 1 and (field.kind in {"radio", "select"} or field.name in _NAMES)
    ) or effort == MOST_EFFORT
    if not (field.is_required or is_meant) or any(part in field.name for part in _CHECKED):
        return field.chosen
    if field.choices:
        return tuple(choice for choice in field.choices if choice)[:1]
    if field.kind in _BY_KIND:
        return (_BY_KIND[field.kind],)
    named = next((value for part, value in _BY_NAME if part in field.name), None)
    if field.kind == "number" and named is None:
        return (field.least or "1",)
    return (named or "Crawled",)


def files_for(field: Field) -> tuple[str, bytes, str]:
    """Return a small file of the kind that the field asks for: name, bytes, type."""
    if "pdf" in field.accept:
        return "talk.pdf", a_pdf(), "application/pdf"
    if "image" in field.accept:
        return "picture.png", _PIXEL, "image/png"
    if "json" in field.accept:
        return "design.json", b"{}", "application/json"
    return "list.csv", b"Given name,Family name,E-mail\nEva,Ek,eva@lab.example\n", "text/csv"


BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "no bytes": ("list.csv", b"", "text/csv"),
    "another kind": ("../../etc/passwd", b"\x00\xff\xfe<script>q7q()</script>" * 40, "text/html"),
    "a broken archive": ("list.xlsx", b"PK\x03\x04" + b"\x00" * 60, "application/zip"),
    "an entity": (
        "schedule.xml",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "text/xml",
    ),
    "deep brackets": ("schedule.json", b"[" * 20_000, "application/json"),
    "a long line": ("a\r\nb\x00.csv", b'"' + b"x" * 50_000, "text/csv"),
    "half a picture": ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, "image/png"),
    "a torn paper": ("talk.pdf", b"%PDF-1.7\n1 0 obj<<>>", "application/pdf"),
}
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "78da63f8ffff3f0005fe02fea735819d0000000049454e44ae426082"
)
