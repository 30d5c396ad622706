"""How a count by equal shares goes on when money is left: again with more for every ballot, or by taking turns."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from .course import Course, Market
from .instance import TallyError
from .outcome import Tie
from .spans import Span
from .ties import Rank

MOST_PATIENCE = 32
MOST_SPANS = 100_000
"""So many spans are looked at at most: of real elections Budapest 2024 takes most, 2,461; contrived ones never end."""


class TooManyIncrements(TallyError):
    """Adding one comes to no end within so many looks as no real election takes."""


class Completion(StrEnum):
    """What is done with the money that equal shares leave."""

    NONE = "none"
    MOST_VOTES = "most-votes"
    """The plans not funded take turns in the order of their points; each that fits is funded."""
    ADD_ONE = "add-one"
    """The count is done again with one unit of the currency more for every ballot, and again."""
    ADD_ONE_THEN_MOST_VOTES = "add-one-then-most-votes"

    @property
    def adds_one(self) -> bool:
        """Whether the count is done again with more."""
        return self in (Completion.ADD_ONE, Completion.ADD_ONE_THEN_MOST_VOTES)

    @property
    def takes_turns(self) -> bool:
        """Whether plans take turns in the end."""
        return self in (Completion.MOST_VOTES, Completion.ADD_ONE_THEN_MOST_VOTES)


class StopAt(StrEnum):
    """At which result adding one stops, beside the one that funds every plan with a point."""

    EXHAUSTIVE = "exhaustive"
    """The first to which no plan with a point can be added, or the last within the budget."""
    OVERSPEND = "overspend"
    """The last before the first over the budget, as in Wieliczka, Świecie and Assen."""


@dataclass
class Stride:
    """How many increments to try at once: fewer after a failure, more after some successes.

    How many successes is learned: twice as many where the last attempt at more failed, half as many where it did not.
    """

    width: int = 1
    last: int = 1
    successes: int = 0
    patience: int = 1

    def learn(self, *, is_too_wide: bool) -> None:
        """Adapts to what came of trying this width."""
        is_attempt = self.width > self.last
        if is_too_wide:
            self.patience = min(2 * self.patience, MOST_PATIENCE) if is_attempt else self.patience
            self.width = self.last = self.last if is_attempt else max(1, self.width // 2)
            self.successes = 0
            return
        self.patience = max(1, self.patience // 2) if is_attempt else self.patience
        self.last, self.successes = self.width, self.successes + 1
        if self.successes >= self.patience:
            self.width, self.successes = self.width + self.width // 4 + 1, 0


@dataclass
class Increments:
    """The courses with 0, 1, 2 … units more for every ballot than `start`; `ties` are all those met in any of them.

    What is funded does not grow with the endowment, so none may be passed over unseen. They are seen in spans: one
    counted for as many as surely fund the same, the length of a span felt for as it goes.
    """

    market: Market
    rank: Rank
    start: Fraction
    unit: int
    stop: StopAt
    ties: list[Tie] = field(default_factory=list)

    def final(self) -> Course:
        """The course that counts. Raises TooManyIncrements."""
        number = 0
        stride = Stride()
        for _ in range(MOST_SPANS):
            last = number + stride.width - 1
            funded = Span(self.market, self._endowment(number), self._endowment(last)).funded()
            stride.learn(is_too_wide=funded is None)
            if funded is None and last > number:
                continue
            if funded is None:
                funded = frozenset(self.course(number).prices)
            if self._left(funded) < 0:
                return self.course(number - 1)
            if self._is_last(funded):
                return self.course(number)
            number = last + 1
        raise TooManyIncrements(f"no end after {MOST_SPANS} looks, at {number} units more for every ballot")

    def course(self, number: int) -> Course:
        """The course with so many units more."""
        course = self.market.course(self._endowment(number), self.rank)
        self.ties += course.ties
        return course

    def _endowment(self, number: int) -> Fraction:
        return self.start + number * self.unit

    def _left(self, funded: Collection[str]) -> int:
        return self.market.budget - sum(self.market.backings[plan_id].cost for plan_id in funded)

    def _is_last(self, funded: Collection[str]) -> bool:
        left = self._left(funded)
        others = [backing.cost for plan_id, backing in self.market.backings.items() if plan_id not in funded]
        return not others or (self.stop is StopAt.EXHAUSTIVE and min(others) > left)
