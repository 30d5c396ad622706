"""Clocks that are hours off, jump, or change for the winter: the database's own clock decides, in UTC.

With PostgreSQL the database keeps its time while the clock of a web host or a scheduler is off. With SQLite the
database's clock is that of the process which votes: there is one host with one clock, and all that can be promised is
that the site follows it, and that nothing is taken any more once the urn was opened.
"""

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from secrets import token_bytes

import pytest
from sqlalchemy import select

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.faults.conftest import Station
from tests.faults.polls import Poll, opened_poll
from tests.faults.processes import cast
from tests.faults.site import PATIENCE, serving
from tests.moments import COUNTING, SCHEDULE, SECOND, VOTING
from tests.production import ROOT
from tools.programs import faketime_library
from wijkbudget.ballots import actions
from wijkbudget.ballots.actions import cast_ballot
from wijkbudget.ballots.queries import envelopes, is_opened
from wijkbudget.ballots.tables import Opening, Urn
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.clock import THE_HAGUE, Clock
from wijkbudget.database import Database
from wijkbudget.rounds.localtime import DoesNotExist, moment_of
from wijkbudget.rounds.rules import Phase, Schedule, WrongPhase

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]

HOURS = timedelta(hours=1)
TICK = timedelta(milliseconds=2)  # SQLite's clock tells milliseconds
SCHEDULER = """
import sys
from pathlib import Path
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.jobs.phases import catch_up
catch_up(Database(sys.argv[1]), keys=KeyFolder(Path(sys.argv[2])), clock=Clock())
"""


def skewed(by: timedelta) -> dict[str, str]:
    """The environment of a process whose clock is off by so much."""
    library = faketime_library()
    assert library is not None, "install libfaketime"
    return {
        "LD_PRELOAD": str(library), "FAKETIME": f"{by.total_seconds():+.0f}", "NO_FAKE_STAT": "1",
    }  # fmt: skip


def is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


@pytest.fixture
def poll(database: Database, tmp_path: Path) -> Poll:
    return opened_poll(database, tmp_path / "keys")


# Hosts whose clock is off


@pytest.mark.parametrize("off", [36 * HOURS, -36 * HOURS], ids=["ahead", "behind"])
def test_a_host_whose_clock_is_off_takes_votes_while_voting_is_on_by_the_database(
    poll: Poll, database_url: str, tmp_path: Path, off: timedelta, turn: int
) -> None:
    """By this host's own clock voting is over, or has not begun."""
    with serving(database_url, tmp_path / "site", skewed(off * (1 + turn))) as site:
        if is_sqlite(poll.database):
            refused = site.browser().enter(poll.codes[0])
            assert refused.status == 409
            assert ("Dit kan niet meer" if off > timedelta(0) else "Dit kan nog niet") in refused.text
        else:
            assert site.browser().vote(poll.codes[0], poll.plans[:2])
    assert len(poll.envelopes()) == (not is_sqlite(poll.database))


def test_a_host_whose_clock_is_behind_takes_no_vote_after_closing(
    poll: Poll, database_url: str, tmp_path: Path
) -> None:
    late_from_a_host_behind(poll, database_url, tmp_path)


def late_from_a_host_behind(poll: Poll, database_url: str, tmp_path: Path, application: str = "wsgi:app") -> None:
    """Send a ballot just after closing to a host by whose clock voting is on."""
    with serving(database_url, tmp_path / "site", skewed(-3 * HOURS), application=application) as site:
        browser = site.browser()
        form = browser.checked(poll.codes[0], poll.plans[:2])
        poll.close(SECOND)
        page, other = browser.send(form), site.browser().enter(poll.codes[1])
    if is_sqlite(poll.database):
        assert page.receipt
        assert other.status == 200
    else:
        assert (page.status, page.receipt, other.status, poll.envelopes()) == (409, "", 409, {})
        assert "Dit kan niet meer" in page.text


@pytest.mark.parametrize("off", [2 * SECOND, 36 * HOURS], ids=["seconds", "hours"])
def test_a_voter_may_be_answered_by_hosts_whose_clocks_differ(
    poll: Poll, database_url: str, tmp_path: Path, off: timedelta, turn: int
) -> None:
    if is_sqlite(poll.database):
        pytest.skip("with SQLite there is one host")
    with (
        serving(database_url, tmp_path / "ahead", skewed(off * (1 + turn))) as ahead,
        serving(database_url, tmp_path / "behind", skewed(-off * (1 + turn))) as behind,
    ):
        browser = ahead.browser()
        chosen = [*browser.enter(poll.codes[0]).fields, ("plan", str(poll.plans[0]))]
        browser.port = behind.port
        form = browser.post("/stemmen/controleren", chosen).fields
        browser.port = ahead.port
        assert browser.send(form).receipt
    assert len(poll.envelopes()) == 1


