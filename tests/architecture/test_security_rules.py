"""How code may be written where it could open a door: bandit, and rules of our own; each planted violation is seen."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.security_rules import PLACES, RULES, broken

ROOT = Path(__file__).parents[2]
# Looked at elsewhere: asserts narrow types here (as ruff's S101), and an import does nothing before it is called.
LEFT_OUT = "B101,B404,B405"
# Bandit and ruff's S rules number alike, so one reason serves both: "
REASON = r"#.*\bnoqa: [A-Z0-9, ]*\bS{number}\b[A-Z0-9, ]* -- \S"
NOSEC = re.compile(r"#\s*nosec\b(?! B\d{3}(, ?B\d{3})* # \S+ \S+)")


def sources() -> list[Path]:
    found = [path for path in (ROOT / "conference").rglob("*.py") if "__pycache__" not in path.parts]
    return [*found, *(ROOT / "migrations").rglob("*.py"), ROOT / "wsgi.py"]


def bandit(*paths: Path) -> list[dict[str, Any]]:
    """Return what bandit finds that has no reason beside it."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", *map(str, paths), "-f", "json", "-s", LEFT_OUT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert told["errors"] == [], told["errors"]
    return [one for one in told["results"] if not has_reason(one)]


def has_reason(found: dict[str, Any]) -> bool:
    lines = Path(ROOT, found["filename"]).read_text(encoding="utf-8").splitlines()
    pattern = re.compile(REASON.replace("{number}", found["test_id"][1:]))
    return any(pattern.search(lines[number - 1]) for number in found["line_range"])


def test_bandit_finds_nothing_without_a_reason() -> None:
    found = bandit(ROOT / "conference", ROOT / "migrations", ROOT / "wsgi.py")
    assert [f"{one['filename']}:{one['line_number']} {one['issue_text']}" for one in found] == []


def test_every_nosec_names_its_rule_and_its_reason() -> None:
    bare = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NOSEC.search(line)
    }
    assert bare == set()


def test_what_bandit_is_to_find_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "import pickle\nimport subprocess\n\n"
        "subprocess.run('ls *', shell=True)\n"
        f"pickle.loads(b'')  # {'noqa'}: S301\n"
        "pickle.loads(b'')  # noqa: S301 -- made by ourselves\n"
        "eval('1')  # nosec B307 # a number\n",
        encoding="utf-8",
    )
    # The import of pickle, the shell, and the one whose comment gives no reason.
    assert [(one["test_id"], one["line_number"]) for one in bandit(planted)] == [
        ("B403", 1),
        ("B607", 4),
        ("B602", 4),
        ("B301", 5),
    ]


@pytest.mark.parametrize(
    "line", ["x()  # nosec", "x()  # nosec B307", "x()  #nosec: B307 # why not", "x()  # nosec B307 # a"]
)
def test_a_bare_nosec_is_seen(line: str) -> None:
    assert NOSEC.search(line)
    assert not NOSEC.search("x()  # nosec B307, B105 # a number of ours")


@pytest.mark.parametrize("rule", RULES)
def test_no_line_breaks_the_rule_but_where_it_is_meant(rule: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sources()
        if "migrations" not in path.parts and (lines := broken(path.read_text(encoding="utf-8"), rule))
    }
    allowed = {path: count for path, (count, _) in PLACES.get(rule, {}).items()}
    assert {path: len(lines) for path, lines in found.items()} == allowed, found


def test_every_place_has_its_reason() -> None:
    assert set(PLACES) <= set(RULES)
    assert all(len(why.split()) > 2 for places in PLACES.values() for _, why in places.values())


