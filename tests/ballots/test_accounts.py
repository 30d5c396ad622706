"""People with an account in the area vote once, by a key of the database."""

from datetime import datetime
from secrets import token_bytes
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.controls import NOT_REFUSED, forget_keys, found
from tests.moments import COUNTING, REVIEWING, SCHEDULE, SECOND, VOTING
from wijkbudget.ballots.accounts import (
    AgeNotDeclared,
    ElectorateComplete,
    LivesElsewhere,
    NoAccounts,
    NotConfirmed,
    accounts_entitled,
    entitle_person,
    right_of,
)
from wijkbudget.ballots.actions import cast_ballot
from wijkbudget.ballots.queries import envelopes
from wijkbudget.ballots.tables import Entitlement
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.database import Database
from wijkbudget.people.tables import Person
from wijkbudget.places.tables import Postcode
from wijkbudget.rounds.rules import WrongPhase
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms

TERMS = VotingTerms(franchise=Franchise.ACCOUNT)


@pytest.fixture
def round_(build: Builder, session: Session) -> Round:
    """A round for accounts in the neighbourhood of 2593AB, where everybody in these tests lives."""
    made = build.round(voting=TERMS)
    session.add(Postcode(code="2593AB", neighbourhood_id=made.neighbourhoods[0].id))
    session.add(Postcode(code="2512AA", neighbourhood_id=build.neighbourhood("Schildersbuurt").id))
    session.flush()
    return made


def entitled(
    session: Session, round_: Round, person: Person, *, is_old_enough: bool = True, now: datetime = VOTING
) -> Entitlement:
    return entitle_person(session, round=round_, person=person, is_old_enough=is_old_enough, now=now)


def test_a_person_has_one_right_however_often_it_is_asked_for(build: Builder, session: Session, round_: Round) -> None:
    samira, mo = build.person(), build.person()
    first = entitled(session, round_, samira)
    assert entitled(session, round_, samira).id == first.id == right_of(session, round_.id, samira.id).id  # type: ignore[union-attr]
    assert entitled(session, round_, mo).id != first.id
    assert accounts_entitled(session, round_.id) == 2


def test_the_database_itself_refuses_a_second_right_of_one_person(
    build: Builder, session: Session, round_: Round
) -> None:
    samira = build.person()
    entitled(session, round_, samira)
    session.add(Entitlement(round_id=round_.id, person_id=samira.id))
    with pytest.raises(IntegrityError):
        session.flush()


def test_two_windows_at_the_same_moment_get_the_same_right(build: Builder, database: Database, round_: Round) -> None:
    samira = build.person()
    build.commit()
    together, rights = Barrier(2), list[int]()

    def ask() -> None:
        together.wait()
        with database.transaction() as session:
            round_here, person = session.get_one(Round, round_.id), session.get_one(Person, samira.id)
            rights.append(entitled(session, round_here, person).id)

    windows = [Thread(target=ask) for _ in range(2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert len(rights) == 2
    assert len(set(rights)) == 1


def test_a_right_of_an_account_votes_and_votes_anew_in_the_same_envelope(
    build: Builder, session: Session, round_: Round, config: Config, clock: MovableClock
) -> None:
    build.opened_urn(round_, config.key_folder)
    clock.move_to(VOTING)
    right, nonce = entitled(session, round_, build.person()), token_bytes(NONCE_BYTES)
    for _ in range(2):
        cast_ballot(session, entitlement_id=right.id, points=[], nonce=nonce, clock=clock)
    assert envelopes(session, round_.id) == 1
    assert session.scalar(select(func.count()).where(Entitlement.is_used)) == 1


@pytest.mark.parametrize("postcode", ["2512AA", "9999ZZ"])
def test_who_lives_elsewhere_or_nowhere_that_we_know_has_no_right(
    build: Builder, session: Session, round_: Round, postcode: str
) -> None:
    person = build.person()
    person.postcode = postcode
    with pytest.raises(LivesElsewhere):
        entitled(session, round_, person)


def test_who_does_not_declare_the_age_has_no_right(build: Builder, session: Session, round_: Round) -> None:
    with pytest.raises(AgeNotDeclared) as refused:
        entitled(session, round_, build.person(), is_old_enough=False)
    assert refused.value.details == {"youngest": 12}


def test_an_address_that_was_not_confirmed_gives_no_right(build: Builder, session: Session, round_: Round) -> None:
    with pytest.raises(NotConfirmed):
        entitled(session, round_, build.person(confirmed=False))


def test_a_round_with_letters_gives_no_right_to_accounts(build: Builder, session: Session) -> None:
    with pytest.raises(NoAccounts):
        entitled(session, build.round(), build.person())


@pytest.mark.parametrize("moment", [REVIEWING, SCHEDULE.voting - SECOND, SCHEDULE.counting, COUNTING])
def test_rights_are_given_while_people_vote(build: Builder, session: Session, round_: Round, moment: datetime) -> None:
    with pytest.raises(WrongPhase):
        entitled(session, round_, build.person(), now=moment)


def test_there_are_as_many_rights_as_people_and_not_one_more(build: Builder, session: Session, round_: Round) -> None:
    round_.eligible = 1
    samira = build.person()
    entitled(session, round_, samira)
    with pytest.raises(ElectorateComplete):
        entitled(session, round_, build.person())
    assert entitled(session, round_, samira)


def test_without_its_key_the_database_would_take_a_second_right_of_one_person(
    build: Builder, session: Session, round_: Round
) -> None:
    forget_keys(session, Entitlement)
    with found(NOT_REFUSED):
        test_the_database_itself_refuses_a_second_right_of_one_person(build, session, round_)
