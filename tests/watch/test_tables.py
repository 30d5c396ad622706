"""A check fails since a moment, or does not fail."""

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.moments import VOTING
from wijkbudget.watch.tables import Check


@pytest.mark.parametrize(("problem", "since"), [("wrong", None), (None, VOTING)])
def test_a_problem_without_its_moment_is_refused_and_so_is_a_moment_without_problem(
    session: Session, problem: str | None, since: datetime | None
) -> None:
    session.add(Check(name="canary", checked_at=VOTING, problem=problem, failing_since=since))
    with pytest.raises(IntegrityError):
        session.flush()
