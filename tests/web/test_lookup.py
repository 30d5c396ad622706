"""What an address names."""

import pytest
from werkzeug.exceptions import NotFound

from tests.builders import Builder
from wijkbudget.web.lookup import neighbourhood_or_404, round_or_404, visible_plan_or_404

pytestmark = pytest.mark.usefixtures("dutch")


def test_known_addresses_lead_to_what_they_name(build: Builder) -> None:
    round_ = build.round()
    plan = build.placed_plan(round_)
    build.commit()
    assert round_or_404(round_.slug).id == round_.id
    assert neighbourhood_or_404(round_.neighbourhoods[0].slug).name == "Bezuidenhout"
    assert visible_plan_or_404(plan.id).id == plan.id


def test_unknown_addresses_are_not_found() -> None:
    for look in (lambda: round_or_404("x"), lambda: neighbourhood_or_404("x"), lambda: visible_plan_or_404(0)):
        with pytest.raises(NotFound):
            look()


def test_a_plan_that_is_not_placed_is_not_found_by_visitors(build: Builder) -> None:
    plan = build.plan(build.round())
    build.commit()
    with pytest.raises(NotFound):
        visible_plan_or_404(plan.id)
