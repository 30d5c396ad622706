"""The program in the package: alone, on the standard library, it comes to our winners and notices every change."""

import ast
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.ballots.test_rules import RULES
from tests.effort import whole
from tests.results.packages import ORDER, changes, count_of, opened, record, record_of, resealed, signed
from tests.results.test_export import FORMS, frozen
from tests.tally.elections import real_election
from wijkbudget.ballots.rules import Ballot, FrozenRules, MenuItem, counting_document, valid_ballot
from wijkbudget.ballots.urn import fingerprint_of
from wijkbudget.refusal import Refusal
from wijkbudget.results import recount
from wijkbudget.results.container import unpack
from wijkbudget.results.manifest import BALLOTS, MANIFEST, PER_BALLOT, RECOUNT, SIGNATURE
from wijkbudget.results.package import RECOUNT_SOURCE
from wijkbudget.results.record import Record, totals_of
from wijkbudget.results.rules import lot_seed
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.rule import Rule, Utility
from wijkbudget.tally.ties import Lot, LotNeeded
from wijkbudget.tally.turns import Misfit

IN_TURN = [
    kind(misfit, percent, minimum)
    for kind in (MostVotes, VotesPerEuro)
    for misfit, percent in ((Misfit.SKIP, 0), (Misfit.STOP, 0), (Misfit.STRETCH, 50), (Misfit.STRETCH, 80))
    for minimum in (0, 2)
]
SHARES = [EqualShares(*each) for each in ((u, c, s) for u in Utility for c in Completion for s in StopAt)]
EVERY_RULE: list[Rule] = [
    *IN_TURN, *SHARES, *map(Phragmen, (Misfit.STOP, Misfit.SKIP)), *map(BestValue, Utility),
]  # fmt: skip


def again(rules: FrozenRules, ballots: list[Ballot], *, withdrawn: tuple[int, ...], seed: str | None) -> list[int]:
    """The winners by the program."""
    points = {int(plan): total["points"] for plan, total in totals_of(opened(ballots), rules).items()}
    plain = json.loads(rules.document())
    return recount.count(
        plain, [each.points for each in ballots], points=points, withdrawn=list(withdrawn), seed=seed
    )  # fmt: skip


@st.composite
def rounds(draw: st.DrawFn, rule: Rule) -> tuple[FrozenRules, list[Ballot], tuple[int, ...]]:
    """A few plans, costs and points so small that they are often equal; costs are cents or euros."""
    plans = draw(st.lists(st.sampled_from([2, 3, 5, 9, 10, 11, 100]), unique=True, max_size=6))
    scale = draw(st.sampled_from([1, 100, 137]))
    menu = tuple(MenuItem(plan, "Plan", scale * draw(st.integers(1, 4))) for plan in plans)
    most = 1 if isinstance(rule, Phragmen) or draw(st.booleans()) else 3
    given_points = st.dictionaries(st.sampled_from(plans), st.integers(1, most)) if plans else st.just({})
    ballots = draw(st.lists(given_points.map(lambda points: Ballot(tuple(sorted(points.items())))), max_size=7))
    out = draw(st.sets(st.sampled_from(plans), max_size=2)) if plans else set[int]()
    rules = replace(RULES, menu=menu, budget=scale * draw(st.integers(0, 10)), counting=counting_document(rule))
    return rules, ballots, tuple(sorted(out))


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: "-".join(map(str, (rule.name, *rule.settings.values()))))
@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(["seed", "other", None]))
def test_it_comes_to_the_same_winners_in_the_same_order(rule: Rule, data: st.DataObject, seed: str | None) -> None:
    rules, ballots, withdrawn = data.draw(rounds(rule))
    lot = Lot(seed, str(rules.round_id)) if seed else None
    try:
        winners = count_of(rules, ballots, lot, withdrawn).funded
    except LotNeeded:
        assume(False)
    assert again(rules, ballots, withdrawn=withdrawn, seed=seed) == [int(plan) for plan in winners]


