"""The migrations make exactly the tables of the code, on both databases, up and down, with rows in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from tests.builders import Builder
from wijkbudget.database import Database, Table
from wijkbudget.schema import MIGRATIONS, migrate


@pytest.fixture
def empty_database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    """A database without tables; on PostgreSQL the worker's own, whose tables come back afterwards."""
    if database_url.startswith("sqlite"):
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
    else:
        database = Database(database_url)
        Table.metadata.drop_all(database.engine)
        yield database
        with database.engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        Table.metadata.drop_all(database.engine)
        Table.metadata.create_all(database.engine)
    database.engine.dispose()


def test_the_migrated_schema_equals_the_tables(empty_database: Database) -> None:
    migrate(empty_database)
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_every_check_of_the_tables_is_in_the_migrated_schema(empty_database: Database) -> None:
    migrate(empty_database)
    migrated = inspect(empty_database.engine)
    for table in Table.metadata.sorted_tables:
        declared = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {check["name"] for check in migrated.get_check_constraints(table.name)} == declared


def test_the_migrations_keep_rows_going_up_and_leave_nothing_going_down(empty_database: Database) -> None:
    migrate(empty_database)
    with empty_database.session(writing=True) as session:
        plan = Builder(session).menu_plan(Builder(session).round())
        session.commit()
    migrate(empty_database)
    with empty_database.reading() as session:
        assert session.execute(text("SELECT title FROM plan")).scalar_one() == plan.title
    migrate(empty_database, "base")
    assert set(inspect(empty_database.engine).get_table_names()) <= {"alembic_version"}


def test_the_migrations_form_one_straight_line() -> None:
    numbers = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
