"""tests/mail/test_postman.py tests wijkbudget/mail/postman.py."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from config import Config
from tests.mail.mailbox import REFUSED, by_smtp, mail_server
from tests.moments import DAY, SECOND, SUBMITTING, Standing
from tests.ports import free_port
from wijkbudget.database import Database
from wijkbudget.mail import postman
from wijkbudget.mail.letters import render_letter
from wijkbudget.mail.outbox import post_letter
from wijkbudget.mail.postman import CLAIM, deliver_post, due_at
from wijkbudget.mail.tables import Letter


@pytest.fixture
def server() -> Iterator[Controller]:
    with mail_server() as controller:
        yield controller


def post(database: Database, *recipients: str) -> None:
    with database.transaction() as session:
        for recipient in recipients:
            details = {"name": "Samira", "title": "Park", "round": "Duinoord 2026", "path": "/rondes/duinoord/uitslag"}
            post_letter(session, kind="plan-won", recipient=recipient, now=SUBMITTING, **details)


def deliver(database: Database, config: Config, now: datetime = SUBMITTING) -> None:
    deliver_post(database, config, Standing(now))


def letters(database: Database) -> list[Letter]:
    with database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_a_letter_is_sent_once_and_forgets_its_details(database: Database, config: Config, server: Controller) -> None:
    post(database, "samira@example.org")
    for _ in range(2):
        deliver(database, by_smtp(config, server.port))
    (mail,) = server.handler.mails
    assert (mail["To"], mail["Subject"]) == ("samira@example.org", "Uw plan is gekozen: Park")
    (letter,) = letters(database)
    assert (letter.sent_at, letter.details, letter.attempts) == (SUBMITTING, {}, 0)


def test_a_refused_letter_does_not_hold_up_the_others(database: Database, config: Config, server: Controller) -> None:
    post(database, REFUSED, "samira@example.org")
    deliver(database, by_smtp(config, server.port))
    assert [mail["To"] for mail in server.handler.mails] == ["samira@example.org"]
    refused, sent = letters(database)
    assert (refused.sent_at, refused.attempts, sent.sent_at) == (None, 1, SUBMITTING)
    assert refused.details["name"] == "Samira"
    assert "no such mailbox" in str(refused.last_failure)


def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(
    database: Database, config: Config, server: Controller
) -> None:
    with database.transaction() as session:
        post_letter(session, kind="no-such-kind", recipient="a@example.org", now=SUBMITTING)
    post(database, "samira@example.org")
    deliver(database, by_smtp(config, server.port))
    assert [letter.attempts for letter in letters(database)] == [1, 0]
    assert len(server.handler.mails) == 1


def test_a_server_that_does_not_answer_costs_one_attempt_of_one_letter_and_loses_none(
    database: Database, config: Config, server: Controller
) -> None:
    post(database, "samira@example.org", "jan@example.org")
    deliver(database, by_smtp(config, free_port()))
    assert [letter.attempts for letter in letters(database)] == [1, 0]
    deliver(database, by_smtp(config, server.port), SUBMITTING + timedelta(minutes=1))
    assert all(letter.sent_at and letter.last_failure is None for letter in letters(database))
    assert len(server.handler.mails) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_never_travels_less_safely_than_the_settings_ask(
    database: Database, config: Config, server: Controller, security: str
) -> None:
    post(database, "samira@example.org")
    deliver(database, by_smtp(config, server.port, security=security))
    assert server.handler.mails == []
    assert [letter.attempts for letter in letters(database)] == [1]


def test_a_failed_letter_is_tried_again_when_its_time_has_come(
    database: Database, config: Config, server: Controller
) -> None:
    post(database, REFUSED)
    minute = timedelta(minutes=1)
    for now, attempts in [
        (SUBMITTING, 1), (SUBMITTING + minute - SECOND, 1), (SUBMITTING + minute, 2),
        (SUBMITTING + 3 * minute - SECOND, 2), (SUBMITTING + 3 * minute, 3),
    ]:  # fmt: skip
        deliver(database, by_smtp(config, server.port), now)
        assert letters(database)[0].attempts == attempts


def test_the_time_between_two_attempts_never_grows_past_nine_hours() -> None:
    def due(attempts: int) -> datetime:
        return due_at(Letter(posted_at=SUBMITTING, attempts=attempts))

    gaps = [due(attempts + 1) - due(attempts) for attempts in range(30)]
    assert gaps == sorted(gaps)
    assert gaps[-1] < timedelta(hours=9)
    assert due(30) < SUBMITTING + 9 * DAY


def test_a_letter_that_another_postman_has_claimed_is_passed_over_until_the_claim_runs_out(
    database: Database, config: Config, server: Controller
) -> None:
    post(database, "samira@example.org")
    with database.transaction() as session:
        session.scalars(select(Letter)).one().claimed_until = SUBMITTING + CLAIM
    deliver(database, by_smtp(config, server.port), SUBMITTING + CLAIM - SECOND)
    assert (server.handler.mails, [letter.attempts for letter in letters(database)]) == ([], [0])
    deliver(database, by_smtp(config, server.port), SUBMITTING + CLAIM)
    assert len(server.handler.mails) == 1
    assert [letter.claimed_until for letter in letters(database)] == [None]


def test_no_transaction_is_open_and_no_second_postman_sends_while_the_server_talks(
    database: Database, config: Config, server: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(database, "samira@example.org")
    genuine, talks = render_letter, list[int]()

    def meanwhile(letter: Letter, *, config: Config, now: datetime) -> EmailMessage:
        talks.append(letter.id)
        post(database, "jan@example.org")  # on SQLite this waits in vain for a lock that is held
        deliver(database, by_smtp(config, server.port))
        return genuine(letter, config=config, now=now)

    def once(letter: Letter, *, config: Config, now: datetime) -> EmailMessage:
        return (genuine if talks else meanwhile)(letter, config=config, now=now)

    monkeypatch.setattr(postman, "render_letter", once)
    deliver(database, by_smtp(config, server.port))
    assert [mail["To"] for mail in server.handler.mails] == ["jan@example.org", "samira@example.org"]
    assert all(letter.sent_at for letter in letters(database))


def test_a_postman_that_dies_midway_loses_no_letter(
    database: Database, config: Config, server: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(database, "samira@example.org")
    genuine = postman._write_off
    monkeypatch.setattr(postman, "_write_off", dying)
    with pytest.raises(KeyboardInterrupt):
        deliver(database, by_smtp(config, server.port))
    monkeypatch.setattr(postman, "_write_off", genuine)
    deliver(database, by_smtp(config, server.port), SUBMITTING + CLAIM)
    first, second = server.handler.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert [letter.sent_at for letter in letters(database)] == [SUBMITTING + CLAIM]


def dying(*_: object) -> None:
    """What a process does that is killed."""
    raise KeyboardInterrupt


def test_a_failure_after_the_claim_ran_out_leaves_the_letter_to_who_claimed_it_since(
    database: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(database, "samira@example.org")

    def overtaken(letter: Letter, **_: object) -> EmailMessage:
        with database.transaction() as session:
            session.get_one(Letter, letter.id).claimed_until = SUBMITTING + 2 * CLAIM
        raise OSError("too late")

    monkeypatch.setattr(postman, "render_letter", overtaken)
    deliver(database, config)
    (letter,) = letters(database)
    assert (letter.attempts, letter.claimed_until) == (0, SUBMITTING + 2 * CLAIM)


@pytest.mark.parametrize("failure", [MessageError("header"), RuntimeError("\0 and \ud800"), RecursionError()])
def test_whatever_goes_wrong_with_one_letter_is_recorded_and_holds_up_no_other(
    database: Database, config: Config, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    post(database, "broken@example.org", "samira@example.org")
    genuine = render_letter

    def broken(letter: Letter, *, config: Config, now: datetime) -> EmailMessage:
        if letter.recipient == "broken@example.org":
            raise failure
        return genuine(letter, config=config, now=now)

    monkeypatch.setattr(postman, "render_letter", broken)
    deliver(database, config)
    first, second = letters(database)
    assert (first.attempts, first.sent_at, second.sent_at) == (1, None, SUBMITTING)
    assert type(failure).__name__ in str(first.last_failure)


def test_an_address_that_reads_as_several_gets_no_copies_to_others(
    database: Database, config: Config, server: Controller
) -> None:
    post(database, "=?utf-8?q?a=0ABcc=3A_x=40evil.example?=@example.org", "a@example.org, x@evil.example")
    deliver(database, by_smtp(config, server.port))
    reached = [address for mail in server.handler.mails for address in mail["X-RcptTo"].split(", ")]
    assert "x@evil.example" not in reached
    assert all(mail["Bcc"] is None for mail in server.handler.mails)
    assert letters(database)[0].sent_at == SUBMITTING


def test_a_machine_with_a_mail_folder_writes_files_instead(database: Database, config: Config, tmp_path: Path) -> None:
    post(database, "samira@example.org", "jan@example.org")
    deliver(database, config)
    files = sorted((tmp_path / "outbox").glob("*.eml"))
    assert len(files) == 2
    assert files[0].name.startswith("20260902T100000-")
    assert b"To: samira@example.org" in files[0].read_bytes()
    assert all(letter.sent_at == SUBMITTING for letter in letters(database))
