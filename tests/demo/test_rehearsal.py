from pathlib import Path

import pytest

from tests.tally.elections import FILE
from wijkbudget.database import Database
from wijkbudget.demo.declared import CannotRehearse
from wijkbudget.demo.rehearsal import Stage, cents, rehearse
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.tally.pabulib import Election, read_election


def election(old: str = "", new: str = "") -> Election:
    return read_election(FILE.replace(old, new).encode() if old else FILE.encode())


def test_every_ballot_is_cast_and_counted_and_plans_keep_their_names(database: Database, tmp_path: Path) -> None:
    heard: list[int] = []
    stage = Stage.in_folder(database, tmp_path)
    rehearsal = rehearse(stage, election(), batch=3, on_cast=heard.append)
    assert heard == [3, 1]
    result = rehearsal.result
    assert (result.voted, result.eligible, result.blank) == (4, 4, 1)
    assert [rehearsal.file_ids[plan] for plan in result.decided.funded] == ["3", "7"]
    assert result.decided.budget == 10_000


def test_amounts_become_cents_exactly() -> None:
    assert cents(election(), 100) == 10_000
    assert cents(election("budget;100", "budget;100.05"), 10_005) == 10_005
    with pytest.raises(CannotRehearse, match="3 decimals"):
        cents(election("budget;100", "budget;100.005"), 100_005)


def test_an_election_without_money_is_no_round(database: Database, tmp_path: Path) -> None:
    with pytest.raises(CannotRehearse, match="without money"):
        rehearse(Stage.in_folder(database, tmp_path), election("budget;100", "budget;0"), batch=1, on_cast=print)


POINTS = FILE.replace("approval", "cumulative").replace("vote;age", "vote;points").replace("3;;44", "3;;")
POINTS = POINTS.replace("1;12,3;30", "1;12,3;1,4").replace("2;7;12", "2;7;3").replace("4;3,12;", "4;3,12;2,2")


def test_points_are_cast_and_counted_as_the_file_gives_them(database: Database, tmp_path: Path) -> None:
    rehearsal = rehearse(Stage.in_folder(database, tmp_path), read_election(POINTS.encode()), batch=9, on_cast=print)
    points = {rehearsal.file_ids[plan]: found.points for plan, found in rehearsal.result.decided.findings.items()}
    assert points == {"3": 6, "7": 3, "12": 3}
    assert rehearsal.form == BallotForm(Form.POINTS, total_points=5, most_points=4)


@pytest.mark.parametrize(
    ("rule", "is_declared", "misfit"), [("greedy-no-skip", True, "stop"), ("unknown", False, "skip")]
)
def test_the_round_has_the_rule_of_the_file_or_most_votes(
    database: Database, tmp_path: Path, rule: str, is_declared: bool, misfit: str
) -> None:
    declaring = election("approval\n", f"approval\nrule;{rule}\n")
    rehearsal = rehearse(Stage.in_folder(database, tmp_path), declaring, batch=9, on_cast=print)
    assert rehearsal.is_declared is is_declared
    assert rehearsal.result.decided.settings["misfit"] == misfit
