"""What a valid ballot is, and what freezing keeps of a round."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.ballots.rules import (
    Ballot,
    BlankOrChoices,
    FrozenRules,
    MenuItem,
    NotOnMenu,
    OverBudget,
    PlanTwice,
    TooManyChoices,
    canonical,
    stated_choices,
    valid_ballot,
)
from wijkbudget.rounds.rules import BallotForm, Form

MENU = (MenuItem(3, "Speeltuin “De Hoek”", 1_000_000), MenuItem(5, "Bankje", 2_500_000), MenuItem(8, "Boom", 500_001))
RULES = FrozenRules(
    round_id=7,
    title="Wijkbudget Bezuidenhout 2026",
    kind="wijkbudget",
    area="Bezuidenhout",
    budget=4_000_000,
    schedule={"voting": "2026-11-01T10:00:00+00:00", "counting": "2026-12-01T10:00:00+00:00"},
    ballot_form=BallotForm(Form.BASKET),
    like_threshold=25,
    criteria=("Het plan is goed voor de wijk",),
    eligible=1000,
    reference_date="2026-09-01",
    menu=MENU,
)
TWO_AT_MOST = replace(RULES, ballot_form=BallotForm(Form.APPROVAL, 2))


def test_a_ballot_holds_the_plans_ascending_in_whatever_order_they_came() -> None:
    assert valid_ballot([5, 3], RULES) == Ballot((3, 5))


def test_a_ballot_without_plans_is_blank() -> None:
    assert valid_ballot([], RULES).choices == ()


@pytest.mark.parametrize(("choices", "is_blank"), [([], False), ([3], True)])
def test_a_ballot_that_leaves_in_doubt_what_the_voter_wants_is_refused(choices: list[int], is_blank: bool) -> None:
    with pytest.raises(BlankOrChoices):
        stated_choices(choices, is_blank=is_blank)
    assert stated_choices(choices, is_blank=not is_blank) == choices


def test_exactly_the_budget_is_accepted_and_one_cent_more_is_not() -> None:
    exact = replace(RULES, budget=3_500_000)
    assert valid_ballot([3, 5], exact) == Ballot((3, 5))
    with pytest.raises(OverBudget) as refused:
        valid_ballot([3, 5], replace(exact, budget=3_499_999))
    assert refused.value.details == {"over": 1}


def test_as_many_plans_as_the_form_allows_are_accepted_and_one_more_is_not() -> None:
    assert valid_ballot([3, 8], TWO_AT_MOST) == Ballot((3, 8))
    with pytest.raises(TooManyChoices) as refused:
        valid_ballot([3, 5, 8], TWO_AT_MOST)
    assert refused.value.details == {"most": 2, "chosen": 3}


def test_where_plans_are_approved_the_budget_does_not_limit_a_ballot() -> None:
    assert valid_ballot([3, 5], replace(TWO_AT_MOST, budget=1)) == Ballot((3, 5))


@pytest.mark.parametrize("choices", [[4], [3, 4], [0], [-3], [2**70]])
def test_a_plan_of_another_round_is_refused(choices: list[int]) -> None:
    with pytest.raises(NotOnMenu):
        valid_ballot(choices, RULES)


@pytest.mark.parametrize("rules", [RULES, TWO_AT_MOST])
def test_a_plan_twice_is_refused(rules: FrozenRules) -> None:
    with pytest.raises(PlanTwice):
        valid_ballot([8, 8], rules)


def test_canonical_json_is_one_text_whatever_the_order_of_the_keys() -> None:
    assert canonical({"b": [1, 2], "a": "é"}) == canonical({"a": "é", "b": [1, 2]}) == '{"a":"é","b":[1,2]}'


@pytest.mark.parametrize("rules", [RULES, TWO_AT_MOST, replace(RULES, menu=())])
def test_frozen_rules_come_back_as_they_were_written(rules: FrozenRules) -> None:
    assert FrozenRules.parse(rules.document()) == rules
    assert FrozenRules.parse(rules.document()).hash == rules.hash


titles = st.text(st.characters(codec="utf-8"), max_size=40)


@given(titles, st.lists(st.tuples(st.integers(1), titles, st.integers(1)), max_size=4), st.integers(1))
def test_any_title_and_menu_come_back(title: str, menu: list[tuple[int, str, int]], budget: int) -> None:
    rules = replace(RULES, title=title, budget=budget, menu=tuple(MenuItem(*item) for item in menu))
    assert FrozenRules.parse(rules.document()) == rules


OTHER: dict[str, Any] = {
    "round_id": 8,
    "title": "Wijkbudget Bezuidenhout 2027",
    "kind": "wijkagenda",
    "area": "Mariahoeve",
    "budget": 4_000_001,
    "schedule": RULES.schedule | {"counting": "2026-12-01T10:00:01+00:00"},
    "ballot_form": BallotForm(Form.APPROVAL, 1),
    "like_threshold": 24,
    "criteria": ("Het plan is goed voor de stad",),
    "eligible": 999,
    "reference_date": "2026-09-02",
    "menu": (replace(MENU[0], cost=1_000_001), *MENU[1:]),
    "counting": "equal shares",
    "ties": "by age",
}


def test_every_field_of_the_rules_is_changed_below() -> None:
    assert set(OTHER) == set(json.loads(RULES.document()))


@pytest.mark.parametrize("field", OTHER)
def test_the_hash_changes_with_every_field(field: str) -> None:
    assert replace(RULES, **{field: OTHER[field]}).hash != RULES.hash
