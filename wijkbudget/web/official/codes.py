"""Handing out voting codes: one list, once, for the printer."""

import csv
from collections.abc import Iterable
from io import StringIO

from flask import Response
from flask.typing import ResponseReturnValue

from ...ballots import actions
from ...refusal import Refusal
from ..access import me
from ..blueprints import official
from ..forms import form_page
from ..lookup import round_or_404
from ..transactions import now, parts, session
from .rounds import CodesForm, dashboard


@official.post("/rondes/<string:slug>/stemcodes")
def make_codes(slug: str) -> ResponseReturnValue:
    """A file with new codes; nobody can ask for the same codes again."""
    chosen = round_or_404(slug)
    form = CodesForm()
    refusal = None
    if form.validate_on_submit():
        try:
            pepper = parts().config.code_pepper
            codes = actions.make_codes(
                session(), round=chosen, size=form.size.data, official=me(), pepper=pepper, now=now()
            )
            return _file(codes, f"stemcodes-{chosen.slug}.csv")
        except Refusal as caught:
            refusal = caught
    return form_page("official/round.html", form, refusal, **dashboard(chosen))


def _file(codes: Iterable[tuple[int, str]], name: str) -> Response:
    text = StringIO()
    table = csv.writer(text)
    table.writerow(("briefnummer", "stemcode"))
    table.writerows(codes)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.getvalue(), mimetype="text/csv", headers=disposition)
