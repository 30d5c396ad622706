"""A full disk: nothing is acknowledged, the voter reads so, and the site takes votes again once there is room."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import DATABASES
from tests.controls import found
from tests.faults.browsers import Page
from tests.faults.disks import MEGABYTE, Disk, small_disk
from tests.faults.polls import Poll, opened_poll
from tests.faults.site import Site, serving
from tests.plugins.postgresql import Cluster
from tools.programs import postgresql_folder
from wijkbudget.ballots.codes import written_code
from wijkbudget.ballots.urn import fingerprint_of
from wijkbudget.database import Database
from wijkbudget.schema import create_tables

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]

SQLITE_DISK, POSTGRESQL_DISK = 8, 96
OVERHEAD = 200
"""More bytes than PostgreSQL adds to what is written into its log, and fewer than a vote takes there."""
# A server that fell stays down, as when its recovery finds no room either; nothing but votes writes into its log.
SETTINGS = {
    "min_wal_size": "2MB",
    "restart_after_crash": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@pytest.fixture
def sqlite_disk() -> Iterator[Disk]:
    with small_disk(SQLITE_DISK) as disk:
        yield disk


@pytest.fixture
def postgresql_disk() -> Iterator[Disk]:
    with small_disk(POSTGRESQL_DISK) as disk:
        yield disk


@pytest.fixture
def cluster(postgresql_disk: Disk) -> Iterator[Cluster]:
    programs = postgresql_folder()
    if "postgresql" not in DATABASES or programs is None:
        pytest.skip("PostgreSQL is left out, or its programs are missing")
    cluster = Cluster(programs, parent=postgresql_disk.folder, segment=1, settings=SETTINGS)
    try:
        cluster.start()
        yield cluster
    finally:
        postgresql_disk.empty()
        cluster.stop()


def site_on(url: str, tmp_path: Path, application: str = "wsgi:app") -> Iterator[tuple[Poll, Site]]:
    """A site on a new database there, with a round in which is voted."""
    database = Database(url)
    create_tables(database)
    try:
        poll = opened_poll(database, tmp_path / "keys", voters=3)
        database.engine.dispose()  # no connection of ours keeps SQLite's log, nor is known to be broken later
        with serving(url, tmp_path / "site", application=application) as site:
            yield poll, site
    finally:
        database.engine.dispose()


@pytest.fixture
def application() -> str:
    """What the site serves; a control asks for another one."""
    return "wsgi:app"


@pytest.fixture
def on_sqlite(sqlite_disk: Disk, tmp_path: Path, application: str) -> Iterator[tuple[Poll, Site]]:
    yield from site_on(f"sqlite:///{sqlite_disk.folder / 'site.db'}", tmp_path, application)


@pytest.fixture
def on_postgresql(cluster: Cluster, tmp_path: Path, application: str) -> Iterator[tuple[Poll, Site]]:
    url = cluster.address.replace("postgresql:", "postgresql+psycopg:", 1) + "/postgres"
    yield from site_on(url, tmp_path, application)


def assert_not_stored(page: Page) -> None:
    """The page says in so many words that the vote is lost, and holds no receipt."""
    assert (page.status, page.receipt) == (500, "")
    assert "NIET opgeslagen" in page.text


def assert_stored_once(poll: Poll, page: Page) -> None:
    """The page holds the receipt of the only envelope."""
    [sealed] = poll.envelopes().values()
    assert page.receipt == written_code(fingerprint_of(sealed))


def test_a_vote_on_a_full_disk_is_not_stored_and_is_taken_once_there_is_room(
    sqlite_disk: Disk, on_sqlite: tuple[Poll, Site]
) -> None:
    refused_while_full(sqlite_disk, *on_sqlite)


def test_a_vote_on_a_full_disk_of_postgresql_is_not_stored_and_is_taken_once_there_is_room(
    postgresql_disk: Disk, on_postgresql: tuple[Poll, Site]
) -> None:
    refused_while_full(postgresql_disk, *on_postgresql)


def refused_while_full(disk: Disk, poll: Poll, site: Site) -> None:
    """Vote twice while the disk is full, and the same once more when it is not."""
    browser = site.browser()
    form = browser.checked(poll.codes[0], poll.plans[:2])
    disk.fill()
    for _ in range(2):
        assert_not_stored(browser.send(form))
    assert browser.get("/").status == 200
    assert not browser.get("/stemmen/ontvangst").receipt
    disk.empty()
    assert poll.envelopes() == {}
    assert_stored_once(poll, browser.send(form))


# When there is no room for PostgreSQL's log, the server falls


def fill_log(cluster: Cluster) -> None:
    """Write into the log of PostgreSQL until no vote fits into its last file."""
    with psycopg.connect(f"{cluster.address}/postgres", autocommit=True) as connection:
        while (room := room_in_log(connection, cluster)) > OVERHEAD:
            text = "x" * min(room - OVERHEAD, 4000)
            connection.execute("SELECT pg_logical_emit_message(false, '', %s)", [text])


def room_in_log(connection: psycopg.Connection[tuple[object, ...]], cluster: Cluster) -> int:
    """How many bytes fit into the files that PostgreSQL's log has."""
    row = connection.execute("SELECT pg_walfile_name(lsn), lsn - '0/0' FROM pg_current_wal_insert_lsn() lsn").fetchone()
    assert row is not None
    later = [each for each in (cluster.data / "pg_wal").glob("0*") if each.name > str(row[0])]
    return (len(later) + 1) * MEGABYTE - int(str(row[1])) % MEGABYTE


