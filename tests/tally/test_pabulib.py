import json

import pytest

from tests.tally.elections import FILE, REAL_ELECTIONS, real_election
from wijkbudget.tally.instance import Instance, Plan, TallyError, approval
from wijkbudget.tally.most_votes import most_votes
from wijkbudget.tally.outcome import Tie
from wijkbudget.tally.pabulib import Election, PabulibError, read_election
from wijkbudget.tally.ties import CheapestFirst, Lexicographic


def changed(old: str, new: str) -> bytes:
    assert FILE.count(old) == 1
    return FILE.replace(old, new).encode()


def refusal(content: bytes) -> PabulibError:
    with pytest.raises(PabulibError) as refused:
        read_election(content)
    assert str(refused.value) == f"line {refused.value.line}: {refused.value.reason}"
    assert isinstance(refused.value, TallyError)
    return refused.value


def test_a_file_is_read_whole() -> None:
    election = read_election(FILE.encode())
    assert election.instance == Instance(100, (Plan("12", 60), Plan("3", 50), Plan("7", 40)))
    assert election.names == {"12": "Speeltuin; met water", "3": "Buurthuis", "7": "Bankje"}
    assert election.selected == ("12", "7")
    assert election.meta["description"] == 'Wijkbudget; een "proef"'
    assert election.ballots == (approval(["12", "3"]), approval(["7"]), (), approval(["12", "3"]))


def test_a_blank_ballot_is_a_ballot_and_identical_ones_are_grouped() -> None:
    profile = read_election(FILE.encode()).profile
    assert profile.ballots == 4
    assert profile.groups == {approval(["12", "3"]): 2, approval(["7"]): 1, (): 1}


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_make_no_difference(line_end: str, mark: bytes) -> None:
    assert read_election(mark + FILE.replace("\n", line_end).encode()) == read_election(FILE.encode())


def test_a_file_need_not_end_its_last_line_nor_its_short_lines() -> None:
    assert read_election(FILE.replace("3;;44\n", "3\n").rstrip().encode()) == read_election(FILE.encode())


def test_a_file_without_official_result_has_none() -> None:
    content = FILE.replace(";selected", "").replace(";1\n3;50", "\n3;50").replace(";0\n", "\n").replace("je;1", "je")
    assert read_election(content.encode()).selected is None


def test_amounts_are_exact_in_the_smallest_unit_that_the_file_needs() -> None:
    election = read_election(changed("budget;100", "budget;322239.55"))
    assert election.instance.budget == 32223955
    assert [plan.cost for plan in election.instance.plans] == [6000, 5000, 4000]
    assert [election.amount(minor) for minor in (32223955, 0, 5)] == ["322239.55", "0.00", "0.05"]


@pytest.mark.parametrize(
    ("written", "minor", "decimals"),
    [("100.0", 100, 0), ("100.5", 10050, 2), ("100.125", 100125, 3), ("0", 0, 0), ("0.1000", 10, 2)],
)
def test_zeros_behind_the_point_ask_for_no_smaller_unit(written: str, minor: int, decimals: int) -> None:
    election = read_election(changed("budget;100", f"budget;{written}"))
    assert (election.instance.budget, election.decimals) == (minor, decimals)


