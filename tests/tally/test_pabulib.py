import csv
import io
from collections import Counter
from collections.abc import Mapping

import pytest

from tests.tally.elections import FILE, REAL_ELECTIONS, real_election
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.outcome import Tie
from wijkbudget.tally.pabulib import Election, read_election
from wijkbudget.tally.pabulib_head import Remark, VoteType
from wijkbudget.tally.pabulib_text import PabulibError
from wijkbudget.tally.profile import approval
from wijkbudget.tally.ties import CheapestFirst, Lexicographic

REFUSED = {
    "Netherlands_Amsterdam_604.pb": (1927, "plan '42346' stands on the ballot twice"),
    "Worldwide_Mechanical_Turk_Utilities_3.pb": (44, "sum_points 99 is under min_sum_points 100"),
    "Worldwide_Mechanical_Turk_Utilities_7.pb": (53, "sum_points 99 is under min_sum_points 100"),
    "Worldwide_Mechanical_Turk_Utilities_8.pb": (52, "sum_points 98 is under min_sum_points 100"),
}
"""The official files that go against their own form, where first, and how."""


def changed(old: str, new: str) -> bytes:
    assert FILE.count(old) == 1
    return FILE.replace(old, new).encode()


def refusal(content: bytes) -> tuple[int, str]:
    with pytest.raises(PabulibError) as refused:
        read_election(content)
    return refused.value.line, refused.value.reason


def told(election: Election) -> tuple[object, ...]:
    """All that an election tells, to compare."""
    return (
        election.instance, election.names, election.ballots, election.selected, election.stretched, election.meta,
        election.vote_type, election.passed_over, election.profile.points_by_plan(), election.profile.ballots,
    )  # fmt: skip


def test_a_file_is_read_whole() -> None:
    election = read_election(FILE.encode())
    assert election.instance == Instance(100, (Plan("12", 60), Plan("3", 50), Plan("7", 40)))
    assert election.names == {"12": "Speeltuin; met water", "3": "Buurthuis", "7": "Bankje"}
    assert (election.selected, election.stretched) == (("12", "7"), ())
    assert election.meta["description"] == 'Wijkbudget; een "proef"'
    assert election.ballots == (approval(["12", "3"]), approval(["7"]), (), approval(["12", "3"]))
    assert (election.vote_type, election.passed_over) == (VoteType.APPROVAL, ())


def test_a_blank_ballot_is_a_ballot_and_identical_ones_are_grouped() -> None:
    profile = read_election(FILE.encode()).profile
    assert (profile.ballots, profile.blank) == (4, 1)
    assert profile.points_by_plan() == {"12": 2, "3": 2, "7": 1}


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_make_no_difference(line_end: str, mark: bytes) -> None:
    assert told(read_election(mark + FILE.replace("\n", line_end).encode())) == told(read_election(FILE.encode()))


@pytest.mark.parametrize(("plain", "other"), [("2;7;12", '"2";"7";12'), ("2;7;12", "2 ; 7"), ("1;12,3", "1;12 , 3")])
def test_quotes_and_spaces_and_fields_left_out_make_no_difference(plain: str, other: str) -> None:
    assert told(read_election(changed(plain, other))) == told(read_election(FILE.encode()))


def test_a_file_need_not_end_its_last_line_nor_its_short_lines() -> None:
    assert told(read_election(FILE.replace("3;;44\n", "3\n").rstrip().encode())) == told(read_election(FILE.encode()))


def test_a_file_without_official_result_has_none() -> None:
    content = FILE.replace(";selected", "").replace(";1\n3;50", "\n3;50").replace(";0\n", "\n").replace("je;1", "je")
    assert read_election(content.encode()).selected is None


def test_a_plan_funded_beyond_what_was_left_has_a_mark_of_its_own() -> None:
    election = read_election(changed("Bankje;1", "Bankje;2"))
    assert (election.selected, election.stretched) == (("12",), ("7",))


