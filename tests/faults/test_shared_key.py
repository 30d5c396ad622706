"""A key that officials keep: schedulers that are killed or run twice, and what a thief of all that is stored can do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import delete, func, select, update

from config import Config
from tests.builders import Builder
from tests.ceremony import WITH_OFFICIALS, Ceremony, ceremony, proof
from tests.conftest import MovableClock
from tests.controls import found
from tests.faults.conftest import Station, rule_of, votes_of
from tests.faults.defects import DEFECTS, suffer
from tests.faults.processes import PATIENCE, Proving, crew, is_killed, prove, prove_and_die, work, work_and_die
from tests.faults.test_scheduling import COUNTED, COUNTING_TASKS, Deed, kept, undo, vote
from tests.files import database_bytes
from tests.moments import COUNTING, REVIEWING, VOTING
from wijkbudget.ballots import unlocking
from wijkbudget.ballots.freezing import FREEZING
from wijkbudget.ballots.holders import show_share
from wijkbudget.ballots.queries import key_holders, typed_shares, urn_of
from wijkbudget.ballots.shares import UnfitShares, combined_key
from wijkbudget.ballots.tables import Envelope, KeyHolder, TypedShare, Urn
from wijkbudget.ballots.unlocking import type_share
from wijkbudget.database import Database, Table
from wijkbudget.journal import JournalEntry
from wijkbudget.people.tables import Person
from wijkbudget.rounds.rules import Counting
from wijkbudget.rounds.tables import FinishedTask, Round

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]


@dataclass
class Shared:
    """A station whose key officials keep; three stepped in, and the scheduler has done nothing yet."""

    station: Station
    made: Ceremony

    def show(self) -> None:
        """Each official sees a share, writes it down, and proves it."""
        for official, browser in zip(self.made.officials, self.made.browsers, strict=True):
            with self.station.database.transaction() as session:
                round_, person = session.get_one(Round, self.made.round.id), session.get_one(Person, official.id)
                _, words = show_share(session, round=round_, official=person, browser_key=browser, now=REVIEWING)
            prove(self.station.database, Proving(self.made.round.id, official.id, browser, proof(words)))
            self.made.papers.append(words)

    def type(self, *papers: int) -> None:
        """These papers are typed in, each by its own official."""
        for paper in papers:
            with self.station.database.transaction() as session:
                round_ = session.get_one(Round, self.made.round.id)
                person = session.get_one(Person, self.made.officials[paper].id)
                type_share(session, round=round_, official=person, words=self.made.papers[paper], now=COUNTING)

    def sealed_shares(self) -> list[str]:
        """What the scheduler sealed for each official."""
        with self.station.database.reading() as session:
            holders = key_holders(session, self.made.round.id)
            sealed = [holder.sealed_share or b"" for holder in holders]
        pairs = zip(self.made.browsers, sealed, strict=True)
        return [SealedBox(PrivateKey(browser)).decrypt(each).decode() for browser, each in pairs]


@pytest.fixture
def shared(build: Builder, database: Database, config: Config, clock: MovableClock, turn: int) -> Shared:
    made = ceremony(build, build.round(budget=10_000_000, voting=WITH_OFFICIALS, counting=Counting(rule_of(turn))))
    plans = [build.menu_plan(made.round, title=title).id for title in ("Speeltuin", "Bankje", "Boom")]
    entitlements = [build.entitlement(code) for code in build.codes(made.round, votes_of(turn))]
    made.step_in()
    build.commit()
    return Shared(Station(database, config, made.round, plans, entitlements, votes_of(turn)), made)


def assert_same_after_every_crash(
    station: Station, moment: datetime, prepare: Callable[[], None], look: Callable[[], dict[str, Any]], *,
    die: Deed, least: int,
) -> None:  # fmt: skip
    """Fails unless a scheduler that was killed before any step, `least` or more, and another one after it come to the
    same as one that was not."""
    prepare()
    station.catch_up(moment)
    expected = look()
    was_killed, step = True, 0
    while was_killed:
        prepare()
        step += 1
        was_killed = is_killed(die, station.place(moment), step)
        station.catch_up(moment)
        assert look() == expected, f"killed before step {step}"
    assert step > least


def unfreeze(station: Station) -> None:
    """As it was when the third official had stepped in."""
    with station.database.transaction() as session:
        session.execute(delete(Urn))
        session.execute(update(KeyHolder).values(sealed_share=None, share_hash=None))
        session.execute(delete(FinishedTask))
        session.get_one(Round, station.round.id).frozen_at = None


def frozen(shared: Shared) -> dict[str, Any]:
    """What freezing stored, and whether any two shares are the key of the urn."""
    with shared.station.database.reading() as session:
        urn = session.scalars(select(Urn)).one_or_none()
        tasks = list(session.scalars(select(FinishedTask.task)))
    if urn is None:
        return {"tasks": tasks}
    keys = {combined_key(pair) for pair in combinations(shared.sealed_shares(), 2)}
    files = sorted(file.name for file in shared.station.config.key_folder.iterdir() if file.suffix != ".draft")
    return {
        "rules": urn.rules_hash, "share box": urn.share_box_key, "tasks": tasks, "files": files,
        "fits": [bytes(PrivateKey(key).public_key) == urn.public_key for key in keys],
    }  # fmt: skip


def freeze_after_every_crash(shared: Shared, die: Deed = work_and_die) -> None:
    """Fails unless a freezing that is killed gives an urn that any two shares open."""
    shared.station.catch_up(REVIEWING)
    expected = frozen(shared)
    assert (expected["fits"], expected["tasks"]) == ([True], [FREEZING])
    assert expected["files"] == [f"round-{shared.made.round.id}.box"]
    prepare, look = (lambda: unfreeze(shared.station)), (lambda: frozen(shared))
    assert_same_after_every_crash(shared.station, REVIEWING, prepare, look, die=die, least=10)


def test_a_freezing_that_is_killed_at_any_step_gives_one_urn_that_any_two_shares_open(shared: Shared) -> None:
    freeze_after_every_crash(shared)


def test_a_freezing_with_shares_in_two_transactions_is_found_out(shared: Shared) -> None:
    defect = "freezes in two steps"
    with DEFECTS[defect](), found("killed before step"):
        freeze_after_every_crash(shared, partial(suffer, defect, work_and_die))


def confirm_after_every_crash(shared: Shared, die: Deed = prove_and_die) -> None:
    """Fails unless a proof that is killed leaves the share as it was, to be proved again, or all is done."""
    station, made = shared.station, shared.made
    station.catch_up(REVIEWING)
    proving = Proving(made.round.id, made.officials[0].id, made.browsers[0], proof(shared.sealed_shares()[0]))
    with station.database.transaction() as session:
        sealed = session.get_one(KeyHolder, (made.round.id, 1)).sealed_share
        session.execute(update(KeyHolder).values(shown_at=REVIEWING))

    def look() -> tuple[bool, bool, int]:
        with station.database.reading() as session:
            holder = session.get_one(KeyHolder, (made.round.id, 1))
            written = select(func.count()).select_from(JournalEntry).where(JournalEntry.deed == "confirm share")
            return holder.confirmed_at is not None, holder.sealed_share == sealed, session.scalar(written) or 0

    done, step, was_killed = 0, 0, True
    while was_killed:
        with station.database.transaction() as session:
            first = update(KeyHolder).where(KeyHolder.number == 1)
            session.execute(first.values(confirmed_at=None, sealed_share=sealed))
        step, done = step + 1, look()[2]
        was_killed = is_killed(die, station.place(REVIEWING), proving, step)
        assert look() in ((False, True, done), (True, False, done + 1)), f"killed before step {step}"
        prove(station.database, proving)
        assert look() == (True, False, done + 1)
    assert step > 5


def test_a_proof_of_paper_that_is_killed_at_any_step_is_there_as_a_whole_or_can_be_given_again(shared: Shared) -> None:
    confirm_after_every_crash(shared)


def test_a_proof_of_paper_in_two_transactions_is_found_out(shared: Shared) -> None:
    defect = "confirms in two steps"
    with DEFECTS[defect](), found("killed before step"):
        confirm_after_every_crash(shared, partial(suffer, defect, prove_and_die))


def count_after_every_crash(shared: Shared, die: Deed = work_and_die) -> None:
    """Fails unless a count with typed shares that is killed comes to the same result, and keeps no share."""
    station = shared.station
    station.catch_up(REVIEWING)
    shared.show()
    station.catch_up(VOTING)
    vote(station)

    def prepare() -> None:
        undo(station, (*COUNTED, TypedShare), *COUNTING_TASKS)
        shared.type(0, 2)

    def look() -> dict[str, Any]:
        with station.database.reading() as session:
            typed = session.scalar(select(func.count()).select_from(TypedShare))
        return kept(station) | {"typed": typed}

    prepare()
    station.catch_up(COUNTING)
    expected, voters = look(), station.voters
    assert (len(expected["ballots"]), expected["result"], expected["typed"]) == (voters, [(voters, voters // 3)], 0)
    assert_same_after_every_crash(station, COUNTING, prepare, look, die=die, least=20)


def test_a_count_with_typed_shares_that_is_killed_at_any_step_comes_to_the_same_result(shared: Shared) -> None:
    count_after_every_crash(shared)


def test_a_count_with_typed_shares_in_two_transactions_is_found_out(shared: Shared) -> None:
    defect = "opens in two steps"
    with DEFECTS[defect](), found("killed before step"):
        count_after_every_crash(shared, partial(suffer, defect, work_and_die))


def test_two_schedulers_at_once_make_one_key(shared: Shared) -> None:
    with crew(2) as pool:
        for _ in range(5):
            unfreeze(shared.station)
            place = shared.station.place(REVIEWING)
            for begun in [pool.submit(work, place) for _ in range(2)]:
                begun.result(PATIENCE)
            assert frozen(shared)["fits"] == [True]


# A thief


def stored_values(database: Database) -> Iterator[bytes]:
    """Every value in every table, as bytes; what is written in hexadecimal also as what that means."""
    with database.reading() as session:
        for table in Table.metadata.sorted_tables:
            for value in chain.from_iterable(session.execute(select(table)).tuples()):
                written = value if isinstance(value, bytes) else str(value).encode()
                yield written
                try:
                    yield bytes.fromhex(written.decode())
                except ValueError:
                    continue


def opened_by(key: bytes, boxes: list[bytes]) -> Iterator[bytes]:
    """What this key opens."""
    for box in boxes:
        try:
            yield SealedBox(PrivateKey(key)).decrypt(box)
        except CryptoError:
            continue


def stolen(database: Database, folder: Path, public_key: bytes) -> set[bytes]:
    """The private keys of the urn that somebody finds who has all that is stored, and tries everything."""
    values = set(stored_values(database)) | {file.read_bytes() for file in folder.iterdir()}
    candidates = {value[at : at + 32] for value in values for at in range(len(value) - 31) if len(value) <= 1000}
    boxes = [value for value in values if len(value) > 48]
    files = [file.read_bytes() for file in folder.iterdir()]
    found = {words for key in files for words in opened_by(key, boxes)} | values
    shares = [words.decode() for words in found if len(words.split()) == 33 and words.isascii()]
    for pair in combinations(shares, 2):
        try:
            candidates.add(combined_key(pair))
        except UnfitShares:
            continue
    return {key for key in candidates if bytes(PrivateKey(key).public_key) == public_key}


def test_all_that_is_stored_does_not_open_the_urn_before_two_shares_were_typed(shared: Shared) -> None:
    station = shared.station
    station.catch_up(REVIEWING)
    shared.show()
    station.catch_up(VOTING)
    vote(station)
    shared.type(1)
    with station.database.reading() as session:
        urn = urn_of(session, shared.made.round.id)
        sealed = session.scalars(select(Envelope.sealed)).all()
        assert len(typed_shares(session, shared.made.round.id)) == 1
    assert urn is not None
    folder = station.config.key_folder
    assert stolen(station.database, folder, urn.public_key) == set()
    assert [opened for file in folder.iterdir() for opened in opened_by(file.read_bytes(), list(sealed))] == []
    shared.type(2)  # the thief knows how to do it: with a second share the same attack finds the key
    [key] = stolen(station.database, folder, urn.public_key)
    assert len(list(opened_by(key, list(sealed)))) == station.voters


def test_no_word_of_a_share_lies_in_the_files_of_the_database(shared: Shared) -> None:
    kept_without_a_word(shared)


def test_a_typed_share_that_is_stored_as_it_is_is_found_out(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    class OpenBox(SealedBox[PublicKey]):
        def encrypt(self, share: bytes, encoder: object = None) -> bytes:
            return share

    monkeypatch.setattr(unlocking, "SealedBox", OpenBox)
    with found("a share can be read"):
        kept_without_a_word(shared)


def kept_without_a_word(shared: Shared) -> None:
    """Show the shares, type one, and search all that is stored for their words."""
    station = shared.station
    station.catch_up(REVIEWING)
    shared.show()
    shared.type(1)
    secrets = [paper.encode() for paper in shared.made.papers]
    secrets += [" ".join(paper.split()[4:8]).encode() for paper in shared.made.papers]
    secrets += [combined_key(shared.made.papers[:2]), *shared.made.browsers]
    dump = b"\n".join(stored_values(station.database)) + database_bytes(station.database)
    assert shared.made.round.title.encode() in dump
    assert [secret for secret in secrets if secret in dump] == [], "a share can be read"
