"""What a voter filled in, right or wrong: read from a page, changed by its buttons, and turned into points.

One class for each way of filling in; the table `STATEMENTS` gives the one of a form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from werkzeug.datastructures import MultiDict

from ...ballots.forms import MistypedPoints, Points
from ...ballots.rules import FrozenRules, SpoiltPage, chosen, ranked
from ...rounds.forms import Form

Fields = MultiDict[str, str]
Filled = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Statement:
    """Plans by their ids in the voter's order, each with what was `filled` in for it; or blank, or neither, or both."""

    filled: Filled = ()
    is_blank: bool = False
    steps: ClassVar[frozenset[str]] = frozenset({"off"})

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """What stands on the page that was sent. Raises SpoiltPage."""
        return cls(cls._filled(fields), is_blank="blank" in fields or "" in fields.getlist("plan"))

    @classmethod
    def _filled(cls, fields: Fields) -> Filled:
        return tuple((_plan_id(text), "1") for text in fields.getlist("plan") if text)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The names and values by which a page sends this on, so that `read` gives it back."""
        return [*self._fields(), *([("blank", "y")] if self.is_blank else [])]

    def _fields(self) -> Iterable[tuple[str, str]]:
        return [("plan", str(plan_id)) for plan_id in self.plan_ids]

    @property
    def plan_ids(self) -> tuple[int, ...]:
        """The plans for which something was filled in, in the voter's order."""
        return tuple(plan_id for plan_id, _ in self.filled)

    def points(self, rules: FrozenRules) -> Points:
        """The points for each plan; whether they are a ballot is for the rules to say. Raises MistypedPoints."""
        return chosen(self.plan_ids)

    def used(self, rules: FrozenRules) -> int:
        """How much of `whole` this takes."""
        return len(self.plan_ids)

    def whole(self, rules: FrozenRules) -> int:
        """How much there is to choose with: plans, points or cents."""
        return rules.ballot_form.max_choices or 1

    def after(self, step: str, rules: FrozenRules) -> Self:
        """What stands there once a button of the page was pressed: `off:12` for plan 12. Raises SpoiltPage."""
        deed, _, plan = step.partition(":")
        if deed not in self.steps:
            raise SpoiltPage()
        changed: Self = getattr(self, f"_{deed}")(_plan_id(plan), rules)
        return replace(changed, is_blank=changed.is_blank and not changed.filled)

    def _off(self, plan_id: int, _rules: FrozenRules) -> Self:
        return replace(self, filled=tuple(each for each in self.filled if each[0] != plan_id))


class Basket(Statement):
    """Ticked plans that share a budget."""

    def used(self, rules: FrozenRules) -> int:
        """What the plans cost, in cents."""
        return sum(rules.costs.get(plan_id, 0) for plan_id in self.plan_ids)

    def whole(self, rules: FrozenRules) -> int:
        """The budget in cents."""
        return rules.budget


class Division(Statement):
    """Points that are divided over plans; a plan without points is not filled in."""

    steps = frozenset({"off", "more", "less"})

    @classmethod
    def _filled(cls, fields: Fields) -> Filled:
        typed = [(name.removeprefix("points-"), text.strip()) for name, text in fields.items(multi=True)
                 if name.startswith("points-")]  # fmt: skip
        return tuple((_plan_id(plan), text) for plan, text in typed if text.strip("0"))

    def _fields(self) -> Iterable[tuple[str, str]]:
        return [(f"points-{plan_id}", text) for plan_id, text in self.filled]

    def points(self, rules: FrozenRules) -> Points:
        """The points as they were typed. Raises MistypedPoints."""
        return tuple((plan_id, _whole_points(plan_id, text)) for plan_id, text in self.filled)

    def used(self, rules: FrozenRules) -> int:
        """All points that can be read."""
        return sum(_readable_points(text) for _, text in self.filled)

    def whole(self, rules: FrozenRules) -> int:
        """The points that a ballot divides."""
        return rules.ballot_form.total_points or 0

    def _more(self, plan_id: int, rules: FrozenRules) -> Self:
        return self._step(plan_id, rules, 1)

    def _less(self, plan_id: int, rules: FrozenRules) -> Self:
        return self._step(plan_id, rules, -1)

    def _step(self, plan_id: int, rules: FrozenRules, by: int) -> Self:
        most = rules.ballot_form.most_points or 0
        points = max(0, min(most, _readable_points(dict(self.filled).get(plan_id, "")) + by))
        others = self._off(plan_id, rules).filled
        return replace(self, filled=(*others, (plan_id, str(points))) if points else others)


class Ranking(Statement):
    """Plans in an order, the best one first."""

    steps = frozenset({"off", "on", "up", "down"})

    def points(self, rules: FrozenRules) -> Points:
        """The points of the order."""
        return ranked(self.plan_ids, rules.ballot_form)

    def _on(self, plan_id: int, rules: FrozenRules) -> Self:
        return replace(self, filled=(*self._off(plan_id, rules).filled, (plan_id, "1")))

    def _up(self, plan_id: int, rules: FrozenRules) -> Self:
        return self._move(plan_id, rules, -1)

    def _down(self, plan_id: int, rules: FrozenRules) -> Self:
        return self._move(plan_id, rules, 1)

    def _move(self, plan_id: int, rules: FrozenRules, by: int) -> Self:
        if plan_id not in self.plan_ids:
            raise SpoiltPage()
        others = list(self._off(plan_id, rules).filled)
        others.insert(max(0, self.plan_ids.index(plan_id) + by), (plan_id, "1"))
        return replace(self, filled=tuple(others))


STATEMENTS: Mapping[Form, type[Statement]] = {
    Form.BASKET: Basket,
    Form.APPROVAL: Statement,
    Form.ONE: Statement,
    Form.POINTS: Division,
    Form.RANKING: Ranking,
}
"""How a ballot of each form is filled in."""


def _plan_id(text: str) -> int:
    """The id that a page of ours sent. Raises SpoiltPage."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise SpoiltPage()
    return int(text)


def _whole_points(plan_id: int, text: str) -> int:
    """The number that was typed. Raises MistypedPoints."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise MistypedPoints(plan=plan_id)
    return int(text)


def _readable_points(text: str) -> int:
    """The points that were typed, none where they cannot be read."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
