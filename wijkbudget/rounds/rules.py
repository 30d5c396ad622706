"""What a round is made of: its kind, schedule and phases, counting and electorate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from ..people.rules import require_text
from ..places import rules as places
from ..refusal import Refusal
from ..tally.in_turn import MostVotes
from ..tally.rule import Rule
from .forms import BallotForm
from .voting import VotingTerms

HIGHEST_AMOUNT = 10**11  # cents: a milliard euros, more than any round divides
LONGEST_TITLE = 120
LONGEST_AREA_NAME = 80
LONGEST_CRITERION = 200
ADDRESSES = ("", "nieuw")  # no round can live there: the officials' page for a new round does


class Kind(StrEnum):
    """The kinds of online participation that the city reports on (annual report 2020)."""

    WIJKBUDGET = "wijkbudget"
    OPENBARE_RUIMTE = "openbare-ruimte"
    ENERGIECHALLENGE = "energiechallenge"
    WIJKAGENDA = "wijkagenda"


class Phase(StrEnum):
    """The phases of a round, in order."""

    ANNOUNCED = "announced"
    SUBMITTING = "submitting"
    REVIEWING = "reviewing"
    VOTING = "voting"
    COUNTING = "counting"
    RESULT = "result"


class StartsOutOfOrder(Refusal):
    """Each phase must start later than the one before it; details name the `phase` that starts too early."""


class PastIsFixed(Refusal):
    """A start that has passed cannot be moved, and nothing is made to start in the past; details name the `phase`."""


class WrongPhase(Refusal):
    """The round is not in the phase that this needs; details: when that `opens` and `closes`, whether it `is_early`."""


class NoEligible(Refusal):
    """An electorate has at least one person, otherwise there is no turnout (Oostduinen has no inhabitants)."""


class NoBudget(Refusal):
    """A round divides an amount above zero."""


class NoArea(Refusal):
    """A round has an area of one or more neighbourhoods."""


class NegativeThreshold(Refusal):
    """A plan needs zero likes or more."""


class NoCriteria(Refusal):
    """A round publishes at least one criterion, because every refusal of a plan names one."""


class RuleForOtherBallots(Refusal):
    """The counting rule cannot count ballots of this form; details: `rule`, its name."""


class RulesFrozen(Refusal):
    """The rules and the menu were frozen when the key of the urn was made; nothing of them changes any more."""


class RoundChanged(Refusal):
    """Somebody else changed the round after this form was shown."""


Starts = Sequence[tuple[Phase, datetime]]


def too_early(starts: Starts) -> tuple[Phase, ...]:
    """The phases that do not start later than the one before them."""
    return tuple(phase for (_, earlier), (phase, later) in pairwise(starts) if later <= earlier)


@dataclass(frozen=True)
class Schedule:
    """When each phase starts (UTC); it lasts until the next one starts. Raises StartsOutOfOrder."""

    submitting: datetime
    reviewing: datetime
    voting: datetime
    counting: datetime
    result: datetime

    def __post_init__(self) -> None:
        for phase in too_early(self.starts):
            raise StartsOutOfOrder(phase=phase)

    @property
    def starts(self) -> tuple[tuple[Phase, datetime], ...]:
        """Each phase after ANNOUNCED with its start, in order."""
        return (
            (Phase.SUBMITTING, self.submitting),
            (Phase.REVIEWING, self.reviewing),
            (Phase.VOTING, self.voting),
            (Phase.COUNTING, self.counting),
            (Phase.RESULT, self.result),
        )

    def phases_begun(self, moment: datetime) -> tuple[tuple[Phase, datetime], ...]:
        """The phases that have started by `moment`, in order."""
        return tuple((phase, start) for phase, start in self.starts if start <= moment)

    def phase_at(self, moment: datetime) -> Phase:
        """The phase at `moment`."""
        begun = self.phases_begun(moment)
        return begun[-1][0] if begun else Phase.ANNOUNCED

    def start_of(self, phase: Phase) -> datetime:
        """When `phase` starts; ANNOUNCED has no start (KeyError)."""
        return dict(self.starts)[phase]

    def end_of(self, phase: Phase) -> datetime | None:
        """When the next phase starts, None for the last."""
        later = [start for other, start in self.starts if list(Phase).index(other) > list(Phase).index(phase)]
        return later[0] if later else None


class SeedSource(StrEnum):
    """Where the seed of the lot comes from."""

    URN = "urn"
    """From the frozen rules and what lay in the urn."""
    DRAW = "draw"
    """From a public draw after closing, typed in by two officials."""


@dataclass(frozen=True)
class Counting:
    """How ballots are counted; `compares` says that the result page shows what other rules would have come to."""

    rule: Rule = field(default_factory=MostVotes)
    seed: SeedSource = SeedSource.URN
    compares: bool = False


@dataclass(frozen=True)
class Electorate:
    """How many people may vote, as the city counted them on `reference_date`. Raises NoEligible."""

    eligible: int
    reference_date: date

    def __post_init__(self) -> None:
        if self.eligible <= 0:
            raise NoEligible()


@dataclass(frozen=True)
class Terms:
    """All that an official decides about a round; `budget` in cents, `criteria` one sentence each.

    Raises TextMissing, TextTooLong, NoArea, NoBudget, NegativeThreshold, NoCriteria, RuleForOtherBallots.
    """

    kind: Kind
    title: str
    area_name: str
    neighbourhood_ids: tuple[int, ...]
    budget: int
    like_threshold: int
    schedule: Schedule
    ballot_form: BallotForm
    electorate: Electorate
    criteria: tuple[str, ...]
    counting: Counting = field(default_factory=Counting)
    voting: VotingTerms = field(default_factory=VotingTerms)

    def __post_init__(self) -> None:
        require_text(self.title, field="title", longest=LONGEST_TITLE)
        require_text(self.area_name, field="area_name", longest=LONGEST_AREA_NAME)
        if not self.neighbourhood_ids:
            raise NoArea()
        if self.budget <= 0:
            raise NoBudget()
        if self.like_threshold < 0:
            raise NegativeThreshold()
        require_criteria(self.criteria)
        if not self.counting.rule.takes(is_approval=self.ballot_form.is_approval):
            raise RuleForOtherBallots(rule=self.counting.rule.name)


def require_criteria(criteria: Sequence[str]) -> None:
    """Raise NoCriteria, TextMissing, TextTooLong unless these can be a round's published criteria."""
    if not criteria:
        raise NoCriteria()
    for criterion in criteria:
        require_text(criterion, field="criterion", longest=LONGEST_CRITERION)


