"""A resident with a plan."""

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from wijkbudget.people.tables import Person
from wijkbudget.plans.tables import Plan


@pytest.fixture
def resident(build: Builder, client: FlaskClient) -> Person:
    """Who is signed in."""
    resident = build.person()
    build.sign_in(client, resident)
    return resident


@pytest.fixture
def plan(build: Builder, resident: Person) -> Plan:
    """A plan of who is signed in, new."""
    plan = build.plan(build.round(), author=resident)
    build.commit()
    return plan
