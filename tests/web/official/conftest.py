"""What the tests of officials' pages share."""

from html import unescape

from flask.testing import FlaskClient


def page(client: FlaskClient, address: str) -> str:
    """The page at this address as people read it."""
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
