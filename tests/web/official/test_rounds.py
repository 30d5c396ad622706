"""The overview of rounds, and the dashboard of one."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import ANNOUNCED, COUNTING, RESULT, REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from tests.web.official.conftest import page
from wijkbudget.people.rules import Role
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.watch.tables import Check

ROUNDS = "/ambtenaar"
ROUND = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026"
CODES = f"{ROUND}/stemcodes"


def signed_in(client: FlaskClient, build: Builder) -> FlaskClient:
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    return client


def test_an_official_sees_every_round_with_its_phase_and_dates(client: FlaskClient, build: Builder) -> None:
    build.round(title="Duinoord")
    build.round(title="Laakkwartier")

    shown = page(signed_in(client, build), ROUNDS)

    for words in ("Duinoord", "Laakkwartier", "Wijkbudget", "Plannen indienen en liken", "zondag 1 november 2026"):
        assert words in shown


def test_without_rounds_the_overview_invites_to_make_one(client: FlaskClient, build: Builder) -> None:
    shown = page(signed_in(client, build), ROUNDS)

    assert "Er zijn nog geen rondes" in shown
    assert "/ambtenaar/rondes/nieuw" in shown


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (ANNOUNCED, "Bewoners kunnen plannen indienen vanaf dinsdag 1 september 2026 om 12.00 uur."),
        (SUBMITTING, "Bewoners dienen plannen in."),
        (REVIEWING, "De regels liggen vast vanaf zondag 1 november 2026 om 11.00 uur."),
        (VOTING, "Stemmen kan tot dinsdag 1 december 2026 om 11.00 uur."),
        (COUNTING, "De stemmen worden vanzelf geteld."),
        (RESULT, "De stemmen worden vanzelf geteld."),
    ],
)
def test_the_dashboard_tells_what_happens_now(
    client: FlaskClient, build: Builder, clock: MovableClock, moment: datetime, words: str
) -> None:
    build.round()
    signed_in(client, build)
    clock.move_to(moment)

    assert words in page(client, ROUND)


def test_the_dashboard_tells_which_plans_wait_until_the_menu_is_frozen(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    round_ = build.round(like_threshold=0)
    build.placed_plan(round_)
    signed_in(client, build)
    clock.move_to(REVIEWING)
    assert "Nog 1 plan wacht op een besluit." in page(client, ROUND)
    round_.frozen_at = REVIEWING
    build.commit()
    frozen = page(client, ROUND)
    assert "De regels en de stemlijst liggen vast sinds" in frozen
    assert "De moderatoren kijken" not in frozen


@pytest.mark.parametrize(("is_published", "words"), [(False, "maak hem bekend"), (True, "is bekendgemaakt op")])
def test_the_dashboard_tells_that_the_votes_are_counted(
    client: FlaskClient, build: Builder, clock: MovableClock, is_published: bool, words: str
) -> None:
    made = build.round()
    build.result(made, {build.menu_plan(made): 5}, published=is_published)
    signed_in(client, build)
    clock.move_to(RESULT)

    assert words in page(client, ROUND)


def test_the_dashboard_shows_every_phase_and_which_one_it_is_now(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    build.round()
    signed_in(client, build)
    clock.move_to(VOTING)

    shown = page(client, ROUND)

    assert (shown.count('class="is-done"'), shown.count('class="is-now"'), shown.count('class="is-later"')) == (2, 1, 2)


def test_the_dashboard_counts_plans_likes_and_codes(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    made = build.round(eligible=1000)
    build.plan(made)
    build.placed_plan(made)
    build.menu_plan(made)
    build.codes(made, 250)
    signed_in(client, build)
    clock.move_to(VOTING)

    shown = " ".join(page(client, ROUND).split())

    for label, number in [("Ingediend", 3), ("Op de site", 2), ("Op de stemlijst", 1), ("Likes", 2), ("Gemaakt", 250)]:
        assert f"<dt>{label}</dt><dd>{number} " in shown or f"<dt>{label}</dt><dd>{number}<" in shown, label
    assert "<dt>Gebruikt</dt><dd>0 " in shown
    assert "<dt>Opkomst</dt><dd>0,00% " in shown


def test_the_dashboard_shows_the_menu_as_it_was_frozen(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    made = build.round()
    plans = [build.menu_plan(made, title=title) for title in "ab"]
    build.urn(made, *plans)
    plans[0].withdrawn_at = VOTING
    signed_in(client, build)
    clock.move_to(VOTING)

    assert "<dt>Op de stemlijst</dt><dd>2<" in " ".join(page(client, ROUND).split()).replace("<dd>2 ", "<dd>2<")


def test_the_dashboard_shows_the_rules(client: FlaskClient, build: Builder) -> None:
    build.round(ballot_form=BallotForm(Form.APPROVAL, 3), eligible=6364)

    shown = page(signed_in(client, build), ROUND)

    for words in (
        "€ 40.000",
        "Kies een aantal plannen",
        "Stemmers kiezen maximaal 3 plannen.",
        "Meeste stemmen",
        "6.364 mensen",
        "Het plan is goed voor de wijk",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("moment", "can_change", "can_make_codes"),
    [
        (ANNOUNCED, True, True),
        (SCHEDULE.voting - SECOND * 30, True, True),
        (SCHEDULE.voting + SECOND, False, True),
        (SCHEDULE.counting - SECOND * 30, False, True),
        (SCHEDULE.counting + SECOND, False, False),
    ],
)
def test_the_dashboard_offers_what_can_be_done(
    client: FlaskClient, build: Builder, clock: MovableClock, moment: datetime, can_change: bool, can_make_codes: bool
) -> None:
    build.round()
    signed_in(client, build)
    clock.move_to(moment)

    shown = page(client, ROUND)

    can_ask = "Aantal nieuwe stemcodes" in page(client, CODES)
    assert ("Ronde wijzigen" in shown, can_ask) == (can_change, can_make_codes)


@pytest.mark.parametrize("moment", [REVIEWING, VOTING, COUNTING])
def test_the_dashboard_tells_that_a_task_is_late(
    client: FlaskClient, build: Builder, clock: MovableClock, moment: datetime
) -> None:
    check = Check(name=f"tasks of round {build.round().id}", checked_at=moment)
    build.session.add(check)
    clock.move_to(moment)
    assert "Deze ronde loopt niet op tijd" not in page(signed_in(client, build), ROUND)
    check.problem, check.failing_since = "count: not done", VOTING
    build.commit()
    assert "Deze ronde loopt niet op tijd" in page(client, ROUND)


def test_a_round_that_does_not_exist_is_not_found(client: FlaskClient, build: Builder) -> None:
    assert signed_in(client, build).get("/ambtenaar/rondes/nergens").status_code == 404


@pytest.mark.parametrize("address", [ROUNDS, ROUND])
@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.MODERATOR, 403), (Role.ADMINISTRATOR, 403)])
def test_only_officials_come_in(
    client: FlaskClient, build: Builder, address: str, role: Role | None, status: int
) -> None:
    build.round()
    if role:
        build.sign_in(client, build.appointed(role, *(["Haagse Hout"] if role is Role.MODERATOR else [])))
    build.commit()

    assert client.get(address).status_code == status
    assert client.get(f"/en{address}").status_code == status
