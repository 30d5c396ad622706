"""Pages whose length tells nothing of a vote, for a server in front of us may write down how long each answer was."""

from flask import Response

FRAME = 2048
"""Bytes by which a page can differ from a blank one apart from the plans on it: why it was refused, sums."""
PLAN = 1280
"""Bytes by which it can differ for each plan: a title of 80 symbols, each escaped, twice, and what is around it."""


def without_length(page: Response, blank: Response, *, plans: int) -> Response:
    """This page of a vote, as long as any other that differs from `blank` by the choice among so many plans."""
    longest = len(blank.get_data()) + FRAME + plans * PLAN
    page.set_data(page.get_data().ljust(longest))
    page.headers["Cache-Control"] = "no-store, no-transform"  # compressed it would have a length of its own again
    return page
