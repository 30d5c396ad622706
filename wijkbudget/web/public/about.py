"""How it works, and the annual report."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from ...figures.queries import year_figures
from ...figures.rules import is_year
from ..blueprints import public
from ..transactions import session


@public.get("/hoe-werkt-het")
def how_it_works() -> ResponseReturnValue:
    """The story of a round, the secrecy of the vote, and questions."""
    return render_template("public/how_it_works.html")


@public.get("/jaarverslag/<int:year>")
def annual_report(year: int) -> ResponseReturnValue:
    """The figures of a year, computed when the page is asked for."""
    if not is_year(year):
        abort(404)
    return render_template("public/annual_report.html", figures=year_figures(session(), year))
