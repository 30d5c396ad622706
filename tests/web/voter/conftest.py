"""What the tests of the booth share."""

import pytest
from flask.testing import FlaskClient

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.web.voter.voters import Booths
from wijkbudget.database import Database


@pytest.fixture
def booths(build: Builder, client: FlaskClient, config: Config, clock: MovableClock, database: Database) -> Booths:
    """Rounds in which is voted."""
    return Booths(build, client, config, clock, database)
