"""The ceremony: three people, three browsers, each share once, and a new start until somebody could vote."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from nacl.public import PrivateKey
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import WITH_OFFICIALS, Ceremony, ceremony, held
from tests.moments import ANNOUNCED, COUNTING, RESULT, REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.ballots.actions import require_urn
from wijkbudget.ballots.holders import (
    BrowserOfHolder,
    EnoughHolders,
    KeyOnServer,
    NotHolder,
    ShareLost,
    ShareNotReady,
    ShareShown,
    ShareUnreadable,
    UrnOpened,
    VotingOpened,
    begin_keys_anew,
    can_begin_anew,
    can_read_share,
    keep_share,
    lose_share,
    require_shares,
    show_share,
)
from wijkbudget.ballots.queries import key_holders, urn_of
from wijkbudget.ballots.rules import UrnNotReady
from wijkbudget.ballots.tables import Envelope, KeyHolder, Opening
from wijkbudget.database import Database
from wijkbudget.journal import JournalEntry
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.rounds.rules import RulesFrozen, WrongPhase
from wijkbudget.rounds.tables import FinishedTask, Round


@pytest.fixture
def made(build: Builder) -> Ceremony:
    return ceremony(build)


def step_in(made: Ceremony, number: int, browser: bytes | None = None, now: datetime = REVIEWING) -> bytes:
    official = made.officials[number]
    return keep_share(made.session, round=made.round, official=official, browser_key=browser, now=now)


def show(made: Ceremony, number: int, browser: bytes | None) -> tuple[int, str]:
    return show_share(
        made.session, round=made.round, official=made.officials[number], browser_key=browser, now=REVIEWING
    )


def holders(made: Ceremony) -> list[KeyHolder]:
    return list(key_holders(made.session, made.round.id))


def deeds(made: Ceremony) -> list[tuple[str, dict[str, int]]]:
    """The deeds of people in the journal, with their details."""
    people = select(JournalEntry).where(JournalEntry.person_id.is_not(None)).order_by(JournalEntry.number)
    return [(entry.deed, json.loads(entry.details)) for entry in made.session.scalars(people)]


# Stepping in


def test_three_officials_step_in_one_after_another(made: Ceremony) -> None:
    made.step_in()
    assert [(holder.number, holder.person_id) for holder in holders(made)] == [
        (number, official.id) for number, official in enumerate(made.officials, start=1)
    ]
    for holder, browser in zip(holders(made), made.browsers, strict=True):
        assert bytes(PrivateKey(browser).public_key) == holder.public_key
    assert deeds(made) == [("keep share", {"number": number}) for number in (1, 2, 3)]


def test_a_fourth_is_not_needed(made: Ceremony, build: Builder) -> None:
    made.step_in()
    fourth = build.appointed(Role.OFFICIAL)
    with pytest.raises(EnoughHolders):
        keep_share(made.session, round=made.round, official=fourth, browser_key=None, now=REVIEWING)


def test_of_five_who_step_in_at_once_three_keep_a_share(made: Ceremony, build: Builder, database: Database) -> None:
    people = [official.id for official in made.officials] + [build.appointed(Role.OFFICIAL).id for _ in range(2)]
    build.commit()

    def try_it(person: int) -> bool:
        try:
            with database.transaction() as session:
                round_, official = session.get_one(Round, made.round.id), session.get_one(Person, person)
                keep_share(session, round=round_, official=official, browser_key=None, now=REVIEWING)
        except EnoughHolders:
            return False
        return True

    with ThreadPoolExecutor(5) as threads:
        assert sum(threads.map(try_it, people)) == 3
    with database.reading() as session:
        assert [holder.number for holder in key_holders(session, made.round.id)] == [1, 2, 3]


def test_stepping_in_twice_in_the_same_browser_changes_nothing(made: Ceremony) -> None:
    browser = step_in(made, 0)
    assert step_in(made, 0, browser) == browser
    assert len(holders(made)) == len(deeds(made)) == 1


def test_who_lost_the_browser_steps_in_anew_at_the_same_place(made: Ceremony) -> None:
    first = step_in(made, 0)
    step_in(made, 1)
    again = step_in(made, 0)
    assert again != first
    assert [can_read_share(again, holder) for holder in holders(made)] == [True, False]


def test_two_officials_do_not_step_in_in_one_browser(made: Ceremony) -> None:
    browser = step_in(made, 0)
    with pytest.raises(BrowserOfHolder):
        step_in(made, 1, browser)
    step_in(made, 1)
    with pytest.raises(BrowserOfHolder):
        step_in(made, 1, browser)


def test_a_browser_with_the_key_of_an_earlier_ceremony_is_as_good_as_new(made: Ceremony) -> None:
    step_in(made, 1, step_in(made, 0)[::-1])
    assert len(holders(made)) == 2


@pytest.mark.parametrize(
    ("moment", "is_right"),
    [
        (ANNOUNCED, False), (SUBMITTING, False), (SCHEDULE.reviewing - SECOND, False), (SCHEDULE.reviewing, True),
        (VOTING, True), (SCHEDULE.counting - SECOND, True), (SCHEDULE.counting, False), (RESULT, False),
    ],
)  # fmt: skip
def test_officials_step_in_while_plans_are_reviewed_or_late(made: Ceremony, moment: datetime, is_right: bool) -> None:
    if is_right:
        step_in(made, 0, now=moment)
    else:
        with pytest.raises(WrongPhase):
            step_in(made, 0, now=moment)


def test_after_freezing_nobody_steps_in_anew(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    with pytest.raises(RulesFrozen):
        step_in(made, 0)


def test_where_the_server_keeps_the_key_there_are_no_shares(build: Builder) -> None:
    made = ceremony(build, build.round())
    with pytest.raises(KeyOnServer):
        step_in(made, 0)
    with pytest.raises(KeyOnServer):
        begin_keys_anew(made.session, round=made.round, official=made.officials[0], now=REVIEWING)
    with pytest.raises(KeyOnServer):
        lose_share(made.session, round=made.round, number=1, official=made.officials[0], now=REVIEWING)
    with pytest.raises(KeyOnServer):
        require_shares(made.round)


def test_the_database_knows_each_person_and_each_number_once(made: Ceremony) -> None:
    made.step_in(2)
    first, second = holders(made)
    for number, person in ((3, first.person_id), (4, made.officials[2].id), (0, made.officials[2].id)):
        row = KeyHolder(
            round_id=made.round.id, number=number, person_id=person, public_key=bytes(32), stepped_in_at=REVIEWING
        )
        with pytest.raises(IntegrityError), made.session.begin_nested():
            made.session.add(row)
    assert second.number == 2


# Seeing a share


def test_a_share_is_shown_once_and_then_it_is_gone(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    number, words = show(made, 1, made.browsers[1])
    assert (number, len(words.split())) == (2, 33)
    holder = holders(made)[1]
    assert (holder.sealed_share, holder.shown_at) == (None, REVIEWING)
    with pytest.raises(ShareShown):
        show(made, 1, made.browsers[1])
    assert deeds(made)[-1] == ("show share", {"number": 2})


def test_the_database_keeps_no_share_that_was_shown(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    with pytest.raises(IntegrityError), made.session.begin_nested():
        holders(made)[0].shown_at = REVIEWING


def test_another_browser_does_not_open_a_share(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    for browser in (None, made.browsers[1], bytes(32)):
        with pytest.raises(ShareUnreadable):
            show(made, 0, browser)
    assert holders(made)[0].sealed_share is not None


def test_before_the_key_is_made_there_is_nothing_to_see(made: Ceremony) -> None:
    made.step_in()
    with pytest.raises(ShareNotReady):
        show(made, 0, made.browsers[0])


def test_who_did_not_step_in_sees_no_share(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    with pytest.raises(NotHolder):
        show_share(
            made.session, round=made.round, official=build.appointed(Role.OFFICIAL), browser_key=None, now=REVIEWING
        )


def test_the_urn_is_ready_once_each_share_was_shown(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    for number in range(3):
        with pytest.raises(UrnNotReady):
            require_urn(made.session, made.round.id)
        show(made, number, made.browsers[number])
    assert require_urn(made.session, made.round.id).round_id == made.round.id


# Beginning anew


def anew(made: Ceremony, now: datetime = REVIEWING) -> None:
    begin_keys_anew(made.session, round=made.round, official=made.officials[0], now=now)


def test_beginning_anew_takes_back_all_that_the_ceremony_did(build: Builder, tmp_path: Path) -> None:
    made, first = held(build, tmp_path)
    old_key = first.public_key
    build.session.add(FinishedTask(round_id=made.round.id, task="freeze rules", finished_at=REVIEWING))
    build.session.add(FinishedTask(round_id=made.round.id, task="another", finished_at=REVIEWING))
    build.session.flush()
    anew(made)
    assert (holders(made), urn_of(made.session, made.round.id), made.round.frozen_at) == ([], None, None)
    assert list(made.session.scalars(select(FinishedTask.task))) == ["another"]
    assert deeds(made)[-1] == ("begin keys anew", {})
    made.browsers, made.papers = [], []
    made.step_in()
    assert build.opened_urn(made.round, tmp_path).public_key != old_key


def test_papers_of_an_earlier_ceremony_are_of_no_use(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    anew(made)
    assert not made.session.scalar(select(func.count()).select_from(KeyHolder).where(KeyHolder.share_hash.is_not(None)))


@pytest.mark.parametrize(
    ("shown", "moment", "can"),
    [
        (0, REVIEWING, True), (3, REVIEWING, True), (3, SCHEDULE.voting - SECOND, True), (3, SCHEDULE.voting, False),
        (2, VOTING, True), (0, SCHEDULE.counting - SECOND, True), (2, COUNTING, False), (3, COUNTING, False),
    ],
)  # fmt: skip
def test_the_ceremony_begins_anew_until_somebody_could_vote(
    made: Ceremony, build: Builder, tmp_path: Path, shown: int, moment: datetime, can: bool
) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    made.show(shown)
    assert can_begin_anew(made.session, made.round, moment) is can
    if can:
        anew(made, moment)
    else:
        with pytest.raises(VotingOpened):
            anew(made, moment)
    assert (urn_of(made.session, made.round.id) is None) is can


def test_with_an_envelope_in_the_urn_the_key_stays(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    [code] = build.codes(made.round)
    envelope = Envelope(
        entitlement_id=build.entitlement(code), round_id=made.round.id, sealed=b"sealed", retry_mark=bytes(32)
    )
    build.session.add(envelope)
    build.session.flush()
    with pytest.raises(VotingOpened):
        anew(made)


# Losing a share


def lose(made: Ceremony, number: int) -> None:
    lose_share(made.session, round=made.round, number=number, official=made.officials[2], now=VOTING)


def test_a_lost_share_is_written_down_once(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    lose(made, 2)
    assert [holder.lost_at for holder in holders(made)] == [None, VOTING, None]
    assert deeds(made)[-1] == ("lose share", {"number": 2})
    with pytest.raises(ShareLost):
        lose(made, 2)


def test_what_does_not_exist_cannot_be_lost(made: Ceremony) -> None:
    made.step_in()
    for number in (1, 4):
        with pytest.raises(ShareNotReady):
            lose(made, number)


def test_after_the_urn_was_opened_no_share_is_lost(build: Builder, tmp_path: Path, session: Session) -> None:
    made, _ = held(build, tmp_path)
    session.add(Opening(round_id=made.round.id, envelopes=0, merkle_root="ab" * 32, rejected={}, opened_at=COUNTING))
    session.flush()
    with pytest.raises(UrnOpened):
        lose(made, 1)


@pytest.mark.parametrize("act", [lambda made: made.step_in(), anew])
def test_the_ceremony_leaves_other_rounds_alone(
    build: Builder, tmp_path: Path, act: Callable[[Ceremony], None]
) -> None:
    other, _ = held(build, tmp_path, build.round(title="Elders", voting=WITH_OFFICIALS))
    act(ceremony(build))
    assert len(holders(other)) == 3
    assert require_urn(other.session, other.round.id).round_id == other.round.id
