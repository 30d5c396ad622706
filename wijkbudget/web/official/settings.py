"""The settings of the counting rules as questions with answers; the first answer is the rule's default."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ...tally.rule import Rule

Answers = Mapping[str, LazyString]

MISFIT = _l("Wat gebeurt er bij een plan dat niet meer past?")
SKIP = _l("Sla het over en kijk naar het volgende plan.")
STOP = _l("Stop met tellen.")
STRETCH = _l("Laat het toch doorgaan als er genoeg van de kosten over is, en stop dan.")
UTILITY = _l("Hoe zwaar telt een plan?")
BY_COST = _l("Een duur plan telt zwaarder: stemmen keer kosten.")
BY_PLAN = _l("Elk plan telt even zwaar, duur of goedkoop.")

QUESTIONS: Mapping[str, Mapping[str, tuple[LazyString, Answers]]] = {
    "most-votes": {"misfit": (MISFIT, {"skip": SKIP, "stop": STOP, "stretch": STRETCH})},
    "votes-per-euro": {"misfit": (MISFIT, {"skip": SKIP, "stop": STOP, "stretch": STRETCH})},
    "equal-shares": {
        "utility": (UTILITY, {"cost": BY_COST, "one": BY_PLAN}),
        "completion": (
            _l("Wat gebeurt er met geld dat over is?"),
            {
                "none": _l("Niets, het wordt niet verdeeld."),
                "most-votes": _l("Het gaat naar de plannen met de meeste stemmen die nog passen."),
                "add-one": _l("Iedere stem krijgt € 1 meer en er wordt opnieuw geteld."),
                "add-one-then-most-votes": _l("Eerst steeds € 1 meer, daarna naar de plannen met de meeste stemmen."),
            },
        ),
        "stop": (
            _l("Tot wanneer komt er steeds € 1 bij?"),
            {
                "exhaustive": _l("Tot er geen plan meer bij past."),
                "overspend": _l("Tot de plannen samen te duur zijn. Dan geldt de telling daarvoor."),
            },
        ),
    },
    "phragmen": {"misfit": (MISFIT, {"stop": STOP, "skip": SKIP})},
    "best-value": {"utility": (UTILITY, {"one": BY_PLAN, "cost": BY_COST})},
}
"""By rule and setting: the question and what can be answered."""

NUMBERS: Mapping[str, tuple[str, ...]] = {
    "most-votes": ("percent", "minimum"),
    "votes-per-euro": ("percent", "minimum"),
}
"""The settings of each rule that are numbers: an empty field is the default, 0."""

USUAL_PERCENT = 80
"""The share that examples take; it is what Poznań uses."""


def field_of(rule: str, setting: str) -> str:
    """What the field of a setting is called."""
    return f"{rule}_{setting}".replace("-", "_")


def setting_fields(rule: Rule | type[Rule]) -> dict[str, str]:
    """The field of each setting of this rule."""
    names = (*QUESTIONS[rule.name], *NUMBERS.get(rule.name, ()))
    return {setting: field_of(rule.name, setting) for setting in names}
