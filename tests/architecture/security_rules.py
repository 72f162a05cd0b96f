"""Rules of our own on how code may be written, beside ruff's S and bandit, which know nothing of this house.

Each rule is a function of a parsed module that returns the lines at fault. `PLACES` names where one is meant to be broken,
and why; a place that no longer needs it is told too.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

Nodes = Sequence[ast.AST]
Rule = Callable[[Nodes], Iterator[int]]
_SQL = {"text", "execute", "exec_driver_sql", "executescript", "scalar", "scalars"}
_SECRET = re.compile(r"(^|_)(token|digest|mac|signature|secret|csrf|nonce|password|hashed|hash)$")
_READ = {
    "form",
    "args",
    "values",
    "data",
    "json",
    "headers",
    "cookies",
    "url",
    "full_path",
    "path",
    "files",
    "referrer",
}
_LOGGERS = {"log", "logger", "logging", "tell"}
_CONNECTS = {
    "urlopen",
    "open_connection",
    "create_connection",
    "HTTPConnection",
    "HTTPSConnection",
    "SMTP",
    "SMTP_SSL",
}
_OUTSIDE = {
    "urllib.request",
    "http.client",
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "socket",
    "ftplib",
    "telnetlib",
}
_UNCHECKED = {"CERT_NONE", "CERT_OPTIONAL", "_create_unverified_context"}
_CHECKS = {"verify", "check_hostname", "ssl_check_hostname"}
_REGEX = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


def _calls(nodes: Nodes) -> Iterator[ast.Call]:
    return (node for node in nodes if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    """Return the last name of a dotted one, "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _is_made(node: ast.expr) -> bool:
    """Return whether the text is put together from parts, one of which is no constant."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        parts = (node.left, node.right)
        is_text = any(isinstance(part, ast.JoinedStr) or _is_text(part) or _is_made(part) for part in parts)
        return is_text and not all(_is_text(part) for part in parts)
    return (
        isinstance(node, ast.Call) and _name(node.func) == "format" and isinstance(node.func, ast.Attribute)
    )


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def made_sql(nodes: Nodes) -> Iterator[int]:
    """SQL that is put together: values are bound, names are ours."""
    for call in _calls(nodes):
        # `text` is SQLAlchemy's function, and elsewhere a method that draws.
        is_sql = _name(call.func) in _SQL and (_name(call.func) != "text" or isinstance(call.func, ast.Name))
        if is_sql and call.args and _is_made(call.args[0]):
            yield call.lineno


def compared_secrets(nodes: Nodes) -> Iterator[int]:
    """`==` between secrets, which tells by its time how much of them fits: hmac.compare_digest does not."""
    for node in nodes:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = (node.left, node.comparators[0])
            if any(_SECRET.search(_name(side)) for side in sides) and not any(map(_is_column_or_word, sides)):
                yield node.lineno


def _is_column_or_word(node: ast.expr) -> bool:
    """Return whether the database compares, or the text is none that anybody could guess at."""
    return isinstance(node, ast.Constant) or re.search(r"Row\.|\.c\.|^c\.", _dotted(node)) is not None


def led_away(nodes: Nodes) -> Iterator[int]:
    """A redirect to what was sent, past `local_path`."""
    for call in _calls(nodes):
        if _name(call.func) == "redirect" and call.args and _takes_sent(call.args[0]):
            yield call.lineno


def _takes_sent(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and _name(node.func) in {"local_path", "url_for"}:
        return False
    if isinstance(node, ast.Attribute) and (_is_sent(node) or node.attr == "data"):
        return True
    return any(_takes_sent(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _is_sent(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and _name(node.value) == "request" and node.attr in _READ


def mixed_sources(nodes: Nodes) -> Iterator[int]:
    """`request.values`, in which an address overrides a form."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and _is_sent(node) and node.attr == "values":
            yield node.lineno


def logged_requests(nodes: Nodes) -> Iterator[int]:
    """A log line of what was sent: forms, addresses, headers and cookies hold names and tokens."""
    for call in _calls(nodes):
        if (isinstance(call.func, ast.Attribute) and _name(call.func.value) in _LOGGERS) or _name(
            call.func
        ) == "tell":
            values = [*call.args, *(keyword.value for keyword in call.keywords)]
            if any(_is_sent(node) or _is_form_data(node) for value in values for node in ast.walk(value)):
                yield call.lineno


