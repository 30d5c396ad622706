from datetime import UTC, datetime, timedelta

import pytest

from wijkbudget.clock import THE_HAGUE
from wijkbudget.demo.photos import ALT
from wijkbudget.demo.script import CRITERIA, HOURS, RoundScript, State, read_rounds
from wijkbudget.plans.rules import LONGEST_PLACE, LONGEST_REASON, LONGEST_SUMMARY, LONGEST_TITLE, on_menu
from wijkbudget.rounds.forms import Form
from wijkbudget.rounds.rules import Kind, Phase
from wijkbudget.rounds.voting import Franchise, KeyKeeping

NOW = datetime(2026, 11, 22, 19, tzinfo=UTC)
PHASES = (
    Phase.RESULT, Phase.RESULT, Phase.COUNTING, Phase.VOTING, Phase.VOTING, Phase.VOTING, Phase.VOTING,
    Phase.REVIEWING, Phase.SUBMITTING, Phase.ANNOUNCED, Phase.ANNOUNCED,
)  # fmt: skip


def voting_round() -> RoundScript:
    return next(script for script in read_rounds(NOW) if script.schedule.phase_at(NOW) is Phase.VOTING)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 1, 1, 0, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # the clock jumps ahead
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # an hour happens twice
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_there_is_a_round_in_every_phase_on_whatever_day_the_city_is_built(now: datetime) -> None:
    assert tuple(script.schedule.phase_at(now) for script in read_rounds(now)) == PHASES


def test_there_is_a_round_of_every_kind_and_of_every_ballot_form() -> None:
    scripts = read_rounds(NOW)
    assert {script.kind for script in scripts} == set(Kind)
    assert {script.form.form for script in scripts} == set(Form)


def test_whoever_tries_the_city_can_vote_in_four_ways_of_which_one_needs_no_code() -> None:
    voting = [script for script in read_rounds(NOW) if script.schedule.phase_at(NOW) is Phase.VOTING]
    assert [script.form.form for script in voting] == [Form.BASKET, Form.POINTS, Form.APPROVAL, Form.RANKING]
    accounts = [script for script in voting if script.voting.franchise is Franchise.ACCOUNT]
    assert [script.form.form for script in accounts] == [Form.APPROVAL]
    assert all(bool(script.spare_codes) is (script not in accounts) for script in voting)


def test_officials_can_make_a_key_and_release_codes_in_the_round_that_is_reviewed() -> None:
    [reviewed] = (script for script in read_rounds(NOW) if script.schedule.phase_at(NOW) is Phase.REVIEWING)
    assert reviewed.voting.keys is KeyKeeping.OFFICIALS
    assert reviewed.codes_waiting


def test_the_published_rounds_were_counted_by_other_rules_and_one_compares() -> None:
    published = [script for script in read_rounds(NOW) if script.schedule.phase_at(NOW) is Phase.RESULT]
    assert [script.counting.rule.name for script in published] == ["equal-shares", "votes-per-euro"]
    assert [script.counting.compares for script in published] == [True, False]


def test_every_round_can_be_held_as_it_is_written() -> None:
    for script in read_rounds(NOW):
        assert script.counting.rule.takes(is_approval=script.form.is_approval)


def test_phases_start_at_whole_hours_in_the_hague() -> None:
    for script in read_rounds(NOW):
        starts = [start.astimezone(THE_HAGUE) for _, start in script.schedule.starts]
        assert [start.hour for start in starts] == list(HOURS)
        assert all(start.minute == 0 for start in starts)


def test_the_oldest_round_is_of_last_year_in_the_annual_report() -> None:
    oldest = read_rounds(NOW)[0]
    assert oldest.schedule.counting.year == NOW.year - 1
    assert "2025" in oldest.title


def test_a_round_is_named_after_the_year_in_which_its_voting_opens() -> None:
    assert voting_round().title == "Wijkbudget Bezuidenhout 2026"
    later = read_rounds(NOW + timedelta(days=60))
    assert any("2027" in script.title for script in later)


def test_the_voting_round_has_ten_plans_on_its_menu() -> None:
    script = voting_round()
    menu = [
        plan
        for plan in script.plans
        if plan.withdrawn is None
        and on_menu(is_feasible=plan.state is State.FEASIBLE, likes=plan.likes, threshold=script.threshold)
    ]
    assert len(menu) == 10
    assert sum(plan.draft.estimated_cost or 0 for plan in menu) > script.budget


def test_all_that_is_written_fits_its_form() -> None:
    for script in read_rounds(NOW):
        for plan in script.plans:
            assert len(plan.draft.title) <= LONGEST_TITLE
            assert len(plan.draft.summary) <= LONGEST_SUMMARY
            assert len(plan.draft.place) <= LONGEST_PLACE
            assert len(plan.reason) <= LONGEST_REASON
            assert plan.picture is None or plan.picture in ALT


def test_a_refused_plan_names_a_criterion_and_a_reason() -> None:
    refused = [plan for script in read_rounds(NOW) for plan in script.plans if plan.state is State.REFUSED]
    assert len(refused) >= 2
    assert all(plan.criterion in CRITERIA and plan.reason for plan in refused)
