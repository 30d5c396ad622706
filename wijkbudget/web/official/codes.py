"""Voting codes: one official asks for a list, another releases it, and it is handed out once."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from flask import Response, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.widgets import HiddenInput

from ...ballots.batches import Piece, ask_for_codes, begin_codes, discard_codes, made_codes, release_codes
from ...ballots.queries import batches, code_counts, codes_asked
from ...ballots.tables import CodeBatch
from ...people.queries import names_of
from ...refusal import Refusal
from ...rounds.tables import Round
from ...rounds.voting import Franchise
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import official
from ..forms import Form
from ..lookup import round_or_404
from ..transactions import moment_of_deed, now, parts, session
from .fields import WholeNumberField
from .printing import letters_of

HEADING = "briefnummer,stemcode\r\n"
CODE_WIDTH = len(",XXXX-XXXX-XXXX-XXXX\r\n")


class CodesForm(Form):
    """How many codes, and how many there were when the page was shown."""

    size = WholeNumberField(
        _l("Aantal nieuwe stemcodes"),
        _l("Vul een heel getal in: minimaal 1 en niet meer dan u nog kunt aanvragen."),
        lowest=1,
    )
    seen = WholeNumberField("", _l("Open deze pagina opnieuw."), widget=HiddenInput())


@official.route("/rondes/<string:slug>/stemcodes", methods=["GET", "POST"])
def codes(slug: str) -> ResponseReturnValue:
    """All lists of codes of a round; whoever asks for another one."""
    round_, form = round_or_404(slug), CodesForm()

    def ask() -> ResponseReturnValue:
        ask_for_codes(
            session(), round=round_, size=form.size.data, official=me(), now=moment_of_deed(), seen=form.seen.data
        )
        flash(_("De stemcodes zijn aangevraagd. Vraag nu een collega om ze vrij te geven."))
        return see_other("official.codes", slug=slug)

    return answer(form, ask, partial(_page, round_, form))


@official.post("/rondes/<string:slug>/stemcodes/<int:batch_id>/vrijgeven")
def release(slug: str, batch_id: int) -> ResponseReturnValue:
    """A second official lets the list be made."""
    round_, form = round_or_404(slug), Form()

    def let() -> ResponseReturnValue:
        release_codes(session(), batch=_batch_of(round_, batch_id), official=me(), now=moment_of_deed())
        flash(_("De stemcodes zijn vrijgegeven. De lijst kan nu 1 keer worden opgehaald."))
        return see_other("official.codes", slug=slug)

    return answer(form, let, partial(_page, round_, CodesForm(None)))


@official.post("/rondes/<string:slug>/stemcodes/<int:batch_id>/weggooien")
def discard(slug: str, batch_id: int) -> ResponseReturnValue:
    """None of the codes of the list is good from now on."""
    round_, form = round_or_404(slug), Form()

    def throw() -> ResponseReturnValue:
        discard_codes(session(), batch=_batch_of(round_, batch_id), official=me(), now=moment_of_deed())
        flash(_("De lijst is weggegooid. Geen van de codes werkt."))
        return see_other("official.codes", slug=slug)

    return answer(form, throw, partial(_page, round_, CodesForm(None)))


@official.post("/rondes/<string:slug>/stemcodes/<int:batch_id>/lijst.csv")
def code_list(slug: str, batch_id: int) -> ResponseReturnValue:
    """The list as a file, made while it is sent; nobody can ask for the same codes again."""
    round_ = round_or_404(slug)
    return answer(Form(), lambda: _list_file(round_, batch_id), partial(_page, round_, CodesForm(None)))


@official.post("/rondes/<string:slug>/stemcodes/<int:batch_id>/brieven.zip")
def code_letters(slug: str, batch_id: int) -> ResponseReturnValue:
    """The list as letters to print, made while they are sent."""
    round_ = round_or_404(slug)

    def letters() -> ResponseReturnValue:
        size = _batch_of(round_, batch_id).size
        content = letters_of(round_, _handed_out(round_, batch_id), size, parts().config)
        return _file(content, "application/zip", f"brieven-{round_.slug}-{batch_id}.zip")

    return answer(Form(), letters, partial(_page, round_, CodesForm(None)))


def _list_file(round_: Round, batch_id: int) -> Response:
    pieces, batch = _handed_out(round_, batch_id), _batch_of(round_, batch_id)
    file = _file(_lines(pieces), "text/csv", f"stemcodes-{round_.slug}-{batch_id}.csv")
    # A browser then shows how far it is, and notices a file that breaks off.
    serials = range(batch.first_serial, batch.first_serial + batch.size)
    file.content_length = len(HEADING) + sum(len(str(serial)) + CODE_WIDTH for serial in serials)
    return file


def _handed_out(round_: Round, batch_id: int) -> Iterator[Piece]:
    """The list, which this request alone makes; it is made once the request is committed."""
    batch = _batch_of(round_, batch_id)
    begin_codes(session(), batch=batch, official=me(), now=moment_of_deed())
    wired = parts()
    return made_codes(wired.database, batch_id=batch.id, pepper=wired.config.code_pepper, clock=wired.clock)


def _lines(pieces: Iterable[Piece]) -> Iterator[str]:
    held = HEADING
    for piece in pieces:
        *lines, last = [f"{serial},{code}\r\n" for serial, code in piece]
        yield held + "".join(lines)
        held = last
    # Once all codes are good: if that fails, the file ends before the length that was told, and the browser says so.
    yield held


def _file(content: Iterable[str] | Iterable[bytes], kind: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=kind, headers=disposition)


def _batch_of(round_: Round, batch_id: int) -> CodeBatch:
    batch = session().get(CodeBatch, batch_id)
    return batch if batch is not None and batch.round_id == round_.id else abort(404)


def _page(round_: Round, form: Form, refusal: Refusal | None = None) -> ResponseReturnValue:
    return form_page("official/codes.html", form, refusal, **_view(round_))


def _view(round_: Round) -> dict[str, Any]:
    asked, is_before_closing = codes_asked(session(), round_.id), now() < round_.schedule.counting
    lists, takes_codes = batches(session(), round_.id), round_.voting.franchise is Franchise.LETTER
    return {
        "round": round_,
        "batches": lists,
        "names": names_of(session(), {batch.asked_by for batch in lists}),
        "counts": code_counts(session(), round_.id),
        "asked": asked,
        "left": max(0, round_.electorate.eligible - asked),
        "is_before_closing": is_before_closing,
        "takes_codes": takes_codes,
        "can_ask": is_before_closing and takes_codes,
        "my_id": me().id,
    }
