"""What the pages that many people open cost the server."""

from functools import partial

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from wijkbudget import create_app
from wijkbudget.database import Database
from wijkbudget.plans.tables import Plan
from wijkbudget.rounds.tables import Round

from .measure import Figure, cost

TIMES = 40


def figures(config: Config, database: Database) -> list[Figure]:
    """A bare Flask page first, then ours."""
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "hello")
    client = create_app(config).test_client()
    with database.reading() as session:
        plan = session.scalars(select(Plan).where(Plan.like_count > 0).order_by(Plan.id)).first()
        slug = session.scalars(select(Round.slug).where(Round.id == (plan.round_id if plan else 0))).one()
    addresses = {
        "home": "/",
        "round": f"/rondes/{slug}",
        "list of plans": f"/rondes/{slug}/plannen",
        "plan": f"/plannen/{plan.id if plan else 0}",
        "annual report": "/jaarverslag/2026",
    }
    ours = [cost(name, partial(_open, client, address), times=TIMES) for name, address in addresses.items()]
    return [cost("a bare Flask page", lambda: bare.test_client().get("/"), times=TIMES * 5), *ours]


def _open(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