def test_another_lot_gives_other_winners() -> None:
    rules = replace(RULES, menu=tuple(MenuItem(plan, "Plan", 10) for plan in range(1, 9)), budget=10)
    ballots = [Ballot(((plan, 1),)) for plan in range(1, 9)]
    winners = {again(rules, ballots, withdrawn=(), seed=f"seed {number}")[0] for number in range(40)}
    assert len(winners) > 4


@pytest.mark.parametrize("rule", [MostVotes(), VotesPerEuro(), EqualShares(), Phragmen(), *map(BestValue, Utility)])
def test_a_round_of_many_plans_with_uneven_amounts_comes_out_alike(rule: Rule) -> None:
    chance = Random(5)
    menu = tuple(MenuItem(plan, "Plan", chance.randrange(100_000, 3_000_000)) for plan in range(1, 31))
    rules = replace(RULES, menu=menu, budget=12_000_000, counting=counting_document(rule))
    ballots = [Ballot(tuple((p, 1) for p in sorted(chance.sample(range(1, 31), 4)))) for _ in range(700)]
    expected = [int(plan) for plan in count_of(rules, ballots, Lot("seed", "7")).funded]
    assert again(rules, ballots, withdrawn=(), seed="seed") == expected


@pytest.mark.oracle
def test_adding_one_euro_many_times_comes_out_as_in_assen() -> None:
    election = read_election(real_election("Netherlands_Assen_2024.pb"))
    ids = {plan.id: number for number, plan in enumerate(election.instance.plans, 1)}
    menu = tuple(
        MenuItem(ids[plan.id], plan.id, plan.cost * 10 ** (2 - election.decimals)) for plan in election.instance.plans
    )
    rules = replace(
        RULES, menu=menu, budget=election.instance.budget * 10 ** (2 - election.decimals),
        counting=counting_document(EqualShares(completion=Completion.ADD_ONE, stop=StopAt.OVERSPEND)),
    )  # fmt: skip
    ballots = [Ballot(tuple(sorted((ids[plan], given) for plan, given in each))) for each in election.ballots]
    assert election.selected is not None
    assert set(again(rules, ballots, withdrawn=(), seed=None)) == {ids[plan] for plan in election.selected}


@pytest.mark.parametrize(
    "form",
    [*FORMS, BallotForm(Form.BASKET, 3, 2), BallotForm(Form.APPROVAL, 2), BallotForm(Form.RANKING, 2)],
    ids=lambda form: f"{form.form}-{form.max_choices}-{form.min_choices}",
)
@given(st.dictionaries(st.integers(1, 9), st.integers(1, 7), max_size=6), st.booleans())
def test_it_judges_ballots_as_we_do(form: BallotForm, points: dict[int, int], is_even: bool) -> None:
    points = dict.fromkeys(points, 1) if is_even else points
    rules = frozen(form, MostVotes())
    try:
        valid_ballot(points.items(), rules)
        is_valid = True
    except Refusal:
        is_valid = False
    assert (recount.fault_of(points, json.loads(rules.document())) == "") is is_valid


def folder_of(data: bytes, folder: Path) -> Path:
    """The unpacked package."""
    folder.mkdir(exist_ok=True)
    for name, content in unpack(data).items():
        (folder / name).write_bytes(content)
    return folder


def run(folder: Path, *typed: str) -> subprocess.CompletedProcess[str]:
    """The program as anybody starts it, with nothing of ours within reach."""
    command = [sys.executable, "-I", "-S", str(folder / RECOUNT), *typed]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=folder)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