def test_a_counted_round_takes_no_vote_from_a_host_whose_clock_was_set_back(
    poll: Poll, database_url: str, tmp_path: Path, turn: int
) -> None:
    late_from_a_host_set_back(poll, database_url, tmp_path, turn=turn)


def late_from_a_host_set_back(
    poll: Poll, database_url: str, tmp_path: Path, application: str = "wsgi:app", *, turn: int = 0
) -> None:
    """Send ballots to a host by whose clock voting is on although the urn was opened."""
    with serving(database_url, tmp_path / "site", application=application) as site:
        voted, late = site.browser(), site.browser()
        voted.vote(poll.codes[0], poll.plans[:2])
        again = voted.checked(poll.codes[0], [])
        form = late.checked(poll.codes[1], poll.plans[:2])
        before = poll.envelopes()
        poll.work_as_scheduler(ahead=48 * HOURS * (1 + turn))  # by its clock of that moment voting was over
        pages = [voted.send(again), late.send(form), site.browser().enter(poll.codes[1])]
        assert [(page.status, page.receipt) for page in pages] == [(409, "")] * 3
        assert all("Dit kan niet meer" in page.text for page in pages)
    assert poll.envelopes() == before


@pytest.mark.parametrize("off", [48 * HOURS, -48 * HOURS], ids=["ahead", "behind"])
def test_a_scheduler_whose_clock_is_off_neither_counts_early_nor_holds_up_the_count(
    poll: Poll, database_url: str, off: timedelta, turn: int
) -> None:
    if is_sqlite(poll.database):
        pytest.skip("with SQLite the scheduler's clock is the database's")

    def work() -> bool:
        command = [sys.executable, "-c", SCHEDULER, database_url, str(poll.keys)]
        subprocess.run(command, cwd=ROOT, env=skewed(off * (1 + turn)), timeout=PATIENCE, check=True)
        with poll.database.reading() as session:
            return is_opened(session, poll.round_id)

    assert not work()
    poll.close()
    assert work()


# Clocks that jump


def jumps(turn: int) -> list[datetime]:
    """The moments to which a clock jumps; more of them in each turn."""
    moments = [COUNTING, VOTING, COUNTING, SCHEDULE.voting - SECOND, COUNTING]
    return [*moments, *Random(turn).choices(moments, k=2 * turn)]


def test_a_clock_that_jumps_ahead_and_back_counts_once_and_does_not_bring_voting_back(
    station: Station, turn: int
) -> None:
    clock = Clock(VOTING - Clock().now())
    cast(station.database, station.entitlements[0], tuple(station.plans[:1]), clock)
    counted = []
    for moment in jumps(turn):
        station.catch_up(moment)
        with station.database.reading() as session:
            counted.append(session.execute(select(Opening.envelopes, Opening.merkle_root, Opening.opened_at)).all())
        for entitlement in station.entitlements[:2]:
            with pytest.raises(WrongPhase):
                cast(station.database, entitlement, (), clock)
    assert len(counted[0]) == 1
    assert counted == [counted[0]] * len(jumps(turn))
    assert len(station.receipts()) == 1


def test_a_clock_that_jumps_back_before_voting_keeps_the_urn_and_its_key(station: Station) -> None:
    def urn() -> tuple[str, bytes]:
        with station.database.reading() as session:
            return session.execute(select(Urn.rules_hash, Urn.public_key)).tuples().one()

    before = urn()
    for moment in (SCHEDULE.voting - SECOND, VOTING):
        station.catch_up(moment)
        assert urn() == before
    cast(station.database, station.entitlements[0], (), Clock(VOTING - Clock().now()))
    assert len(station.opened()) == 1


# The nights when clocks change


def closing_at(closing: datetime) -> Schedule:
    """Voting for three days until `closing`."""
    days = timedelta(days=1)
    return Schedule(closing - 60 * days, closing - 30 * days, closing - 3 * days, closing, closing + 10 * days)


