import pytest

from wijkbudget.tally.pabulib_head import Form, Limit, Measure, Objections, Remark, VoteType
from wijkbudget.tally.pabulib_text import PabulibError, Section
from wijkbudget.tally.pabulib_votes import Votes, read_carefully
from wijkbudget.tally.profile import Ballot, approval

COSTS = {"12": 60, "3": 50, "7": 40}
PLAIN = {"voter_id": 0, "vote": 1}
WITH_POINTS = {"voter_id": 0, "vote": 1, "points": 2}


def read(text: str, vote_type: VoteType, *limits: Limit, is_lenient: bool = False) -> tuple[Votes, list[Remark]]:
    objections = Objections(is_lenient=is_lenient)
    columns = WITH_POINTS if vote_type in (VoteType.CUMULATIVE, VoteType.ORDINAL) else PLAIN
    votes = read_carefully(Section(10, columns, text), Form(vote_type, COSTS, limits), objections)
    return votes, objections.listed


def ballots(text: str, vote_type: VoteType) -> tuple[Ballot, ...]:
    return read(text, vote_type)[0].ballots()


def refusal(text: str, vote_type: VoteType, *limits: Limit) -> tuple[int, str]:
    with pytest.raises(PabulibError) as refused:
        read(text, vote_type, *limits)
    return refused.value.line, refused.value.reason


def test_an_approval_gives_a_point_to_each_plan() -> None:
    assert ballots('1;12,3\n2; 7 \n3;\n4;"3, 12"\n5;,\n', VoteType.APPROVAL) == (
        approval(["12", "3"]), approval(["7"]), (), approval(["12", "3"]), (),
    )  # fmt: skip


def test_points_are_those_that_the_ballot_states_and_no_points_are_no_support() -> None:
    assert ballots("1;12,3;1,9\n2;7,3;5,0\n3;;\n4;7;0\n", VoteType.CUMULATIVE) == (
        (("12", 1), ("3", 9)), (("7", 5),), (), (),
    )  # fmt: skip


def test_a_ranking_counts_down_from_its_own_length() -> None:
    assert ballots("1;3,12,7;3,2,1\n2;7;1\n3;\n4;7,3\n", VoteType.ORDINAL) == (
        (("12", 2), ("3", 3), ("7", 1)), (("7", 1),), (), (("3", 1), ("7", 2)),
    )  # fmt: skip


def test_identical_ballots_are_one_row_and_the_order_of_the_file_is_kept() -> None:
    votes, _ = read("a;12,3\nb;7\nc;3,12\n", VoteType.APPROVAL)
    assert votes.profile.times.tolist() == [2, 1]
    assert votes.rows.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("vote_type", "vote", "reason"),
    [
        (VoteType.APPROVAL, "x;8", "the ballot names an unknown plan '8'"),
        (VoteType.APPROVAL, "x;7,", "the ballot names an unknown plan ''"),
        (VoteType.APPROVAL, "x;7,3,7", "plan '7' stands on the ballot twice"),
        (VoteType.APPROVAL, "1;7", "voter_id '1' stands in line 11 too"),
        (VoteType.APPROVAL, " ;7", "voter_id is empty"),
        (VoteType.APPROVAL, "x;7;1", "3 fields for 2 columns: is a semicolon unquoted?"),
        (VoteType.CUMULATIVE, "x;7,3;5", "the ballot names 2 plans and gives points 1 times"),
        (VoteType.CUMULATIVE, "x;7", "the ballot names 1 plans and gives points 0 times"),
        (VoteType.CUMULATIVE, "x;;3", "the ballot names 0 plans and gives points 1 times"),
        (VoteType.CUMULATIVE, "x;7,3;5,", "'' is not a whole number of points"),
        (VoteType.CUMULATIVE, "x;7;1.5", "'1.5' is not a whole number of points"),
        (VoteType.CUMULATIVE, "x;7;-1", "'-1' is not a whole number of points"),
        (VoteType.CUMULATIVE, "x;7;1000000000", "'1000000000' is not a whole number of points"),
        (VoteType.CUMULATIVE, "x;7,7;0,0", "plan '7' stands on the ballot twice"),
        (VoteType.ORDINAL, "x;7,3;1,2", "points '1,2' are not those of vote type ordinal"),
        (VoteType.ORDINAL, "x;7,3;2", "points '2' are not those of vote type ordinal"),
    ],
)
def test_a_ballot_that_is_not_clear_is_refused_with_line_and_reason(
    vote_type: VoteType, vote: str, reason: str
) -> None:
    first = "1;7;1" if vote_type in (VoteType.CUMULATIVE, VoteType.ORDINAL) else "1;7"
    assert refusal(f"{first}\n\n{vote}\n", vote_type) == (13, reason)


def test_an_approval_with_points_is_refused() -> None:
    section = Section(10, WITH_POINTS, "1;7;\n2;3;2\n")
    with pytest.raises(PabulibError, match="line 12: points '2' are not those of vote type approval"):
        read_carefully(section, Form(VoteType.APPROVAL, COSTS, ()), Objections(is_lenient=True))


@pytest.mark.parametrize(
    ("limit", "points", "reason"),
    [
        (Limit("max_length", Measure.LENGTH, is_most=True, bound=1), "1,1", "length 2 is over max_length 1"),
        (Limit("min_length", Measure.LENGTH, is_most=False, bound=2), "1,0", "length 1 is under min_length 2"),
        (Limit("max_points", Measure.POINTS, is_most=True, bound=4), "1,5", "points 5 is over max_points 4"),
        (Limit("min_points", Measure.POINTS, is_most=False, bound=2), "1,5", "points 1 is under min_points 2"),
        (Limit("max_sum_points", Measure.SUM_POINTS, True, 5), "1,5", "sum_points 6 is over max_sum_points 5"),
        (Limit("max_sum_cost", Measure.SUM_COST, True, 89, 1), "1,1", "sum_cost 9.0 is over max_sum_cost 8.9"),
    ],
)
def test_a_ballot_beyond_the_limits_is_refused_or_listed_and_counted_and_a_blank_one_is_within_all(
    limit: Limit, points: str, reason: str
) -> None:
    text = f"1;;\nx;7,3;{points}\n"
    assert refusal(text, VoteType.CUMULATIVE, limit) == (12, reason)
    votes, listed = read(text, VoteType.CUMULATIVE, limit, is_lenient=True)
    assert listed == [Remark(12, reason)]
    assert votes.ballots() == ballots(text, VoteType.CUMULATIVE)


@pytest.mark.parametrize(
    ("vote_type", "vote", "ballot"),
    [
        (VoteType.APPROVAL, "x;7,3,7", approval(["7", "3"])),
        (VoteType.CUMULATIVE, "x;7,3,7;5,1,2", (("3", 1), ("7", 7))),
        (VoteType.ORDINAL, "x;7,3,7", (("3", 2), ("7", 4))),
    ],
)
def test_a_lenient_reader_lists_a_plan_twice_on_a_ballot_and_counts_it_once_with_its_points_added_up(
    vote_type: VoteType, vote: str, ballot: Ballot
) -> None:
    votes, listed = read(f"{vote}\n", vote_type, is_lenient=True)
    assert (votes.ballots(), listed) == ((ballot,), [Remark(11, "plan '7' stands on the ballot twice")])


def test_a_lenient_reader_lists_an_unknown_plan_and_counts_the_others_where_they_stand() -> None:
    votes, listed = read("x;8,7\ny;8\n", VoteType.ORDINAL, is_lenient=True)
    assert votes.ballots() == ((("7", 1),), ())
    assert [remark.line for remark in listed] == [11, 12]
