"""Letters: a row of the outbox and a template in `templates/mail/` become a mail.

The first line of a template is `Onderwerp: …`, then an empty line, then the text. Each kind has these details, all of
them text; `path` is a path of our own, which the template writes after `public_url`:

    confirm-address      name path
    already-registered   name path
    new-password         name path
    plan-received        name title round path
    plan-placed          name title round reason path
    plan-not-placed      name title round criterion reason path
    plan-feasible        name title round cost reason path
    plan-not-feasible    name title round reason path
    plan-on-menu         name title round path
    result-counted       name round path
    plan-won             name title round path
    plan-not-won         name title round path
"""

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from config import Config

from .tables import Letter

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
SUBJECT = "Onderwerp: "

_PLAIN_TEXT = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701


def render_letter(letter: Letter, *, config: Config, now: datetime) -> EmailMessage:
    """The mail, in plain text. Raises FileNotFoundError for an unknown kind, TemplateError if a detail is missing."""
    # Split before it is filled in: a title may hold empty lines.
    first, _, rest = (TEMPLATES / f"{letter.kind}.txt").read_text(encoding="utf-8").partition("\n\n")
    subject, body = (
        _PLAIN_TEXT.from_string(part).render(public_url=config.public_url, **letter.details)
        for part in (first.removeprefix(SUBJECT), rest)
    )
    mail = EmailMessage()
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
    """The same at each attempt, so that a letter which was sent twice can be recognised."""
    domain = config.mail_from.rpartition("@")[2].rstrip("> ")
    return f"<letter-{letter.id}-{int(letter.posted_at.timestamp())}@{domain}>"
