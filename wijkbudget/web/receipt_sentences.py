"""What the refusals about codes that are tried, final votes and receipts say, in plain Dutch."""

from flask_babel import gettext as _

from ..ballots import mailings, receipts
from ..ballots import rules as ballots
from ..mail import direct
from ..refusal import Refusal
from ..rounds.voting import Franchise
from .voting_sentences import CONFLICT, FORBIDDEN, TOO_MANY, UNAVAILABLE, UNPROCESSABLE, Sentence, count_of

RECEIPTS: dict[type[Refusal], tuple[int, Sentence]] = {
    ballots.TooManyGuesses: (
        TOO_MANY,
        lambda _r: _(
            "Deze code werkt niet. Er zijn nu veel verkeerde codes geprobeerd. Hebt u de goede code? "
            "Die werkt gewoon. Kijk of u alle 16 tekens goed hebt. Lukt het niet? Bel 14070."
        ),
    ),
    ballots.AlreadyVoted: (
        CONFLICT,
        lambda r: (
            _(
                "Met uw account is al gestemd. In deze ronde kunt u uw stem daarna niet meer veranderen. "
                "Hebt u zelf niet gestemd? Bel 14070."
            )
            if r.details.get("franchise") is Franchise.ACCOUNT
            else _(
                "Met deze code is al gestemd. In deze ronde kunt u uw stem daarna niet meer veranderen. "
                "Hebt u zelf niet gestemd? Bel 14070."
            )
        ),
    ),
    receipts.NoReceipt: (
        FORBIDDEN,
        lambda _r: _(
            "Er is hier geen ontvangstbewijs meer. Dat verdwijnt als u ‘Klaar’ of ‘Stoppen’ kiest. "
            "Hebt u uw ontvangstbewijs gezien? Dan zit uw stem in de stembus."
        ),
    ),
    receipts.OtherVote: (
        CONFLICT,
        lambda _r: _(
            "Deze pagina hoort niet bij de laatste stem van deze browser. "
            "Ga verder op de pagina die u na uw laatste stem zag."
        ),
    ),
    mailings.MailedOften: (
        TOO_MANY,
        lambda r: _(
            "Wij hebben u vandaag al %(most)s keer een bewijs gemaild. Vaker kan niet. "
            "Print het bewijs of schrijf het op.",
            most=count_of(r, "most"),
        ),
    ),
    receipts.MistypedReceipt: (
        UNPROCESSABLE,
        lambda _r: _("Er zit een typefout in het nummer. Kijk of u alle 16 tekens goed hebt."),
    ),
    direct.PostClosed: (
        UNAVAILABLE,
        lambda _r: _(
            "Wij kunnen nu geen e-mail versturen. Uw stem zit wel in de stembus. "
            "Probeer het straks nog eens, of print uw bewijs."
        ),
    ),
    direct.NotDeliverable: (
        UNPROCESSABLE,
        lambda _r: _(
            "Dit e-mailadres kunnen wij niet bereiken. Kijk of het adres klopt. Uw stem zit wel in de stembus."
        ),
    ),
}
