"""What this browser is remembered by: one random number, which says nothing about who uses it."""

import secrets

from flask import session as cookie

from ..plans.queries import SHUFFLE_PRIME


def visitor_seed() -> int:
    """The number that orders plans for this visitor, on the site and on the ballot, the same during the whole visit."""
    if "seed" not in cookie:
        cookie["seed"] = 1 + secrets.randbelow(SHUFFLE_PRIME - 1)
    return int(cookie["seed"])
