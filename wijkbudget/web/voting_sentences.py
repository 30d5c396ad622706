"""What the refusals about ballots, counting and results say, in plain Dutch."""

from collections.abc import Callable

from flask_babel import gettext as _

from ..ballots import forms as ballot_checks
from ..ballots import rules as ballots
from ..refusal import Refusal
from ..results import rules as results
from ..rounds import forms
from ..rounds import rules as rounds
from .wording import euros, number

FORBIDDEN, NOT_FOUND, CONFLICT, GONE, UNPROCESSABLE, TOO_MANY, UNAVAILABLE = 403, 404, 409, 410, 422, 429, 503

Sentence = Callable[[Refusal], str]


def cents_of(refusal: Refusal, name: str) -> str:
    """The amount of this name in the details of a refusal."""
    return euros(int(str(refusal.details[name])))


def count_of(refusal: Refusal, name: str) -> str:
    """The number of this name in the details of a refusal."""
    return number(int(str(refusal.details[name])))


VOTING: dict[type[Refusal], tuple[int, Sentence]] = {
    forms.NeedsMaximum: (UNPROCESSABLE, lambda _r: _("Vul in hoeveel plannen iemand mag kiezen: minimaal 1.")),
    forms.MinimumNotPositive: (
        UNPROCESSABLE,
        lambda _r: _("Vul in hoeveel plannen iemand minimaal kiest: 1 of meer. Of laat het leeg."),
    ),
    forms.MinimumOverMaximum: (
        UNPROCESSABLE,
        lambda r: _(
            "Iemand kan niet minimaal %(least)s plannen kiezen en maximaal %(most)s. Maak 1 van de 2 getallen anders.",
            least=count_of(r, "least"),
            most=count_of(r, "most"),
        ),
    ),
    forms.NeedsTotalPoints: (
        UNPROCESSABLE,
        lambda r: _("Vul in hoeveel punten iemand mag verdelen: van 1 tot en met %(most)s.", most=count_of(r, "most")),
    ),
    forms.NeedsMostPoints: (
        UNPROCESSABLE,
        lambda r: _(
            "Vul in hoeveel punten 1 plan mag krijgen: van 1 tot en met %(total)s.", total=count_of(r, "total")
        ),
    ),
    forms.SettingOfOtherForm: (UNPROCESSABLE, lambda _r: _("Laat leeg wat niet hoort bij deze manier van kiezen.")),
    rounds.RuleForOtherBallots: (
        UNPROCESSABLE,
        lambda _r: _("Met deze telregel kunnen wij zulke stemmen niet tellen. Kies een andere telregel."),
    ),
    ballot_checks.NotOnMenu: (UNPROCESSABLE, lambda _r: _("U koos een plan dat niet op de lijst staat. Kies opnieuw.")),
    ballot_checks.PlanTwice: (UNPROCESSABLE, lambda _r: _("U koos een plan twee keer. Kies elk plan maar 1 keer.")),
    ballot_checks.OverBudget: (
        UNPROCESSABLE,
        lambda r: _("Uw keuze is %(over)s te duur. Haal een plan weg.", over=cents_of(r, "over")),
    ),
    ballot_checks.TooManyChoices: (
        UNPROCESSABLE,
        lambda r: _(
            "U koos %(chosen)s plannen. Kies er maximaal %(most)s.",
            chosen=count_of(r, "chosen"),
            most=count_of(r, "most"),
        ),
    ),
    ballot_checks.TooFewChoices: (
        UNPROCESSABLE,
        lambda r: _(
            "U koos te weinig plannen: %(chosen)s. Kies er minimaal %(least)s.",
            chosen=count_of(r, "chosen"),
            least=count_of(r, "least"),
        ),
    ),
    ballot_checks.NotOneChoice: (
        UNPROCESSABLE,
        lambda r: _("U koos %(chosen)s plannen. Kies er 1.", chosen=count_of(r, "chosen")),
    ),
    ballot_checks.TooManyPoints: (
        UNPROCESSABLE,
        lambda r: _(
            "U gaf te veel punten: %(over)s te veel. Samen kunt u er %(total)s geven.",
            over=count_of(r, "over"),
            total=count_of(r, "total"),
        ),
    ),
    ballot_checks.TooManyPointsForPlan: (
        UNPROCESSABLE,
        lambda r: _("Punten voor 1 plan: maximaal %(most)s. Haal er punten af.", most=count_of(r, "most")),
    ),
    ballot_checks.TooFewPointsForPlan: (
        UNPROCESSABLE,
        lambda _r: _("Geef een plan 1 punt of meer, of geef het geen punten."),
    ),
    ballot_checks.MistypedPoints: (
        UNPROCESSABLE,
        lambda _r: _("Vul hele punten in: 0, 1, 2 en zo verder."),
    ),
    ballot_checks.NotARanking: (
        UNPROCESSABLE,
        lambda _r: _("Zet elk plan dat u kiest op een eigen plaats: 1, 2, 3 en zo verder, zonder gat."),
    ),
    ballots.BlankOrChoices: (
        UNPROCESSABLE,
        lambda _r: _("Kies 1 of meer plannen, of kruis aan dat u geen van deze plannen kiest. Niet allebei."),
    ),
    ballots.VotedMeanwhile: (
        CONFLICT,
        lambda _r: _("U hebt intussen ergens anders gestemd. Wilt u toch deze stem? Druk dan nog eens op de knop."),
    ),
    ballots.SpoiltPage: (
        UNPROCESSABLE,
        lambda _r: _("Er ging iets mis met deze pagina. Kijk uw keuze nog eens na en verstuur uw stem opnieuw."),
    ),
    ballots.OtherBooth: (
        CONFLICT,
        lambda _r: _(
            "In deze browser is intussen iemand anders gaan stemmen. Begin opnieuw met uw eigen code of account."
        ),
    ),
    ballots.UnknownCode: (
        UNPROCESSABLE,
        lambda _r: _(
            "Deze code werkt niet. Kijk of u alle 16 tekens goed hebt. Kreeg u een nieuwe brief? "
            "Gebruik dan de code uit die brief. Lukt het niet? Bel 14070."
        ),
    ),
    ballots.MistypedCode: (
        UNPROCESSABLE,
        lambda _r: _("Er zit een typefout in de code. Kijk of u alle 16 tekens goed hebt."),
    ),
    ballots.UrnNotReady: (UNAVAILABLE, lambda _r: _("De stembus gaat zo open. Probeer het over een minuut nog eens.")),
    ballots.KeyLost: (
        UNAVAILABLE,
        lambda _r: _(
            "Stemmen kan nu niet: de sleutel van de stembus is kwijt. Uw stem is niet opgeslagen. "
            "Neem contact op met de gemeente: bel 14070."
        ),
    ),
    ballots.BudgetUnderPlan: (
        UNPROCESSABLE,
        lambda r: _(
            "Er is al een plan goedgekeurd van %(cost)s. Vul minimaal dat bedrag in.", cost=cents_of(r, "cost")
        ),
    ),
    results.AlreadyPublished: (CONFLICT, lambda _r: _("Deze uitslag is al bekendgemaakt.")),
    results.NoFileOfBallots: (
        NOT_FOUND,
        lambda _r: _(
            "Van deze ronde is er geen bestand met alle stemmen. Er stemden te weinig mensen, of er is geen plan over."
            " De uitslag en het pakket vindt u wel op de site."
        ),
    ),
    results.NoDrawNeeded: (CONFLICT, lambda _r: _("Er is geen loting nodig voor deze ronde.")),
    results.DrawNotEntered: (
        CONFLICT,
        lambda _r: _("Er is nog geen uitkomst van de loting ingevuld. Vul die eerst in."),
    ),
    results.DrawEntered: (
        CONFLICT,
        lambda _r: _("De uitkomst van de loting ligt al vast: 2 mensen hebben die ingevuld."),
    ),
    results.SameOfficial: (
        CONFLICT,
        lambda _r: _("U hebt de uitkomst van de loting zelf ingevuld. Vraag een collega om die ook in te vullen."),
    ),
    results.OtherSeed: (
        CONFLICT,
        lambda _r: _("Uw collega vulde iets anders in. Kijk de uitkomst van de loting samen na en vul die opnieuw in."),
    ),
    results.NotCounted: (CONFLICT, lambda _r: _("De stemmen zijn nog niet geteld.")),
}
