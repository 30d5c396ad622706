"""What the refusals about codes, their lists and letters say, in plain Dutch."""

from flask_babel import gettext as _

from ..ballots import accounts, batches, serials
from ..ballots import rules as ballots
from ..refusal import Refusal
from ..rounds import voting
from .voting_sentences import CONFLICT, FORBIDDEN, UNPROCESSABLE, Sentence, count_of

CODES: dict[type[Refusal], tuple[int, Sentence]] = {
    batches.NoLetters: (
        CONFLICT,
        lambda _r: _("In deze ronde stemmen mensen met een account, zonder stemcode."),
    ),
    batches.CodesMadeMeanwhile: (
        CONFLICT,
        lambda _r: _("Er zijn zojuist al stemcodes aangevraagd. Kijk of u er nog meer nodig hebt."),
    ),
    batches.MoreCodesThanElectorate: (
        UNPROCESSABLE,
        lambda r: _(
            "Er kunnen nog %(left)s codes bij. Er zijn niet meer codes dan mensen die mogen stemmen.",
            left=count_of(r, "left"),
        ),
    ),
    ballots.FewerEligibleThanCodes: (
        UNPROCESSABLE,
        lambda r: _(
            "Er zijn al %(codes)s stemcodes aangevraagd. Vul minimaal dit aantal mensen in.", codes=count_of(r, "codes")
        ),
    ),
    accounts.NoAccounts: (
        CONFLICT,
        lambda _r: _("In deze ronde stemt u met de code uit uw brief. Een account is niet nodig."),
    ),
    accounts.NotConfirmed: (
        CONFLICT,
        lambda _r: _("Bevestig eerst uw e-mailadres. De link staat in de e-mail die u van ons kreeg."),
    ),
    accounts.LivesElsewhere: (
        FORBIDDEN,
        lambda _r: _("Uw postcode ligt niet in het gebied van deze ronde. Klopt dat niet? Bel 14070."),
    ),
    accounts.AgeNotDeclared: (
        UNPROCESSABLE,
        lambda r: _("Kruis aan dat u %(youngest)s jaar of ouder bent.", youngest=count_of(r, "youngest")),
    ),
    accounts.ElectorateComplete: (
        CONFLICT,
        lambda _r: _("Er stemmen al zoveel mensen als er mogen stemmen. Hier klopt iets niet. Bel 14070."),
    ),
    batches.OwnBatch: (
        CONFLICT,
        lambda _r: _("U hebt deze stemcodes zelf aangevraagd. Vraag een collega om ze vrij te geven."),
    ),
    batches.BatchReleased: (CONFLICT, lambda _r: _("Een collega heeft deze stemcodes al vrijgegeven.")),
    batches.BatchNotReleased: (
        CONFLICT,
        lambda _r: _("Een tweede ambtenaar moet deze stemcodes eerst vrijgeven. Vraag een collega."),
    ),
    batches.BatchHandedOut: (
        CONFLICT,
        lambda _r: _("Deze lijst is al opgehaald. Bestand kwijt? Gooi de lijst weg en vraag nieuwe codes aan."),
    ),
    batches.BatchDiscarded: (
        CONFLICT,
        lambda _r: _("Deze lijst is weggegooid. De codes werken niet. Vraag nieuwe codes aan."),
    ),
    batches.BatchUsed: (
        CONFLICT,
        lambda _r: _("Met deze lijst is al gestemd. U kunt de lijst niet meer weggooien. Vervang losse brieven."),
    ),
    serials.UnknownSerial: (
        UNPROCESSABLE,
        lambda _r: _("Wij kennen geen brief met dit nummer in deze ronde. Kijk het nummer na."),
    ),
    serials.CodeReplaced: (
        CONFLICT,
        lambda r: _("Deze brief is al vervangen door brief %(serial)s.", serial=count_of(r, "serial")),
    ),
    serials.CodeBlocked: (CONFLICT, lambda _r: _("De code van deze brief is al geblokkeerd.")),
    serials.CodeNotBlocked: (CONFLICT, lambda _r: _("De code van deze brief is niet geblokkeerd.")),
    voting.ImpossibleAge: (
        UNPROCESSABLE,
        lambda r: _(
            "Vul een leeftijd in van %(lowest)s tot en met %(highest)s jaar.",
            lowest=count_of(r, "lowest"),
            highest=count_of(r, "highest"),
        ),
    ),
    voting.TooFewToPublish: (
        UNPROCESSABLE,
        lambda r: _("Vul minimaal %(fewest)s in. Anders is iemands stem te raden.", fewest=count_of(r, "fewest")),
    ),
}
