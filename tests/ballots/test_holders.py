"""The ceremony: three people, three browsers, each share once on paper, and a new start until somebody could vote."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from nacl.public import PrivateKey
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import WITH_OFFICIALS, Ceremony, ceremony, held, proof
from tests.controls import NOT_REFUSED, forget_keys, found
from tests.moments import ANNOUNCED, COUNTING, RESULT, REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.ballots import actions
from wijkbudget.ballots.actions import require_casting, require_urn
from wijkbudget.ballots.holders import (
    BrowserOfHolder,
    EnoughHolders,
    KeyOnServer,
    NotHolder,
    OneLossEach,
    ShareLost,
    ShareNotLost,
    ShareNotReady,
    ShareShown,
    ShareUnreadable,
    ShareUnseen,
    UrnOpened,
    VotingOpened,
    begin_keys_anew,
    can_begin_anew,
    can_read_share,
    confirm_share,
    find_share,
    keep_share,
    lose_share,
    require_shares,
    show_share,
)
from wijkbudget.ballots.queries import key_holders, urn_of
from wijkbudget.ballots.rules import KeyLost, UrnNotReady
from wijkbudget.ballots.shares import PROOF, OtherWord
from wijkbudget.ballots.tables import Envelope, KeyHolder, Opening, Urn
from wijkbudget.database import Database
from wijkbudget.journal import JournalEntry
from wijkbudget.mail.tables import Letter
from wijkbudget.people.queries import people_with_role
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
        find_share(made.session, round=made.round, number=1, official=made.officials[0], now=REVIEWING)
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


def test_a_share_is_shown_once(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    number, words = show(made, 1, made.browsers[1])
    assert (number, len(words.split())) == (2, 33)
    holder = holders(made)[1]
    assert (holder.shown_at, holder.confirmed_at) == (REVIEWING, None)
    with pytest.raises(ShareShown):
        show(made, 1, made.browsers[1])
    assert deeds(made)[-1] == ("show share", {"number": 2})


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


# From screen to paper


@pytest.fixture
def shown(made: Ceremony, build: Builder, tmp_path: Path) -> Ceremony:
    """Each official has seen a share."""
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    made.show()
    return made


def confirm(made: Ceremony, number: int, typed: Sequence[str], browser: bytes | None = None) -> None:
    official, browser = made.officials[number], browser or made.browsers[number]
    confirm_share(made.session, round=made.round, official=official, browser_key=browser, typed=typed, now=REVIEWING)


def test_a_share_is_on_paper_once_three_words_of_it_were_typed_and_then_it_is_gone(shown: Ceremony) -> None:
    confirm(shown, 1, proof(shown.papers[1]))
    holder = holders(shown)[1]
    assert (holder.confirmed_at, holder.sealed_share) == (REVIEWING, None)
    assert deeds(shown)[-1] == ("confirm share", {"number": 2})


def test_the_words_are_the_eleventh_the_second_and_the_last_of_three_columns(shown: Ceremony) -> None:
    words = shown.papers[0].split()
    assert proof(shown.papers[0]) == [words[10], words[21], words[32]]
    assert len(words) == 33


def assert_waits_for_paper(made: Ceremony) -> None:
    """Fails if people can vote before each official confirmed."""
    for number in range(3):
        with pytest.raises(UrnNotReady):
            require_urn(made.session, made.round.id)
        confirm(made, number, proof(made.papers[number]))
    assert require_urn(made.session, made.round.id).round_id == made.round.id


def test_an_urn_whose_shares_were_shown_is_not_ready_before_each_is_on_paper(shown: Ceremony) -> None:
    assert_waits_for_paper(shown)


def test_an_urn_that_is_ready_once_its_shares_were_shown_is_found_out(
    shown: Ceremony, monkeypatch: pytest.MonkeyPatch
) -> None:
    def were_shown(session: Session, urn: Urn) -> bool:
        return all(holder.shown_at for holder in key_holders(session, urn.round_id))

    monkeypatch.setattr(actions, "is_urn_ready", were_shown)
    with found(NOT_REFUSED):
        assert_waits_for_paper(shown)


def assert_each_word_counts(made: Ceremony) -> None:
    """Fails if a wrong word is taken; the refusal tells its place, and the share stays for another attempt."""
    for at, place in enumerate(PROOF):
        for wrong in ("fiets", "academic acid", "", proof(made.papers[1])[at]):
            typed = proof(made.papers[0])
            typed[at] = wrong
            with pytest.raises(OtherWord) as refused:
                confirm(made, 0, typed)
            assert refused.value.details == {"place": place}
    assert holders(made)[0].sealed_share is not None


def test_a_wrong_word_is_refused_by_its_place_and_the_share_stays_for_another_attempt(shown: Ceremony) -> None:
    assert_each_word_counts(shown)
    confirm(shown, 0, [f" {word.upper()}. " for word in proof(shown.papers[0])])
    assert holders(shown)[0].confirmed_at == REVIEWING


def test_a_proof_that_takes_any_words_is_found_out(shown: Ceremony, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wijkbudget.ballots.holders.require_proof", lambda share, typed: None)
    with found(NOT_REFUSED):
        assert_each_word_counts(shown)


def test_once_it_is_on_paper_the_same_form_again_changes_nothing(shown: Ceremony) -> None:
    for _ in range(2):
        confirm(shown, 0, proof(shown.papers[0]))
    assert [deed for deed, _ in deeds(shown)].count("confirm share") == 1


def test_another_browser_confirms_no_share(shown: Ceremony) -> None:
    for browser in (shown.browsers[1], bytes(range(32))):
        with pytest.raises(ShareUnreadable):
            confirm(shown, 0, proof(shown.papers[0]), browser)


def test_what_was_not_seen_is_on_no_paper(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    with pytest.raises(ShareUnseen):
        confirm(made, 0, ["academic"] * 3)
    for change in ({"confirmed_at": REVIEWING}, {"confirmed_at": REVIEWING, "shown_at": REVIEWING}):
        with pytest.raises(IntegrityError), made.session.begin_nested():
            made.session.execute(update(KeyHolder).values(**change))


def test_who_did_not_step_in_confirms_no_share(shown: Ceremony, build: Builder) -> None:
    with pytest.raises(NotHolder):
        confirm_share(
            shown.session, round=shown.round, official=build.appointed(Role.OFFICIAL), browser_key=shown.browsers[0],
            typed=proof(shown.papers[0]), now=REVIEWING,
        )  # fmt: skip


def test_of_the_last_proof_and_a_new_beginning_while_voting_is_on_one_happens(
    shown: Ceremony, build: Builder, database: Database
) -> None:
    shown.confirm(2)
    build.commit()
    number, owner = shown.round.id, shown.officials[2].id

    def done(deed: Callable[[Session, Round, Person], None]) -> bool:
        try:
            with database.transaction() as session:
                deed(session, session.get_one(Round, number), session.get_one(Person, owner))
        except (NotHolder, VotingOpened):
            return False
        return True

    def confirm_last(session: Session, round_: Round, official: Person) -> None:
        browser, typed = shown.browsers[2], proof(shown.papers[2])
        confirm_share(session, round=round_, official=official, browser_key=browser, typed=typed, now=VOTING)

    def begin(session: Session, round_: Round, official: Person) -> None:
        begin_keys_anew(session, round=round_, official=official, now=VOTING)

    with ThreadPoolExecutor(2) as threads:
        is_confirmed, is_begun = threads.map(done, (confirm_last, begin))
    assert is_confirmed is not is_begun
    with database.reading() as session:
        assert [holder.confirmed_at is not None for holder in key_holders(session, number)] == [True] * 3 * is_confirmed


def test_a_round_that_closed_before_all_was_on_paper_is_opened_and_its_urn_is_there_to_publish(
    shown: Ceremony, session: Session
) -> None:
    shown.confirm(2)
    with pytest.raises(UrnNotReady):
        require_urn(session, shown.round.id)
    session.add(Opening(round_id=shown.round.id, envelopes=0, merkle_root="ab", rejected={}, opened_at=COUNTING))
    session.flush()
    assert require_urn(session, shown.round.id).round_id == shown.round.id


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
    ("confirmed", "moment", "can"),
    [
        (0, REVIEWING, True), (3, REVIEWING, True), (3, SCHEDULE.voting - SECOND, True), (3, SCHEDULE.voting, False),
        (2, VOTING, True), (0, SCHEDULE.counting - SECOND, True), (2, COUNTING, False), (3, COUNTING, False),
    ],
)  # fmt: skip
def test_the_ceremony_begins_anew_until_somebody_could_vote(
    made: Ceremony, build: Builder, tmp_path: Path, confirmed: int, moment: datetime, can: bool
) -> None:
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    made.show()
    made.confirm(confirmed)
    assert can_begin_anew(made.session, made.round, moment) is can
    if can:
        anew(made, moment)
    else:
        with pytest.raises(VotingOpened):
            anew(made, moment)
    assert (urn_of(made.session, made.round.id) is None) is can


def test_with_two_shares_lost_before_the_first_vote_all_begin_anew(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    lose(made, 1)
    assert not can_begin_anew(made.session, made.round, VOTING)
    lose(made, 3)
    anew(made, VOTING)
    assert holders(made) == []


def test_with_an_envelope_in_the_urn_the_key_stays(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    lose(made, 1)
    lose(made, 3)
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
    """The official of this number reports the share of that number lost; there are three."""
    official = made.officials[min(number, 3) - 1]
    lose_share(made.session, round=made.round, number=number, official=official, now=VOTING)


def test_a_lost_share_is_written_down_once(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    lose(made, 2)
    assert [holder.lost_at for holder in holders(made)] == [None, VOTING, None]
    assert deeds(made)[-1] == ("lose share", {"number": 2})
    with pytest.raises(ShareLost):
        lose(made, 2)


def lose_two(made: Ceremony) -> None:
    for number in (1, 2):
        lose_share(made.session, round=made.round, number=number, official=made.officials[2], now=VOTING)


def test_nobody_alone_stops_the_voting_by_reporting_two_shares_lost(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    with pytest.raises(OneLossEach):
        lose_two(made)
    find(made, 1)
    lose_share(made.session, round=made.round, number=3, official=made.officials[2], now=VOTING)
    assert require_casting(made.session, made.round.id)


def two_losses_in_one_name(made: Ceremony) -> None:
    """Fails unless the database itself refuses that one official reports two shares lost."""
    same = update(KeyHolder).where(KeyHolder.number < 3).values(lost_by=made.officials[2].id)
    with pytest.raises(IntegrityError), made.session.begin_nested():
        made.session.execute(same)


def test_the_database_itself_refuses_two_losses_in_one_name(build: Builder, tmp_path: Path) -> None:
    two_losses_in_one_name(held(build, tmp_path)[0])


def test_without_its_keys_the_database_would_take_two_losses_in_one_name(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    forget_keys(made.session, KeyHolder)
    with found(NOT_REFUSED):
        two_losses_in_one_name(made)


def share_letters(made: Ceremony) -> list[str]:
    wanted = select(Letter.recipient).where(Letter.kind == "share-lost").order_by(Letter.id)
    return list(made.session.scalars(wanted))


def find(made: Ceremony, number: int) -> None:
    find_share(made.session, round=made.round, number=number, official=made.officials[2], now=VOTING)


def test_every_official_hears_once_that_the_other_shares_are_all_needed(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    officials = [person.email for person in people_with_role(made.session, Role.OFFICIAL)]
    lose(made, 1)
    assert share_letters(made) == officials
    lose(made, 2)  # of this the watch gives the alarm
    assert share_letters(made) == officials


def test_a_paper_that_was_found_is_lost_no_more(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    lose(made, 2)
    find(made, 2)
    assert holders(made)[1].lost_at is None
    assert deeds(made)[-1] == ("find share", {"number": 2})
    with pytest.raises(ShareNotLost):
        find(made, 2)


def assert_takes_no_vote_without_key(made: Ceremony) -> None:
    """Fails if a vote is taken that nobody could open, or refused while two shares are left."""
    for number, lost in ((1, False), (2, True), (3, True)):
        lose(made, number)
        if lost:
            with pytest.raises(KeyLost):
                require_casting(made.session, made.round.id)
        else:
            assert require_casting(made.session, made.round.id).round_id == made.round.id
    find(made, 1)
    with pytest.raises(KeyLost):
        require_casting(made.session, made.round.id)
    find(made, 3)
    assert require_casting(made.session, made.round.id).round_id == made.round.id


def test_an_urn_that_too_few_shares_can_open_takes_no_vote_until_one_is_found(build: Builder, tmp_path: Path) -> None:
    assert_takes_no_vote_without_key(held(build, tmp_path)[0])


def test_an_urn_that_takes_votes_that_nobody_can_open_is_found_out(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "can_be_opened", lambda *_: True)
    with found(NOT_REFUSED):
        assert_takes_no_vote_without_key(held(build, tmp_path)[0])


def test_what_was_published_of_an_urn_is_there_although_its_shares_were_lost(build: Builder, tmp_path: Path) -> None:
    made, _ = held(build, tmp_path)
    for number in (1, 2):
        lose(made, number)
    assert require_urn(made.session, made.round.id).round_id == made.round.id


def test_what_does_not_exist_cannot_be_lost(made: Ceremony) -> None:
    made.step_in()
    for number in (1, 4):
        for deed in (lose, find):
            with pytest.raises(ShareNotReady):
                deed(made, number)


def test_after_the_urn_was_opened_no_share_is_lost_or_found(build: Builder, tmp_path: Path, session: Session) -> None:
    made, _ = held(build, tmp_path)
    session.add(Opening(round_id=made.round.id, envelopes=0, merkle_root="ab" * 32, rejected={}, opened_at=COUNTING))
    session.flush()
    for deed in (lose, find):
        with pytest.raises(UrnOpened):
            deed(made, 1)


@pytest.mark.parametrize("act", [lambda made: made.step_in(), anew])
def test_the_ceremony_leaves_other_rounds_alone(
    build: Builder, tmp_path: Path, act: Callable[[Ceremony], None]
) -> None:
    other, _ = held(build, tmp_path, build.round(title="Elders", voting=WITH_OFFICIALS))
    act(ceremony(build))
    assert len(holders(other)) == 3
    assert require_urn(other.session, other.round.id).round_id == other.round.id
