"""tests/web/test_logs.py tests wijkbudget/web/logs.py."""

import logging
from collections.abc import Iterator

import pytest

from wijkbudget.mail.addresses import confirmation, new_password
from wijkbudget.web.logs import keep_votes_and_links_out

TOKEN = "eyJhIjoxfQ.Z0-x_Y"
SERVERS = ("gunicorn.access", "gunicorn.error", "werkzeug")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    before, filters = logging.getLogRecordFactory(), {name: list(logging.getLogger(name).filters) for name in SERVERS}
    caplog.set_level(logging.DEBUG)
    keep_votes_and_links_out()
    yield caplog
    logging.setLogRecordFactory(before)
    for name in SERVERS:
        logging.getLogger(name).filters[:] = filters[name]


@pytest.mark.parametrize("link", [confirmation(TOKEN), new_password(TOKEN)])
@pytest.mark.parametrize("line", ['"GET %s HTTP/1.1" 200', "Exception on %s [POST]", "%s", "'%s'", "%s?lang=en"])
def test_what_opens_a_link_is_left_out_of_the_line(lines: pytest.LogCaptureFixture, link: str, line: str) -> None:
    logging.getLogger("anybody").warning(line, link)
    logging.getLogger("anybody").warning("%(r)s", {"r": line % link})
    place = link.removesuffix(TOKEN)
    assert lines.messages == [line % f"{place}…"] * 2


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("path", ["/stemmen", "/en/stemmen?x=1", "/stemmen/controleren", "/rondes/a/zoek-uw-stem"])
def test_no_server_notes_a_request_in_a_booth(lines: pytest.LogCaptureFixture, server: str, path: str) -> None:
    logging.getLogger(server).info('"POST %s HTTP/1.1" 200 4711', path)
    logging.getLogger(server).debug("POST %s", path)
    assert lines.messages == []
    logging.getLogger(server).error("Error handling request %s", path)
    logging.getLogger("wijkbudget").info("%s is said by somebody else", path)
    assert len(lines.messages) == 2


@pytest.mark.parametrize("path", ["/", "/rondes/a/stemmen.pb", "/stemmenteller", "/hoe-werkt-het"])
def test_other_requests_are_noted(lines: pytest.LogCaptureFixture, path: str) -> None:
    logging.getLogger("gunicorn.access").info('"GET %s HTTP/1.1" 200 4711', path)
    assert lines.messages == [f'"GET {path} HTTP/1.1" 200 4711']


def test_other_lines_stay_as_they_are(lines: pytest.LogCaptureFixture) -> None:
    logging.getLogger("anybody").warning("round %s: %s", 3, "/account/wachtwoord-vergeten")
    assert lines.messages == ["round 3: /account/wachtwoord-vergeten"]
