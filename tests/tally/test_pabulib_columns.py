import csv
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.tally.pabulib_columns import MOST, NotPlain, read_in_columns
from wijkbudget.tally.pabulib_head import Form, Limit, Measure, Objections, VoteType
from wijkbudget.tally.pabulib_text import PabulibError, Section
from wijkbudget.tally.pabulib_votes import Votes, read_carefully

COSTS = {"a": 1, "b": 2, "10": 3, "9": 4}

HEADERS = [["voter_id", "vote"], ["voter_id", "vote", "points"], ["age", "points", "vote", "voter_id"]]
LIMITS = [
    Limit(f"{'max' if is_most else 'min'}_{measure}", measure, is_most, bound)
    for measure in Measure
    for is_most, bound in ((True, 3), (False, 2))
]


def read(text: str, header: Sequence[str], form: Form) -> Votes | None:
    try:
        return read_in_columns(Section(0, {name: index for index, name in enumerate(header)}, text), form)
    except NotPlain:
        return None


def read_twin(text: str, header: Sequence[str], form: Form) -> Votes | None:
    section = Section(0, {name: index for index, name in enumerate(header)}, text)
    try:
        return read_carefully(section, form, Objections(is_lenient=False))
    except PabulibError:
        return None


@st.composite
def ballot(draw: st.DrawFn, vote_type: VoteType) -> tuple[str, str]:
    """A vote and its points, nearly always right."""
    vote = draw(st.lists(st.sampled_from(list(COSTS)), unique=True, max_size=4))
    points = [str(draw(st.integers(0, 3))) for _ in vote]
    if vote_type is not VoteType.CUMULATIVE:
        points = draw(st.sampled_from([[], [str(place) for place in range(len(vote), 0, -1)]]))
    return draw(st.just(",".join(vote)) | st.just(",")) if not vote else ",".join(vote), ",".join(points)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, Sequence[str], Form]:
    """Votes as they stand in files, of which some hold a line that is wrong in some way, or at least unusual."""
    vote_type = draw(st.sampled_from(VoteType))
    header = draw(st.sampled_from(HEADERS))
    lines = []
    for voter, (vote, points) in enumerate(draw(st.lists(ballot(vote_type), max_size=5))):
        fields = {"voter_id": str(voter), "vote": vote, "points": points, "age": ""}
        lines.append(";".join(fields[name] for name in header))
    odd = st.text('ab190,;" \t\r\n\x0b-.é٣', max_size=8) | st.sampled_from(
        ["x;a,a", "x;b;", "x;a,c;1,1", "0;a;1", "VOTES;"]
    )
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), draw(odd))
    limits = draw(st.lists(st.sampled_from(LIMITS), max_size=2))
    text = "".join(line + draw(st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"])) for line in lines)
    return text, header, Form(vote_type, COSTS, tuple(limits))


@given(files())
def test_whatever_is_read_in_columns_is_read_the_same_with_care(file: tuple[str, Sequence[str], Form]) -> None:
    fast, careful = read(*file), read_twin(*file)
    if fast is not None:
        assert careful is not None
        assert fast.ballots() == careful.ballots()
        assert fast.profile.points_by_plan() == careful.profile.points_by_plan()
        assert fast.profile.ballots_by_plan() == careful.profile.ballots_by_plan()
        assert (fast.profile.ids, fast.profile.ballots) == (careful.profile.ids, careful.profile.ballots)
        assert fast.profile.blank == careful.profile.blank


@pytest.mark.parametrize(
    ("text", "header", "vote_type"),
    [
        ("1;a,b\n2;\n3;,\n4;9,10,b\n", HEADERS[0], VoteType.APPROVAL),
        ("1;a\r\n\r\n2;b\r\n", HEADERS[0], VoteType.ONE),
        ("1;a,b;5,0\r2;;\r3;9;0\r", HEADERS[1], VoteType.CUMULATIVE),
        ("30;2,1;b,a;x\n;1;9;y\n", HEADERS[2], VoteType.ORDINAL),
        ("1;a;\n2;b;\n", HEADERS[1], VoteType.ORDINAL),
        ("", HEADERS[0], VoteType.APPROVAL),
    ],
)
def test_votes_without_anything_unusual_are_read_in_columns(text: str, header: list[str], vote_type: VoteType) -> None:
    form = Form(vote_type, COSTS, ())
    fast, careful = read(text, header, form), read_twin(text, header, form)
    assert fast is not None
    assert careful is not None
    assert fast.ballots() == careful.ballots()


@pytest.mark.parametrize(
    "odd", ['2;"a"', "2;a;", "2", "1;b", "VOTES;a", " ;a", "2;c", "2;a,", "2; a", "2;a,a", "2;a,9,b,10"]
)
def test_anything_unusual_is_left_to_the_careful_reader(odd: str) -> None:
    limit = Limit("max_length", Measure.LENGTH, is_most=True, bound=3)
    assert read(f"1;a\n{odd}\n", HEADERS[0], Form(VoteType.APPROVAL, COSTS, (limit,))) is None


@pytest.mark.parametrize("odd", ["2;a,b;1", "2;a;1.5", "2;a;-1", "2;a;٣", "2;a; 1", "2;a;", "2;;1", "2;a,a;0,0"])
def test_points_that_are_unusual_are_left_to_the_careful_reader(odd: str) -> None:
    assert read(f"1;a;1\n{odd}\n", HEADERS[1], Form(VoteType.CUMULATIVE, COSTS, ())) is None


def test_points_that_the_form_does_not_give_are_left_to_the_careful_reader() -> None:
    assert read("1;a;1\n", HEADERS[1], Form(VoteType.APPROVAL, COSTS, ())) is None
    assert read("1;a,b;1,2\n", HEADERS[1], Form(VoteType.ORDINAL, COSTS, ())) is None


def test_what_is_beyond_all_measure_is_left_to_the_careful_reader() -> None:
    assert read("1;a\n", HEADERS[0], Form(VoteType.APPROVAL, {"a": MOST}, ())) is None
    assert read("1;" + "a" * csv.field_size_limit() + "\n", HEADERS[0], Form(VoteType.APPROVAL, COSTS, ())) is None


def test_more_lines_than_are_split_at_once_are_read_in_order() -> None:
    votes = read(
        "".join(f"{voter};{'ab'[voter % 2]}\n" for voter in range(100_001)),
        HEADERS[0],
        Form(VoteType.APPROVAL, COSTS, ()),
    )
    assert votes is not None
    assert votes.rows.tolist() == [voter % 2 for voter in range(100_001)]
    assert votes.profile.points_by_plan() == {"a": 50001, "b": 50000}


@pytest.mark.parametrize("vote", ["a", "a,b"])
def test_a_ballot_that_costs_more_than_it_may_is_left_to_the_careful_reader(vote: str) -> None:
    for measure, bound in ((Measure.SUM_COST, COSTS["a"]), (Measure.SUM_COST, COSTS["a"] - 1)):
        limit = Limit("max_sum_cost", measure, is_most=True, bound=bound)
        found = read(f"1;{vote}\n", HEADERS[0], Form(VoteType.APPROVAL, COSTS, (limit,)))
        assert (found is not None) is (vote == "a" and bound == COSTS["a"])


def test_points_may_be_missing_from_the_header() -> None:
    votes = read("1;a\n2;b\n", ["voter_id", "vote"], Form(VoteType.ORDINAL, COSTS, ()))
    assert votes is not None
    assert votes.ballots() == ((("a", 1),), (("b", 1),))


def test_spaces_end_no_line() -> None:
    assert read("1 2;a\n", HEADERS[0], Form(VoteType.APPROVAL, COSTS, ())) is not None
