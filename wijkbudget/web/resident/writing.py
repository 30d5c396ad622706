"""Writing a plan: submitting a new one and editing what was not decided about yet."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from ...plans.actions import edit_plan, require_editable, submit_plan
from ...plans.photos import PhotoUpload
from ...plans.rules import (
    LONGEST_ALT_TEXT,
    LONGEST_DESCRIPTION,
    LONGEST_PLACE,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    Draft,
)
from ...refusal import Refusal
from ...rounds.rules import Phase, require_phase
from ..access import me
from ..blueprints import resident
from ..forms import EurosField, Form, form_page, long_text, short_text, trimmed
from ..lookup import round_or_404, visible_plan_or_404
from ..transactions import now, session


class PlanForm(Form):
    """A plan as its author writes it; a photo comes with words for who cannot see it."""

    title = short_text(_l("Naam van uw plan"), _l("Vul een naam voor uw plan in."), longest=LONGEST_TITLE)
    summary = short_text(_l("Uw plan in 1 zin"), _l("Vertel uw plan in 1 zin."), longest=LONGEST_SUMMARY)
    what = long_text(_l("Wat wilt u doen?"), _l("Vertel wat u wilt doen."), longest=LONGEST_DESCRIPTION)
    why = long_text(
        _l("Waarom is dit goed voor de wijk?"),
        _l("Vertel waarom dit goed is voor de wijk."),
        longest=LONGEST_DESCRIPTION,
    )
    place = short_text(
        _l("Waar is het?"), _l("Vertel waar het is: een straat, een plein of de hele wijk."), longest=LONGEST_PLACE
    )
    estimated_cost = EurosField(_l("Hoeveel geld is er nodig?"), validators=[Optional()])
    photo = FileField(_l("Foto of tekening"), validators=[Optional()])
    alt = StringField(
        _l("Wat is er op de foto te zien?"),
        filters=[trimmed],
        validators=[Length(max=LONGEST_ALT_TEXT, message=_l("Maak deze tekst korter: maximaal %(max)d tekens."))],
    )

    def validate_alt(self, field: StringField) -> None:
        """A photo needs its text alternative."""
        if self.photo.data and not field.data:
            raise ValidationError(_("Vertel wat er op de foto te zien is."))

    def draft(self) -> Draft:
        """The plan that was filled in."""
        return Draft(
            title=self.title.data or "",
            summary=self.summary.data or "",
            what=self.what.data or "",
            why=self.why.data or "",
            place=self.place.data or "",
            estimated_cost=self.estimated_cost.data,
        )

    def upload(self) -> PhotoUpload | None:
        """The photo that was chosen, if any."""
        return PhotoUpload(self.photo.data.read(), self.alt.data or "") if self.photo.data else None


class EditForm(PlanForm):
    """A plan that is written anew; `version` tells which text the author had before them."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(_l("Open deze pagina opnieuw."))])


@resident.route("/rondes/<string:slug>/plan-indienen", methods=["GET", "POST"])
def submit(slug: str) -> ResponseReturnValue:
    """A new plan in this round."""
    round_ = round_or_404(slug)
    if request.method == "GET":  # who sends it too late gets the text back: the action refuses that
        require_phase(round_.schedule, Phase.SUBMITTING, now())
    form, refusal = PlanForm(), None
    if form.validate_on_submit():
        try:
            submit_plan(session(), round=round_, author=me(), draft=form.draft(), photo=form.upload(), now=now())
            flash(_("Uw plan is ingediend. Wij bekijken het en sturen u een e-mail."))
            return redirect(url_for("resident.plans"), 303)
        except Refusal as caught:
            refusal = caught
    return form_page("resident/submit.html", form, refusal, round=round_)


@resident.route("/plannen/<int:plan_id>/wijzigen", methods=["GET", "POST"])
def edit(plan_id: int) -> ResponseReturnValue:
    """The author's own plan, written anew."""
    plan = visible_plan_or_404(plan_id)
    if request.method == "GET":
        require_editable(plan, author=me(), now=now())
    form, refusal = EditForm(obj=None if request.method == "POST" else plan), None
    if form.validate_on_submit():
        try:
            edit_plan(
                session(), plan=plan, author=me(), draft=form.draft(), photo=form.upload(),
                version=form.version.data or 0, now=now(),
            )  # fmt: skip
            flash(_("Uw plan is gewijzigd."))
            return redirect(url_for("resident.plans"), 303)
        except Refusal as caught:
            refusal = caught
    return form_page("resident/edit.html", form, refusal, plan=plan, round=plan.round)
