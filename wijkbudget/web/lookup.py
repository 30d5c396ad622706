"""What an address names, or the page that says it is not there."""

from flask import abort

from ..places.queries import neighbourhood_by_slug
from ..places.tables import Neighbourhood
from ..plans.queries import plan_by_id
from ..plans.tables import Plan
from ..rounds.queries import round_by_slug
from ..rounds.tables import Round
from .access import signed_in_person
from .transactions import session


def round_or_404(slug: str) -> Round:
    """The round at this address."""
    return round_by_slug(session(), slug) or abort(404)


def neighbourhood_or_404(slug: str) -> Neighbourhood:
    """The neighbourhood at this address."""
    return neighbourhood_by_slug(session(), slug) or abort(404)


def visible_plan_or_404(plan_id: int) -> Plan:
    """The plan with this number, if who looks may see it."""
    plan = plan_by_id(session(), plan_id)
    return plan if plan and plan.is_visible_to(signed_in_person()) else abort(404)
