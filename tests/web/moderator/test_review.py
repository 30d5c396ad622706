"""Deciding about a plan in the browser, and everything that can be wrong with it."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import SCHEDULE, SECOND
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.plans.tables import Decision, Plan, Question

CRITERION = "Het plan is goed voor de wijk"
PLACED = {"decision": "yes", "reason": "Een goed idee.", "version": "1"}
REFUSED = {"decision": "no", "criterion": CRITERION, "reason": "Dit kan hier niet.", "version": "1"}
FEASIBLE = {"decision": "yes", "cost": "12.500", "reason": "Het past.", "version": "1"}


@pytest.fixture
def moderator(build: Builder, client: FlaskClient) -> Person:
    moderator = build.appointed(Role.MODERATOR, "Haagse Hout")
    build.sign_in(client, moderator)
    return moderator


@pytest.fixture
def plan(build: Builder, moderator: Person) -> Plan:
    plan = build.plan(build.round())
    build.commit()
    return plan


@pytest.fixture
def placed(build: Builder, moderator: Person) -> Plan:
    plan = build.placed_plan(build.round())
    build.commit()
    return plan


def decisions(database: Database) -> list[Decision]:
    with database.reading() as session:
        return list(session.scalars(select(Decision).order_by(Decision.decided_at)))


def letters(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Letter)) or 0


def test_a_plan_is_read_and_placed(client: FlaskClient, database: Database, plan: Plan, moderator: Person) -> None:
    page = client.get(f"/moderator/plannen/{plan.id}")
    assert page.status_code == 200
    assert "Schommels en een klimtoren." in page.text
    assert CRITERION in page.text
    answer = client.post(f"/moderator/plannen/{plan.id}/plaatsing", data=PLACED)
    assert (answer.status_code, answer.location) == (303, "/moderator")
    (decision,) = decisions(database)
    assert (decision.question, decision.is_yes, decision.decided_by) == (Question.PLACEMENT, True, moderator.id)
    assert letters(database) == 1
    assert "is opgeslagen" in client.get("/moderator").text


def test_a_plan_is_not_placed_with_a_criterion(client: FlaskClient, database: Database, plan: Plan) -> None:
    assert client.post(f"/moderator/plannen/{plan.id}/plaatsing", data=REFUSED).status_code == 303
    (decision,) = decisions(database)
    assert (decision.is_yes, decision.criterion, decision.reason) == (False, CRITERION, "Dit kan hier niet.")
    page = client.get(f"/moderator/plannen/{plan.id}").text
    assert "Niet geplaatst" in page
    assert "Dit kan hier niet." in page
    assert "<textarea" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decision": ""}, "Kies wat u beslist."),
        ({"decision": "misschien"}, "Kies wat u beslist."),
        ({"reason": "  "}, "Leg uw beslissing uit."),
        ({"reason": "x" * 1001}, "maximaal 1000 tekens"),
        ({"criterion": ""}, "Kies aan welk criterium van de ronde het plan niet voldoet."),
        ({"criterion": "Ik vind het niets"}, "Kies aan welk criterium van de ronde het plan niet voldoet."),
        ({"version": ""}, "Open deze pagina opnieuw."),
        ({"version": "x"}, "Controleer 1 ding"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    client: FlaskClient, database: Database, plan: Plan, changes: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/moderator/plannen/{plan.id}/plaatsing", data={**REFUSED, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    if "reason" not in changes:
        assert "Dit kan hier niet.</textarea>" in answer.text
    assert (decisions(database), letters(database)) == ([], 0)


def test_a_plan_is_judged_with_its_checked_cost(client: FlaskClient, database: Database, placed: Plan) -> None:
    assert 'value="10.000"' in client.get(f"/moderator/plannen/{placed.id}").text
    assert client.post(f"/moderator/plannen/{placed.id}/haalbaarheid", data=FEASIBLE).status_code == 303
    judged = [decision for decision in decisions(database) if decision.question is Question.FEASIBILITY]
    assert [(decision.is_yes, decision.cost) for decision in judged] == [(True, 1_250_000)]
    page = client.get(f"/moderator/plannen/{placed.id}").text
    assert "Kan worden uitgevoerd" in page
    assert "€\N{NO-BREAK SPACE}12.500" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cost": ""}, "Vul het nagerekende bedrag in."),
        ({"cost": "veel"}, "Vul een bedrag in euro"),
        ({"cost": "0"}, "Vul een bedrag in van meer dan"),
        ({"cost": "40.001"}, "Een plan mag niet meer kosten dan het budget"),
        ({"reason": ""}, "Leg uw beslissing uit."),
    ],
)
def test_a_wrong_judgement_leaves_nothing_behind(
    client: FlaskClient, database: Database, placed: Plan, changes: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/moderator/plannen/{placed.id}/haalbaarheid", data={**FEASIBLE, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (len(decisions(database)), letters(database)) == (1, 0)


def test_a_plan_that_is_not_feasible_needs_no_cost(client: FlaskClient, database: Database, placed: Plan) -> None:
    data = {**FEASIBLE, "decision": "no", "cost": ""}
    assert client.post(f"/moderator/plannen/{placed.id}/haalbaarheid", data=data).status_code == 303
    assert len(decisions(database)) == 2


def test_only_a_placed_plan_is_judged(client: FlaskClient, database: Database, plan: Plan) -> None:
    answer = client.post(f"/moderator/plannen/{plan.id}/haalbaarheid", data=FEASIBLE)
    assert answer.status_code == 409
    assert "Dit plan staat nog niet op de site." in answer.text
    assert decisions(database) == []


def test_a_doubled_click_decides_once(client: FlaskClient, database: Database, plan: Plan) -> None:
    address = f"/moderator/plannen/{plan.id}/plaatsing"
    answers = [client.post(address, data=PLACED), client.post(address, data=REFUSED)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "Hierover is al beslist." in answers[1].text
    assert [decision.is_yes for decision in decisions(database)] == [True]
    assert letters(database) == 1


def test_a_text_that_changed_is_read_again_before_deciding(
    client: FlaskClient, build: Builder, database: Database, plan: Plan
) -> None:
    plan.title = "Intussen een ander plan"
    build.commit()
    answer = client.post(f"/moderator/plannen/{plan.id}/plaatsing", data=REFUSED)
    assert answer.status_code == 409
    assert "intussen veranderd" in answer.text
    assert "Intussen een ander plan" in answer.text
    assert "Dit kan hier niet.</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert decisions(database) == []


@pytest.mark.parametrize(("moment", "status"), [(SCHEDULE.voting, 409), (SCHEDULE.voting - SECOND * 60, 303)])
def test_decisions_end_when_voting_starts(
    client: FlaskClient, clock: MovableClock, database: Database, plan: Plan, moment: Any, status: int
) -> None:
    clock.move_to(moment)
    assert client.get(f"/moderator/plannen/{plan.id}").status_code == 200
    assert client.post(f"/moderator/plannen/{plan.id}/plaatsing", data=PLACED).status_code == status
    assert len(decisions(database)) == (status == 303)


def test_another_districts_plan_is_closed(client: FlaskClient, build: Builder, database: Database, plan: Plan) -> None:
    build.sign_in(client, build.appointed(Role.MODERATOR, "Loosduinen"))
    address = f"/moderator/plannen/{plan.id}"
    answers = [client.get(address), client.post(f"{address}/plaatsing", data=PLACED)]
    answers.append(client.post(f"{address}/haalbaarheid", data=FEASIBLE))
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all("Schommels" not in answer.text for answer in answers)
    assert decisions(database) == []


def test_a_withdrawn_plan_is_not_decided(client: FlaskClient, build: Builder, database: Database, plan: Plan) -> None:
    plan.withdrawn_at = SCHEDULE.submitting
    build.commit()
    page = client.get(f"/moderator/plannen/{plan.id}").text
    assert "Ingetrokken" in page
    assert "<textarea" not in page
    answer = client.post(f"/moderator/plannen/{plan.id}/plaatsing", data=PLACED)
    assert answer.status_code == 409
    assert "Dit plan is ingetrokken." in answer.text
    assert decisions(database) == []


def test_an_unknown_plan_is_not_found(client: FlaskClient, moderator: Person) -> None:
    assert client.get("/moderator/plannen/999999").status_code == 404


def test_only_moderators_decide(client: FlaskClient, build: Builder, database: Database) -> None:
    plan = build.plan(build.round())
    build.commit()
    address = f"/moderator/plannen/{plan.id}/plaatsing"
    assert client.post(address, data=PLACED).status_code == 302
    for person in (plan.author, build.appointed(Role.OFFICIAL)):
        build.sign_in(client, person)
        assert client.post(address, data=PLACED).status_code == 403
    assert decisions(database) == []
