"""A published result for programs: what is told, in which language, and when nothing is."""

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import RESULT, VOTING
from wijkbudget.ballots.tables import OpenedBallot
from wijkbudget.tally.pabulib import read_election

ROUND = "/rondes/wijkbudget-bezuidenhout-2026"


def counted(build: Builder, clock: MovableClock, *, voters: int = 50, published: bool = True) -> tuple[str, str]:
    """The ids of a plan that won and of one that lost, in a round whose ballots are kept."""
    round_ = build.round(eligible=100)
    won, lost = build.menu_plan(round_, title="Park", cost=3_800_000), build.menu_plan(round_, title="Brug")
    build.result(round_, {won: voters - 10, lost: 8}, blank=2, published=published)
    points = [[[won.id, 1]]] * (voters - 10) + [[[lost.id, 1]]] * 8 + [[]] * 2
    for number, given in enumerate(points):
        build.session.add(OpenedBallot(round_id=round_.id, tracker=f"{number:016}", points=given))
    build.commit()
    clock.move_to(RESULT)
    return str(won.id), str(lost.id)


def test_the_result_is_told_in_plain_values(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    won, lost = counted(build, clock)
    told = client.get(f"{ROUND}/uitslag.json").get_json()
    assert (told["rule"], told["funded"], told["budget"], told["left"]) == ("most-votes", [won], "40000.00", "2000.00")
    assert (told["voted"], told["eligible"], told["blank"], told["turnout"]) == (50, 100, 2, "1/2")
    assert told["findings"][lost]["lacked"] == 32
    assert told["plans"][lost]["title"] == "Brug"
    assert "Had met 32 stemmen meer wel gewonnen." in told["plans"][lost]["why"]


def test_the_reasons_are_told_in_english_too(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    _, lost = counted(build, clock)
    why = client.get(f"/en{ROUND}/uitslag.json").get_json()["plans"][lost]["why"]
    assert "With 32 votes more it would have won." in why


def test_the_ballots_can_be_counted_again(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    won, _ = counted(build, clock)
    answer = client.get(f"{ROUND}/stemmen.pb")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wijkbudget-bezuidenhout-2026.pb"'
    election = read_election(answer.data)
    assert (election.profile.ballots, election.profile.blank, election.selected) == (50, 2, (won,))
    page = client.get(f"{ROUND}/uitslag").text
    assert f'href="{ROUND}/stemmen.pb"' in page
    command = "wijkbudget count wijkbudget-bezuidenhout-2026.pb --rule most-votes --misfit skip --minimum 0"
    assert command in client.get(f"{ROUND}/controleren").text


def test_few_ballots_are_not_published(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    counted(build, clock, voters=49)
    answer = client.get(f"{ROUND}/stemmen.pb")
    assert (answer.status_code, "Van deze ronde is er geen bestand met alle stemmen." in answer.text) == (404, True)
    page = client.get(f"{ROUND}/uitslag").text
    assert "Minder dan 50 mensen stemden." in page
    assert "stemmen.pb" not in page


@pytest.mark.parametrize("votes", [0, 60])
def test_without_a_plan_that_is_left_there_is_no_file_and_nothing_leads_to_one(
    client: FlaskClient, build: Builder, clock: MovableClock, votes: int
) -> None:
    round_ = build.round()
    plan = build.menu_plan(round_)
    plan.withdrawn_at = VOTING
    build.result(round_, {plan: votes} if votes else {}, blank=60)
    build.commit()
    clock.move_to(RESULT)
    answer = client.get(f"{ROUND}/stemmen.pb")
    assert (answer.status_code, "Van deze ronde is er geen bestand met alle stemmen." in answer.text) == (404, True)
    pages = [client.get(f"{ROUND}/{page}") for page in ("uitslag", "controleren", "uitslag.json")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "Er bleef geen plan over." in pages[0].text
    assert not any("stemmen.pb" in page.text or "wijkbudget count" in page.text for page in pages)


def test_nothing_is_told_before_publication(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    counted(build, clock, published=False)
    for address in ("uitslag.json", "stemmen.pb"):
        assert client.get(f"{ROUND}/{address}").status_code == 404
