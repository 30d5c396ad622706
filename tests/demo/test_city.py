from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.moments import SUBMITTING
from wijkbudget.ballots.accounts import accounts_entitled, require_resident, right_of
from wijkbudget.ballots.freezing import FREEZING
from wijkbudget.ballots.queries import codes_made, envelopes
from wijkbudget.ballots.tables import CodeBatch
from wijkbudget.clock import Clock
from wijkbudget.database import Database, Table
from wijkbudget.demo import city
from wijkbudget.demo.casting import cast_votes
from wijkbudget.demo.city import fill_city, welcome
from wijkbudget.demo.people import MO, OLGA, SAMIRA
from wijkbudget.demo.script import read_rounds as city_rounds
from wijkbudget.jobs.lateness import lateness
from wijkbudget.jobs.phases import due_tasks
from wijkbudget.jobs.reminders import REMINDERS
from wijkbudget.journal import JournalEntry, first_broken, record_deed
from wijkbudget.mail.tables import Letter
from wijkbudget.people.queries import person_by_email
from wijkbudget.people.tables import Person
from wijkbudget.places.tables import Neighbourhood, Postcode
from wijkbudget.plans.queries import plans_of, queue
from wijkbudget.plans.tables import Like, Plan
from wijkbudget.results.queries import published_results, result_of
from wijkbudget.rounds.queries import rounds
from wijkbudget.rounds.rules import Kind, Phase
from wijkbudget.rounds.voting import Franchise, KeyKeeping
from wijkbudget.schema import create_tables

pytestmark = pytest.mark.timeout(300)  # the whole city takes a while where other tests run beside it


@dataclass(frozen=True)
class Filled:
    """The whole city, built once for this module."""

    database: Database
    config: Config
    codes: list[str]
    told: list[str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    config = Config.for_development(tmp_path_factory.mktemp("instance"))
    database = Database(config.database_url)
    create_tables(database)
    told: list[str] = []
    yield Filled(database, config, fill_city(database, config, tell=told.append), told)
    database.engine.dispose()


@pytest.fixture
def reading(filled: Filled) -> Iterator[Session]:
    with filled.database.reading() as session:
        yield session


def rows(database: Database) -> dict[str, int]:
    with database.reading() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Table.metadata.sorted_tables
        }
    return {name: count or 0 for name, count in counts.items()}


def test_the_city_has_rounds_of_every_kind_and_in_every_phase(reading: Session) -> None:
    all_rounds = rounds(reading)
    assert {round.kind for round in all_rounds} == set(Kind)
    assert {round.schedule.phase_at(Clock().now()) for round in all_rounds} == set(Phase)


def test_nothing_is_left_for_the_scheduler_to_do_but_to_wait_for_the_holders_of_a_key(reading: Session) -> None:
    [kept] = (round for round in rounds(reading) if round.voting.keys is KeyKeeping.OFFICIALS)
    left = due_tasks(reading, Clock().now())
    assert {round_id: [task.name for task in tasks] for round_id, tasks in left.items()} == {kept.id: [FREEZING]}
    assert due_tasks(reading, Clock().now(), REMINDERS) == {}
    assert [lateness(reading, round, Clock().now()) for round in rounds(reading)] == [None] * len(rounds(reading))


def test_every_closed_round_is_counted_and_the_finished_ones_are_published(reading: Session) -> None:
    for round in rounds(reading):
        phase, result = round.schedule.phase_at(Clock().now()), result_of(reading, round.id)
        assert (result is not None) is (phase in (Phase.COUNTING, Phase.RESULT))
        if result is not None:
            assert (result.published_at is not None) is (phase is Phase.RESULT)
            assert result.voted == envelopes(reading, round.id)
            assert result.eligible == codes_made(reading, round.id)


def test_turnout_is_lively(reading: Session) -> None:
    turnouts = [(result.voted, result.eligible) for _, result in published_results(reading)]
    assert turnouts == [(300, 1640), (907, 3422)]


def test_every_like_that_a_plan_counts_is_of_somebody(reading: Session) -> None:
    counted = dict(reading.execute(select(Like.plan_id, func.count()).group_by(Like.plan_id)).tuples().all())
    for plan in reading.scalars(select(Plan)):
        assert plan.like_count == counted.get(plan.id, 0)


