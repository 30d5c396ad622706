"""The scheduler: APScheduler calls these jobs; it never changes a round's state, it acts on phases that have begun."""

from collections.abc import Callable
from datetime import UTC

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from config import Config

from ..ballots.keys import KeyFolder
from ..clock import Clock
from ..database import Database
from ..mail.postman import deliver_post
from .phases import catch_up
from .reminders import REMINDERS
from .retention import keep_no_longer
from .watching import keep_watch

SECONDS_BETWEEN = 5


def jobs(config: Config, database: Database, clock: Clock) -> dict[str, Callable[[], None]]:
    """What the scheduler calls, by name."""
    keys = KeyFolder(config.key_folder)
    return {
        "phases": lambda: catch_up(database, keys=keys, clock=clock),
        "reminders": lambda: catch_up(database, keys=keys, clock=clock, timetable=REMINDERS),
        "retention": lambda: keep_no_longer(database, keys=keys, clock=clock),
        "watch": lambda: keep_watch(database, keys=keys, pepper=config.code_pepper, clock=clock),
        "post": lambda: deliver_post(database, config, clock),
    }


def run_scheduler(config: Config, database: Database) -> None:
    """Work until the process ends."""
    scheduler = BlockingScheduler(executors=_executors(), timezone=UTC)
    _add_jobs(scheduler, jobs(config, database, Clock()))
    scheduler.start()


def start_in_background(config: Config, database: Database) -> Callable[[], None]:
    """Work beside a web server in this process; gives what stops it."""
    scheduler = BackgroundScheduler(executors=_executors(), timezone=UTC, daemon=True)
    _add_jobs(scheduler, jobs(config, database, Clock()))
    scheduler.start()
    return scheduler.shutdown


def _executors() -> dict[str, ThreadPoolExecutor]:
    return {"default": ThreadPoolExecutor(3)}


def _add_jobs(scheduler: BaseScheduler, called: dict[str, Callable[[], None]]) -> None:
    at_once = Clock().now()
    for name, job in called.items():
        scheduler.add_job(
            job, "interval", seconds=SECONDS_BETWEEN, next_run_time=at_once, id=name, max_instances=1, coalesce=True
        )
