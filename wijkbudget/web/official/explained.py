"""What each choice in a round's form means: one plain sentence, and a small worked example that is really counted."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...ballots.rules import ranked
from ...rounds.forms import BallotForm, Form
from ...rounds.rules import SeedSource
from ...tally.counting import RULES
from ..round_rules import SEEDS
from ..wording import euros
from . import examples

FORMS = {
    Form.BASKET: _l("Mensen kiezen zoveel plannen als er samen in het budget passen, en elk plan krijgt 1 stem."),
    Form.APPROVAL: _l("Mensen kiezen een paar plannen, wat die ook kosten, en elk plan krijgt 1 stem."),
    Form.ONE: _l("Mensen kiezen het plan dat zij het beste vinden."),
    Form.POINTS: _l("Mensen geven punten, en meer punten aan wat zij belangrijker vinden."),
    Form.RANKING: _l("Mensen zetten hun beste plan op 1, en een hogere plaats geeft meer punten."),
}
RULES_EXPLAINED = {
    "most-votes": _l("Het plan met de meeste stemmen gaat eerst, dan het volgende, zolang er geld is."),
    "votes-per-euro": _l("Het plan met de meeste stemmen voor elke euro gaat eerst, zo maken kleine plannen kans."),
    "equal-shares": _l(
        "Iedere stem krijgt evenveel geld, en een plan gaat door als wie het koos het samen kan betalen."
    ),
    "phragmen": _l("Iedere stem spaart even snel, en een plan gaat door zodra wie het koos er genoeg voor heeft."),
    "best-value": _l("Van alle groepen plannen die in het budget passen, wint de groep met samen de meeste stemmen."),
}


@dataclass(frozen=True)
class Explained:
    """A choice: what it means, and what the example comes to by it."""

    sentence: str
    example: str


@dataclass(frozen=True)
class Explanations:
    """All that the form tells about its choices; `settings` by rule, setting and answer."""

    forms: dict[str, Explained]
    rules: dict[str, Explained]
    seeds: dict[str, Explained]
    settings: dict[str, dict[str, dict[str, str]]]
    percent: str
    comparison: str
    plans: list[tuple[str, int, int]]
    ballots: list[tuple[int, str]]
    budget: int


def explanations() -> Explanations:
    """The explanations in the language of this request."""
    return Explanations(
        forms={form.value: Explained(str(sentence), _form_example(form)) for form, sentence in FORMS.items()},
        rules={name: Explained(str(RULES_EXPLAINED[name]), examples.rule_example(name)) for name in RULES},
        seeds={seed.value: Explained(str(sentence), _seed_example(seed)) for seed, sentence in SEEDS.items()},
        settings={name: examples.setting_examples(name) for name in RULES},
        percent=examples.percent_example(),
        comparison=examples.comparison_example(),
        plans=examples.votes(),
        ballots=examples.ballots(),
        budget=examples.INSTANCE.budget,
    )


def _form_example(form: Form) -> str:
    """What somebody might fill in, with the plans of the example."""
    costs, named = examples.PLANS, examples.plans_named
    match form:
        case Form.BASKET:
            total = euros(costs["b"] + costs["d"])
            return _("Anna kiest %(plans)s. Dat kost samen %(total)s en past.", plans=named("bd"), total=total)
        case Form.APPROVAL:
            total = euros(costs["a"] + costs["b"])
            return _(
                "Anna mag 2 plannen kiezen: %(plans)s. Samen %(total)s, en dat mag.", plans=named("ab"), total=total
            )
        case Form.ONE:
            return _("Anna kiest: %(plan)s. Dat plan krijgt 1 stem.", plan=named("a"))
        case Form.POINTS:
            return _("Anna heeft %(total)s punten: 3 voor %(one)s en %(rest)s voor %(other)s.",
                     total=5, rest=5 - 3, one=named("a"), other=named("d"))  # fmt: skip
        case Form.RANKING:
            given = [points for _id, points in ranked(range(3), BallotForm(Form.RANKING, max_choices=3))]
            placed = ", ".join(f"{named(plan)} {points}" for plan, points in zip("adc", given, strict=True))
            return _("Anna zet 3 plannen op volgorde. Die krijgen punten: %(placed)s.", placed=placed)


def _seed_example(seed: SeedSource) -> str:
    return examples.lot_example() if seed is SeedSource.DRAW else ""
