"""Liking a plan, with one button that also takes the like back."""

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import AnyOf

from ...plans.likes import like_plan, unlike_plan
from ..access import me
from ..answers import see_other
from ..blueprints import resident
from ..forms import Form
from ..lookup import visible_plan_or_404
from ..transactions import moment_of_deed, session
from ..voting_sentences import UNPROCESSABLE


class LikeForm(Form):
    """What is wanted, so that a doubled click does not take back what the first one did."""

    liked = StringField(validators=[AnyOf(("yes", "no"))])


@resident.post("/plannen/<int:plan_id>/like")
def like(plan_id: int) -> ResponseReturnValue:
    """Like the plan or take the like back; a script gets `liked` and `likes`, a browser its plan."""
    plan, form = visible_plan_or_404(plan_id), LikeForm()
    if not form.validate_on_submit():
        abort(UNPROCESSABLE)
    wanted = form.liked.data == "yes"
    (like_plan if wanted else unlike_plan)(session(), plan=plan, person=me(), now=moment_of_deed())
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(liked=wanted, likes=plan.like_count)
    return see_other("public.plan", plan_id=plan.id)