def test_nothing_happened_in_the_future(reading: Session) -> None:
    now = Clock().now()
    for column in (Plan.submitted_at, Plan.withdrawn_at, Like.liked_at, Person.registered_at, Letter.posted_at):
        latest = reading.scalar(select(func.max(column)))
        assert latest is not None
        assert latest <= now


def test_the_moderator_and_samira_find_something_to_do(reading: Session) -> None:
    mo, samira = person_by_email(reading, MO.email), person_by_email(reading, SAMIRA.email)
    assert mo is not None
    assert samira is not None
    assert len(queue(reading, mo.district_ids, Clock().now())) >= 5
    assert len(plans_of(reading, samira.id)) >= 5


def test_samira_can_vote_with_her_account_and_others_did(reading: Session) -> None:
    samira = person_by_email(reading, SAMIRA.email)
    assert samira is not None
    [round_] = (round for round in rounds(reading) if round.voting.franchise is Franchise.ACCOUNT)
    require_resident(reading, round_, samira)
    assert right_of(reading, round_.id, samira.id) is None
    assert accounts_entitled(reading, round_.id) == envelopes(reading, round_.id) == 5


def test_a_list_of_codes_waits_for_olga(reading: Session) -> None:
    olga = person_by_email(reading, OLGA.email)
    assert olga is not None
    [batch] = reading.scalars(select(CodeBatch).where(CodeBatch.released_at.is_(None)))
    assert batch.asked_by != olga.id


def test_no_old_letters_wait_for_the_postman(reading: Session) -> None:
    waiting = reading.scalars(select(Letter).where(Letter.sent_at.is_(None))).all()
    assert len(waiting) < 10
    assert all(letter.posted_at > Clock().now() - city.RECENT for letter in waiting)
    sent = reading.scalars(select(Letter).where(Letter.sent_at.is_not(None))).all()
    assert all(letter.details == {} for letter in sent)


def test_a_second_start_changes_nothing_and_shows_the_same_codes(filled: Filled) -> None:
    before = rows(filled.database)
    assert fill_city(filled.database, filled.config, tell=filled.told.append) == filled.codes
    assert rows(filled.database) == before
    assert len(filled.told) == 1


def test_the_codes_can_vote_and_make_room_for_others(filled: Filled) -> None:
    assert len(filled.codes) == 3
    pepper, used = filled.config.code_pepper, filled.codes[0]
    cast_votes(filled.database, [(used, ())], batch=1, pepper=pepper, clock=Clock())
    shown = fill_city(filled.database, filled.config)
    assert len(shown) == 3
    assert used not in shown


def test_a_city_of_others_is_left_alone(build: Builder, database: Database, config: Config) -> None:
    build.person("iemand@example.com")
    build.commit()
    before = rows(database)
    assert fill_city(database, config) == []
    assert rows(database) == before


def test_a_city_that_was_cut_short_is_built_anew(
    build: Builder, database: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.person(SAMIRA.email)
    build.neighbourhood("Atlantis")
    record_deed(build.session, "make round", now=SUBMITTING)
    build.commit()
    monkeypatch.setattr(city, "read_rounds", lambda now: city_rounds(now)[-1:])
    fill_city(database, config, tell=lambda _: None)
    with database.reading() as session:
        assert len(rounds(session)) == 1
        assert session.scalar(select(Neighbourhood).where(Neighbourhood.name == "Atlantis")) is None
        assert first_broken(session) is None
        assert session.get_one(JournalEntry, 1).deed == "appoint person"


def test_postcodes_that_a_city_imported_stay(
    build: Builder, database: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.session.add(Postcode(code="1234ZZ", neighbourhood_id=build.neighbourhood().id))
    build.commit()
    monkeypatch.setattr(city, "read_rounds", lambda now: city_rounds(now)[-1:])
    fill_city(database, config, tell=lambda _: None)
    assert rows(database)["postcode"] == 1


def test_the_welcome_names_the_roles_the_codes_and_where_to_go(config: Config) -> None:
    text = welcome(config, ["AAAA-BBBB-CCCC-DDDD"])
    for words in (
        "http://localhost/", "samira@example.org", "mo@example.org", "olga@example.org", "otto@example.org",
        "iris@example.org", "ada@example.org", "two officials",
        "wijkbudget-demo", "AAAA-BBBB-CCCC-DDDD", "/stemmen", "/ontwikkel/post", "Ctrl+C",
    ):  # fmt: skip
        assert words in text


def test_the_welcome_says_so_if_no_code_can_vote_any_more(config: Config) -> None:
    assert "none left" in welcome(config, [])
