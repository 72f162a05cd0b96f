import pytest

from conference.config import SPECS, Mode, SettingsError, load_settings, require_safe, unsafe
from conference.web.settings import shown

SAFE = {
    "CONFERENCE_SECRET_KEY": "a" * 40,
    "CONFERENCE_BASE_URL": "https://conference.example",
    "CONFERENCE_MAIL_SERVER": "smtp.example",
    "CONFERENCE_MAIL_SENDER": "office@conference.example",
    "CONFERENCE_DATABASE_URL": "postgresql+psycopg://office:geheim@db.example/conference",
}


def test_safe_settings_start() -> None:
    settings = load_settings(SAFE)
    require_safe(settings)
    assert (settings.mail_port, settings.mail_tls, settings.lease_s) == (587, "starttls", 120)
    assert settings.sources["CONFERENCE_MAIL_SERVER"] == "environment"
    assert settings.sources["CONFERENCE_MAIL_PORT"] == "default"


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ("organiser", ("organiser",)),
        ("desk, organiser", ("organiser", "desk")),
        ("organiser,programme,desk,viewer", ("organiser", "programme", "desk", "viewer")),
        ("none", ()),
    ],
)
def test_roles_that_need_a_second_factor_are_named(given: str, roles: tuple[str, ...]) -> None:
    settings = load_settings({"CONFERENCE_SECOND_FACTOR_ROLES": given})
    assert settings.second_factor_roles == roles


def test_organisers_need_a_second_factor_unless_it_is_a_demonstration() -> None:
    modes: tuple[Mode, ...] = ("production", "demo", "test")
    assert [load_settings({}, mode).second_factor_roles for mode in modes] == [("organiser",), (), ()]
    given = {"CONFERENCE_SECOND_FACTOR_ROLES": "desk"}
    assert load_settings(given, "demo").second_factor_roles == ("desk",)
    spec = next(spec for spec in SPECS if spec.name == "SECOND_FACTOR_ROLES")
    assert [shown(load_settings({}, mode), spec) for mode in modes] == ["organiser", "none", "none"]


def test_how_long_a_sign_in_lasts_is_set_for_all_roles_and_for_some() -> None:
    given = {"CONFERENCE_SESSION_HOURS": "10, organiser=8", "CONFERENCE_SESSION_IDLE_MINUTES": "30"}
    settings = load_settings(given)
    assert [settings.session_hours[role] for role in ("organiser", "desk")] == [8, 10]
    assert {settings.session_idle_minutes[role] for role in ("organiser", "programme", "desk", "viewer")} == {
        30
    }
    spec = next(spec for spec in SPECS if spec.name == "SESSION_HOURS")
    assert shown(settings, spec) == "10, organiser=8"
    defaults = load_settings({})
    assert [defaults.session_idle_minutes[role] for role in ("organiser", "desk")] == [60, 240]


