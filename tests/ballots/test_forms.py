"""What a ballot must be, form by form, at both sides of each limit; and that all that is valid can be sealed alike."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from tests.ballots.test_rules import FORMS, RULES
from wijkbudget.ballots.forms import (
    CHECKS,
    NotARanking,
    NotOneChoice,
    OverBudget,
    TooFewChoices,
    TooFewPointsForPlan,
    TooManyChoices,
    TooManyPoints,
    TooManyPointsForPlan,
)
from wijkbudget.ballots.rules import Ballot, FrozenRules, MenuItem, chosen, longest_ballot, ranked, valid_ballot
from wijkbudget.ballots.urn import NONCE_BYTES, seal, tracker_of, unseal
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.forms import BallotForm, Form

KEY = PrivateKey.generate()
Pairs = list[tuple[int, int]]


def rules(form: BallotForm, **changes: Any) -> FrozenRules:
    return replace(RULES, ballot_form=form, **changes)


def test_every_form_has_its_check() -> None:
    assert set(CHECKS) == set(Form)


ACCEPTED: list[tuple[BallotForm, Pairs]] = [
    (BallotForm(Form.BASKET), [(3, 1), (5, 1)]),
    (BallotForm(Form.BASKET, max_choices=2), [(3, 1), (5, 1)]),
    (BallotForm(Form.BASKET, min_choices=2), [(3, 1), (5, 1)]),
    (BallotForm(Form.APPROVAL, 2), [(3, 1), (5, 1)]),
    (BallotForm(Form.APPROVAL, 3, 2), [(3, 1), (5, 1)]),
    (BallotForm(Form.ONE), [(5, 1)]),
    (BallotForm(Form.POINTS, total_points=5, most_points=4), [(3, 4), (5, 1)]),
    (BallotForm(Form.POINTS, total_points=5, most_points=5), [(3, 5)]),
    (BallotForm(Form.POINTS, total_points=5, most_points=5), [(3, 1)]),
    (BallotForm(Form.RANKING, 3), [(3, 1), (5, 3), (8, 2)]),
    (BallotForm(Form.RANKING, 3), [(5, 3), (8, 2)]),
    (BallotForm(Form.RANKING, 9), [(5, 9)]),
]


@pytest.mark.parametrize(("form", "points"), ACCEPTED)
def test_a_ballot_at_the_edge_is_valid(form: BallotForm, points: Pairs) -> None:
    assert valid_ballot(points, rules(form)) == Ballot(tuple(points))


REFUSED: list[tuple[BallotForm, Pairs, type[Refusal], dict[str, object]]] = [
    (BallotForm(Form.BASKET, max_choices=1), [(3, 1), (5, 1)], TooManyChoices, {"most": 1, "chosen": 2}),
    (BallotForm(Form.BASKET, min_choices=2), [(3, 1)], TooFewChoices, {"least": 2, "chosen": 1}),
    (BallotForm(Form.BASKET), [(3, 2)], TooManyPointsForPlan, {"most": 1, "plan": 3}),
    (BallotForm(Form.BASKET), [(3, 0)], TooFewPointsForPlan, {"plan": 3}),
    (BallotForm(Form.APPROVAL, 1), [(3, 1), (5, 1)], TooManyChoices, {"most": 1, "chosen": 2}),
    (BallotForm(Form.APPROVAL, 3, 2), [(3, 1)], TooFewChoices, {"least": 2, "chosen": 1}),
    (BallotForm(Form.APPROVAL, 3), [(3, 1), (5, 2)], TooManyPointsForPlan, {"most": 1, "plan": 5}),
    (BallotForm(Form.APPROVAL, 3), [(3, 1), (5, -1)], TooFewPointsForPlan, {"plan": 5}),
    (BallotForm(Form.ONE), [(3, 1), (5, 1)], NotOneChoice, {"chosen": 2}),
    (BallotForm(Form.ONE), [(3, 2)], TooManyPointsForPlan, {"most": 1, "plan": 3}),
    (BallotForm(Form.ONE), [(3, 0)], TooFewPointsForPlan, {"plan": 3}),
    (BallotForm(Form.POINTS, total_points=5, most_points=4), [(3, 4), (5, 2)], TooManyPoints, {"over": 1, "total": 5}),
    (BallotForm(Form.POINTS, total_points=5, most_points=4), [(3, 5)], TooManyPointsForPlan, {"most": 4, "plan": 3}),
    (BallotForm(Form.POINTS, total_points=5, most_points=4), [(3, 4), (5, 0)], TooFewPointsForPlan, {"plan": 5}),
    (BallotForm(Form.POINTS, total_points=5, most_points=4), [(3, 4), (5, -1)], TooFewPointsForPlan, {"plan": 5}),
    (BallotForm(Form.RANKING, 1), [(3, 1), (5, 0)], TooManyChoices, {"most": 1, "chosen": 2}),
    (BallotForm(Form.RANKING, 3), [(3, 2)], NotARanking, {}),
    (BallotForm(Form.RANKING, 3), [(3, 4)], NotARanking, {}),
    (BallotForm(Form.RANKING, 3), [(3, 3), (5, 1)], NotARanking, {}),
    (BallotForm(Form.RANKING, 3), [(3, 3), (5, 3)], NotARanking, {}),
    (BallotForm(Form.RANKING, 3), [(3, 3), (5, 2), (8, 2)], NotARanking, {}),
]


@pytest.mark.parametrize(("form", "points", "refusal", "details"), REFUSED)
def test_a_ballot_over_the_edge_is_refused_with_what_is_wrong(
    form: BallotForm, points: Pairs, refusal: type[Refusal], details: dict[str, object]
) -> None:
    with pytest.raises(refusal) as refused:
        valid_ballot(points, rules(form))
    assert refused.value.details == details


def test_exactly_the_budget_is_accepted_and_one_cent_more_is_not() -> None:
    basket, both = BallotForm(Form.BASKET), chosen([3, 5])
    assert valid_ballot(both, rules(basket, budget=3_500_000)) == Ballot(both)
    with pytest.raises(OverBudget) as refused:
        valid_ballot(both, rules(basket, budget=3_499_999))
    assert refused.value.details == {"over": 1}


@pytest.mark.parametrize("form", [form for form in FORMS if form.form is not Form.BASKET])
def test_only_a_basket_has_to_fit_the_budget(form: BallotForm) -> None:
    points = ranked([5], form) if form.form is Form.RANKING else chosen([5])
    assert valid_ballot(points, rules(form, budget=1))


plan_ids = st.integers(1, 10**9)


@st.composite
def forms(draw: st.DrawFn) -> BallotForm:
    form, most = draw(st.sampled_from(Form)), draw(st.integers(1, 12))
    least = draw(st.none() | st.integers(1, most))
    total = draw(st.integers(1, 10_000))
    return {
        Form.BASKET: lambda: BallotForm(form, draw(st.none() | st.just(most)), least),
        Form.APPROVAL: lambda: BallotForm(form, most, least),
        Form.ONE: lambda: BallotForm(form),
        Form.POINTS: lambda: BallotForm(form, total_points=total, most_points=draw(st.integers(1, total))),
        Form.RANKING: lambda: BallotForm(form, most),
    }[form]()


@st.composite
def ballots(draw: st.DrawFn) -> tuple[FrozenRules, list[Pairs]]:
    """Rules of any form, and what voters might send, most of it valid."""
    form = draw(forms())
    menu = draw(st.lists(plan_ids, min_size=1, max_size=8, unique=True))
    made = rules(form, budget=1000, menu=tuple(MenuItem(plan, "Plan", draw(st.integers(1, 400))) for plan in menu))
    orders = draw(st.lists(st.lists(st.sampled_from(menu), unique=True), min_size=2, max_size=6))
    most = form.most_points or 1
    return made, [
        list(ranked(order, form))
        if form.form is Form.RANKING
        else [(plan, draw(st.sampled_from([1, most]) | st.integers(1, most))) for plan in order]
        for order in orders
    ]


@given(ballots(), st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_what_is_valid_is_sealed_to_one_length_and_opens_to_the_same_points(
    made: tuple[FrozenRules, list[Pairs]], nonce: bytes
) -> None:
    frozen, sent = made
    lengths = {len(seal(longest_ballot(frozen), rules=frozen, public_key=bytes(KEY.public_key), nonce=nonce))}
    for points in [[], *sent]:
        try:
            ballot = valid_ballot(points, frozen)
        except Refusal:
            continue
        sealed = seal(ballot, rules=frozen, public_key=bytes(KEY.public_key), nonce=nonce)
        opened = unseal(sealed, round_id=frozen.round_id, private_key=bytes(KEY))
        assert (opened.tracker, opened.points) == (tracker_of(nonce), tuple(sorted(points)))
        lengths.add(len(sealed))
    assert len(lengths) == 1


@pytest.mark.parametrize(
    ("form", "longest"),
    [
        (BallotForm(Form.BASKET), [(3, 1), (5, 1), (8, 1)]),
        (BallotForm(Form.BASKET, max_choices=2), [(3, 1), (5, 1)]),
        (BallotForm(Form.ONE), [(3, 1)]),
        (BallotForm(Form.POINTS, total_points=2, most_points=1), [(3, 1), (5, 1)]),
        (BallotForm(Form.POINTS, total_points=100, most_points=10), [(3, 10), (5, 10), (8, 10)]),
        (BallotForm(Form.RANKING, 12), [(3, 12), (5, 12), (8, 12)]),
    ],
)
def test_the_longest_ballot_has_no_more_plans_and_digits_than_the_form_allows(form: BallotForm, longest: Pairs) -> None:
    assert longest_ballot(rules(form)).points == tuple(longest)
