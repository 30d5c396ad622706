"""What the file of a real election declares, as a ballot form and a counting rule of ours."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from ..rounds.forms import BallotForm, Form
from ..tally.counting import rule_of
from ..tally.in_turn import MostVotes
from ..tally.pabulib import Election
from ..tally.pabulib_head import VoteType
from ..tally.rule import Rule
from ..tally.turns import Misfit

POZNAN = MostVotes(Misfit.STRETCH, 80)
ADD_ONE = {"utility": "cost", "completion": "add-one", "stop": "overspend"}


class CannotRehearse(Exception):
    """This election cannot be held through our doors; the text says why."""


def declared_form(election: Election) -> BallotForm:
    """The form of its ballots, as narrow as they all fit. Raises CannotRehearse.

    An approval file is a basket if it says so and every ballot fits the budget. In our ranking the first plan gets as
    many points as plans can be named, in a file as many as its ballot names: where ballots are shorter than the longest
    one, a ranking is held as points, so that every plan gets what the file gives it.
    """
    return FORMS[election.vote_type](election)


def declared_rule(election: Election) -> Rule | None:
    """The rule that the file declares; None if it is none of ours."""
    minimum = int(election.meta.get("min_project_score_threshold") or 0)
    name = election.meta.get("rule", "")
    if name == "greedy-custom":
        return POZNAN if election.meta.get("unit", "").startswith("Pozna") else None
    if name.startswith("equalshares/add1"):
        return rule_of("equal-shares", ADD_ONE)
    rules = {
        "greedy": MostVotes(),
        "greedy-threshold": MostVotes(minimum=minimum),
        "greedy-no-skip": MostVotes(Misfit.STOP, minimum=minimum),
    }
    return rules.get(name)


def official_winners(election: Election) -> frozenset[str] | None:
    """The plans that were officially funded, in Poznań with the one that was stretched to; None if that is not told."""
    if election.selected is None:
        return None
    return frozenset(election.selected) | frozenset(election.stretched if declared_rule(election) == POZNAN else ())


def _approval(election: Election) -> BallotForm:
    costs = {plan.id: plan.cost for plan in election.instance.plans}
    try:
        is_basket = Decimal(election.meta.get("max_sum_cost", "NaN")) == Decimal(election.meta["budget"])
    except InvalidOperation as reason:
        raise CannotRehearse(f"max_sum_cost {election.meta['max_sum_cost']!r} is no amount") from reason
    fits = all(sum(costs[plan] for plan, _ in ballot) <= election.instance.budget for ballot in election.ballots)
    return BallotForm(Form.BASKET) if is_basket and fits else BallotForm(Form.APPROVAL, _longest(election))


def _one(_: Election) -> BallotForm:
    return BallotForm(Form.ONE)


def _points(election: Election) -> BallotForm:
    """So many points as the file allows, or as were given where it does not say."""
    given = [[points for _, points in ballot] for ballot in election.ballots]
    total = max([1, int(election.meta.get("max_sum_points") or 0), *map(sum, given)])
    most = max([int(election.meta.get("max_points") or 0), *(points for ballot in given for points in ballot)])
    return BallotForm(Form.POINTS, total_points=total, most_points=min(most, total) or total)


def _ranking(election: Election) -> BallotForm:
    longest = _longest(election)
    orders = ({points for _, points in ballot} for ballot in election.ballots)
    if all(order == set(range(longest - len(order) + 1, longest + 1)) for order in orders):
        return BallotForm(Form.RANKING, longest)
    return _points(election)


def _longest(election: Election) -> int:
    return max(1, max(map(len, election.ballots), default=1))


FORMS: Mapping[VoteType, Callable[[Election], BallotForm]] = {
    VoteType.APPROVAL: _approval,
    VoteType.ONE: _one,
    VoteType.CUMULATIVE: _points,
    VoteType.ORDINAL: _ranking,
}
