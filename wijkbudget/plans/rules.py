"""What a plan must be, when it may change, and what puts it on the menu."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..people.rules import require_text
from ..refusal import Refusal
from ..rounds.rules import Phase

DECIDING = (Phase.SUBMITTING, Phase.REVIEWING)
LONGEST_TITLE = 80
LONGEST_SUMMARY = 200
LONGEST_DESCRIPTION = 2000
LONGEST_PLACE = 120
LONGEST_REASON = 1000
LONGEST_ALT_TEXT = 250
PROMISED_DAYS = 7  # within which the city places a plan or says why not
LONGEST = {
    "title": LONGEST_TITLE,
    "summary": LONGEST_SUMMARY,
    "what": LONGEST_DESCRIPTION,
    "why": LONGEST_DESCRIPTION,
    "place": LONGEST_PLACE,
}
"""How many symbols each text of a plan may have."""
WIDTHS = (400, 800, 1200)


class CostOverBudget(Refusal):
    """A plan may not cost more than the round divides; details: `budget` in cents."""


class NotYourPlan(Refusal):
    """Only its author may change or withdraw a plan."""


class AlreadySubmitted(Refusal):
    """The author has a plan with this title in this round."""


class PlanDecided(Refusal):
    """A plan that the city has decided about can no longer be edited."""


class PlanWithdrawn(Refusal):
    """The plan was withdrawn by its author."""


class PlanChanged(Refusal):
    """The plan was changed after this page was shown."""


class AlreadyDecided(Refusal):
    """This decision about the plan was taken before."""


class NotPlaced(Refusal):
    """Only a plan that is placed can be liked or judged feasible."""


class PlanInfeasible(Refusal):
    """The city judged that the plan cannot be carried out, so likes no longer help it."""


class NamesNoCriterion(Refusal):
    """Not placing a plan names one of the round's published criteria."""


class NeedsCost(Refusal):
    """A feasible plan has a checked cost above zero."""


class PhotoNeedsText(Refusal):
    """A photo needs a text alternative."""


@dataclass(frozen=True)
class Draft:
    """A plan as its author wrote it; `estimated_cost` in cents, None if the author does not know.

    Raises TextMissing, TextTooLong.
    """

    title: str
    summary: str
    what: str
    why: str
    place: str
    estimated_cost: int | None

    def __post_init__(self) -> None:
        for field, longest in LONGEST.items():
            require_text(getattr(self, field), field=field, longest=longest)


def require_reason(reason: str) -> None:
    """Raise TextMissing, TextTooLong unless this tells an author why the city decided so."""
    require_text(reason, field="reason", longest=LONGEST_REASON)


def require_affordable(cost: int | None, *, budget: int) -> None:
    """Raise CostOverBudget if `cost` (cents) is more than the `budget` (cents)."""
    if cost is not None and cost > budget:
        raise CostOverBudget(budget=budget)


def named_criterion(criterion: str | None, *, placed: bool, criteria: Sequence[str]) -> str | None:
    """The published criterion that a plan which is not placed fails, None for a placed one. Raises NamesNoCriterion."""
    if placed:
        return None
    if criterion not in criteria:
        raise NamesNoCriterion()
    return criterion


def checked_cost(cost: int | None, *, feasible: bool, budget: int) -> int | None:
    """The cost (cents) of a feasible plan, None for one that is not. Raises NeedsCost, CostOverBudget."""
    if not feasible:
        return None
    if cost is None or cost <= 0:
        raise NeedsCost()
    require_affordable(cost, budget=budget)
    return cost


def enough_likes(likes: int, *, threshold: int) -> bool:
    """Whether so many likes bring a plan in reach of the ballot."""
    return likes >= threshold


def on_menu(*, is_feasible: bool, likes: int, threshold: int) -> bool:
    """Whether a plan that stands on the site comes on the ballot when voting opens."""
    return is_feasible and enough_likes(likes, threshold=threshold)


def waits_too_long(days: int) -> bool:
    """Whether a plan that was submitted so many days ago should have been placed, or not, by now."""
    return days > PROMISED_DAYS


def rendition_widths(width: int) -> tuple[int, ...]:
    """The widths in pixels, rising, in which a photo of `width` pixels is kept; it is never enlarged."""
    return tuple(shown for shown in WIDTHS if shown <= width) or (width,)