def _is_form_data(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "data" and "form" in _dotted(node.value)


def endless_waits(nodes: Nodes) -> Iterator[int]:
    """A connection without a time limit, which a silent server holds for ever."""
    for call in _calls(nodes):
        opens = _name(call.func) == "open" and _name(getattr(call.func, "value", call.func)).endswith(
            "opener"
        )
        if (_name(call.func) in _CONNECTS or opens) and "timeout" not in {one.arg for one in call.keywords}:
            yield call.lineno


def ways_out(nodes: Nodes) -> Iterator[int]:
    """A library that speaks to other machines, outside the few places that do."""
    for node in nodes:
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
        if any(name in _OUTSIDE for name in names):
            yield getattr(node, "lineno", 0)


def unchecked_tls(nodes: Nodes) -> Iterator[int]:
    """A certificate that nobody looks at."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in _UNCHECKED:
            yield node.lineno
        if isinstance(node, ast.keyword) and node.arg in _CHECKS and _is_false(node.value):
            yield node.value.lineno
        if isinstance(node, ast.Assign) and any(_name(one) == "check_hostname" for one in node.targets):
            yield node.lineno


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def typed_patterns(nodes: Nodes) -> Iterator[int]:
    """A regular expression that is put together without `re.escape`."""
    for call in _calls(nodes):
        is_regex = isinstance(call.func, ast.Attribute) and _dotted(call.func.value) in {"re", "regex"}
        if is_regex and _name(call.func) in _REGEX and call.args and _is_made(call.args[0]):
            escapes = any(
                _name(one.func) == "escape" for one in ast.walk(call.args[0]) if isinstance(one, ast.Call)
            )
            if not escapes:
                yield call.lineno


def typed_formats(nodes: Nodes) -> Iterator[int]:
    """`format` of a text that is not written there, whose braces could reach into objects."""
    for call in _calls(nodes):
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"format", "format_map"}:
            holder = call.func.value
            is_written = _is_text(holder) or (isinstance(holder, ast.Call) and _name(holder.func) == "Markup")
            if not is_written:
                yield call.lineno


def typed_templates(nodes: Nodes) -> Iterator[int]:
    """A template made of a text that is not written there."""
    for call in _calls(nodes):
        if _name(call.func) in {"render_template_string", "from_string", "Template"}:
            yield call.lineno


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        made_sql, compared_secrets, led_away, mixed_sources, logged_requests, endless_waits, ways_out, unchecked_tls,
        typed_patterns, typed_formats, typed_templates,
    )
}  # fmt: skip


# By rule and file: at how many lines it is meant, and why.
PLACES: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "made_sql": {
        "conference/db/engines.py": (2, "PRAGMA takes no bound values; the words are ours"),
        "conference/registration/conditions.py": (
            4,
            "conditions of indexes, with the table's name before them",
        ),
        "conference/running/postgres_copy.py": (1, "names of our own tables, quoted by psycopg"),
        "conference/running/sqlite_copy.py": (1, "names of our own tables"),
    },
    "compared_secrets": {
        "conference/accounts/rules.py": (1, "a password and its repetition, both typed into one form"),
        "conference/accounts/service.py": (3, "the database compares, or both are of the database"),
        "conference/audit/verifying.py": (1, "digests of what is stored, both in the database"),
        "conference/db/standing.py": (1, "the token of a state of public facts opens nothing"),
        "conference/event/notices.py": (2, "the digest of a public text"),
    },
    "endless_waits": {
        "conference/demo/mailbox.py": (1, "the demonstration's server, which waits to be called")
    },
    "ways_out": {
        "conference/demo/mailbox.py": (1, "listens on this machine"),
        "conference/demo/run.py": (1, "looks whether a port is free"),
        "conference/jobs/worker.py": (1, "the machine's name"),
        "conference/mail/hosts.py": (1, "asks for the addresses of the mail server"),
        "conference/mail/oauth.py": (2, "asks for the mail server's token, at the address of the settings"),
        "conference/running/certificate.py": (
            1,
            "asks the site's own address, of the settings, for its certificate",
        ),
        "conference/serve.py": (1, "listens on this machine"),
        "conference/web/counters.py": (1, "speaks between its own processes"),
        "conference/web/server_line.py": (1, "answers who called"),
        "conference/web/server_worker.py": (1, "answers who called"),
    },
    "typed_patterns": {
        "conference/core/linkable.py": (1, "a pattern of ours in another"),
        "conference/printing/fitting.py": (2, "a pattern of ours in another"),
        "conference/registration/scanning.py": (1, "an alphabet of ours"),
        "conference/web/store_model.py": (1, "a pattern of ours in another"),
    },
    "typed_formats": {
        "conference/mail/commands.py": (1, "a sentence of ours; it is given a number and a status"),
        "conference/mail/styling.py": (1, "markup of ours"),
        "conference/mail/wording_drawing.py": (1, "markup of ours, which escapes what it is given"),
        "conference/running/postgres_copy.py": (1, "psycopg's own composition of SQL"),
        "conference/web/language.py": (1, "the form of a date, by language"),
    },
}


def broken(text: str, rule: str) -> list[int]:
    """Return the lines of a module's text that break the rule, in order."""
    return sorted(set(RULES[rule](_nodes(text))))


@cache
def _nodes(text: str) -> Nodes:
    return list(ast.walk(ast.parse(text)))
