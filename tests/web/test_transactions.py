"""One request is one transaction: kept by an answer that says yes, undone by one that says no or fails."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, abort
from flask import session as cookie
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import DAY, SCHEDULE, VOTING
from wijkbudget.ballots.forms import NotOnMenu
from wijkbudget.database import Database
from wijkbudget.places.tables import District
from wijkbudget.rounds.rules import Phase
from wijkbudget.web import transactions
from wijkbudget.web.transactions import moment_of_deed, now, parts, phase_of, session

POST = "/stemmen/stoppen"
MINUTE = timedelta(minutes=1)
GET = "/"


def answer(app: Flask, view: Callable[[], ResponseReturnValue]) -> None:
    """Let this view answer both addresses of these tests."""
    app.view_functions["voter.stop"] = app.view_functions["public.home"] = view


def districts(database: Database) -> list[str]:
    with database.reading() as reader:
        return list(reader.scalars(select(District.name)))


def writing(status: int, *, flushed: bool = True) -> Callable[[], ResponseReturnValue]:
    """A view that stores a district and answers with this status."""

    def view() -> ResponseReturnValue:
        session().add(District(name="Loosduinen", slug="loosduinen"))
        if flushed:
            session().flush()
        return "answer", status

    return view


@pytest.mark.parametrize(
    ("status", "is_kept"),
    [(200, True), (303, True), (399, True), (400, False), (404, False), (409, False), (422, False), (500, False)],
)
def test_an_answer_that_says_no_undoes_what_was_done(
    app: Flask, client: FlaskClient, database: Database, status: int, is_kept: bool
) -> None:
    answer(app, writing(status))
    assert client.post(POST).status_code == status
    assert districts(database) == (["Loosduinen"] if is_kept else [])


@pytest.mark.parametrize("error", [NotOnMenu(), ValueError("a fault of ours")])
def test_an_error_undoes_what_was_done(app: Flask, client: FlaskClient, database: Database, error: Exception) -> None:
    def view() -> ResponseReturnValue:
        writing(200)()
        raise error

    answer(app, view)
    assert client.post(POST).status_code >= 400
    assert districts(database) == []


def test_an_abort_undoes_what_was_done(app: Flask, client: FlaskClient, database: Database) -> None:
    answer(app, lambda: (writing(200)(), abort(404))[1])
    assert client.post(POST).status_code == 404
    assert districts(database) == []


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_a_get_changes_is_not_kept(app: Flask, client: FlaskClient, database: Database, method: str) -> None:
    answer(app, writing(200, flushed=False))
    assert getattr(client, method)(GET).status_code == 200
    assert districts(database) == []


def test_a_get_reads_while_somebody_else_writes(app: Flask, client: FlaskClient, build: Builder) -> None:
    build.district("Segbroek")  # an open transaction; on SQLite it holds the only write lock
    answer(app, lambda: str(len(session().scalars(select(District)).all())))
    assert client.get(GET).text == "0"


def test_the_transaction_is_kept_before_the_answer_leaves(
    app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    answer(app, writing(200))
    with monkeypatch.context() as patch:
        patch.setattr(transactions, "_close", None)
        app.teardown_request_funcs[None].insert(0, lambda _: seen.append(districts(database)))
        client.post(POST)
    assert seen == [["Loosduinen"]]


def failing_commit(self: Session) -> None:
    """What a commit does when the connection to the database is lost."""
    raise OSError("the disk is full")


def test_a_commit_that_fails_says_so_and_the_browser_keeps_nothing_of_it(
    app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> ResponseReturnValue:
        cookie["receipt"] = ["of something that is not stored", 1]
        del cookie["kept"]
        return writing(200)()

    with client.session_transaction() as before:
        before["kept"] = "from before"
    answer(app, view)
    monkeypatch.setattr(Session, "commit", failing_commit)
    failed = client.post(POST)
    monkeypatch.undo()
    assert failed.status_code == 500
    assert "NIET opgeslagen" in failed.text
    assert districts(database) == []
    with client.session_transaction() as after:
        assert dict(after) == {"kept": "from before"}


def test_deeds_that_are_kept_despite_a_refusal_are_undone_by_an_error_of_ours(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    def view(status: int) -> ResponseReturnValue:
        transactions.keep_despite_refusal()
        return writing(status)()

    answer(app, lambda: view(500))
    client.post(POST)
    assert districts(database) == []
    answer(app, lambda: view(422))
    client.post(POST)
    assert districts(database) == ["Loosduinen"]


def test_a_request_has_one_session_and_one_moment(app: Flask, clock: MovableClock) -> None:
    clock.move_to(VOTING)
    with app.test_request_context(GET):
        assert session() is session()
        assert now() == now()
        assert abs((now() - VOTING).total_seconds()) < 60
        assert parts().clock is clock
        assert phase_of(SCHEDULE) is Phase.VOTING


def test_a_deed_happens_at_the_moment_of_the_database_whatever_the_clock_of_this_host_says(
    app: Flask, clock: MovableClock
) -> None:
    clock.move_to(VOTING)
    clock.off = DAY
    with app.test_request_context(POST, method="POST"):
        assert timedelta(0) <= moment_of_deed() - VOTING < MINUTE
        assert moment_of_deed() == moment_of_deed()
        assert timedelta(0) <= now() - VOTING - DAY < MINUTE
        session().close()