def require_phase(schedule: Schedule, needed: Phase | tuple[Phase, ...], now: datetime) -> None:
    """Raise WrongPhase unless the round is in (one of) the `needed` phases, which follow each other."""
    allowed = (needed,) if isinstance(needed, Phase) else needed
    if schedule.phase_at(now) in allowed:
        return
    opens = dict(schedule.starts).get(allowed[0])
    raise WrongPhase(opens=opens, closes=schedule.end_of(allowed[-1]), is_early=opens is not None and now < opens)


def require_unfrozen(frozen_at: datetime | None) -> None:
    """Raise RulesFrozen if the rules of the round were frozen."""
    if frozen_at is not None:
        raise RulesFrozen()


def moved_past(starts: Starts, *, old: Schedule | None, now: datetime) -> tuple[Phase, ...]:
    """The phases whose start in `old` has passed and is moved, or that are now made to start in the past."""
    before = dict(old.starts) if old else {}
    return tuple(
        phase for phase, start in starts if start != before.get(phase) and min(start, before.get(phase, start)) <= now
    )


def require_open_past(new: Schedule, *, old: Schedule | None, now: datetime) -> None:
    """Raise PastIsFixed if `new` moves a start of `old` that has passed, or puts one into the past."""
    for phase in moved_past(new.starts, old=old, now=now):
        raise PastIsFixed(phase=phase)


def slug_of(title: str) -> str:
    """The title as part of an address, as that of places; `ronde` where nothing is left or the address is taken."""
    slug = places.slug_of(title)
    return "ronde" if slug in ADDRESSES else slug
