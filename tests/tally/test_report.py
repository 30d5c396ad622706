import json
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.tally.elections import FILE
from wijkbudget.commands.words import PlainWords
from wijkbudget.tally.explain import explain
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.outcome import Finding, Verdict
from wijkbudget.tally.pabulib import read_election
from wijkbudget.tally.profile import Profile
from wijkbudget.tally.report import amount_written, as_text, as_values, finding_values, heading, table
from wijkbudget.tally.ties import CheapestFirst, Lot
from wijkbudget.tally.turns import Misfit

ELECTION = read_election(FILE.replace("budget;100", "budget;100.5").replace("; met water", "").encode())
OUTCOME = MostVotes().count(ELECTION.instance, ELECTION.profile, CheapestFirst())
WORDS = PlainWords(ELECTION.amount, decimals=ELECTION.decimals, language="nl")


@pytest.mark.parametrize(
    ("minor", "written"),
    [
        (10050, "100.50"),
        (-10050, "-100.50"),
        (-1, "-0.01"),
        (Fraction(10050), "100.50"),
        (Fraction(1, 2), "1/200"),
        (Fraction(10000, 3), "100/3"),
    ],
)
def test_amounts_are_exact_strings_in_the_unit_of_the_file(minor: int | Fraction, written: str) -> None:
    assert amount_written(ELECTION, minor) == written


def test_a_program_gets_the_rule_with_its_settings_the_funded_plans_in_order_and_the_money() -> None:
    values = as_values(ELECTION, OUTCOME)
    assert json.loads(json.dumps(values)) == values
    assert {key: value for key, value in values.items() if key not in ("findings", "measures")} == {
        "rule": "most-votes",
        "settings": {"misfit": "skip", "percent": 0, "minimum": 0},
        "budget": "100.50",
        "ballots": 4,
        "funded": ["3", "7"],
        "left": "10.50",
        "ties": [["3", "12"]],
        "tie_order": "cheapest, most points, lot",
        "lots": [],
        "lot": None,
        "endowment": None,
        "passed_over": [],
    }


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
        "points": 2,
        "ballots": 2,
        "cost": "60.00",
        "rank": 2,
        "left_before": "50.50",
        "left_after": "50.50",
        "needed": 3,
        "lacked": 1,
        "beside": None,
        "spare": None,
        "price": None,
        "held": None,
        "short": None,
        "is_filled_in": False,
        "more_voters": None,
    }


def test_shares_of_money_are_told_exactly() -> None:
    values = finding_values(Finding("a", Verdict.NOT_AFFORDABLE, 1, 1, 500, held=Fraction(1000, 3)), ELECTION)
    assert (values["held"], values["short"]) == ("10/3", "5/3")
    assert as_values(ELECTION, replace(OUTCOME, endowment=Fraction(10050, 4)))["endowment"] == "201/8"


def test_measures_lie_beside_those_of_other_rules() -> None:
    assert as_values(ELECTION, OUTCOME)["measures"] == {
        "spent": "90.00",
        "points_funded": 3,
        "ballots_with_funded": 3,
        "ballots_without_funded": 1,
        "mean_amount": "35.00",
    }


def test_a_stretched_budget_is_told_as_less_than_nothing_left() -> None:
    rule = MostVotes(Misfit.STRETCH, 80)
    outcome = rule.count(ELECTION.instance, ELECTION.profile, CheapestFirst())
    assert as_values(ELECTION, outcome)["left"] == "-9.50"


def test_a_drawn_lot_is_told_with_what_every_plan_drew() -> None:
    election = read_election(FILE.replace("12;60;", "12;50;").replace("budget;100", "budget;60").encode())
    outcome = MostVotes().count(election.instance, election.profile, CheapestFirst(Lot("zaad", "proef")))
    assert as_values(election, outcome)["lot"] == {"seed": "zaad", "round": "proef"}
    text = as_text(election, outcome, WORDS)
    for plan in ("3", "12"):
        assert Lot("zaad", "proef").number(plan) in text
    assert "sha256sum" in text


