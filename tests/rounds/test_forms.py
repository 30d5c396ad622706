"""The five forms of ballot and which settings each may have."""

from typing import Any

import pytest

from wijkbudget.refusal import Refusal
from wijkbudget.rounds.forms import (
    SETTINGS,
    BallotForm,
    Form,
    MinimumNotPositive,
    MinimumOverMaximum,
    NeedsMaximum,
    NeedsMostPoints,
    NeedsTotalPoints,
    SettingOfOtherForm,
)

POINTS = {"total_points": 5, "most_points": 5}


@pytest.mark.parametrize(
    ("form", "settings"),
    [
        (Form.BASKET, {}),
        (Form.BASKET, {"max_choices": 1, "min_choices": 1}),
        (Form.BASKET, {"min_choices": 3}),
        (Form.APPROVAL, {"max_choices": 1}),
        (Form.APPROVAL, {"max_choices": 3, "min_choices": 3}),
        (Form.ONE, {}),
        (Form.POINTS, POINTS),
        (Form.POINTS, {"total_points": 1, "most_points": 1}),
        (Form.POINTS, {"total_points": 10_000, "most_points": 10_000}),
        (Form.RANKING, {"max_choices": 1}),
    ],
)
def test_a_form_with_what_belongs_to_it_is_right(form: Form, settings: dict[str, int]) -> None:
    assert BallotForm(form, **settings).form is form


@pytest.mark.parametrize(
    ("form", "settings", "refusal"),
    [
        (Form.APPROVAL, {}, NeedsMaximum),
        (Form.APPROVAL, {"max_choices": 0}, NeedsMaximum),
        (Form.BASKET, {"max_choices": 0}, NeedsMaximum),
        (Form.RANKING, {}, NeedsMaximum),
        (Form.RANKING, {"max_choices": 0}, NeedsMaximum),
        (Form.BASKET, {"min_choices": 0}, MinimumNotPositive),
        (Form.APPROVAL, {"max_choices": 3, "min_choices": 0}, MinimumNotPositive),
        (Form.APPROVAL, {"max_choices": 3, "min_choices": 4}, MinimumOverMaximum),
        (Form.POINTS, {}, NeedsTotalPoints),
        (Form.POINTS, {"total_points": 0, "most_points": 1}, NeedsTotalPoints),
        (Form.POINTS, {"total_points": 10_001, "most_points": 1}, NeedsTotalPoints),
        (Form.POINTS, {"total_points": 5}, NeedsMostPoints),
        (Form.POINTS, {"total_points": 5, "most_points": 0}, NeedsMostPoints),
        (Form.POINTS, {"total_points": 5, "most_points": 6}, NeedsMostPoints),
    ],
)
def test_a_form_without_what_it_needs_cannot_exist(
    form: Form, settings: dict[str, int], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        BallotForm(form, **settings)


def test_a_refusal_tells_the_numbers_that_do_not_go_together() -> None:
    with pytest.raises(MinimumOverMaximum) as refused:
        BallotForm(Form.BASKET, 2, 3)
    assert refused.value.details == {"least": 3, "most": 2}
    with pytest.raises(NeedsMostPoints) as points:
        BallotForm(Form.POINTS, total_points=5, most_points=6)
    assert points.value.details == {"total": 5}
    with pytest.raises(NeedsTotalPoints) as too_many:
        BallotForm(Form.POINTS, total_points=10_001, most_points=6)
    assert too_many.value.details == {"most": 10_000}


ALL: dict[str, Any] = {"max_choices": 3, "min_choices": 2, **POINTS}
NEEDED: dict[Form, dict[str, int]] = {
    Form.APPROVAL: {"max_choices": 3},
    Form.POINTS: POINTS,
    Form.RANKING: {"max_choices": 3},
}


STRANGE = [(form, setting) for form in Form for setting in ALL if setting not in SETTINGS[form]]


@pytest.mark.parametrize(("form", "setting"), STRANGE)
def test_a_setting_of_another_form_is_refused(form: Form, setting: str) -> None:
    with pytest.raises(SettingOfOtherForm) as refused:
        BallotForm(form, **{**NEEDED.get(form, {}), setting: ALL[setting]})
    assert refused.value.details == {"setting": setting}


@pytest.mark.parametrize(
    ("form", "is_approval"),
    [(Form.BASKET, True), (Form.APPROVAL, True), (Form.ONE, True), (Form.POINTS, False), (Form.RANKING, False)],
)
def test_three_forms_give_a_plan_one_point_or_none(form: Form, is_approval: bool) -> None:
    assert BallotForm(form, **NEEDED.get(form, {})).is_approval is is_approval
