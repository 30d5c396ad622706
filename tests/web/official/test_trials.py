"""Rules side by side: the round's own first, a reason for what cannot count, and the differences in words."""

import pytest

from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.tally.counting import RULES
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.profile import Ballot, Profile, approval
from wijkbudget.tally.rule import Rule
from wijkbudget.web.official.trials import Contest, fill_in_of, rules_to_try, tried

pytestmark = pytest.mark.usefixtures("dutch")

INSTANCE = Instance(10_000, (Plan("a", 5_000), Plan("b", 6_000), Plan("c", 1_000), Plan("d", 4_000)), unit=100)
VOTES = Profile.from_groups({approval("ab"): 7, approval("ad"): 1, approval("bcd"): 2})
TITLES = {"a": "Speeltuin", "b": "Sportveld", "c": "Banken", "d": "Bomen"}
CONTEST = Contest(INSTANCE, VOTES, TITLES, is_approval=True)
SCORES = Contest(INSTANCE, Profile.from_ballots([(("a", 3), ("b", 2))]), TITLES, is_approval=False)


@pytest.mark.parametrize("own", [kind() for kind in RULES.values()])
def test_the_rule_of_the_round_comes_first_and_every_other_rule_once(own: Rule) -> None:
    rules = rules_to_try(own)

    assert rules[0] is own
    assert {rule.name for rule in rules} == set(RULES)
    assert len(set(rules)) == len(rules)


def test_plans_stand_with_a_mark_for_every_rule() -> None:
    trial = tried(CONTEST, MostVotes(), seed="1")

    assert [column.title for column in trial.columns[:3]] == [
        "Meeste stemmen",
        "Meeste stemmen per euro",
        "Gelijke delen",
    ]
    assert trial.columns[-1].title == "Gelijke delen, aangevuld"
    assert [column.is_own for column in trial.columns] == [True, *[False] * 5]
    assert trial.plans[0] == ("Sportveld", 6_000, 9, [True, False, True, False, False, True])
    assert [title for title, *_more in trial.plans] == ["Sportveld", "Speeltuin", "Bomen", "Banken"]


def test_what_differs_is_said_in_words() -> None:
    differences = tried(CONTEST, MostVotes(), seed="1").differences

    assert "Meeste stemmen per euro: wel ‘Speeltuin’ en ‘Banken’, maar niet ‘Sportveld’." in differences
    assert "Gelijke delen: niet ‘Bomen’." in differences
    assert "Gelijke delen, aangevuld: dezelfde plannen." in differences


def test_what_another_rule_funds_besides_is_said_in_words() -> None:
    assert "Gelijke delen, aangevuld" not in str(tried(CONTEST, EqualShares(), seed="1").differences)
    assert "Meeste stemmen: ook ‘Bomen’." in tried(CONTEST, EqualShares(), seed="1").differences


def test_of_many_plans_only_some_are_named() -> None:
    plans = tuple(Plan(f"{number:02}", 1) for number in range(20))
    many = Contest(
        Instance(1_000, (*plans, Plan("z", 1_000)), unit=100),
        Profile.from_groups({approval("z"): 9, approval(plan.id for plan in plans): 5}),
        {plan.id: plan.id for plan in plans} | {"z": "Groot"},
        is_approval=True,
    )

    assert "en 15 andere, maar niet ‘Groot’." in tried(many, MostVotes(), seed="1").differences[0]


def test_a_rule_that_cannot_take_the_ballots_is_left_out_with_a_sentence() -> None:
    trial = tried(SCORES, MostVotes(), seed="1")

    assert "phragmen" not in {column.outcome.rule for column in trial.columns}
    assert trial.left_out == ["Samen sparen (Phragmén) telt alleen stemmen waarbij elk gekozen plan 1 stem krijgt."]


def test_also_the_rule_of_the_round_is_left_out_where_it_cannot_count() -> None:
    trial = tried(SCORES, Phragmen(), seed="1")

    assert not any(column.is_own for column in trial.columns)
    assert len(trial.left_out) == 1


def test_amounts_too_large_to_count_leave_a_rule_out() -> None:
    huge = 2**62
    plans = tuple(Plan(letter, huge) for letter in "abc")
    contest = Contest(
        Instance(3 * huge, plans), Profile.from_ballots([approval("abc")] * 3), {p.id: p.id for p in plans}, True
    )
    trial = tried(contest, VotesPerEuro(), seed="1")

    assert trial.columns[0].is_own
    assert len(trial.columns) + len(trial.left_out) == len(rules_to_try(VotesPerEuro()))


def test_amounts_are_in_euros_or_in_the_currency_of_the_file() -> None:
    assert CONTEST.amount(150) == "€\N{NO-BREAK SPACE}1,50"
    assert Contest(Instance(10, ()), VOTES, {}, True).amount(1_500) == "€\N{NO-BREAK SPACE}1.500"
    assert Contest(Instance(10, (), unit=100), VOTES, {}, True, "PLN").amount(150_000) == "PLN 1.500"


@pytest.mark.parametrize(
    ("form", "ballot"),
    [
        (BallotForm(Form.BASKET), (("b", 1), ("d", 1))),
        (BallotForm(Form.BASKET, max_choices=1), (("b", 1),)),
        (BallotForm(Form.APPROVAL, max_choices=2), (("b", 1), ("a", 1))),
        (BallotForm(Form.APPROVAL, max_choices=5, min_choices=4), ()),
        (BallotForm(Form.ONE), (("b", 1),)),
        (BallotForm(Form.POINTS, total_points=5, most_points=2), (("b", 2), ("a", 2), ("d", 1))),
        (BallotForm(Form.RANKING, max_choices=2), (("b", 2), ("a", 1))),
    ],
)
def test_an_invented_voter_fills_in_the_ballot_of_the_round(form: BallotForm, ballot: Ballot) -> None:
    assert fill_in_of(form, INSTANCE)(("b", "a", "d")) == ballot
