"""How often receipts for one right to vote are mailed, and what of that is remembered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from tests.moments import VOTING
from wijkbudget.ballots.mailings import MOST_MAILS, MailedOften, Mailings

ONE, OTHER = 1, 2
MIDNIGHT = datetime(2026, 11, 1, 23, tzinfo=UTC)
"""In The Hague, where it is winter."""


def mail(mailings: Mailings, entitlement_id: int = ONE, now: datetime = VOTING) -> None:
    with mailings.one_mail(entitlement_id, now):
        pass


def test_a_right_to_vote_has_three_mails_and_not_a_fourth() -> None:
    mailings = Mailings()
    for left in (3, 2, 1):
        assert mailings.left(ONE, VOTING) == left
        mail(mailings)
    with pytest.raises(MailedOften) as refused:
        mail(mailings)
    assert refused.value.details == {"most": 3}
    assert (mailings.left(ONE, VOTING), mailings.left(OTHER, VOTING)) == (0, 3)
    mail(mailings, OTHER)


def test_a_mail_that_fails_does_not_count() -> None:
    mailings = Mailings()
    for _ in range(MOST_MAILS + 1):
        with pytest.raises(ConnectionError), mailings.one_mail(ONE, VOTING):
            raise ConnectionError()
    assert mailings.left(ONE, VOTING) == 3


def test_the_next_day_in_the_hague_begins_with_three_and_nothing_of_the_day_before_is_remembered() -> None:
    mailings, second = Mailings(), timedelta(seconds=1)
    for entitlement_id in range(100):
        mail(mailings, entitlement_id, MIDNIGHT - second)
    mail(mailings, ONE, MIDNIGHT)
    assert mailings.left(ONE, MIDNIGHT) == 2
    assert dict(mailings._mailed) == {ONE: 1}


def test_a_mail_that_fails_after_midnight_gives_the_new_day_nothing() -> None:
    mailings = Mailings()
    failing = mailings.one_mail(ONE, MIDNIGHT - timedelta(seconds=1))
    failing.__enter__()
    mail(mailings, ONE, MIDNIGHT)
    failing.__exit__(ConnectionError, ConnectionError(), None)
    assert mailings.left(ONE, MIDNIGHT) == 2


def test_a_clock_that_was_far_ahead_and_is_set_right_leaves_nobody_without_mails() -> None:
    mailings = Mailings()
    mail(mailings, ONE, VOTING + timedelta(days=1000))
    assert mailings.left(ONE, VOTING) == 3


def test_threads_at_once_send_three_together() -> None:
    mailings, start = Mailings(), Barrier(20, timeout=10)

    def send() -> bool:
        start.wait()
        try:
            with mailings.one_mail(ONE, VOTING):
                hold.wait()  # nobody is done before everybody was let in or refused
        except MailedOften:
            hold.wait()
            return False
        return True

    hold = Barrier(20, timeout=10)
    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(lambda _: send(), range(20))) == MOST_MAILS
