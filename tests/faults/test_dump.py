"""Who takes everything but the key cannot tell who voted what: database, log of changes, backup, and all logs.

The attacker knows every code, the pepper, every right to vote, and when each voter voted, and comes after the count.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.builders import PEPPER
from tests.conftest import DATABASES
from tests.controls import found as found_out
from tests.effort import TURNS
from tests.faults.conftest import Station
from tests.faults.dumps import TALKATIVE, PostgresqlTarget, SqliteTarget, Target
from tests.faults.loot import (
    CLASSIC,
    Cast,
    Loot,
    checked,
    classic_knowledge,
    code_mac_of,
    sealed_knowledge,
    squeezed,
    voted,
)
from tests.faults.polls import opened_poll, opened_polls
from tests.faults.site import serving
from tests.faults.test_scheduling import vote
from tests.faults.traces import Knowledge, halved, matched, most_by_chance, most_in_half_by_chance
from tests.plugins.postgresql import Cluster
from tools.programs import postgresql_folder
from wijkbudget.ballots import urn
from wijkbudget.ballots.codes import parsed_code
from wijkbudget.ballots.tables import Envelope, OpenedBallot
from wijkbudget.ballots.urn import fingerprint_of, retry_mark_of, symbols, tracker_of
from wijkbudget.database import Database
from wijkbudget.results.actions import SETTLING
from wijkbudget.schema import create_tables

pytestmark = [pytest.mark.faults, pytest.mark.proof]

ROUNDS, VOTERS = 3, 24
EARLIER: dict[type[Target], list[Knowledge]] = {SqliteTarget: [], PostgresqlTarget: []}
"""What earlier raids told: with each of them a smaller advantage over chance would be noticed."""


@pytest.fixture(scope="module", params=product(DATABASES, TURNS), ids=lambda each: f"{each[0]}-turn {each[1]}")
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A database of our own, that never held anything else; with more effort one after another."""
    if request.param[0] == "sqlite":
        yield SqliteTarget(tmp_path_factory.mktemp("target"))
        return
    programs = postgresql_folder()
    assert programs is not None, "install postgresql"
    cluster = Cluster(programs, segment=1, settings=TALKATIVE)
    try:
        cluster.start()
        yield PostgresqlTarget(cluster)
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def loot(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loot]:
    """Three rounds are voted in, counted, and stolen."""
    folder = tmp_path_factory.mktemp("site")
    database = target.open()
    try:
        create_tables(database)
        with database.transaction() as session:
            for statement in CLASSIC:
                session.execute(text(statement))
        polls = opened_polls(database, tmp_path_factory.mktemp("keys"), voters=VOTERS, rounds=ROUNDS)
        with serving(target.url, folder, workers=2) as site:
            votes = {poll.round_id: voted(poll, site) for poll in polls}
            site.browser().get("/gezondheid")
            before = squeezed(target, site.logs)
            for poll in polls:
                poll.close(SETTLING + timedelta(seconds=1))
            polls[0].work_as_scheduler()
            yield Loot(target, before, squeezed(target, site.logs), votes)
    finally:
        database.engine.dispose()


# The attack


def test_no_order_in_the_dump_leads_from_a_voter_to_a_ballot_more_often_than_chance(loot: Loot) -> None:
    rounds = EARLIER[type(loot.target)]
    rounds += [sealed_knowledge(loot, round_id) for round_id in loot.votes]
    hits, halves = matched(rounds), halved(rounds)
    assert len(hits) > 300
    most = most_by_chance(len(rounds), VOTERS, len(hits))
    assert {pair: count for pair, count in hits.items() if count > most} == {}
    most, half = most_in_half_by_chance(len(rounds), VOTERS, len(halves)), len(rounds) * VOTERS // 2
    assert {pair: count for pair, count in halves.items() if not half - most <= count <= most} == {}


def test_more_raids_notice_a_smaller_advantage() -> None:
    noticed = [most_by_chance(rounds, VOTERS, 400) / (rounds * VOTERS) for rounds in (1, ROUNDS, 10 * ROUNDS)]
    assert [round(share, 1) for share in noticed] == [0.5, 0.2, 0.1]


def test_the_same_attack_identifies_every_voter_of_the_classic_design(loot: Loot) -> None:
    rounds = [classic_knowledge(loot, round_id) for round_id in loot.votes]
    everybody = ROUNDS * VOTERS
    hits, halves = matched(rounds), halved(rounds)
    for name in (*loot.target.orders, "first in wal"):
        assert hits["moment", name] == everybody
        assert halves["moment", name] == everybody // 2
    if "xmin" in loot.target.orders:  # without knowing when anybody voted
        assert hits["xmin", "xmin"] == everybody
    assert everybody > most_by_chance(ROUNDS, VOTERS, len(hits))
    assert everybody // 2 > most_in_half_by_chance(ROUNDS, VOTERS, len(halves))


