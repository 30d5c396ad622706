"""Votes of a crowd: each voter likes some plans more than others and chooses a few that are allowed together."""

from collections.abc import Iterator, Mapping
from random import Random

from ..ballots.rules import FrozenRules

HOW_MANY = (1, 2, 2, 3, 3, 3, 4, 5)
BLANK = 0.02


def crowd(rules: FrozenRules, popularity: Mapping[int, int], *, voters: int, seed: str) -> Iterator[list[int]]:
    """Valid choices for so many voters; `popularity` says by plan id how much it is liked. Repeatable by its seed."""
    random = Random(seed)
    for _ in range(voters):
        wanted = _wanted(random, popularity)
        yield [] if random.random() < BLANK else _allowed(rules, wanted, random.choice(HOW_MANY))


def _wanted(random: Random, popularity: Mapping[int, int]) -> list[int]:
    """All plans, the popular ones more often in front (a weighted shuffle by Efraimidis and Spirakis)."""
    drawn = {plan: random.random() ** (1 / max(likes, 1)) for plan, likes in popularity.items()}
    return sorted(drawn, key=lambda plan: drawn[plan], reverse=True)


def _allowed(rules: FrozenRules, wanted: list[int], number: int) -> list[int]:
    """The first plans that may be chosen together, at most `number`."""
    costs = {item.plan_id: item.cost for item in rules.menu}
    most = rules.ballot_form.max_choices
    chosen: list[int] = []
    left = rules.budget
    for plan in wanted:
        if len(chosen) < min(number, most or number) and (most or costs[plan] <= left):
            chosen.append(plan)
            left -= costs[plan]
    return chosen
