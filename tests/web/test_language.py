"""Dutch at `/`, English at `/en/`."""

import re

import pytest
from flask.testing import FlaskClient


def test_the_page_says_in_which_language_it_is(client: FlaskClient) -> None:
    assert '<html lang="nl"' in client.get("/").text
    assert '<html lang="en"' in client.get("/en/").text


@pytest.mark.parametrize("address", ["/en", "/en/"])
def test_the_english_front_page_needs_no_final_slash(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_links_on_an_english_page_stay_english(client: FlaskClient) -> None:
    page = client.get("/en/rondes").text
    assert 'href="/en/uitslagen"' in page
    assert 'href="/uitslagen"' not in page


def test_links_on_a_dutch_page_have_no_prefix(client: FlaskClient) -> None:
    page = client.get("/rondes").text
    assert 'href="/uitslagen"' in page
    assert 'href="/en/uitslagen"' not in page


def test_each_page_links_to_itself_in_the_other_language(client: FlaskClient) -> None:
    assert 'href="/en/wijken"' in client.get("/wijken").text
    assert 'href="/wijken" lang="nl"' in client.get("/en/wijken").text


def test_the_question_goes_along_to_the_other_language(client: FlaskClient) -> None:
    assert 'href="/en/wijk?postcode=2593AB" lang="en"' in client.get("/wijk?postcode=2593AB").text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_answer_to_a_form_offers_no_other_language_for_what_was_typed_would_be_lost(
    client: FlaskClient, prefix: str
) -> None:
    for page in (client.post(f"{prefix}/stemmen", data={"code": "x"}), client.post(f"{prefix}/stemmen/ontvangst")):
        assert page.status_code in (405, 422)
        assert not re.search(r"<span>(English|Nederlands)</span>|>(Taal|Language)<|<li></li>", page.text)


def test_files_are_the_same_in_both_languages(client: FlaskClient) -> None:
    assert "/static/dist/" in client.get("/en/").text


def test_an_address_that_only_begins_like_the_prefix_is_not_english(client: FlaskClient) -> None:
    answer = client.get("/energie")
    assert answer.status_code == 404
    assert '<html lang="nl"' in answer.text


@pytest.mark.parametrize("address", ["/en/%5Cevil.example", "/en//evil.example", "/%5C%5Cevil.example"])
def test_the_link_to_the_other_language_never_leads_to_another_site(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    links = re.findall(r'href="([^"]*)" lang=', page)
    assert links
    assert all(re.match(r"/(?![/\\])", link) for link in links)
