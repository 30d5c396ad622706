"""tests/commands/test_context.py tests wijkbudget/commands/context.py."""

from pathlib import Path

import click
import pytest

from wijkbudget.commands.context import open_database, settings


def test_without_settings_the_commands_work_on_a_development_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    assert settings().development
    assert settings().database_url == open_database().engine.url.render_as_string()
    assert (tmp_path / "instance").is_dir()


def test_settings_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(click.ClickException, match="SECRET_KEY is missing"):
        settings()
