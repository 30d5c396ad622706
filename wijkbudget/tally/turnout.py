"""Turnout, exact: of one round, and over rounds by two means that are each named as what they are."""

from collections.abc import Iterable
from fractions import Fraction

from .instance import TallyError


class NoElectorate(TallyError):
    """Nobody was eligible, so there is no share of them that voted."""


class MoreVotersThanElectorate(TallyError):
    """More people voted than were eligible."""


class NegativeVoters(TallyError):
    """Fewer than zero people voted."""


class NoRounds(TallyError):
    """There is no mean over no rounds."""


def turnout(voted: int, eligible: int) -> Fraction:
    """The share of those eligible that voted; raises NoElectorate, MoreVotersThanElectorate or NegativeVoters."""
    if eligible <= 0:
        raise NoElectorate(f"{eligible} people were eligible")
    if voted > eligible:
        raise MoreVotersThanElectorate(f"{voted} people voted, {eligible} were eligible")
    if voted < 0:
        raise NegativeVoters(f"{voted} people voted")
    return Fraction(voted, eligible)


def mean_turnout(rounds: Iterable[tuple[int, int]]) -> Fraction:
    """The plain mean of the turnouts of (voted, eligible) rounds: rounds weigh the same; raises NoRounds."""
    turnouts = [turnout(voted, eligible) for voted, eligible in rounds]
    if not turnouts:
        raise NoRounds("no rounds to take the mean of")
    return Fraction(sum(turnouts), len(turnouts))


def weighted_turnout(rounds: Iterable[tuple[int, int]]) -> Fraction:
    """All who voted of all who were eligible in (voted, eligible) rounds: residents weigh the same; raises NoRounds."""
    checked = [(voted, eligible) for voted, eligible in rounds if turnout(voted, eligible) >= 0]
    if not checked:
        raise NoRounds("no rounds to take the mean of")
    return turnout(sum(voted for voted, _ in checked), sum(eligible for _, eligible in checked))
