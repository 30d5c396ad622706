"""A published round counted again from its file: by our command, by pabutools, with the same winners and reasons."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from pabulib.checker import Checker
from pabutools import rules as theirs
from pabutools.election import Cost_Sat, parse_pabulib

from tests.ballots.test_rules import RULES
from wijkbudget.ballots.rules import Ballot, FrozenRules, MenuItem, chosen, counting_document, ranked, valid_ballot
from wijkbudget.cli import main
from wijkbudget.results.export import pabulib_file, recount_command
from wijkbudget.results.rules import counted, other_rules
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.outcome import Outcome
from wijkbudget.tally.rule import Rule
from wijkbudget.tally.ties import Lot
from wijkbudget.tally.turns import Misfit

FORMS = [
    BallotForm(Form.BASKET),
    BallotForm(Form.APPROVAL, 3, 2),
    BallotForm(Form.ONE),
    BallotForm(Form.POINTS, total_points=10, most_points=6),
    BallotForm(Form.RANKING, 4),
]
MENU = tuple(MenuItem(number, f"Plan {number}; met ‘tekens’", 400_000 + 137_50 * number) for number in range(1, 10))
DAYS = {"submitting": "09-01", "reviewing": "10-01", "voting": "11-02", "counting": "11-23", "result": "12-10"}
SCHEDULE = {phase: f"2026-{day}T08:00:00+00:00" for phase, day in DAYS.items()}
LOT = Lot("the seed", "7")
STRICT = MostVotes(Misfit.STRETCH, 80, minimum=2)
SHARED = EqualShares(completion=Completion.ADD_ONE_THEN_MOST_VOTES, stop=StopAt.OVERSPEND)


def frozen(form: BallotForm, rule: Rule) -> FrozenRules:
    return replace(
        RULES, ballot_form=form, counting=counting_document(rule), menu=MENU, budget=2_000_000,
        schedule=SCHEDULE,
    )  # fmt: skip


def invented(rules: FrozenRules) -> Iterator[Ballot]:
    """Sixty ballots of this form, a few of them blank."""
    chance = Random(rules.ballot_form.form)
    for number in range(60):
        plans = chance.sample(range(1, 10), 4)
        points = {
            Form.BASKET: chosen(plans[:3]),
            Form.APPROVAL: chosen(plans[:2]),
            Form.ONE: chosen(plans[:1]),
            Form.POINTS: [(plans[0], 6), (plans[1], 3), (plans[2], 1)],
            Form.RANKING: ranked(plans[: chance.randint(1, 4)], rules.ballot_form),
        }
        yield valid_ballot([] if number % 20 == 0 else points[rules.ballot_form.form], rules)


def rules_of_every_kind(form: BallotForm) -> list[Rule]:
    start = frozen(form, MostVotes())
    return [MostVotes(), STRICT, SHARED, *other_rules(start)]


ROUNDS = [frozen(form, rule) for form in FORMS for rule in rules_of_every_kind(form)]


def written(rules: FrozenRules, folder: Path, withdrawn: list[int] | None = None) -> tuple[Path, Outcome]:
    ballots = list(invented(rules))
    outcome = counted(rules, ballots, lot=LOT, withdrawn=withdrawn or [])
    path = folder / "round.pb"
    path.write_text(pabulib_file(rules, ballots, outcome), encoding="utf-8")
    return path, outcome


@pytest.mark.parametrize("rules", ROUNDS, ids=lambda rules: f"{rules.ballot_form.form}-{rules.rule.name}")
def test_our_command_gives_the_same_winners_and_reasons(rules: FrozenRules, tmp_path: Path) -> None:
    path, outcome = written(rules, tmp_path)
    command = shlex.split(recount_command(outcome, str(path)))[1:]
    answer = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert answer["funded"] == list(outcome.funded)
    for plan_id, finding in outcome.findings.items():
        again = answer["findings"][plan_id]
        assert (again["verdict"], again["points"], again["rank"]) == (finding.verdict, finding.points, finding.rank)
        assert (again["lacked"], again["more_voters"]) == (finding.lacked, finding.more_voters)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
def test_the_file_passes_the_checker(form: BallotForm, tmp_path: Path) -> None:
    path, _ = written(frozen(form, MostVotes()), tmp_path)
    results = Checker().process_files([str(path)])
    assert results["metadata"] == {"processed": 1, "valid": 1, "invalid": 0}


@pytest.mark.parametrize("form", FORMS[:3], ids=lambda form: form.form)
def test_pabutools_gives_the_same_winners(form: BallotForm, tmp_path: Path) -> None:
    path, outcome = written(frozen(form, EqualShares()), tmp_path)
    instance, profile = parse_pabulib(str(path))
    winners = theirs.method_of_equal_shares(instance, profile, sat_class=Cost_Sat)
    assert {plan.name for plan in winners} == set(outcome.funded)


def test_a_withdrawn_plan_is_not_in_the_file_and_changes_no_other(tmp_path: Path) -> None:
    rules = frozen(FORMS[1], MostVotes())
    path, outcome = written(rules, tmp_path, withdrawn=[3])
    command = shlex.split(recount_command(outcome, str(path)))[1:]
    answer = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert answer["funded"] == list(outcome.funded)
    assert answer["ballots"] == outcome.ballots == 60
    assert "3" not in answer["findings"]


def test_a_seed_with_spaces_can_be_typed() -> None:
    rules = frozen(BallotForm(Form.ONE), MostVotes())
    ballots = [Ballot(chosen([plan])) for plan in (1, 2, 3, 4, 5) for _ in range(3)]
    same = replace(rules, menu=tuple(replace(item, cost=1_900_000) for item in rules.menu))
    outcome = counted(same, ballots, lot=LOT)
    assert recount_command(outcome, "a.pb").endswith("--ties cheapest-then-lot:'the seed' --round 7")
