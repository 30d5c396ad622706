#!/usr/bin/env python3
"""Tel de uitslag van een ronde na / Count the result of a round again:   python3 recount.py

Zet alle bestanden van het pakket in een map en start dit programma. Het heeft alleen Python 3.8 of nieuwer nodig.
Zet er een ontvangstbewijs of een stembiljetnummer achter, en het zoekt of dat erbij zit.
Put all files of the package in one folder and start this program. It needs Python 3.8 or newer and nothing else. Put a
receipt or the number of a ballot behind it, and it looks whether that is among them.

What is done: the files are what manifest.json says; the lists have the roots it says; the numbers add up; every ballot
is valid by the rules that were frozen when voting opened; and counting by those rules gives the same winners. Amounts
are whole cents and shares are fractions, so nothing is ever rounded.

What is not done, and what `wijkbudget verify` does: to check the signature in signature.txt takes Ed25519, which Python
does not bring along. Without it you know that the package is right in itself, not that the city made it. Of election.pb
only the SHA-256 is checked, not that its ballots are those of ballots.csv; of the ZIP, nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from fractions import Fraction
from functools import reduce
from math import gcd
from pathlib import Path
from typing import Any

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32, in which receipts and ballot numbers are written."""

BY_TOTALS = ("most-votes", "votes-per-euro", "best-value")
"""The rules that need nothing but the total of each plan."""

LONG, MOST_STEPS, MOST_SETS = 15, 1_000_000, 1_000_000
"""No number has more digits, and no real count takes more steps or sets of plans: what asks for more never ends."""

TEXTS, PER_BALLOT = ("LEESMIJ.txt", "manifest.json", "signature.txt", "recount.py"), ("urn.txt", "ballots.csv")
PABULIB = "election.pb"
LARGEST = {**dict.fromkeys(TEXTS, 2**20), **dict.fromkeys((*PER_BALLOT, PABULIB), 2**28)}
"""The files of a package, and how many bytes each has at most."""

# What manifest.json holds: a kind of value, whole numbers in a range, texts by a pattern, a [list] of something, names
# with something each (`str` stands for any name), or one of two.
WHOLE, AMOUNT, FROM_1 = range(10**LONG), range(1, 10**11 + 1), range(1, 10**LONG)
DAY, HASH = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9a-f]{64}"
MOMENT = DAY + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?\+00:00"
LIMITS = ("max_choices", "min_choices", "total_points", "most_points")
COUNTS = ("eligible", "issued", "used", "blocked", "replaced", "envelopes", "ballots", "blank")
FROZEN = {
    "round_id": WHOLE, "title": str, "kind": str, "area": str, "budget": AMOUNT, "like_threshold": WHOLE,
    "criteria": [str], "eligible": FROM_1, "reference_date": DAY, "compares": bool,
    "ties": "cheapest, most points, lot", "seed_source": "urn|draw",
    "menu": [{"plan_id": WHOLE, "title": str, "cost": AMOUNT}],
    "schedule": dict.fromkeys(("submitting", "reviewing", "voting", "counting", "result"), MOMENT),
    "ballot_form": {"form": "basket|approval|one|points|ranking", **dict.fromkeys(LIMITS, (FROM_1, None))},
    "counting": {"rule": "most-votes|votes-per-euro|equal-shares|phragmen|best-value", "settings": dict},
    "voting": {"franchise": "letter|account", "youngest": range(1, 121), "is_final": bool, "keys": "server|officials",
               "publish_ballots_from": range(10, 10**LONG)},
}  # fmt: skip
SHAPE = {
    "format": "wijkbudget package 1", "rules": FROZEN, "rules_hash": HASH, "closed_at": MOMENT, "opened_at": MOMENT,
    "counts": {**dict.fromkeys(COUNTS, WHOLE), "rejected": {str: WHOLE}}, "withdrawn": [WHOLE],
    "outcome": {"winners": [WHOLE], "left": range(1 - 10**LONG, 10**LONG)},
    "totals": {str: {"points": WHOLE, "ballots": WHOLE}}, "lot": {"source": str, "round": str, "seed": (str, None)},
    "roots": {"urn": HASH, "ballots": HASH}, "journal_head": "[0-9]{1,18}:" + HASH, "key_fingerprint": HASH,
    "is_published": bool, "withheld": ({"files": [str], "why": str}, None),
    "files": {str: {"sha256": HASH, "length": WHOLE}},
}  # fmt: skip
TURNS = {"misfit": "skip|stop|stretch", "percent": range(100), "minimum": WHOLE}
SHARES = {"utility": "cost|one", "completion": "none|most-votes|add-one|add-one-then-most-votes",
          "stop": "exhaustive|overspend"}  # fmt: skip
