"""A connection that is cut between the commit and the answer: the voter repeats, and gets the one receipt."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.controls import found
from tests.faults.browsers import Browser, Fields
from tests.faults.polls import Poll, opened_poll
from tests.faults.proxies import Cut, proxied
from tests.faults.site import Site, serving
from wijkbudget.ballots.codes import written_code
from wijkbudget.ballots.urn import fingerprint_of
from wijkbudget.database import Database

pytestmark = [pytest.mark.faults, pytest.mark.proof, pytest.mark.usefixtures("turn")]

SENDING = b"POST /stemmen/versturen"
COMMIT = b"COMMIT\0"  # not what begins "READ COMMITTED"


@pytest.fixture
def poll(database: Database, tmp_path: Path) -> Poll:
    return opened_poll(database, tmp_path / "keys")


@pytest.fixture
def site(poll: Poll, database_url: str, tmp_path: Path) -> Iterator[Site]:
    with serving(database_url, tmp_path / "site") as site:
        yield site


def receipts(poll: Poll) -> list[str]:
    """The receipts of what lies in the urn, as pages write them."""
    return [written_code(fingerprint_of(sealed)) for sealed in poll.envelopes().values()]


@contextmanager
def cut_off(poll: Poll, site: Site, *, is_forwarded: bool) -> Iterator[tuple[Browser, Fields]]:
    """A browser and its form; the form was sent once, arrived or not, and the connection was cut before the answer."""
    with proxied(site.port, Cut(SENDING, is_forwarded)) as proxy:
        browser = Browser(proxy.port)
        form = browser.checked(poll.codes[0], poll.plans[:2])
        proxy.cut.armed.set()
        with pytest.raises((HTTPException, OSError)):
            browser.send(form)
        assert proxy.cut.done.is_set()
        yield browser, form


def other_nonce(form: Fields) -> Fields:
    """The same form from another page."""
    return [(name, "0" * 32 if name == "nonce" else value) for name, value in form]


# Between browser and web


def test_a_voter_whose_answer_was_lost_sends_the_same_form_and_gets_the_receipt(poll: Poll, site: Site) -> None:
    sent_again(poll, site)


def test_a_site_that_does_not_know_a_form_again_is_found_out(poll: Poll, database_url: str, tmp_path: Path) -> None:
    broken = "tests.faults.broken:forgetful()"
    with serving(database_url, tmp_path / "site", application=broken) as site, found("another receipt"):
        sent_again(poll, site)


def sent_again(poll: Poll, site: Site) -> None:
    """Vote, lose the answer, and send the same form once more."""
    with cut_off(poll, site, is_forwarded=True) as (browser, form):
        [receipt] = receipts(poll)
        assert browser.send(form).receipt == receipt, "another receipt"
        assert receipts(poll) == [receipt]


def test_a_form_with_another_number_is_told_that_there_is_a_newer_vote(poll: Poll, site: Site) -> None:
    with cut_off(poll, site, is_forwarded=True) as (browser, form):
        [receipt] = receipts(poll)
        refused = browser.send(other_nonce(form))
        assert (refused.status, refused.receipt) == (409, "")
        assert "U hebt intussen ergens anders gestemd" in refused.text
        assert receipts(poll) == [receipt]


def test_a_form_that_was_lost_on_its_way_is_nowhere_and_can_be_sent_again(poll: Poll, site: Site) -> None:
    with cut_off(poll, site, is_forwarded=False) as (browser, form):
        assert receipts(poll) == []
        assert [browser.send(form).receipt] == receipts(poll)


# Between web and PostgreSQL; SQLite has no connection that could be cut


@pytest.mark.parametrize("is_forwarded", [True, False], ids=["stored", "lost"])
def test_a_commit_without_an_answer_is_called_neither_stored_nor_lost(
    poll: Poll, database_url: str, tmp_path: Path, is_forwarded: bool
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no connection that could be cut")
    voted_without_an_answer(poll, database_url, tmp_path, is_forwarded)


@pytest.mark.parametrize("is_forwarded", [True, False], ids=["stored", "lost"])
@pytest.mark.parametrize(("broken", "fault"), [("hasty", "500"), ("denying", "Wij weten niet of het gelukt is")])
def test_a_site_that_claims_to_know_is_found_out(
    poll: Poll, database_url: str, tmp_path: Path, is_forwarded: bool, broken: str, fault: str
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no connection that could be cut")
    with found(fault):
        voted_without_an_answer(poll, database_url, tmp_path, is_forwarded, f"tests.faults.broken:{broken}()")


def voted_without_an_answer(
    poll: Poll, database_url: str, tmp_path: Path, is_forwarded: bool, application: str = "wsgi:app"
) -> None:
    """Vote, lose the answer to the commit, and send the same form once more."""
    url = make_url(database_url)
    with proxied(url.port or 0, Cut(COMMIT, is_forwarded)) as proxy:
        through = url.set(port=proxy.port).render_as_string(hide_password=False)
        with serving(through, tmp_path / "site", application=application) as site:
            browser = site.browser()
            form = browser.checked(poll.codes[0], poll.plans[:2])
            proxy.cut.armed.set()
            page = browser.send(form)
            assert proxy.cut.done.is_set()
            assert (page.status, page.receipt, len(poll.envelopes())) == (500, "", is_forwarded)
            assert "Wij weten niet of het gelukt is" in page.text
            assert "dubbel telt niet" in page.text
            assert "NIET opgeslagen" not in page.text
            assert not browser.get("/stemmen/ontvangst").receipt
            assert [browser.send(form).receipt] == receipts(poll)
