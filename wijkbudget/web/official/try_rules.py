"""Trying counting rules before voting: on an invented profile, or on one from a file. Nothing is stored."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import ValidationError

from ...plans.queries import all_placed
from ...rounds.actions import BEFORE_VOTING
from ...rounds.rules import require_phase
from ...rounds.tables import Round
from ...tally.instance import Instance, Plan, TallyError
from ...tally.invented import invented_plans, invented_profile
from ...tally.pabulib import Election, read_election
from ...tally.pabulib_text import PabulibError
from ..answers import form_page
from ..blueprints import official
from ..forms import Form
from ..lookup import round_or_404
from ..transactions import now, reading
from .fields import WholeNumberField
from .trials import CENTS, Contest, Trial, fill_in_of, tried

FEWEST_PLANS = 3
FEWEST_VOTERS, MOST_VOTERS = 100, 10_000
USUAL_VOTERS = 1_000
MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE  # what every rule counts within seconds
MOST_REMARKS = 20
HOW_MANY = _l("Vul een heel getal in van 100 tot en met 10.000.")


class TrialForm(Form):
    """How many voters are invented, and from which number; it only asks, so its answers stand in the address."""

    voters = WholeNumberField(
        _l("Aantal stemmers"), HOW_MANY, lowest=FEWEST_VOTERS, name="stemmers", default=USUAL_VOTERS
    )
    seed = WholeNumberField(
        _l("Begingetal"), _l("Vul een heel getal in: 0 of meer."), name="begingetal", default=1,
        description=_l("Hetzelfde getal geeft dezelfde stemmen. Kies een ander getal voor andere stemmen."),
    )  # fmt: skip

    def validate_voters(self, field: WholeNumberField) -> None:
        """More voters would take too long."""
        if field.data is not None and field.data > MOST_VOTERS:
            raise ValidationError(HOW_MANY)


class UploadForm(Form):
    """An election in a file."""

    file = FileField(
        _l("Bestand (.pb)"),
        description=_l("Een verkiezing in het formaat van Pabulib, maximaal 5 MB. Wij bewaren het bestand niet."),
    )
    election: Election

    def validate_file(self, field: FileField) -> None:
        """It can be read, by line what was passed over; it is small enough to be counted at once."""
        content = field.data.read(LARGEST_FILE + 1) if field.data else b""
        if not content:
            raise ValidationError(_("Kies een bestand."))
        if len(content) > LARGEST_FILE:
            raise ValidationError(_("Dit bestand is te groot. Kies een bestand van maximaal 5 MB."))
        try:
            self.election = read_election(content, is_lenient=True)
        except PabulibError as error:
            at_line = _("Wij kunnen regel %(line)s van dit bestand niet lezen.", line=error.line)
            raise ValidationError(f"{at_line} {_in_english(error.reason)}") from error
        except TallyError as error:
            raise ValidationError(f"{_('Wij kunnen dit bestand niet tellen.')} {_in_english(str(error))}") from error


def _in_english(reason: str) -> str:
    return _("De reden, in het Engels: %(reason)s.", reason=reason)


@official.get("/rondes/<string:slug>/telregels")
def try_rules(slug: str) -> ResponseReturnValue:
    """The rules side by side on an invented profile."""
    round_ = _open_round(slug)
    form = TrialForm(request.args or None, meta={"csrf": False})
    return _page(round_, form, UploadForm(formdata=None), trial=_invented(round_, form) if form.validate() else None)


@official.post("/rondes/<string:slug>/telregels")
def try_file(slug: str) -> ResponseReturnValue:
    """The rules side by side on the profile of a file."""
    round_, form = _open_round(slug), UploadForm()
    own = TrialForm(None, meta={"csrf": False})
    if not form.validate():
        return _page(round_, own, form, refused=form)
    trial = tried(_imported(form.election), round_.counting.rule, seed="1")
    return _page(round_, own, form, trial=trial, election=form.election, remarks=form.election.passed_over)


def _open_round(slug: str) -> Round:
    round_ = round_or_404(slug, reading())
    require_phase(round_.schedule, BEFORE_VOTING, now())
    return round_


def _page(round_: Round, form: TrialForm, upload: UploadForm, **values: Any) -> ResponseReturnValue:
    refused = values.pop("refused", form)
    shown: dict[str, Any] = {"trial": None, "election": None, "remarks": (), "most_remarks": MOST_REMARKS} | values
    return form_page("official/try_rules.html", refused, round=round_, asked=form, upload=upload, **shown)


def _invented(round_: Round, form: TrialForm) -> Trial:
    plans = [plan for plan in all_placed(reading(), round_.id) if plan.cost]
    if len(plans) < FEWEST_PLANS:
        invented = invented_plans(round_.budget, unit=CENTS, seed=form.seed.data)
        titles = {plan.id: _("Verzonnen plan %(number)s", number=plan.id) for plan in invented}
        instance = Instance(round_.budget, invented, unit=CENTS)
    else:
        titles = {str(plan.id): plan.title for plan in plans}
        instance = Instance(round_.budget, tuple(Plan(str(plan.id), plan.cost or 0) for plan in plans), unit=CENTS)
    profile = invented_profile(
        instance, voters=form.voters.data, seed=form.seed.data, fill_in=fill_in_of(round_.ballot_form, instance)
    )
    contest = Contest(instance, profile, titles, round_.ballot_form.is_approval)
    return tried(contest, round_.counting.rule, seed=str(form.seed.data))


def _imported(election: Election) -> Contest:
    titles = {plan.id: election.names.get(plan.id) or plan.id for plan in election.instance.plans}
    currency = election.meta.get("currency", "")
    return Contest(
        election.instance, election.profile, titles, election.profile.is_approval, "" if currency == "EUR" else currency
    )
