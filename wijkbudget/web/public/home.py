"""The front page, and the way from a postcode to its neighbourhood."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError

from ...places.queries import neighbourhood_of, neighbourhoods_near
from ...places.rules import NotAPostcode, valid_postcode
from ...plans.queries import newest_placed
from ..access import signed_in_person
from ..blueprints import public
from ..cards import cards
from ..forms import Form, form_page, required, trimmed
from ..sentences import answer_to
from ..transactions import now, session
from .overview import city

NEWEST = 3


class PostcodeForm(Form):
    """A postcode, asked by GET: the answer can be kept as a bookmark."""

    class Meta:
        """Nothing changes, so nothing can be forged."""

        csrf = False

    postcode = StringField(
        _l("Wat is uw postcode?"),
        description=_l("Bijvoorbeeld: 2593 AB. Dan ziet u uw wijk."),
        filters=[trimmed],
        validators=required(_l("Vul uw postcode in, bijvoorbeeld 2593 AB.")),
    )

    def validate_postcode(self, field: StringField) -> None:
        """Keep the postcode as it is stored."""
        try:
            field.data = valid_postcode(field.data or "")
        except NotAPostcode as refusal:
            raise ValidationError(answer_to(refusal)[1]) from refusal


@public.route("/")
def home() -> ResponseReturnValue:
    """What runs now, how it works, and the way to your neighbourhood."""
    here = city(session(), now())
    newest = newest_placed(session(), [round.id for round in here.running], NEWEST)
    return render_template(
        "public/home.html",
        city=here,
        plans=cards(session(), newest, signed_in_person()),
        postcode=PostcodeForm().postcode,
    )


@public.route("/wijk")
def find_neighbourhood() -> ResponseReturnValue:
    """To the neighbourhood of a postcode; for an unknown one a list to choose from."""
    form, near = PostcodeForm(request.args), None
    if "postcode" in request.args and form.validate():
        postcode = form.postcode.data or ""
        if found := neighbourhood_of(session(), postcode):
            return redirect(url_for("public.neighbourhood", slug=found.slug), 303)
        near = neighbourhoods_near(session(), postcode)
    return form_page("public/find_neighbourhood.html", form, city=city(session(), now()), near=near)
