"""Counting a round, from the envelopes to the stored outcome, and publishing it once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.controls import NOT_REFUSED, found
from tests.moments import COUNTING, RESULT, SCHEDULE, SECOND, VOTING
from tests.results.conftest import PROOF, Election, Undecided
from wijkbudget.ballots.freezing import _rules_of
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import opened_ballots, opening_of
from wijkbudget.ballots.rules import FrozenRules, UrnNotReady
from wijkbudget.ballots.tables import Envelope
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people.queries import people_with_role
from wijkbudget.people.rules import Role, TextMissing, TextTooLong
from wijkbudget.refusal import Refusal
from wijkbudget.results import actions
from wijkbudget.results.actions import SETTLING, confirm_draw, count_round, publish_result
from wijkbudget.results.queries import draw_of, waits_for_draw
from wijkbudget.results.rules import (
    LONGEST_PROOF,
    LONGEST_SEED,
    AlreadyPublished,
    DrawEntered,
    DrawNotEntered,
    NoDrawNeeded,
    NotCounted,
    OtherSeed,
    SameOfficial,
    counted,
    lot_seed,
)
from wijkbudget.results.tables import Draw, Result
from wijkbudget.rounds.rules import Counting, Phase, SeedSource, WrongPhase
from wijkbudget.rounds.tables import Round
from wijkbudget.tally.counting import RULES
from wijkbudget.tally.document import to_document
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.outcome import Verdict
from wijkbudget.tally.ties import Lot


def test_the_count_comes_to_the_votes_and_the_plans_that_fit(election: Election) -> None:
    for voter, plans in enumerate([(0, 1), (0,), (0, 1), (2,), ()]):
        election.cast(voter, *plans)
    result = election.count()
    outcome = result.decided
    ids = [str(plan.id) for plan in election.plans]
    assert [outcome.findings[plan_id].points for plan_id in ids] == [3, 2, 1]
    assert outcome.funded == (ids[0], ids[1])
    assert (outcome.left, outcome.ballots) == (0, 5)
    assert (result.voted, result.eligible, result.blank) == (5, 10, 1)
    assert result.published_at is None


def test_the_latest_ballot_of_a_voter_counts(election: Election) -> None:
    election.cast(0, 0)
    election.cast(0, 2)
    assert election.outcome().funded == (str(election.plans[2].id),)


def test_an_urn_without_ballots_funds_nothing(election: Election) -> None:
    result = election.count()
    assert result.decided.funded == ()
    assert (result.voted, result.blank) == (0, 0)


def test_a_plan_withdrawn_during_the_vote_is_out_and_its_ballots_stay_valid(election: Election) -> None:
    election.cast(0, 0, 1)
    election.cast(1, 0)
    election.plans[0].withdrawn_at = VOTING
    result = election.count()
    outcome = result.decided
    withdrawn, other = (str(plan.id) for plan in election.plans[:2])
    assert outcome.findings[withdrawn].verdict is Verdict.WITHDRAWN
    assert outcome.funded == (other,)
    assert (result.voted, len(list(opened_ballots(election.session, election.round.id)))) == (2, 2)


def test_spoilt_envelopes_are_counted_by_reason_and_change_no_vote(election: Election) -> None:
    election.cast(0, 0)
    own = election.session.scalars(select(Envelope.sealed)).one()
    ids = [plan.id for plan in election.plans]
    for voter, sealed in enumerate([own, b"garbage", election.sealed(ids[0], ids[2]), election.sealed(10**6)], start=1):
        election.slip_in(voter, sealed)
    result = election.count()
    opening = opening_of(election.session, election.round.id)
    assert opening is not None
    assert opening.rejected == {"copy": 1, "unreadable": 1, "against-the-rules": 2}
    assert opening.envelopes == result.voted == 5
    assert len(list(opened_ballots(election.session, election.round.id))) == 5 - sum(opening.rejected.values())
    assert [finding.points for finding in result.decided.findings.values() if finding.points] == [1]


def test_the_seed_of_the_lot_follows_from_the_rules_and_the_urn(election: Election) -> None:
    election.cast(0, 0)
    result = election.count()
    opening = opening_of(election.session, election.round.id)
    assert opening is not None
    seed = lot_seed(rules_hash=election.rules.hash, merkle_root=opening.merkle_root)
    assert result.decided.lot == Lot(seed, str(election.round.id))


def test_the_stored_ballots_and_rules_come_to_the_stored_outcome(election: Election) -> None:
    for voter in range(4):
        election.cast(voter, 0, 1)
    result = election.count()
    ballots = list(opened_ballots(election.session, election.round.id))
    assert to_document(counted(election.rules, ballots, lot=result.decided.lot)) == result.outcome


def test_the_count_follows_the_frozen_rules_and_not_what_changed_since(election: Election) -> None:
    election.cast(0, 0)
    election.round.budget = 1
    outcome = election.outcome()
    assert (outcome.budget, outcome.funded) == (1_500_000, (str(election.plans[0].id),))


@pytest.mark.parametrize(("moment", "is_counted"), [
    (SCHEDULE.counting, False),
    (SCHEDULE.counting + SETTLING - SECOND, False),
    (SCHEDULE.counting + SETTLING + timedelta(milliseconds=2), True),
    (RESULT + timedelta(days=100), True),
])  # fmt: skip
def test_the_count_waits_until_voting_has_closed_and_settled(
    election: Election, moment: datetime, is_counted: bool
) -> None:
    election.clock.move_to(moment)
    if is_counted:
        count_round(election.session, round=election.round, keys=election.keys, clock=election.clock)
    else:
        with pytest.raises(WrongPhase):
            count_round(election.session, round=election.round, keys=election.keys, clock=election.clock)
    assert (election.session.get(Result, election.round.id) is not None) == is_counted


def test_a_round_that_was_counted_keeps_its_result(election: Election) -> None:
    election.cast(0, 0)
    first = election.count()
    outcome = dict(first.outcome)
    election.slip_in(1, b"later")
    assert election.count().outcome == outcome
    assert len(election.session.scalars(select(Result)).all()) == 1


def test_a_round_without_an_urn_is_not_counted(
    build: Builder, session: Session, tmp_path: Path, clock: MovableClock
) -> None:
    clock.move_to(COUNTING)
    with pytest.raises(UrnNotReady):
        count_round(session, round=build.round(), keys=KeyFolder(tmp_path), clock=clock)


def test_rounds_are_counted_apart(election: Election, build: Builder, tmp_path: Path) -> None:
    other = build.round(title="Elders")
    build.opened_urn(other, tmp_path / "keys")
    election.cast(0, 0)
    election.clock.move_to(COUNTING)
    result = count_round(election.session, round=other, keys=election.keys, clock=election.clock)
    assert result is not None
    assert result.voted == 0
    assert election.count().voted == 1


# Publishing


def publish(election: Election, now: datetime = RESULT) -> Result:
    official = election.plans[0].author
    return publish_result(election.session, round=election.round, official=official, now=now)


def test_a_result_is_published_by_somebody_at_a_moment(election: Election) -> None:
    election.count()
    result = publish(election)
    assert (result.published_at, result.published_by) == (RESULT, election.plans[0].author.id)


def test_nothing_is_published_before_the_count(election: Election) -> None:
    with pytest.raises(NotCounted):
        publish(election)


def test_a_result_is_published_once_and_the_letters_go_once(election: Election) -> None:
    election.count()
    publish(election)
    with pytest.raises(AlreadyPublished):
        publish(election)
    assert len(election.session.scalars(select(Letter)).all()) == len(election.plans)


def test_an_official_who_looked_before_a_colleague_published_is_refused(election: Election, database: Database) -> None:
    election.count()
    election.session.commit()
    with database.reading() as earlier:
        seen = earlier.get_one(Result, election.round.id)
        assert seen.published_at is None
        publish(election)
        election.session.commit()
        assert seen.published_at is None
        late, official = earlier.get_one(Round, election.round.id), election.plans[0].author
        with pytest.raises(AlreadyPublished):
            publish_result(earlier, round=late, official=official, now=RESULT)


def test_every_author_reads_whether_the_plan_won_but_who_withdrew_hears_nothing(election: Election) -> None:
    election.cast(0, 0)
    election.plans[1].withdrawn_at = VOTING
    election.count()
    publish(election)
    letters = {letter.recipient: letter for letter in election.session.scalars(select(Letter))}
    kinds = {recipient: letter.kind for recipient, letter in letters.items()}
    assert kinds == {
        election.plans[0].author.email: "plan-won",
        election.plans[2].author.email: "plan-not-won",
    }
    assert {letter.details["path"] for letter in letters.values()} == {f"/rondes/{election.round.slug}/uitslag"}


@pytest.mark.parametrize("early", [True, False])
def test_the_result_phase_begins_with_an_early_publication_and_not_later_than_announced(
    election: Election, early: bool
) -> None:
    election.count()
    moment = SCHEDULE.result - SECOND if early else SCHEDULE.result + SECOND
    publish(election, moment)
    assert election.round.schedule.phase_at(moment) is Phase.RESULT
    assert election.round.schedule.result == min(moment, SCHEDULE.result)


# The public draw


def test_a_round_whose_ties_decide_nothing_needs_no_draw(drawn: Election) -> None:
    drawn.cast(0, 0)
    drawn.cast(1, 0)
    outcome = drawn.outcome()
    assert (outcome.funded, outcome.lots, outcome.lot) == ((str(drawn.plans[0].id),), (), None)
    assert draw_of(drawn.session, drawn.round.id) is None


def test_a_tie_that_decides_waits_for_the_draw_among_those_plans(undecided: Undecided) -> None:
    election = undecided.election
    assert waits_for_draw(election.session, election.round.id) is None
    assert election.try_to_count() is None
    draw = waits_for_draw(election.session, election.round.id)
    assert draw is not None
    assert [set(group) for group in draw.groups] == [{plan.id for plan in election.plans[:2]}]
    assert (draw.seed, draw.entered_by, draw.confirmed_by) == (None, None, None)
    assert election.session.get(Result, election.round.id) is None


def test_the_officials_hear_once_that_a_draw_is_needed(undecided: Undecided) -> None:
    undecided.election.try_to_count()
    undecided.election.try_to_count()
    letters = undecided.election.session.scalars(select(Letter).where(Letter.kind == "draw-needed")).all()
    officials = people_with_role(undecided.election.session, Role.OFFICIAL)
    assert sorted(letter.recipient for letter in letters) == sorted(official.email for official in officials)


def test_an_urn_is_opened_once_however_long_the_count_waits(undecided: Undecided) -> None:
    election = undecided.election
    election.try_to_count()
    opening = opening_of(election.session, election.round.id)
    election.slip_in(2, b"later")
    assert election.try_to_count() is None
    undecided.enter()
    assert election.try_to_count() is None
    undecided.confirm()
    assert election.count().voted == 2
    assert opening_of(election.session, election.round.id) is opening


def test_two_people_type_the_same_seed_and_the_count_follows_it(undecided: Undecided) -> None:
    election = undecided.election
    election.try_to_count()
    undecided.enter(" 12\n34 ")
    undecided.confirm("12 34")
    draw = undecided.draw
    assert (draw.seed, draw.proof, draw.entered_by, draw.entered_at, draw.confirmed_by, draw.confirmed_at) == (
        "12 34", PROOF, undecided.first.id, COUNTING, undecided.second.id, RESULT,
    )  # fmt: skip
    assert waits_for_draw(election.session, election.round.id) is None
    outcome = election.outcome()
    lot = Lot("12 34", str(election.round.id))
    assert outcome.lot == lot
    assert outcome.funded == (min((str(plan.id) for plan in election.plans[:2]), key=lot.number),)
    assert election.count().decided == outcome


def test_an_entry_that_nobody_confirmed_is_typed_anew_by_anybody(undecided: Undecided) -> None:
    undecided.election.try_to_count()
    undecided.enter("12 43")
    undecided.enter("12 34")
    undecided.enter("12 35", official=undecided.second)
    assert (undecided.draw.seed, undecided.draw.entered_by) == ("12 35", undecided.second.id)
    undecided.confirm("12 35", official=undecided.first)
    assert undecided.draw.confirmed_by == undecided.first.id


def test_who_entered_the_draw_cannot_confirm_it(undecided: Undecided) -> None:
    undecided.election.try_to_count()
    undecided.enter()
    with pytest.raises(SameOfficial):
        undecided.confirm(official=undecided.first)
    assert undecided.draw.confirmed_by is None


def test_another_seed_confirms_nothing_and_leaves_the_entry(undecided: Undecided) -> None:
    undecided.election.try_to_count()
    undecided.enter()
    with pytest.raises(OtherSeed):
        undecided.confirm("12 35")
    assert (undecided.draw.seed, undecided.draw.confirmed_by) == ("12 34", None)
    undecided.confirm()


def test_nothing_is_confirmed_before_it_is_entered(undecided: Undecided) -> None:
    undecided.election.try_to_count()
    with pytest.raises(DrawNotEntered):
        undecided.confirm()


def test_a_confirmed_draw_is_fixed(undecided: Undecided) -> None:
    undecided.election.try_to_count()
    undecided.enter()
    undecided.confirm()
    with pytest.raises(DrawEntered):
        undecided.enter("12 35")
    with pytest.raises(DrawEntered):
        undecided.confirm("12 34", official=undecided.election.plans[0].author)
    assert undecided.draw.seed == "12 34"


def test_no_draw_is_entered_for_a_count_that_waits_for_none(undecided: Undecided) -> None:
    with pytest.raises(NoDrawNeeded):
        undecided.enter()
    with pytest.raises(NoDrawNeeded):
        undecided.confirm()


@pytest.mark.parametrize(
    ("seed", "proof", "refusal", "field"),
    [
        (" ", "Op het stadhuis", TextMissing, "seed"),
        ("x" * (LONGEST_SEED + 1), "Op het stadhuis", TextTooLong, "seed"),
        ("12", " ", TextMissing, "proof"),
        ("12", "x" * (LONGEST_PROOF + 1), TextTooLong, "proof"),
    ],
)
def test_an_entry_tells_the_seed_and_which_draw_it_was(
    undecided: Undecided, seed: str, proof: str, refusal: type[Refusal], field: str
) -> None:
    undecided.election.try_to_count()
    with pytest.raises(refusal) as refused:
        undecided.enter(seed, proof=proof)
    assert refused.value.details["field"] == field
    assert undecided.draw.seed is None


def test_an_official_who_looked_before_a_colleague_entered_meets_the_entry(
    undecided: Undecided, database: Database
) -> None:
    undecided.election.try_to_count()
    undecided.election.session.commit()
    with database.reading() as earlier:
        assert earlier.get_one(Draw, undecided.election.round.id).seed is None
        undecided.enter()
        undecided.election.session.commit()
        late = earlier.get_one(Round, undecided.election.round.id)
        with pytest.raises(SameOfficial):
            confirm_draw(earlier, round=late, official=undecided.first, seed="12 34", now=RESULT)


# Other rules


def test_a_round_that_compares_keeps_what_other_rules_come_to(
    build: Builder, session: Session, tmp_path: Path, clock: MovableClock
) -> None:
    round_ = build.round(budget=1_000_000, counting=Counting(VotesPerEuro(), compares=True))
    plans = [build.menu_plan(round_, title=title, cost=600_000) for title in ("Speeltuin", "Bankje")]
    entitlements = [build.entitlement(code) for code in build.codes(round_, 2)]
    build.opened_urn(round_, tmp_path / "keys")
    election = Election(session, round_, plans, entitlements, KeyFolder(tmp_path / "keys"), clock)
    election.cast(0, 0)
    result = election.count()
    assert (result.decided.rule, result.decided.ballots) == ("votes-per-euro", 1)
    assert [other.rule for other in result.others] == [name for name in RULES if name != "votes-per-euro"]


def test_a_round_that_does_not_compare_keeps_nothing_of_the_kind(election: Election) -> None:
    assert election.count().others == []


def test_a_draw_does_not_decide_what_other_rules_come_to_before_it_is_needed(
    build: Builder, session: Session, tmp_path: Path, clock: MovableClock
) -> None:
    counting = Counting(MostVotes(minimum=2), SeedSource.DRAW, compares=True)
    round_ = build.round(budget=1_000_000, counting=counting)
    plans = [build.menu_plan(round_, title=title, cost=600_000) for title in ("Speeltuin", "Bankje")]
    entitlements = [build.entitlement(code) for code in build.codes(round_, 2)]
    build.opened_urn(round_, tmp_path / "keys")
    election = Election(session, round_, plans, entitlements, KeyFolder(tmp_path / "keys"), clock)
    election.cast(0, 0)
    election.cast(1, 1)
    result = election.count()  # by votes per euro, without a minimum, the lot would have to decide
    assert (result.decided.funded, result.decided.lot) == ((), None)
    assert any(other.is_lot_needed for other in result.others)


# Controls


@pytest.mark.parametrize("moment", [VOTING, SCHEDULE.counting + SETTLING - SECOND])
def test_a_count_that_does_not_wait_is_found_out(
    election: Election, monkeypatch: pytest.MonkeyPatch, moment: datetime
) -> None:
    monkeypatch.setattr(actions, "require_phase", lambda *_: None)
    with found(NOT_REFUSED):
        test_the_count_waits_until_voting_has_closed_and_settled(election, moment, False)


def test_a_count_by_the_terms_of_today_is_found_out(election: Election, monkeypatch: pytest.MonkeyPatch) -> None:
    class Today(FrozenRules):
        @classmethod
        def parse(cls, document: str) -> FrozenRules:
            return _rules_of(election.round, FrozenRules.parse(document).menu)

    monkeypatch.setattr(actions, "FrozenRules", Today)
    with found("1500000|1_500_000"):
        test_the_count_follows_the_frozen_rules_and_not_what_changed_since(election)
