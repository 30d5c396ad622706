"""Links that work once stay out of the logs: whoever reads one there must not be able to follow it."""

import logging
import re

from .addresses import confirmation, new_password

_PLACES = "|".join(re.escape(link("")) for link in (confirmation, new_password))
_LINK = re.compile(rf"({_PLACES})[^\s/?\"']+")


def keep_links_out() -> None:
    """From now on every log line of this process, gunicorn's too, shows `…` in the place of what opens such a link."""
    make = logging.getLogRecordFactory()

    def discreet(*values: object, **named: object) -> logging.LogRecord:
        record = make(*values, **named)
        record.msg, record.args = _LINK.sub(r"\1…", record.getMessage()), ()
        return record

    logging.setLogRecordFactory(discreet)
