"""How a rule counts, in words: what it is called, how it goes, and what it does when plans stand equal."""

from collections.abc import Callable
from dataclasses import dataclass

from .outcome import Settings
from .words import Words, kind


def rule_title(rule: str, words: Words, *, in_points: bool = False) -> str:
    """What the rule is called; a rule without words keeps its own name."""
    votes = kind(words, in_points=in_points)
    titles = {
        "most-votes": words.gettext("Meeste %(votes)s", votes=votes),
        "votes-per-euro": words.gettext("Meeste %(votes)s per euro", votes=votes),
        "equal-shares": words.gettext("Gelijke delen"),
        "phragmen": words.gettext("Samen sparen (Phragmén)"),
        "best-value": words.gettext("Beste groep plannen"),
    }
    return titles.get(rule, rule)


def rule_in_words(rule: str, settings: Settings, words: Words, *, in_points: bool = False) -> str:
    """How this rule goes with all these settings, in a few short sentences; empty for a rule without words."""
    if rule not in RULES:
        return ""
    return " ".join(filter(None, RULES[rule](Method(settings, words, in_points))))


def ties_in_words(tie_order: str, words: Words, *, in_points: bool = False) -> str:
    """Who goes first when plans stand equal."""
    match tie_order:
        case "lexicographic":
            return words.gettext("Staan plannen gelijk? Dan beslist de volgorde van hun codes.")
        case "cheapest":
            return words.gettext("Staan plannen gelijk? Dan gaat het goedkoopste voor, en daarna de eerste code.")
        case "dearest":
            return words.gettext("Staan plannen gelijk? Dan gaat het duurste voor, en daarna de eerste code.")
    most = kind(words, in_points=in_points)
    return words.gettext(
        "Staan plannen gelijk? Dan gaat het goedkoopste voor, en daarna het plan met de meeste %(votes)s. "
        "Is ook dat gelijk, dan beslist het lot.",
        votes=most,
    )


@dataclass(frozen=True)
class Method:
    """The settings of a rule, and the words to tell how it goes; each method gives the sentences of one rule."""

    settings: Settings
    words: Words
    in_points: bool

    @property
    def votes(self) -> str:
        """Votes, or points."""
        return kind(self.words, in_points=self.in_points)

    def most_votes(self) -> tuple[str, ...]:
        """In turn, by points."""
        order = self.words.gettext("We zetten de plannen op volgorde: de meeste %(votes)s eerst.", votes=self.votes)
        return order, *self._turns()

    def votes_per_euro(self) -> tuple[str, ...]:
        """In turn, by points for each unit of cost."""
        return (
            self.words.gettext("We delen de %(votes)s van elk plan door wat het kost.", votes=self.votes),
            self.words.gettext("Het plan met de meeste %(votes)s per euro gaat eerst.", votes=self.votes),
            *self._turns(),
        )

    def _turns(self) -> tuple[str, ...]:
        minimum, words = int(self.settings["minimum"]), self.words
        misfits = {
            "skip": words.gettext("Past het niet? Dan slaan we het over en kijken we naar het volgende."),
            "stop": words.gettext("Past het niet? Dan stopt de telling."),
            "stretch": words.gettext(
                "Past het niet? Dan gaat het toch door als er minimaal %(share)s van de kosten is. "
                "Daarna stopt de telling.",
                share=f"{self.settings['percent']}%",
            ),
        }
        needs = words.gettext(
            "Een plan heeft minimaal %(minimum)s %(votes)s nodig.", minimum=words.number(minimum), votes=self.votes
        )
        fits = words.gettext("Past een plan in het geld dat over is? Dan gaat het door.")
        return fits, misfits[str(self.settings["misfit"])], needs if minimum > 1 else ""

    def equal_shares(self) -> tuple[str, ...]:
        """Purses, and what is done with what is left."""
        by_cost, words = self.settings["utility"] == "cost", self.words
        return (
            words.gettext("Iedere stemmer krijgt een even groot deel van het budget."),
            words.gettext("Een plan gaat door als de mensen die erop stemden het samen kunnen betalen."),
            words.gettext("Wie een plan meer punten gaf, betaalt meer, tot het geld op is.")
            if self.in_points
            else words.gettext("Ieder betaalt evenveel, of alles wat er nog is."),
            words.gettext("Eerst komt het plan waarvoor ieder het kleinste deel van de kosten betaalt.")
            if by_cost
            else words.gettext("Eerst komt het plan waarvoor ieder het minste geld betaalt."),
            *self._completion(),
        )

    def _completion(self) -> tuple[str, ...]:
        completion, words = str(self.settings["completion"]), self.words
        adds = words.gettext("Is er geld over? Dan krijgt iedere stemmer 1 euro meer en tellen we opnieuw.")
        until = {
            "overspend": words.gettext("Dat doen we zolang de plannen samen in het budget passen."),
            "exhaustive": words.gettext(
                "Dat doen we zolang de plannen samen in het budget passen, en er nog een plan bij kan."
            ),
        }
        fills = words.gettext(
            "Wat over is, gaat naar de plannen met de meeste %(votes)s die nog passen.", votes=self.votes
        )
        return (
            *((adds, until[str(self.settings["stop"])]) if completion.startswith("add-one") else ()),
            *((fills,) if completion.endswith("most-votes") else ()),
        )

    def phragmen(self) -> tuple[str, ...]:
        """Money that grows."""
        misfits = {
            "skip": self.words.gettext("Past een plan niet meer in het budget? Dan slaan we het over."),
            "stop": self.words.gettext("Past een plan niet meer in het budget? Dan stopt de telling."),
        }
        return (
            self.words.gettext("Iedere stemmer krijgt steeds een beetje geld, iedereen evenveel."),
            self.words.gettext("Hebben de stemmers voor een plan samen genoeg? Dan kopen zij het en is hun geld op."),
            misfits[str(self.settings["misfit"])],
        )

    def best_value(self) -> tuple[str, ...]:
        """All sets at once."""
        group = self.words.gettext(
            "We zoeken de groep plannen die in het budget past en samen de hoogste score krijgt."
        )
        if self.settings["utility"] == "cost":
            score = self.words.gettext(
                "De score van een plan is het aantal %(votes)s keer de kosten.", votes=self.votes
            )
        else:
            score = self.words.gettext("De score van een plan is het aantal %(votes)s.", votes=self.votes)
        return group, score


RULES: dict[str, Callable[[Method], tuple[str, ...]]] = {
    "most-votes": Method.most_votes,
    "votes-per-euro": Method.votes_per_euro,
    "equal-shares": Method.equal_shares,
    "phragmen": Method.phragmen,
    "best-value": Method.best_value,
}
"""The sentences of each rule."""
