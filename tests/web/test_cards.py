"""Plans as cards."""

from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import SUBMITTING
from wijkbudget.plans.likes import like_plan
from wijkbudget.web.cards import cards


def test_a_card_knows_whether_who_looks_likes_the_plan(session: Session, build: Builder) -> None:
    round_, person = build.round(), build.person()
    liked, other = build.placed_plan(round_), build.placed_plan(round_, title="Bank")
    like_plan(session, plan=liked, person=person, now=SUBMITTING)
    assert [card.liked for card in cards(session, [liked, other], person)] == [True, False]
    assert [card.liked for card in cards(session, [liked, other])] == [False, False]


def test_cards_keep_the_order_of_the_plans(session: Session, build: Builder) -> None:
    round_ = build.round()
    plans = [build.placed_plan(round_, title=title) for title in ("Park", "Bank", "Muur")]
    assert [card.title for card in cards(session, plans[::-1])] == ["Muur", "Bank", "Park"]


def test_a_card_shows_the_checked_cost_or_else_the_estimate(session: Session, build: Builder) -> None:
    round_ = build.round()
    estimated, unknown = build.placed_plan(round_, cost=500), build.placed_plan(round_, title="Bank")
    unknown.estimated_cost = None
    assert [card.cost for card in cards(session, [estimated, unknown])] == [500, None]


def test_a_counted_card_has_points_and_a_tagged_one_a_word(session: Session, build: Builder) -> None:
    (card,) = cards(session, [build.placed_plan(build.round())])
    assert (card.points, card.won) == (None, False)
    counted = card.counted(3, "3 stemmen", won=True, cost=700).tagged("Op de stemlijst")
    assert (counted.points, counted.got, counted.won, counted.cost, counted.tag) == (
        3,
        "3 stemmen",
        True,
        700,
        "Op de stemlijst",
    )
