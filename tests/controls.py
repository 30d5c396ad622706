"""Controls: the check that proves a promise, run on something that breaks the promise, must fail."""

import pytest
from sqlalchemy import Column, MetaData, insert, select, text
from sqlalchemy import Table as Description
from sqlalchemy.orm import Session

from wijkbudget.database import Table

FAILED: tuple[type[BaseException], ...] = (AssertionError, pytest.fail.Exception)
NOT_REFUSED = "DID NOT RAISE"


def found(words: str) -> pytest.RaisesExc[BaseException]:
    """The check in this block must fail, and say these words (a regular expression)."""
    return pytest.raises(FAILED, match=f"(?s){words}")


def forget_keys(session: Session, table: type[Table]) -> None:
    """Put a copy of the table without its keys and checks in its place, until this transaction is undone.

    Only its `id`, if it has one, still counts on.
    """
    session.flush()
    name = table.__tablename__
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"CREATE TEMPORARY TABLE {name} (LIKE {name} INCLUDING DEFAULTS)"))
        session.execute(text(f"INSERT INTO {name} SELECT * FROM public.{name}"))
        session.execute(text("DISCARD PLANS"))  # what was prepared earlier goes to the other table
        return
    columns = [Column(each.name, each.type, primary_key=each.name == "id") for each in table.__table__.columns]
    copy = Description(name, MetaData(), *columns, prefixes=["TEMPORARY"])
    rows = session.execute(select(table.__table__)).mappings().all()
    copy.create(session.connection(), checkfirst=False)
    if rows:
        session.execute(insert(copy), [dict(row) for row in rows])
