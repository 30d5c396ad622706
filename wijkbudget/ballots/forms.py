"""What a ballot with points must be: one function for each form."""

from collections.abc import Callable, Mapping
from typing import Protocol

from ..refusal import Refusal
from ..rounds.forms import BallotForm, Form


class NotOnMenu(Refusal):
    """The ballot names a plan that is not on this round's menu."""


class PlanTwice(Refusal):
    """The ballot names a plan twice."""


class OverBudget(Refusal):
    """The chosen plans together cost more than the budget; details: `over` in cents."""


class TooManyChoices(Refusal):
    """The ballot names more plans than the form allows; details: `most`, `chosen`."""


class TooFewChoices(Refusal):
    """The ballot names plans, but fewer than the form asks for; details: `least`, `chosen`."""


class NotOneChoice(Refusal):
    """The ballot names more plans than the one that it may name; details: `chosen`."""


class TooManyPoints(Refusal):
    """The ballot divides more points than there are; details: `over`, `total`."""


class TooManyPointsForPlan(Refusal):
    """The ballot gives one plan more points than a plan may get; details: `most`, `plan` (its id)."""


class TooFewPointsForPlan(Refusal):
    """The ballot names a plan without giving it a point; details: `plan` (its id)."""


class MistypedPoints(Refusal):
    """The text cannot be a number of points, so nobody knows how many are meant; details: `plan` (its id)."""


class NotARanking(Refusal):
    """The points are not those of an order: as many as the form allows for the first plan, one fewer for each next."""


Points = tuple[tuple[int, int], ...]
"""(plan id, points) pairs; ascending, each plan once, where it is a ballot."""


class Limits(Protocol):
    """What decides which ballots are valid: frozen rules."""

    @property
    def ballot_form(self) -> BallotForm:
        """The form with its settings."""

    @property
    def budget(self) -> int:
        """The budget in cents."""

    @property
    def costs(self) -> Mapping[int, int]:
        """The cost of each plan on the menu by its id, in cents."""


def _require_basket(pairs: Points, limits: Limits) -> None:
    """Raises OverBudget, TooManyChoices, TooFewChoices, TooManyPointsForPlan, TooFewPointsForPlan."""
    total = sum(limits.costs[plan_id] for plan_id, _ in pairs)
    if total > limits.budget:
        raise OverBudget(over=total - limits.budget)
    _require_approval(pairs, limits)


def _require_approval(pairs: Points, limits: Limits) -> None:
    """Raises TooManyChoices, TooFewChoices, TooManyPointsForPlan, TooFewPointsForPlan."""
    _require_points_each(pairs, most=1)
    most, least = limits.ballot_form.max_choices, limits.ballot_form.min_choices
    if most is not None and len(pairs) > most:
        raise TooManyChoices(most=most, chosen=len(pairs))
    if least is not None and len(pairs) < least:
        raise TooFewChoices(least=least, chosen=len(pairs))


def _require_one(pairs: Points, _limits: Limits) -> None:
    """Raises NotOneChoice, TooManyPointsForPlan, TooFewPointsForPlan."""
    if len(pairs) != 1:
        raise NotOneChoice(chosen=len(pairs))
    _require_points_each(pairs, most=1)


def _require_points(pairs: Points, limits: Limits) -> None:
    """Raises TooManyPointsForPlan, TooFewPointsForPlan, TooManyPoints."""
    total = limits.ballot_form.total_points or 0
    _require_points_each(pairs, most=limits.ballot_form.most_points or 0)
    over = sum(points for _, points in pairs) - total
    if over > 0:
        raise TooManyPoints(over=over, total=total)


def _require_ranking(pairs: Points, limits: Limits) -> None:
    """Raises TooManyChoices, NotARanking."""
    most = limits.ballot_form.max_choices or 0
    if len(pairs) > most:
        raise TooManyChoices(most=most, chosen=len(pairs))
    if {points for _, points in pairs} != set(range(most - len(pairs) + 1, most + 1)):
        raise NotARanking()


def _require_points_each(pairs: Points, *, most: int) -> None:
    for plan_id, points in pairs:
        if points > most:
            raise TooManyPointsForPlan(most=most, plan=plan_id)
        if points < 1:
            raise TooFewPointsForPlan(plan=plan_id)


CHECKS: dict[Form, Callable[[Points, Limits], None]] = {
    Form.BASKET: _require_basket,
    Form.APPROVAL: _require_approval,
    Form.ONE: _require_one,
    Form.POINTS: _require_points,
    Form.RANKING: _require_ranking,
}
"""What a ballot with points must be, by its form."""
