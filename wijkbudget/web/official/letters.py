"""One letter, found by its number: replacing it by a new one, and blocking and unblocking its code."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...ballots.queries import code_counts
from ...ballots.serials import Reason, block_code, replace_code, unblock_code
from ...printing.letters import one_letter
from ...printing.terms import VotingLetter
from ...refusal import Refusal
from ...rounds.tables import Round
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import official
from ..forms import Form
from ..lookup import round_or_404
from ..transactions import moment_of_deed, now, parts, session
from .fields import WholeNumberField, choice_field
from .printing import letter_terms

REASONS = {
    Reason.LOST: _l("De brief is kwijt of nooit gekomen"),
    Reason.RETURNED: _l("De brief kwam terug"),
    Reason.MISUSED: _l("Iemand anders heeft de code gebruikt of gezien"),
    Reason.MOVED: _l("De bewoner is verhuisd of overleden"),
    Reason.MISTAKE: _l("Er is iets fout gegaan bij ons"),
}


class SerialForm(Form):
    """The number of the letter."""

    serial = WholeNumberField(_l("Briefnummer"), _l("Vul het nummer in dat op de brief staat."), lowest=1)


class LetterForm(SerialForm):
    """The number of the letter, and why something is done about it."""

    reason = choice_field(_l("Waarom?"), REASONS, _l("Kies een reden."))


@official.get("/rondes/<string:slug>/brieven")
def letters(slug: str) -> ResponseReturnValue:
    """What can be done about one letter."""
    return _page(round_or_404(slug), SerialForm(None))


@official.post("/rondes/<string:slug>/brieven/vervangen")
def replace_letter(slug: str) -> ResponseReturnValue:
    """A new letter to print, for the same right to vote; the old code is blocked."""
    round_, form = round_or_404(slug), LetterForm(prefix="replace-")

    def replace() -> ResponseReturnValue:
        serial, code = replace_code(
            session(), round=round_, serial=form.serial.data, reason=Reason(form.reason.data), official=me(),
            pepper=parts().config.code_pepper, now=moment_of_deed(),
        )  # fmt: skip
        pdf = one_letter(VotingLetter(serial, code, form.serial.data), letter_terms(round_, parts().config))
        disposition = {"Content-Disposition": f'attachment; filename="brief-{serial}.pdf"', "Cache-Control": "no-store"}
        return Response(pdf, mimetype="application/pdf", headers=disposition)

    return answer(form, replace, partial(_page, round_, form))


@official.post("/rondes/<string:slug>/brieven/blokkeren")
def block_letter(slug: str) -> ResponseReturnValue:
    """The code of the letter opens no booth any more."""
    round_, form = round_or_404(slug), LetterForm(prefix="block-")

    def block() -> None:
        reason = Reason(form.reason.data)
        block_code(session(), round=round_, serial=form.serial.data, reason=reason, official=me(), now=moment_of_deed())
        flash(_("De code van brief %(serial)s is geblokkeerd.", serial=form.serial.data))

    return _done(round_, form, block)


@official.post("/rondes/<string:slug>/brieven/deblokkeren")
def unblock_letter(slug: str) -> ResponseReturnValue:
    """The code of the letter is good again."""
    round_, form = round_or_404(slug), SerialForm(prefix="unblock-")

    def unblock() -> None:
        unblock_code(session(), round=round_, serial=form.serial.data, official=me(), now=moment_of_deed())
        flash(_("De code van brief %(serial)s werkt weer.", serial=form.serial.data))

    return _done(round_, form, unblock)


def _done(round_: Round, form: Form, deed: Callable[[], None]) -> ResponseReturnValue:
    def act() -> ResponseReturnValue:
        deed()
        return see_other("official.letters", slug=round_.slug)

    return answer(form, act, partial(_page, round_, form))


def _page(round_: Round, form: Form, refusal: Refusal | None = None) -> ResponseReturnValue:
    """All three forms, the one that was sent as it was filled in."""
    return form_page("official/letters.html", form, refusal, round=round_, **_forms(form), **_told(round_))


def _forms(sent: Form) -> dict[str, Form]:
    kinds: dict[str, type[Form]] = {"replace": LetterForm, "block": LetterForm, "unblock": SerialForm}
    return {name: sent if sent._prefix == f"{name}-" else kind(None, prefix=f"{name}-") for name, kind in kinds.items()}


def _told(round_: Round) -> dict[str, Any]:
    return {"counts": code_counts(session(), round_.id), "can_act": now() < round_.schedule.counting}
