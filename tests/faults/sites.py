"""Gunicorn as in production on a round in which is voted now, by the real clock."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from tests.builders import PEPPER, Builder
from tests.faults.browsers import Browser
from tests.production import ROOT, settings
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import Envelope
from wijkbudget.clock import Clock
from wijkbudget.database import Database
from wijkbudget.jobs.phases import catch_up
from wijkbudget.results.actions import SETTLING
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Schedule
from wijkbudget.rounds.tables import Round

DAY = timedelta(days=1)
PATIENCE = 30
SECRETS = {"CODE_PEPPER": PEPPER}
PLANS = ("Speeltuin", "Bankje", "Boom", "Fietsenrek", "Moestuin")


def schedule_around(now: datetime) -> Schedule:
    """Voting began yesterday and closes tomorrow."""
    return Schedule(now - 60 * DAY, now - 30 * DAY, now - DAY, now + DAY, now + 10 * DAY)


@dataclass(frozen=True)
class Poll:
    """A round in which is voted now: five plans of which any may be chosen, and its codes with their rights to vote."""

    database: Database
    keys: Path
    round_id: int
    plans: list[int]
    codes: list[str]
    entitlements: list[int]

    def envelopes(self) -> dict[int, bytes]:
        """What lies in the urn, by right to vote."""
        with self.database.reading() as session:
            wanted = select(Envelope.entitlement_id, Envelope.sealed).where(Envelope.round_id == self.round_id)
            return dict(session.execute(wanted).tuples().all())

    def close(self, ago: timedelta = SETTLING) -> None:
        """Let voting have closed so long ago; as no official can, since the past is fixed."""
        closed = Clock().now() - ago
        with self.database.transaction() as session:
            session.execute(update(Round).where(Round.id == self.round_id).values(counting_from=closed))

    def work_as_scheduler(self, ahead: timedelta = timedelta(0)) -> None:
        """Do what is due, when it is so much later than now."""
        catch_up(self.database, keys=KeyFolder(self.keys), clock=Clock(ahead))


def opened_poll(database: Database, keys: Path, *, voters: int = 2) -> Poll:
    """A round whose urn is ready, so that a site on `database` takes votes."""
    return opened_polls(database, keys, voters=voters, rounds=1)[0]


def opened_polls(database: Database, keys: Path, *, voters: int, rounds: int) -> list[Poll]:
    """So many of these rounds at once."""
    with database.session(writing=True) as session:
        build = Builder(session)
        polls = [_poll(build, database, keys, voters, f"Ronde {number}") for number in range(rounds)]
        build.commit()
    polls[0].work_as_scheduler()
    return polls


def _poll(build: Builder, database: Database, keys: Path, voters: int, title: str) -> Poll:
    form, schedule = BallotForm(Form.APPROVAL, len(PLANS)), schedule_around(Clock().now())
    round_ = build.round(title=title, schedule=schedule, ballot_form=form, eligible=voters)
    plans = [build.menu_plan(round_, title=plan).id for plan in PLANS]
    codes = build.codes(round_, voters)
    return Poll(database, keys, round_.id, plans, codes, [build.entitlement(code) for code in codes])


@dataclass(frozen=True)
class Site:
    """A running web server, and the folder that holds its logs."""

    port: int
    logs: Path

    def browser(self) -> Browser:
        """A browser that was never here."""
        return Browser(self.port)


@contextmanager
def serving(
    url: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    workers: int = 1,
    application: str = "wsgi:app",
) -> Iterator[Site]:
    """Gunicorn on the database at `url`, with all logs on; it has answered once, and ends with the block."""
    folder.mkdir(exist_ok=True)
    # Our socket, handed down: whoever connects waits in its backlog until a worker is ready.
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        site = Site(listener.getsockname()[1], folder)
        asked = settings(url, folder) | SECRETS | dict(environment or {})
        process = _gunicorn(listener.fileno(), asked, folder, workers, application)
    try:
        _require_answer(site)
        yield site
    finally:
        _end(process)


def _require_answer(site: Site) -> None:
    try:
        assert site.browser().get("/stemmen").status == 200
    except (AssertionError, OSError) as error:
        logs = "".join(log.read_text() for log in sorted(site.logs.glob("*.log")))
        raise RuntimeError(f"gunicorn does not answer: {logs}") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def _gunicorn(
    listener: int, environment: dict[str, str], logs: Path, workers: int, application: str
) -> "subprocess.Popen[bytes]":
    options = {
        "--workers": str(workers), "--worker-class": "gthread", "--threads": "4", "--bind": f"fd://{listener}",
        "--log-level": "debug", "--access-logfile": str(logs / "access.log"),
        "--error-logfile": str(logs / "error.log"),
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", *(word for pair in options.items() for word in pair), application]
    with (logs / "output.log").open("wb") as output:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output, pass_fds=(listener,))
