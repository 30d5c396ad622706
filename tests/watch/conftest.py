"""What the tests of the watch share."""

import pytest

from config import Config
from tests.conftest import MovableClock
from tests.watch.watchman import Watchman
from wijkbudget.database import Database


@pytest.fixture
def watchman(database: Database, config: Config, clock: MovableClock) -> Watchman:
    """A scheduler that watches."""
    return Watchman(database, config, clock)
