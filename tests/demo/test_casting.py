import pytest
from sqlalchemy import Connection, event, func, select
from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.demo.stage import open_voting
from tests.moments import COUNTING, VOTING
from wijkbudget.ballots.rules import VotedMeanwhile
from wijkbudget.ballots.tables import Envelope
from wijkbudget.database import Database
from wijkbudget.demo.casting import Vote, cast_votes, vote_with_account
from wijkbudget.places.tables import Postcode
from wijkbudget.rounds.rules import WrongPhase
from wijkbudget.rounds.voting import Franchise, VotingTerms


def envelopes(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Envelope)) or 0


def test_votes_go_in_by_batches_each_in_its_own_transaction(
    session: Session, build: Builder, config: Config, clock: MovableClock, database: Database
) -> None:
    codes = open_voting(session, build, config, clock, voters=5)
    heard: list[int] = []
    commits: list[Connection] = []

    def note(connection: Connection) -> None:
        commits.append(connection)

    event.listen(database.engine, "commit", note)
    votes: list[Vote] = [(code, ()) for code in codes]
    cast_votes(database, votes, batch=2, pepper=config.code_pepper, clock=clock, on_cast=heard.append)
    event.remove(database.engine, "commit", note)
    assert heard == [2, 2, 1]
    assert len(commits) == 3
    assert envelopes(database) == 5


def test_a_vote_after_closing_is_refused_and_its_batch_undone(
    session: Session, build: Builder, config: Config, clock: MovableClock, database: Database
) -> None:
    codes = open_voting(session, build, config, clock, voters=1)
    clock.move_to(COUNTING)
    with pytest.raises(WrongPhase):
        cast_votes(database, [(codes[0], ())], batch=2, pepper=config.code_pepper, clock=clock)
    assert envelopes(database) == 0


def test_an_account_votes_once(
    session: Session, build: Builder, config: Config, clock: MovableClock, database: Database
) -> None:
    round_, samira = build.round(voting=VotingTerms(franchise=Franchise.ACCOUNT)), build.person()
    session.add(Postcode(code=samira.postcode, neighbourhood_id=round_.neighbourhoods[0].id))
    build.menu_plan(round_)
    build.opened_urn(round_, config.key_folder)
    clock.move_to(VOTING)
    vote_with_account(session, round=round_, person=samira, points=(), clock=clock)
    session.commit()
    with pytest.raises(VotedMeanwhile):
        vote_with_account(session, round=round_, person=samira, points=(), clock=clock)
    assert envelopes(database) == 1
