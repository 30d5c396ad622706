"""How a ballot is filled in: the five forms, each with the limits that belong to it."""

from dataclasses import dataclass
from enum import StrEnum

from ..refusal import Refusal


class Form(StrEnum):
    """How a ballot is filled in."""

    BASKET = "basket"
    """Plans that together fit the budget."""
    APPROVAL = "approval"
    """At most so many plans."""
    ONE = "one"
    """One plan."""
    POINTS = "points"
    """Points, divided over plans."""
    RANKING = "ranking"
    """At most so many plans in an order, the best one first."""


class NeedsMaximum(Refusal):
    """A maximum of plans is at least one; an approval ballot and a ranking need one."""


class MinimumNotPositive(Refusal):
    """A minimum of plans is at least one, or there is none: a blank ballot is always valid."""


class MinimumOverMaximum(Refusal):
    """A ballot names no more plans at least than at most; details: `least`, `most`."""


class NeedsTotalPoints(Refusal):
    """A ballot with points divides at least one, and no more than `most`: more would only be hard to fill in."""


class NeedsMostPoints(Refusal):
    """One plan gets at most so many points: at least one, and no more than the ballot divides; details: `total`."""


class SettingOfOtherForm(Refusal):
    """This form of ballot has no such setting; details: `setting`."""


SETTINGS: dict[Form, frozenset[str]] = {
    Form.BASKET: frozenset({"max_choices", "min_choices"}),
    Form.APPROVAL: frozenset({"max_choices", "min_choices"}),
    Form.ONE: frozenset(),
    Form.POINTS: frozenset({"total_points", "most_points"}),
    Form.RANKING: frozenset({"max_choices"}),
}
"""The settings that each form may have; those of a basket may be left out, and so may a minimum."""

LIMITED = (Form.APPROVAL, Form.RANKING)
"""The forms that need a maximum of plans."""


MOST_POINTS = 10_000
"""What a ballot divides at most; with it, no round of a city comes near what can be added up exactly."""


@dataclass(frozen=True)
class BallotForm:
    """A form with its settings: at most `max_choices` and at least `min_choices` plans; `total_points` to divide, of
    which at most `most_points` for one plan.

    Raises SettingOfOtherForm, NeedsMaximum, MinimumNotPositive, MinimumOverMaximum, NeedsTotalPoints, NeedsMostPoints.
    """

    form: Form
    max_choices: int | None = None
    min_choices: int | None = None
    total_points: int | None = None
    most_points: int | None = None

    def __post_init__(self) -> None:
        for setting in sorted(frozenset[str]().union(*SETTINGS.values()) - SETTINGS[self.form]):
            if getattr(self, setting) is not None:
                raise SettingOfOtherForm(setting=setting)
        self._require_choices()
        if self.form is Form.POINTS:
            self._require_points()

    def _require_choices(self) -> None:
        most, least = self.max_choices, self.min_choices
        if self.form in LIMITED if most is None else most < 1:
            raise NeedsMaximum()
        if least is not None and least < 1:
            raise MinimumNotPositive()
        if most is not None and least is not None and least > most:
            raise MinimumOverMaximum(least=least, most=most)

    def _require_points(self) -> None:
        total, most = self.total_points or 0, self.most_points or 0
        if not 1 <= total <= MOST_POINTS:
            raise NeedsTotalPoints(most=MOST_POINTS)
        if not 1 <= most <= total:
            raise NeedsMostPoints(total=total)

    @property
    def is_approval(self) -> bool:
        """Whether a ballot gives every plan a point or none."""
        return self.form in (Form.BASKET, Form.APPROVAL, Form.ONE)
