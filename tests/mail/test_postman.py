"""tests/mail/test_postman.py tests wijkbudget/mail/postman.py."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy import select

from config import Config
from tests.moments import DAY, SECOND, SUBMITTING
from wijkbudget.database import Database
from wijkbudget.mail.outbox import post_letter
from wijkbudget.mail.postman import deliver_post, due_at
from wijkbudget.mail.tables import Letter

REFUSED = "refused@example.org"


class Mailbox(Message):
    """Takes every mail but those to REFUSED."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802  (aiosmtpd looks for this name)
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == REFUSED:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server() -> Iterator[Controller]:
    controller = Controller(Mailbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def by_smtp(config: Config, port: int, *, security: str = "none") -> Config:
    return replace(config, mail_folder=None, smtp_host="127.0.0.1", smtp_port=port, smtp_security=security)


def post(database: Database, *recipients: str) -> None:
    with database.transaction() as session:
        for recipient in recipients:
            details = {"name": "Samira", "title": "Park", "round": "Duinoord 2026", "path": "/rondes/duinoord/uitslag"}
            post_letter(session, kind="plan-won", recipient=recipient, now=SUBMITTING, **details)


def letters(database: Database) -> list[Letter]:
    with database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_a_letter_is_sent_once_and_forgets_its_details(database: Database, config: Config, server: Controller) -> None:
    post(database, "samira@example.org")
    for _ in range(2):
        deliver_post(database, by_smtp(config, server.port), SUBMITTING)
    (mail,) = server.handler.mails
    assert (mail["To"], mail["Subject"]) == ("samira@example.org", "Uw plan is gekozen: Park")
    (letter,) = letters(database)
    assert (letter.sent_at, letter.details, letter.attempts) == (SUBMITTING, {}, 0)


def test_a_refused_letter_does_not_hold_up_the_others(database: Database, config: Config, server: Controller) -> None:
    post(database, REFUSED, "samira@example.org")
    deliver_post(database, by_smtp(config, server.port), SUBMITTING)
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
    deliver_post(database, by_smtp(config, server.port), SUBMITTING)
    assert [letter.attempts for letter in letters(database)] == [1, 0]
    assert len(server.handler.mails) == 1


def test_a_server_that_does_not_answer_costs_one_attempt_of_one_letter_and_loses_none(
    database: Database, config: Config, server: Controller
) -> None:
    post(database, "samira@example.org", "jan@example.org")
    deliver_post(database, by_smtp(config, free_port()), SUBMITTING)
    assert [letter.attempts for letter in letters(database)] == [1, 0]
    deliver_post(database, by_smtp(config, server.port), SUBMITTING + timedelta(minutes=1))
    assert all(letter.sent_at and letter.last_failure is None for letter in letters(database))
    assert len(server.handler.mails) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_never_travels_less_safely_than_the_settings_ask(
    database: Database, config: Config, server: Controller, security: str
) -> None:
    post(database, "samira@example.org")
    deliver_post(database, by_smtp(config, server.port, security=security), SUBMITTING)
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
        deliver_post(database, by_smtp(config, server.port), now)
        assert letters(database)[0].attempts == attempts


def test_the_time_between_two_attempts_never_grows_past_nine_hours() -> None:
    def due(attempts: int) -> datetime:
        return due_at(Letter(posted_at=SUBMITTING, attempts=attempts))

    gaps = [due(attempts + 1) - due(attempts) for attempts in range(30)]
    assert gaps == sorted(gaps)
    assert gaps[-1] < timedelta(hours=9)
    assert due(30) < SUBMITTING + 9 * DAY


def test_a_letter_that_another_postman_holds_is_passed_over(
    database: Database, config: Config, server: Controller
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: the second postman waits and finds the letter sent")
    post(database, "samira@example.org")
    with database.transaction() as session:
        session.scalars(select(Letter).with_for_update()).one()
        deliver_post(database, by_smtp(config, server.port), SUBMITTING)
    assert server.handler.mails == []
    assert [letter.attempts for letter in letters(database)] == [0]


def test_a_machine_with_a_mail_folder_writes_files_instead(database: Database, config: Config, tmp_path: Path) -> None:
    post(database, "samira@example.org", "jan@example.org")
    deliver_post(database, config, SUBMITTING)
    files = sorted((tmp_path / "outbox").glob("*.eml"))
    assert len(files) == 2
    assert files[0].name.startswith("20260902T100000-")
    assert b"To: samira@example.org" in files[0].read_bytes()
    assert all(letter.sent_at == SUBMITTING for letter in letters(database))