def test_no_proxy_is_trusted_that_is_not_named() -> None:
    assert load_settings({}).trusted_proxies == ()
    settings = load_settings({"CONFERENCE_TRUSTED_PROXIES": "127.0.0.1, 2001:db8::/32"})
    assert [str(one) for one in settings.trusted_proxies] == ["127.0.0.1/32", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("change", "variable"),
    [
        ({"CONFERENCE_SECRET_KEY": "short"}, "CONFERENCE_SECRET_KEY"),
        ({"CONFERENCE_BASE_URL": ""}, "CONFERENCE_BASE_URL"),
        ({"CONFERENCE_BASE_URL": "http://conference.example"}, "CONFERENCE_BASE_URL"),
        ({"CONFERENCE_MAIL_SERVER": ""}, "CONFERENCE_MAIL_SERVER"),
        ({"CONFERENCE_MAIL_SENDER": ""}, "CONFERENCE_MAIL_SENDER"),
        ({"CONFERENCE_MAIL_TLS": "none"}, "CONFERENCE_MAIL_TLS"),
        ({"CONFERENCE_NOW": "2022-09-05T08:00+02:00"}, "CONFERENCE_NOW"),
    ],
)
def test_each_unsafe_setting_is_refused_by_name(change: dict[str, str], variable: str) -> None:
    settings = load_settings(SAFE | change)
    assert [finding.variable for finding in unsafe(settings)] == [variable]
    with pytest.raises(SettingsError, match=variable):
        require_safe(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CONFERENCE_MAIL_PORT", "0"),
        ("CONFERENCE_MAIL_PORT", "many"),
        ("CONFERENCE_MAIL_TLS", "ssl"),
        ("CONFERENCE_NOW", "2022-09-05T08:00"),
        ("CONFERENCE_BASE_URL", "conference.example"),
        ("CONFERENCE_BASE_URL", "https://conference.example/"),
        ("CONFERENCE_WEB_WORKERS", "-1"),
        ("CONFERENCE_SECOND_FACTOR_ROLES", ""),
        ("CONFERENCE_SECOND_FACTOR_ROLES", "emperor"),
        ("CONFERENCE_SECOND_FACTOR_ROLES", "none,desk"),
        ("CONFERENCE_SESSION_HOURS", "0"),
        ("CONFERENCE_SESSION_HOURS", "desk=8"),
        ("CONFERENCE_SESSION_HOURS", "8,desk"),
        ("CONFERENCE_SESSION_IDLE_MINUTES", "60,emperor=90"),
        ("CONFERENCE_SESSION_IDLE_MINUTES", "60,desk=9"),
        ("CONFERENCE_SESSION_IDLE_MINUTES", "²0"),
        ("CONFERENCE_TRUSTED_PROXIES", "proxy.example"),
        ("CONFERENCE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("CONFERENCE_MAIL_SENDER", "Office"),
        ("CONFERENCE_MAIL_SENDER", "a@clinic.example, b@clinic.example"),
        ("CONFERENCE_MAIL_REPLY_TO", "Desk <desk@clinic.example"),
        ("CONFERENCE_MAIL_ENVELOPE_SENDER", "desk@clinic@example"),
        ("CONFERENCE_BROKER_URL", "http://broker.example"),
        ("CONFERENCE_BROKER_URL", "redis://"),
        ("CONFERENCE_BROKER_URL", "redis://broker.example:0"),
        ("CONFERENCE_BROKER_URL", "redis://broker.example:99999"),
    ],
)
def test_unreadable_value_names_the_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        load_settings(SAFE | {variable: value})


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="CONFERENCE_SECRET is not a setting"):
        load_settings({"CONFERENCE_SECRET": "x"})


def test_secrets_are_masked() -> None:
    settings = load_settings(SAFE | {"CONFERENCE_MAIL_PASSWORD": "geheim"})
    lines = " ".join(shown(settings, spec) for spec in SPECS)
    assert "geheim" not in lines
    assert "a" * 40 not in lines
    assert "geheim" not in repr(settings)
    assert "postgresql+psycopg://office:***@db.example/conference" in lines


def test_a_broker_is_shown_without_its_password_also_where_it_cannot_be_read() -> None:
    (spec,) = (spec for spec in SPECS if spec.name == "BROKER_URL")
    settings = load_settings({"CONFERENCE_BROKER_URL": "amqp://office:geheim@broker.example:5672//"})
    assert shown(settings, spec) == "amqp://office:***@broker.example:5672//"
    assert "geheim" not in repr(settings)
    assert shown(load_settings({}), spec) == "(not set)"
    with pytest.raises(SettingsError) as raised:
        load_settings({"CONFERENCE_BROKER_URL": "redis://:ge/heim@broker.example"})
    assert str(raised.value) == (
        "CONFERENCE_BROKER_URL: its value cannot be used: must have a port between 1 and 65535, and a password's"
        " / written as %2F."
    )


@pytest.mark.parametrize(
    "value",
    [
        "office@conference.example",
        "Office <office@conference.example>",
        '"Office, GMS" <a@b.example>',
        "büro@b.example",
    ],
)
def test_a_sender_is_one_address_with_or_without_a_name(value: str) -> None:
    assert load_settings(SAFE | {"CONFERENCE_MAIL_SENDER": value}).mail_sender == value
