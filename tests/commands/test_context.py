"""The commands work on production's database or refuse to; never by accident on another."""

from pathlib import Path

import click
import pytest

from wijkbudget import database
from wijkbudget.commands.context import PRODUCTION, open_database, settings


def test_without_settings_the_commands_work_on_a_development_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in PRODUCTION:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    assert settings().development
    assert settings().database_url == open_database().engine.url.render_as_string()
    assert (tmp_path / "instance").is_dir()


@pytest.mark.parametrize("name", ["DATABASE_URL", "KEY_FOLDER"])
def test_settings_that_are_missing_are_named_as_soon_as_one_is_there(
    monkeypatch: pytest.MonkeyPatch, name: str, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(click.ClickException, match="SECRET_KEY is missing"):
        settings()


def test_a_database_that_may_lose_votes_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(database, "losses", lambda _connection: ["it forgets"])
    with pytest.raises(click.ClickException, match="it forgets"):
        open_database()
