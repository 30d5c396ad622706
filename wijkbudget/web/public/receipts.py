"""Finding one's vote again: a receipt among the envelopes, a tracker among the counted ballots."""

from dataclasses import dataclass

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from ...ballots.actions import require_urn
from ...ballots.codes import has_check_symbol
from ...ballots.receipts import counted_points, parsed_receipt, shows_ballots, was_in_urn
from ...ballots.rules import FrozenRules, MenuItem
from ..answers import form_page, see_other
from ..blueprints import public
from ..forms import Form, obeys, required, trimmed
from ..lookup import round_or_404
from ..outcome import published_result
from ..padding import without_length
from ..transactions import reading


class FindForm(Form):
    """The number from a receipt, or a tracker; it is sent in the form, so it stands in no address and no log."""

    number = StringField(
        _l("Uw nummer"),
        filters=[trimmed],
        validators=[
            *required(_l("Vul het nummer in van uw ontvangstbewijs, of uw volgnummer.")),
            obeys(parsed_receipt),
        ],
    )


@dataclass(frozen=True)
class Found:
    """What a number led to: an envelope, or a ballot with the titles and points of its plans, the highest first.

    Nothing, and a number that `looks_like_code`: then somebody typed the code of the letter, as far as can be told.
    """

    in_urn: bool = False
    ballot: tuple[tuple[str, int], ...] | None = None
    looks_like_code: bool = False


@public.get("/stem")
def from_letter() -> ResponseReturnValue:
    """Where the QR code of a letter leads: on to the door. The browser keeps the code, which no server is sent."""
    return see_other("voter.code")


@public.route("/rondes/<string:slug>/zoek-uw-stem", methods=["GET", "POST"])
def find_vote(slug: str) -> ResponseReturnValue:
    """Look for a receipt or a tracker, once the result is published. Looking writes nothing."""
    round_, form = round_or_404(slug, reading()), FindForm()
    is_public = published_result(reading(), round_) is not None
    has_ballots = is_public and shows_ballots(reading(), round_.id)

    def page(found: Found | None) -> Response:
        return form_page(
            "public/find_vote.html",
            form,
            round=round_,
            is_public=is_public,
            found=found,
            has_ballots=has_ballots,
            least=round_.voting.publish_ballots_from,
        )

    if not (is_public and form.validate_on_submit()):
        return page(None)
    menu = FrozenRules.parse(require_urn(reading(), round_.id).rules).menu
    found = _find(round_.id, parsed_receipt(form.number.data), menu, has_ballots=has_ballots)
    return without_length(page(found), page(None), plans=len(menu))


def _find(round_id: int, number: str, menu: tuple[MenuItem, ...], *, has_ballots: bool) -> Found:
    if was_in_urn(reading(), round_id, number):
        return Found(in_urn=True)
    points = counted_points(reading(), round_id, number) if has_ballots else None
    if points is None:
        return Found(looks_like_code=has_check_symbol(number))
    titles = {item.plan_id: item.title for item in menu}
    ordered = sorted(points, key=lambda pair: -pair[1])
    return Found(ballot=tuple((titles[plan_id], given) for plan_id, given in ordered))
