"""The numbers of a package that must add up, whoever counts."""

from typing import Any

from .container import Broken

COUNTS = "manifest.json: counts"


def require_sums(manifest: dict[str, Any]) -> str:
    """What was added up. Raises Broken where a number of the manifest does not agree with the others."""
    counts, rejected = manifest["counts"], sum(manifest["counts"]["rejected"].values())
    used, envelopes, ballots, blank = (counts[name] for name in ("used", "envelopes", "ballots", "blank"))
    single = [number for name, number in counts.items() if name != "rejected"]
    claims = {
        "a number is below zero": min(*single, *counts["rejected"].values()) >= 0,
        "eligible is not that of the frozen rules": counts["eligible"] == manifest["rules"]["eligible"],
        "more people voted than could": used <= min(counts["issued"], counts["eligible"]),
        f"{used} codes were used for {envelopes} envelopes": used == envelopes,
        f"{envelopes} envelopes held {ballots} ballots and {rejected} rejected": envelopes == ballots + rejected,
        f"{blank} of {ballots} ballots are blank": blank <= ballots,
    }
    for fault, is_right in claims.items():
        if not is_right:
            raise Broken(COUNTS, fault)
    _require_threshold(manifest)
    return f"{used} codes used = {envelopes} envelopes = {ballots} ballots + {rejected} rejected"


def _require_threshold(manifest: dict[str, Any]) -> None:
    is_enough = manifest["counts"]["ballots"] >= manifest["publish_ballots_from"]
    if manifest["is_published"] is not is_enough:
        raise Broken("manifest.json: is_published", "it does not agree with publish_ballots_from")
