"""What a year came to."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from wijkbudget.figures.rules import RoundFigures, Turnout, YearFigures, bounds, is_year
from wijkbudget.rounds.rules import Kind


def figures(*turnouts: Turnout | None, kind: Kind = Kind.WIJKBUDGET) -> YearFigures:
    return YearFigures(2021, tuple(RoundFigures("a", "A", kind, 10, 20, turnout) for turnout in turnouts))


def test_a_turnout_is_an_exact_share() -> None:
    assert Turnout(907, 3422).share == Fraction(907, 3422)


def test_the_plain_mean_weighs_rounds_and_the_weighted_one_weighs_residents() -> None:
    year = figures(Turnout(1, 2), Turnout(1, 10))
    assert year.mean == Fraction(3, 10)
    assert year.weighted == Fraction(2, 12)


def test_a_year_without_published_results_has_no_mean() -> None:
    year = figures(None)
    assert (year.mean, year.weighted, year.ballots) == (None, None, 0)


def test_only_published_results_count_for_turnout_and_ballots() -> None:
    year = figures(Turnout(5, 10), None)
    assert (year.mean, year.ballots) == (Fraction(1, 2), 5)


def test_plans_and_likes_are_added_up_over_all_rounds() -> None:
    year = figures(Turnout(5, 10), None)
    assert (year.plans, year.likes) == (20, 40)


def test_every_kind_is_told_also_when_there_was_none() -> None:
    kinds = dict(figures(None, None, kind=Kind.OPENBARE_RUIMTE).kinds)
    assert kinds == {Kind.WIJKBUDGET: 0, Kind.OPENBARE_RUIMTE: 2, Kind.ENERGIECHALLENGE: 0, Kind.WIJKAGENDA: 0}


@pytest.mark.parametrize(("year", "exists"), [(1999, False), (2000, True), (2100, True), (2101, False)])
def test_annual_reports_are_of_2000_to_2100(year: int, exists: bool) -> None:
    assert is_year(year) is exists


def test_a_year_begins_at_midnight_in_the_hague() -> None:
    assert bounds(2026) == (datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))
