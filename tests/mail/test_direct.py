"""A mail that never lies in the outbox: it arrives, or the refusal says why without naming whom it was for."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from config import Config
from tests.mail.mailbox import BUSY, REFUSED, by_smtp, mail_server
from tests.moments import VOTING
from tests.ports import free_port
from wijkbudget.mail.direct import NotDeliverable, PostClosed, send_directly
from wijkbudget.refusal import Refusal

DETAILS = {
    "round": "Duinoord 2026", "fingerprint": "ABCD-EFGH-JKMN-PQRS", "day": "2026-12-10", "votes": "changeable",
    "path": "/rondes/x",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Controller]:
    with mail_server() as controller:
        yield controller


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config("", "", "", tmp_path, "https://example.org", "post@example.org", mail_folder=tmp_path / "outbox")


def send(config: Config, recipient: str = "samira@example.org") -> None:
    send_directly(config, "receipt", recipient, VOTING, **DETAILS)


def test_the_mail_is_there_when_the_call_returns(config: Config, server: Controller) -> None:
    send(by_smtp(config, server.port))
    [mail] = server.handler.mails
    assert (mail["To"], mail["Subject"]) == ("samira@example.org", "Uw ontvangstbewijs: Duinoord 2026")
    for words in ("ABCD-EFGH-JKMN-PQRS", "donderdag 10 december 2026", "https://example.org/rondes/x"):
        assert words in mail.get_payload(decode=True).decode()


def test_nothing_in_the_mail_tells_two_of_them_apart_but_chance(config: Config, server: Controller) -> None:
    for _ in range(2):
        send(by_smtp(config, server.port))
    first, second = server.handler.mails
    assert first["Message-ID"] != second["Message-ID"]
    assert str(int(VOTING.timestamp())) not in first["Message-ID"]


@pytest.mark.parametrize(("recipient", "refusal"), [(REFUSED, NotDeliverable), (BUSY, PostClosed)])
def test_a_refused_address_is_told_apart_from_a_busy_server_and_stands_in_no_traceback(
    config: Config, server: Controller, recipient: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        send(by_smtp(config, server.port), recipient)
    assert recipient not in "".join(traceback.format_exception(refused.value))
    assert refused.value.details == {}


def test_a_server_that_is_not_there_is_told(config: Config) -> None:
    with pytest.raises(PostClosed):
        send(by_smtp(config, free_port()))


def test_a_development_machine_writes_a_file(config: Config, tmp_path: Path) -> None:
    send(config)
    [file] = (tmp_path / "outbox").glob("*.eml")
    assert b"To: samira@example.org" in file.read_bytes()
