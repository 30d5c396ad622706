"""The plans of a round, one plan, and its photo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import RESULT, REVIEWING, SUBMITTING, VOTING
from wijkbudget.people.rules import Role
from wijkbudget.plans.tables import Plan, Question

LIST = "/rondes/wijkbudget-bezuidenhout-2026/plannen"


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that the application sends."""
    sent: list[str] = []
    engine = app.extensions["wijkbudget"].database.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def page_of(client: FlaskClient, plan: Plan) -> str:
    return client.get(f"/plannen/{plan.id}").text


def test_the_list_says_that_its_order_is_random(client: FlaskClient, build: Builder) -> None:
    build.placed_plan(build.round())
    build.commit()
    page = client.get(LIST).text
    assert "Nieuwe speeltuin" in page
    assert "in willekeurige volgorde" in page


def test_the_list_takes_as_many_statements_for_twenty_plans_as_for_two(
    app: Flask, client: FlaskClient, build: Builder
) -> None:
    round_, person = build.round(), build.person()
    build.sign_in(client, person)
    counts = []
    for number in range(20):
        build.photo(build.placed_plan(round_, title=f"Plan {number}"), name=f"{number:032}")
        if number in (1, 19):
            build.commit()
            with statements(app) as sent:
                assert client.get(LIST).text.count("<article") == number + 1
            counts.append(len(sent))
    assert counts[0] == counts[1] <= 20


def test_a_second_page_has_a_link_of_its_own_and_keeps_the_order(client: FlaskClient, build: Builder) -> None:
    round_ = build.round()
    for number in range(30):
        build.placed_plan(round_, title=f"Plan {number}")
    build.commit()
    first, second = client.get(LIST).text, client.get(f"{LIST}?pagina=2").text
    assert f'href="{LIST}?pagina=2"' in first
    assert (first.count("<article"), second.count("<article")) == (24, 6)
    assert all((f"Plan {number}<" in first) != (f"Plan {number}<" in second) for number in range(30))


@pytest.mark.parametrize(("page", "status"), [("1", 200), ("0", 200), ("-1", 200), ("x", 200), ("2", 404)])
def test_a_page_that_does_not_exist_is_not_found(client: FlaskClient, build: Builder, page: str, status: int) -> None:
    build.placed_plan(build.round())
    build.commit()
    assert client.get(f"{LIST}?pagina={page}").status_code == status


def test_an_empty_list_invites_to_submit(client: FlaskClient, build: Builder) -> None:
    build.round()
    build.commit()
    assert "Uw plan kan het eerste zijn." in client.get(LIST).text


