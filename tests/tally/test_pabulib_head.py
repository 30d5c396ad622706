import pytest

from tests.tally.elections import FILE
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.pabulib_head import (
    Form,
    Measure,
    Objections,
    Remark,
    VoteType,
    read_form,
    read_instance,
    read_meta,
    require_count,
    written,
)
from wijkbudget.tally.pabulib_text import PabulibError, read_head, unique

STRICT = Objections(is_lenient=False)


def changed(old: str, new: str) -> str:
    assert FILE.count(old) == 1
    return FILE.replace(old, new)


def instance(text: str) -> tuple[Instance, int]:
    head = read_head(text)
    return read_instance(read_meta(head, STRICT), unique(head.projects, "project_id"))


@pytest.mark.parametrize(
    ("amount", "minor", "decimals"),
    [("100.0", 100, 0), ("100.5", 10050, 2), ("100.125", 100125, 3), ("0", 0, 0), ("0.1000", 10, 2), ("0.01", 1, 2)],
)
def test_amounts_are_exact_in_the_smallest_unit_that_the_file_needs(amount: str, minor: int, decimals: int) -> None:
    unit = 10**decimals
    plans = (Plan("12", 60 * unit), Plan("3", 50 * unit), Plan("7", 40 * unit))
    assert instance(changed("budget;100", f"budget;{amount}")) == (Instance(minor, plans, unit), decimals)


def test_an_amount_of_eighteen_digits_and_as_many_decimals_is_kept_whole() -> None:
    amount = "9" * 18 + "." + "0" * 17 + "1"
    read, decimals = instance(changed("3;50;", f"3;{amount};"))
    assert (written(read.plans[1].cost, decimals), decimals) == (amount, 18)


def test_amounts_are_written_in_the_units_of_the_file() -> None:
    assert [written(minor, 2) for minor in (32223955, 0, 5)] == ["322239.55", "0.00", "0.05"]
    assert written(7, 0) == "7"


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("3;50;", "3;0;", 11, "plan '3' costs nothing"),
        ("3;50;", "3;0.00;", 11, "plan '3' costs nothing"),
        ("3;50;", "3;-5;", 11, "cost -5 is below zero"),
        ("3;50;", "3;50,00;", 11, "cost '50,00' is not an amount"),
        ("3;50;", "3;1e3;", 11, "cost '1e3' is not an amount"),
        ("3;50;", "3;;", 11, "cost '' is not an amount"),
        ("3;50;", "12;50;", 11, "project_id '12' stands in line 10 too"),
        ("3;50;", ";50;", 11, "project_id is empty"),
        ("budget;100", "budget;nan", 6, "value 'nan' is not an amount"),
        ("budget;100", "budget;-1", 6, "value -1 is below zero"),
        ("budget;100", "budget;" + "9" * 19, 6, f"value '{'9' * 19}' is not an amount"),
        ("budget;100\n", "", 6, "META does not name budget"),
        ("num_votes;4", "num_projects;4", 5, "key 'num_projects' stands in line 4 too"),
    ],
)
def test_money_or_plans_that_are_not_clear_are_refused_with_line_and_reason(
    old: str, new: str, line: int, reason: str
) -> None:
    with pytest.raises(PabulibError) as refused:
        instance(changed(old, new))
    assert (refused.value.line, refused.value.reason) == (line, reason)


def form_of(*meta: str, vote_type: str = "approval", decimals: int = 0) -> Form:
    text = changed("vote_type;approval\n", "\n".join([f"vote_type;{vote_type}", *meta, ""]))
    return read_form(read_meta(read_head(text), STRICT), {}, decimals)


def test_the_limits_are_those_that_meta_declares() -> None:
    form = form_of(
        "min_length;2", "max_sum_points;10", "max_points;", "max_sum_cost;99.99", "min_sum_cost;0.01", decimals=1
    )
    assert [(limit.key, limit.measure, limit.is_most, limit.bound) for limit in form.limits] == [
        ("min_length", Measure.LENGTH, False, 2),
        ("max_sum_points", Measure.SUM_POINTS, True, 10),
        ("min_sum_cost", Measure.SUM_COST, False, 1),
        ("max_sum_cost", Measure.SUM_COST, True, 999),
    ]
    least, most = form.limits[0], form.limits[3]
    assert (least.allows(1), least.allows(2), most.allows(999), most.allows(1000)) == (False, True, True, False)
    assert least.objection(1) == "length 1 is under min_length 2"
    assert most.objection(1000) == "sum_cost 100.0 is over max_sum_cost 99.9"


def test_one_plan_each_is_a_limit_of_its_own() -> None:
    (limit,) = form_of(vote_type="choose-1").limits
    assert limit.objection(2) == "length 2 is over choose-1: 1"


@pytest.mark.parametrize(
    ("meta", "line", "reason"),
    [
        ("max_length;three", 8, "max_length 'three' is not a whole number"),
        ("max_points;1.5", 8, "max_points '1.5' is not a whole number"),
        ("max_sum_cost;much", 8, "value 'much' is not an amount"),
        ("default_score;1", 8, "points for plans that a ballot does not name are not counted"),
    ],
)
def test_a_limit_that_is_not_understood_is_refused(meta: str, line: int, reason: str) -> None:
    with pytest.raises(PabulibError) as refused:
        form_of(meta)
    assert (refused.value.line, refused.value.reason) == (line, reason)


def test_a_vote_type_that_is_not_counted_is_refused_by_name() -> None:
    with pytest.raises(
        PabulibError, match=r"line 7: vote type 'scoring' is not counted; approval, choose-1, cumulative, ordinal are"
    ):
        form_of(vote_type="scoring")
    assert form_of("default_score;0", vote_type="ordinal").vote_type is VoteType.ORDINAL


def test_a_strict_reader_refuses_and_a_lenient_one_lists() -> None:
    record = read_meta(read_head(FILE), STRICT)["num_votes"]
    lenient = Objections(is_lenient=True)
    require_count(record, 4, STRICT)
    require_count(record, 3, lenient)
    assert lenient.listed == [Remark(5, "num_votes is '4', but the file has 3")]
    with pytest.raises(PabulibError, match="line 5: num_votes is '4', but the file has 3"):
        require_count(record, 3, STRICT)


def test_what_meta_says_that_is_left_alone_is_told_even_by_a_strict_reader() -> None:
    objections = Objections(is_lenient=False)
    text = changed("num_votes;4", "num_votes;4\nmax_sum_cost_per_category;5\nmin_project_cost;1")
    read_meta(read_head(text), objections)
    assert objections.listed == [Remark(6, "max_sum_cost_per_category is not looked at")]


def test_a_score_for_plans_that_are_not_named_may_be_left_empty() -> None:
    assert form_of("default_score;").vote_type is VoteType.APPROVAL


def test_where_meta_is_empty_the_first_line_is_told() -> None:
    head = read_head(FILE[: FILE.index("description")] + FILE[FILE.index("PROJECTS") :])
    with pytest.raises(PabulibError) as refused:
        read_meta(head, STRICT)
    assert refused.value.line == 1
