"""tests/mail/test_outbox.py tests wijkbudget/mail/outbox.py."""

from sqlalchemy import select

from tests.moments import SUBMITTING
from wijkbudget.database import Database
from wijkbudget.mail.outbox import post_letter
from wijkbudget.mail.tables import Letter


def test_no_letter_tells_of_what_was_rolled_back(database: Database) -> None:
    for is_kept in (False, True):
        with database.session(writing=True) as session:
            post_letter(session, kind="plan-won", recipient="a@example.org", now=SUBMITTING, name=str(is_kept))
            session.commit() if is_kept else session.rollback()
    with database.reading() as session:
        assert [letter.details for letter in session.scalars(select(Letter))] == [{"name": "True"}]
