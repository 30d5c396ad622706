"""A published result for programs: the outcome with its reasons, and the ballots to count them again."""

from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ...ballots.actions import require_urn
from ...ballots.queries import opened_ballots
from ...ballots.rules import FrozenRules
from ...results.export import has_plan_left, pabulib_file, result_values
from ...results.rules import NoFileOfBallots
from ...results.tables import Result
from ...rounds.tables import Round
from ..blueprints import public
from ..lookup import round_or_404
from ..outcome import outcome_view, published_result
from ..transactions import session


@public.get("/rondes/<string:slug>/uitslag.json")
def result_json(slug: str) -> ResponseReturnValue:
    """The result in plain values, with what each plan is called and why it won or not, in the language of the site."""
    round_, result = _published(slug)
    told = {
        str(plan.card.id): {
            "title": plan.card.title,
            "why": " ".join(filter(None, (plan.headline, plan.details, plan.advice))),
        }
        for plan in outcome_view(session(), round_, result).plans
    }
    return jsonify(result_values(result) | {"title": round_.title, "plans": told})


@public.get("/rondes/<string:slug>/stemmen.pb")
def ballots(slug: str) -> ResponseReturnValue:
    """All counted ballots as a Pabulib file.

    There is none for a round with so few that one could be guessed, or without a plan that was not withdrawn.
    """
    round_, result = _published(slug)
    if result.decided.ballots < round_.voting.publish_ballots_from or not has_plan_left(result.decided):
        raise NoFileOfBallots()
    rules = FrozenRules.parse(require_urn(session(), round_.id).rules)
    text = pabulib_file(rules, opened_ballots(session(), round_.id), result.decided)
    return Response(
        text, mimetype="text/plain", headers={"Content-Disposition": f'attachment; filename="{round_.slug}.pb"'}
    )


def _published(slug: str) -> tuple[Round, Result]:
    round_ = round_or_404(slug)
    result = published_result(session(), round_)
    if result is None:
        raise NotFound()
    return round_, result
