"""tests/web/account/test_links.py tests wijkbudget/web/account/links.py."""

from flask import Flask

from tests.moments import SUBMITTING
from wijkbudget.people.tokens import Purpose
from wijkbudget.web.account.links import links

ENDPOINTS = {Purpose.CONFIRM: "account.confirm", Purpose.RESET: "account.reset"}


def test_every_link_in_a_letter_leads_to_its_page(app: Flask) -> None:
    with app.test_request_context():
        for purpose, endpoint in ENDPOINTS.items():
            path = links().path(purpose, person_id=7, password_hash="not a hash", now=SUBMITTING)
            assert app.url_map.bind("localhost").match(path)[0] == endpoint
    assert set(ENDPOINTS) == set(Purpose)
