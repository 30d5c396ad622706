"""Our elections as pabutools and abcvoting have them: other people's counts to compare ours with."""

from collections.abc import Iterator

from pabutools.election import ApprovalMultiProfile, FrozenApprovalBallot, Project
from pabutools.election import Instance as Theirs

from wijkbudget.tally.instance import Instance
from wijkbudget.tally.profile import Profile


def rows(profile: Profile) -> Iterator[tuple[frozenset[str], int]]:
    """The plans on each different ballot, and how often it was cast."""
    for row, times in enumerate(profile.times.tolist()):
        columns = profile.columns[profile.starts[row] : profile.starts[row + 1]].tolist()
        yield frozenset(profile.ids[column] for column in columns), times


def for_pabutools(instance: Instance, profile: Profile) -> tuple[Theirs, ApprovalMultiProfile]:
    """The same election, approval ballots merged, without the plans that take no part or have no votes.

    Without these: pabutools funds plans without any vote when money is left, ours never.
    """
    projects = {p.id: Project(p.id, p.cost) for p in instance.plans if p.id not in instance.withdrawn}
    projects = {plan_id: project for plan_id, project in projects.items() if plan_id in profile.ids}
    ballots = ApprovalMultiProfile()
    for named, times in rows(profile):
        ballots[FrozenApprovalBallot(projects[plan_id] for plan_id in named if plan_id in projects)] += times
    return Theirs(projects.values(), budget_limit=instance.budget), ballots


SMALL_ELECTIONS = (
    "Netherlands_Amsterdam_166.pb",
    "Netherlands_Amsterdam_289.pb",
    "Netherlands_Amsterdam_643.pb",
    "Poland_Warszawa_2019_Kamionek.pb",
    "Poland_Warszawa_2019_Wawrzyszew.pb",
    "Poland_Warszawa_2022_Bemowo.pb",
    "Poland_Warszawa_2026_Stary_Mokotow.pb",
)
"""Real approval elections small enough for the others to count them in a moment."""
