from dataclasses import replace

import pytest
from sqlalchemy import select

from config import Config
from wijkbudget.ballots.accounts import right_of
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import batches, codes_made, envelopes
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.demo.people import OTTO, SAMIRA, settle_people
from wijkbudget.demo.rounds import ANNOUNCED_BEFORE, Town, live_through
from wijkbudget.demo.script import RoundScript, read_rounds
from wijkbudget.people.tables import Person
from wijkbudget.places.actions import import_places
from wijkbudget.places.files import the_hague
from wijkbudget.places.queries import neighbourhoods
from wijkbudget.places.tables import Postcode
from wijkbudget.results.queries import result_of
from wijkbudget.rounds.queries import rounds
from wijkbudget.rounds.rules import Phase
from wijkbudget.rounds.voting import Franchise, VotingTerms

FEW = 6


@pytest.fixture
def town(database: Database, config: Config) -> Town:
    now = Clock().now()
    with database.transaction() as session:
        import_places(session, the_hague())
        settle_people(session, ("2593AB",), now - 30 * ANNOUNCED_BEFORE)
    return Town(database, KeyFolder(config.key_folder), config.code_pepper, now)


def script_in(town: Town, phase: Phase) -> RoundScript:
    script = next(script for script in read_rounds(town.now) if script.schedule.phase_at(town.now) is phase)
    return replace(script, voted=min(script.voted, FEW), eligible=20, plans=script.plans[:3])


def test_a_round_that_votes_keeps_spare_codes(town: Town) -> None:
    spare = live_through(town, script_in(town, Phase.VOTING))
    assert len(spare) == 12
    with town.database.reading() as session:
        [round_] = rounds(session)
        assert (codes_made(session, round_.id), envelopes(session, round_.id)) == (20, FEW)
        assert result_of(session, round_.id) is None


def test_a_closed_round_is_counted_and_not_published(town: Town) -> None:
    assert live_through(town, script_in(town, Phase.COUNTING)) == []
    with town.database.reading() as session:
        result = result_of(session, rounds(session)[0].id)
    assert result is not None
    assert (result.voted, result.eligible, result.published_at) == (FEW, 20, None)


def test_a_finished_round_was_published_before_now(town: Town) -> None:
    live_through(town, script_in(town, Phase.RESULT))
    with town.database.reading() as session:
        result = result_of(session, rounds(session)[0].id)
    assert result is not None
    assert result.published_at is not None
    assert result.counted_at < result.published_at <= town.now


def test_an_announced_round_has_nothing_yet(town: Town) -> None:
    live_through(town, script_in(town, Phase.ANNOUNCED))
    with town.database.reading() as session:
        assert codes_made(session, rounds(session)[0].id) == 0


def test_residents_of_the_area_vote_where_accounts_do_and_samira_does_not(town: Town) -> None:
    script = replace(script_in(town, Phase.VOTING), voting=VotingTerms(franchise=Franchise.ACCOUNT), voted=FEW)
    with town.database.transaction() as session:
        [wijk] = (place for place in neighbourhoods(session) if place.number in script.wijken)
        session.add(Postcode(code="2593AB", neighbourhood_id=wijk.id))
    assert live_through(town, script) == []
    with town.database.reading() as session:
        [round_] = rounds(session)
        samira = session.scalars(select(Person).where(Person.email == SAMIRA.email)).one()
        assert (codes_made(session, round_.id), envelopes(session, round_.id)) == (0, FEW)
        assert right_of(session, round_.id, samira.id) is None


def test_codes_for_which_otto_asked_wait_for_a_second_official(town: Town) -> None:
    live_through(town, replace(script_in(town, Phase.REVIEWING), codes_waiting=3))
    with town.database.reading() as session:
        [batch] = batches(session, rounds(session)[0].id)
        otto = session.scalars(select(Person).where(Person.email == OTTO.email)).one()
    assert (batch.size, batch.asked_by, batch.released_at) == (3, otto.id, None)