SETTINGS: dict[str, dict[str, Any]] = {
    "most-votes": TURNS, "votes-per-euro": TURNS, "equal-shares": SHARES, "phragmen": {"misfit": "skip|stop"},
    "best-value": {"utility": "cost|one"},
}  # fmt: skip


class Wrong(Exception):
    """Something is not as it should be: in which file, and what, in Dutch and in English."""

    def __init__(self, where: str, dutch: str, english: str) -> None:
        super().__init__(f"{where}: {dutch} / {english}")


def require(is_right: bool, where: str, dutch: str, english: str) -> None:
    """Raises Wrong unless this is right."""
    if not is_right:
        raise Wrong(where, dutch, english)


# 1. The files


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(files: dict[str, bytes]) -> dict[str, Any]:
    """What manifest.json says, if it is the one that signature.txt names."""
    for name in ("manifest.json", "signature.txt"):
        require(name in files, name, "dit bestand ontbreekt", "this file is missing")
    named = re.search(rb"^manifest SHA-256: (.*)$", files["signature.txt"], re.MULTILINE)
    is_named = named is not None and named.group(1) == sha256(files["manifest.json"]).encode()
    require(is_named, "manifest.json", "het is veranderd: signature.txt noemt een andere SHA-256",
            "it was changed: signature.txt names another SHA-256")  # fmt: skip
    text = files["manifest.json"].decode("utf-8")
    manifest: dict[str, Any] = json.loads(text, parse_int=whole, parse_float=whole, parse_constant=whole)
    require(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n" == text, "manifest.json",
            "het is niet geschreven zoals het hoort", "it is not written as it must be")  # fmt: skip
    check_shape(manifest, SHAPE, "manifest.json")
    counting = manifest["rules"]["counting"]
    check_shape(counting["settings"], SETTINGS[counting["rule"]], "manifest.json: rules: counting: settings")
    return manifest


def whole(number: str) -> int:
    """A number of manifest.json: whole, with no more digits than can be meant."""
    require(re.fullmatch(f"-?[0-9]{{1,{LONG}}}", number) is not None, "manifest.json",
            f"{number[:20]} is geen gewoon getal", f"{number[:20]} is no plain number")  # fmt: skip
    return int(number)


def check_shape(value: Any, shape: Any, where: str) -> None:
    """Every value is of the kind, and within the bounds, that it must be."""
    if isinstance(shape, tuple):
        shape = type(None) if value is None else shape[0]
    require(fits(value, shape), where, "dit kan hier niet staan of ontbreekt", "this cannot stand here or is missing")
    for part in value if isinstance(shape, list) else ():
        check_shape(part, shape[0], where)
    for name, part in value.items() if isinstance(shape, dict) else ():
        check_shape(part, shape[str] if str in shape else shape[name], f"{where}: {name}")


