"""Handing out voting codes: one list, once, for the printer."""

import csv
from collections.abc import Iterable
from io import StringIO

from flask import Response
from flask.typing import ResponseReturnValue

from ...ballots import actions
from ...refusal import Refusal
from ..access import me
from ..answers import answer, form_page
from ..blueprints import official
from ..lookup import round_or_404
from ..transactions import now, parts, session
from .rounds import CodesForm, dashboard


@official.post("/rondes/<string:slug>/stemcodes")
def make_codes(slug: str) -> ResponseReturnValue:
    """A file with new codes; nobody can ask for the same codes again."""
    round_, form, pepper = round_or_404(slug), CodesForm(), parts().config.code_pepper

    def make() -> ResponseReturnValue:
        codes = actions.make_codes(
            session(), round=round_, size=form.size.data, official=me(), pepper=pepper, now=now(), seen=form.seen.data
        )
        return _file(codes, f"stemcodes-{round_.slug}.csv")

    def page(refusal: Refusal | None) -> ResponseReturnValue:
        return form_page("official/round.html", form, refusal, **dashboard(round_))

    return answer(form, make, page)


def _file(codes: Iterable[tuple[int, str]], name: str) -> Response:
    text = StringIO()
    table = csv.writer(text)
    table.writerow(("briefnummer", "stemcode"))
    table.writerows(codes)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.getvalue(), mimetype="text/csv", headers=disposition)
