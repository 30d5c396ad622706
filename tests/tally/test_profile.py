import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.tally.instance import PlanTwice, TallyError
from wijkbudget.tally.profile import MalformedBallot, Profile, TooManyPoints, approval, whole


def test_an_approval_gives_one_point_each_whatever_the_order() -> None:
    assert approval(["b", "a"]) == approval(["a", "b"]) == (("a", 1), ("b", 1))
    assert approval([]) == ()


def test_a_plan_stands_on_a_ballot_once() -> None:
    for refused in (lambda: approval("bab"), lambda: Profile.from_ballots([(("b", 1), ("b", 2))])):
        with pytest.raises(PlanTwice, match="'b'"):
            refused()


@pytest.mark.parametrize(
    ("ballot", "times"), [((("a", 0),), 1), ((("b", 1), ("a", -1)), 1), ((), 0), ((), -1), ((("a", 1),), 0)]
)
def test_a_malformed_ballot_is_refused(ballot: tuple[tuple[str, int], ...], times: int) -> None:
    with pytest.raises(MalformedBallot, match=f"{times} times"):
        Profile.from_groups({ballot: times})
    with pytest.raises(MalformedBallot):
        Profile.from_groups({}).with_more(ballot, times)


def test_identical_ballots_are_one_row_whatever_the_order_of_their_plans() -> None:
    profile = Profile.from_ballots([approval("ab"), (("b", 1), ("a", 1)), approval("c"), ()])
    assert sorted(profile.times.tolist()) == [1, 1, 2]
    assert (profile.ids, profile.ballots, profile.blank) == (("a", "b", "c"), 4, 1)


def test_points_and_ballots_add_up_over_ballots() -> None:
    profile = Profile.from_groups({(("b", 1), ("a", 3)): 2, (("b", 4),): 1, (): 5})
    assert profile.points_by_plan() == {"a": 6, "b": 6}
    assert profile.ballots_by_plan() == {"a": 2, "b": 3}
    assert (profile.ballots, profile.blank, profile.most_points) == (8, 5, 4)


def test_without_ballots_or_with_blank_ones_alone_there_are_no_points() -> None:
    for profile, ballots in [(Profile.from_ballots([]), 0), (Profile.from_groups({(): 3}), 3)]:
        assert (profile.ballots, profile.blank, profile.ids) == (ballots, ballots, ())
        assert profile.points_by_plan() == profile.ballots_by_plan() == {}
        assert not profile.supporters
        assert (profile.is_approval, profile.most_points, profile.naming_any("a")) == (True, 1, 0)


def test_a_ballot_that_names_two_of_the_plans_is_one_ballot() -> None:
    profile = Profile.from_groups({approval("ab"): 2, approval("c"): 3, (): 4})
    assert profile.naming_any("abx") == 2
    assert profile.naming_any("ac") == 5
    assert profile.naming_any("") == 0


def test_supporters_are_the_rows_that_name_a_plan_with_their_points() -> None:
    profile = Profile.from_groups({(("b", 1), ("a", 3)): 2, (): 7, (("b", 4),): 1})
    found = {plan: (backers.rows.tolist(), backers.points.tolist()) for plan, backers in profile.supporters.items()}
    assert found == {"a": ([0], [3]), "b": ([0, 2], [1, 4])}


def test_one_ballot_with_two_points_for_a_plan_makes_all_of_them_no_approvals() -> None:
    assert Profile.from_groups({approval("ab"): 9}).is_approval
    assert not Profile.from_groups({approval("ab"): 9, (("c", 2),): 1}).is_approval


def test_points_that_cannot_be_added_up_without_loss_are_refused() -> None:
    most = 2**63 - 1
    assert Profile.from_groups({(("a", most),): 1}).points_by_plan() == {"a": most}
    with pytest.raises(TooManyPoints, match="2 ballots"):
        Profile.from_groups({(("a", 2**62),): 2})
    assert issubclass(TooManyPoints, TallyError)


def test_whole_numbers_are_kept_as_they_are() -> None:
    assert whole([2**62, 0]).tolist() == [2**62, 0]
    assert whole([]).dtype == np.int64


ballots = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3)).map(lambda points: tuple(points.items()))


@given(st.lists(ballots, max_size=6), ballots, st.integers(1, 3))
def test_more_of_a_ballot_is_the_same_as_all_ballots_together(
    before: list[tuple[tuple[str, int], ...]], ballot: tuple[tuple[str, int], ...], times: int
) -> None:
    added, together = (
        Profile.from_ballots(before).with_more(ballot, times),
        Profile.from_ballots(before + [ballot] * times),
    )
    assert added.ids == together.ids
    assert (added.ballots, added.blank, added.is_approval) == (together.ballots, together.blank, together.is_approval)
    assert added.points_by_plan() == together.points_by_plan()
    assert added.ballots_by_plan() == together.ballots_by_plan()
    for wanted in ("a", "bc", "d"):
        assert added.naming_any(wanted) == together.naming_any(wanted)
    assert tuple(added.supporters) == added.ids
    assert [backed(added, plan_id) for plan_id in added.ids] == [backed(together, plan_id) for plan_id in added.ids]


def backed(profile: Profile, plan_id: str) -> int:
    """The points of a plan, added up over its supporters."""
    backers = profile.supporters[plan_id]
    return int((profile.times[backers.rows] * backers.points).sum())


@given(st.lists(ballots, max_size=6))
def test_the_order_of_ballots_leaves_no_trace(before: list[tuple[tuple[str, int], ...]]) -> None:
    one, other = Profile.from_ballots(before), Profile.from_ballots(reversed(before))
    assert (one.ids, one.points_by_plan()) == (other.ids, other.points_by_plan())
    assert sorted(one.times.tolist()) == sorted(other.times.tolist())
