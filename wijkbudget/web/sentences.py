"""Every refusal with its status and its sentence in plain Dutch: what is wrong and what to do."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ..people import rules as people
from ..people import tokens
from ..places import rules as places
from ..plans import photos
from ..plans import rules as plans
from ..refusal import Refusal
from ..rounds import localtime
from ..rounds import rules as rounds
from ..rounds.rules import Phase
from .code_sentences import CODES
from .key_sentences import KEYS
from .receipt_sentences import RECEIPTS
from .voting_sentences import CONFLICT, FORBIDDEN, GONE, UNPROCESSABLE, VOTING, Sentence, cents_of, count_of
from .wording import PHASES, until, written_moment

FIELDS = {
    "name": _l("uw naam"),
    "title": _l("de naam"),
    "area_name": _l("de naam van het gebied"),
    "criterion": _l("een criterium"),
    "summary": _l("uw plan in 1 zin"),
    "what": _l("wat u wilt doen"),
    "why": _l("waarom het goed is voor de wijk"),
    "place": _l("waar het is"),
    "alt": _l("wat er op de foto te zien is"),
    "reason": _l("de uitleg"),
    "seed": _l("de uitkomst van de loting"),
    "proof": _l("hoe u lootte en waar dat te zien is"),
}
"""The names of texts in the sentences about them."""


def _wrong_phase(refusal: Refusal) -> str:
    """When it can or could be done."""
    moment = refusal.details["opens" if refusal.details["is_early"] else "closes"]
    if not isinstance(moment, datetime):
        return _("Dit kan nu niet.")
    if refusal.details["is_early"]:
        return _("Dit kan nog niet. Het kan vanaf %(start)s.", start=written_moment(moment))
    return _("Dit kan niet meer. Het kon %(end)s.", end=until(moment))


def _phase_name(refusal: Refusal) -> str:
    return str(PHASES[Phase(str(refusal.details["phase"]))])


def _field(refusal: Refusal) -> str:
    return str(FIELDS[str(refusal.details["field"])])


GENERAL: dict[type[Refusal], tuple[int, Sentence]] = {
    places.NotAPostcode: (
        UNPROCESSABLE,
        lambda _r: _("Vul een postcode in met 4 cijfers en 2 letters, zoals 2593 AB."),
    ),
    people.NotAnEmail: (UNPROCESSABLE, lambda _r: _("Vul een e-mailadres in, zoals naam@voorbeeld.nl.")),
    people.WrongPassword: (
        UNPROCESSABLE,
        lambda _r: _("Dit is niet het wachtwoord dat u koos. Weet u het niet meer? Kies dan een nieuw wachtwoord."),
    ),
    people.PasswordTooShort: (
        UNPROCESSABLE,
        lambda r: _("Kies een langer wachtwoord: minimaal %(count)s tekens.", count=count_of(r, "shortest")),
    ),
    people.PasswordTooLong: (
        UNPROCESSABLE,
        lambda r: _("Kies een korter wachtwoord: maximaal %(count)s tekens.", count=count_of(r, "longest")),
    ),
    people.TextMissing: (UNPROCESSABLE, lambda r: _("Vul deze tekst in: %(field)s.", field=_field(r))),
    people.TextTooLong: (
        UNPROCESSABLE,
        lambda r: _(
            "Maak deze tekst korter: maximaal %(longest)s tekens. Het gaat om: %(field)s.",
            longest=count_of(r, "longest"),
            field=_field(r),
        ),
    ),
    people.NotYourDistrict: (
        FORBIDDEN,
        lambda _r: _("Dit plan hoort bij een ander stadsdeel. U kunt er niet over beslissen."),
    ),
    tokens.TokenSpent: (GONE, lambda _r: _("Deze link is verlopen of al gebruikt. Vraag een nieuwe link aan.")),
    rounds.StartsOutOfOrder: (
        UNPROCESSABLE,
        lambda r: _(
            "Elke fase begint later dan de vorige. Kies een later begin voor: %(phase)s.", phase=_phase_name(r)
        ),
    ),
    rounds.PastIsFixed: (
        UNPROCESSABLE,
        lambda r: _("Kies een begin in de toekomst. Wat al begonnen is, ligt vast: %(phase)s.", phase=_phase_name(r)),
    ),
    rounds.WrongPhase: (CONFLICT, _wrong_phase),
    rounds.NoEligible: (UNPROCESSABLE, lambda _r: _("Vul in hoeveel mensen mogen stemmen: minimaal 1.")),
    rounds.NoBudget: (UNPROCESSABLE, lambda _r: _("Vul een budget in van meer dan € 0.")),
    rounds.NoArea: (UNPROCESSABLE, lambda _r: _("Kies minimaal 1 wijk.")),
    rounds.NegativeThreshold: (UNPROCESSABLE, lambda _r: _("Vul in hoeveel likes een plan nodig heeft: 0 of meer.")),
    rounds.NoCriteria: (UNPROCESSABLE, lambda _r: _("Schrijf minimaal 1 criterium op.")),
    localtime.DoesNotExist: (
        UNPROCESSABLE,
        lambda _r: _("Deze tijd bestaat niet: de klok gaat dan vooruit. Kies een andere tijd."),
    ),
    localtime.HappensTwice: (
        UNPROCESSABLE,
        lambda _r: _("Deze tijd komt twee keer voor: de klok gaat dan terug. Kies welke van de twee u bedoelt."),
    ),
    rounds.RoundChanged: (
        CONFLICT,
        lambda _r: _(
            "Een collega heeft deze ronde intussen veranderd. Bekijk de ronde opnieuw en doe het daarna nog eens."
        ),
    ),
    plans.CostOverBudget: (
        UNPROCESSABLE,
        lambda r: _("Een plan mag niet meer kosten dan het budget: %(budget)s.", budget=cents_of(r, "budget")),
    ),
    plans.NotYourPlan: (FORBIDDEN, lambda _r: _("Dit is niet uw plan. U kunt alleen uw eigen plannen veranderen.")),
    plans.AlreadySubmitted: (CONFLICT, lambda _r: _("U hebt dit plan al ingediend. Bekijk het bij 'Mijn plannen'.")),
    plans.PlanDecided: (
        CONFLICT,
        lambda _r: _("De gemeente heeft al over dit plan beslist. U kunt het niet meer wijzigen."),
    ),
    plans.PlanWithdrawn: (CONFLICT, lambda _r: _("Dit plan is ingetrokken.")),
    plans.PlanChanged: (
        CONFLICT,
        lambda _r: _("Dit plan is intussen veranderd. Bekijk het plan opnieuw en doe het daarna nog eens."),
    ),
    plans.AlreadyDecided: (CONFLICT, lambda _r: _("Hierover is al beslist. Bekijk de beslissing bij het plan.")),
    plans.PlanInfeasible: (
        CONFLICT,
        lambda _r: _("De gemeente heeft beslist dat dit plan niet kan. U kunt het niet meer liken."),
    ),
    plans.NotPlaced: (CONFLICT, lambda _r: _("Dit plan staat nog niet op de site.")),
    plans.NamesNoCriterion: (
        UNPROCESSABLE,
        lambda _r: _("Kies aan welk criterium van de ronde het plan niet voldoet."),
    ),
    plans.NeedsCost: (UNPROCESSABLE, lambda _r: _("Vul het nagerekende bedrag in.")),
    plans.PhotoNeedsText: (UNPROCESSABLE, lambda _r: _("Vertel wat er op de foto te zien is.")),
    photos.NotAPhoto: (UNPROCESSABLE, lambda _r: _("Dit bestand is geen foto. Kies een JPG-, PNG- of WebP-bestand.")),
    photos.PhotoTooLarge: (
        UNPROCESSABLE,
        lambda _r: _("Deze foto is te groot. Kies een foto van maximaal 12 MB en 25 megapixel."),
    ),
}

SENTENCES = GENERAL | VOTING | CODES | RECEIPTS | KEYS


def answer_to(refusal: Refusal) -> tuple[int, str]:
    """The status and the sentence of a refusal."""
    status, sentence = SENTENCES[type(refusal)]
    return status, sentence(refusal)


def sentence_of(refusal: Refusal) -> str:
    """What the refusal says, for beside the field that it is about."""
    return answer_to(refusal)[1]


def lazy_sentence_of(refusal: Refusal) -> LazyString:
    """What the refusal says in the language of each request, for a form that is written down once."""
    return LazyString(sentence_of, refusal)
