"""A mail server of a test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from config import Config
from tests.ports import free_port

REFUSED = "refused@example.org"
BUSY = "busy@example.org"


class Mailbox(Message):
    """Takes every mail but those to REFUSED, and to BUSY not now."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802  (aiosmtpd looks for this name)
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in (REFUSED, BUSY):
            return "550 no such mailbox" if address == REFUSED else "450 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@contextmanager
def mail_server() -> Iterator[Controller]:
    """A running server; `handler.mails` is what it took."""
    controller = Controller(Mailbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def by_smtp(config: Config, port: int, *, security: str = "none") -> Config:
    """These settings, with this server for mail."""
    return replace(config, mail_folder=None, smtp_host="127.0.0.1", smtp_port=port, smtp_security=security)
