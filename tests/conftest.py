"""What all tests share: both databases, the application, and a clock that tests move."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from config import Config
from tests.builders import PEPPER, Builder
from tests.moments import SUBMITTING
from tests.unguarded import unguarded
from wijkbudget import create_app
from wijkbudget.clock import Clock
from wijkbudget.database import Database, Table
from wijkbudget.schema import create_tables

pytest_plugins = ["tests.plugins.postgresql", "tests.effort"]

DATABASES = os.environ.get("WIJKBUDGET_TEST_DATABASES", "sqlite,postgresql").split(",")


class MovableClock(Clock):
    """A clock that can be set; it runs on from there. The clock of this host is `off` from that of the database."""

    off = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.off

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment` now, by the database."""
        self.ahead += moment - super().now()


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database with all tables, one for each kind and each worker."""
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgresql_url"))
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
    database = Database(url)
    create_tables(database)
    database.engine.dispose()
    return url


@pytest.fixture(scope="session")
def _kept_database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def database(_kept_database: Database) -> Iterator[Database]:
    """A database without rows."""
    yield _kept_database
    with _kept_database.transaction() as session, unguarded(session):
        for table in reversed(Table.metadata.sorted_tables):
            session.execute(table.delete())


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what it did is undone unless the test commits."""
    with database.session(writing=True) as session:
        yield session
        session.rollback()


@pytest.fixture
def build(session: Session) -> Builder:
    """Makes people, rounds, plans and votes in the session."""
    return Builder(session)


@pytest.fixture
def clock() -> MovableClock:
    """The application's clock, set to the submission phase of the rounds that `build` makes."""
    clock = MovableClock()
    clock.move_to(SUBMITTING)
    return clock


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """Settings for a test."""
    return Config(
        database_url=database_url,
        secret_key="a secret for tests",
        code_pepper=PEPPER,
        key_folder=tmp_path / "keys",
        public_url="http://localhost",
        mail_from="wijkbudget@example.org",
        mail_folder=tmp_path / "outbox",
        development=True,
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The templates, compiled once for all applications of a worker; compiling them takes longer than most tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    config: Config, database: Database, clock: MovableClock, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """The application on the test's database; forms need no CSRF token here, tests/web/test_refusals.py asks for it."""
    app = create_app(config, clock=clock)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    app.extensions["wijkbudget"].database.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, not signed in."""
    return app.test_client()
