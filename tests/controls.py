"""Controls: the check that proves a promise, run on something that breaks the promise, must fail."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from wijkbudget.database import Table

FAILED: tuple[type[BaseException], ...] = (AssertionError, pytest.fail.Exception)


def found(words: str) -> pytest.RaisesExc[BaseException]:
    """The check in this block must fail, and say these words (a regular expression)."""
    return pytest.raises(FAILED, match=f"(?s){words}")


def forget_keys(session: Session, table: type[Table]) -> None:
    """Put a copy of the table, without any key or check, in its place until this transaction is undone."""
    name = table.__tablename__
    session.flush()
    session.execute(text(f"CREATE TEMPORARY TABLE {name} AS SELECT * FROM {name}"))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DISCARD PLANS"))  # what was prepared earlier goes to the other table
