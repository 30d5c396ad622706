"""What the refusals about the key of the urn say, in plain Dutch."""

from flask_babel import gettext as _

from ..ballots import holders, shares, unlocking
from ..refusal import Refusal
from ..rounds import rules as rounds
from .voting_sentences import CONFLICT, FORBIDDEN, UNPROCESSABLE, Sentence, count_of

KEYS: dict[type[Refusal], tuple[int, Sentence]] = {
    rounds.RulesFrozen: (
        CONFLICT,
        lambda _r: _("De regels en de stemlijst liggen vast. Er verandert niets meer aan deze ronde."),
    ),
    holders.KeyOnServer: (
        CONFLICT,
        lambda _r: _("In deze ronde bewaart de server de sleutel van de stembus. Er zijn geen delen."),
    ),
    holders.EnoughHolders: (CONFLICT, lambda _r: _("Er bewaren al 3 collega’s een deel. U hoeft niets te doen.")),
    holders.BrowserOfHolder: (
        CONFLICT,
        lambda _r: _("In deze browser doet al een collega mee. Gebruik een eigen computer of een andere browser."),
    ),
    holders.NotHolder: (FORBIDDEN, lambda _r: _("U bewaart geen deel van de sleutel van deze ronde.")),
    holders.ShareNotReady: (
        CONFLICT,
        lambda _r: _("De delen van de sleutel zijn er nog niet. Wacht een minuut en ververs deze pagina."),
    ),
    holders.ShareShown: (
        CONFLICT,
        lambda _r: _("U hebt uw deel al gezien. Wij kunnen het niet nog eens tonen. Geen goed papier? Begin opnieuw."),
    ),
    holders.ShareUnreadable: (
        CONFLICT,
        lambda _r: _("Deze browser kan uw deel niet openen. Begin opnieuw, met 3 mensen, en log niet uit."),
    ),
    holders.ShareUnseen: (CONFLICT, lambda _r: _("U hebt uw deel nog niet gezien. Bekijk het eerst.")),
    holders.VotingOpened: (
        CONFLICT,
        lambda _r: _("Opnieuw beginnen kan niet meer: het stemmen is begonnen. De sleutel blijft zoals hij is."),
    ),
    holders.ShareLost: (CONFLICT, lambda _r: _("Dit deel is al als kwijt gemeld.")),
    holders.OneLossEach: (
        CONFLICT,
        lambda _r: _("U meldde al een ander deel als kwijt. Zijn er 2 delen kwijt? Laat een collega dit deel melden."),
    ),
    holders.ShareNotLost: (CONFLICT, lambda _r: _("Dit deel is niet als kwijt gemeld.")),
    holders.UrnOpened: (CONFLICT, lambda _r: _("De stembus is al open. U hoeft niets meer te doen.")),
    shares.UnknownWord: (
        UNPROCESSABLE,
        lambda r: _(
            "Woord %(place)s klopt niet: “%(word)s” staat niet in de lijst. Kijk op uw papier en typ het opnieuw.",
            place=count_of(r, "place"),
            word=str(r.details["word"]),
        ),
    ),
    shares.WrongWordCount: (
        UNPROCESSABLE,
        lambda r: _(
            "U typte %(typed)s woorden. Een deel heeft er %(whole)s. Kijk welk woord u miste of dubbel typte.",
            typed=count_of(r, "typed"),
            whole=count_of(r, "whole"),
        ),
    ),
    shares.OtherWord: (
        UNPROCESSABLE,
        lambda r: _(
            "Woord %(place)s is niet het woord uit uw deel. Kijk op uw papier bij nummer %(place)s en typ het opnieuw.",
            place=count_of(r, "place"),
        ),
    ),
    shares.MistypedShare: (
        UNPROCESSABLE,
        lambda _r: _("1 of meer woorden kloppen niet. Vergelijk elk woord en de volgorde met uw papier."),
    ),
    unlocking.ForeignShare: (
        UNPROCESSABLE,
        lambda _r: _("Dit deel hoort niet bij deze ronde. Kijk of u het goede papier hebt."),
    ),
    unlocking.ShareTyped: (
        CONFLICT,
        lambda _r: _("Dit deel is al ingevuld. Er is een ander deel nodig, van een collega."),
    ),
    unlocking.NeedsColleague: (
        CONFLICT,
        lambda _r: _("U vulde al een deel in. Vraag een collega om een ander deel in te vullen."),
    ),
}
