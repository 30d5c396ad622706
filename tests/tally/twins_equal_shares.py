"""Equal shares told as it happens: every voter has a purse of fractions, and every plan is priced anew each time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.profile import Ballot
from wijkbudget.tally.rule import Utility
from wijkbudget.tally.ties import Rank


@dataclass
class Told:
    """What happened in one run: the plans bought with their prices, the ties met, and all purses in the end."""

    endowment: Fraction
    purses: list[Fraction]
    prices: dict[str, Fraction] = field(default_factory=dict)
    ties: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def funded(self) -> set[str]:
        """Who is funded by this run."""
        return set(self.prices)


def least_price(cost: int, backers: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """The least price of a point at which (purse, points) together pay the cost; None if they cannot.

    What they pay grows in straight lines between the prices that empty a purse: the cost is met on one of these.
    """
    paid_before, price_before = Fraction(0), Fraction(0)
    for price in sorted({Fraction(purse) / points for purse, points in backers}):
        paid = sum((min(purse, price * points) for purse, points in backers), Fraction(0))
        if paid >= cost:
            return price_before + (price - price_before) * (cost - paid_before) / (paid - paid_before)
        paid_before, price_before = paid, price
    return None


def run(instance: Instance, ballots: Sequence[Ballot], utility: Utility, endowment: Fraction, rank: Rank) -> Told:
    """One run of equal shares."""
    told = Told(endowment, [endowment for _ in ballots])
    while True:
        ratios: dict[str, Fraction] = {}
        for plan in buyable(instance, ballots):
            backers = [(told.purses[voter], points) for voter, points in fans(plan, ballots)]
            price = least_price(plan.cost, backers)
            if plan.id not in told.prices and price is not None:
                ratios[plan.id] = price / (plan.cost if utility is Utility.COST else 1)
        if not ratios:
            return told
        equal = sorted((p for p, ratio in ratios.items() if ratio == min(ratios.values())), key=lambda p: rank[p])
        if len(equal) > 1:
            told.ties.append(tuple(equal))
        chosen = next(plan for plan in instance.plans if plan.id == equal[0])
        told.prices[chosen.id] = ratios[chosen.id] * (chosen.cost if utility is Utility.COST else 1)
        for voter, points in fans(chosen, ballots):
            told.purses[voter] -= min(told.purses[voter], told.prices[chosen.id] * points)


def fans(plan: Plan, ballots: Sequence[Ballot]) -> list[tuple[int, int]]:
    """The voters with a point for this plan, and their points."""
    return [(voter, given) for voter, ballot in enumerate(ballots) for name, given in ballot if name == plan.id]


def buyable(instance: Instance, ballots: Sequence[Ballot]) -> list[Plan]:
    """The plans that take part and have a point."""
    return [plan for plan in instance.plans if plan.id not in instance.withdrawn and fans(plan, ballots)]


def cost_of(instance: Instance, plan_ids: set[str]) -> int:
    """What these plans cost together."""
    return sum(plan.cost for plan in instance.plans if plan.id in plan_ids)


def final_run(rule: EqualShares, instance: Instance, ballots: Sequence[Ballot], rank: Rank) -> Told:
    """The run that counts."""
    endowment = Fraction(instance.budget, len(ballots)) if ballots else Fraction(0)
    told = run(instance, ballots, rule.utility, endowment, rank)
    while rule.completion in (Completion.ADD_ONE, Completion.ADD_ONE_THEN_MOST_VOTES):
        left = instance.budget - cost_of(instance, told.funded)
        others = [plan.cost for plan in buyable(instance, ballots) if plan.id not in told.funded]
        if not others or (rule.stop is StopAt.EXHAUSTIVE and all(cost > left for cost in others)):
            break
        endowment += instance.unit
        following = run(instance, ballots, rule.utility, endowment, rank)
        if cost_of(instance, following.funded) > instance.budget:
            break
        told = following
    return told


def filled_in(rule: EqualShares, instance: Instance, ballots: Sequence[Ballot], told: Told, rank: Rank) -> list[str]:
    """The plans that are funded by the order of points in the end."""
    if rule.completion not in (Completion.MOST_VOTES, Completion.ADD_ONE_THEN_MOST_VOTES):
        return []
    points = {plan.id: sum(given for _, given in fans(plan, ballots)) for plan in instance.plans}
    left, funded = instance.budget - cost_of(instance, told.funded), []
    for plan in sorted(buyable(instance, ballots), key=lambda plan: (-points[plan.id], rank[plan.id])):
        if plan.id not in told.funded and plan.cost <= left:
            funded.append(plan.id)
            left -= plan.cost
    return funded
