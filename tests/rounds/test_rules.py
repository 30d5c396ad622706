"""The calendar of a round, its terms, and its address."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.moments import ANNOUNCED, COUNTING, DAY, REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.people.rules import TextMissing, TextTooLong
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import (
    LONGEST_AREA_NAME,
    LONGEST_CRITERION,
    LONGEST_TITLE,
    Counting,
    Electorate,
    Kind,
    NegativeThreshold,
    NoArea,
    NoBudget,
    NoCriteria,
    NoEligible,
    PastIsFixed,
    Phase,
    RuleForOtherBallots,
    SeedSource,
    StartsOutOfOrder,
    Terms,
    WrongPhase,
    moved_past,
    require_open_past,
    require_phase,
    slug_of,
    too_early,
)
from wijkbudget.tally.in_turn import MostVotes

TERMS: dict[str, Any] = {
    "kind": Kind.WIJKBUDGET,
    "title": "Wijkbudget Duinoord",
    "area_name": "Duinoord",
    "neighbourhood_ids": (1,),
    "budget": 2_500_000,
    "like_threshold": 25,
    "schedule": SCHEDULE,
    "ballot_form": BallotForm(Form.BASKET),
    "electorate": Electorate(6364, date(2026, 9, 1)),
    "criteria": ("Het plan is goed voor de wijk",),
}
BEFORE = dict(zip(tuple(Phase)[1:], Phase, strict=False))


@pytest.mark.parametrize(("phase", "start"), SCHEDULE.starts)
def test_a_phase_starts_on_the_second(phase: Phase, start: datetime) -> None:
    assert SCHEDULE.phase_at(start - SECOND) is BEFORE[phase]
    assert SCHEDULE.phase_at(start) is phase
    assert SCHEDULE.phase_at(start + SECOND) is phase


def test_a_phase_lasts_until_the_next_one_starts() -> None:
    ends = [SCHEDULE.end_of(phase) for phase in Phase]

    assert ends == [*(start for _, start in SCHEDULE.starts), None]


def test_a_round_is_announced_before_anything_starts() -> None:
    assert SCHEDULE.phase_at(ANNOUNCED) is Phase.ANNOUNCED
    assert SCHEDULE.phases_begun(ANNOUNCED) == ()


def test_the_phases_begun_are_all_phases_up_to_now() -> None:
    assert [phase for phase, _ in SCHEDULE.phases_begun(VOTING)] == [Phase.SUBMITTING, Phase.REVIEWING, Phase.VOTING]


@pytest.mark.parametrize("phase", ["reviewing", "voting", "counting", "result"])
def test_a_schedule_whose_phase_starts_too_early_cannot_exist(phase: str) -> None:
    before = SCHEDULE.start_of(BEFORE[Phase(phase)])

    with pytest.raises(StartsOutOfOrder) as refused:
        replace(SCHEDULE, **{phase: before})

    assert refused.value.details == {"phase": Phase(phase)}


def test_a_phase_may_start_one_second_after_the_one_before_it() -> None:
    assert replace(SCHEDULE, reviewing=SCHEDULE.submitting + SECOND).phase_at(SCHEDULE.submitting + SECOND)


def test_every_start_that_is_too_early_is_named() -> None:
    muddled = [(phase, SCHEDULE.result - index * DAY) for index, (phase, _) in enumerate(SCHEDULE.starts)]

    assert too_early(muddled) == (Phase.REVIEWING, Phase.VOTING, Phase.COUNTING, Phase.RESULT)


def test_what_needs_a_phase_is_possible_from_its_first_second_to_its_last() -> None:
    require_phase(SCHEDULE, Phase.VOTING, SCHEDULE.voting)
    require_phase(SCHEDULE, Phase.VOTING, SCHEDULE.counting - SECOND)

    with pytest.raises(WrongPhase):
        require_phase(SCHEDULE, Phase.VOTING, SCHEDULE.voting - SECOND)
    with pytest.raises(WrongPhase):
        require_phase(SCHEDULE, Phase.VOTING, SCHEDULE.counting)


def test_a_wrong_phase_tells_from_when_and_until_when_it_was_possible() -> None:
    needed = (Phase.SUBMITTING, Phase.REVIEWING)

    with pytest.raises(WrongPhase) as early:
        require_phase(SCHEDULE, needed, ANNOUNCED)
    with pytest.raises(WrongPhase) as late:
        require_phase(SCHEDULE, needed, VOTING)

    assert early.value.details == {"opens": SCHEDULE.submitting, "closes": SCHEDULE.voting, "is_early": True}
    assert late.value.details == {"opens": SCHEDULE.submitting, "closes": SCHEDULE.voting, "is_early": False}


def test_what_may_be_done_before_anything_starts_is_never_too_early() -> None:
    with pytest.raises(WrongPhase) as refused:
        require_phase(SCHEDULE, (Phase.ANNOUNCED, Phase.SUBMITTING), VOTING)

    assert refused.value.details["is_early"] is False


def test_a_start_that_has_passed_is_not_moved() -> None:
    moved = replace(SCHEDULE, submitting=SCHEDULE.submitting + SECOND)

    with pytest.raises(PastIsFixed) as refused:
        require_open_past(moved, old=SCHEDULE, now=SCHEDULE.submitting)
    assert refused.value.details == {"phase": Phase.SUBMITTING}
    require_open_past(moved, old=SCHEDULE, now=SCHEDULE.submitting - SECOND)


def test_a_start_is_not_moved_into_the_past() -> None:
    moved = replace(SCHEDULE, reviewing=SUBMITTING)

    with pytest.raises(PastIsFixed):
        require_open_past(moved, old=SCHEDULE, now=SUBMITTING)
    require_open_past(moved, old=SCHEDULE, now=SUBMITTING - SECOND)


def test_a_new_schedule_lies_in_the_future_as_a_whole() -> None:
    with pytest.raises(PastIsFixed):
        require_open_past(SCHEDULE, old=None, now=SCHEDULE.submitting)
    require_open_past(SCHEDULE, old=None, now=SCHEDULE.submitting - SECOND)


def test_a_schedule_that_stays_the_same_may_lie_in_the_past() -> None:
    require_open_past(SCHEDULE, old=SCHEDULE, now=COUNTING)


def test_every_start_that_is_moved_in_the_past_is_named() -> None:
    starts = [(phase, start - SECOND) for phase, start in SCHEDULE.starts]

    assert moved_past(starts, old=SCHEDULE, now=REVIEWING) == (Phase.SUBMITTING, Phase.REVIEWING)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"neighbourhood_ids": ()}, NoArea),
        ({"budget": 0}, NoBudget),
        ({"budget": -1}, NoBudget),
        ({"like_threshold": -1}, NegativeThreshold),
        ({"title": " "}, TextMissing),
        ({"title": "x" * (LONGEST_TITLE + 1)}, TextTooLong),
        ({"area_name": ""}, TextMissing),
        ({"area_name": "x" * (LONGEST_AREA_NAME + 1)}, TextTooLong),
        ({"criteria": ()}, NoCriteria),
        ({"criteria": ("",)}, TextMissing),
        ({"criteria": ("Past", "x" * (LONGEST_CRITERION + 1))}, TextTooLong),
    ],
)
def test_terms_that_no_round_can_have_cannot_exist(change: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        Terms(**TERMS | change)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": ""}, "title"), ({"area_name": ""}, "area_name"), ({"criteria": ("",)}, "criterion")],
)
def test_of_terms_the_missing_text_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(TextMissing) as refused:
        Terms(**TERMS | change)
    assert refused.value.details == {"field": field}


@pytest.mark.parametrize("change", [{}, {"like_threshold": 0}, {"budget": 1}, {"criteria": ("x" * LONGEST_CRITERION,)}])
def test_terms_at_the_edge_are_right(change: dict[str, Any]) -> None:
    assert Terms(**TERMS | change).schedule is SCHEDULE


@dataclass(frozen=True)
class ApprovalOnly(MostVotes):
    """A rule that counts points of one alone."""

    name = "approval-only"

    def takes(self, *, is_approval: bool) -> bool:
        return is_approval


@pytest.mark.parametrize(
    ("form", "fits"),
    [
        (BallotForm(Form.BASKET), True),
        (BallotForm(Form.APPROVAL, 1), True),
        (BallotForm(Form.ONE), True),
        (BallotForm(Form.POINTS, total_points=3, most_points=1), False),
        (BallotForm(Form.RANKING, 3), False),
    ],
)
def test_a_round_has_a_rule_that_can_count_its_ballots(form: BallotForm, fits: bool) -> None:
    values = TERMS | {"ballot_form": form, "counting": Counting(ApprovalOnly())}
    if fits:
        assert Terms(**values).counting.rule == ApprovalOnly()
    else:
        with pytest.raises(RuleForOtherBallots) as refused:
            Terms(**values)
        assert refused.value.details == {"rule": "approval-only"}
    assert Terms(**TERMS | {"ballot_form": form}).counting == Counting()


def test_rounds_count_by_most_votes_with_the_lot_of_the_urn_unless_they_say_otherwise() -> None:
    assert Counting() == Counting(MostVotes(), SeedSource.URN, compares=False)


@pytest.mark.parametrize("eligible", [0, -1])
def test_an_electorate_without_people_cannot_exist(eligible: int) -> None:
    with pytest.raises(NoEligible):
        Electorate(eligible, date(2026, 9, 1))


def test_an_electorate_may_be_one_person() -> None:
    assert Electorate(1, date(2026, 9, 1)).eligible == 1


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Wijkbudget Duinoord 2026", "wijkbudget-duinoord-2026"),
        ("  Café Één & Zó!  ", "cafe-een-zo"),
        ("住民", "ronde"),
        ("Nieuw", "ronde"),
        ("a" * 80, "a" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_an_address_is_made_of_plain_letters_digits_and_dashes(title: str, slug: str) -> None:
    assert slug_of(title) == slug
