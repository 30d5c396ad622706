"""A site that breaks its promises, to prove that a fault run notices: `gunicorn 'tests.faults.broken:faithless()'`."""

from itertools import count
from unittest.mock import patch

from flask import Flask, Response, request

from config import Config
from wijkbudget import create_app
from wijkbudget.ballots import actions
from wijkbudget.web import transactions

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
