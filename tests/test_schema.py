"""The migrations make exactly the tables of the code, on both databases, up and down, with rows in them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.builders import Builder
from tests.moments import COUNTING
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import OpenedBallot
from wijkbudget.clock import Clock
from wijkbudget.database import Database, Table
from wijkbudget.people.rules import Role
from wijkbudget.results.tables import Draw, Result
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.queries import rounds
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.rounds.tables import Round
from wijkbudget.schema import MIGRATIONS, migrate
from wijkbudget.watch.canary import fly_canary
from wijkbudget.watch.queries import canary_round


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


FORMS = {
    "Mandje": (BallotForm(Form.BASKET, max_choices=3, min_choices=2), ("basket", None)),
    "Kiezen": (BallotForm(Form.APPROVAL, 4, 2), ("approval", 4)),
    "Een": (BallotForm(Form.ONE), ("approval", 1)),
    "Punten": (BallotForm(Form.POINTS, total_points=10, most_points=5), ("approval", 10)),
    "Volgorde": (BallotForm(Form.RANKING, 3), ("approval", 3)),
}


def test_rounds_and_opened_ballots_go_down_to_the_first_version_and_up_again(empty_database: Database) -> None:
    migrate(empty_database)
    with empty_database.session(writing=True) as session:
        build = Builder(session)
        for title, (form, _) in FORMS.items():
            round_ = build.round(title=title, ballot_form=form, counting=Counting(seed=SeedSource.DRAW, compares=True))
        plan = build.menu_plan(round_)
        build.result(round_, {plan: 2})
        for tracker, points in {"A": [], "B": [[plan.id, 3], [plan.id + 1, 2]]}.items():
            session.add(OpenedBallot(round_id=round_.id, tracker=tracker, points=points))
        session.add(Draw(round_id=round_.id, groups=[[plan.id]], needed_at=COUNTING))
        session.commit()
    migrate(empty_database, "0001")
    with empty_database.reading() as session:
        rounds = session.execute(text("SELECT title, form, max_choices FROM round")).tuples()
        assert {title: (form, most) for title, form, most in rounds} == {name: old for name, (_, old) in FORMS.items()}
    migrate(empty_database)
    with empty_database.reading() as session:
        forms = {round.title: (round.form, round.max_choices) for round in session.scalars(select(Round))}
        assert forms == {title: old for title, (_, old) in FORMS.items()}
        assert {round.counting for round in session.scalars(select(Round))} == {Counting()}
        ballots = session.scalars(select(OpenedBallot).order_by(OpenedBallot.tracker))
        assert [ballot.points for ballot in ballots] == [[], [[plan.id, 1], [plan.id + 1, 1]]]
        assert session.scalars(select(Result.compared)).one() == []
        assert session.scalars(select(Draw)).all() == []


def test_lists_of_codes_go_down_to_the_version_before_and_up_again(empty_database: Database) -> None:
    migrate(empty_database)
    with empty_database.session(writing=True) as session:
        build = Builder(session)
        build.codes(build.round(), 2)
        session.commit()
    codes = "SELECT size, finished_at, (SELECT count(*) FROM voting_code) FROM code_batch"
    before = found(empty_database, codes)
    migrate(empty_database, "0004")
    assert found(empty_database, codes) == before
    migrate(empty_database)
    assert found(empty_database, codes) == before
    assert found(empty_database, "SELECT pepper_check FROM code_batch") == [(None,)]


HOLDERS = (
    "INSERT INTO key_holder (round_id, number, person_id, public_key, stepped_in_at, sealed_share, shown_at)"
    " VALUES (:round_id, :number, :person_id, 'key', '2026-10-02', :sealed_share, :shown_at)"
)
SHARES = "SELECT number, shown_at IS NULL, confirmed_at IS NULL, sealed_share IS NULL FROM key_holder ORDER BY number"


def test_a_share_that_was_shown_counts_as_on_paper_and_one_that_is_not_on_paper_is_shown_again_by_an_older_version(
    empty_database: Database,
) -> None:
    migrate(empty_database)
    with empty_database.transaction() as session:
        build = Builder(session)
        round_id, people = build.round().id, [build.person().id for _ in range(3)]
    migrate(empty_database, "0005")
    shares = [(None, "2026-10-02"), (b"sealed", None), (None, None)]
    with empty_database.transaction() as session:
        for number, (person_id, (sealed_share, shown_at)) in enumerate(zip(people, shares, strict=True), start=1):
            values = {"round_id": round_id, "number": number, "person_id": person_id}
            session.execute(text(HOLDERS), values | {"sealed_share": sealed_share, "shown_at": shown_at})
    migrate(empty_database)
    confirmed, waiting = (1, False, False, True), (2, True, True, False)
    assert found(empty_database, SHARES) == [confirmed, waiting, (3, True, True, True)]
    with empty_database.transaction() as session:
        session.execute(text("UPDATE key_holder SET shown_at = '2026-10-03' WHERE number = 2"))
    migrate(empty_database, "0005")
    shown = "SELECT number, shown_at IS NULL, sealed_share IS NULL FROM key_holder ORDER BY number"
    assert found(empty_database, shown) == [(1, False, True), (2, True, False), (3, True, True)]
    migrate(empty_database)
    assert found(empty_database, SHARES) == [confirmed, waiting, (3, True, True, True)]


JOURNAL = "SELECT number, deed, round_id, hash FROM journal_entry"
CAST = "SELECT (SELECT count(*) FROM urn), (SELECT count(*) FROM entitlement), (SELECT count(*) FROM envelope)"


def found(database: Database, statement: str) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(statement))]


@pytest.fixture
def fly(empty_database: Database, tmp_path: Path) -> Callable[[], str | None]:
    """Fly the canary in a database with one ordinary round."""
    migrate(empty_database)
    with empty_database.transaction() as session:
        build = Builder(session)
        build.appointed(Role.OFFICIAL)
        build.round(title="Bankjes")
    return lambda: fly_canary(empty_database, keys=KeyFolder(tmp_path / "keys"), clock=Clock())


def test_an_older_version_finds_of_a_canary_a_round_with_an_address_that_never_begins(
    empty_database: Database, fly: Callable[[], str | None]
) -> None:
    assert fly() is None
    [(canary,)] = found(empty_database, "SELECT id FROM round WHERE is_canary")
    journal = found(empty_database, JOURNAL)
    assert canary in {round_id for _, _, round_id, _ in journal}
    assert found(empty_database, CAST) == [(1, 2, 1)]
    migrate(empty_database, "0003")
    assert found(empty_database, "SELECT slug FROM round WHERE slug = '' OR submitting_from > '9998-01-01'") == [
        (f"retired-canary-{canary}",)
    ]
    assert found(empty_database, CAST) == [(0, 0, 0)]
    assert found(empty_database, JOURNAL) == journal
    migrate(empty_database, "0002")  # which has no journal
    assert found(empty_database, "SELECT slug FROM round") == [("bankjes",)]


def test_a_canary_that_went_down_comes_up_as_one_that_was_put_aside(
    empty_database: Database, fly: Callable[[], str | None]
) -> None:
    assert fly() is None
    migrate(empty_database, "0003")
    migrate(empty_database)
    with empty_database.reading() as session:
        assert [round_.slug for round_ in rounds(session)] == ["bankjes"]
        assert canary_round(session) is None
    assert fly() is None


ENTRY = (
    "INSERT INTO journal_entry (number, at, deed, details, previous, hash)"
    " VALUES (1, '2026-09-01 10:00:00.000000', 'make round', '{}', 'a', 'b')"
)


@pytest.mark.parametrize(
    "change", ["UPDATE journal_entry SET deed = 'other'", "DELETE FROM journal_entry", "TRUNCATE journal_entry"]
)
def test_a_migrated_database_refuses_to_change_its_journal(empty_database: Database, change: str) -> None:
    if change.startswith("TRUNCATE") and empty_database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    migrate(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text(ENTRY))
    with empty_database.engine.connect() as connection, pytest.raises(IntegrityError, match="only added to"):
        connection.execute(text(change))


GUARDS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT pg_get_triggerdef(trigger.oid), pg_get_functiondef(tgfoid)"
    " FROM pg_trigger AS trigger WHERE NOT tgisinternal",
}


def test_the_migrations_guard_the_journal_as_the_tables_do(empty_database: Database) -> None:
    def guards() -> set[tuple[str, str]]:
        with empty_database.engine.connect() as connection:
            rows = connection.execute(text(GUARDS[empty_database.engine.dialect.name])).tuples()
            return {(name, " ".join(definition.split())) for name, definition in rows}

    migrate(empty_database)
    migrated = guards()
    migrate(empty_database, "base")
    assert guards() == set()
    Table.metadata.create_all(empty_database.engine)
    assert guards() == migrated
    assert migrated


def test_a_migration_that_would_leave_a_row_without_what_it_refers_to_is_undone(empty_database: Database) -> None:
    if empty_database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL refuses such a row at once")
    migrate(empty_database, "0001")
    with closing(sqlite3.connect(str(empty_database.engine.url.database))) as careless:
        careless.execute("INSERT INTO finished_task VALUES (7, 'count', '2026-01-01 00:00:00.000000')")
        careless.commit()
    with pytest.raises(RuntimeError, match="refers"):
        migrate(empty_database)
    assert "draw" not in inspect(empty_database.engine).get_table_names()


def test_references_are_guarded_again_after_a_migration(empty_database: Database) -> None:
    migrate(empty_database)
    with empty_database.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO area (round_id, neighbourhood_id) VALUES (7, 7)"))


def test_the_migrations_form_one_straight_line() -> None:
    numbers = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
