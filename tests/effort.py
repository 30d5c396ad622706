"""How hard the proofs try: EFFORT is 1 in `make test` and more in `make faults`; all that it changes is asked for here.

A proof (`pytest -m proof`) holds a promise of docs/security.md. With more effort it takes larger numbers (`many`,
`whole`), or it is run anew EFFORT times: whatever asks for `turn` is. Each has more time. Controls (`…_found_out`) run
once: they find their fault or they do not.
"""

import os
from typing import TypeVar

import pytest

EFFORT = max(1, int(os.environ.get("EFFORT", "1")))
TURNS = range(EFFORT)
SECONDS_MORE = 180
"""What each step of effort adds to the seconds that a proof may take."""
CONTROL = "_found_out"
Thing = TypeVar("Thing")


def many(number: int) -> int:
    """So many with effort 1; more in proportion."""
    return number * EFFORT


def whole(short: Thing, long: Thing) -> Thing:
    """The short one with effort 1, the long one with more."""
    return short if EFFORT == 1 else long


@pytest.fixture
def turn(request: pytest.FixtureRequest) -> int:
    """Which turn of a proof this is, from 0; a proof may do something else in each, and in 0 what it always does."""
    return int(getattr(request, "param", 0))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a proof that asks for `turn` once for each step of effort."""
    is_proof = metafunc.definition.get_closest_marker("proof") and not metafunc.definition.name.endswith(CONTROL)
    if EFFORT > 1 and "turn" in metafunc.fixturenames and is_proof:
        metafunc.parametrize("turn", TURNS, indirect=True, ids=lambda turn: f"turn {turn}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give proofs the time that goes with the effort."""
    seconds = float(config.getini("timeout")) + SECONDS_MORE * (EFFORT - 1)
    for item in items:
        if item.get_closest_marker("proof"):
            item.add_marker(pytest.mark.timeout(seconds))