def test_likes_are_given_in_the_submission_phase_only(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    plan = build.placed_plan(build.round())
    build.sign_in(client, build.person())
    form = f'action="/mijn/plannen/{plan.id}/like"'
    assert form in client.get(LIST).text
    assert form in page_of(client, plan)
    clock.move_to(REVIEWING)
    assert form not in client.get(LIST).text
    assert form not in page_of(client, plan)


def test_a_plan_tells_what_why_where_and_who(client: FlaskClient, build: Builder) -> None:
    plan = build.placed_plan(build.round())
    build.photo(plan)
    build.commit()
    page = page_of(client, plan)
    for words in ("Schommels en een klimtoren.", "Kinderen kunnen veilig spelen.", "Stuyvesantstraat", "Samira"):
        assert words in page
    assert 'alt="Een speeltuin met schommels"' in page


def test_what_people_write_is_shown_as_text(client: FlaskClient, build: Builder) -> None:
    plan = build.placed_plan(build.round(), title="<script>alert(1)</script>")
    plan.what = "<b>vet</b>"
    build.commit()
    page = page_of(client, plan)
    assert "<script>alert" not in page
    assert "<b>vet</b>" not in page
    assert "&lt;b&gt;vet" in page


def test_on_an_english_page_the_text_of_a_plan_says_it_is_dutch(client: FlaskClient, build: Builder) -> None:
    plan = build.placed_plan(build.round())
    build.commit()
    assert '<p class="wb-lead" lang="nl">' in client.get(f"/en/plannen/{plan.id}").text


def test_the_city_says_what_it_decided(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round()
    feasible, other = build.placed_plan(round_), build.placed_plan(round_, title="Brug")
    build.decision(feasible, Question.FEASIBILITY, cost=900_000)
    build.decision(other, Question.FEASIBILITY, is_yes=False)
    build.commit()
    clock.move_to(REVIEWING)
    assert "Wij hebben het bedrag nagerekend: €\N{NO-BREAK SPACE}9.000." in page_of(client, feasible)
    assert "Het plan kan niet." in page_of(client, other)


def test_a_plan_that_is_not_placed_is_seen_by_its_author_and_its_moderators_alone(app: Flask, build: Builder) -> None:
    plan = build.plan(build.round())
    people = {
        "author": plan.author, "resident": build.person(),
        "own": build.appointed(Role.MODERATOR, "Haagse Hout"), "other": build.appointed(Role.MODERATOR, "Laak"),
    }  # fmt: skip
    statuses = {"visitor": app.test_client().get(f"/plannen/{plan.id}").status_code}
    build.commit()
    for name, person in people.items():
        client = app.test_client()
        build.sign_in(client, person)
        statuses[name] = client.get(f"/plannen/{plan.id}").status_code
    assert statuses == {"visitor": 404, "author": 200, "resident": 404, "own": 200, "other": 404}


def test_a_refused_plan_tells_its_author_by_which_criterion(client: FlaskClient, build: Builder) -> None:
    plan = build.plan(build.round())
    build.decision(plan, Question.PLACEMENT, is_yes=False)
    build.sign_in(client, plan.author)
    assert "Het plan voldoet niet aan: Het plan is goed voor de wijk" in page_of(client, plan)


def test_a_withdrawn_plan_keeps_its_page_and_says_so(client: FlaskClient, build: Builder) -> None:
    plan = build.placed_plan(build.round())
    plan.withdrawn_at = SUBMITTING
    build.commit()
    assert "De indiener trok dit plan in op woensdag 2 september 2026." in page_of(client, plan)
    assert "Nieuwe speeltuin" not in client.get(LIST).text


@pytest.mark.parametrize(
    ("moment", "on_menu", "other"),
    [
        (SUBMITTING, "U kunt dit plan liken", "U kunt dit plan liken"),
        (REVIEWING, "De gemeente bekijkt dit plan", "Staat niet op de stemlijst"),
        (VOTING, "U kunt hierop stemmen", "Staat niet op de stemlijst"),
    ],
)
def test_a_plan_says_where_it_stands(
    client: FlaskClient, build: Builder, clock: MovableClock, moment: datetime, on_menu: str, other: str
) -> None:
    round_ = build.round()
    listed, unlisted = build.menu_plan(round_), build.placed_plan(round_, title="Brug")
    if moment == VOTING:
        build.urn(round_, listed)
    build.commit()
    clock.move_to(moment)
    assert on_menu in page_of(client, listed)
    assert other in page_of(client, unlisted)


def test_after_the_result_a_plan_tells_how_it_ended(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round()
    won, lost = build.menu_plan(round_, cost=4_000_000), build.menu_plan(round_, title="Brug")
    build.result(round_, {won: 7, lost: 2})
    build.commit()
    clock.move_to(RESULT)
    assert "Gekozen" in page_of(client, won)
    assert "7 stemmen" in page_of(client, won)
    assert "Niet gekozen" in page_of(client, lost)
    assert "Past niet meer" in page_of(client, lost)


def test_a_photo_may_be_kept_by_browsers(client: FlaskClient, build: Builder) -> None:
    build.photo(build.placed_plan(build.round()))
    build.commit()
    answer = client.get(f"/fotos/{'0' * 32}/400.webp")
    assert answer.data == b"bytes of a picture"
    assert answer.content_type == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", ["/fotos/geen/400.webp", f"/fotos/{'0' * 32}/401.webp"])
def test_a_photo_or_width_that_is_not_kept_is_not_found(client: FlaskClient, build: Builder, address: str) -> None:
    build.photo(build.placed_plan(build.round()))
    build.commit()
    assert client.get(address).status_code == 404


def test_an_unknown_plan_is_not_found(client: FlaskClient) -> None:
    assert client.get("/plannen/999").status_code == 404


def test_the_photo_of_a_plan_that_is_not_placed_is_for_its_author_alone(client: FlaskClient, build: Builder) -> None:
    plan = build.plan(build.round())
    photo = build.photo(plan)
    address = f"/fotos/{photo.name}/{photo.widths[0]}.webp"
    build.commit()
    assert client.get(address).status_code == 404
    build.sign_in(client, plan.author)
    seen = client.get(address)
    assert (seen.status_code, seen.headers["Cache-Control"]) == (200, "no-store")
