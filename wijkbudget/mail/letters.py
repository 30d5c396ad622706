"""Letters: a row of the outbox (or one that never lies there) and a template in `templates/mail/` become a mail.

The first line of a template is `Onderwerp: …`, then an empty line, then the text. Each kind has these details, all of
them text; `path` is a path of our own, which the template writes after `public_url`, `cost` a number of cents, and
`day` a date in ISO 8601; `check` and `problem` stand in the log as they are, and `round` is empty where a check belongs
to none; `votes` are `final` or `changeable`:

    confirm-address      name path
    already-registered   name path
    new-password         name path
    plan-received        name title round path
    plan-placed          name title round reason path
    plan-not-placed      name title round criterion reason path
    plan-feasible        name title round cost reason path
    plan-not-feasible    name title round reason path
    plan-on-menu         name title round path
    draw-needed          name round path
    result-counted       name round path
    keys-needed          name round path
    shares-needed        name round path
    shares-unfit         name round path
    share-lost           name round path
    destroy-shares       name round path
    plan-won             name title round path
    plan-not-won         name title round path
    alarm                name check round problem path
    alarm-over           name check round path
    receipt              round fingerprint day votes path
"""

import secrets
from datetime import date, datetime
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, StrictUndefined

from config import Config

from .tables import Letter

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
SUBJECT = "Onderwerp: "


def euros(cents: str) -> str:
    """An amount in Dutch notation, as letters are in Dutch: `€ 12.500` or `€ 12.500,50`; the space does not break."""
    whole, rest = divmod(int(cents), 100)
    return "€\N{NO-BREAK SPACE}" + f"{whole:,}".replace(",", ".") + (f",{rest:02d}" if rest else "")


def written_day(day: str) -> str:
    """A day with its weekday, as letters are in Dutch: `zondag 13 december 2026`."""
    return format_date(date.fromisoformat(str(day)), "EEEE d MMMM y", locale="nl")


_PLAIN_TEXT = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701
_PLAIN_TEXT.filters.update(euros=euros, day=written_day)


class LiteralHeader(BaseHeader):
    """A header that means what it says: whatever a resident wrote, it is never decoded, nor a header of its own."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the text as it is; the library's own would decode `=?utf-8?q?a=0ABcc=3A_x?=` into a line of its own."""
        kwds["parse_tree"], kwds["decoded"] = None, value

    def fold(self, *, policy: Any) -> str:
        """The lines of the header; what is more than plain words, or could be taken for encoded ones, is encoded."""
        is_plain = self.isascii() and self.isprintable() and "=?" not in self
        encoded = Header(self, "us-ascii" if is_plain else "utf-8", header_name=self.name).encode()
        return f"{self.name}: {encoded}\n".replace("\n", policy.linesep)


_HEADERS = HeaderRegistry()
for _name in ("subject", "to"):
    _HEADERS.map_to_type(_name, LiteralHeader)
_POLICY = EmailPolicy(header_factory=_HEADERS)


def render_letter(letter: Letter, *, config: Config, now: datetime) -> EmailMessage:
    """The mail, in plain text.

    Raises FileNotFoundError for an unknown kind, TemplateError if a detail is missing, ValueError for an address of
    more than one line.
    """
    # Split before it is filled in: a title may hold empty lines.
    first, _, rest = (TEMPLATES / f"{letter.kind}.txt").read_text(encoding="utf-8").partition("\n\n")
    subject, body = (
        _PLAIN_TEXT.from_string(part).render(public_url=config.public_url, **letter.details)
        for part in (first.removeprefix(SUBJECT), rest)
    )
    mail = EmailMessage(_POLICY)
    # A title with a line break must not become a header of its own.
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = config.mail_from
    mail["To"] = letter.recipient
    mail["Date"] = now
    mail["Message-ID"] = _message_id(letter, config)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    return mail


def _message_id(letter: Letter, config: Config) -> str:
    """The same at each attempt, so that a letter which was sent twice can be recognised; outside the outbox random."""
    domain = config.mail_from.rpartition("@")[2].rstrip("> ")
    posted = f"{letter.id}-{int(letter.posted_at.timestamp())}" if letter.id else secrets.token_hex(16)
    return f"<letter-{posted}@{domain}>"
