from pathlib import Path

import pytest

from tests.tally.elections import FILE
from wijkbudget.database import Database
from wijkbudget.demo.rehearsal import CannotRehearse, Stage, ballot_form, cents, rehearse
from wijkbudget.rounds.rules import BallotForm, Form
from wijkbudget.tally.pabulib import Election, read_election


def election(old: str = "", new: str = "") -> Election:
    return read_election(FILE.replace(old, new).encode() if old else FILE.encode())


def limited_to(budget: int) -> Election:
    text = FILE.replace("budget;100", f"budget;{budget}")
    return read_election(text.replace("approval\n", f"approval\nmax_sum_cost;{budget}\n").encode())


def test_every_ballot_is_cast_and_counted_and_plans_keep_their_names(database: Database, tmp_path: Path) -> None:
    heard: list[int] = []
    stage = Stage.in_folder(database, tmp_path)
    rehearsal = rehearse(stage, election(), batch=3, on_cast=heard.append)
    assert heard == [3, 1]
    result = rehearsal.result
    assert (result.voted, result.eligible, result.blank) == (4, 4, 1)
    assert [rehearsal.file_ids[plan] for plan in result.decided.funded] == ["3", "7"]
    assert result.decided.budget == 10_000


def test_a_basket_is_a_basket_only_if_every_ballot_fits() -> None:
    assert ballot_form(limited_to(110)) == BallotForm(Form.BASKET)
    assert ballot_form(limited_to(100)) == BallotForm(Form.APPROVAL, 2)
    assert ballot_form(election()) == BallotForm(Form.APPROVAL, 2)


def test_amounts_become_cents_exactly() -> None:
    assert cents(election(), 100) == 10_000
    assert cents(election("budget;100", "budget;100.05"), 10_005) == 10_005
    with pytest.raises(CannotRehearse, match="3 decimals"):
        cents(election("budget;100", "budget;100.005"), 100_005)


def test_an_election_without_money_is_no_round(database: Database, tmp_path: Path) -> None:
    with pytest.raises(CannotRehearse, match="without money"):
        rehearse(Stage.in_folder(database, tmp_path), election("budget;100", "budget;0"), batch=1, on_cast=print)


def test_a_limit_that_is_no_amount_is_refused() -> None:
    with pytest.raises(CannotRehearse, match="max_sum_cost 'much' is no amount"):
        ballot_form(election("approval\n", "approval\nmax_sum_cost;much\n"))
