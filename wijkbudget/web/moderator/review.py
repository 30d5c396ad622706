"""One plan, and the decisions about it."""

from collections.abc import Callable
from functools import partial

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired

from ...plans.actions import decide_feasibility, decide_placement
from ...plans.rules import DECIDING, LONGEST_REASON
from ...plans.tables import Plan, Question
from ...refusal import Refusal
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import moderator
from ..forms import EurosField, Form, long_text, version_field
from ..lookup import plan_in_my_district
from ..transactions import moment_of_deed, now, session

CHOOSE = _l("Kies wat u beslist.")


def _yes_no(label: LazyString, yes: LazyString, no: LazyString) -> RadioField:
    return RadioField(
        label,
        choices=[SelectChoice("yes", yes), SelectChoice("no", no)],
        validators=[InputRequired(CHOOSE), AnyOf(("yes", "no"), CHOOSE)],
        validate_choice=False,
    )


class DecisionForm(Form):
    """What every decision has: yes or no, a reason for the author, and which text of the plan was read."""

    decision: RadioField
    reason = long_text(_l("Uitleg voor de indiener"), _l("Leg uw beslissing uit."), longest=LONGEST_REASON)
    version = version_field()


class PlacementForm(DecisionForm):
    """Whether the plan comes on the site; a no names a criterion of the round."""

    decision = _yes_no(_l("Komt dit plan op de site?"), _l("Plaatsen"), _l("Niet plaatsen"))
    criterion = RadioField(_l("Aan welk criterium voldoet het plan niet?"), validate_choice=False)

    def about(self, plan: Plan) -> "PlacementForm":
        """This form with the published criteria of the plan's round."""
        self.criterion.choices = [SelectChoice(criterion, criterion) for criterion in plan.round.criteria]
        return self


class FeasibilityForm(DecisionForm):
    """Whether the plan can be carried out, and at what cost."""

    decision = _yes_no(_l("Kan dit plan worden uitgevoerd?"), _l("Ja, dit kan"), _l("Nee, dit kan niet"))
    cost = EurosField(_l("Nagerekende kosten"))


@moderator.get("/plannen/<int:plan_id>")
def review(plan_id: int) -> ResponseReturnValue:
    """The plan with what was decided and what is still to be decided."""
    plan = plan_in_my_district(plan_id)
    return _page(plan, _fresh_form(plan))


@moderator.post("/plannen/<int:plan_id>/plaatsing")
def place(plan_id: int) -> ResponseReturnValue:
    """Decide whether the plan comes on the site."""
    plan = plan_in_my_district(plan_id)
    form = PlacementForm().about(plan)
    return _decide(plan, form, partial(decide_placement, criterion=form.criterion.data))


@moderator.post("/plannen/<int:plan_id>/haalbaarheid")
def judge(plan_id: int) -> ResponseReturnValue:
    """Decide whether the plan can be carried out."""
    plan, form = plan_in_my_district(plan_id), FeasibilityForm()
    return _decide(plan, form, partial(decide_feasibility, cost=form.cost.data))


def _decide(plan: Plan, form: DecisionForm, record: Callable[..., None]) -> ResponseReturnValue:
    def decide() -> ResponseReturnValue:
        record(
            session(), plan=plan, moderator=me(), is_yes=form.decision.data == "yes",
            reason=form.reason.data, version=form.version.data, now=moment_of_deed(),
        )  # fmt: skip
        flash(_("Uw beslissing over '%(title)s' is opgeslagen. De indiener krijgt een e-mail.", title=plan.title))
        return see_other("moderator.queue")

    return answer(form, decide, partial(_page, plan, form))


def _page(plan: Plan, form: DecisionForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page with the form that belongs to what is still to be decided, as far as it was filled in."""
    waits_for = _waits_for(plan)
    shown = form if waits_for is _question_of(form) else _fresh_form(plan)
    can_decide = plan.round.schedule.phase_at(now()) in DECIDING and plan.withdrawn_at is None
    return form_page(
        "moderator/review.html", form, refusal, shown=shown, plan=plan, round=plan.round,
        waits_for=waits_for, can_decide=can_decide,
    )  # fmt: skip


def _waits_for(plan: Plan) -> Question | None:
    if plan.decision(Question.PLACEMENT) is None:
        return Question.PLACEMENT
    return Question.FEASIBILITY if plan.was_placed and not plan.decision(Question.FEASIBILITY) else None


def _question_of(form: DecisionForm) -> Question:
    return Question.PLACEMENT if isinstance(form, PlacementForm) else Question.FEASIBILITY


def _fresh_form(plan: Plan) -> DecisionForm:
    if _waits_for(plan) is Question.FEASIBILITY:
        return FeasibilityForm(formdata=None, data={"cost": plan.estimated_cost})
    return PlacementForm(formdata=None).about(plan)
