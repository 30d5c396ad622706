"""No log line tells a link that works once."""

import logging
from collections.abc import Iterator

import pytest

from wijkbudget.mail.addresses import confirmation, new_password
from wijkbudget.mail.logs import keep_links_out

TOKEN = "eyJhIjoxfQ.Z0-x_Y"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    before = logging.getLogRecordFactory()
    keep_links_out()
    yield caplog
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize("link", [confirmation(TOKEN), new_password(TOKEN)])
@pytest.mark.parametrize("line", ['"GET %s HTTP/1.1" 200', "Exception on %s [POST]", "%s", "'%s'", "%s?lang=en"])
def test_what_opens_a_link_is_left_out_of_the_line(lines: pytest.LogCaptureFixture, link: str, line: str) -> None:
    logging.getLogger("anybody").warning(line, link)
    logging.getLogger("anybody").warning("%(r)s", {"r": line % link})
    place = link.removesuffix(TOKEN)
    assert lines.messages == [line % f"{place}…"] * 2


def test_other_lines_stay_as_they_are(lines: pytest.LogCaptureFixture) -> None:
    logging.getLogger("anybody").warning("round %s: %s", 3, "/account/wachtwoord-vergeten")
    assert lines.messages == ["round 3: /account/wachtwoord-vergeten"]
