from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect

from config import Config
from wijkbudget.commands import service
from wijkbudget.database import Database, Table


class Server:
    """A server that somebody stops at once."""

    def serve_forever(self) -> None:
        raise KeyboardInterrupt


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands in an empty folder, without settings in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return CliRunner()


def tables() -> set[str]:
    database = Database(f"sqlite:///{Path('instance/wijkbudget.db').absolute()}")
    names = set(inspect(database.engine).get_table_names())
    database.engine.dispose()
    return names


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
def test_migrate_brings_an_empty_database_up_to_date_and_may_be_repeated(runner: CliRunner) -> None:
    for _ in range(2):
        result = runner.invoke(service.migrate)
        assert result.exit_code == 0, result.output
        assert result.output == "The database is up to date.\n"
    assert tables() >= Table.metadata.tables.keys()


def test_the_scheduler_works_with_the_settings_and_their_database(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Config, Database]] = []
    monkeypatch.setattr(service, "run_scheduler", lambda config, database: started.append((config, database)))
    assert runner.invoke(service.scheduler).exit_code == 0
    [(config, database)] = started
    assert str(database.engine.url) == config.database_url


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
def test_run_builds_the_city_serves_it_and_stops_the_scheduler_at_the_end(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []

    def make_server(host: str, port: int, *_: object, **__: object) -> Server:
        done.append((host, port))
        return Server()

    monkeypatch.setattr(service, "fill_city", lambda database, config: ["AAAA-BBBB"])
    monkeypatch.setattr(service, "start_in_background", lambda config, database: lambda: done.append("stopped"))
    monkeypatch.setattr(service, "make_server", make_server)
    result = runner.invoke(service.run, ["--port", "8123"])
    assert result.exit_code == 0, result.output
    assert done == [("127.0.0.1", 8123), "stopped"]
    assert "http://127.0.0.1:8123/" in result.output
    assert "AAAA-BBBB" in result.output
    assert result.output.endswith("Stopped.\n")
    assert tables() >= Table.metadata.tables.keys()
