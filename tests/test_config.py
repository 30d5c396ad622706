"""tests/test_config.py tests config.py."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from config import DEMONSTRATION_SECRET, Config, SettingsError


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": "postgresql+psycopg://wijkbudget@127.0.0.1/wijkbudget",
        "SECRET_KEY": "s" * 32,
        "CODE_PEPPER": "p" * 32,
        "KEY_FOLDER": str(tmp_path),
        "PUBLIC_URL": "https://wijkbudget.example.org/",
        "MAIL_FROM": "wijkbudget@example.org",
        "SMTP_HOST": "mail.example.org",
    }


def test_the_settings_of_production_are_read_from_the_environment(environment: dict[str, str], tmp_path: Path) -> None:
    config = Config.from_environment(environment)
    assert config.public_url == "https://wijkbudget.example.org"
    assert config.key_folder == tmp_path
    assert (config.smtp_port, config.smtp_security, config.proxies) == (587, "starttls", 0)
    assert (config.mail_folder, config.demonstration, config.development) == (None, False, False)


def test_further_settings_are_read(environment: dict[str, str]) -> None:
    further = {"SMTP_PORT": "465", "SMTP_SECURITY": "tls", "SMTP_USER": "u", "SMTP_PASSWORD": "p", "PROXIES": "2"}
    config = Config.from_environment(environment | further | {"DEMONSTRATION": "yes"})
    assert (config.smtp_port, config.smtp_security, config.proxies) == (465, "tls", 2)
    assert (config.smtp_user, config.smtp_password, config.demonstration) == ("u", "p", True)


def test_every_missing_setting_is_named_at_once(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as error:
        Config.from_environment({})
    assert [name for name in environment if f"{name} is missing" not in str(error.value)] == []


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SECRET_KEY", "s" * 31, "SECRET_KEY must be a secret of your own of at least 32 symbols"),
        ("CODE_PEPPER", DEMONSTRATION_SECRET, "CODE_PEPPER must be a secret of your own of at least 32 symbols"),
        ("KEY_FOLDER", "/no/such/folder", "KEY_FOLDER names no folder"),
        ("PUBLIC_URL", "http://wijkbudget.example.org", "PUBLIC_URL must be an https address"),
        ("PUBLIC_URL", "https://", "PUBLIC_URL must be an https address"),
        ("SMTP_PORT", "many", "SMTP_PORT must be a whole number"),
        ("PROXIES", "-1", "PROXIES must be a whole number"),
        ("SMTP_SECURITY", "ssl", "SMTP_SECURITY must be one of starttls, tls, none"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], name: str, value: str, problem: str) -> None:
    with pytest.raises(SettingsError) as error:
        Config.from_environment(environment | {name: value})
    assert str(error.value) == problem


def test_a_development_machine_needs_no_settings(tmp_path: Path) -> None:
    config = Config.for_development(tmp_path, port=8001)
    assert config.public_url == "http://127.0.0.1:8001"
    assert config.mail_folder == tmp_path / "outbox"
    assert config.development
    assert config.demonstration


def test_settings_do_not_change(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        Config.for_development(tmp_path).development = False  # type: ignore[misc]


def test_no_secret_shows_when_settings_are_printed(environment: dict[str, str]) -> None:
    secrets = {"SECRET_KEY": "k" * 32, "CODE_PEPPER": "q" * 32, "SMTP_PASSWORD": "of the mail server"}
    secrets["DATABASE_URL"] = "postgresql+psycopg://wijkbudget:of-the-database@127.0.0.1/wijkbudget"
    printed = repr(Config.from_environment(environment | secrets))
    assert [name for name, value in secrets.items() if value in printed] == []
    assert "mail.example.org" in printed