def test_nothing_that_the_attacker_knows_can_be_made_into_a_tracker(loot: Loot) -> None:
    with loot.target.database.reading() as session:
        trackers = set(session.scalars(select(OpenedBallot.tracker)))
        envelopes = {envelope.entitlement_id: envelope for envelope in session.scalars(select(Envelope))}
    assert trackers == {cast.tracker for cast in loot.all_votes}  # from the nonce, which was never stored
    for round_id, votes in loot.votes.items():
        for cast in votes:
            envelope, code = envelopes[cast.entitlement], parsed_code(cast.code).encode()
            known = [code, code_mac_of(cast, round_id), envelope.sealed, envelope.retry_mark]
            known += [fingerprint_of(envelope.sealed).encode(), str(cast.entitlement).encode(), PEPPER.encode()]
            made = {make(part) for each in known for part in (each, each[:16], each[16:32]) for make in MAKINGS}
            assert not made & trackers


MAKINGS = (tracker_of, lambda known: symbols(retry_mark_of(known)), lambda known: symbols(known.ljust(10, b"\0")))


def test_all_envelopes_have_one_length(loot: Loot) -> None:
    for round_id in loot.votes:
        one_length(loot.target.database, round_id, VOTERS)


def one_length(database: Database, round_id: int, voters: int) -> None:
    """Fails unless so many envelopes have all one length."""
    with database.reading() as session:
        sealed = session.scalars(select(Envelope.sealed).where(Envelope.round_id == round_id)).all()
    assert len(sealed) == voters
    assert len({len(each) for each in sealed}) == 1, "envelopes of more than one length"


def test_envelopes_that_are_not_padded_are_found_out(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urn, "plain_length", lambda _: 0)
    vote(station)
    with found_out("more than one length"):
        one_length(station.database, station.round.id, 6)


def test_all_voters_get_answers_of_the_same_lengths(loot: Loot) -> None:
    for votes, is_change in product(loot.votes.values(), (False, True)):
        answers_of_one_length([cast for cast in votes if cast.is_change is is_change])


def answers_of_one_length(votes: list[Cast]) -> None:
    """Fails unless the answers to each of these voters were as long as those to any other."""
    assert len(votes) > 1
    assert all(len(cast.lengths) == 4 for cast in votes)  # the door, on to the booth, the menu, and the choice again
    assert len({cast.lengths for cast in votes}) == 1, "answers of more than one length"


def test_answers_whose_length_follows_the_choice_are_found_out(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    poll = opened_poll(database, tmp_path / "keys")
    choices = [[], poll.plans[:1]]
    with serving(database_url, tmp_path / "site", application="tests.faults.broken:ragged()") as site:
        votes = [
            checked(site.browser(), right, code, plans)[0]
            for (code, right), plans in zip(poll.letters, choices, strict=True)
        ]
    with found_out("more than one length"):
        answers_of_one_length(votes)


# What stands in the files


def found(files: dict[str, bytes], needles: list[bytes]) -> set[str]:
    """The files in which one of these stands, in either case."""
    lowered = {name: content.lower() for name, content in files.items()}
    return found_exactly(lowered, [needle.lower() for needle in needles])


def found_exactly(files: dict[str, bytes], needles: list[bytes]) -> set[str]:
    """The files in which one of these stands."""
    return {name for name, content in files.items() if any(needle in content for needle in needles)}


def test_no_file_holds_a_code_a_nonce_the_pepper_or_a_readable_ballot(loot: Loot) -> None:
    codes = [spelt.encode() for cast in loot.all_votes for spelt in (cast.code, parsed_code(cast.code))]
    nonces = [cast.nonce.hex().encode() for cast in loot.all_votes]
    for files in (loot.before, loot.after):
        assert found(files, [*codes, *nonces, PEPPER.encode(), b'"points":[[', b'"tracker":']) == set()
        assert not [name for name, content in files.items() for cast in loot.all_votes if cast.nonce in content]


def test_no_file_holds_a_tracker_before_the_urn_is_opened(loot: Loot) -> None:
    trackers = [cast.tracker.encode() for cast in loot.all_votes]
    assert found(loot.before, trackers) == set()
    assert {"file", "wal", "backup"} & found(loot.after, trackers)  # afterwards they are public


def test_the_logs_of_the_site_name_no_request_in_a_booth(loot: Loot) -> None:
    assert found({"web": loot.after["web"]}, [b"/stemmen"]) == set()


def test_the_files_that_are_searched_hold_what_was_written(loot: Loot) -> None:
    assert {"wal", "backup"} <= found(loot.before, [b'"classic":['])
    with loot.target.database.reading() as session:
        sealed = [each[:12] for each in session.scalars(select(Envelope.sealed))]
    assert "file" in found_exactly(loot.after, sealed)
    assert b"GET /gezondheid" in loot.after["web"]
    if "log" in loot.after:  # this operator logs all that is sent to the database
        assert "log" in found_exactly(loot.before, [each.hex().encode() for each in sealed])