def fits(value: Any, shape: Any) -> bool:
    """Whether a value is of this kind itself, whatever is in it."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and (str in shape or value.keys() == shape.keys())
    if isinstance(shape, range):
        return type(value) is int and value in shape
    if isinstance(shape, str):
        return isinstance(value, str) and re.fullmatch(shape, value) is not None
    return type(value) is (list if isinstance(shape, list) else shape)


def per_ballot(manifest: dict[str, Any]) -> list[str]:
    """The files about single ballots; election.pb is not among them if no plan is left to write in it."""
    has_plan = set(menu_ids(manifest["rules"])) - set(manifest["withdrawn"])
    return [*PER_BALLOT, PABULIB] if has_plan else [*PER_BALLOT]


def check_files(files: dict[str, bytes], manifest: dict[str, Any]) -> str:
    """Every file is the one that the manifest names, and the manifest names those that it must."""
    key = re.search(rb"^Ed25519 public key: ([0-9a-f]{64})$", files["signature.txt"], re.MULTILINE)
    is_named = key is not None and sha256(bytes.fromhex(key.group(1).decode())) == manifest["key_fingerprint"]
    require(is_named, "manifest.json: key_fingerprint", "dit is een andere sleutel", "this is another key")
    expected = {"LEESMIJ.txt", "recount.py", *(per_ballot(manifest) if manifest["is_published"] else ())}
    require(manifest["files"].keys() == expected, "manifest.json: files",
            "er horen andere bestanden bij", "other files belong here")  # fmt: skip
    withheld = manifest["withheld"] and manifest["withheld"]["files"]
    require(withheld == (None if manifest["is_published"] else per_ballot(manifest)), "manifest.json: withheld",
            "er zijn andere bestanden weggelaten", "other files are left out")  # fmt: skip
    for name, said in manifest["files"].items():
        require(name in files, name, "dit bestand ontbreekt", "this file is missing")
        is_same = (len(files[name]), sha256(files[name])) == (said["length"], said["sha256"])
        require(is_same, name, "dit bestand is veranderd", "this file was changed")
    return "de bestanden zijn heel / the files are whole"


def merkle_root(leaves: list[bytes]) -> str:
    """The Merkle tree hash of RFC 9162, section 2.1.1: one number that changes with any change in the list."""
    if not leaves:
        return sha256(b"")
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[2 * len(pairs) :]  # an odd last one rises as it is
    return level[0].hex()


# 2. The numbers


def check_rules(manifest: dict[str, Any]) -> str:
    """The rules are those of the hash that was published when voting opened; the moments and the lot follow them."""
    rules, seed = manifest["rules"], manifest["lot"]["seed"]
    written = json.dumps(rules, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    require(sha256(written.encode("utf-8")) == manifest["rules_hash"], "manifest.json: rules",
            "de regels zijn niet die van rules_hash", "the rules are not those of rules_hash")  # fmt: skip
    require(manifest["closed_at"] == rules["schedule"]["counting"], "manifest.json: closed_at",
            "de regels zeggen iets anders", "the rules say otherwise")  # fmt: skip
    require(manifest["opened_at"] >= manifest["closed_at"], "manifest.json: opened_at",
            "dat is te vroeg", "that is too early")  # fmt: skip
    plans, withdrawn = menu_ids(rules), manifest["withdrawn"]
    require(plans == sorted(set(plans)) and withdrawn == sorted(set(withdrawn) & set(plans)),
            "manifest.json: withdrawn", "er zijn andere plannen", "there are other plans")  # fmt: skip
    require((manifest["lot"]["source"], manifest["lot"]["round"]) == (rules["seed_source"], str(rules["round_id"])),
            "manifest.json: lot", "de regels zeggen iets anders", "the rules say otherwise")  # fmt: skip
    if rules["seed_source"] == "urn":
        urn_seed = sha256((manifest["rules_hash"] + manifest["roots"]["urn"]).encode("ascii"))
        require(seed == urn_seed, "manifest.json: lot",
                "de loting hoort niet bij deze regels en stembus", "the lot is not that of these rules and this urn",
                )  # fmt: skip
    return "de regels zijn die van voor de stemming / the rules are those from before the vote"


def check_sums(manifest: dict[str, Any]) -> str:
    """No ballot came from nowhere and none was lost."""
    counts, where = manifest["counts"], "manifest.json: counts"
    rejected = sum(counts["rejected"].values())
    require(counts["eligible"] == manifest["rules"]["eligible"], where,
            "het aantal stemgerechtigden is niet dat van de regels", "eligible is not that of the rules")  # fmt: skip
    require(counts["replaced"] + counts["blocked"] <= counts["issued"], where,
            "er is meer vervangen of geblokkeerd dan uitgegeven", "more was replaced or blocked than issued",
            )  # fmt: skip
    require(counts["used"] <= min(counts["issued"] - counts["replaced"], counts["eligible"]), where,
            "er is vaker gestemd dan mocht", "more people voted than could")  # fmt: skip
    require(counts["used"] == counts["envelopes"], where,
            "gebruikte codes en enveloppen zijn niet gelijk", "codes used and envelopes are not equal")  # fmt: skip
    require(counts["envelopes"] == counts["ballots"] + rejected, where,
            "enveloppen zijn niet biljetten plus afgekeurd", "envelopes are not ballots plus rejected")  # fmt: skip
    require(counts["blank"] <= counts["ballots"], where, "er is te veel blanco", "too many are blank")
    require(manifest["is_published"] == (counts["ballots"] >= manifest["rules"]["voting"]["publish_ballots_from"]),
            "manifest.json: is_published", "de drempel klopt niet", "the threshold does not agree")  # fmt: skip
    if not manifest["is_published"]:
        check_possible(manifest["totals"], counts["ballots"] - counts["blank"], manifest["rules"])
    return (f"{counts['used']} codes = {counts['envelopes']} enveloppen / envelopes = "
            f"{counts['ballots']} stembiljetten / ballots + {rejected} afgekeurd / rejected")  # fmt: skip


def check_possible(totals: dict[str, dict[str, int]], chosen: int, rules: dict[str, Any]) -> None:
    """So many ballots that are not blank can give these totals: all that can be said of ballots not published."""
    form, choices = rules["ballot_form"], rules["ballot_form"]["max_choices"] or len(rules["menu"])
    most = {"points": form["most_points"], "ranking": choices}.get(form["form"], 1)
    together = {"one": 1, "points": form["total_points"], "ranking": choices * (choices + 1) // 2}
    is_possible = totals.keys() == {str(plan) for plan in menu_ids(rules)} and all(
        total["ballots"] <= min(chosen, total["points"]) and total["points"] <= total["ballots"] * most
        for total in totals.values()
    )
    points, named = (sum(total[each] for total in totals.values()) for each in ("points", "ballots"))
    is_possible = is_possible and points <= chosen * together.get(form["form"], choices)
    require(is_possible and named >= chosen * (form["min_choices"] or 1), "manifest.json: totals",
            "zo veel biljetten geven dit niet", "so many ballots cannot give this")  # fmt: skip


# 3. The lists


def check_urn(text: bytes, manifest: dict[str, Any]) -> str:
    """urn.txt holds the SHA-256 of every envelope, sorted."""
    lines = text.decode("ascii").split("\n")
    require(lines.pop() == "" and all(re.fullmatch("[0-9a-f]{64}", line) for line in lines), "urn.txt",
            "niet elke regel is een SHA-256", "not every line is a SHA-256")  # fmt: skip
    require(lines == sorted(lines), "urn.txt", "de regels staan niet op volgorde", "the lines are not in order")
    require(len(lines) == manifest["counts"]["envelopes"], "urn.txt",
            "het aantal enveloppen klopt niet", "the number of envelopes is not right")  # fmt: skip
    require(len(set(lines)) >= manifest["counts"]["ballots"], "urn.txt",
            "kopieën van enveloppen zijn meegeteld", "copies of envelopes were counted")  # fmt: skip
    require(merkle_root([bytes.fromhex(line) for line in lines]) == manifest["roots"]["urn"], "urn.txt",
            "het controlegetal van de stembus klopt niet", "the root of the urn is not right")  # fmt: skip
    return "urn.txt heeft het controlegetal van de stembus / has the root of the urn"


def read_ballots(text: bytes, manifest: dict[str, Any]) -> list[tuple[tuple[int, int], ...]]:
    """The ballots as (plan, points) pairs: a line each, its number, 1 if it is blank, and its points for each plan."""
    plans, lines, trackers, ballots = menu_ids(manifest["rules"]), text.decode("utf-8").split("\n"), [], []
    require(lines.pop() == "" and bool(lines) and lines[0] == ",".join(["tracker", "blank", *map(str, plans)]),
            "ballots.csv", "de eerste of de laatste regel klopt niet", "the first or last line is not right",
            )  # fmt: skip
    for number, line in enumerate(lines[1:], 2):
        tracker, *cells = line.split(",")
        trackers.append(tracker)
        is_row = len(cells) == len(plans) + 1 and all(re.fullmatch("([1-9][0-9]{0,8})?", cell) for cell in cells)
        ballot = tuple((plan, int(cell)) for plan, cell in zip_equal(plans, cells[1:]) if cell) if is_row else ()
        is_row = is_row and len(tracker) == 16 and set(tracker) <= set(SYMBOLS)
        require(is_row and cells[0] == ("" if ballot else "1"), f"ballots.csv, {number}",
                "deze regel is geen stembiljet", "this line is no ballot")  # fmt: skip
        fault = fault_of(dict(ballot), manifest["rules"])
        require(not fault, f"ballots.csv, {number}", "dit biljet is ongeldig", f"this ballot is not valid: {fault}")
        ballots.append(ballot)
    require(trackers == sorted(set(trackers)), "ballots.csv", "niet op volgorde, of dubbel", "not in order, or twice")
    require(merkle_root([line.encode("utf-8") for line in lines]) == manifest["roots"]["ballots"], "ballots.csv",
            "het controlegetal klopt niet", "the root is not right")  # fmt: skip
    return ballots


def menu_ids(rules: dict[str, Any]) -> list[int]:
    """The plans that could be chosen, in the order of the columns."""
    return sorted(item["plan_id"] for item in rules["menu"])


def zip_equal(plans: list[int], cells: list[str]) -> list[tuple[int, str]]:
    """Each plan with its cell."""
    return [(plan, cells[place]) for place, plan in enumerate(plans)]


def check_totals(ballots: list[tuple[tuple[int, int], ...]], manifest: dict[str, Any]) -> str:
    """The ballots are as many, and give as much, as the manifest says."""
    counts = manifest["counts"]
    require(len(ballots) == counts["ballots"], "ballots.csv", "het aantal klopt niet", "their number is not right")
    require(ballots.count(()) == counts["blank"], "ballots.csv", "het aantal blanco klopt niet", "blank is not right")
    totals = {str(plan): {"points": 0, "ballots": 0} for plan in menu_ids(manifest["rules"])}
    for plan, points in (pair for ballot in ballots for pair in ballot):
        totals[str(plan)]["points"] += points
        totals[str(plan)]["ballots"] += 1
    require(totals == manifest["totals"], "manifest.json: totals", "de optelling klopt niet", "the sums are not right")
    return "alle stembiljetten zijn geldig en opgeteld / all ballots are valid and added up"


# 4. What a valid ballot is


def fault_of(points: dict[int, int], rules: dict[str, Any]) -> str:
    """Why a ballot is against the rules; empty if it is not. A blank ballot is always valid."""
    form = rules["ballot_form"]
    if not points:
        return ""
    if form["form"] == "points":
        return fault_of_points(points, form)
    if form["form"] == "ranking":
        most = form["max_choices"]
        is_ranking = sorted(points.values()) == list(range(most - len(points) + 1, most + 1)) and len(points) <= most
        return "" if is_ranking else "the points are not those of an order"
    return fault_of_choices(points, rules)


def fault_of_points(points: dict[int, int], form: dict[str, Any]) -> str:
    """The voter divided points over plans."""
    if max(points.values()) > form["most_points"]:
        return "too many points for one plan"
    return "too many points together" if sum(points.values()) > form["total_points"] else ""


def fault_of_choices(points: dict[int, int], rules: dict[str, Any]) -> str:
    """The voter chose plans, together within the budget if it is a basket."""
    form, costs = rules["ballot_form"], {item["plan_id"]: item["cost"] for item in rules["menu"]}
    least, most = form["min_choices"], 1 if form["form"] == "one" else form["max_choices"]
    if set(points.values()) != {1}:
        return "more than one point for a plan"
    if form["form"] == "basket" and sum(costs[plan] for plan in points) > rules["budget"]:
        return "over the budget"
    if most is not None and len(points) > most:
        return "too many plans"
    return "too few plans" if least is not None and len(points) < least else ""


# 5. Counting


class Election:
    """All that is counted. `groups` holds different ballots with how often each was cast."""

    def __init__(
        self,
        rules: dict[str, Any],
        ballots: list[tuple[tuple[int, int], ...]],
        *,
        points: dict[int, int],
        withdrawn: list[int],
        seed: str | None,
    ) -> None:
        self.budget, self.points, self.ballots = rules["budget"], points, len(ballots)
        self.settings = rules["counting"]["settings"]
        self.costs = {item["plan_id"]: item["cost"] for item in rules["menu"]}
        # a withdrawn plan is passed over, and one without a point is never funded
        self.plans = [plan for plan in menu_ids(rules) if plan not in withdrawn and points[plan]]
        groups = Counter(tuple(pair for pair in ballot if pair[0] not in withdrawn) for ballot in ballots)
        self.times = list(groups.values())
        self.backers: dict[int, list[tuple[int, int]]] = {plan: [] for plan in self.plans}
        for group, ballot in enumerate(groups):
            for plan, given in ballot:
                self.backers[plan].append((group, given))
        order = sorted(self.costs, key=lambda plan: (*self.before_lot(plan), lot_number(seed, rules, plan), str(plan)))
        self.rank = {plan: place for place, plan in enumerate(order)}

    def before_lot(self, plan: int) -> tuple[int, int]:
        """When plans stand equal: the cheapest first, then the one with most points, and then the lot."""
        return self.costs[plan], -self.points[plan]


def lot_number(seed: str | None, rules: dict[str, Any], plan: int) -> str:
    """What the plan drew; the lowest goes first. Without a seed no lot was needed: then it decides nothing."""
    return sha256(f"{seed}\n{rules['round_id']}\n{plan}".encode()) if seed else ""


def most_votes(election: Election) -> list[int]:
    """Plans take turns, the one with most points first."""
    return in_turn(election, lambda plan: Fraction(election.points[plan]))


def votes_per_euro(election: Election) -> list[int]:
    """Plans take turns, the one with most points for each cent first."""
    return in_turn(election, lambda plan: Fraction(election.points[plan], election.costs[plan]))


def in_turn(election: Election, score: Any) -> list[int]:
    """Each plan with enough points that fits what is left is funded; `misfit` is what happens at one that does not."""
    misfit, percent, left = election.settings["misfit"], election.settings["percent"], election.budget
    queue = [plan for plan in election.plans if election.points[plan] >= election.settings["minimum"]]
    winners = []
    for plan in sorted(queue, key=lambda plan: (-score(plan), election.rank[plan])):
        fits = election.costs[plan] <= left
        is_stretched = not fits and misfit == "stretch" and left * 100 >= election.costs[plan] * percent
        if fits or is_stretched:
            winners.append(plan)
            left -= election.costs[plan]
        if not fits and misfit != "skip":
            break
    return winners


def equal_shares(election: Election) -> list[int]:
    """Every ballot holds an equal share; with `add-one` the count is done again with a euro more, and again."""
    settings, share = election.settings, Fraction(election.budget, election.ballots or 1)
    winners, steps = buy(election, share), 0
    while settings["completion"].startswith("add-one"):
        left = election.budget - cost_of(election, winners)
        others = [election.costs[plan] for plan in election.plans if plan not in winners]
        if not others or (settings["stop"] == "exhaustive" and min(others) > left):
            break
        share, steps = share + 100, steps + 1
        require(steps <= MOST_STEPS, "manifest.json: rules",
                "zo lang telt geen echte ronde", "no real count takes so long")  # fmt: skip
        following = buy(election, share)
        if cost_of(election, following) > election.budget:
            break
        winners = following
    return winners + (fill(election, winners) if settings["completion"].endswith("most-votes") else [])


def cost_of(election: Election, plans: list[int]) -> int:
    """What these plans cost together."""
    return sum(election.costs[plan] for plan in plans)


def fill(election: Election, winners: list[int]) -> list[int]:
    """What is left goes to the plans with most points that still fit."""
    left, filled = election.budget - cost_of(election, winners), []
    for plan in sorted(election.plans, key=lambda plan: (-election.points[plan], election.rank[plan])):
        if plan not in winners and election.costs[plan] <= left:
            filled.append(plan)
            left -= election.costs[plan]
    return filled


def buy(election: Election, share: Fraction) -> list[int]:
    """One count: again and again the plan is bought for which its supporters pay least for what they get.

    Purses are whole numbers of 1/scale cent. `asked` is what each plan asked when it was last looked at.
    """
    bought: list[int] = []
    purses, scale = [share.numerator for _ in election.times], share.denominator
    asked = {plan: Fraction(0) for plan in election.plans}
    while equals := cheapest(election, asked, purses, scale):
        plan = min(equals, key=lambda plan: election.rank[plan])
        scale, purses = pay(election, plan, equals[plan], purses, scale)
        bought.append(plan)
        del asked[plan]
    return bought


def cheapest(election: Election, asked: dict[int, Fraction], purses: list[int], scale: int) -> dict[int, Fraction]:
    """The plans that ask least for what they give, with the price of a point; none if no plan is affordable.

    Purses only empty, so a plan asks at least what it asked before: it is looked at again only if that is low enough.
    """
    least, prices = None, {}
    for plan in sorted(asked, key=lambda plan: asked[plan]):
        if least is not None and asked[plan] > least:
            break
        price = least_price(election, plan, purses, scale)
        if price is None:
            del asked[plan]
            continue
        asked[plan] = price / scale / (election.costs[plan] if election.settings["utility"] == "cost" else 1)
        least, prices[plan] = asked[plan] if least is None else min(least, asked[plan]), price
    return {plan: price for plan, price in prices.items() if asked[plan] == least}


def least_price(election: Election, plan: int, purses: list[int], scale: int) -> Fraction | None:
    """The least price of a point at which its supporters together pay a plan, nobody more than the purse holds."""
    backers: Counter[tuple[int, int]] = Counter()
    for group, points in election.backers[plan]:
        backers[purses[group], points] += election.times[group]
    left = election.costs[plan] * scale
    if sum(purse * times for (purse, _), times in backers.items()) < left:
        return None
    while True:
        price = Fraction(left, sum(points * times for (_, points), times in backers.items()))
        poor = [each for each in backers if each[0] * price.denominator < each[1] * price.numerator]
        if not poor:
            return price
        for each in poor:  # they pay all they have, the others pay more for it
            left -= each[0] * backers.pop(each)


def pay(election: Election, plan: int, price: Fraction, purses: list[int], scale: int) -> tuple[int, list[int]]:
    """The purses after a purchase, in a finer scale in which they are whole numbers again."""
    purses = [purse * price.denominator for purse in purses]
    for group, points in election.backers[plan]:
        purses[group] = max(purses[group] - points * price.numerator, 0)
    shared = reduce(gcd, purses, scale * price.denominator)
    return scale * price.denominator // shared, [purse // shared for purse in purses]


def phragmen(election: Election) -> list[int]:
    """Everybody earns at equal speed; a plan is bought as soon as its supporters hold its cost: they pay all they hold.

    `moments[k]` is when purchase k was, and `last` the purchase at which each group of ballots paid last.
    """
    waiting = [plan for plan in election.plans if election.costs[plan] <= election.budget]
    moments, last, left, winners = [Fraction(0)], [0 for _ in election.times], election.budget, []
    while waiting:
        when = {plan: moment_of(election, plan, moments, last) for plan in waiting}
        equals = sorted((p for p in waiting if when[p] == min(when.values())), key=lambda plan: election.rank[plan])
        too_dear = [plan for plan in equals if election.costs[plan] > left]
        plan = (too_dear or equals)[0]
        waiting.remove(plan)
        if too_dear and election.settings["misfit"] == "stop":
            break
        if not too_dear:
            winners.append(plan)
            left -= election.costs[plan]
            moments.append(when[plan])
            for group, _ in election.backers[plan]:
                last[group] = len(winners)
    return winners


def moment_of(election: Election, plan: int, moments: list[Fraction], last: list[int]) -> Fraction:
    """The first moment at which the supporters of a plan hold its cost together."""
    paid: Counter[int] = Counter()
    for group, _ in election.backers[plan]:
        paid[last[group]] += election.times[group]
    spent = sum((moments[purchase] * times for purchase, times in paid.items()), Fraction(election.costs[plan]))
    return spent / sum(paid.values())


def best_value(election: Election) -> list[int]:
    """The set within the budget with most points, or most points times cost; of equal sets the first in tie order.

    Behind the value of a set stand as many binary digits as there are plans, the first in tie order the highest: so the
    greatest number is the set. A set is forgotten if another costs no more and is worth no less, or if even with parts
    of further plans, the most valuable for their cost first, it cannot come to the best that is known.
    """
    plans = sorted((p for p in election.plans if election.costs[p] <= election.budget), key=election.rank.__getitem__)
    by_cost = election.settings["utility"] == "cost"
    worth = {}
    for place, plan in enumerate(plans):
        value = election.points[plan] * (election.costs[plan] if by_cost else 1)
        worth[plan] = (value << len(plans)) + (1 << (len(plans) - 1 - place))
    queue = sorted(plans, key=lambda plan: Fraction(-worth[plan], election.costs[plan]))
    sets: list[tuple[int, int]] = [(0, 0)]
    for place, plan in enumerate(queue):
        further = [(election.costs[plan], worth[plan]) for plan in queue[place + 1 :]]
        grown = [(cost + election.costs[plan], value + worth[plan]) for cost, value in sets]
        sets = undominated([each for each in sets + grown if each[0] <= election.budget])
        known = max(filled_up(each, further, election.budget)[0] for each in (sets[0], sets[-1]))
        sets = [each for each in sets if filled_up(each, further, election.budget)[1] >= known]
    best = max(value for _, value in sets)
    winners = [plan for place, plan in enumerate(plans) if best >> (len(plans) - 1 - place) & 1]
    return sorted(winners, key=lambda plan: (-election.points[plan], election.rank[plan]))


def undominated(sets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """From the cheapest up, the sets that are worth more than all before them."""
    require(len(sets) <= MOST_SETS, "manifest.json: rules",
            "zo lang telt geen echte ronde", "no real count takes so long")  # fmt: skip
    kept: list[tuple[int, int]] = []
    for cost, value in sorted(sets, key=lambda each: (each[0], -each[1])):
        if not kept or value > kept[-1][1]:
            kept.append((cost, value))
    return kept


def filled_up(start: tuple[int, int], further: list[tuple[int, int]], budget: int) -> tuple[int, int]:
    """What a set comes to with each of these plans that fits, and what it surely does not come over."""
    room, value, most = budget - start[0], start[1], None
    for cost, worth in further:
        if cost <= room:
            room, value = room - cost, value + worth
        elif most is None:
            most = value + worth * room // cost
    return value, value if most is None else most


RULES = {
    "most-votes": most_votes,
    "votes-per-euro": votes_per_euro,
    "equal-shares": equal_shares,
    "phragmen": phragmen,
    "best-value": best_value,
}


def count(
    rules: dict[str, Any],
    ballots: list[tuple[tuple[int, int], ...]],
    *,
    points: dict[int, int],
    withdrawn: list[int],
    seed: str | None,
) -> list[int]:
    """The plans that are funded, in the order of the count."""
    return RULES[rules["counting"]["rule"]](Election(rules, ballots, points=points, withdrawn=withdrawn, seed=seed))


# 6. The verdict


def check_outcome(ballots: list[tuple[tuple[int, int], ...]] | None, manifest: dict[str, Any]) -> str:
    """Counting gives the winners that were published, and they cost what was spent."""
    rules, outcome = manifest["rules"], manifest["outcome"]
    costs = {item["plan_id"]: item["cost"] for item in rules["menu"]}
    points = {int(plan): total["points"] for plan, total in manifest["totals"].items()}
    could_win = set(points) - set(manifest["withdrawn"])
    require(sorted(set(outcome["winners"]) & could_win) == sorted(outcome["winners"]),
            "manifest.json: outcome", "er zijn andere plannen", "there are other plans")  # fmt: skip
    require(rules["budget"] - sum(costs[plan] for plan in outcome["winners"]) == outcome["left"],
            "manifest.json: outcome", "wat over is klopt niet", "what is left is not right")  # fmt: skip
    if ballots is None and rules["counting"]["rule"] not in BY_TOTALS:
        return "zonder stembiljetten is deze telregel niet na te tellen / without ballots this rule cannot be recounted"
    winners = count(rules, ballots or [], points=points, withdrawn=manifest["withdrawn"], seed=manifest["lot"]["seed"])
    require(winners == outcome["winners"], "manifest.json: outcome",
            f"natellen geeft {winners}", f"counting again gives {winners}")  # fmt: skip
    return f"nageteld met de regel / counted again by the rule {rules['counting']['rule']}"


def check(files: dict[str, bytes]) -> list[str]:
    """All checks in order, a line for each. Raises Wrong at the first that fails."""
    manifest = read_manifest(files)
    lines = [check_files(files, manifest), check_rules(manifest), check_sums(manifest)]
    if not manifest["is_published"]:
        few = "te weinig stembiljetten: alleen totalen en controlegetallen zijn openbaar"
        return [*lines, f"{few} / too few ballots: only totals and roots are published", check_outcome(None, manifest)]
    lines.append(check_urn(files["urn.txt"], manifest))
    ballots = read_ballots(files["ballots.csv"], manifest)
    return [*lines, check_totals(ballots, manifest), check_outcome(ballots, manifest)]


def verdicts(manifest: dict[str, Any]) -> list[str]:
    """Each plan, those with most points first: how many ballots named it, its points, and whether it is funded."""
    lines, totals = [], manifest["totals"]
    for item in sorted(manifest["rules"]["menu"], key=lambda item: -totals[str(item["plan_id"])]["points"]):
        plan, total = item["plan_id"], totals[str(item["plan_id"])]
        verdict = "niet / not funded"
        if plan in manifest["withdrawn"]:
            verdict = "INGETROKKEN / WITHDRAWN"
        elif plan in manifest["outcome"]["winners"]:
            verdict = "GAAT DOOR / FUNDED"
        amount = f"{item['cost'] // 100}.{item['cost'] % 100:02}"
        lines.append(
            f"{plan:>6}  EUR {amount:>12}  {total['ballots']:>7} stemmen / votes  {total['points']:>7} punten / points"
            f"  {verdict}  {item['title']}"
        )
    return lines


def find(typed: str, files: dict[str, bytes]) -> str:
    """Whether a receipt is in the urn, or a ballot number among the ballots."""
    code = re.sub("[^0-9A-Z]", "", typed.upper()).translate(str.maketrans("OIL", "011"))
    digests = files.get("urn.txt", b"").decode("ascii", "replace").split()
    if code in {receipt_of(digest) for digest in digests}:
        return f"{typed}: deze envelop zat in de stembus / this envelope was in the urn"
    for line in files.get("ballots.csv", b"").decode("utf-8", "replace").split("\n"):
        if line.split(",")[0] == code:
            return f"{typed}: dit stembiljet is geteld / this ballot was counted: {line}"
    return f"{typed}: niet gevonden / not found"


def receipt_of(digest: str) -> str:
    """A receipt is the first 80 bits (20 hexadecimal digits) of the SHA-256 of the envelope, in 16 symbols."""
    number = int(digest[:20], 16)
    return "".join(SYMBOLS[number >> 5 * place & 31] for place in reversed(range(16)))


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a package that are in the folder, and no others."""
    files = {}
    for name, most in LARGEST.items():
        if (folder / name).is_file():
            with (folder / name).open("rb") as file:
                files[name] = file.read(most + 1)
            require(len(files[name]) <= most, name, "dit bestand is te groot", "this file is too large")
    return files


def main(folder: Path, typed: list[str]) -> int:
    """Checks the files in a folder and tells the verdict; 0 if all is right, else 1."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        files = read_files(folder)
        for line in check(files):
            print("OK  " + line)
        print("", *verdicts(read_manifest(files)), "", sep="\n")
        print("", *(find(each, files) for each in typed), sep="\n")
    except Wrong as wrong:
        print(f"DE UITSLAG KLOPT NIET: {wrong}\nTHE RESULT IS NOT RIGHT")
        return 1
    except Exception as error:  # whatever else is in these files, it is no package
        print(f"DE UITSLAG KLOPT NIET: manifest.json: onleesbaar / unreadable: {error!r}\nTHE RESULT IS NOT RIGHT")
        return 1
    print("De handtekening is hier niet gecontroleerd / The signature was not checked here: wijkbudget verify")
    print("DE UITSLAG KLOPT / THE RESULT IS RIGHT")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent, sys.argv[1:]))
