"""A browser that goes elsewhere in the middle of an answer does no harm to the tests that follow."""

import socket
from struct import pack
from urllib.parse import urlsplit

from tests.journeys.conftest import Site

FILE = "/static/dist/manifest.json"
RESET = pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


def test_a_visitor_who_leaves_before_the_end_leaves_no_file_open(site: Site) -> None:
    where = urlsplit(site.url)
    for _ in range(5):  # a leaver must meet the server between its answer and its last look at the request
        with socket.create_connection((where.hostname, where.port), timeout=10) as visitor:
            visitor.sendall(f"GET {FILE} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
            assert visitor.recv(12) == b"HTTP/1.1 200"
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
