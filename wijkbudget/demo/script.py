"""What is to happen in the demonstration city: one file in `rounds/` for each round, with its plans."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..clock import THE_HAGUE
from ..plans.rules import Draft
from ..rounds.forms import BallotForm, Form
from ..rounds.localtime import moment_of
from ..rounds.rules import Counting, Kind, Phase, Schedule
from ..rounds.voting import VotingTerms
from ..tally.counting import rule_of
from ..tally.in_turn import MostVotes

ROUNDS = Path(__file__).with_name("rounds")
HOURS = (10, 20, 10, 20, 12)  # submitting and voting begin in the morning and end in the evening
CENTS = 100
CRITERIA = (
    "Het plan is goed voor de hele wijk, niet voor één persoon of bedrijf.",
    "Het plan kan binnen 12 maanden klaar zijn.",
    "Het plan kost niet meer dan het budget van de ronde.",
    "Het plan ligt in de openbare ruimte van de wijk.",
    "Het plan mag van de wet en is veilig.",
)


class State(StrEnum):
    """How far the city has come with a plan."""

    NEW = "new"
    REFUSED = "refused"
    PLACED = "placed"
    NOT_FEASIBLE = "not-feasible"
    FEASIBLE = "feasible"


@dataclass(frozen=True)
class PlanScript:
    """A plan, what the city said to it if not the usual words, and in which phase its author withdrew it, if at all."""

    draft: Draft
    likes: int
    picture: str | None
    is_samiras: bool
    state: State
    criterion: str | None
    reason: str
    withdrawn: Phase | None


@dataclass(frozen=True)
class RoundScript:
    """A round; `voted` is how many people vote in it, `spare_codes` how many codes are kept to be tried out.

    `codes_waiting` is for how many codes one official asked, which another one can release.
    """

    kind: Kind
    title: str
    area: str
    wijken: tuple[int, ...]
    budget: int
    threshold: int
    form: BallotForm
    counting: Counting
    eligible: int
    voted: int
    spare_codes: int
    voting: VotingTerms
    codes_waiting: int
    schedule: Schedule
    plans: tuple[PlanScript, ...]


def read_rounds(now: datetime) -> list[RoundScript]:
    """All rounds, with dates around `now`, the oldest first."""
    files = sorted(ROUNDS.glob("*.toml"))
    return [_round(tomllib.loads(file.read_text(encoding="utf-8")), now) for file in files]


def _round(values: dict[str, Any], now: datetime) -> RoundScript:
    schedule = _schedule(values, now.astimezone(THE_HAGUE).date())
    return RoundScript(
        kind=Kind(values["kind"]),
        title=values["title"].format(year=schedule.voting.year),
        area=values["area"],
        wijken=tuple(values["wijken"]),
        budget=values["budget"] * CENTS,
        threshold=values["threshold"],
        form=_form(values),
        counting=_counting(values),
        eligible=values["eligible"],
        voted=values.get("voted", 0),
        spare_codes=values.get("spare_codes", 0),
        voting=VotingTerms.parse(values["voting"]) if "voting" in values else VotingTerms(),
        codes_waiting=values.get("codes_waiting", 0),
        schedule=schedule,
        plans=tuple(_plan(plan, values["threshold"], schedule.phase_at(now)) for plan in values.get("plan", ())),
    )


def _form(values: dict[str, Any]) -> BallotForm:
    form = values.get("ballots", {"form": Form.BASKET})
    return BallotForm(**form | {"form": Form(form["form"])})


def _counting(values: dict[str, Any]) -> Counting:
    rule = dict(values.get("rule", {"name": MostVotes.name}))
    return Counting(rule_of(rule.pop("name"), rule), compares=values.get("compares", False))


def _schedule(values: dict[str, Any], today: date) -> Schedule:
    if "last_year" in values:
        days = [date.fromisoformat(f"{today.year - 1}-{day}") for day in values["last_year"]]
    else:
        days = [today + timedelta(days) for days in values["days"]]
    shown = [datetime.combine(day, time(hour)) for day, hour in zip(days, HOURS, strict=True)]
    return Schedule(*(moment_of(wall, is_second=None) for wall in shown))


def _plan(values: dict[str, Any], threshold: int, phase: Phase) -> PlanScript:
    is_judged = values["likes"] >= threshold and phase in (Phase.VOTING, Phase.COUNTING, Phase.RESULT)
    written = {name: values[name] for name in ("title", "summary", "what", "why", "place")}
    return PlanScript(
        draft=Draft(**written, estimated_cost=values["cost"] * CENTS),
        likes=values["likes"],
        picture=values.get("picture"),
        is_samiras=values.get("author") == "samira",
        state=State(values.get("state", State.FEASIBLE if is_judged else State.PLACED)),
        criterion=CRITERIA[values["criterion"] - 1] if "criterion" in values else None,
        reason=values.get("reason", ""),
        withdrawn=Phase(values["withdrawn"]) if "withdrawn" in values else None,
    )
