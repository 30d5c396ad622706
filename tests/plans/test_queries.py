"""Which plans are found, and in what order."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import REVIEWING, SCHEDULE, SECOND, SUBMITTING
from wijkbudget.plans.queries import (
    PAGE_SIZE,
    all_placed,
    highest_cost,
    liked_by,
    menu_plans,
    photo_named,
    placed_per_round,
    placed_plans,
    plan_by_id,
    plan_totals,
    plans_by_id,
    plans_of,
    queue,
    rendition_of,
)
from wijkbudget.plans.tables import Like, Photo, Question, Rendition


def district_ids(build: Builder, *names: str) -> set[int]:
    return {build.district(name).id for name in names}


def test_only_placed_plans_are_listed(session: Session, build: Builder) -> None:
    round_ = build.round()
    placed, withdrawn = build.placed_plan(round_), build.placed_plan(round_)
    withdrawn.withdrawn_at = SUBMITTING
    build.plan(round_)
    build.decision(build.plan(round_), Question.PLACEMENT, is_yes=False)
    build.placed_plan(build.round(title="Een andere ronde"))
    assert all_placed(session, round_.id) == [placed]
    assert placed_plans(session, round_.id, seed=1) == [placed]


def test_the_order_is_the_visitors_own_and_stays(session: Session, build: Builder) -> None:
    round_ = build.round()
    for _ in range(20):
        build.placed_plan(round_)
    orders = [[plan.id for plan in placed_plans(session, round_.id, seed=seed)] for seed in (1, 2**31 - 2, 987_654_321)]
    assert orders[0] != orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(orders[2])
    assert orders[2] == [plan.id for plan in placed_plans(session, round_.id, seed=987_654_321)]


def test_pages_follow_each_other_without_overlap(session: Session, build: Builder) -> None:
    round_ = build.round()
    for _ in range(PAGE_SIZE + 3):
        build.placed_plan(round_)
    first, second, third = (placed_plans(session, round_.id, seed=7, page=page) for page in (1, 2, 3))
    assert (len(first), len(second), len(third)) == (PAGE_SIZE, 3, 0)
    assert not {plan.id for plan in first} & {plan.id for plan in second}


def test_the_menu_has_feasible_plans_with_enough_likes_by_number(session: Session, build: Builder) -> None:
    round_ = build.round(like_threshold=2)
    first, second = build.menu_plan(round_), build.menu_plan(round_)
    build.likes(build.placed_plan(round_), 5)
    too_few = build.placed_plan(round_)
    build.decision(too_few, Question.FEASIBILITY)
    build.likes(too_few, 1)
    refused = build.placed_plan(round_)
    build.decision(refused, Question.FEASIBILITY, is_yes=False)
    build.likes(refused, 2)
    build.menu_plan(round_).withdrawn_at = SUBMITTING
    assert menu_plans(session, round_.id) == [first, second]


def test_a_person_finds_the_own_plans_newest_first(session: Session, build: Builder) -> None:
    round_, author = build.round(), build.person()
    older, newer = build.plan(round_, author=author, title="Bank"), build.plan(round_, author=author, title="Boom")
    build.plan(round_)
    assert plans_of(session, author.id) == [newer, older]


def test_the_queue_has_what_waits_in_the_own_districts_oldest_first(session: Session, build: Builder) -> None:
    round_ = build.round(like_threshold=2)
    elsewhere = build.neighbourhood("Kijkduin", district="Loosduinen")
    late, early = build.plan(round_), build.plan(round_)
    early.submitted_at = SUBMITTING - SECOND
    build.plan(build.round(title="Wijkbudget Kijkduin", neighbourhoods=(elsewhere,)))
    build.plan(round_).withdrawn_at = SUBMITTING
    build.menu_plan(round_)
    build.decision(build.plan(round_), Question.PLACEMENT, is_yes=False)
    assert queue(session, district_ids(build, "Haagse Hout"), SUBMITTING) == [early, late]
    assert queue(session, frozenset(), SUBMITTING) == []


def test_a_placed_plan_waits_for_feasibility_once_it_has_enough_likes(session: Session, build: Builder) -> None:
    round_ = build.round(like_threshold=2)
    plan = build.placed_plan(round_)
    build.likes(plan, 1)
    districts = district_ids(build, "Haagse Hout")
    assert queue(session, districts, REVIEWING) == []
    build.likes(plan, 1)
    assert queue(session, districts, REVIEWING) == [plan]


def test_the_queue_is_open_from_submitting_until_voting(session: Session, build: Builder) -> None:
    plan = build.plan(build.round())
    districts = district_ids(build, "Haagse Hout")
    opens, closes = SCHEDULE.submitting, SCHEDULE.voting
    assert [queue(session, districts, moment) for moment in (opens - SECOND, opens, closes - SECOND, closes)] == [
        [], [plan], [plan], [],
    ]  # fmt: skip


def test_once_the_menu_is_frozen_nothing_waits(session: Session, build: Builder) -> None:
    round_ = build.round(like_threshold=0)
    build.plan(round_), build.placed_plan(round_), build.menu_plan(round_)
    districts = district_ids(build, "Haagse Hout")
    assert len(queue(session, districts, REVIEWING)) == plan_totals(session, round_.id).waiting == 2
    round_.frozen_at = REVIEWING
    session.flush()
    assert queue(session, districts, REVIEWING) == []


def test_a_round_in_two_districts_waits_for_both_and_once(session: Session, build: Builder) -> None:
    areas = build.neighbourhood(), build.neighbourhood("Kijkduin", district="Loosduinen")
    plan = build.plan(build.round(neighbourhoods=areas))
    assert queue(session, district_ids(build, "Loosduinen"), SUBMITTING) == [plan]
    assert queue(session, district_ids(build, "Loosduinen", "Haagse Hout"), SUBMITTING) == [plan]


def test_likes_are_found_per_person(session: Session, build: Builder) -> None:
    round_ = build.round()
    plan, other = build.placed_plan(round_), build.placed_plan(round_)
    build.likes(plan, 1)
    liker = session.scalars(select(Like.person_id)).one()
    assert liked_by(session, liker, [plan.id, other.id]) == {plan.id}
    assert liked_by(session, liker, []) == set()


def test_figures_leave_withdrawn_plans_out(session: Session, build: Builder) -> None:
    round_ = build.round()
    assert vars(plan_totals(session, round_.id)) == {"submitted": 0, "placed": 0, "likes": 0, "waiting": 0}
    build.likes(build.placed_plan(round_), 3)
    build.plan(round_)
    gone = build.placed_plan(round_)
    build.likes(gone, 2)
    gone.withdrawn_at = SUBMITTING
    assert vars(plan_totals(session, round_.id)) == {"submitted": 2, "placed": 1, "likes": 3, "waiting": 2}


def test_a_photo_is_found_by_name_and_width(session: Session, build: Builder) -> None:
    plan = build.plan(build.round())
    plan.photo = Photo(name="a" * 32, alt="Een bank", width=800, height=600)
    plan.photo.renditions = [Rendition(width=400, webp=b"small"), Rendition(width=800, webp=b"large")]
    session.flush()
    photo = photo_named(session, "a" * 32)
    assert photo is not None
    small = rendition_of(session, photo, 400)
    assert small is not None
    assert small.webp == b"small"
    assert rendition_of(session, photo, 1200) is None
    assert photo_named(session, "b" * 32) is None


def test_the_dearest_feasible_plan_tells_how_low_a_budget_may_go(session: Session, build: Builder) -> None:
    round_ = build.round()
    assert highest_cost(session, round_.id) == 0
    build.placed_plan(round_, cost=3_000_000)
    build.menu_plan(round_, cost=1_000_000)
    build.menu_plan(round_, title="Ingetrokken", cost=2_000_000).withdrawn_at = SUBMITTING
    session.flush()
    assert highest_cost(session, round_.id) == 1_000_000


def test_a_plan_is_found_by_its_number(session: Session, build: Builder) -> None:
    plan = build.plan(build.round())
    assert plan_by_id(session, plan.id) is plan
    assert plan_by_id(session, plan.id + 1) is None


def test_only_plans_that_stand_on_the_site_count_as_placed(session: Session, build: Builder) -> None:
    round_ = build.round()
    build.placed_plan(round_)
    build.plan(round_, title="Wacht")
    build.placed_plan(round_, title="Weg").withdrawn_at = SUBMITTING
    session.flush()
    assert placed_per_round(session) == {round_.id: 1}


def test_plans_are_found_by_their_numbers_withdrawn_ones_too(session: Session, build: Builder) -> None:
    round_ = build.round()
    first, withdrawn, _other = (build.plan(round_) for _ in range(3))
    withdrawn.withdrawn_at = SUBMITTING
    assert plans_by_id(session, [withdrawn.id, first.id, 0]) == [first, withdrawn]
