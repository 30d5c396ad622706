"""The neighbourhoods of the city, and the page of each."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ...places.queries import districts
from ...rounds.queries import rounds_of_neighbourhood
from ...rounds.rules import Phase
from ..blueprints import public
from ..lookup import neighbourhood_or_404
from ..transactions import now, phase_of, session
from .overview import city


@public.get("/wijken")
def neighbourhoods() -> ResponseReturnValue:
    """All neighbourhoods by district, and the map."""
    return render_template("public/neighbourhoods.html", city=city(session(), now()), districts=districts(session()))


@public.get("/wijken/<string:slug>")
def neighbourhood(slug: str) -> ResponseReturnValue:
    """One neighbourhood with its rounds, those of now and those of before."""
    here = neighbourhood_or_404(slug)
    rounds = rounds_of_neighbourhood(session(), here.id)
    over = [round_ for round_ in rounds if phase_of(round_.schedule) is Phase.RESULT]
    return render_template(
        "public/neighbourhood.html", here=here, current=[round_ for round_ in rounds if round_ not in over], over=over
    )
