"""What stays out of the logs of our processes: links that work once, and who was busy with a vote for how long."""

import logging
import re

from ..mail.addresses import confirmation, new_password

_PLACES = "|".join(re.escape(link("")) for link in (confirmation, new_password))
_LINK = re.compile(rf"({_PLACES})[^\s/?\"']+")
_OF_A_VOTE = re.compile(r"/(stemmen|zoek-uw-stem)(?![\w.-])")
_SERVERS = ("gunicorn.access", "gunicorn.error", "werkzeug")


def keep_votes_and_links_out() -> None:
    """From now on no server in this process notes a request in a booth, and no line tells what opens such a link.

    The number of requests, and how long they took, would tell how much a voter without JavaScript chose.
    """
    for name in _SERVERS:
        logging.getLogger(name).addFilter(_may_be_noted)
    make = logging.getLogRecordFactory()

    def discreet(*values: object, **named: object) -> logging.LogRecord:
        record = make(*values, **named)
        record.msg, record.args = _LINK.sub(r"\1…", record.getMessage()), ()
        return record

    logging.setLogRecordFactory(discreet)


def _may_be_noted(record: logging.LogRecord) -> bool:
    # What goes wrong is noted all the same.
    return record.levelno > logging.INFO or not _OF_A_VOTE.search(record.getMessage())
