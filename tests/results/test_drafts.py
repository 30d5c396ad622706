"""A draft only reads, and is taken over by the count that follows from the same, and by no other."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders import Builder
from tests.ceremony import held
from tests.moments import VOTING
from tests.results.conftest import Election, Undecided
from wijkbudget.ballots import opening
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import typed_shares
from wijkbudget.ballots.tables import OpenedBallot, Opening
from wijkbudget.results import drafts
from wijkbudget.results.drafts import Count, Draft, OpenTie, draft_count
from wijkbudget.results.tables import Result


def drafted(election: Election) -> Draft | None:
    election.session.flush()
    with election.session.no_autoflush:
        return draft_count(election.session, round=election.round, keys=election.keys)


def forbid_slow_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing is opened and nothing is counted."""

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("this was drafted already")

    monkeypatch.setattr(opening, "opened_contents", refuse)
    monkeypatch.setattr(drafts, "counted", refuse)


def rows(election: Election) -> list[int]:
    """How much of a count is stored."""
    tables = (Opening, OpenedBallot, Result)
    return [election.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_draft_stores_nothing(election: Election) -> None:
    election.cast(0, 0)
    draft = drafted(election)
    assert draft is not None
    assert isinstance(draft.count, Count)
    assert not election.session.dirty
    assert not election.session.new
    assert rows(election) == [0, 0, 0]


def test_the_count_takes_a_draft_over(election: Election, monkeypatch: pytest.MonkeyPatch) -> None:
    for voter, plans in enumerate([(0, 1), (0,), ()]):
        election.cast(voter, *plans)
    draft = drafted(election)
    forbid_slow_work(monkeypatch)
    result = election.try_to_count(draft)
    assert result is not None
    assert (result.voted, result.blank) == (3, 1)
    assert [finding.points for finding in result.decided.findings.values()] == [2, 1, 0]
    assert rows(election) == [1, 3, 1]


def test_without_a_draft_the_count_works_by_itself(election: Election, monkeypatch: pytest.MonkeyPatch) -> None:
    election.cast(0, 0)
    forbid_slow_work(monkeypatch)
    with pytest.raises(RuntimeError):
        election.try_to_count()


def slip_in(election: Election) -> None:
    election.slip_in(1, election.sealed(election.plans[1].id))


def withdraw(election: Election) -> None:
    election.plans[0].withdrawn_at = VOTING
    election.session.flush()


@pytest.mark.parametrize("change", [slip_in, withdraw])
def test_a_draft_of_something_else_is_thrown_away(election: Election, change: Callable[[Election], None]) -> None:
    election.cast(0, 0)
    stale = drafted(election)
    assert stale is not None
    assert isinstance(stale.count, Count)
    change(election)
    fresh = drafted(election)
    assert fresh is not None
    assert isinstance(fresh.count, Count)
    assert fresh.count.basis != stale.count.basis
    result = election.try_to_count(stale)
    assert result is not None
    assert result.decided == fresh.count.outcome != stale.count.outcome


def test_after_the_draw_the_ballots_that_were_opened_before_it_are_drafted(
    undecided: Undecided, monkeypatch: pytest.MonkeyPatch
) -> None:
    election = undecided.election
    assert election.try_to_count() is None
    assert drafted(election) is None, "nobody has drawn yet"
    undecided.enter()
    undecided.confirm()
    draft = drafted(election)
    assert draft is not None
    assert draft.reading is None
    assert isinstance(draft.count, Count)
    forbid_slow_work(monkeypatch)
    result = election.try_to_count(draft)
    assert result is not None
    assert result.decided == draft.count.outcome


def test_a_draft_before_the_draw_has_no_outcome(drawn: Election, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn.cast(0, 0)
    drawn.cast(1, 1)
    draft = drafted(drawn)
    assert draft is not None
    assert isinstance(draft.count, OpenTie)
    forbid_slow_work(monkeypatch)
    assert drawn.try_to_count(draft) is None
    assert rows(drawn) == [1, 2, 0]


def test_there_is_no_draft_of_a_counted_round_or_one_without_an_urn(election: Election, build: Builder) -> None:
    election.count()
    assert drafted(election) is None
    assert draft_count(build.session, round=build.round(title="Elders"), keys=election.keys) is None


def test_there_is_no_draft_of_an_urn_without_envelopes(build: Builder, tmp_path: Path) -> None:
    round_ = build.round()
    build.opened_urn(round_, tmp_path)
    assert draft_count(build.session, round=round_, keys=KeyFolder(tmp_path)) is None
    build.blank_vote(round_)
    assert draft_count(build.session, round=round_, keys=KeyFolder(tmp_path)) is not None


def test_a_draft_waits_for_two_shares_and_leaves_them_where_they_are(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    build.blank_vote(made.round)
    keys = KeyFolder(tmp_path)
    assert draft_count(made.session, round=made.round, keys=keys) is None
    made.type(0, by=0)
    made.type(1, by=1)
    assert draft_count(made.session, round=made.round, keys=keys) is not None
    assert len(typed_shares(made.session, made.round.id)) == 2