def test_amounts_are_whole_numbers_of_the_smallest_unit_and_are_written_back() -> None:
    election = read_election(changed("budget;100", "budget;322239.55"))
    assert (election.instance.budget, election.instance.unit, election.decimals) == (32223955, 100, 2)
    assert [plan.cost for plan in election.instance.plans] == [6000, 5000, 4000]
    assert [election.amount(minor) for minor in (32223955, 0, 5)] == ["322239.55", "0.00", "0.05"]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("2;7;12", "2;8;12", 16, "the ballot names an unknown plan '8'"),
        ("2;7;12", "2;7,3,7;12", 16, "plan '7' stands on the ballot twice"),
        ("2;7;12", "1;7;12", 16, "voter_id '1' stands in line 15 too"),
        ("2;7;12", "2;7;12;x", 16, "4 fields for 3 columns: is a semicolon unquoted?"),
        ("num_votes;4", "num_votes;5", 5, "num_votes is '5', but the file has 4"),
        ("num_projects;3", "num_projects;2", 4, "num_projects is '2', but the file has 3"),
        ("vote_type;approval", "vote_type;approval\nmax_length;1", 16, "length 2 is over max_length 1"),
        ("vote_type;approval", "vote_type;approval\nmax_sum_cost;100", 16, "sum_cost 110 is over max_sum_cost 100"),
        ("approval", "cumulative", 15, "the ballot names 2 plans and gives points 0 times"),
        ("approval", "scoring", 7, "vote type 'scoring' is not counted; approval, choose-1, cumulative, ordinal are"),
        ("approval", "choose-1", 15, "length 2 is over choose-1: 1"),
        ("3;50;", "3;0;", 11, "plan '3' costs nothing"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason(old: str, new: str, line: int, reason: str) -> None:
    assert refusal(changed(old, new)) == (line, reason)


def test_a_lenient_reader_tells_what_it_passed_over_in_ballots_and_counts() -> None:
    content = FILE.replace("num_votes;4", "num_votes;9").replace("2;7;12", "2;7,8,7;12").encode()
    election = read_election(content, is_lenient=True)
    assert election.ballots[1] == approval(["7"])
    assert election.passed_over == (
        Remark(16, "the ballot names an unknown plan '8'"),
        Remark(16, "plan '7' stands on the ballot twice"),
        Remark(5, "num_votes is '9', but the file has 4"),
    )


def test_a_lenient_reader_still_refuses_what_it_does_not_understand() -> None:
    with pytest.raises(PabulibError, match="line 11: plan '3' costs nothing"):
        read_election(changed("3;50;", "3;0;"), is_lenient=True)
    with pytest.raises(PabulibError, match="line 16: voter_id '1' stands in line 15 too"):
        read_election(changed("2;7;12", "1;7;12"), is_lenient=True)


def sums_of(content: bytes) -> tuple[int, int, Mapping[str, int], Mapping[str, int]]:
    """Plans, ballots, and points and ballots by plan, added up in the plainest way; a plan twice counts once."""
    rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";") if row]
    starts = [number for number, row in enumerate(rows) if row[0] in ("META", "PROJECTS", "VOTES")]
    meta = dict(row[:2] for row in rows[2 : starts[1]])
    points: Counter[str] = Counter()
    naming: Counter[str] = Counter()
    header = rows[starts[2] + 1]
    for row in rows[starts[2] + 2 :]:
        vote = [plan for plan in row[header.index("vote")].split(",") if plan]
        naming.update(set(vote))
        if meta["vote_type"] == "cumulative":
            for plan, given in zip(vote, row[header.index("points")].split(","), strict=True):
                points[plan] += int(given)
        elif meta["vote_type"] == "ordinal":
            for place, plan in enumerate(vote):
                points[plan] += len(vote) - place
        else:
            points.update(set(vote))
    return starts[2] - starts[1] - 2, len(rows) - starts[2] - 2, points, naming


@pytest.mark.oracle
@pytest.mark.parametrize("name", sorted(path.name for path in REAL_ELECTIONS.glob("*.pb")) or ["any.pb"])
def test_a_real_election_adds_up_as_in_the_plainest_count(name: str) -> None:
    content = real_election(name)
    election = read_election(content, is_lenient=name in REFUSED)
    profile = election.profile
    plans, ballots, points, naming = sums_of(content)
    assert (len(election.instance.plans), profile.ballots) == (plans, ballots)
    assert (profile.points_by_plan(), profile.ballots_by_plan()) == (points, naming)
    assert len(election.ballots) == ballots


@pytest.mark.oracle
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_real_election_that_goes_against_its_own_form_is_refused_at_its_line(name: str) -> None:
    content = real_election(name)
    assert refusal(content) == REFUSED[name]
    assert Remark(*REFUSED[name]) in read_election(content, is_lenient=True).passed_over


@pytest.mark.oracle
def test_the_one_ballot_of_amsterdam_that_names_plans_twice_counts_them_once() -> None:
    election = read_election(real_election("Netherlands_Amsterdam_604.pb"), is_lenient=True)
    assert [remark.reason for remark in election.passed_over if remark.line == 1927] == [
        f"plan '{plan}' stands on the ballot twice" for plan in ("42346", "42350", "42355", "42360")
    ]
    assert election.ballots[1927 - 52] == approval(["42344", "42346", "42350", "42355", "42360"])


@pytest.mark.oracle
def test_brodno_hung_on_a_tie_that_the_city_gave_to_the_cheapest() -> None:
    """Plans 2162 (13.940) and 2091 (35.000) had 217 votes each with 48.175 left: room for one of them.

    The city took the cheapest first; that left room for 1522 as well, 14 plans in all. In string order of the ids 2091
    goes first: then neither 2162 nor 1522 fits any more, and 13 plans are funded.
    """
    election = read_election(real_election("Poland_Warszawa_2019_Brodno.pb"))
    cheapest = MostVotes().count(election.instance, election.profile, CheapestFirst())
    in_string_order = MostVotes().count(election.instance, election.profile, Lexicographic())
    assert Tie(("2162", "2091")) in cheapest.ties
    assert cheapest.findings["2162"].left_before == in_string_order.findings["2091"].left_before == 48175
    assert set(cheapest.funded) - set(in_string_order.funded) == {"2162", "1522"}
    assert set(in_string_order.funded) - set(cheapest.funded) == {"2091"}
    assert (len(cheapest.funded), len(in_string_order.funded)) == (14, 13)


def test_what_meta_says_in_vain_is_told() -> None:
    election = read_election(FILE.replace("num_votes;4", "num_votes;4\nmax_sum_cost_per_category;5").encode())
    assert [remark.reason for remark in election.passed_over] == ["max_sum_cost_per_category is not looked at"]
