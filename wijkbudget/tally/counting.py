"""All counting rules by name: a further rule is a module of its own and a line here."""

from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from typing import get_type_hints

from .best_value import BestValue
from .equal_shares import EqualShares
from .in_turn import MostVotes, VotesPerEuro
from .instance import TallyError
from .outcome import Settings
from .phragmen import Phragmen
from .rule import Rule
from .turns import BadSettings

RULES: dict[str, type[Rule]] = {rule.name: rule for rule in (MostVotes, VotesPerEuro, EqualShares, Phragmen, BestValue)}


class UnknownRule(TallyError):
    """No counting rule has this name."""


def rule_of(name: str, settings: Settings) -> Rule:
    """The rule with these settings, those left out at their defaults. Raises UnknownRule, BadSettings."""
    if name not in RULES:
        raise UnknownRule(f"no rule is called {name!r}; {', '.join(RULES)} are")
    kind = RULES[name]
    types = {field.name: get_type_hints(kind)[field.name] for field in fields(kind)}
    if strangers := settings.keys() - types.keys():
        raise BadSettings(f"the rule {name} has no setting {min(strangers)!r}")
    return kind(**{setting: _read(types[setting], value) for setting, value in settings.items()})


def _read(kind: Callable[[str | int], StrEnum | int], value: str | int) -> StrEnum | int:
    if isinstance(value, int) is not (kind is int):
        raise BadSettings(f"{value!r} is not {'a whole number' if kind is int else 'a text'}")
    try:
        return kind(value)
    except ValueError as error:
        raise BadSettings(str(error)) from error
