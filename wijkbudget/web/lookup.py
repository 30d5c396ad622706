"""What an address names, or the page that says it is not there."""

from flask import abort
from sqlalchemy.orm import Session

from ..people.rules import require_district
from ..places.queries import neighbourhood_by_slug
from ..places.tables import Neighbourhood
from ..plans.queries import plan_by_id
from ..plans.tables import Plan
from ..rounds.queries import round_by_slug
from ..rounds.tables import Round
from .access import me, signed_in_person
from .transactions import session


def round_or_404(slug: str, reader: Session | None = None) -> Round:
    """The round at this address, by the session of this request unless by `reader`."""
    return round_by_slug(reader or session(), slug) or abort(404)


def neighbourhood_or_404(slug: str) -> Neighbourhood:
    """The neighbourhood at this address."""
    return neighbourhood_by_slug(session(), slug) or abort(404)


def visible_plan_or_404(plan_id: int, reader: Session | None = None) -> Plan:
    """The plan with this number, if who looks may see it; by the session of this request unless by `reader`."""
    plan = plan_by_id(reader or session(), plan_id)
    return plan if plan and plan.is_visible_to(signed_in_person()) else abort(404)


def plan_in_my_district(plan_id: int) -> Plan:
    """The plan with this number, for a moderator. Raises NotYourDistrict."""
    plan: Plan = plan_by_id(session(), plan_id) or abort(404)
    require_district(me().district_ids, plan.round.district_ids)
    return plan
