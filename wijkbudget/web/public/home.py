"""The front page, and the way from a postcode to its neighbourhood."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from ...places.queries import neighbourhood_of, neighbourhoods_near
from ...places.rules import valid_postcode
from ...plans.queries import newest_placed
from ..access import signed_in_person
from ..answers import form_page, see_other
from ..blueprints import public
from ..cards import cards
from ..forms import Form, obeys, required, trimmed
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
        validators=[*required(_l("Vul uw postcode in, bijvoorbeeld 2593 AB.")), obeys(valid_postcode)],
    )


@public.get("/")
def home() -> ResponseReturnValue:
    """What runs now, how it works, and the way to your neighbourhood."""
    city_ = city(session(), now())
    newest = newest_placed(session(), [round_.id for round_ in city_.running], NEWEST)
    return render_template(
        "public/home.html",
        city=city_,
        plans=cards(session(), newest, signed_in_person()),
        postcode=PostcodeForm().postcode,
    )


@public.get("/wijk")
def find_neighbourhood() -> ResponseReturnValue:
    """To the neighbourhood of a postcode; for an unknown one a list to choose from."""
    form, near = PostcodeForm(request.args), None
    if "postcode" in request.args and form.validate():
        postcode = valid_postcode(form.postcode.data)
        if found := neighbourhood_of(session(), postcode):
            return see_other("public.neighbourhood", slug=found.slug)
        near = neighbourhoods_near(session(), postcode)
    return form_page("public/find_neighbourhood.html", form, city=city(session(), now()), near=near)
