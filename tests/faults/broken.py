"""A site that breaks its promises, to prove that a fault run notices: `gunicorn 'tests.faults.broken:faithless()'`."""

from contextlib import suppress
from datetime import datetime
from itertools import count
from secrets import token_bytes
from unittest.mock import patch

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from wijkbudget import create_app
from wijkbudget.ballots import actions
from wijkbudget.clock import Clock
from wijkbudget.web import refusals, transactions
from wijkbudget.web.voter import ballot

ONE_IN = 3


def faithless() -> Flask:
    """It gives each third voter a receipt for a ballot that it never commits, and takes ballots when voting is over."""
    kept, sendings = transactions._is_kept, count(1)

    def is_kept(response: Response) -> bool:
        is_forgotten = request.path == "/stemmen/versturen" and next(sendings) % ONE_IN == 0
        return kept(response) and not is_forgotten

    patch.object(transactions, "_is_kept", is_kept).start()
    patch.object(actions, "_require_voting", lambda *_: None).start()
    return create_app(Config.from_environment())


def hasty() -> Flask:
    """It shows a receipt whether or not the commit succeeds, as one does that answers before it commits."""
    commit = transactions._commit

    def answer_first(response: Response) -> Response:
        with suppress(SQLAlchemyError):
            return commit(response)
        return response

    patch.object(transactions, "_commit", answer_first).start()
    return create_app(Config.from_environment())


def denying() -> Flask:
    """It says that nothing is stored whenever something fails, also while it commits."""
    patch.object(refusals, "was_committing", lambda: False).start()
    return create_app(Config.from_environment())


def forgetful() -> Flask:
    """It does not know again a page that was sent before."""
    patch.object(actions, "retry_mark_of", lambda _: token_bytes(32)).start()
    return create_app(Config.from_environment())


def by_its_own_clock() -> Flask:
    """It judges by the clock of its host, and does not look whether the urn was opened."""

    def read_own_clock(*_: object, **__: object) -> datetime:
        return Clock().now()

    patch.object(actions, "lock_and_read_clock", read_own_clock).start()
    patch.object(actions, "is_opened", lambda *_: False).start()
    return create_app(Config.from_environment())


def talkative() -> Flask:
    """It writes every request into its logs as it is."""
    return create_app(Config.from_environment())


def ragged() -> Flask:
    """Its pages are as long as what stands on them, and it notes each request."""
    patch.object(ballot, "without_length", lambda page, *_, **__: page).start()
    return create_app(Config.from_environment())
