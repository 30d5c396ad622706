"""A counted round in words and figures."""

from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import COUNTING, VOTING
from wijkbudget.people.rules import Role
from wijkbudget.results.tables import Draw
from wijkbudget.rounds.rules import Counting
from wijkbudget.rounds.tables import Round
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.web.outcome import OutcomeView, outcome_view, published_result

pytestmark = pytest.mark.usefixtures("dutch")
NO_BREAK = "\N{NO-BREAK SPACE}"


def view(session: Session, build: Builder, round_: Round, blank: int = 0, **votes: tuple[int, int]) -> OutcomeView:
    """The outcome when plans named after the keywords have (votes, cost in euros)."""
    plans = {build.menu_plan(round_, title=title, cost=cost * 100): count for title, (count, cost) in votes.items()}
    return outcome_view(session, round_, build.result(round_, plans, blank=blank))


def reasons(outcome: OutcomeView) -> dict[str, str]:
    return {plan.card.title: f"{plan.headline} {plan.details}".strip() for plan in outcome.plans}


def test_every_plan_gets_the_reason_why_it_won_or_not(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), park=(9, 38_000), muur=(5, 4_500), bank=(0, 100))
    assert reasons(outcome) == {
        "park": "Gaat door.",
        "muur": f"Past niet meer: er was nog €{NO_BREAK}2.000 over. Dat is €{NO_BREAK}2.500 te weinig.",
        "bank": "Niemand stemde op dit plan.",
    }


def test_a_plan_withdrawn_during_the_vote_is_said_to_be(session: Session, build: Builder) -> None:
    round_ = build.round()
    gone, stays = build.menu_plan(round_, title="gone"), build.menu_plan(round_, title="stays")
    gone.withdrawn_at = VOTING
    outcome = outcome_view(session, round_, build.result(round_, {gone: 5, stays: 3}))
    assert reasons(outcome)["gone"] == "Ingetrokken tijdens de stemming."
    assert [plan.card.title for plan in outcome.winners] == ["stays"]
    assert [plan.card.title for plan in outcome.plans] == ["stays", "gone"]


def test_a_losing_plan_is_told_how_many_votes_it_lacked(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), park=(9, 38_000), muur=(5, 4_500), bank=(0, 100))
    advice = {plan.card.title: plan.advice for plan in outcome.plans}
    assert advice["park"] == "Had met 4 stemmen minder niet gewonnen."
    assert advice["muur"] == "Had met 4 stemmen meer wel gewonnen."
    assert advice["bank"] == "Had met 1 stem meer wel gewonnen."


def test_the_steps_follow_the_money(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), park=(9, 38_000), muur=(5, 4_500), bank=(2, 1_000))
    cells = {column.title: column.cells for column in outcome.method.columns}
    assert [step.rank for step in outcome.steps] == [1, 2, 3]
    assert cells == {
        "Aantal stemmen": ("9", "5", "2"),
        "Er was": (f"€{NO_BREAK}40.000", f"€{NO_BREAK}2.000", f"€{NO_BREAK}2.000"),
        "Het plan kost": (f"€{NO_BREAK}38.000", f"€{NO_BREAK}4.500", f"€{NO_BREAK}1.000"),
        "Daarna is over": (f"€{NO_BREAK}2.000", f"€{NO_BREAK}2.000", f"€{NO_BREAK}1.000"),
    }
    assert (outcome.spent, outcome.left, outcome.budget) == (3_900_000, 100_000, 4_000_000)


def test_blank_votes_count_for_turnout(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(eligible=100), blank=4, park=(6, 1_000))
    assert (outcome.voted, outcome.blank, outcome.turnout) == (10, 4, Fraction(1, 10))


def test_it_is_told_what_voters_got(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), blank=4, park=(9, 38_000), muur=(5, 4_500), bank=(3, 1_000))
    assert outcome.method.measures[0] == "12 van de 21 stemmers kozen minstens 1 plan dat doorgaat."


def test_a_lot_that_decided_names_its_plans_and_their_numbers(session: Session, build: Builder) -> None:
    lot = view(session, build, build.round(), one=(3, 30_000), other=(3, 30_000)).lot
    first, second = (title for title, _ in lot.drawn)
    assert {first, second} == {"one", "other"}
    assert lot.words[0] == f"Het lot bepaalde de volgorde tussen ‘{first}’ en ‘{second}’."
    assert [drawn.number for _, drawn in lot.drawn] == sorted(drawn.number for _, drawn in lot.drawn)
    assert (lot.seed, lot.proof) == ("cd" * 32, "")


