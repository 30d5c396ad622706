"""What explanations are written with."""

import pytest

from tests.tally.telling import DUTCH
from wijkbudget.tally.words import kind, listed, quantity


@pytest.mark.parametrize(
    ("count", "in_points", "words"),
    [(1, False, "1 stem"), (2, False, "2 stemmen"), (0, True, "0 punten"), (1, True, "1 punt")],
)
def test_a_quantity_is_of_votes_or_of_points(count: int, in_points: bool, words: str) -> None:
    assert quantity(count, DUTCH, in_points=in_points) == words


def test_plans_get_votes_or_points() -> None:
    assert [kind(DUTCH, in_points=in_points) for in_points in (False, True)] == ["stemmen", "punten"]


@pytest.mark.parametrize(("names", "text"), [("", ""), ("A", "A"), ("AB", "A en B"), ("ABC", "A, B en C")])
def test_names_stand_in_a_sentence(names: str, text: str) -> None:
    assert listed(list(names), DUTCH) == text
