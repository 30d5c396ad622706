"""What a voter filled in, before anybody knows whether it is a ballot."""

import pytest
from werkzeug.datastructures import MultiDict

from wijkbudget.ballots.forms import MistypedPoints, Points
from wijkbudget.ballots.rules import FrozenRules, MenuItem, SpoiltPage
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.web.voter.statement import STATEMENTS, Statement

SETTINGS = {
    Form.BASKET: BallotForm(Form.BASKET),
    Form.APPROVAL: BallotForm(Form.APPROVAL, 3),
    Form.ONE: BallotForm(Form.ONE),
    Form.POINTS: BallotForm(Form.POINTS, total_points=10, most_points=4),
    Form.RANKING: BallotForm(Form.RANKING, 3),
}


def rules_of(form: Form) -> FrozenRules:
    menu = tuple(MenuItem(plan_id, f"Plan {plan_id}", plan_id * 1000) for plan_id in (1, 2, 3))
    return FrozenRules(
        round_id=1, title="", kind="", area="", budget=5000, schedule={}, ballot_form=SETTINGS[form],
        like_threshold=0, criteria=(), eligible=1, reference_date="", menu=menu,
    )  # fmt: skip


def read(form: Form, *fields: tuple[str, str]) -> Statement:
    return STATEMENTS[form].read(MultiDict(fields))


def points(form: Form, *fields: tuple[str, str]) -> Points:
    return read(form, *fields).points(rules_of(form))


def test_every_form_has_its_way_of_filling_in() -> None:
    assert set(STATEMENTS) == set(Form)


@pytest.mark.parametrize("form", [Form.BASKET, Form.APPROVAL, Form.ONE])
def test_each_ticked_plan_gets_one_point(form: Form) -> None:
    assert points(form, ("plan", "3"), ("plan", "1")) == ((3, 1), (1, 1))


def test_points_are_read_as_typed_and_a_plan_without_any_is_left_out() -> None:
    typed = [("points-1", " 4 "), ("points-2", "0"), ("points-3", ""), ("points-4", "-1"), ("points-5", "00")]
    assert points(Form.POINTS, *typed) == ((1, 4), (4, -1))


def test_a_ranking_gives_most_points_to_the_first() -> None:
    assert points(Form.RANKING, ("plan", "2"), ("plan", "1")) == ((2, 3), (1, 2))


def test_a_plan_that_is_named_twice_stays_twice_for_the_rules_to_refuse() -> None:
    assert points(Form.BASKET, ("plan", "2"), ("plan", "2")) == ((2, 1), (2, 1))
    assert points(Form.POINTS, ("points-2", "1"), ("points-2", "3")) == ((2, 1), (2, 3))


@pytest.mark.parametrize("text", ["2,5", "2.5", "twee", "1e3", "--1", "²", "9" * 19])
def test_what_is_no_whole_number_of_points_is_refused_and_kept_as_typed(text: str) -> None:
    statement = read(Form.POINTS, ("points-2", text))
    assert statement.filled == ((2, text),)
    assert statement.used(rules_of(Form.POINTS)) == 0
    with pytest.raises(MistypedPoints):
        statement.points(rules_of(Form.POINTS))


@pytest.mark.parametrize("plan", ["x", "-1", "1.0", "²", "9" * 19])
def test_what_no_page_of_ours_sends_is_a_spoilt_page(plan: str) -> None:
    for form, field in ((Form.BASKET, ("plan", plan)), (Form.POINTS, (f"points-{plan}", "1"))):
        with pytest.raises(SpoiltPage):
            read(form, field)


@pytest.mark.parametrize("form", Form)
def test_a_blank_vote_is_said_in_so_many_words(form: Form) -> None:
    assert read(form, ("blank", "y")) == STATEMENTS[form]((), is_blank=True)
    assert not read(form).is_blank


def test_of_the_radio_buttons_the_one_without_a_plan_is_blank() -> None:
    assert read(Form.ONE, ("plan", "")).is_blank


@pytest.mark.parametrize("form", Form)
def test_what_a_page_sends_on_is_read_back_as_it_was(form: Form) -> None:
    field = "points-{}" if form is Form.POINTS else "plan"
    for statement in (read(form, (field.format(3), "3"), (field.format(1), "1")), read(form, ("blank", "y"))):
        assert read(form, *statement.fields) == statement


def test_how_much_is_used_is_counted_in_what_the_form_divides() -> None:
    ticked = [("plan", "1"), ("plan", "3")]
    given = [("points-1", "4"), ("points-2", "3")]
    for form, fields, used, whole in (
        (Form.BASKET, ticked, 4000, 5000),
        (Form.APPROVAL, ticked, 2, 3),
        (Form.ONE, ticked, 2, 1),
        (Form.POINTS, given, 7, 10),
        (Form.RANKING, ticked, 2, 3),
    ):
        statement, rules = read(form, *fields), rules_of(form)
        assert (statement.used(rules), statement.whole(rules)) == (used, whole)


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("0", "more:2", "1"),
        ("3", "more:2", "4"),
        ("4", "more:2", "4"),
        ("9", "more:2", "4"),
        ("2", "less:2", "1"),
        ("1", "less:2", None),
        ("0", "less:2", None),
        ("x", "more:2", "1"),
        ("4", "off:2", None),
    ],
)
def test_points_go_up_and_down_by_one_between_none_and_the_most(before: str, step: str, after: str | None) -> None:
    changed = read(Form.POINTS, ("points-2", before), ("points-1", "1")).after(step, rules_of(Form.POINTS))
    assert dict(changed.filled) == {1: "1"} | ({2: after} if after else {})


@pytest.mark.parametrize(
    ("step", "order"),
    [
        ("up:2", [2, 1, 3]),
        ("up:1", [1, 2, 3]),
        ("down:2", [1, 3, 2]),
        ("down:3", [1, 2, 3]),
        ("off:2", [1, 3]),
        ("on:4", [1, 2, 3, 4]),
        ("on:1", [2, 3, 1]),
    ],
)
def test_a_plan_moves_through_the_order(step: str, order: list[int]) -> None:
    before = read(Form.RANKING, *(("plan", plan) for plan in "123"))
    assert list(before.after(step, rules_of(Form.RANKING)).plan_ids) == order


def test_choosing_takes_back_the_blank_vote_and_removing_does_not() -> None:
    rules = rules_of(Form.POINTS)
    blank = read(Form.POINTS, ("blank", "y"))
    assert not blank.after("more:1", rules).is_blank
    assert blank.after("less:1", rules).is_blank


@pytest.mark.parametrize(
    ("form", "step"),
    [(Form.BASKET, "more:1"), (Form.POINTS, "up:1"), (Form.RANKING, "up:1"), (Form.RANKING, "on:x"), (Form.ONE, "x")],
)
def test_a_button_that_no_page_of_ours_has_spoils_the_page(form: Form, step: str) -> None:
    with pytest.raises(SpoiltPage):
        read(form).after(step, rules_of(form))
