"""Writing a plan: submitting a new one and editing what was not decided about yet."""

from functools import partial

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField, ValidationError
from wtforms.validators import Optional

from ...plans.actions import edit_plan, require_editable, submit_plan
from ...plans.photos import PhotoUpload, new_photo
from ...plans.rules import (
    LONGEST_ALT_TEXT,
    LONGEST_DESCRIPTION,
    LONGEST_PLACE,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    Draft,
    PhotoNeedsText,
)
from ...plans.tables import Photo
from ...rounds.rules import Phase, require_phase
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import resident
from ..forms import EurosField, Form, at_most, long_text, short_text, trimmed, version_field
from ..lookup import round_or_404, visible_plan_or_404
from ..sentences import sentence_of
from ..transactions import moment_of_deed, now, reading, session


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
        validators=[at_most(LONGEST_ALT_TEXT)],
    )

    def validate_alt(self, field: StringField) -> None:
        """A photo needs its text alternative."""
        if self.photo.data and not field.data:
            raise ValidationError(sentence_of(PhotoNeedsText()))

    def draft(self) -> Draft:
        """The plan that was filled in."""
        return Draft(
            title=self.title.data,
            summary=self.summary.data,
            what=self.what.data,
            why=self.why.data,
            place=self.place.data,
            estimated_cost=self.estimated_cost.data,
        )

    def developed(self) -> Photo | None:
        """The photo that was chosen, if any; this takes a while. Raises NotAPhoto, PhotoTooLarge."""
        return new_photo(PhotoUpload(self.photo.data.read(), self.alt.data)) if self.photo.data else None


class EditForm(PlanForm):
    """A plan that is written anew; `version` tells which text the author had before them."""

    version = version_field()


@resident.route("/rondes/<string:slug>/plan-indienen", methods=["GET", "POST"])
def submit(slug: str) -> ResponseReturnValue:
    """A new plan in this round."""
    round_ = round_or_404(slug, reading())
    if request.method == "GET":  # who sends it too late gets the text back: the action refuses that
        require_phase(round_.schedule, Phase.SUBMITTING, now())
    form = PlanForm()

    def hand_in() -> ResponseReturnValue:
        photo = form.developed()  # before the writing begins: SQLite's only write lock must not wait for it
        submit_plan(
            session(), round=round_or_404(slug), author=me(), draft=form.draft(), photo=photo, now=moment_of_deed()
        )
        flash(_("Uw plan is ingediend. Wij bekijken het en sturen u een e-mail."))
        return see_other("resident.plans")

    return answer(form, hand_in, partial(form_page, "resident/submit.html", form, round=round_))


@resident.route("/plannen/<int:plan_id>/wijzigen", methods=["GET", "POST"])
def edit(plan_id: int) -> ResponseReturnValue:
    """The author's own plan, written anew."""
    plan = visible_plan_or_404(plan_id, reading())
    if request.method == "GET":
        require_editable(plan, author=me(), now=now())
    form = EditForm(obj=None if request.method == "POST" else plan)

    def rewrite() -> ResponseReturnValue:
        photo = form.developed()
        edit_plan(
            session(), plan=visible_plan_or_404(plan_id), author=me(), draft=form.draft(), photo=photo,
            version=form.version.data, now=moment_of_deed(),
        )  # fmt: skip
        flash(_("Uw plan is gewijzigd."))
        return see_other("resident.plans")

    return answer(form, rewrite, partial(form_page, "resident/edit.html", form, plan=plan, round=plan.round))
