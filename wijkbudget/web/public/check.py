"""Checking a published round: what can be checked, in plain words, and the package to do it with."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ...ballots.queries import opening_of
from ...results.export import has_plan_left, recount_command
from ...results.queries import package_seen, publication_of
from ...rounds.tables import Round
from ..blueprints import public
from ..lookup import round_or_404
from ..outcome import published_result
from ..round_rules import rules_in_words
from ..transactions import session
from .numbers import numbers_of


@public.get("/rondes/<string:slug>/controleren")
def check(slug: str) -> ResponseReturnValue:
    """How anybody can check the result, and what that shows."""
    round_ = round_or_404(slug)
    found, opening = published_result(session(), round_), opening_of(session(), round_.id)
    if found is None or opening is None:
        return render_template("public/check.html", round=round_, result=None)
    return render_template(
        "public/check.html",
        round=round_,
        result=found,
        rules=rules_in_words(round_),
        opening=opening,
        numbers=numbers_of(round_, found, opening),
        package=package_seen(session(), round_.id),
        has_ballots=found.decided.ballots >= round_.voting.publish_ballots_from,
        has_plan=has_plan_left(found.decided),
        command=recount_command(found.decided, f"{round_.slug}.pb"),
        file=_file_name(round_),
    )


@public.get("/rondes/<string:slug>/pakket.zip")
def package(slug: str) -> ResponseReturnValue:
    """The package as it was signed."""
    round_ = round_or_404(slug)
    publication = publication_of(session(), round_.id)
    if publication is None:
        raise NotFound()
    disposition = {"Content-Disposition": f'attachment; filename="{_file_name(round_)}"'}
    return Response(publication.package, mimetype="application/zip", headers=disposition)


def _file_name(round_: Round) -> str:
    return f"{round_.slug}.zip"