def test_without_need_no_lot_is_shown(session: Session, build: Builder) -> None:
    lot = view(session, build, build.round(), park=(1, 100)).lot
    assert (lot.words, lot.drawn) == (("Er was geen loting nodig.",), ())


def test_a_draw_in_public_shows_its_proof(session: Session, build: Builder) -> None:
    round_ = build.round()
    official, second = build.appointed(Role.OFFICIAL), build.appointed(Role.OFFICIAL)
    session.add(
        Draw(
            round_id=round_.id, groups=[[1, 2]], needed_at=COUNTING, seed="12345", proof="drand ronde 7",
            entered_by=official.id, entered_at=COUNTING, confirmed_by=second.id, confirmed_at=COUNTING,
        )
    )  # fmt: skip
    assert view(session, build, round_, one=(3, 30_000), other=(3, 30_000)).lot.proof == "drand ronde 7"


def test_the_form_and_the_rule_are_told(session: Session, build: Builder) -> None:
    method = view(session, build, build.round(), park=(1, 100)).method
    assert method.title == "Meeste stemmen"
    assert method.form.startswith("Stemmers kiezen plannen die samen in het budget passen.")
    assert method.rule.startswith("We zetten de plannen op volgorde")
    assert method.ties.startswith("Staan plannen gelijk?")


def test_a_result_by_points_speaks_of_points(session: Session, build: Builder) -> None:
    round_ = build.round()
    plans = [build.menu_plan(round_, title=title, cost=100) for title in ("park", "muur")]
    result = build.result(round_, {plans[0]: 2, plans[1]: 1})
    findings = result.outcome["findings"]
    result.outcome = result.outcome | {"findings": {plan: found | {"points": 9} for plan, found in findings.items()}}
    outcome = outcome_view(session, round_, result)
    assert (outcome.in_points, outcome.longest, outcome.method.title) == (True, 9, "Meeste punten")
    assert [plan.card.got for plan in outcome.plans] == ["9 punten", "9 punten"]


def test_bars_are_shares_of_all_who_voted(session: Session, build: Builder) -> None:
    outcome = view(session, build, build.round(), blank=4, park=(6, 1_000), muur=(3, 1_000))
    assert (outcome.in_points, outcome.longest) == (False, 13)


def test_plans_stand_by_their_votes_whatever_the_order_of_the_count(session: Session, build: Builder) -> None:
    rule = VotesPerEuro()
    outcome = view(session, build, build.round(counting=Counting(rule)), park=(6, 30_000), muur=(3, 1_000), bank=(0, 5))
    assert [plan.card.title for plan in outcome.steps] == ["muur", "park"]
    assert [plan.card.title for plan in outcome.by_points] == ["park", "muur", "bank"]


def test_other_rules_are_told_by_what_they_change(session: Session, build: Builder) -> None:
    round_ = build.round(counting=Counting(MostVotes(), compares=True))
    others = {
        other.title: (other.gained, other.lost, other.left)
        for other in view(session, build, round_, park=(6, 39_000), muur=(3, 2_000)).compared
    }
    assert others["Meeste stemmen per euro"] == (("muur",), ("park",), 3_800_000)
    assert others["Beste groep plannen"] == ((), (), 100_000)


def test_without_being_asked_for_no_other_rule_is_shown(session: Session, build: Builder) -> None:
    assert view(session, build, build.round(), park=(1, 100)).compared == ()


def test_the_facts_of_the_urn_can_be_checked(session: Session, build: Builder) -> None:
    urn = view(session, build, build.round(), park=(6, 1_000)).urn
    assert urn is not None
    assert (urn.envelopes, urn.rejected, urn.merkle_root) == (6, 0, "ab" * 32)


def test_cards_show_the_cost_that_was_voted_on(session: Session, build: Builder) -> None:
    (plan,) = view(session, build, build.round(), park=(6, 1_000)).winners
    assert (plan.card.points, plan.card.got, plan.card.won, plan.card.cost) == (6, "6 stemmen", True, 100_000)


def test_an_unpublished_result_is_nobodys_to_see(session: Session, build: Builder) -> None:
    counted, published, voting = build.round(title="A"), build.round(title="B"), build.round(title="C")
    build.result(counted, {build.menu_plan(counted): 1}, published=False)
    result = build.result(published, {build.menu_plan(published): 1})
    assert [published_result(session, round_) for round_ in (counted, published, voting)] == [None, result, None]
