"""What an attacker makes of a dump: orders of voters held against orders of ballots, and what chance alone gives."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb
from typing import TypeVar

Item = TypeVar("Item", int, str)
Pair = tuple[str, str]
ALARM = Fraction(1, 1_000_000)
"""How often a test may fail although nothing can be told."""


@dataclass(frozen=True)
class Knowledge:
    """One round: who cast which ballot, and in which orders a dump shows the voters and the ballots, by trace."""

    truth: dict[int, str]
    voters: dict[str, list[int]]
    ballots: dict[str, list[str]]


def orders_in(content: bytes, needles: Mapping[Item, bytes], name: str) -> Iterator[tuple[str, list[Item]]]:
    """The items by where their bytes stand in a file, by the first and by the last place; none if too few are there."""
    for which, find in (("first", content.find), ("last", content.rfind)):
        # The first half of the bytes, or else the second: where a page ends, a file cuts what it holds.
        cut = {item: (needle[: len(needle) // 2], needle[len(needle) // 2 :]) for item, needle in needles.items()}
        places = {item: next((at for half in halves if (at := find(half)) >= 0), -1) for item, halves in cut.items()}
        if sum(place >= 0 for place in places.values()) * 2 > len(places):
            yield f"{which} in {name}", sorted(shuffled(places), key=places.__getitem__)


def shuffled(items: Iterable[Item]) -> list[Item]:
    """In an order that tells nothing, so that what a trace leaves open stays open."""
    known = list(items)
    return secrets.SystemRandom().sample(known, len(known))


def joins(rounds: list[Knowledge]) -> Iterator[tuple[Pair, list[list[tuple[int, str]]]]]:
    """Every pair of traces that all rounds show: by round the voters, each with the ballot at the same place."""
    of_voters = [name for name in rounds[0].voters if all(name in each.voters for each in rounds)]
    of_ballots = [name for name in rounds[0].ballots if all(name in each.ballots for each in rounds)]
    for voters, ballots in product(of_voters, of_ballots):
        yield (voters, ballots), [list(zip(r.voters[voters], r.ballots[ballots], strict=True)) for r in rounds]
        turned = [list(zip(r.voters[voters], reversed(r.ballots[ballots]), strict=True)) for r in rounds]
        yield (voters, f"{ballots}, turned"), turned


def matched(rounds: list[Knowledge]) -> dict[Pair, int]:
    """How many voters each pair of traces gives their own ballot, in all rounds together."""
    return {
        pair: sum(r.truth[voter] == ballot for r, guess in zip(rounds, guesses, strict=True) for voter, ballot in guess)
        for pair, guesses in joins(rounds)
    }


def halved(rounds: list[Knowledge]) -> dict[Pair, int]:
    """How many ballots of the first half of the voters each pair of traces puts into the first half."""
    return {
        pair: sum(_in_first_half(r, guess) for r, guess in zip(rounds, guesses, strict=True))
        for pair, guesses in joins(rounds)
    }


def _in_first_half(known: Knowledge, guess: list[tuple[int, str]]) -> int:
    first = guess[: len(guess) // 2]
    return len({known.truth[voter] for voter, _ in first} & {ballot for _, ballot in first})


def most_by_chance(rounds: int, voters: int, attacks: int) -> int:
    """More matches than this come by chance in one of so many attacks less often than ALARM."""
    orders = [1, 0]  # of so many things, those that leave none at its place
    for number in range(2, voters + 1):
        orders.append((number - 1) * (orders[-1] + orders[-2]))
    return _most([comb(voters, hits) * orders[voters - hits] for hits in range(voters + 1)], rounds, attacks)


def most_in_half_by_chance(rounds: int, voters: int, attacks: int) -> int:
    """More ballots in the right half than this come by chance in one of so many attacks less often than ALARM."""
    half = voters // 2
    return _most([comb(half, hits) * comb(half, half - hits) for hits in range(half + 1)], rounds, attacks)


def _most(one: list[int], rounds: int, attacks: int) -> int:
    """The most hits in all rounds together before ALARM; `one` tells in how many equal cases of a round each comes."""
    cases, every = [1], sum(one) ** rounds
    for _ in range(rounds):
        cases = _sum_of(cases, one)
    most, beyond = len(cases) - 1, cases[-1]
    while attacks * Fraction(beyond, every) < ALARM:
        most -= 1
        beyond += cases[most]
    return most


def _sum_of(one: list[int], other: list[int]) -> list[int]:
    both = [0] * (len(one) + len(other) - 1)
    for (i, p), (j, q) in product(enumerate(one), enumerate(other)):
        both[i + j] += p * q
    return both
