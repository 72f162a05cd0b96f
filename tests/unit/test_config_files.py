"""Secrets from files: read whole, never world-readable in production, and never beside the variable itself."""

from pathlib import Path

import pytest

from conference import config
from conference.config import SPECS, SettingsError, load_settings, require_safe, unsafe
from conference.web.settings import shown
from tests.unit.test_config import SAFE

KEY = "f" * 40


def a_file(tmp_path: Path, text: str = KEY + "\n", mode: int = 0o600) -> str:
    path = tmp_path / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def without(name: str) -> dict[str, str]:
    return {variable: value for variable, value in SAFE.items() if variable != name}


def test_a_secret_is_read_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    settings = load_settings(
        without("CONFERENCE_SECRET_KEY") | {"CONFERENCE_SECRET_KEY_FILE": a_file(tmp_path)}
    )
    require_safe(settings)
    assert settings.secret_key == KEY
    assert settings.sources["CONFERENCE_SECRET_KEY"] == "file"


@pytest.mark.parametrize("spec", [one for one in SPECS if one.secret], ids=lambda one: one.name)
def test_each_secret_has_its_file_and_is_hidden(tmp_path: Path, spec: config.Spec) -> None:
    values = {"DATABASE_URL": "sqlite:////x.sqlite3", "BROKER_URL": "redis://:s3cret@host:6379/0"}
    value = values.get(spec.name, KEY)
    variable = f"CONFERENCE_{spec.name}"
    settings = load_settings(without(variable) | {f"{variable}_FILE": a_file(tmp_path, value)})
    assert getattr(settings, spec.name.lower()) == value
    assert KEY not in shown(settings, spec)
    assert KEY not in repr(settings)


def test_a_setting_that_is_no_secret_has_no_file() -> None:
    with pytest.raises(SettingsError, match="CONFERENCE_MAIL_PORT_FILE is not a setting"):
        load_settings({"CONFERENCE_MAIL_PORT_FILE": "/x"})


def test_both_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match="CONFERENCE_SECRET_KEY and CONFERENCE_SECRET_KEY_FILE are both set"
    ):
        load_settings(SAFE | {"CONFERENCE_SECRET_KEY_FILE": a_file(tmp_path)})


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "is empty"), ("\n \n", "is empty"), (None, "cannot be read: No such file")]
)
def test_a_file_that_gives_nothing_is_refused_by_name(
    tmp_path: Path, text: str | None, sentence: str
) -> None:
    name = str(tmp_path / "none") if text is None else a_file(tmp_path, text)
    with pytest.raises(SettingsError, match=f"CONFERENCE_SECRET_KEY_FILE: .* {sentence}"):
        load_settings(without("CONFERENCE_SECRET_KEY") | {"CONFERENCE_SECRET_KEY_FILE": name})


def test_a_file_of_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="it is no text"):
        load_settings({"CONFERENCE_SECRET_KEY_FILE": str(tmp_path / "secret")})


@pytest.mark.parametrize(
    ("mode", "is_refused"), [(0o600, False), (0o640, False), (0o644, True), (0o604, True)]
)
def test_production_refuses_a_file_that_everybody_can_read(
    tmp_path: Path, mode: int, is_refused: bool
) -> None:
    named = {"CONFERENCE_SECRET_KEY_FILE": a_file(tmp_path, mode=mode)}
    settings = load_settings(without("CONFERENCE_SECRET_KEY") | named)
    told = [(one.variable, "chmod 600" in one.remedy) for one in unsafe(settings)]
    assert told == ([("CONFERENCE_SECRET_KEY_FILE", True)] if is_refused else [])


def test_a_containers_own_secrets_may_be_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "_OF_A_CONTAINER", f"{tmp_path}/")
    named = {"CONFERENCE_SECRET_KEY_FILE": a_file(tmp_path, mode=0o444)}
    assert unsafe(load_settings(without("CONFERENCE_SECRET_KEY") | named)) == ()


def test_the_keys_that_read_begin_with_the_one_that_signs() -> None:
    settings = load_settings(SAFE | {"CONFERENCE_OLD_SECRET_KEYS": f"{'b' * 40}, {'c' * 40}"})
    assert settings.secret_keys == ("a" * 40, "b" * 40, "c" * 40)
    assert load_settings(SAFE).secret_keys == ("a" * 40,)
