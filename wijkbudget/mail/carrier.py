"""What takes a mail away: to the mail server, or into a folder on a development machine."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from config import Config

PATIENCE = 10
"""Seconds that the mail server may take for each step."""

Carrier = Callable[[EmailMessage], object]


class Unreachable(OSError):
    """The mail server cannot be reached, which is no letter's own fault."""


@contextmanager
def carrier(config: Config, name: str, *, patience: float = PATIENCE) -> Iterator[Carrier]:
    """What takes one mail away: into the mail folder under this name, or to the mail server.

    Raises Unreachable, and what smtplib raises; no step of the dialogue takes longer than `patience` seconds.
    """
    if config.mail_folder is not None:
        config.mail_folder.mkdir(parents=True, exist_ok=True)
        file = config.mail_folder / f"{name}.eml"
        yield lambda mail: file.write_bytes(mail.as_bytes())
        return
    server = _connect(config, patience)
    try:
        # To the one address of the letter, whatever else its header could be read as.
        yield lambda mail: server.send_message(mail, to_addrs=[str(mail["To"])])
    finally:
        with suppress(OSError):  # the letter's fate is decided; how the server says goodbye does not change it
            server.quit()
        server.close()


def _connect(config: Config, patience: float) -> smtplib.SMTP:
    """A connection as safe as the settings ask, never less. Raises Unreachable."""
    context = ssl.create_default_context()
    try:
        if config.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                config.smtp_host, config.smtp_port, timeout=patience, context=context
            )
        else:
            server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=patience)
    except OSError as failure:
        raise Unreachable(str(failure)) from failure
    try:
        if config.smtp_security == "starttls":
            server.starttls(context=context)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
    except OSError as failure:
        server.close()
        raise Unreachable(str(failure)) from failure
    return server
