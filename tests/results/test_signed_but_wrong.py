"""A signature makes nothing true: both verifiers refuse a manifest that is signed and wrong, each by its place."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from tests.controls import found
from tests.results.packages import (
    Change,
    Values,
    forged,
    record,
    record_of,
    signed,
    with_manifest,
)
from tests.results.test_export import FORMS, frozen
from tests.results.test_recount import folder_of, run
from wijkbudget.ballots.rules import Ballot, MenuItem, chosen
from wijkbudget.results import manifest as manifests
from wijkbudget.results import recount
from wijkbudget.results.container import Broken, pack, unpack
from wijkbudget.results.manifest import BALLOTS, MANIFEST, PER_BALLOT, URN, WITHHELD
from wijkbudget.results.published import Published
from wijkbudget.results.record import Record
from wijkbudget.results.verification import verify_package
from wijkbudget.tally import completion
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import VotesPerEuro

ADDING = EqualShares(completion=Completion.ADD_ONE, stop=StopAt.OVERSPEND)
ENOUGH, FEW, FEW_BY_SHARES = record(withdrawn=(3,)), record(least=61), record(FORMS[0], EqualShares(), least=61)
PER_EURO, ADDED = record(FORMS[0], VotesPerEuro()), record(FORMS[0], ADDING)


def put(value: object, *path: str | int) -> Change:
    """What puts a value at this place."""

    def change(values: Values) -> None:
        inner: Any = values
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = value

    return change


def both(*changes: Change) -> Change:
    return lambda values: [change(values) for change in changes]


def without_ballots(values: Values) -> None:
    """As if there were too few ballots to publish them."""
    values |= {"is_published": False, "withheld": {"files": list(PER_BALLOT), "why": WITHHELD}}
    for name in PER_BALLOT:
        del values["files"][name]


def a_plan_twice(values: Values) -> None:
    values["rules"]["menu"].append(values["rules"]["menu"][0])


def a_winner_twice(values: Values) -> None:
    winners = values["outcome"]["winners"]
    values["outcome"]["winners"] = [*winners, winners[0]]
    costs = {item["plan_id"]: item["cost"] for item in values["rules"]["menu"]}
    values["outcome"]["left"] -= costs[winners[0]]


def other_digits(text: str) -> str:
    return "".join("1" if digit == "0" else "0" for digit in text)


NOT_WHOLE: dict[str, object] = {
    "infinite": inf, "less than infinite": -inf, "no number": nan, "a fraction": 65.0, "a text": "65", "a truth": True,
    "nothing": None, "below zero": -1, "endless": 10**18, "more than a reader takes": 10**4000, "a list": [65],
}  # fmt: skip
NOT_TEXT: dict[str, object] = {"infinite": inf, "a number": 5, "nothing": None, "names": {}, "true": True}
NUMBERS: dict[str, tuple[str | int, ...]] = {
    "issued": ("counts", "issued"), "blank": ("counts", "blank"), "rejected": ("counts", "rejected", "copy"),
    "left": ("outcome", "left"), "budget": ("rules", "budget"), "cost": ("rules", "menu", 0, "cost"),
    "plan id": ("rules", "menu", 0, "plan_id"), "eligible": ("rules", "eligible"), "withdrawn": ("withdrawn", 0),
    "winner": ("outcome", "winners", 0), "length": ("files", "recount.py", "length"),
    "points": ("totals", "1", "points"), "threshold": ("rules", "voting", "publish_ballots_from"),
}  # fmt: skip
TEXTS: dict[str, tuple[str | int, ...]] = {
    "closed_at": ("closed_at",), "opened_at": ("opened_at",), "journal_head": ("journal_head",),
    "title": ("rules", "menu", 0, "title"), "name": ("rules", "title"), "criterion": ("rules", "criteria", 0),
    "urn": ("roots", "urn"), "ballots": ("roots", "ballots"), "hash": ("rules_hash",), "key": ("key_fingerprint",),
    "round": ("lot", "round"), "moment": ("rules", "schedule", "counting"), "form": ("rules", "ballot_form", "form"),
}  # fmt: skip
Case = tuple[Record, Change, str]
OF_NO_KIND: dict[str, Case] = {
    **{
        f"{name} {what}": (ENOUGH, put(value, *path), MANIFEST)
        for name, path in NUMBERS.items()
        for what, value in NOT_WHOLE.items()
        if (name, what) != ("left", "below zero")
    },
    **{
        f"{name} {what}": (ENOUGH, put(value, *path), MANIFEST)
        for name, path in TEXTS.items()
        for what, value in NOT_TEXT.items()
    },
    "closed at a text of no moment": (ENOUGH, put("Infinity", "closed_at"), f"{MANIFEST}: closed_at"),
    "a journal head of no hash": (ENOUGH, put("12:ab", "journal_head"), f"{MANIFEST}: journal_head"),
    "a name too many": (ENOUGH, put(1_000_000, "publish_ballots_from"), MANIFEST),
    "a name too few": (ENOUGH, lambda values: values.pop("journal_head"), MANIFEST),
    "no cost": (PER_EURO, put(0, "rules", "menu", 0, "cost"), f"{MANIFEST}: rules: menu: cost"),
    "an endless budget": (
        ADDED, both(put(10**18, "rules", "budget"), put(9 * 10**17, "rules", "menu", 0, "cost")), MANIFEST,
    ),
    "a budget beyond what a form takes": (ENOUGH, put(10**11 + 1, "rules", "budget"), f"{MANIFEST}: rules: budget"),
    "a threshold that is never allowed": (
        ENOUGH, put(9, "rules", "voting", "publish_ballots_from"), f"{MANIFEST}: rules: voting: publish_ballots_from",
    ),
    "a day for a moment in the rules": (
        ENOUGH, put("2026-11-23", "rules", "schedule", "voting"), f"{MANIFEST}: rules: schedule: voting",
    ),
    "an unknown form": (
        ENOUGH, put("show of hands", "rules", "ballot_form", "form"), f"{MANIFEST}: rules: ballot_form: form",
    ),
    "an unknown rule": (ENOUGH, put("dice", "rules", "counting", "rule"), MANIFEST),
    "an unknown setting": (ENOUGH, put("x", "rules", "counting", "settings", "misfit"), MANIFEST),
    "a setting too many": (ENOUGH, put(1, "rules", "counting", "settings", "luck"), MANIFEST),
    "a truth for a number": (ENOUGH, put(False, "rules", "counting", "settings", "percent"), MANIFEST),
    "an unknown order of ties": (ENOUGH, put("oldest", "rules", "ties"), f"{MANIFEST}: rules"),
}  # fmt: skip
SAYING_ANOTHER: dict[str, Case] = {
    "another format": (ENOUGH, put("wijkbudget package 2", "format"), MANIFEST),
    "closed before it closed": (ENOUGH, put("1999-01-01T00:00:00+00:00", "closed_at"), f"{MANIFEST}: closed_at"),
    "opened before it closed": (ENOUGH, put("2026-11-23T07:59:59+00:00", "opened_at"), f"{MANIFEST}: opened_at"),
    "another closing in the rules": (
        ENOUGH, put("2026-11-24T08:00:00+00:00", "rules", "schedule", "counting"), f"{MANIFEST}: closed_at",
    ),
    "ballots kept back": (ENOUGH, without_ballots, f"{MANIFEST}: is_published"),
    "a threshold in the rules that is over the ballots": (
        ENOUGH, put(61, "rules", "voting", "publish_ballots_from"), f"{MANIFEST}: is_published",
    ),
    "said not to be published": (ENOUGH, put(False, "is_published"), ""),
    "said to be published": (FEW, put(True, "is_published"), ""),
    "withheld and there": (ENOUGH, put({"files": [], "why": "few"}, "withheld"), f"{MANIFEST}: withheld"),
    "something else withheld": (FEW, put([URN], "withheld", "files"), f"{MANIFEST}: withheld"),
    "nothing withheld": (FEW, put(None, "withheld"), f"{MANIFEST}: withheld"),
    "fewer issued than used": (ENOUGH, put(63, "counts", "issued"), f"{MANIFEST}: counts"),
    "more replaced than issued": (ENOUGH, put(66, "counts", "replaced"), f"{MANIFEST}: counts"),
    "more blocked than issued": (ENOUGH, put(64, "counts", "blocked"), f"{MANIFEST}: counts"),
    "another electorate": (ENOUGH, put(101, "counts", "eligible"), f"{MANIFEST}: counts"),
    "fewer used than there are envelopes": (ENOUGH, put(61, "counts", "used"), f"{MANIFEST}: counts"),
    "more rejected": (ENOUGH, put(2, "counts", "rejected", "copy"), f"{MANIFEST}: counts"),
    "more ballots": (ENOUGH, put(61, "counts", "ballots"), f"{MANIFEST}: counts"),
    "more envelopes and used and rejected": (
        ENOUGH,
        both(put(63, "counts", "envelopes"), put(63, "counts", "used"), put(2, "counts", "rejected", "copy")),
        URN,
    ),
    "more blank": (ENOUGH, put(4, "counts", "blank"), BALLOTS),
    "more blank than ballots": (FEW, put(61, "counts", "blank"), f"{MANIFEST}: counts"),
    "other points": (ENOUGH, put(1, "totals", "1", "points"), f"{MANIFEST}: totals"),
    "points of a plan that is not there": (
        ENOUGH, put({"points": 0, "ballots": 0}, "totals", "99"), f"{MANIFEST}: totals",
    ),
    "points that so few ballots cannot give": (FEW, put(58, "totals", "1", "points"), f"{MANIFEST}: totals"),
    "another seed": (ENOUGH, put("0" * 64, "lot", "seed"), f"{MANIFEST}: lot"),
    "another source of the lot": (ENOUGH, put("draw", "lot", "source"), f"{MANIFEST}: lot"),
    "a lot of another round": (ENOUGH, put("8", "lot", "round"), f"{MANIFEST}: lot"),
    "another urn": (ENOUGH, put("0" * 64, "roots", "urn"), URN),
    "other ballots": (ENOUGH, put("0" * 64, "roots", "ballots"), BALLOTS),
    "another key": (ENOUGH, put("0" * 64, "key_fingerprint"), MANIFEST),
    "other rules": (ENOUGH, put("0" * 64, "rules_hash"), f"{MANIFEST}: rules"),
    "a plan twice on the menu": (ENOUGH, a_plan_twice, MANIFEST),
    "a plan withdrawn that is not there": (ENOUGH, put([3, 99], "withdrawn"), f"{MANIFEST}: withdrawn"),
    "a plan withdrawn twice": (ENOUGH, put([3, 3], "withdrawn"), f"{MANIFEST}: withdrawn"),
    "a winner withdrawn": (FEW, put([FEW.winners[0]], "withdrawn"), f"{MANIFEST}: outcome"),
    "all plans withdrawn, so that a file is too many": (ENOUGH, put([*range(1, 10)], "withdrawn"), ""),
    "a winner twice": (FEW_BY_SHARES, a_winner_twice, f"{MANIFEST}: outcome"),
    "more left": (FEW_BY_SHARES, put(FEW_BY_SHARES.left + 1, "outcome", "left"), f"{MANIFEST}: outcome"),
    "other winners": (FEW, put(list(reversed(FEW.winners)), "outcome", "winners"), f"{MANIFEST}: outcome"),
    "another length": (ENOUGH, put(1, "files", URN, "length"), URN),
    "a file too few": (ENOUGH, lambda values: values["files"].pop(BALLOTS), ""),
}  # fmt: skip
WRONG = OF_NO_KIND | SAYING_ANOTHER


def place_told_by_us(files: Mapping[str, bytes]) -> str | None:
    """What `wijkbudget verify` says is broken; None if it believes all."""
    try:
        verify_package(pack(files), key=None)
    except Broken as broken:
        return broken.where
    return None


def place_told_by_the_program(files: dict[str, bytes]) -> str | None:
    """What recount.py says is wrong; None if it believes all."""
    try:
        recount.check(files)
    except recount.Wrong as wrong:
        return str(wrong)
    return None


Verifier = Callable[[dict[str, bytes]], str | None]
VERIFIERS: list[Verifier] = [place_told_by_us, place_told_by_the_program]


def nothing_wrong_is_believed(verifier: Verifier, cases: Mapping[str, Case]) -> None:
    """Fails, naming the cases, where a manifest that is signed and wrong is believed, or another place is told."""
    told = {name: verifier(forged(of, change)) for name, (of, change, _) in cases.items()}
    wanted = {name: place for name, (*_, place) in cases.items()}
    odd = {name: place for name, place in told.items() if place is None or not place.startswith(wanted[name])}
    assert odd == {}


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("of", [ENOUGH, FEW, FEW_BY_SHARES, PER_EURO, ADDED])
def test_what_is_signed_and_right_is_believed(verifier: Verifier, of: Record) -> None:
    assert verifier(forged(of, lambda _: None)) is None


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("cases", [OF_NO_KIND, SAYING_ANOTHER], ids=["of no kind", "saying another thing"])
def test_nothing_that_is_signed_and_wrong_is_believed(verifier: Verifier, cases: Mapping[str, Case]) -> None:
    nothing_wrong_is_believed(verifier, cases)


@pytest.mark.parametrize(
    ("check", "believed"), [("_require_moments", "closed before"), ("_require_withdrawn", "something else withheld")]
)
def test_a_verification_that_believes_the_signature_is_found_out(
    monkeypatch: pytest.MonkeyPatch, check: str, believed: str
) -> None:
    monkeypatch.setattr(Published, check, lambda _: None)
    with found(believed):
        nothing_wrong_is_believed(place_told_by_us, SAYING_ANOTHER)


def test_verifiers_that_take_any_value_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "require_shape", lambda _: None)
    monkeypatch.setattr(recount, "check_shape", lambda *_: None)
    for verifier in VERIFIERS:
        with found("a name too many"):
            nothing_wrong_is_believed(verifier, {"a name too many": OF_NO_KIND["a name too many"]})


# Hostile packages: refused by name, and soon

HOSTILE: dict[str, bytes] = {
    "nested": b"[" * 100_000,
    "nested in a name": b'{"format": ' * 100_000,
    "no number": b'{"format": NaN}',
    "infinite": b'{"format": -Infinity}',
    "endless": b'{"format": ' + b"9" * 500_000 + b"}",
    "a fraction": b'{"format": 1e999999}',
    "no text": b"\xff\xfe",
    "half a symbol": b'{\n "format": "\\ud800"\n}\n',
    "something else": b"null\n",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_manifest_is_refused_by_name_and_without_a_traceback(kind: str, tmp_path: Path) -> None:
    files = with_manifest(unpack(signed(ENOUGH)), HOSTILE[kind])
    assert place_told_by_us(files) == MANIFEST
    ended = run(folder_of(pack(files), tmp_path / "package"))
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "DE UITSLAG KLOPT NIET: manifest.json" in ended.stdout


@pytest.mark.parametrize("case", ["no cost", "an endless budget", "issued infinite", "title a number"])
def test_the_program_itself_refuses_a_hostile_value_without_a_traceback(case: str, tmp_path: Path) -> None:
    of, change, _ = WRONG[case]
    ended = run(folder_of(pack(forged(of, change)), tmp_path / "package"))
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "DE UITSLAG KLOPT NIET: manifest.json" in ended.stdout


def endless() -> dict[str, bytes]:
    """Twelve plans that stand equal, and one that is dearer than its only voter will ever be able to pay: a euro more
    for everybody, and again, nine hundred million times."""
    menu = (*(MenuItem(plan, "Plan", 10_000) for plan in range(1, 13)), MenuItem(99, "Plan", 9 * 10**10))
    rules = replace(frozen(FORMS[0], EqualShares()), budget=10**11, menu=menu)
    ballots = [Ballot(chosen([item.plan_id])) for item in menu] + [Ballot(())] * 100
    adding = {"utility": "cost", "completion": "add-one", "stop": "overspend"}
    return forged(record_of(rules, ballots), put(adding, "rules", "counting", "settings"))


def test_a_count_that_adds_one_for_ever_is_broken_off_by_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MOST_SPANS", 100)
    monkeypatch.setattr(recount, "MOST_STEPS", 1_000)
    with pytest.raises(Broken, match="no end after 100 looks"):
        verify_package(pack(endless()), key=None)
    with pytest.raises(recount.Wrong, match="no real count takes so long"):
        recount.check(endless())


def test_a_best_set_among_too_many_is_not_sought_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    files = unpack(signed(record(FORMS[0], BestValue())))
    assert recount.check(files)
    monkeypatch.setattr(recount, "MOST_SETS", 1)
    with pytest.raises(recount.Wrong, match="no real count takes so long"):
        recount.check(files)


def test_names_that_a_package_does_not_have_are_not_read(tmp_path: Path) -> None:
    folder = folder_of(signed(ENOUGH), tmp_path / "package")
    with (folder / "holiday.mp4").open("wb") as file:
        file.truncate(2**40)  # a hole, as large as no memory is
    os.mkfifo(folder / "pipe")
    assert run(folder).returncode == 0


@pytest.mark.parametrize(("name", "size"), [("LEESMIJ.txt", 2**20), (MANIFEST, 2**20), (URN, 2**28)])
def test_a_file_that_is_too_large_is_refused_by_both(name: str, size: int, tmp_path: Path) -> None:
    folder = folder_of(signed(ENOUGH), tmp_path / "package")
    os.truncate(folder / name, size + 1)
    ended = run(folder)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert f"DE UITSLAG KLOPT NIET: {name}: dit bestand is te groot" in ended.stdout
    assert place_told_by_us(unpack(signed(ENOUGH)) | {name: bytes(size + 1)}) == name