PLANTED = {
    "made_sql": [
        "session.execute(f'SELECT {name}')",
        "session.execute(text('SELECT ' + name))",
        "connection.exec_driver_sql('SELECT %s' % name)",
        "text('SELECT {}'.format(name))",
    ],
    "compared_secrets": ["if given == row_token: pass", "found = expected.digest != digest"],
    "led_away": [
        "redirect(request.args['next'], 303)",
        "redirect(form.next.data or '/')",
        "redirect(request.referrer)",
    ],
    "mixed_sources": ["name = request.values.get('name')"],
    "logged_requests": [
        "log.info('form %s', request.form)",
        "log.warning(f'at {request.url}')",
        "tell('refused', address=form.email.data)",
    ],
    "endless_waits": ["urlopen(address)", "_opener.open(request)", "smtplib.SMTP('mail.example')"],
    "ways_out": [
        "import requests",
        "from urllib import request as ask",
        "from urllib.request import urlopen",
    ],
    "unchecked_tls": [
        "context.verify_mode = ssl.CERT_NONE",
        "context.check_hostname = False",
        "get(url, verify=False)",
    ],
    "typed_patterns": ["re.compile(f'^{word}$')", "re.sub('a' + typed, '', text)"],
    "typed_formats": ["wording.format(name=name)", "typed.format_map(facts)"],
    "typed_templates": ["render_template_string(body)", "env.from_string(body)"],
}
SOUND = {
    "made_sql": [
        "session.execute(select(Row).where(Row.id == one))",
        "text('SELECT 1')",
        "pages.text(f'{a}')",
    ],
    "compared_secrets": [
        "select(Row).where(Row.token_hash == hashed)",
        "if secret == '': pass",
        "if token is None: pass",
    ],
    "led_away": [
        "redirect(local_path(form.next.data or '', '/'))",
        "redirect(url_for('a.b', next=request.path))",
    ],
    "mixed_sources": ["name = request.form.get('name')", "a.values()"],
    "logged_requests": ["log.info('done %s', len(found))", "tell('refused', status=status)"],
    "endless_waits": ["urlopen(address, timeout=5)", "open(path)", "smtplib.SMTP(host, timeout=30)"],
    "ways_out": ["from urllib.parse import quote", "from flask import request"],
    "unchecked_tls": ["context.verify_mode = ssl.CERT_REQUIRED", "get(url, verify=True)"],
    "typed_patterns": [
        "re.compile(r'^a$')",
        "re.compile(f'^{re.escape(word)}$')",
        "re.sub(r'a', f'{b}', text)",
    ],
    "typed_formats": ["'{}'.format(name)", "Markup('<b>{}</b>').format(name)"],
    "typed_templates": ["render_template('a.html')"],
}


@pytest.mark.parametrize("rule", RULES)
def test_each_planted_violation_is_seen_and_nothing_sound_is(rule: str) -> None:
    assert {line: broken(line, rule) for line in PLANTED[rule]} == {line: [1] for line in PLANTED[rule]}
    assert {line: broken(line, rule) for line in SOUND[rule]} == {line: [] for line in SOUND[rule]}


# What writes text into a page as markup, runs text, or hears and tells other windows.
SCRIPT = re.compile(
    r"\.(inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write|\beval\(|new Function\b|\bpostMessage\(|onmessage"
    r"|addEventListener\(\s*[\"']message|setTimeout\(\s*[\"'`]|javascript:|__proto__|\.src\s*=\s*[\"']https?:|importScripts"
)


def scripts() -> list[Path]:
    return sorted((ROOT / "conference/web/static").glob("*.js"))


def test_no_script_writes_markup_runs_text_or_listens_to_others() -> None:
    found = {
        path.name: match[0]
        for path in scripts()
        if (match := SCRIPT.search(path.read_text(encoding="utf-8")))
    }
    assert (found, len(scripts()) > 20) == ({}, True)


@pytest.mark.parametrize(
    "line",
    [
        "a.innerHTML = b",
        "a.outerHTML += b",
        "eval(a)",
        "new Function(a)",
        "addEventListener('message', f)",
        "x.src = 'https://a'",
        "setTimeout('a()')",
    ],
)
def test_a_script_that_would_is_seen(line: str) -> None:
    assert SCRIPT.search(line)
    assert not SCRIPT.search("if (a.innerHTML !== b.innerHTML) a.replaceChildren(b)")


MARKUP = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
# A link that a template of ours draws, inside a translated sentence.
AS_MARKUP = {"campaigns/_audiences.html": 1}


def test_no_template_takes_text_for_markup_but_where_it_is_meant() -> None:
    found = {
        path.relative_to(ROOT / "templates").as_posix(): len(matches)
        for path in (ROOT / "templates").rglob("*.html")
        if (matches := MARKUP.findall(path.read_text(encoding="utf-8")))
    }
    assert found == AS_MARKUP
    assert MARKUP.search("{{ name|safe }}")
    assert MARKUP.search("{% autoescape false %}")
