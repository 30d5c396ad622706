"""Opening the urn: two shares of two officials, told plainly what is wrong, put together by the scheduler alone."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import Ceremony, ceremony, held
from tests.controls import NOT_REFUSED, forget_keys, found
from tests.moments import COUNTING, RESULT, REVIEWING, SCHEDULE, SECOND, VOTING
from wijkbudget.ballots import unlocking
from wijkbudget.ballots.holders import KeyOnServer, ShareNotReady, UrnOpened, lose_share
from wijkbudget.ballots.keys import SHARE_BOX, KeyFolder
from wijkbudget.ballots.queries import key_holders, typed_shares, urn_of
from wijkbudget.ballots.shares import MistypedShare, UnknownWord, combined_key, split_key
from wijkbudget.ballots.tables import Opening, TypedShare
from wijkbudget.ballots.unlocking import ForeignShare, NeedsColleague, ShareTyped, type_share, urn_key
from wijkbudget.journal import JournalEntry
from wijkbudget.mail.tables import Letter
from wijkbudget.people.rules import Role
from wijkbudget.rounds.rules import WrongPhase


@pytest.fixture
def made(build: Builder, tmp_path: Path) -> Ceremony:
    return held(build, tmp_path)[0]


def key(made: Ceremony, keys: Path) -> bytes | None:
    urn = urn_of(made.session, made.round.id)
    assert urn is not None
    return urn_key(made.session, round=made.round, urn=urn, keys=KeyFolder(keys), now=COUNTING)


def typed(made: Ceremony) -> list[tuple[int, int]]:
    """The number of each typed share, and who typed it."""
    return [(each.number, each.person_id) for each in typed_shares(made.session, made.round.id)]


def type_words(made: Ceremony, words: str, *, by: int = 0, now: datetime = COUNTING) -> None:
    type_share(made.session, round=made.round, official=made.officials[by], words=words, now=now)


@pytest.mark.parametrize("papers", [(0, 1), (0, 2), (2, 1)])
def test_two_shares_of_two_officials_give_the_key_once(made: Ceremony, tmp_path: Path, papers: tuple[int, int]) -> None:
    assert key(made, tmp_path) is None
    made.type(papers[0], by=0)
    assert key(made, tmp_path) is None
    made.type(papers[1], by=1)
    assert key(made, tmp_path) == combined_key([made.papers[paper] for paper in papers])
    assert (typed(made), key(made, tmp_path)) == ([], None)


def test_a_colleague_may_type_the_share_of_somebody_who_is_ill(made: Ceremony, build: Builder) -> None:
    colleague = build.appointed(Role.OFFICIAL)
    type_share(made.session, round=made.round, official=colleague, words=made.papers[2], now=COUNTING)
    assert typed(made) == [(3, colleague.id)]


def test_three_typed_shares_do_no_harm(made: Ceremony, tmp_path: Path) -> None:
    for number in range(3):
        made.type(number, by=number)
    assert key(made, tmp_path) == combined_key(made.papers[:2])
    assert typed(made) == []


def test_a_share_that_was_lost_and_found_opens_the_urn_all_the_same(made: Ceremony, tmp_path: Path) -> None:
    for number in (1, 2):
        lose_share(made.session, round=made.round, number=number, official=made.officials[number], now=VOTING)
    made.type(0, by=0)
    assert [holder.lost_at for holder in key_holders(made.session, made.round.id)] == [None, VOTING, None]
    made.type(1, by=1)
    assert key(made, tmp_path)


@pytest.mark.parametrize("moment", [REVIEWING, VOTING, SCHEDULE.counting - SECOND])
def test_before_closing_no_share_is_taken(made: Ceremony, moment: datetime) -> None:
    with pytest.raises(WrongPhase):
        type_words(made, made.papers[0], now=moment)


@pytest.mark.parametrize("moment", [SCHEDULE.counting, COUNTING, RESULT])
def test_after_closing_a_share_is_taken(made: Ceremony, moment: datetime) -> None:
    type_words(made, made.papers[0], now=moment)
    assert len(typed(made)) == 1


def test_one_official_types_one_share(made: Ceremony) -> None:
    made.type(0, by=0)
    with pytest.raises(NeedsColleague):
        made.type(1, by=0)
    assert len(typed(made)) == 1


@pytest.mark.parametrize("by", [0, 1])
def test_one_share_counts_once_whoever_types_it(made: Ceremony, by: int) -> None:
    made.type(0, by=0)
    with pytest.raises(ShareTyped):
        made.type(0, by=by)


def test_the_database_takes_two_shares_from_two_people_alone(made: Ceremony) -> None:
    made.type(0, by=0)
    for number, person in ((1, made.officials[1].id), (2, made.officials[0].id), (4, made.officials[1].id)):
        row = TypedShare(round_id=made.round.id, number=number, person_id=person, sealed=b"", typed_at=COUNTING)
        with pytest.raises(IntegrityError), made.session.begin_nested():
            made.session.add(row)


def test_a_share_of_another_round_is_told_from_a_mistyped_one(made: Ceremony, build: Builder, tmp_path: Path) -> None:
    other, _ = held(build, tmp_path, build.round(title="Elders", voting=made.round.voting))
    for words in (other.papers[0], split_key(bytes(32))[0]):
        with pytest.raises(ForeignShare):
            type_words(made, words)
    with pytest.raises(UnknownWord):
        type_words(made, "fiets " + made.papers[0])
    with pytest.raises(MistypedShare):
        type_words(made, " ".join(reversed(made.papers[0].split())))
    assert typed(made) == []


def test_a_round_without_shares_takes_none(build: Builder) -> None:
    with pytest.raises(KeyOnServer):
        type_words(ceremony(build, build.round(title="Elders")), "academic")
    with pytest.raises(ShareNotReady):
        type_words(ceremony(build), "academic")


def test_an_urn_that_was_opened_takes_none(made: Ceremony) -> None:
    opening = Opening(round_id=made.round.id, envelopes=0, merkle_root="ab" * 32, rejected={}, opened_at=COUNTING)
    made.session.add(opening)
    made.session.flush()
    with pytest.raises(UrnOpened):
        made.type(0, by=0)


def test_a_typed_share_is_readable_for_the_scheduler_alone(made: Ceremony, tmp_path: Path) -> None:
    made.type(0, by=0)
    [row] = typed_shares(made.session, made.round.id)
    box = PrivateKey(KeyFolder(tmp_path).private_key(made.round.id, SHARE_BOX))
    assert SealedBox(box).decrypt(row.sealed).decode() == made.papers[0]
    for browser in made.browsers:
        with pytest.raises(CryptoError):
            SealedBox(PrivateKey(browser)).decrypt(row.sealed)


def test_the_journal_tells_the_number_and_no_word(made: Ceremony) -> None:
    made.type(1, by=0)
    entries = list(made.session.scalars(select(JournalEntry).order_by(JournalEntry.number)))
    assert (entries[-1].deed, entries[-1].details, entries[-1].person_id) == (
        "type share", '{"number":2}', made.officials[0].id,
    )  # fmt: skip
    told = " ".join(entry.details for entry in entries)
    assert [word for paper in made.papers for word in paper.split() if word in told.split()] == []


# Shares that do not open the urn; the check of their hash lets nobody come here


def spoil(made: Ceremony, sealed: Callable[[bytes], bytes]) -> None:
    urn = urn_of(made.session, made.round.id)
    assert urn is not None
    assert urn.share_box_key is not None
    for row in typed_shares(made.session, made.round.id):
        row.sealed = sealed(urn.share_box_key)
    made.session.flush()


@pytest.mark.parametrize("sealed", [b"no sealed box", b""])
def test_shares_that_do_not_fit_are_told_and_taken_out(
    made: Ceremony, session: Session, tmp_path: Path, sealed: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    made.type(0, by=0)
    made.type(1, by=1)
    spoil(made, lambda _: sealed)
    assert (key(made, tmp_path), typed(made)) == (None, [])
    assert {letter.kind for letter in session.scalars(select(Letter))} == {"shares-unfit"}
    assert session.scalars(select(JournalEntry.deed)).all()[-1] == "refuse shares"
    assert "do not open the urn" in caplog.text
    made.type(0, by=0)
    made.type(1, by=1)
    assert key(made, tmp_path)


def test_shares_of_another_key_do_not_fit(made: Ceremony, tmp_path: Path) -> None:
    made.type(0, by=0)
    made.type(1, by=1)
    others = iter(split_key(bytes(32)))
    spoil(made, lambda box_key: SealedBox(PublicKey(box_key)).encrypt(next(others).encode()))
    assert (key(made, tmp_path), typed(made)) == (None, [])


def test_a_server_that_lost_its_part_keeps_the_typed_shares(made: Ceremony, tmp_path: Path) -> None:
    made.type(0, by=0)
    made.type(1, by=1)
    with pytest.raises(FileNotFoundError):
        key(made, tmp_path / "elsewhere")
    assert len(typed(made)) == 2


def test_the_key_that_the_server_keeps_is_read_at_once(build: Builder, tmp_path: Path) -> None:
    round_ = build.round()
    urn = build.opened_urn(round_, tmp_path)
    found = urn_key(build.session, round=round_, urn=urn, keys=KeyFolder(tmp_path), now=COUNTING)
    assert found == KeyFolder(tmp_path).private_key(round_.id)


# Controls


def test_shares_that_are_taken_while_people_vote_are_found_out(made: Ceremony, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlocking, "require_phase", lambda *_: None)
    with found(NOT_REFUSED):
        test_before_closing_no_share_is_taken(made, VOTING)


def test_without_its_keys_the_database_would_take_two_shares_from_one_person(made: Ceremony) -> None:
    forget_keys(made.session, TypedShare)
    with found(NOT_REFUSED):
        test_the_database_takes_two_shares_from_two_people_alone(made)
