"""The count for whoever checks it with a pencil: its steps as a table, its lot, and what voters got from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from shlex import quote

from .explain import in_points
from .outcome import Finding, Outcome
from .words import Words, kind, listed


@dataclass(frozen=True)
class Column:
    """A column of the table of steps: what it is called, what it means, and a cell for every step in their order."""

    title: str
    meaning: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """What one plan drew in the lot, and the line for a shell that anybody can check it with."""

    plan: str
    number: str
    check: str


def steps_in_words(outcome: Outcome, words: Words) -> tuple[Column, ...]:
    """The columns that fit the rule, beside the name of the plan; without cells where no plan had a turn."""
    return tuple(source(outcome, words) for source in _sources(outcome))


def start_in_words(outcome: Outcome, words: Words) -> str:
    """What every ballot held at the start, where ballots hold money; else empty."""
    if outcome.endowment is None:
        return ""
    return words.gettext("In deze telling begon iedere stemmer met %(amount)s.", amount=words.amount(outcome.endowment))


def measures_in_words(outcome: Outcome, words: Words) -> tuple[str, ...]:
    """What voters got from this outcome: with and without a funded plan, money on average, points that count."""
    if outcome.mean_amount is None:
        return ()
    amount = words.amount(outcome.mean_amount)
    got = words.gettext("Een stemmer krijgt gemiddeld voor %(amount)s aan plannen die hij of zij koos.", amount=amount)
    spent = words.gettext(
        "Van alle %(all)s %(votes)s gingen er %(funded)s naar plannen die doorgaan.",
        all=words.number(sum(found.points for found in outcome.findings.values())),
        votes=kind(words, in_points=in_points(outcome)), funded=words.number(outcome.points_funded),
    )  # fmt: skip
    return *_with_and_without(outcome, words), got, spent


def _with_and_without(outcome: Outcome, words: Words) -> tuple[str, str]:
    some, none = outcome.ballots_with_funded, outcome.ballots_without_funded
    chose = words.ngettext(
        "%(chose)s van de %(ballots)s stemmers koos minstens 1 plan dat doorgaat.",
        "%(chose)s van de %(ballots)s stemmers kozen minstens 1 plan dat doorgaat.",
        some, chose=words.number(some), ballots=words.number(outcome.ballots),
    )  # fmt: skip
    without = words.ngettext(
        "%(without)s stemmer koos geen plan dat doorgaat. Blanco stemmen tellen hier mee.",
        "%(without)s stemmers kozen geen plan dat doorgaat. Blanco stemmen tellen hier mee.",
        none, without=words.number(none),
    )  # fmt: skip
    return chose, without


def lot_in_words(outcome: Outcome, words: Words) -> tuple[str, ...]:
    """Whether a lot decided who is funded, and among whom."""
    if not outcome.lots:
        return (words.gettext("Er was geen loting nodig."),)
    groups = (listed([words.plan(plan) for plan in group], words) for group in outcome.lots)
    decided = [words.gettext("Het lot bepaalde de volgorde tussen %(plans)s.", plans=group) for group in groups]
    return *decided, words.gettext("Elk plan trok een getal. Het laagste getal ging eerst.")


def draws(outcome: Outcome) -> Iterator[Drawn]:
    """What the plans drew among which the lot decided, in the order of the lot."""
    lot = outcome.lot
    for plan in (plan for group in outcome.lots for plan in group if lot):
        if lot:
            parts = " ".join(quote(part) for part in (lot.seed, lot.round, plan))
            yield Drawn(plan, lot.number(plan), rf"printf '%s\n%s\n%s' {parts} | sha256sum")


Source = Callable[[Outcome, Words], Column]


def _sources(outcome: Outcome) -> tuple[Source, ...]:
    if outcome.rule == "best-value":
        return (_votes, _score, *MONEY) if outcome.settings["utility"] == "cost" else (_votes, *MONEY)
    if outcome.rule == "equal-shares":
        return (_votes, _price, _weight, *MONEY) if outcome.settings["utility"] == "cost" else (_votes, _price, *MONEY)
    own = {"votes-per-euro": _cost_of_a_vote, "phragmen": _earned}.get(outcome.rule)
    return (_votes, own, *MONEY) if own else (_votes, *MONEY)


def _column(title: str, meaning: str, outcome: Outcome, cell: Callable[[Finding], str]) -> Column:
    return Column(title, meaning, tuple(cell(step) for step in outcome.steps))


def _votes(outcome: Outcome, words: Words) -> Column:
    if in_points(outcome):
        title, meaning = words.gettext("Punten"), words.gettext("alle punten voor het plan samen")
    else:
        title, meaning = words.gettext("Aantal stemmen"), words.gettext("hoeveel mensen op het plan stemden")
    return _column(title, meaning, outcome, lambda step: words.number(step.points))


def _cost_of_a_vote(outcome: Outcome, words: Words) -> Column:
    if in_points(outcome):
        title = words.gettext("Kosten per punt")
        meaning = words.gettext("de kosten gedeeld door de punten; het laagste bedrag gaat eerst")
    else:
        title = words.gettext("Kosten per stem")
        meaning = words.gettext("de kosten gedeeld door de stemmen; het laagste bedrag gaat eerst")
    return _column(title, meaning, outcome, lambda step: words.amount(Fraction(step.cost, step.points)))


def _price(outcome: Outcome, words: Words) -> Column:
    def cell(step: Finding) -> str:
        if step.is_filled_in:
            return words.gettext("uit de rest")
        return NOTHING if step.price is None else words.amount(step.price)

    if in_points(outcome):
        title, meaning = words.gettext("Prijs per punt"), words.gettext("wat een stemmer voor elk punt betaalt")
    else:
        title, meaning = words.gettext("Ieder betaalt"), words.gettext("wat iedere stemmer voor het plan betaalt")
    return _column(title, meaning, outcome, cell)


def _weight(outcome: Outcome, words: Words) -> Column:
    """By what equal shares orders plans where utility is cost: the inverse of the price for a unit of cost."""
    title, meaning = (
        words.gettext("Telt als"),
        words.gettext("de kosten gedeeld door die prijs; het hoogste gaat eerst"),
    )
    return _column(
        title, meaning, outcome, lambda step: words.number(step.cost / step.price) if step.price else NOTHING
    )


def _earned(outcome: Outcome, words: Words) -> Column:
    title = words.gettext("Ieder kreeg")
    meaning = words.gettext("hoeveel geld iedere stemmer toen had gekregen; het laagste bedrag gaat eerst")
    return _column(title, meaning, outcome, lambda step: NOTHING if step.price is None else words.amount(step.price))


def _score(outcome: Outcome, words: Words) -> Column:
    title, most = words.gettext("Score"), kind(words, in_points=in_points(outcome))
    meaning = words.gettext("het aantal %(votes)s keer de kosten", votes=most)
    return _column(title, meaning, outcome, lambda step: words.amount(step.points * step.cost))


def _left_before(outcome: Outcome, words: Words) -> Column:
    title, meaning = words.gettext("Er was"), words.gettext("het geld dat er nog was")
    return _column(title, meaning, outcome, lambda step: words.amount(step.left_before or 0))


def _cost(outcome: Outcome, words: Words) -> Column:
    title, meaning = words.gettext("Het plan kost"), words.gettext("wat het plan kost")
    return _column(title, meaning, outcome, lambda step: words.amount(step.cost))


def _left_after(outcome: Outcome, words: Words) -> Column:
    title, meaning = words.gettext("Daarna is over"), words.gettext("het geld dat daarna nog over is")
    return _column(title, meaning, outcome, lambda step: words.amount(step.left_after or 0))


MONEY = (_left_before, _cost, _left_after)
NOTHING = "–"
"""What stands in a cell that has nothing to tell."""
