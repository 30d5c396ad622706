"""The form in which an official writes down the terms of a round."""

from typing import Any

from ...rounds.localtime import wall_of
from ...rounds.rules import Electorate, Kind, Terms
from ...rounds.tables import Round
from ..forms import version_field
from .balloting import values_of_ballot
from .basics import lines
from .counting import values_of_counting
from .voting import VotingFields, values_of_voting


class TermsForm(VotingFields):
    """All terms of a round."""

    def terms(self) -> Terms:
        """The terms as they were filled in, once the form is valid."""
        return Terms(
            kind=Kind(self.kind.data),
            title=self.title.data,
            area_name=self.area_name.data,
            neighbourhood_ids=tuple(self.neighbourhoods.data),
            budget=self.budget.data,
            like_threshold=self.like_threshold.data,
            schedule=self.schedule,
            ballot_form=self.chosen_ballot(),
            electorate=Electorate(self.eligible.data, self.reference_date.data),
            criteria=lines(self.criteria.data),
            counting=self.chosen_counting(),
            voting=self.chosen_voting(),
        )


class EditTermsForm(TermsForm):
    """The terms of a round that exists; `version` tells which of them the official had before them."""

    version = version_field()


def terms_of(round: Round) -> dict[str, Any]:
    """What the form shows of a round that exists."""
    values: dict[str, Any] = {name: getattr(round, name) for name in ("title", "area_name", "budget", "like_threshold")}
    for phase, start in round.schedule.starts:
        wall = wall_of(start)
        values[phase.value] = wall.shown
        values[f"{phase.value}_which"] = {None: None, False: "first", True: "second"}[wall.is_second]
    return (
        values
        | {
            "kind": round.kind.value,
            "neighbourhoods": [place.id for place in round.neighbourhoods],
            "criteria": "\n".join(round.criteria),
            "eligible": round.electorate.eligible,
            "reference_date": round.electorate.reference_date,
            "version": round.version,
        }
        | values_of_ballot(round.ballot_form)
        | values_of_counting(round.counting)
        | values_of_voting(round.voting)
    )
