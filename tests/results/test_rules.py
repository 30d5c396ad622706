"""The refusals of the results have nothing to tell but their names."""

import pytest

from wijkbudget.refusal import Refusal
from wijkbudget.results.rules import AlreadyPublished, NotCounted


@pytest.mark.parametrize("refusal", [NotCounted, AlreadyPublished])
def test_a_refusal_of_the_results_needs_no_details(refusal: type[Refusal]) -> None:
    assert refusal().details == {}
