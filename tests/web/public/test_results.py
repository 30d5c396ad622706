"""The result of a round, and all results."""

from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, RESULT

PAGE = "/rondes/wijkbudget-bezuidenhout-2026/uitslag"


def published(build: Builder, clock: MovableClock) -> None:
    round_ = build.round(eligible=100)
    won, lost = build.menu_plan(round_, title="Park", cost=3_800_000), build.menu_plan(round_, title="Brug")
    build.result(round_, {won: 7, lost: 2}, blank=1)
    build.commit()
    clock.move_to(RESULT)


def test_the_result_tells_turnout_winners_and_reasons(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    published(build, clock)
    page = client.get(PAGE).text
    for words in (
        "10 bewoners hebben gestemd.", "10,00%", "Gaat door", "er was nog €\N{NO-BREAK SPACE}2.000 over",
        "Had met 5 stemmen meer wel gewonnen.", "Zo telden we", "geen loting nodig", "ab" * 32,
    ):  # fmt: skip
        assert words in page


def test_one_plan_and_one_envelope_are_named_as_one(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round(eligible=100)
    build.result(round_, {build.menu_plan(round_, title="Park"): 1})
    build.commit()
    clock.move_to(RESULT)
    page = client.get(PAGE).text
    for words in ("In de stembus zat 1 envelop.", "De envelop was geldig.", "van 1 plan"):
        assert words in page
    assert "enveloppen" not in page


def test_an_english_reader_gets_english_figures(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    published(build, clock)
    page = client.get("/en" + PAGE).text
    assert "€38,000" in page
    assert '<html lang="en"' in page


def test_points_are_not_called_votes(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round(eligible=100)
    result = build.result(round_, {build.menu_plan(round_, title="Park"): 7})
    (plan_id, finding), *_ = result.outcome["findings"].items()
    result.outcome = result.outcome | {"findings": {plan_id: finding | {"points": 21}}}
    build.commit()
    clock.move_to(RESULT)
    page = client.get(PAGE).text
    for words in ("Alle plannen en punten", "21 punten", "de meeste punten eerst", "De langste balk"):
        assert words in page
    assert "21 stemmen" not in page


def test_before_it_is_published_the_page_says_when_the_result_comes(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_, title="Park"): 7}, published=False)
    build.commit()
    clock.move_to(COUNTING)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "Er is nog geen uitslag." in answer.text
    assert "De uitslag komt op donderdag 10 december 2026 om 11.00 uur." in answer.text
    assert "Park" not in answer.text


def test_a_result_without_any_vote_has_a_page(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_): 0})
    build.commit()
    clock.move_to(RESULT)
    page = client.get(PAGE).text
    assert "Geen enkel plan gaat door." in page
    assert "0,00%" in page


def test_published_results_stand_in_the_list(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    assert "Er is nog geen uitslag." in client.get("/uitslagen").text
    published(build, clock)
    page = client.get("/uitslagen").text
    assert f'href="{PAGE}"' in page
    assert "10,00%" in page


def test_an_unpublished_result_is_not_in_the_list(client: FlaskClient, build: Builder) -> None:
    round_ = build.round()
    build.result(round_, {build.menu_plan(round_): 7}, published=False)
    build.commit()
    assert "Er is nog geen uitslag." in client.get("/uitslagen").text
