"""For mutants, whose tests run thousands of times: few examples, the same each time, no search for a smaller one."""

import pytest
from hypothesis import Phase, settings

MOST_EXAMPLES = 40
KEPT = "_hypothesis_internal_use_settings"
"""Where Hypothesis keeps what a test asked for; it lets nobody ask for less from outside."""

settings.register_profile(
    "hurried", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("hurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test ask for more examples than these."""
    for item in items:
        test: object = getattr(item, "obj", item)
        asked = getattr(test, KEPT, None)
        if asked and asked.max_examples > MOST_EXAMPLES:
            setattr(test, KEPT, settings(asked, max_examples=MOST_EXAMPLES))