def test_a_reader_gets_the_steps_as_a_table_and_a_reason_for_every_plan() -> None:
    lines = as_text(ELECTION, OUTCOME, WORDS).splitlines()
    assert lines[0] == "Meeste stemmen: 4 stembiljetten, budget 100.50, 2 plannen gaan door, over 10.50"
    steps = [line.split() for line in lines if line.lstrip("* ")[:1] in ("1", "2", "3") and "  " in line.strip()]
    assert [step[:3] for step in steps[:3]] == [["*1", "3", "2"], ["2", "12", "2"], ["*3", "7", "1"]]
    for plan, name in [("3", "Buurthuis"), ("12", "Speeltuin"), ("7", "Bankje")]:
        told = lines[lines.index(f"{plan}  {name}") + 1]
        assert told.startswith("    " + explain(OUTCOME.findings[plan], OUTCOME, WORDS))
    assert "Had met 1 stem meer wel gewonnen." in "\n".join(lines)


WHOLE_TEXT = """\
Meeste stemmen: 4 stembiljetten, budget 0.60, 1 plannen gaan door, over 0.10
We zetten de plannen op volgorde: de meeste stemmen eerst. \
Past een plan in het geld dat over is? Dan gaat het door. \
Past het niet? Dan slaan we het over en kijken we naar het volgende.
Staan plannen gelijk? Dan gaat het goedkoopste voor, en daarna het plan met de meeste stemmen. \
Is ook dat gelijk, dan beslist het lot.

        Aantal stemmen  Er was  Het plan kost  Daarna is over
*1   3               2    0.60           0.50            0.10
 2  12               2    0.10           0.50            0.10
 3   7               1    0.10           0.40            0.10

3  Buurthuis
    Gaat door. Het stond gelijk met 12. Het lot besliste. Had met 1 stem minder niet gewonnen.
12
    Past niet meer: er was nog 0.10 over. Dat is 0.40 te weinig. Het stond gelijk met 3. Het lot besliste. \
Had met 1 stem meer wel gewonnen.
7  Bankje
    Past niet meer: er was nog 0.10 over. Dat is 0.30 te weinig. Had met 1 stem meer wel gewonnen.

2 van de 4 stemmers kozen minstens 1 plan dat doorgaat.
2 stemmers kozen geen plan dat doorgaat. Blanco stemmen tellen hier mee.
Een stemmer krijgt gemiddeld voor 0.25 aan plannen die hij of zij koos.
Van alle 5 stemmen gingen er 2 naar plannen die doorgaan.
Het lot bepaalde de volgorde tussen 3 en 12.
Elk plan trok een getal. Het laagste getal ging eerst.
a522c50206967f2812a2e349583c76935e299cc388432d5a614771fcf1985fec  printf '%s\\n%s\\n%s' zaad proef 3 | sha256sum
c1e49ddb13c558a2472afe716f2cf0da7c38e5ca1b23874e0d72e1d840f7615f  printf '%s\\n%s\\n%s' zaad proef 12 | sha256sum"""


def test_the_whole_text_reads_like_this() -> None:
    election = read_election(FILE.replace("12;60;", "12;50;").replace("budget;100", "budget;60").encode())
    nameless = replace(election, names={"3": "Buurthuis", "7": "Bankje"})
    outcome = MostVotes().count(election.instance, election.profile, CheapestFirst(Lot("zaad", "proef")))
    assert as_text(nameless, outcome, WORDS) == WHOLE_TEXT


def test_where_ballots_give_points_the_text_speaks_of_points() -> None:
    findings = {plan: replace(found, points=found.points * 2) for plan, found in OUTCOME.findings.items()}
    text = as_text(ELECTION, replace(OUTCOME, findings=findings), WORDS)
    assert "de meeste punten eerst." in text
    assert "het plan met de meeste punten." in text


def test_a_table_is_aligned_to_the_right_and_ends_without_spaces() -> None:
    assert list(table([["", "long", "a"], ["title", "1", ""]])) == ["      title", "long      1", "   a"]


def test_the_text_tells_how_equals_were_put_in_order_and_what_voters_began_with() -> None:
    text = as_text(ELECTION, replace(OUTCOME, tie_order="lexicographic", endowment=Fraction(2500)), WORDS)
    assert "Staan plannen gelijk? Dan beslist de volgorde van hun codes." in text
    assert "25.00" in text.splitlines()[2]


def test_the_heading_does_not_call_points_votes() -> None:
    profile = Profile.from_ballots([(("12", 3),)])
    outcome = MostVotes().count(ELECTION.instance, profile, CheapestFirst())
    assert heading(outcome, WORDS).startswith("Meeste punten: ")
