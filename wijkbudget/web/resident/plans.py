"""The plans of the person who is signed in, how they stand, and taking one back."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...plans.actions import require_editable, require_withdrawable, withdraw_plan
from ...plans.queries import plans_of
from ...plans.tables import Plan
from ...refusal import Refusal
from ...rounds.queries import rounds
from ...rounds.rules import Phase
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import resident
from ..forms import Form
from ..lookup import visible_plan_or_404
from ..outcome import ending_of, published_result
from ..standing import Standing, authors_standing
from ..transactions import moment_of_deed, now, phase_of, session


@dataclass(frozen=True)
class OwnPlan:
    """A plan in the list of its author."""

    plan: Plan
    standing: Standing
    has_result: bool
    can_edit: bool
    can_withdraw: bool


@resident.get("/plannen")
def plans() -> ResponseReturnValue:
    """My plans, and the rounds in which I can submit one."""
    mine = [_own(plan) for plan in plans_of(session(), me().id)]
    open_rounds = [round_ for round_ in rounds(session()) if phase_of(round_.schedule) is Phase.SUBMITTING]
    return render_template("resident/plans.html", mine=mine, open_rounds=open_rounds)


@resident.route("/plannen/<int:plan_id>/intrekken", methods=["GET", "POST"])
def withdraw(plan_id: int) -> ResponseReturnValue:
    """Take a plan back, after asking whether that is meant."""
    plan = visible_plan_or_404(plan_id)
    form = Form()

    def take_back() -> ResponseReturnValue:
        withdraw_plan(session(), plan=plan, author=me(), now=moment_of_deed())
        flash(_("Uw plan is ingetrokken."))
        return see_other("resident.plans")

    def page(refusal: Refusal | None) -> ResponseReturnValue:
        require_withdrawable(plan, author=me(), now=now())
        return form_page("resident/withdraw.html", form, refusal, plan=plan)

    return answer(form, take_back, page)


def _own(plan: Plan) -> OwnPlan:
    result = published_result(session(), plan.round)
    return OwnPlan(
        plan=plan,
        standing=authors_standing(plan, now(), ending_of(plan, result) if result else None),
        has_result=result is not None,
        can_edit=_is_allowed(require_editable, plan),
        can_withdraw=_is_allowed(require_withdrawable, plan),
    )


def _is_allowed(require: Callable[..., None], plan: Plan) -> bool:
    try:
        require(plan, author=me(), now=now())
    except Refusal:
        return False
    return True
