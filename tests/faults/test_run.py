"""A site whose processes are killed while voters race and the round closes loses, doubles and adds nothing."""

import os
import signal

import pytest

from tests.conftest import DATABASES
from tests.faults.__main__ import row, table
from tests.faults.mishaps import installed
from tests.faults.run import fault_run
from tests.faults.voters import Voter
from tests.production import children
from wijkbudget.clock import Clock

pytestmark = [pytest.mark.faults, pytest.mark.proof]


@pytest.mark.usefixtures("turn")
@pytest.mark.parametrize("kind", DATABASES)
def test_no_vote_is_lost_doubled_or_late_when_processes_are_killed_and_the_round_closes(kind: str) -> None:
    with installed(kind) as installation:
        run = fault_run(installation, seconds=6)
    assert run.strange == []
    assert run.wrongly_denied == []
    assert run.is_sound, run.tally
    assert [each for each in run.attempts if each.began >= run.closing], "nobody tried after the closing"
    assert sum(run.kills.values()) >= 5
    assert table([row(kind, run)]).splitlines()[-1].split()[:6] == [kind, *map(str, run.tally)]


@pytest.mark.parametrize("kind", DATABASES)
def test_a_site_that_forgets_what_it_acknowledged_and_takes_votes_after_the_closing_is_found_out(kind: str) -> None:
    with installed(kind, application="tests.faults.broken:faithless()", workers=2) as installation:
        run = fault_run(installation, seconds=2, has_mishaps=False)
    assert run.tally.lost > 0
    assert run.tally.late > 0
    assert run.tally.double == 0
    assert not run.is_sound


def test_web_workers_that_begin_while_the_database_is_away_serve_as_soon_as_it_is_back() -> None:
    if "postgresql" not in DATABASES:
        pytest.skip("SQLite is a file")
    with installed("postgresql", workers=2) as installation:
        cluster, site = installation.cluster, installation.site
        assert cluster is not None
        voter, before = Voter(site.port, Clock(), number=1), children(site.web.pid)
        cluster.kill()
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        voter.apology("/rondes")
        cluster.start_again()
        assert voter.insist("GET", "/rondes").status == 200
        assert not set(children(site.web.pid)) & set(before)
        assert site.web.poll() is None
        assert voter.strange == []
