"""The receipt: shown, mailed on request, and the tracker for who asks for it. Only the pages carry the nonce."""

from functools import partial

from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import Regexp

from ...ballots.codes import written_code
from ...ballots.receipts import NoReceipt, OtherVote, own_tracker
from ...clock import THE_HAGUE
from ...mail.addresses import find_vote
from ...mail.direct import send_directly
from ...refusal import Refusal
from ..answers import answer, form_page, see_other
from ..blueprints import voter
from ..forms import Form, email_field
from ..transactions import now, parts, reading
from .booth import Receipt, current_booth, kept_receipt


class MailForm(Form):
    """Where the receipt on the page goes; `nonce` is handed on to the page that answers."""

    email = email_field()
    fingerprint = HiddenField()
    nonce = HiddenField(validators=[Regexp(r"^([0-9a-f]{32})?$")])


class TrackerForm(Form):
    """The number of the page on which was voted."""

    nonce = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])


@voter.get("/ontvangst")
def receipt() -> ResponseReturnValue:
    """The receipt: the vote is in the urn."""
    return receipt_page(kept_receipt())


@voter.get("/versturen", endpoint="receipt_after_sending")
@voter.get("/ontvangst/mailen", endpoint="receipt_after_mailing")
@voter.get("/volgnummer", endpoint="receipt_after_tracker")
def receipt_again() -> ResponseReturnValue:
    """Where a browser comes that opens such a page again: what it showed cannot be asked for without its form."""
    return see_other("voter.receipt")


@voter.post("/ontvangst/mailen")
def mail_receipt() -> ResponseReturnValue:
    """Mail the receipt; nothing of it is stored, since a stored address would lead to the right to vote."""
    kept, form = kept_receipt(), MailForm()
    page = partial(receipt_page, kept, nonce=form.nonce.data, form=form)
    if form.fingerprint.data != kept.fingerprint:
        raise OtherVote()

    def mail() -> ResponseReturnValue:
        with parts().mailings.one_mail(kept.entitlement_id, now()):
            _send(kept, form.email.data)
        return page(mailed_to=form.email.data, form=MailForm(formdata=None))

    return answer(form, mail, lambda refusal: page(refusal=refusal))


@voter.post("/volgnummer")
def tracker() -> ResponseReturnValue:
    """The tracker of the vote in the urn, for who holds the page on which it was sent. Raises OtherVote."""
    kept, booth, form = kept_receipt(), current_booth(reading()), TrackerForm()
    if booth is None:
        raise NoReceipt()
    if not form.validate():
        raise OtherVote()
    number = own_tracker(reading(), entitlement_id=booth.entitlement_id, nonce=bytes.fromhex(form.nonce.data))
    least = booth.rules.voting.publish_ballots_from
    return form_page("voter/tracker.html", form, tracker=written_code(number), round=kept.round, least=least)


def receipt_page(
    receipt: Receipt,
    refusal: Refusal | None = None,
    *,
    form: MailForm | None = None,
    mailed_to: str = "",
    nonce: str = "",
) -> ResponseReturnValue:
    """The page of the receipt, with the number of the page on which was voted if that is known.

    It names no moment: none is stored, so we could not stand for it when the page is shown or mailed later.
    """
    return form_page(
        "voter/receipt.html",
        form or MailForm(formdata=None),
        refusal,
        fingerprint=written_code(receipt.fingerprint),
        receipt=receipt,
        round=receipt.round,
        address=parts().config.public_url + find_vote(receipt.round.slug),
        mails_left=parts().mailings.left(receipt.entitlement_id, now()),
        mailed_to=mailed_to,
        nonce=nonce,
    )


def _send(receipt: Receipt, email: str) -> None:
    send_directly(
        parts().config,
        "receipt",
        email,
        now(),
        round=receipt.round.title,
        fingerprint=written_code(receipt.fingerprint),
        day=receipt.round.schedule.result.astimezone(THE_HAGUE).date().isoformat(),
        votes="final" if receipt.round.voting.is_final else "changeable",
        path=find_vote(receipt.round.slug),
    )
