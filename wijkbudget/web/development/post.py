"""The letters of a development machine, which are files instead of mail."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from ..blueprints import development
from ..transactions import parts


@dataclass(frozen=True)
class Mail:
    """A letter as it was written to the mail folder."""

    name: str
    subject: str
    recipient: str
    date: datetime
    text: str


@development.get("/post")
def post() -> ResponseReturnValue:
    """All letters, newest first."""
    return render_template("development/post.html", letters=[_read(file) for _, file in _files()])


@development.get("/post/<string:name>")
def letter(name: str) -> ResponseReturnValue:
    """One letter; only a name that is in the list is opened, so no name leads out of the folder."""
    file = dict(_files()).get(name)
    return render_template("development/letter.html", letter=_read(file)) if file else abort(404)


def _files() -> list[tuple[str, Path]]:
    folder = parts().config.mail_folder
    return [(file.name, file) for file in sorted(folder.glob("*.eml"), reverse=True)] if folder else []


def _read(file: Path) -> Mail:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Mail(file.name, mail["Subject"], mail["To"], mail["Date"].datetime, mail.get_content())