def test_the_program_alone_says_that_the_result_is_right(form: BallotForm, tmp_path: Path) -> None:
    folder = folder_of(signed(record(form, MostVotes(minimum=2), (3,))), tmp_path / "package")
    ended = run(folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "DE UITSLAG KLOPT / THE RESULT IS RIGHT" in ended.stdout
    assert ended.stdout.count("GAAT DOOR / FUNDED") == len(record(form, MostVotes(minimum=2), (3,)).winners)
    assert ended.stdout.count("INGETROKKEN / WITHDRAWN") == 1
    assert "signature was not checked here" in ended.stdout


def test_the_program_alone_says_that_the_result_is_wrong(tmp_path: Path) -> None:
    folder = folder_of(signed(replace(record(), winners=(5,), left=1_531_250)), tmp_path / "package")
    ended = run(folder)
    assert ended.returncode == 1
    assert "DE UITSLAG KLOPT NIET: manifest.json: outcome: natellen geeft" in ended.stdout
    assert "THE RESULT IS NOT RIGHT" in ended.stdout


def test_a_receipt_and_the_number_of_a_ballot_are_found(tmp_path: Path) -> None:
    envelope = b"envelope 7"  # as `record_of` makes them
    tracker = record().ballots[0].tracker
    ended = run(folder_of(signed(record()), tmp_path / "package"), fingerprint_of(envelope), tracker.lower(), "0" * 16)
    assert "deze envelop zat in de stembus" in ended.stdout
    assert f"{tracker.lower()}: dit stembiljet is geteld" in ended.stdout
    assert "0000000000000000: niet gevonden" in ended.stdout


def files_of(of: Record) -> dict[str, bytes]:
    return unpack(signed(of))


def test_few_ballots_are_not_published_and_the_totals_are_checked(tmp_path: Path) -> None:
    few = record(least=61)
    ended = run(folder_of(signed(few), tmp_path / "package"))
    assert ended.returncode == 0, ended.stdout
    assert "only totals and roots are published" in ended.stdout
    assert "counted again by the rule most-votes" in ended.stdout
    with pytest.raises(recount.Wrong, match="counting again gives"):
        recount.check(files_of(replace(few, winners=tuple(reversed(few.winners)))))


def test_without_ballots_a_rule_that_needs_them_is_not_counted_again() -> None:
    few = record(FORMS[0], EqualShares(), least=61)
    assert "cannot be recounted" in recount.check(files_of(few))[-1]
    with pytest.raises(recount.Wrong, match="what is left is not right"):
        recount.check(files_of(replace(few, left=few.left + 1)))


def changed_counts(**numbers: Any) -> Record:
    return replace(record(), counts=replace(record().counts, **numbers))


def with_digests(digests: Sequence[bytes]) -> Record:
    """Another urn, with the lot that belongs to it."""
    other = replace(record(), digests=digests)
    return replace(other, seed=lot_seed(rules_hash=other.rules_hash, merkle_root=other.urn_root))


ANOTHER_ROUND = record().ballots[1:]
FALSE_RECORDS = {
    "envelopes are not ballots plus rejected": changed_counts(rejected={"copy": 1}),
    "codes used and envelopes": changed_counts(used=61),
    "more people voted": changed_counts(issued=61),
    "eligible is not": changed_counts(eligible=101),
    "counts: blocked: .*cannot stand here": changed_counts(blocked=-1),
    "blank is not right": changed_counts(blank=2),
    "number of envelopes": with_digests(record().digests[1:]),
    "the lines are not in order": with_digests(record().digests[::-1]),
    "their number is not right": replace(record(), ballots=ANOTHER_ROUND),
    "not in order, or twice": replace(record(), ballots=record().ballots[::-1]),
    "this ballot is not valid": replace(
        record(), ballots=[replace(record().ballots[0], points=((1, 2),)), *ANOTHER_ROUND]
    ),
    "this line is no ballot": replace(record(), ballots=[replace(record().ballots[0], tracker="U"), *ANOTHER_ROUND]),
    "other plans": replace(record(), withdrawn=(5,)),
    "what is left": replace(record(), left=0),
}


@pytest.mark.parametrize("fault", FALSE_RECORDS)
def test_a_record_that_does_not_agree_with_itself_is_noticed(fault: str) -> None:
    with pytest.raises(recount.Wrong, match=fault):
        recount.check(files_of(FALSE_RECORDS[fault]))


def test_a_lot_that_somebody_chose_is_noticed() -> None:
    with pytest.raises(recount.Wrong, match="the lot is not that"):
        recount.check(files_of(replace(record(), seed="chosen")))


def test_a_ballot_swapped_with_all_hashes_mended_does_not_give_the_root() -> None:
    files = files_of(record())
    lines = files[BALLOTS].split(b"\n")
    lines[1], lines[2] = lines[1][:16] + lines[2][16:], lines[2][:16] + lines[1][16:]
    with pytest.raises(recount.Wrong, match="the root is not right"):
        recount.check(resealed({**files, BALLOTS: b"\n".join(lines)}))


@pytest.mark.proof
@pytest.mark.parametrize("form", whole(FORMS[:1], FORMS), ids=lambda form: form.form)
def test_it_notices_every_changed_byte_of_every_other_file(form: BallotForm) -> None:
    files = files_of(record(form))
    recount.check(files)
    names = [name for name in ORDER if name not in (SIGNATURE, RECOUNT)]
    changed = [
        (name, place, change) for name in names for place in range(len(files[name])) for change in changes(place)
    ]
    assert [each for each in changed if not is_noticed(files, *each)] == []


def is_noticed(files: dict[str, bytes], name: str, place: int, change: int) -> bool:
    changed = bytearray(files[name])
    changed[place] ^= change
    try:
        recount.check({**files, name: bytes(changed)})
    except recount.Wrong as wrong:
        return str(wrong).startswith(name)
    return False


@pytest.mark.parametrize("name", [name for name in ORDER if name != RECOUNT])
def test_it_names_a_file_that_is_missing(name: str, tmp_path: Path) -> None:
    folder = folder_of(signed(record()), tmp_path / "package")
    (folder / name).unlink()
    ended = run(folder)
    assert ended.returncode == 1
    assert f"DE UITSLAG KLOPT NIET: {name}: dit bestand ontbreekt" in ended.stdout


def test_a_manifest_that_is_none_ends_without_a_traceback(tmp_path: Path) -> None:
    folder = folder_of(signed(record()), tmp_path / "package")
    (folder / MANIFEST).write_text("{}\n")
    (folder / SIGNATURE).write_text(f"manifest SHA-256: {recount.sha256(b'{}' + bytes([10]))}\n")
    ended = run(folder)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "DE UITSLAG KLOPT NIET: manifest.json: dit kan hier niet staan of ontbreekt" in ended.stdout


def test_strange_files_beside_the_package_do_no_harm(tmp_path: Path) -> None:
    folder = folder_of(signed(record()), tmp_path / "package")
    shutil.copy(folder / BALLOTS, folder / "copy.csv")
    assert run(folder).returncode == 0


def test_fifty_thousand_ballots_take_well_under_a_minute() -> None:
    chance = Random(1)
    menu = tuple(MenuItem(plan, "Plan", 100_000 * plan) for plan in range(1, 21))
    rules = replace(frozen(BallotForm(Form.APPROVAL, 5), MostVotes()), menu=menu, budget=6_000_000)
    ballots = [Ballot(tuple((plan, 1) for plan in sorted(chance.sample(range(1, 21), 5)))) for _ in range(50_000)]
    files = files_of(record_of(rules, ballots))
    start = time.perf_counter()
    recount.check(files)
    assert time.perf_counter() - start < 30


def test_it_needs_nothing_but_the_standard_library_of_python_3_8() -> None:
    tree = ast.parse(RECOUNT_SOURCE.read_text(), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert names == {"__future__", "collections", "fractions", "functools", "hashlib", "json", "math", "pathlib", "re",
                     "sys", "typing"}  # fmt: skip
    assert all(node.level == 0 for node in imports if isinstance(node, ast.ImportFrom))
    assert "strict=" not in RECOUNT_SOURCE.read_text()


def test_the_files_of_single_ballots_are_those_left_out() -> None:
    assert set(PER_BALLOT).isdisjoint(files_of(record(least=61)))
