"""A mail goes to the server as safely as the settings ask, or into the folder of a development machine."""

import socket
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from config import Config
from tests.mail.mailbox import by_smtp, mail_server
from tests.ports import free_port
from wijkbudget.mail.carrier import Unreachable, carrier


@pytest.fixture
def server() -> Iterator[Controller]:
    with mail_server() as controller:
        yield controller


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config("", "", "", tmp_path, "https://example.org", "post@example.org", mail_folder=tmp_path / "outbox")


def mail_to(recipient: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "post@example.org", recipient, "Onderwerp"
    mail.set_content("Tekst")
    return mail


def test_a_mail_reaches_the_one_address_in_its_header(config: Config, server: Controller) -> None:
    with carrier(by_smtp(config, server.port), "name") as carry:
        carry(mail_to("samira@example.org"))
    assert [mail["X-RcptTo"] for mail in server.handler.mails] == ["samira@example.org"]


def test_a_machine_with_a_mail_folder_writes_a_file_of_this_name(config: Config, tmp_path: Path) -> None:
    with carrier(config, "the-name") as carry:
        carry(mail_to("samira@example.org"))
    assert b"To: samira@example.org" in (tmp_path / "outbox" / "the-name.eml").read_bytes()


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_server_that_is_not_there_is_unreachable(config: Config, security: str) -> None:
    with pytest.raises(Unreachable), carrier(by_smtp(config, free_port(), security=security), "name"):
        raise AssertionError("nothing is carried")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_cannot_do_what_the_settings_ask_gets_no_mail(
    config: Config, server: Controller, security: str
) -> None:
    with pytest.raises(Unreachable), carrier(by_smtp(config, server.port, security=security), "name"):
        raise AssertionError("nothing is carried")
    assert server.handler.mails == []


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_asked(config: Config) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        talking = carrier(by_smtp(config, silent.getsockname()[1]), "name", patience=0.1)
        with pytest.raises(Unreachable), talking:
            raise AssertionError("nothing is carried")