def test_a_vote_that_fells_postgresql_gets_no_receipt_and_is_taken_once_it_is_back(
    postgresql_disk: Disk, cluster: Cluster, on_postgresql: tuple[Poll, Site]
) -> None:
    felled_by_a_vote(postgresql_disk, cluster, *on_postgresql)


def felled_by_a_vote(postgresql_disk: Disk, cluster: Cluster, poll: Poll, site: Site) -> None:
    """Let PostgreSQL fall by one vote, send another, and both once more when it is back."""
    browser, other = site.browser(), site.browser()
    site.browser().vote(poll.codes[2], [])  # the next envelope needs no more room than this one already took
    before = poll.envelopes()
    form, others = browser.checked(poll.codes[0], poll.plans[:2]), other.checked(poll.codes[1], [])
    postgresql_disk.fill()
    fill_log(cluster)
    page = other.send(others)
    assert (page.status, page.receipt) == (500, "")
    assert "Wij weten niet of het gelukt is" in page.text
    assert "PANIC" in cluster.log.read_text()
    for _ in range(2):
        assert_not_stored(browser.send(form))
    postgresql_disk.empty()
    cluster.run()
    assert poll.envelopes() == before
    receipts = {browser.send(form).receipt, other.send(others).receipt}
    stored = {written_code(fingerprint_of(sealed)) for sealed in poll.envelopes().values()}
    assert len(stored) == 3
    assert receipts < stored


# Sites that do not say what is so

HASTY, DENYING = "tests.faults.broken:hasty()", "tests.faults.broken:denying()"


@pytest.mark.parametrize("application", [HASTY])
def test_a_site_that_says_stored_on_a_full_disk_is_found_out(sqlite_disk: Disk, on_sqlite: tuple[Poll, Site]) -> None:
    with found("500"):
        refused_while_full(sqlite_disk, *on_sqlite)


@pytest.mark.parametrize("application", [HASTY, DENYING])
def test_a_site_that_says_stored_or_not_when_postgresql_falls_is_found_out(
    postgresql_disk: Disk, cluster: Cluster, on_postgresql: tuple[Poll, Site], application: str
) -> None:
    fault = "500" if application == HASTY else "Wij weten niet of het gelukt is"
    with found(fault):
        felled_by_a_vote(postgresql_disk, cluster, *on_postgresql)
