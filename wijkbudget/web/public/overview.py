"""The city at this moment: its neighbourhoods, and the rounds that run in them, the most urgent first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ...places.queries import neighbourhoods
from ...places.tables import Neighbourhood
from ...plans.queries import placed_per_round
from ...rounds.queries import rounds
from ...rounds.rules import Phase
from ...rounds.tables import Round
from ..tilemap import TileMap, tile_map

URGENCY = (Phase.VOTING, Phase.SUBMITTING, Phase.REVIEWING, Phase.COUNTING)
"""The phases in which a round runs: first those in which residents can do something."""


@dataclass(frozen=True)
class City:
    """All neighbourhoods by number; `running` most urgent first, `plans` how many are placed, by round id."""

    neighbourhoods: Sequence[Neighbourhood]
    running: tuple[Round, ...]
    plans: dict[int, int]

    def round_in(self, neighbourhood: Neighbourhood) -> Round | None:
        """The most urgent round that runs here."""
        return next((round for round in self.running if neighbourhood in round.neighbourhoods), None)

    @property
    def map(self) -> TileMap:
        """The schematic map, with the neighbourhoods marked in which a round runs."""
        return tile_map(self.neighbourhoods, {here.slug for round in self.running for here in round.neighbourhoods})


def city(session: Session, now: datetime) -> City:
    """The city at this moment."""
    return City(neighbourhoods(session), running(rounds(session), now), placed_per_round(session))


def running(rounds: Iterable[Round], now: datetime) -> tuple[Round, ...]:
    """The rounds that run, the most urgent first: by phase, then by how soon it ends."""
    phases = {round: round.schedule.phase_at(now) for round in rounds}
    active = [round for round, phase in phases.items() if phase in URGENCY]
    return tuple(sorted(active, key=lambda round: (URGENCY.index(phases[round]), round.schedule.end_of(phases[round]))))
