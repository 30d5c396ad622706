"""What the tests of pages share."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def dutch(app: Flask) -> Iterator[None]:
    """Within a request of a visitor who reads Dutch."""
    with app.test_request_context("/"):
        yield