def is_taken(build: Builder, keys: Path, clock: MovableClock, closing: datetime, moment: datetime) -> bool:
    """Whether a vote at `moment` in a round that closes then lies in the urn."""
    round_ = build.round(title=f"Sluit {closing}, stem {moment}", schedule=closing_at(closing))
    [code] = build.codes(round_)
    build.opened_urn(round_, keys)
    build.commit()
    build.session.expire_all()  # what was stored is what judges
    clock.move_to(moment)
    nonce = token_bytes(NONCE_BYTES)
    with suppress(WrongPhase):
        cast_ballot(build.session, entitlement_id=build.entitlement(code), points=[], nonce=nonce, clock=clock)
    build.commit()
    return bool(envelopes(build.session, round_.id))


def last_sunday(year: int, month: int) -> datetime:
    """The begin of the day, on the wall, before whose night the clocks change; the month has 31 days."""
    last = datetime(year, month, 31)  # noqa: DTZ001  (what the clock on the wall shows)
    return last - timedelta(days=last.isoweekday() % 7)


@pytest.mark.parametrize("is_second", [False, True], ids=["summer time", "winter time"])
def test_closing_in_the_hour_that_happens_twice_means_the_one_that_was_chosen(
    build: Builder, tmp_path: Path, clock: MovableClock, is_second: bool, turn: int
) -> None:
    closing_in_the_hour_that_happens_twice(build, tmp_path, clock, is_second, turn)


@pytest.mark.parametrize("is_second", [False, True], ids=["summer time", "winter time"])
def test_closing_by_the_clock_on_the_wall_is_found_out(
    build: Builder, tmp_path: Path, clock: MovableClock, is_second: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_the_wall(schedule: Schedule, phase: Phase, moment: datetime) -> None:
        if shown_at(moment) >= shown_at(schedule.counting):
            raise WrongPhase(opens=schedule.voting, closes=schedule.counting, is_early=False)

    monkeypatch.setattr(actions, "require_phase", on_the_wall)
    with found("True, False"):
        closing_in_the_hour_that_happens_twice(build, tmp_path, clock, is_second)


def shown_at(moment: datetime) -> datetime:
    """What the clock on the wall shows."""
    return moment.astimezone(THE_HAGUE).replace(tzinfo=None, fold=0)


def closing_in_the_hour_that_happens_twice(
    build: Builder, tmp_path: Path, clock: MovableClock, is_second: bool, turn: int = 0
) -> None:
    """Vote just before and just after half past two, both times, when voting closes at one of them."""
    midnight, minutes = last_sunday(2026 + turn, 10), timedelta(minutes=(30 + 17 * turn) % 60)
    shown = midnight + 2 * HOURS + minutes
    closing = moment_of(shown, is_second=is_second)
    assert closing == midnight.replace(tzinfo=UTC) + is_second * HOURS + minutes
    first, second = (moment_of(shown, is_second=each) for each in (False, True))
    moments = [first - SECOND, first + TICK, second - SECOND, second + TICK]
    taken = [is_taken(build, tmp_path, clock, closing, moment) for moment in moments]
    assert taken == ([True, True, True, False] if is_second else [True, False, False, False])


def test_closing_in_the_night_that_misses_an_hour(
    build: Builder, tmp_path: Path, clock: MovableClock, turn: int
) -> None:
    midnight = last_sunday(2027 + turn, 3)
    with pytest.raises(DoesNotExist):
        moment_of(midnight + timedelta(hours=2, minutes=30), is_second=None)
    closing = moment_of(midnight + 3 * HOURS, is_second=None)
    last = moment_of(midnight + timedelta(hours=1, minutes=59, seconds=59), is_second=None)
    assert closing - last == SECOND  # the wall clock goes from 01.59.59 to 03.00
    taken = [is_taken(build, tmp_path, clock, closing, moment) for moment in (last, closing + TICK)]
    assert taken == [True, False]


# A site that goes by its host's clock alone

BY_ITS_OWN_CLOCK = "tests.faults.broken:by_its_own_clock()"


def test_a_site_that_goes_by_its_own_clock_takes_a_late_vote_and_is_found_out(
    poll: Poll, database_url: str, tmp_path: Path
) -> None:
    if is_sqlite(poll.database):
        pytest.skip("with SQLite the host's clock is the database's")
    with found("200.*409"):
        late_from_a_host_behind(poll, database_url, tmp_path, BY_ITS_OWN_CLOCK)


def test_a_site_that_does_not_look_whether_the_urn_was_opened_is_found_out(
    poll: Poll, database_url: str, tmp_path: Path
) -> None:
    with found("200.*409"):
        late_from_a_host_set_back(poll, database_url, tmp_path, BY_ITS_OWN_CLOCK)
