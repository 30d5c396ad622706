"""Our count against pabutools on real elections: the same winners in how much less CPU time, medians of one run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from pabutools import rules as theirs
from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib

from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.completion import Completion
from wijkbudget.tally.counting import RULES
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.rule import Rule
from wijkbudget.tally.ties import Lexicographic

from .measure import seconds

ELECTIONS = Path(__file__).resolve().parents[2] / "shared" / "data" / "pabulib"
LARGE, SMALL = "Poland_Lodz_2022.pb", "Poland_Wieliczka_2023_Green_Budget.pb"
RUNS, THEIR_RUNS = 7, 3

Winners = Callable[[], object]


@dataclass(frozen=True)
class Contest:
    """One thing done by pabutools and by us, and how many times faster ours is to be."""

    name: str
    theirs: Winners
    ours: Winners
    goal: int


def contests() -> list[Contest]:
    """All that is compared, if the collection of real elections is there."""
    if not ELECTIONS.is_dir():
        return []
    return [*_large(ELECTIONS / LARGE), *_small(ELECTIONS / SMALL)]


def run(contest: Contest) -> str:
    """The line to print. Raises RuntimeError if the two do not agree on the winners."""
    their_times, their_winners = _timed(contest.theirs, THEIR_RUNS)
    our_times, our_winners = _timed(contest.ours, RUNS)
    if their_winners != our_winners:
        raise RuntimeError(f"{contest.name}: other winners than pabutools")
    their_time, our_time = median(their_times), median(our_times)
    ratio = their_time / our_time
    verdict = "met" if ratio >= contest.goal else "NOT MET"
    return (
        f"  {contest.name:<44} {their_time:>8.3f} s {our_time:>8.4f} s {ratio:>7.0f} ×   {contest.goal:>4} × {verdict}"
    )


def slowest() -> str:
    """The slowest of all elections by all rules but best value, and what they take together."""
    kinds = [kind() for name, kind in RULES.items() if name != BestValue.name]
    times = [(*_alone(path, rule), path.name) for path in sorted(ELECTIONS.glob("*.pb")) for rule in kinds]
    worst, rule, name = max(times, default=(0.0, "", "no elections are here"))
    return f"  {worst:.2f} s: {name} {rule}; all {len(times)} counts together {sum(time for time, *_ in times):.0f} s"


def _alone(path: Path, rule: Rule) -> tuple[float, str]:
    """The CPU time from the bytes of one file to the findings by one rule, where the rule takes its ballots."""

    def count() -> None:
        election = read_election(path.read_bytes(), is_lenient=True)
        if rule.takes(is_approval=election.profile.is_approval):
            rule.count(election.instance, election.profile, Lexicographic())

    return seconds(count)[0], rule.name


def _timed(act: Winners, runs: int) -> tuple[list[float], object]:
    timed = [seconds(act) for _ in range(runs)]
    return [time for time, _ in timed], timed[0][1]


def _large(path: Path) -> list[Contest]:
    content = path.read_bytes()
    instance, ballots = parse_pabulib(str(path))
    merged = ballots.as_multiprofile()

    def whole_way() -> frozenset[str]:
        read, profile = parse_pabulib(str(path))
        return _names(theirs.greedy_utilitarian_welfare(read, profile.as_multiprofile(), sat_class=Cost_Sat))

    return [
        Contest("Łódź 2022: reading", lambda: len(parse_pabulib(str(path))[1]),
                lambda: read_election(content).profile.ballots, 15),
        Contest("Łódź 2022: most votes, from file to winners", whole_way, lambda: _ours(content, MostVotes()), 50),
        *_rules("Łódź 2022", content, instance, merged, shares=300, adding=150),
        Contest("Łódź 2022: phragmén", lambda: _names(theirs.sequential_phragmen(instance, merged)),
                _counting(content, Phragmen()), 150),
        Contest("Łódź 2022: best value",
                lambda: _names(theirs.max_additive_utilitarian_welfare(instance, merged, sat_class=Cardinality_Sat)),
                _counting(content, BestValue()), 20),
    ]  # fmt: skip


def _small(path: Path) -> list[Contest]:
    instance, ballots = parse_pabulib(str(path))
    return _rules("Wieliczka 2023", path.read_bytes(), instance, ballots.as_multiprofile(), shares=30, adding=30)


def _rules(name: str, content: bytes, instance: object, merged: object, *, shares: int, adding: int) -> list[Contest]:
    def plain() -> frozenset[str]:
        return _names(theirs.method_of_equal_shares(instance, merged, sat_class=Cost_Sat))

    def add_one() -> frozenset[str]:
        return _names(theirs.method_of_equal_shares(instance, merged, sat_class=Cost_Sat, voter_budget_increment=1))

    adding_one = EqualShares(completion=Completion.ADD_ONE)
    return [
        Contest(f"{name}: equal shares", plain, _counting(content, EqualShares()), shares),
        Contest(f"{name}: equal shares, add one", add_one, _counting(content, adding_one), adding),
    ]


def _counting(content: bytes, rule: Rule) -> Winners:
    """Counts ballots that were read before; the copy remembers nothing of an earlier count."""
    election = read_election(content)
    return lambda: frozenset(rule.count(election.instance, replace(election.profile), Lexicographic()).funded)


def _ours(content: bytes, rule: Rule) -> frozenset[str]:
    election = read_election(content)
    return frozenset(rule.count(election.instance, election.profile, Lexicographic()).funded)


def _names(winners: object) -> frozenset[str]:
    return frozenset(str(plan) for plan in winners)  # type: ignore[attr-defined]
