"""The lists of a package: one line for each envelope and each ballot, which anybody can add up."""

import csv
import io

from tests.results.packages import record
from tests.results.test_export import FORMS
from wijkbudget.ballots.merkle import merkle_root
from wijkbudget.ballots.urn import fingerprint_of
from wijkbudget.results.record import ballots_table, table_root, totals_of, urn_text
from wijkbudget.results.recount import receipt_of

POINTS = record(FORMS[3])


def test_the_columns_of_the_ballots_add_up_to_the_totals() -> None:
    rows = list(csv.DictReader(io.StringIO(ballots_table(POINTS.ballots, POINTS.frozen).decode())))
    totals = totals_of(POINTS.ballots, POINTS.frozen)
    assert {plan: sum(int(row[plan] or 0) for row in rows) for plan in totals} == {
        plan: total["points"] for plan, total in totals.items()
    }
    assert sum(row["blank"] == "1" for row in rows) == POINTS.counts.blank == 3
    assert [row["tracker"] for row in rows] == [ballot.tracker for ballot in POINTS.ballots]


def test_a_blank_ballot_is_visible() -> None:
    blank = next(ballot for ballot in POINTS.ballots if not ballot.points)
    assert f"{blank.tracker},1,,,,,,,,,\n".encode() in ballots_table(POINTS.ballots, POINTS.frozen)


def test_the_root_of_the_ballots_is_that_of_all_lines() -> None:
    table = ballots_table(POINTS.ballots, POINTS.frozen)
    assert table_root(table) == merkle_root(table.splitlines()).hex()
    assert len(table.splitlines()) == 61


def test_a_receipt_is_the_beginning_of_a_line_of_the_urn() -> None:
    lines = urn_text(POINTS.digests).decode().splitlines()
    assert lines == sorted(lines)
    assert fingerprint_of(b"envelope 7") in {receipt_of(line) for line in lines}


def test_ballots_are_published_from_the_threshold_on() -> None:
    thresholds = {threshold: record(least=threshold).is_published for threshold in (59, 60, 61)}
    assert thresholds == {59: True, 60: True, 61: False}
