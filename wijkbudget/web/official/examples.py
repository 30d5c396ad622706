"""A small worked example for every choice in a round's form: ten voters, four plans, € 100, counted as a round is."""

from functools import cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ...tally.counting import RULES, rule_of
from ...tally.instance import Instance, Plan
from ...tally.outcome import Finding, Outcome, Verdict
from ...tally.profile import Profile, approval
from ...tally.rule import Rule
from ...tally.ties import CheapestFirst, Lot
from ...tally.turns import Misfit
from ...tally.words import listed
from ..wording import PageWords, euros, number
from .settings import NUMBERS, QUESTIONS, USUAL_PERCENT

NAMES = {"a": _l("speeltuin"), "b": _l("sportveld"), "c": _l("banken"), "d": _l("bomen")}
PLANS = {"a": 5_000, "b": 6_000, "c": 1_000, "d": 4_000}
BALLOTS = {"ab": 7, "ad": 1, "bcd": 2}
"""Who chose which plans, and how many voters did."""

INSTANCE = Instance(10_000, tuple(Plan(plan_id, cost) for plan_id, cost in PLANS.items()), unit=100)
PROFILE = Profile.from_groups({approval(plans): times for plans, times in BALLOTS.items()})
LOT = Lot(seed="2026", round="1")
MINIMUM = 5


@cache
def outcome_of(rule: Rule) -> Outcome:
    """What the example comes to by this rule."""
    return rule.count(INSTANCE, PROFILE, CheapestFirst(LOT))


def votes() -> list[tuple[str, int, int]]:
    """The plans of the example: name, cost in cents, votes; most votes first."""
    points = PROFILE.points_by_plan()
    return [(str(NAMES[plan]), PLANS[plan], points[plan]) for plan in sorted(PLANS, key=lambda plan: -points[plan])]


def ballots() -> list[tuple[int, str]]:
    """Who voted: how many people, and the plans that they chose."""
    return [(times, plans_named(plans)) for plans, times in BALLOTS.items()]


def plans_named(plans: str | tuple[str, ...]) -> str:
    """These plans in a sentence."""
    return listed([str(NAMES[plan]) for plan in plans], PageWords())


def rule_example(name: str) -> str:
    """The example counted by this rule at its default settings."""
    outcome = outcome_of(RULES[name]())
    return f"{_begun(outcome)} {_funded(outcome)}".strip()


def setting_examples(name: str) -> dict[str, dict[str, str]]:
    """By setting and answer: the example with that answer, all else at its default; a number has one answer, empty."""
    shown = {
        setting: {answer: _with(name, setting, answer) for answer in answers}
        for setting, (_question, answers) in QUESTIONS[name].items()
    }
    if "minimum" in NUMBERS.get(name, ()):
        outcome = outcome_of(rule_of(name, {"minimum": MINIMUM}))
        shown["minimum"] = {
            "": _("Voorbeeld met minimaal %(votes)s. %(funded)s", votes=_votes(MINIMUM), funded=_funded(outcome))
        }
    return shown


def percent_example() -> str:
    """What a percentage comes to for one plan of the example."""
    cost = PLANS["a"]
    return _(
        "Bij %(percent)s%% gaat een plan van %(cost)s door als er nog %(enough)s is.",
        percent=USUAL_PERCENT, cost=euros(cost), enough=euros(cost * USUAL_PERCENT // 100),
    )  # fmt: skip


def lot_example() -> str:
    """What two plans draw in a lot."""
    drawn = {plan: LOT.number(plan)[:4] for plan in "cd"}
    first = min(drawn, key=LOT.number)
    return _(
        "Bij het getal %(seed)s trekken de banken %(one)s… en de bomen %(other)s…. Het laagste gaat voor: %(first)s.",
        seed=LOT.seed, one=drawn["c"], other=drawn["d"], first=NAMES[first],
    )  # fmt: skip


def comparison_example() -> str:
    """What two rules make of the example."""
    one, other = (outcome_of(RULES[name]()) for name in ("most-votes", "votes-per-euro"))
    return _(
        "In het voorbeeld winnen met meeste stemmen %(one)s, en met stemmen per euro %(other)s.",
        one=plans_named(one.funded), other=plans_named(other.funded),
    )  # fmt: skip


def _with(name: str, setting: str, answer: str) -> str:
    settings: dict[str, str | int] = {setting: answer}
    if answer == Misfit.STRETCH:
        settings["percent"] = USUAL_PERCENT
    if setting == "stop":
        settings["completion"] = "add-one"
    return _funded(outcome_of(rule_of(name, settings)))


def _funded(outcome: Outcome) -> str:
    plans = plans_named(outcome.funded)
    if outcome.left < 0:
        return _("Door gaan: %(plans)s. Dat is %(over)s te veel.", plans=plans, over=euros(-outcome.left))
    return _("Door gaan: %(plans)s. Over: %(left)s.", plans=plans, left=euros(outcome.left))


def _begun(outcome: Outcome) -> str:
    """How the count of the example begins."""
    first = next(found for found in outcome.steps if found.verdict is Verdict.FUNDED)
    name = str(NAMES[first.plan])
    match outcome.rule:
        case "most-votes":
            return _("Eerst komt: %(plan)s, met %(votes)s.", plan=name, votes=_votes(first.points))
        case "votes-per-euro":
            return _("Eerst komt: %(plan)s, %(price)s per stem.", plan=name, price=_per_vote(first))
        case "equal-shares":
            share = euros(int(outcome.endowment or 0))
            return _("Iedere stem krijgt %(share)s. Eerst komt: %(plan)s.", share=share, plan=name)
        case "phragmen":
            earned = euros(round(first.price or 0))
            return _("Als iedere stem %(earned)s heeft, komt: %(plan)s.", earned=earned, plan=name)
    return _("Samen krijgen zij %(votes)s.", votes=_votes(outcome.points_funded))


def _per_vote(found: Finding) -> str:
    return euros(found.cost // found.points)


def _votes(count: int) -> str:
    return ngettext("%(votes)s stem", "%(votes)s stemmen", count, votes=number(count))
