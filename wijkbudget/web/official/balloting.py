"""The part of a round's form about the ballot: how people choose, with the limits that belong to each way.

What stands under a way of choosing that was not chosen is not used and not objected to; the page hides it.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from ...refusal import Refusal
from ...rounds.forms import (
    BallotForm,
    Form,
    MinimumNotPositive,
    MinimumOverMaximum,
    NeedsMaximum,
    NeedsMostPoints,
    NeedsTotalPoints,
)
from ..wording import FORMS
from .basics import BasicFields, object_to
from .fields import WholeNumberField, choice_field

AT_FIELD: dict[type[Refusal], str] = {
    NeedsMaximum: "max_choices",
    MinimumNotPositive: "min_choices",
    MinimumOverMaximum: "min_choices",
    NeedsTotalPoints: "total_points",
    NeedsMostPoints: "most_points",
}
"""The setting that each refusal of a ballot form is about."""

BALLOT_FIELDS: dict[Form, tuple[str, ...]] = {
    Form.BASKET: ("basket_max_choices", "basket_min_choices"),
    Form.APPROVAL: ("approval_max_choices", "approval_min_choices"),
    Form.ONE: (),
    Form.POINTS: ("points_total_points", "points_most_points"),
    Form.RANKING: ("ranking_max_choices",),
}
"""The fields of each form of ballot, in the order of the page."""

HOW_MANY = _l("Vul een heel getal in: 1 of meer.")


def _number(label: Any, description: Any = "") -> WholeNumberField:
    return WholeNumberField(label, HOW_MANY, lowest=1, is_needed=False, description=description)


class BallotFields(BasicFields):
    """A form of ballot, and for each form its settings in fields called `form_setting`."""

    ballot_form = choice_field(
        _l("Hoe kiezen mensen?"), FORMS, _l("Kies hoe mensen kiezen."), default=Form.BASKET.value
    )
    basket_min_choices = _number(_l("Minimaal zoveel plannen"), _l("Laat leeg als er geen minimum is."))
    basket_max_choices = _number(_l("Maximaal zoveel plannen"), _l("Laat leeg als alleen het budget telt."))
    approval_max_choices = _number(_l("Hoeveel plannen mag iemand kiezen?"))
    approval_min_choices = _number(
        _l("Hoeveel plannen moet iemand minimaal kiezen?"), _l("Laat leeg als er geen minimum is.")
    )
    points_total_points = _number(_l("Hoeveel punten mag iemand verdelen?"))
    points_most_points = _number(_l("Hoeveel punten mag 1 plan maximaal krijgen?"))
    ranking_max_choices = _number(_l("Hoeveel plannen mag iemand op volgorde zetten?"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fields are right, those of other forms of ballot left aside."""
        super().validate(extra_validators)
        fields = {name for form in Form for name in setting_fields(form).values()}
        chosen = set() if self.ballot_form.errors else set(setting_fields(Form(self.ballot_form.data)).values())
        for name in fields - chosen:
            self[name].errors = []
        if not self.ballot_form.errors and not any(self[name].errors for name in chosen):
            self._require_ballot()
        return not self.errors

    def _require_ballot(self) -> None:
        try:
            self.chosen_ballot()
        except tuple(AT_FIELD) as refusal:
            object_to(self[f"{self.ballot_form.data}_{AT_FIELD[type(refusal)]}"], refusal)

    def chosen_ballot(self) -> BallotForm:
        """The form of ballot as it was filled in; raises what BallotForm raises."""
        form = Form(self.ballot_form.data)
        return BallotForm(form, **{setting: self[name].data for setting, name in setting_fields(form).items()})


def setting_fields(form: Form) -> dict[str, str]:
    """The field of each setting of this form of ballot."""
    return {field.removeprefix(f"{form.value}_"): field for field in BALLOT_FIELDS[form]}


def values_of_ballot(ballot: BallotForm) -> dict[str, Any]:
    """What the fields show of a ballot form."""
    fields = setting_fields(ballot.form)
    return {"ballot_form": ballot.form.value} | {name: getattr(ballot, setting) for setting, name in fields.items()}
