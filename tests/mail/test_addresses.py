"""Every address in a letter leads to its page."""

from inspect import isfunction

import pytest
from flask import Flask

from wijkbudget.mail import addresses

ENDPOINTS = {
    addresses.forgotten_password(): ("account.forgot", {}),
    addresses.confirmation("a.token-1"): ("account.confirm", {"token": "a.token-1"}),
    addresses.new_password("a.token-1"): ("account.reset", {"token": "a.token-1"}),
    addresses.plan_page(7): ("public.plan", {"plan_id": 7}),
    addresses.result_page("duinoord"): ("public.result", {"slug": "duinoord"}),
    addresses.find_vote("duinoord"): ("public.find_vote", {"slug": "duinoord"}),
    addresses.result_to_publish("duinoord"): ("official.result", {"slug": "duinoord"}),
    addresses.round_to_manage("duinoord"): ("official.round", {"slug": "duinoord"}),
    addresses.health_page(): ("public.health", {}),
    addresses.key_page("duinoord"): ("official.key", {"slug": "duinoord"}),
}


@pytest.mark.parametrize("address", ENDPOINTS)
def test_an_address_in_a_letter_leads_to_its_page(app: Flask, address: str) -> None:
    assert app.url_map.bind("localhost").match(address, method="GET") == ENDPOINTS[address]


def test_every_address_is_looked_up_above() -> None:
    assert len(ENDPOINTS) == len([name for name, value in vars(addresses).items() if isfunction(value)])