def test_one_plan_each_is_an_approval_of_one() -> None:
    one_each = FILE.replace("approval", "choose-1").replace("12,3;30", "12;30").replace("3,12;", "3;")
    assert read_election(one_each.encode()).ballots == (approval(["12"]), approval(["7"]), (), approval(["3"]))


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("2;7;12", "2;8;12", 16, "the ballot names an unknown plan '8'"),
        ("2;7;12", "2;7,;12", 16, "the ballot names an unknown plan ''"),
        ("2;7;12", "2;7,3,7;12", 16, "plan '7' stands on the ballot twice"),
        ("2;7;12", "1;7;12", 16, "voter_id '1' stands in line 15 too"),
        ("2;7;12", "2;7;12;x", 16, "4 fields for 3 columns: is a semicolon unquoted?"),
        ("3;50;", "3;0;", 11, "plan '3' costs nothing"),
        ("3;50;", "3;0.00;", 11, "plan '3' costs nothing"),
        ("3;50;", "3;-5;", 11, "cost -5 is below zero"),
        ("3;50;", "3;50,00;", 11, "cost '50,00' is not an amount"),
        ("3;50;", "3;1e3;", 11, "cost '1e3' is not an amount"),
        ("3;50;", "3;;", 11, "cost '' is not an amount"),
        ("3;50;", "12;50;", 11, "project_id '12' stands in line 10 too"),
        ("3;50;", ";50;", 11, "project_id is empty"),
        ("budget;100", "budget;nan", 6, "value 'nan' is not an amount"),
        ("budget;100", "budget;" + "9" * 5000, 6, None),
        ("budget;100\n", "", 6, "META does not name budget"),
        ("num_votes;4", "num_votes;5", 5, "num_votes is '5', but the file has 4"),
        ("num_projects;3", "num_projects;2", 4, "num_projects is '2', but the file has 3"),
        ("approval", "cumulative", 7, "vote type 'cumulative' is not yet counted; approval and choose-1 are"),
        ("approval", "ordinal", 7, "vote type 'ordinal' is not yet counted; approval and choose-1 are"),
        ("approval", "choose-1", 15, "the ballot names 2 plans where one may be chosen"),
        ("project_id;cost", "project_id;price", 9, "section PROJECTS needs one column 'cost', and has 0"),
        ("META\n", "", 1, "the file does not begin with META"),
        ("VOTES\n", "META\n", 13, "section META begins a second time"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason(old: str, new: str, line: int, reason: str | None) -> None:
    refused = refusal(changed(old, new))
    assert refused.line == line
    assert reason is None or refused.reason == reason


def test_a_section_that_is_missing_is_named() -> None:
    assert refusal(FILE[: FILE.index("VOTES")].encode()).reason == "the file ends without a section VOTES"
    assert refusal(b"").reason == "the file ends without a section META"


def test_a_quote_that_never_closes_is_no_election() -> None:
    assert "without a section" in refusal(changed("Buurthuis", '"Buurthuis')).reason


def test_text_that_is_not_utf_8_is_refused_at_its_line() -> None:
    assert refusal(changed("Bankje", "Bänkje").replace("ä".encode(), b"\xe4")).line == 12
    assert refusal(b"META\n\xff").line == 2


def test_a_field_beyond_all_measure_is_refused() -> None:
    assert refusal(changed("Bankje", "x" * 200_000)).line == 12


def recount(name: str) -> Election:
    return read_election(real_election(name))


@pytest.mark.parametrize(
    ("name", "ballots", "plans"),
    [
        ("Poland_Warszawa_2019_Brodno.pb", 972, 24),
        ("Poland_Warszawa_2019_Kamionek.pb", 669, 7),
        ("Poland_Warszawa_2019_Obszar_I-Wilanow_WysokiWilanow_Niski_Zachodni.pb", 242, 7),
        ("Poland_Warszawa_2019_Wawrzyszew.pb", 1837, 17),
    ],
)
def test_warszawa_comes_to_the_official_result(name: str, ballots: int, plans: int) -> None:
    election = recount(name)
    outcome = most_votes(election.instance, election.profile, ties=CheapestFirst())
    assert (outcome.ballots, len(outcome.findings)) == (ballots, plans)
    assert election.selected is not None
    assert set(outcome.funded) == set(election.selected)


def test_brodno_hung_on_a_tie_that_the_city_gave_to_the_cheapest() -> None:
    """Plans 2162 (13.940) and 2091 (35.000) had 217 votes each with 48.175 left: room for one of them.

    The city took the cheapest first; that left room for 1522 as well, 14 plans in all. In string order of the ids 2091
    goes first: then neither 2162 nor 1522 fits any more, and 13 plans are funded.
    """
    election = recount("Poland_Warszawa_2019_Brodno.pb")
    cheapest = most_votes(election.instance, election.profile, ties=CheapestFirst())
    in_string_order = most_votes(election.instance, election.profile, ties=Lexicographic())
    assert Tie(217, ("2162", "2091")) in cheapest.ties
    assert cheapest.findings["2162"].left_before == in_string_order.findings["2091"].left_before == 48175
    assert set(cheapest.funded) - set(in_string_order.funded) == {"2162", "1522"}
    assert set(in_string_order.funded) - set(cheapest.funded) == {"2091"}
    assert (len(cheapest.funded), len(in_string_order.funded)) == (14, 13)
    assert not cheapest.is_lot_needed


def test_kamionek_is_counted_to_the_hundredth() -> None:
    election = recount("Poland_Warszawa_2019_Kamionek.pb")
    assert election.amount(election.instance.budget) == "322239.55"


def test_a_real_ballot_that_names_a_plan_twice_is_refused() -> None:
    refused = refusal(real_election("Netherlands_Amsterdam_604.pb"))
    assert (refused.line, refused.reason) == (1927, "plan '42346' stands on the ballot twice")


def test_real_elections_come_to_the_winners_of_an_independent_count() -> None:
    """That count funds plans without votes too if money is left; ours never does, so they are left out."""
    expected = json.loads(real_election("expected.json"))
    counted = 0
    for name, known in expected.items():
        if known["vote_type"] in ("approval", "choose-1") and name != "Netherlands_Amsterdam_604.pb":
            election = recount(name)
            profile = election.profile
            supported = profile.points()
            outcome = most_votes(election.instance, profile, ties=Lexicographic())
            assert list(outcome.funded) == [p for p in known["rules"]["greedy_score_skip"] if p in supported], name
            counted += 1
    assert counted == 41


def test_the_real_elections_of_other_vote_types_are_refused_by_name() -> None:
    for path in sorted(REAL_ELECTIONS.glob("*Czestochowa*.pb")):
        assert "'cumulative' is not yet counted" in refusal(path.read_bytes()).reason
