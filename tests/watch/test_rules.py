"""Which books agree, and when all is well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.moments import SECOND, VOTING
from wijkbudget.jobs.scheduler import SECONDS_BETWEEN
from wijkbudget.watch.rules import (
    STOPPED,
    Books,
    Checked,
    Comparison,
    Disagreement,
    OpenedBooks,
    Subject,
    Watched,
    disagreement,
    health_of,
)
from wijkbudget.watch.tables import Check

SUBJECTS = [
    Subject(Watched.BOOKS, 12), Subject(Watched.KEY, 12), Subject(Watched.CODES, 12),
    Subject(Watched.TASKS, 12), Subject(Watched.GUESSING), Subject(Watched.CANARY),
]  # fmt: skip
OPENED = OpenedBooks(envelopes=5, ballots=5, rejected={}, voted=5)
CLOSED = Books(used=5, envelopes=5, paired=5)
BOOKS = replace(CLOSED, opened=OPENED)
MINUTE = timedelta(minutes=1)
WELL = Checked(Subject(Watched.GUESSING), VOTING)


def test_every_subject_has_a_name_that_leads_back_to_it_and_fits_its_column() -> None:
    assert [subject.name for subject in SUBJECTS] == [
        "round 12", "key of round 12", "codes of round 12", "tasks of round 12", "guessing", "canary"
    ]  # fmt: skip
    assert [Subject.parse(subject.name) for subject in SUBJECTS] == SUBJECTS
    assert {subject.watched for subject in SUBJECTS} == set(Watched)
    longest = Check.__table__.c.name.type.length  # type: ignore[attr-defined]
    assert len(Subject(Watched.CODES, 2**31 - 1).name) <= longest


@pytest.mark.parametrize("name", ["", "12", "weather", "weather 12", "round", "round x", "canary 12"])
def test_no_other_name_is_a_subject(name: str) -> None:
    assert Subject.parse(name) is None


@pytest.mark.parametrize(("watched", "round_id"), [(Watched.KEY, None), (Watched.BOOKS, None), (Watched.CANARY, 12)])
def test_a_subject_has_a_round_if_it_belongs_to_one_and_else_none(watched: Watched, round_id: int | None) -> None:
    with pytest.raises(ValueError, match="with round"):
        Subject(watched, round_id)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_a_check_is_made_again_in_time_to_tell_of_a_failure_within_ten_minutes(subject: Subject) -> None:
    assert not subject.is_due(VOTING, VOTING)
    assert not subject.is_due(VOTING, VOTING + subject.every - SECOND)
    assert subject.is_due(VOTING, VOTING + subject.every)
    assert subject.every + timedelta(seconds=2 * SECONDS_BETWEEN) < STOPPED == timedelta(minutes=10)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_a_check_by_a_clock_that_was_far_ahead_is_made_again_at_once(subject: Subject) -> None:
    assert subject.is_due(VOTING + subject.every, VOTING)


def test_a_check_that_another_scheduler_made_while_this_one_waited_is_not_made_again() -> None:
    assert not Subject(Watched.CANARY).is_due(VOTING + SECOND, VOTING)


def test_books_agree_while_every_used_right_has_its_envelope_and_every_envelope_its_ballot_or_reason() -> None:
    assert disagreement(Books(0, 0, 0)) is None
    assert disagreement(CLOSED) is None
    assert disagreement(BOOKS) is None
    assert disagreement(replace(BOOKS, opened=replace(OPENED, voted=None))) is None


@pytest.mark.parametrize(
    ("books", "comparison", "left", "right"),
    [
        (replace(CLOSED, used=6), Comparison.RIGHTS_AND_ENVELOPES, 6, 5),
        (replace(CLOSED, envelopes=6), Comparison.RIGHTS_AND_ENVELOPES, 5, 6),
        (replace(CLOSED, paired=4), Comparison.RIGHTS_AND_THEIR_OWN, 5, 4),
        (Books(6, 6, 6, OPENED), Comparison.ENVELOPES_AND_OPENING, 6, 5),
        (replace(BOOKS, opened=replace(OPENED, ballots=4)), Comparison.OPENING_AND_BALLOTS, 5, 4),
        (replace(BOOKS, opened=replace(OPENED, rejected={"copy": 1})), Comparison.OPENING_AND_BALLOTS, 5, 6),
        (replace(BOOKS, opened=replace(OPENED, voted=4)), Comparison.OPENING_AND_RESULT, 5, 4),
        (replace(BOOKS, used=6), Comparison.RIGHTS_AND_ENVELOPES, 6, 5),
    ],
)
def test_books_that_differ_by_one_do_not_agree(books: Books, comparison: Comparison, left: int, right: int) -> None:
    found = disagreement(books)
    assert found is not None
    assert (found.comparison, found.left, found.right) == (comparison, left, right)
    assert str(found) == f"{comparison.value}: {left} / {right}"


@pytest.mark.parametrize("rejected", [{"unreadable": 1}, {"copy": 1, "against-the-rules": 1}, {"unreadable": 5}])
@pytest.mark.parametrize("voted", [None, 5])
def test_a_rejected_envelope_is_an_alarm_until_an_official_publishes_the_result(
    rejected: dict[str, int], voted: int | None
) -> None:
    count = sum(rejected.values())
    opened = OpenedBooks(5, 5 - count, rejected, voted)
    assert disagreement(replace(BOOKS, opened=opened)) == Disagreement(Comparison.REJECTED, count, 0)
    assert disagreement(replace(BOOKS, opened=replace(opened, is_published=True))) is None


def test_all_is_well_while_everything_was_checked_lately_and_nothing_fails() -> None:
    for age, is_well in [(0 * MINUTE, True), (STOPPED, True), (STOPPED + SECOND, False)]:
        known = health_of([WELL, replace(WELL, checked_at=VOTING + age)], is_voting=True, now=VOTING + age)
        assert (known.is_well, known.is_watched, known.checked_at) == (is_well, is_well, VOTING)


def test_what_fails_is_not_well_however_lately_it_was_checked() -> None:
    failing = replace(WELL, failing_since=VOTING)
    known = health_of([WELL, failing], is_voting=False, now=VOTING)
    assert (known.is_well, known.is_watched, known.failing) == (False, True, (failing,))


@pytest.mark.parametrize("is_voting", [True, False])
def test_where_nothing_was_ever_checked_that_matters_once_people_vote(is_voting: bool) -> None:
    known = health_of([], is_voting=is_voting, now=VOTING)
    assert (known.is_well, known.checked_at) == (not is_voting, None)
