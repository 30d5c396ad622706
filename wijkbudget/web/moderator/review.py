"""One plan, and the decisions about it."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired
from wtforms.widgets import HiddenInput

from ...people.rules import require_district
from ...plans.actions import DECIDING, decide_feasibility, decide_placement
from ...plans.queries import plan_by_id
from ...plans.rules import LONGEST_REASON
from ...plans.tables import Plan, Question
from ...refusal import Refusal
from ..access import me
from ..blueprints import moderator
from ..forms import EurosField, Form, form_page, long_text
from ..transactions import now, session

CHOOSE = _l("Kies wat u beslist.")


class DecisionForm(Form):
    """What every decision has: a reason for the author, and which text of the plan was read."""

    reason = long_text(_l("Uitleg voor de indiener"), _l("Leg uw beslissing uit."), longest=LONGEST_REASON)
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(_l("Open deze pagina opnieuw."))])


class PlacementForm(DecisionForm):
    """Whether the plan comes on the site; a no names a criterion of the round."""

    decision = RadioField(
        _l("Komt dit plan op de site?"),
        choices=[SelectChoice("yes", _l("Plaatsen")), SelectChoice("no", _l("Niet plaatsen"))],
        validators=[InputRequired(CHOOSE), AnyOf(("yes", "no"), CHOOSE)],
        validate_choice=False,
    )
    criterion = RadioField(_l("Aan welk criterium voldoet het plan niet?"), validate_choice=False)

    def about(self, plan: Plan) -> "PlacementForm":
        """This form with the published criteria of the plan's round."""
        self.criterion.choices = [SelectChoice(criterion, criterion) for criterion in plan.round.criteria]
        return self


class FeasibilityForm(DecisionForm):
    """Whether the plan can be carried out, and at what cost."""

    decision = RadioField(
        _l("Kan dit plan worden uitgevoerd?"),
        choices=[SelectChoice("yes", _l("Ja, dit kan")), SelectChoice("no", _l("Nee, dit kan niet"))],
        validators=[InputRequired(CHOOSE), AnyOf(("yes", "no"), CHOOSE)],
        validate_choice=False,
    )
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
    form, refusal = PlacementForm().about(plan), None
    if form.validate_on_submit():
        try:
            decide_placement(
                session(), plan=plan, moderator=me(), is_yes=form.decision.data == "yes",
                criterion=form.criterion.data, reason=form.reason.data or "", version=form.version.data or 0, now=now(),
            )  # fmt: skip
            return _done(plan)
        except Refusal as caught:
            refusal = caught
    return _page(plan, form, refusal)


@moderator.post("/plannen/<int:plan_id>/haalbaarheid")
def judge(plan_id: int) -> ResponseReturnValue:
    """Decide whether the plan can be carried out."""
    plan = plan_in_my_district(plan_id)
    form, refusal = FeasibilityForm(), None
    if form.validate_on_submit():
        try:
            decide_feasibility(
                session(), plan=plan, moderator=me(), is_yes=form.decision.data == "yes",
                cost=form.cost.data, reason=form.reason.data or "", version=form.version.data or 0, now=now(),
            )  # fmt: skip
            return _done(plan)
        except Refusal as caught:
            refusal = caught
    return _page(plan, form, refusal)


def plan_in_my_district(plan_id: int) -> Plan:
    """The plan with this number. Raises NotYourDistrict."""
    plan: Plan = plan_by_id(session(), plan_id) or abort(404)
    require_district(me().district_ids, plan.round.district_ids)
    return plan


def _page(plan: Plan, form: DecisionForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page with the form that belongs to what is still to be decided, as far as it was filled in."""
    waits_for = _waits_for(plan)
    shown = form if waits_for is _question_of(form) else _fresh_form(plan)
    can_decide = plan.round.schedule.phase_at(now()) in DECIDING and plan.withdrawn_at is None
    return form_page(
        "moderator/review.html", form, refusal, shown=shown, plan=plan, round=plan.round,
        waits_for=waits_for.value if waits_for else None, can_decide=can_decide,
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


def _done(plan: Plan) -> ResponseReturnValue:
    flash(_("Uw beslissing over '%(title)s' is opgeslagen. De indiener krijgt een e-mail.", title=plan.title))
    return redirect(url_for("moderator.queue"), 303)
