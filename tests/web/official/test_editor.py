"""The form for a round: everything that can be wrong with it, told where it is wrong."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import ANNOUNCED, REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from tests.web.official.filled import filled_in
from wijkbudget.database import Database
from wijkbudget.people.rules import Role
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Kind
from wijkbudget.rounds.tables import Round

NEW = "/ambtenaar/rondes/nieuw"
FIELD_ERROR = "utrecht-form-field-error-message"


@pytest.fixture
def official(client: FlaskClient, build: Builder, clock: MovableClock) -> FlaskClient:
    """A browser in which an official is signed in, before the round begins."""
    clock.move_to(ANNOUNCED)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    return client


def page(response: TestResponse) -> str:
    return unescape(response.get_data(as_text=True))


def only_round(database: Database) -> Round:
    with database.reading() as session:
        return session.scalars(select(Round)).one()


def edit_address(round: Round) -> str:
    return f"/ambtenaar/rondes/{round.slug}/wijzigen"


def shown_again(form: dict[str, str], round: Round, **more: str) -> dict[str, str]:
    """The form as the page of this round would send it."""
    return form | {"version": str(round.version)} | more


def test_a_round_is_made_as_it_was_filled_in(official: FlaskClient, build: Builder, database: Database) -> None:
    form = filled_in(build)
    build.commit()

    answer = official.post(NEW, data=form)

    made = only_round(database)
    assert (answer.status_code, answer.location) == (303, "/ambtenaar/rondes/wijkbudget-duinoord-2026")
    assert (made.title, made.kind, made.area_name) == ("Wijkbudget Duinoord 2026", Kind.WIJKBUDGET, "Duinoord")
    assert (made.budget, made.like_threshold, made.criteria) == (2_500_000, 25, ["Het kan", "Het mag"])
    assert (made.schedule, made.ballot_form) == (SCHEDULE, BallotForm(Form.APPROVAL, 3))
    assert (made.electorate.eligible, f"{made.electorate.reference_date}") == (6364, "2026-08-01")
    assert [place.name for place in made.neighbourhoods] == ["Duinoord"]


def test_a_round_may_need_no_likes_and_have_a_budget_basket(
    official: FlaskClient, build: Builder, database: Database
) -> None:
    form = filled_in(build, like_threshold="0", ballot_form="basket")
    build.commit()

    assert official.post(NEW, data=form).status_code == 303

    assert (only_round(database).like_threshold, only_round(database).ballot_form) == (0, BallotForm(Form.BASKET))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Geef de ronde een naam."),
        ("title", "   ", "Geef de ronde een naam."),
        ("title", "x" * 121, "Maak deze tekst korter: maximaal 120 tekens."),
        ("kind", "", "Kies een soort ronde."),
        ("kind", "loterij", "Kies een soort ronde."),
        ("area_name", "", "Geef het gebied een naam."),
        ("area_name", "x" * 81, "Maak deze tekst korter: maximaal 80 tekens."),
        ("neighbourhoods", "", "Kies minimaal 1 wijk."),
        ("neighbourhoods", "999999", "Kies wijken uit de lijst."),
        ("neighbourhoods", "Duinoord", "Kies wijken uit de lijst."),
        ("budget", "", "Vul een budget in, bijvoorbeeld 25.000."),
        ("budget", "0", "Vul een budget in, bijvoorbeeld 25.000."),
        ("budget", "-5", "Vul een budget in, bijvoorbeeld 25.000."),
        ("budget", "veel", "Vul een budget in, bijvoorbeeld 25.000."),
        ("like_threshold", "", "Vul een heel getal in: 0 of meer."),
        ("like_threshold", "-1", "Vul een heel getal in: 0 of meer."),
        ("like_threshold", "2,5", "Vul een heel getal in: 0 of meer."),
        ("like_threshold", "99999999999", "Vul een heel getal in: 0 of meer."),
        ("criteria", "", "Schrijf minimaal 1 criterium op."),
        ("criteria", " \r\n \r\n", "Schrijf minimaal 1 criterium op."),
        (
            "criteria",
            "kort\r\n" + "x" * 201,
            "maximaal 200 tekens. Het gaat om: een criterium.",
        ),
        ("submitting", "", "Vul in wanneer het indienen begint."),
        ("submitting", "gisteren", "Vul in wanneer het indienen begint."),
        ("submitting", "2026-02-30T10:00", "Vul in wanneer het indienen begint."),
        ("submitting", "0026-09-01T10:00", "Kies een jaar tussen 2000 en 2100."),
        ("submitting", "2020-09-01T10:00", "Kies een begin in de toekomst."),
        ("reviewing", "2026-09-01T12:00", "Elke fase begint later dan de vorige."),
        ("voting", "2026-09-15T12:00", "Elke fase begint later dan de vorige."),
        ("result", "2026-12-01T11:00", "Elke fase begint later dan de vorige."),
        ("submitting", "2026-03-29T02:30", "Deze tijd bestaat niet: de klok gaat dan vooruit."),
        ("voting", "2026-10-25T02:30", "Deze tijd komt twee keer voor"),
        ("ballot_form", "", "Kies hoe mensen kiezen."),
        ("ballot_form", "lootjes", "Kies hoe mensen kiezen."),
        ("approval_max_choices", "", "Vul in hoeveel plannen iemand mag kiezen: minimaal 1."),
        ("approval_max_choices", "0", "Vul een heel getal in: 1 of meer."),
        ("approval_max_choices", "drie", "Vul een heel getal in: 1 of meer."),
        ("eligible", "", "Vul in hoeveel mensen mogen stemmen: minimaal 1."),
        ("eligible", "0", "Vul in hoeveel mensen mogen stemmen: minimaal 1."),
        ("eligible", "-3", "Vul in hoeveel mensen mogen stemmen: minimaal 1."),
        ("reference_date", "", "Vul de dag in waarop de gemeente dit telde."),
        ("reference_date", "31-08-2026", "Vul de dag in waarop de gemeente dit telde."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(
    official: FlaskClient, build: Builder, database: Database, field: str, value: str, sentence: str
) -> None:
    form = filled_in(build, **{field: value})
    build.commit()

    answer = official.post(NEW, data=form)

    assert answer.status_code == 422
    assert page(answer).count(sentence) == 2  # above the form, and at the field
    assert page(answer).count(FIELD_ERROR) == 1
    assert "Wijkbudget Duinoord 2026" in page(answer) or field == "title"
    with database.reading() as session:
        assert session.scalars(select(Round)).all() == []


def test_all_that_is_wrong_is_told_at_once(official: FlaskClient, build: Builder) -> None:
    form = filled_in(
        build, title="", budget="", eligible="0", submitting="2026-03-29T02:30", voting="2026-09-15T12:00", result="x"
    )
    build.commit()

    answer = page(official.post(NEW, data=form))

    assert answer.count(FIELD_ERROR) == 6
    assert "Controleer 6 dingen" in answer


def test_an_empty_form_is_refused_with_every_field_and_without_a_crash(official: FlaskClient) -> None:
    answer = official.post(NEW, data={})

    assert answer.status_code == 422
    assert "Controleer 14 dingen" in page(answer)


def test_nothing_is_wrong_yet_on_a_fresh_form(official: FlaskClient, build: Builder) -> None:
    build.neighbourhood("Duinoord")
    build.commit()

    answer = official.get(NEW)

    assert answer.status_code == 200
    assert FIELD_ERROR not in page(answer)
    assert "zomertijd" not in page(answer)
    assert "Duinoord" in page(answer)


def test_a_time_that_happens_twice_is_asked_about_and_then_taken(
    official: FlaskClient, build: Builder, database: Database
) -> None:
    form = filled_in(build, voting="2026-10-25T02:30", voting_which="")
    build.commit()

    asked = page(official.post(NEW, data=form))
    assert "De eerste keer (zomertijd)" in asked
    assert "De tweede keer (wintertijd)" in asked

    assert official.post(NEW, data=form | {"voting_which": "second"}).status_code == 303
    assert only_round(database).schedule.voting == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_first_of_both_times_lies_an_hour_earlier(
    official: FlaskClient, build: Builder, database: Database
) -> None:
    form = filled_in(build, voting="2026-10-25T02:30", voting_which="first")
    build.commit()

    assert official.post(NEW, data=form).status_code == 303
    assert only_round(database).schedule.voting == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_round_with_such_a_time_is_shown_and_saved_as_it_is(
    official: FlaskClient, build: Builder, database: Database
) -> None:
    twice = replace(SCHEDULE, voting=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    made = build.round(schedule=twice)
    form = filled_in(build, voting="2026-10-25T02:30", voting_which="second")
    build.commit()

    shown = page(official.get(edit_address(made)))
    assert re.search(r'<input checked[^>]*name="voting_which"[^>]*value="second"', shown)
    assert official.post(edit_address(made), data=shown_again(form, made)).status_code == 303
    assert only_round(database).schedule == twice


def test_a_round_begins_in_the_future(official: FlaskClient, build: Builder, clock: MovableClock) -> None:
    form = filled_in(build)
    build.commit()

    clock.move_to(SCHEDULE.submitting + SECOND)
    assert official.post(NEW, data=form).status_code == 422
    clock.move_to(SCHEDULE.submitting - timedelta(minutes=1))
    assert official.post(NEW, data=form).status_code == 303


def test_the_form_shows_the_round_as_it_is(official: FlaskClient, build: Builder) -> None:
    made = build.round(eligible=6364)
    build.commit()

    shown = page(official.get(edit_address(made)))

    for value in (made.title, "40.000", "6.364", made.criteria[0], "2026-09-01T12:00", "2026-11-01T11:00"):
        assert value in shown


def test_a_round_is_changed(official: FlaskClient, build: Builder, database: Database) -> None:
    made = build.round()
    form = shown_again(filled_in(build, title="Een andere naam"), made)
    build.commit()

    answer = official.post(edit_address(made), data=form)

    assert (answer.status_code, answer.location) == (303, f"/ambtenaar/rondes/{made.slug}")
    assert only_round(database).title == "Een andere naam"


@pytest.mark.parametrize(
    ("version", "status", "sentence"),
    [("0", 409, "Een collega heeft deze ronde intussen veranderd"), ("", 422, "Open deze pagina opnieuw.")],
)
def test_a_form_that_was_overtaken_is_refused_and_kept(
    official: FlaskClient, build: Builder, database: Database, version: str, status: int, sentence: str
) -> None:
    made = build.round()
    form = shown_again(filled_in(build, title="Een andere naam"), made, version=version)
    build.commit()

    answer = official.post(edit_address(made), data=form)

    assert answer.status_code == status
    assert sentence in page(answer)
    assert "Een andere naam" in page(answer)
    assert only_round(database).title == made.title != "Een andere naam"


def test_the_same_form_sent_twice_changes_once(official: FlaskClient, build: Builder) -> None:
    made = build.round()
    form = shown_again(filled_in(build), made)
    build.commit()

    statuses = [official.post(edit_address(made), data=form).status_code for _ in range(2)]

    assert statuses == [303, 409]


@pytest.mark.parametrize(
    ("moment", "status"),
    [(SCHEDULE.voting - SECOND * 30, 200), (SCHEDULE.voting + SECOND, 409), (VOTING, 409)],
)
def test_the_form_is_open_until_voting_opens(
    official: FlaskClient, build: Builder, clock: MovableClock, moment: datetime, status: int
) -> None:
    made = build.round()
    build.commit()
    clock.move_to(moment)

    assert official.get(edit_address(made)).status_code == status
    assert official.post(edit_address(made), data={}).status_code == (422 if status == 200 else 409)


def test_a_phase_that_has_begun_is_shown_as_fixed_and_cannot_be_moved(
    official: FlaskClient, build: Builder, clock: MovableClock, database: Database
) -> None:
    made = build.round()
    moved = shown_again(filled_in(build, submitting="2026-09-01T12:01"), made)
    build.commit()
    clock.move_to(SUBMITTING)

    shown = page(official.get(edit_address(made)))
    answer = official.post(edit_address(made), data=moved)

    assert shown.count("Dit is al begonnen en ligt vast.") == 1
    assert answer.status_code == 422
    assert "Wat al begonnen is, ligt vast" in page(answer)
    assert only_round(database).schedule == SCHEDULE


def test_a_start_keeps_its_seconds_when_nobody_touches_it(
    official: FlaskClient, build: Builder, clock: MovableClock, database: Database
) -> None:
    to_the_second = replace(SCHEDULE, submitting=SCHEDULE.submitting + timedelta(seconds=17, microseconds=5))
    made = build.round(schedule=to_the_second)
    form = shown_again(filled_in(build), made)
    build.commit()
    clock.move_to(REVIEWING)

    assert official.post(edit_address(made), data=form).status_code == 303
    assert only_round(database).schedule == to_the_second


def test_a_round_that_does_not_exist_cannot_be_edited(official: FlaskClient) -> None:
    assert official.get("/ambtenaar/rondes/nergens/wijzigen").status_code == 404


@pytest.mark.parametrize("path", [NEW, "/ambtenaar/rondes/{slug}/wijzigen"])
@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.RESIDENT, 403), (Role.MODERATOR, 403)])
def test_only_officials_come_in(
    client: FlaskClient, build: Builder, database: Database, path: str, role: Role | None, status: int
) -> None:
    made = build.round()
    form = filled_in(build, title="Van een ander")
    address = path.format(slug=made.slug)
    if role:
        build.sign_in(client, build.person() if role is Role.RESIDENT else build.appointed(role, "Haagse Hout"))
    build.commit()

    assert client.get(address).status_code == status
    assert client.post(address, data=form).status_code == status
    assert only_round(database).title != "Van een ander"


def test_the_form_speaks_english_too(official: FlaskClient) -> None:
    assert official.get(f"/en{NEW}").status_code == 200


def test_an_electorate_smaller_than_the_codes_that_are_out_is_refused(
    official: FlaskClient, build: Builder, database: Database
) -> None:
    form = filled_in(build, eligible="3")
    build.commit()
    official.post(NEW, data=form)
    round_ = only_round(database)
    official.post(f"/ambtenaar/rondes/{round_.slug}/stemcodes", data={"size": "3", "seen": "0"})

    answer = official.post(edit_address(round_), data=shown_again(form, round_, eligible="2"))

    assert answer.status_code == 422
    assert "Er zijn al 3 stemcodes aangevraagd" in page(answer)
    assert only_round(database).electorate.eligible == 3
