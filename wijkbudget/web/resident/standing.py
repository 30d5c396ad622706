"""How a plan stands, in words for its author."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from ...plans.tables import Plan, Question
from ...rounds.rules import Phase
from ..wording import number


@dataclass(frozen=True)
class Standing:
    """A state in words; `kind` is that of a badge, `reason` what the moderator wrote."""

    words: str
    kind: str
    reason: str = ""


def standing_of(plan: Plan, now: datetime) -> Standing:
    """How the plan stands at this moment."""
    phase = plan.round.schedule.phase_at(now)
    placement, judged = plan.decision(Question.PLACEMENT), plan.decision(Question.FEASIBILITY)
    if plan.withdrawn_at:
        return Standing(_("Ingetrokken"), "plain")
    if placement is None:
        return _undecided(phase, Standing(_("Wacht op plaatsing"), "wait"))
    if not placement.is_yes:
        return Standing(_("Niet geplaatst"), "no", placement.reason)
    if judged and not judged.is_yes:
        return Standing(_("Kan niet worden uitgevoerd"), "no", judged.reason)
    if phase is not Phase.SUBMITTING and plan.like_count < plan.round.like_threshold:
        return Standing(_("Te weinig likes: %(likes)s van de %(needed)s", **_likes(plan)), "no")
    if judged is None:
        return _undecided(
            phase, Standing(_("Staat op de site: %(likes)s van de %(needed)s likes", **_likes(plan)), "now")
        )
    return _feasible(phase)


def _likes(plan: Plan) -> dict[str, str]:
    return {"likes": number(plan.like_count), "needed": number(plan.round.like_threshold)}


def _undecided(phase: Phase, waiting: Standing) -> Standing:
    return waiting if phase in (Phase.SUBMITTING, Phase.REVIEWING) else Standing(_("Niet op tijd beoordeeld"), "no")


def _feasible(phase: Phase) -> Standing:
    if phase in (Phase.SUBMITTING, Phase.REVIEWING):
        return Standing(_("Kan worden uitgevoerd"), "ok")
    if phase is Phase.VOTING:
        return Standing(_("Staat op de stemlijst"), "now")
    return Standing(_("Stond op de stemlijst"), "plain")
