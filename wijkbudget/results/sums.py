"""The numbers of a package that must add up, whoever counts."""

from typing import Any

from .container import Broken

COUNTS, TOTALS = "manifest.json: counts", "manifest.json: totals"


def require_sums(manifest: dict[str, Any]) -> str:
    """What was added up. Raises Broken where a number of the manifest does not agree with the others."""
    counts, rejected = manifest["counts"], sum(manifest["counts"]["rejected"].values())
    used, envelopes, ballots, blank = (counts[name] for name in ("used", "envelopes", "ballots", "blank"))
    gone = counts["replaced"]
    claims = {
        "eligible is not that of the frozen rules": counts["eligible"] == manifest["rules"]["eligible"],
        "more codes were replaced or blocked than were issued": gone + counts["blocked"] <= counts["issued"],
        "more people voted than could": used <= min(counts["issued"] - gone, counts["eligible"]),
        f"{used} codes were used for {envelopes} envelopes": used == envelopes,
        f"{envelopes} envelopes held {ballots} ballots and {rejected} rejected": envelopes == ballots + rejected,
        f"{blank} of {ballots} ballots are blank": blank <= ballots,
    }
    for fault, is_right in claims.items():
        if not is_right:
            raise Broken(COUNTS, fault)
    if manifest["is_published"] is not (ballots >= manifest["rules"]["voting"]["publish_ballots_from"]):
        raise Broken("manifest.json: is_published", "it does not agree with publish_ballots_from in the rules")
    if not manifest["is_published"]:
        _require_possible(manifest["totals"], ballots - blank, manifest["rules"])
    return f"{used} codes used = {envelopes} envelopes = {ballots} ballots + {rejected} rejected"


def _require_possible(totals: dict[str, dict[str, int]], chosen: int, rules: dict[str, Any]) -> None:
    """Raises Broken unless so many ballots that are not blank can give these totals: more cannot be told of them."""
    if totals.keys() != {str(item["plan_id"]) for item in rules["menu"]}:
        raise Broken(TOTALS, "they are not those of the plans on the menu")
    form, choices = rules["ballot_form"], rules["ballot_form"]["max_choices"] or len(totals)
    most = {"points": form["most_points"], "ranking": choices}.get(form["form"], 1)
    together = {"one": 1, "points": form["total_points"], "ranking": choices * (choices + 1) // 2}
    for plan, total in totals.items():
        if not total["ballots"] <= min(chosen, total["points"]) or total["points"] > total["ballots"] * most:
            raise Broken(TOTALS, f"{chosen} ballots that are not blank cannot give plan {plan} so much")
    if sum(total["points"] for total in totals.values()) > chosen * together.get(form["form"], choices):
        raise Broken(TOTALS, f"{chosen} ballots that are not blank cannot give so much together")
    if sum(total["ballots"] for total in totals.values()) < chosen * (form["min_choices"] or 1):
        raise Broken(TOTALS, f"{chosen} ballots that are not blank name more plans than these")
