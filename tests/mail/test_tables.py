"""A letter keeps its details as they were posted."""

from sqlalchemy.orm import Session

from tests.moments import SUBMITTING
from wijkbudget.mail.tables import Letter


def test_a_letter_comes_back_as_it_was_posted(session: Session) -> None:
    letter = Letter(
        kind="new-password", recipient="a@example.org", details={"name": "Ñusta ’t Hof"}, posted_at=SUBMITTING
    )
    session.add(letter)
    session.flush()
    session.expire(letter)
    assert (letter.details, letter.posted_at) == ({"name": "Ñusta ’t Hof"}, SUBMITTING)
    assert (letter.sent_at, letter.attempts, letter.last_failure) == (None, 0, None)
