"""The list of one's own plans, and withdrawing one."""

from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, SCHEDULE, SECOND, SUBMITTING
from wijkbudget.database import Database
from wijkbudget.people.tables import Person
from wijkbudget.plans.tables import Plan, Question


def is_withdrawn(database: Database, plan: Plan) -> bool:
    with database.reading() as session:
        return session.get_one(Plan, plan.id).withdrawn_at is not None


def test_without_plans_the_page_says_what_to_do(client: FlaskClient, build: Builder, resident: Person) -> None:
    round_ = build.round()
    build.commit()
    page = client.get("/mijn/plannen").text
    assert "U hebt nog geen plan ingediend." in page
    assert f"/mijn/rondes/{round_.slug}/plan-indienen" in page


def test_a_waiting_plan_can_be_edited_and_withdrawn(client: FlaskClient, plan: Plan) -> None:
    page = client.get("/mijn/plannen").text
    assert "Nieuwe speeltuin" in page
    assert "Wacht op plaatsing" in page
    assert f"/mijn/plannen/{plan.id}/wijzigen" in page
    assert f"/mijn/plannen/{plan.id}/intrekken" in page


def test_a_decided_plan_can_only_be_withdrawn(client: FlaskClient, build: Builder, plan: Plan) -> None:
    build.decision(plan, Question.PLACEMENT, is_yes=False)
    build.commit()
    page = client.get("/mijn/plannen").text
    assert "Niet geplaatst" in page
    assert "Het plan kan." in page
    assert f"/mijn/plannen/{plan.id}/wijzigen" not in page
    assert f"/mijn/plannen/{plan.id}/intrekken" in page


def test_after_voting_nothing_can_be_changed(client: FlaskClient, clock: MovableClock, plan: Plan) -> None:
    clock.move_to(COUNTING)
    page = client.get("/mijn/plannen").text
    assert "wijzigen" not in page
    assert "intrekken" not in page


def test_other_peoples_plans_are_not_in_the_list(client: FlaskClient, build: Builder, resident: Person) -> None:
    build.placed_plan(build.round(), title="Van een ander")
    build.commit()
    assert "Van een ander" not in client.get("/mijn/plannen").text


def test_withdrawing_asks_first(client: FlaskClient, database: Database, plan: Plan) -> None:
    address = f"/mijn/plannen/{plan.id}/intrekken"
    assert "Dit kunt u niet terugdraaien" in client.get(address).text
    assert not is_withdrawn(database, plan)
    answer = client.post(address)
    assert (answer.status_code, answer.location) == (303, "/mijn/plannen")
    assert is_withdrawn(database, plan)
    assert "Ingetrokken" in client.get("/mijn/plannen").text


def test_a_doubled_click_says_that_it_is_done(client: FlaskClient, plan: Plan) -> None:
    address = f"/mijn/plannen/{plan.id}/intrekken"
    client.post(address)
    answer = client.post(address)
    assert answer.status_code == 409
    assert "Dit plan is ingetrokken." in answer.text


def test_withdrawing_ends_when_counting_starts(
    client: FlaskClient, clock: MovableClock, database: Database, plan: Plan
) -> None:
    address = f"/mijn/plannen/{plan.id}/intrekken"
    clock.move_to(SCHEDULE.counting)
    assert [client.get(address).status_code, client.post(address).status_code] == [409, 409]
    assert not is_withdrawn(database, plan)
    clock.move_to(SCHEDULE.counting - SECOND * 60)
    assert client.post(address).status_code == 303


def test_somebody_elses_plan_stays(client: FlaskClient, build: Builder, database: Database, resident: Person) -> None:
    hidden, placed = build.plan(build.round()), build.placed_plan(build.round(title="Ronde 2"))
    build.commit()
    assert client.post(f"/mijn/plannen/{hidden.id}/intrekken").status_code == 404
    assert client.post(f"/mijn/plannen/{placed.id}/intrekken").status_code == 403
    assert client.post("/mijn/plannen/999999/intrekken").status_code == 404
    assert not is_withdrawn(database, placed)


def test_visitors_sign_in_first(client: FlaskClient) -> None:
    assert client.get("/mijn/plannen").status_code == 302


def test_who_has_not_confirmed_the_address_may_not_enter(client: FlaskClient, build: Builder) -> None:
    build.sign_in(client, build.person(confirmed=False))
    assert client.get("/mijn/plannen").status_code == 403


def test_the_page_is_in_english_too(client: FlaskClient, clock: MovableClock, plan: Plan) -> None:
    clock.move_to(SUBMITTING)
    page = client.get("/en/mijn/plannen")
    assert page.status_code == 200
    assert f"/en/mijn/plannen/{plan.id}/wijzigen" in page.text


def test_an_author_reads_in_the_list_whether_the_plan_won(
    client: FlaskClient, build: Builder, clock: MovableClock, resident: Person
) -> None:
    round_ = build.round()
    plan = build.plan(round_, author=build.session.merge(resident))
    build.decision(plan, Question.PLACEMENT)
    build.decision(plan, Question.FEASIBILITY)
    result = build.result(round_, {plan: 3}, published=False)
    build.commit()
    clock.move_to(COUNTING)
    assert "Gekozen" not in client.get("/mijn/plannen").text
    result.published_at, result.published_by = COUNTING, resident.id
    build.commit()
    page = client.get("/mijn/plannen").text
    assert "Gekozen" in page
    assert f"/rondes/{round_.slug}/uitslag" in page
