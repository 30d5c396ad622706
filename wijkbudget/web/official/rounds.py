"""All rounds, and one round with what there is to do in it."""

from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...ballots.keeping import Keeping, KeyStage, keeping_of
from ...ballots.queries import codes_made, envelopes, menu_ids, urn_of
from ...plans.queries import menu_plans, plan_totals
from ...results.queries import result_of, waits_for_draw
from ...results.tables import Result
from ...rounds import queries
from ...rounds.rules import Phase, Schedule
from ...rounds.tables import Round
from ...rounds.voting import Franchise, KeyKeeping
from ...watch.queries import last_check
from ...watch.rules import Subject, Watched
from ..blueprints import official
from ..lookup import round_or_404
from ..round_rules import KEEPING, rules_in_words
from ..transactions import now, phase_of, session
from ..wording import PHASES, written_moment
from .basics import STARTS
from .books import books_view


class Step(Enum):
    """How far a round is for an official: its phase, what its key waits for, and how far the count is."""

    ANNOUNCED = Phase.ANNOUNCED.value
    SUBMITTING = Phase.SUBMITTING.value
    REVIEWING = Phase.REVIEWING.value
    KEYS = "keys"
    VOTING = Phase.VOTING.value
    SHARES = "shares"
    COUNTING = Phase.COUNTING.value
    DRAWING = "drawing"
    COUNTED = "counted"
    PUBLISHED = "published"


@official.get("")
def rounds() -> ResponseReturnValue:
    """Every round with its phase and dates."""
    return render_template("official/rounds.html", rounds=queries.rounds(session()))


@official.get("/rondes/<string:slug>")
def round(slug: str) -> ResponseReturnValue:
    """The dashboard of one round."""
    round_ = round_or_404(slug)
    return render_template("official/round.html", **dashboard(round_))


def dashboard(round_: Round) -> dict[str, Any]:
    """What the dashboard tells about a round; how many voted, never for what."""
    used = envelopes(session(), round_.id)
    result, keeping = result_of(session(), round_.id), keeping_of(session(), round_)
    return {
        "round": round_,
        "phase": phase_of(round_.schedule),
        "starts": [_start(round_.schedule, phase) for phase in STARTS],
        "figures": plan_totals(session(), round_.id),
        "menu_size": _menu_size(round_),
        "codes": codes_made(session(), round_.id),
        "used": used,
        "turnout": Fraction(used, round_.electorate.eligible),
        "result": result,
        "keeping": keeping,
        "key_means": KEEPING[round_.voting.keys],
        "can_change": now() < round_.schedule.voting and round_.frozen_at is None,
        "takes_codes": round_.voting.franchise is Franchise.LETTER,
        "step": _step(round_, result, keeping),
        "rules": rules_in_words(round_),
        "books": books_view(round_),
        "late_since": _late_since(round_),
        "Step": Step,
        "KeyKeeping": KeyKeeping,
    }


def _late_since(round_: Round) -> datetime | None:
    tasks = last_check(session(), Subject(Watched.TASKS, round_.id))
    return tasks.failing_since if tasks else None


def _start(schedule: Schedule, phase: Phase) -> tuple[str, str, str]:
    """A start as a step of the round: its title, a note, and whether it is done, now or later."""
    start, current = schedule.start_of(phase), phase_of(schedule)
    state = "now" if phase is current else "done" if start <= now() else "later"
    return str(PHASES[phase]), _("vanaf %(start)s", start=written_moment(start)), state


def _menu_size(round_: Round) -> int:
    """How many plans stand on the frozen menu; before that, how many would now."""
    is_frozen = urn_of(session(), round_.id) is not None
    return len(menu_ids(session(), round_.id) if is_frozen else menu_plans(session(), round_.id))


def _step(round_: Round, result: Result | None, keeping: Keeping) -> Step:
    phase = phase_of(round_.schedule)
    if phase not in (Phase.VOTING, Phase.COUNTING, Phase.RESULT):
        return Step(phase.value)
    if result is not None:
        return Step.PUBLISHED if result.published_at else Step.COUNTED
    if _lacks_key(round_, keeping, phase):
        return Step.KEYS
    if phase is Phase.VOTING:
        return Step.VOTING
    if waits_for_draw(session(), round_.id) is not None:
        return Step.DRAWING
    return Step.SHARES if keeping.waits_for_shares else Step.COUNTING


def _lacks_key(round_: Round, keeping: Keeping, phase: Phase) -> bool:
    """Whether nobody can vote, or could, because the key is not with the officials who are to keep it."""
    is_made = keeping.stage not in (KeyStage.GATHERING, KeyStage.PREPARING)
    has_what_it_needs = keeping.is_open_to_voters if phase is Phase.VOTING else is_made
    return round_.voting.keys is KeyKeeping.OFFICIALS and not has_what_it_needs
