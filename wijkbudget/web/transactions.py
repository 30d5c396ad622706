"""One request is one transaction: it is committed before the answer leaves, and undone by an answer that says no."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from sqlalchemy.orm import Session

from config import Config

from ..ballots.mailings import Mailings
from ..clock import Clock
from ..database import Database, read_clock
from ..rounds.rules import Phase, Schedule

REFUSED = 400
FAILED = 500
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Parts:
    """What the application was put together from, and what this process alone remembers."""

    config: Config
    database: Database
    clock: Clock
    mailings: Mailings = field(default_factory=Mailings)


def parts() -> Parts:
    """The parts of the current application."""
    return cast(Parts, current_app.extensions["wijkbudget"])


def session() -> Session:
    """The session of this request; GET and HEAD only read."""
    if "session" not in g:
        g.session = parts().database.session(writing=request.method not in READING)
    return cast(Session, g.session)


def reading() -> Session:
    """A session for looking up; on POST it is another than `session()` and takes no lock, so slow work may follow."""
    if request.method in READING:
        return session()
    if "reading" not in g:
        g.reading = parts().database.session(writing=False)
    return cast(Session, g.reading)


def now() -> datetime:
    """The moment of this request by this host's clock, read once: for what is shown."""
    if "now" not in g:
        g.now = parts().clock.now()
    return cast(datetime, g.now)


def moment_of_deed() -> datetime:
    """The moment of what this request does, by the database's clock: hosts whose own differ judge and record alike.

    The transaction begins with it, so slow work comes before.
    """
    if "moment_of_deed" not in g:
        g.moment_of_deed = read_clock(session()) + parts().clock.ahead
    return cast(datetime, g.moment_of_deed)


def phase_of(schedule: Schedule) -> Phase:
    """The phase at the moment of this request."""
    return schedule.phase_at(now())


def keep_despite_refusal() -> None:
    """Let this request's deeds stand although its answer will say no; for a letter of which the answer may not tell."""
    g.is_kept = True


def was_committing() -> bool:
    """Whether the commit of this request had begun: only then may its deeds be stored although it failed."""
    return "is_committing" in g


def install(app: Flask) -> None:
    """End the transaction of each request; templates may ask for its moment."""
    app.jinja_env.globals.update(now=now, phase_of=phase_of)
    app.after_request(_commit)
    app.teardown_request(_close)


def _commit(response: Response) -> Response:
    if response.status_code >= FAILED:
        _restore_cookie()
    if "session" in g:
        if _is_kept(response):
            g.is_committing = True
            session().commit()
        else:
            session().rollback()
    return response


def _is_kept(response: Response) -> bool:
    is_yes = response.status_code < (FAILED if "is_kept" in g else REFUSED)
    return is_yes and request.method not in READING


def _restore_cookie() -> None:
    if not cookie.modified:
        return
    # A failed commit comes here with the page that says so, and the cookie may hold the receipt of a vote that is lost.
    arrived = current_app.session_interface.open_session(current_app, request)
    cookie.clear()
    cookie.update(arrived or {})


def _close(_error: BaseException | None) -> None:
    for name in ("session", "reading"):
        if name in g:
            g.get(name).close()
