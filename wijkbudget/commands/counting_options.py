"""What stands on the line of `wijkbudget count`, read as a rule, a tie order and plans that exclude each other."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import click

from ..tally.counting import RULES, rule_of
from ..tally.in_turn import MostVotes
from ..tally.instance import Instance
from ..tally.outcome import Settings
from ..tally.pabulib import Election
from ..tally.rule import Rule
from ..tally.ties import Cheapest, CheapestFirst, Dearest, Lexicographic, Lot, TieOrder
from ..tally.turns import WHOLE, BadSettings, Misfit

BY_LOT = "cheapest-then-lot"
ORDERS: Mapping[str, type[TieOrder]] = {kind.name: kind for kind in (Lexicographic, Cheapest, Dearest)}


def read_misfit(context: click.Context, option: click.Parameter, text: str | None) -> Settings:
    """`skip`, `stop`, or `stretch:PERCENT`."""
    name, colon, percent = (text or "").partition(":")
    if text is None:
        return {}
    is_stretch = name == Misfit.STRETCH
    is_number = percent.isascii() and percent.isdecimal() and 0 < int(percent) < WHOLE
    if name not in set(Misfit) or bool(colon) is not is_stretch or (is_stretch and not is_number):
        raise click.BadParameter(f"{text!r} is not skip, stop, or stretch:PERCENT, from 1 to 99", context, option)
    return {"misfit": name, "percent": int(percent)} if is_stretch else {"misfit": name}


def read_ties(context: click.Context, option: click.Parameter, text: str) -> tuple[str, str]:
    """The name of a tie order, and the seed of its lot, if it is one with a lot and its seed is given."""
    name, colon, seed = text.partition(":")
    if (name in ORDERS and not colon) or (name == BY_LOT and bool(colon) is bool(seed)):
        return name, seed
    raise click.BadParameter(f"{text!r} is not {', '.join(ORDERS)} or {BY_LOT}:SEED", context, option)


def read_groups(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """Each text is a group of plan ids with commas between them."""
    groups = tuple(frozenset(plan_id.strip() for plan_id in text.split(",")) for text in texts)
    if any(len(group) < 2 for group in groups):
        raise click.BadParameter("it takes two plans or more to exclude each other", context, option)
    return groups


@dataclass(frozen=True)
class Asked:
    """All options as they were given; None where one was left out."""

    rule: str | None
    misfit: Settings
    minimum: int | None
    utility: str | None
    completion: str | None
    stop: str | None
    ties: tuple[str, str]
    round_name: str
    exclusive: tuple[frozenset[str], ...]
    is_lenient: bool
    is_compared: bool
    has_margins: bool
    language: str
    is_json: bool

    @property
    def settings(self) -> Settings:
        """The settings of rules that were given."""
        given = {"minimum": self.minimum, "utility": self.utility, "completion": self.completion, "stop": self.stop}
        return {**self.misfit, **{name: value for name, value in given.items() if value is not None}}

    def instance(self, election: Election) -> Instance:
        """The plans of the file, with those that exclude each other. Raises UnknownPlan."""
        return replace(election.instance, exclusive=(*election.instance.exclusive, *self.exclusive))

    def tie_order(self) -> TieOrder:
        """The tie order; raises UnclearLot."""
        name, seed = self.ties
        if name != BY_LOT:
            return ORDERS[name]()
        return CheapestFirst(Lot(seed, self.round_name) if seed else None)

    def chosen_rule(self) -> Rule:
        """The rule with these settings; refuses an option that it does not know. Raises BadSettings."""
        name = self.rule or MostVotes.name
        known = known_settings(name, self.settings)
        if "stop" in known and not str(known.get("completion", "")).startswith("add-one"):
            raise click.UsageError("--stop belongs to a --completion that adds one")
        if strangers := self.settings.keys() - known.keys() - {"percent"}:
            raise click.UsageError(f"the rule {name} has no option --{min(strangers)}")
        return rule_of(name, known)

    def every_rule(self) -> tuple[list[Rule], dict[str, str]]:
        """Every rule, with those of these settings that it knows; and, by name, why some cannot have them."""
        rules, refused = list[Rule](), dict[str, str]()
        for name in RULES:
            try:
                rules.append(rule_of(name, known_settings(name, self.settings)))
            except BadSettings as reason:
                refused[name] = str(reason)
        return rules, refused


def known_settings(name: str, settings: Settings) -> Settings:
    """Those of these settings that the rule has."""
    return {field.name: settings[field.name] for field in fields(RULES[name]) if field.name in settings}
