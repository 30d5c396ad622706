"""The scheduler has all jobs, calls each by itself, and its jobs do the work."""

import threading

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import func, select

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, VOTING
from wijkbudget.database import Database
from wijkbudget.jobs import scheduler
from wijkbudget.jobs.scheduler import SECONDS_BETWEEN, jobs, run_scheduler, start_in_background
from wijkbudget.mail.tables import Letter
from wijkbudget.results.tables import Result


def test_the_jobs_count_a_round_and_deliver_its_letters(
    config: Config, database: Database, build: Builder, clock: MovableClock
) -> None:
    build.menu_plan(build.round())
    build.commit()
    called = jobs(config, database, clock)
    for moment in (VOTING, COUNTING):
        clock.move_to(moment)
        called["phases"]()
    called["post"]()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Result)) == 1
        assert session.scalar(select(func.count()).select_from(Letter).where(Letter.sent_at.is_not(None))) == 2
    assert config.mail_folder is not None
    assert len(list(config.mail_folder.iterdir())) == 2


def test_all_jobs_are_called_again_and_again_and_never_twice_at_once(config: Config, database: Database) -> None:
    stopped = BackgroundScheduler()
    scheduler._add_jobs(stopped, jobs(config, database, MovableClock()))
    stopped.start(paused=True)
    added = {job.id: job for job in stopped.get_jobs()}
    stopped.shutdown()
    assert set(added) == {"phases", "reminders", "retention", "watch", "post"}
    for job in added.values():
        assert job.max_instances == 1
        assert job.coalesce
        assert job.trigger.interval.total_seconds() == SECONDS_BETWEEN


def test_in_the_background_the_jobs_run_until_they_are_stopped(
    config: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = {name: threading.Event() for name in ("phases", "reminders", "retention", "watch", "post")}
    monkeypatch.setattr(scheduler, "SECONDS_BETWEEN", 3600)  # they do not wait for their first turn
    monkeypatch.setattr(scheduler, "jobs", lambda *_: {name: event.set for name, event in ran.items()})
    stop = start_in_background(config, database)
    assert all(event.wait(10) for event in ran.values())
    stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "APScheduler"]


def test_in_a_process_of_its_own_it_works_until_that_ends(
    config: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[set[str]] = []
    monkeypatch.setattr(BlockingScheduler, "start", lambda self: started.append({job.id for job in self.get_jobs()}))
    run_scheduler(config, database)
    assert started == [{"phases", "reminders", "retention", "watch", "post"}]
