import json

import pytest

from tests.tally.elections import FILE
from wijkbudget.tally.most_votes import most_votes
from wijkbudget.tally.outcome import Finding, Verdict
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.report import as_text, as_values, sentence
from wijkbudget.tally.ties import CheapestFirst

ELECTION = read_election(FILE.replace("budget;100", "budget;100.5").replace("; met water", "").encode())
OUTCOME = most_votes(ELECTION.instance, ELECTION.profile, ties=CheapestFirst())


def test_amounts_are_exact_strings_in_the_unit_of_the_file() -> None:
    values = as_values(ELECTION, OUTCOME)
    assert values["rule"] == "most votes that fit"
    assert (values["budget"], values["left"], values["ballots"]) == ("100.50", "10.50", 4)
    assert values["funded"] == ["3", "7"]
    assert json.loads(json.dumps(values)) == values


def test_every_plan_has_its_verdict_with_the_numbers_behind_it() -> None:
    findings = as_values(ELECTION, OUTCOME)["findings"]
    assert isinstance(findings, dict)
    assert {plan_id: found["verdict"] for plan_id, found in findings.items()} == {
        "3": "funded",
        "12": "does_not_fit",
        "7": "funded",
    }
    assert findings["12"] == {
        "verdict": "does_not_fit",
        "votes": 2,
        "rank": 2,
        "cost": "60.00",
        "left_before": "50.50",
        "left_after": "50.50",
        "lacked": 1,
    }


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (Finding("3", Verdict.FUNDED, 2, 5000, 1, 5000, 0), "funded, 0.00 left."),
        (
            Finding("3", Verdict.DOES_NOT_FIT, 2, 5000, 1, 4000, 4000, 3),
            "does not fit, 40.00 was left; 3 more votes would have funded it.",
        ),
        (
            Finding("3", Verdict.DOES_NOT_FIT, 2, 5000, 1, 4000, 4000),
            "does not fit, 40.00 was left; it costs more than the whole budget.",
        ),
        (Finding("3", Verdict.NO_VOTES, 0, 5, lacked=1), "nobody voted for it; 1 more vote would have funded it."),
        (Finding("3", Verdict.WITHDRAWN, 9, 5), "withdrawn."),
    ],
)
def test_a_finding_reads_as_a_sentence(finding: Finding, expected: str) -> None:
    assert sentence(ELECTION, finding) == expected


@pytest.mark.parametrize("verdict", list(Verdict))
def test_no_verdict_is_without_a_sentence(verdict: Verdict) -> None:
    assert sentence(ELECTION, Finding("3", verdict, 1, 1)).endswith(".")


def test_the_table_shows_every_plan_in_the_order_of_the_count() -> None:
    assert as_text(ELECTION, OUTCOME).splitlines() == [
        "most votes that fit: 4 ballots, budget 100.50",
        "rank  plan  votes   cost  outcome",
        "   1     3      2  50.00  funded, 50.50 left.  Buurthuis",
        "   2    12      2  60.00  does not fit, 50.50 was left; 1 more vote would have funded it.  Speeltuin",
        "   3     7      1  40.00  funded, 10.50 left.  Bankje",
        "2 funded, left 10.50",
        "no lot was needed",
    ]
