"""The one number by which a visitor is remembered."""

import pytest
from flask import session as cookie

from wijkbudget.plans.queries import SHUFFLE_PRIME
from wijkbudget.web.visitor import visitor_seed

pytestmark = pytest.mark.usefixtures("dutch")


def test_a_visitor_keeps_one_order_during_the_visit() -> None:
    assert visitor_seed() == visitor_seed() == cookie["seed"]


def test_every_seed_orders_the_plans() -> None:
    seed = visitor_seed()
    assert 0 < seed < SHUFFLE_PRIME  # zero, or a multiple of the prime, would put no plan before another
