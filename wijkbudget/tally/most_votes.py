"""The rule *most votes that fit*: by votes, highest first; a plan that does not fit what is left is skipped."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .instance import Instance, Plan, Profile
from .outcome import Finding, Outcome, Tie, Verdict
from .ties import LotNeeded, TieOrder

RULE = "most votes that fit"


@dataclass(frozen=True)
class Turn:
    """One plan's turn: the money left before and after it."""

    plan: Plan
    votes: int
    left_before: int
    left_after: int

    @property
    def is_funded(self) -> bool:
        """Whether money went to it: no plan costs nothing."""
        return self.left_after < self.left_before


def most_votes(
    instance: Instance, profile: Profile, *, ties: TieOrder, withdrawn: frozenset[str] = frozenset()
) -> Outcome:
    """Counts; a withdrawn plan is passed over, a plan without votes is never funded.

    Raises UnknownPlan for a plan on a ballot or in `withdrawn` that takes no part; LotNeeded if who is funded hangs on
    a lot and `ties` has none.
    """
    instance.require_known(withdrawn)
    votes = votes_for(instance, profile)
    turns = take_turns(instance, votes, ties, withdrawn)
    funded = tuple(turn.plan.id for turn in turns if turn.is_funded)
    return Outcome(
        rule=RULE,
        tie_order=ties.name,
        budget=instance.budget,
        ballots=profile.ballots,
        ballots_with_funded=profile.naming_any(frozenset(funded)),
        funded=funded,
        left=turns[-1].left_after if turns else instance.budget,
        findings={finding.plan: finding for finding in find(instance, votes, turns, ties, withdrawn)},
        ties=tuple(Tie(tied[0].votes, ids(tied)) for tied in runs(turns, lambda a, b: a.votes == b.votes)),
        lots=deciding_lots(turns, ties),
        lot=ties.lot,
    )


def votes_for(instance: Instance, profile: Profile) -> dict[str, int]:
    """The votes of every plan, zero included; raises UnknownPlan."""
    points = profile.points()
    instance.require_known(points)
    return {plan.id: points.get(plan.id, 0) for plan in instance.plans}


def take_turns(instance: Instance, votes: dict[str, int], ties: TieOrder, withdrawn: frozenset[str]) -> list[Turn]:
    """The count itself: every plan that has votes and was not withdrawn gets one turn."""
    queue = [plan for plan in instance.plans if votes[plan.id] > 0 and plan.id not in withdrawn]
    # The id is no tie-break: it makes the listing of plans that wait for an undrawn lot independent of their entry.
    queue.sort(key=lambda plan: (-votes[plan.id], ties.key(plan, votes[plan.id]), plan.id))
    turns, left = [], instance.budget
    for plan in queue:
        after = left - plan.cost if plan.cost <= left else left
        turns.append(Turn(plan, votes[plan.id], left, after))
        left = after
    return turns


def runs(turns: Sequence[Turn], are_alike: Callable[[Turn, Turn], bool]) -> list[list[Turn]]:
    """The stretches of two or more neighbouring turns that are alike."""
    stretches: list[list[Turn]] = []
    for turn in turns:
        if stretches and are_alike(stretches[-1][-1], turn):
            stretches[-1].append(turn)
        else:
            stretches.append([turn])
    return [stretch for stretch in stretches if len(stretch) > 1]


def ids(turns: Iterable[Turn]) -> tuple[str, ...]:
    """The plan ids of these turns."""
    return tuple(turn.plan.id for turn in turns)


def deciding_lots(turns: Sequence[Turn], ties: TieOrder) -> tuple[tuple[str, ...], ...]:
    """The groups separated by nothing but the lot of which some plans are funded and some are not.

    Plans with equal votes and equal costs leave the same money behind in whichever order they come, so a group that is
    funded as a whole or not at all needs no lot, and no group depends on how the lot fell in an earlier one. Raises
    LotNeeded if there are such groups and no lot.
    """
    groups = runs(turns, lambda a, b: a.votes == b.votes and ties.needs_lot(a.plan, b.plan))
    lots = tuple(ids(group) for group in groups if group[0].is_funded and not group[-1].is_funded)
    if lots and not ties.lot:
        raise LotNeeded(lots)
    return lots


def find(
    instance: Instance, votes: dict[str, int], turns: Sequence[Turn], ties: TieOrder, withdrawn: frozenset[str]
) -> Iterable[Finding]:
    """A finding for every plan: those whose turn came in that order, then the others in string order of their ids."""
    for rank, turn in enumerate(turns, start=1):
        verdict = Verdict.FUNDED if turn.is_funded else Verdict.DOES_NOT_FIT
        lacked = None if turn.is_funded else lacking(turn.plan, turn.votes, instance.budget, turns, ties)
        yield Finding(
            turn.plan.id, verdict, turn.votes, turn.plan.cost, rank, turn.left_before, turn.left_after, lacked
        )
    seen = set(ids(turns))
    for plan in sorted((plan for plan in instance.plans if plan.id not in seen), key=lambda plan: plan.id):
        if plan.id in withdrawn:
            yield Finding(plan.id, Verdict.WITHDRAWN, votes[plan.id], plan.cost)
        else:
            lacked = lacking(plan, 0, instance.budget, turns, ties)
            yield Finding(plan.id, Verdict.NO_VOTES, 0, plan.cost, lacked=lacked)


def lacking(plan: Plan, votes: int, budget: int, turns: Sequence[Turn], ties: TieOrder) -> int | None:
    """How many more ballots naming this plan that was not funded would have funded it; None if no number would.

    Without this plan the count would have run the same, and money left never grows. So it is funded exactly if its turn
    comes before that of the first plan after which less than its cost is left: more votes than that one, or as many and
    ahead of it in the tie order.
    """
    if plan.cost > budget:
        return None
    first = bisect_right(turns, -plan.cost, key=lambda turn: -turn.left_after)
    if first == len(turns):
        return 1
    rival = turns[first]
    wins_tie = ties.key(plan, rival.votes) < ties.key(rival.plan, rival.votes)
    return rival.votes - votes + (0 if wins_tie else 1)
