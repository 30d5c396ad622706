"""A real browser before a real server; the clock is the test's to move."""

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from config import Config
from tests.conftest import MovableClock
from tools.programs import chromium
from wijkbudget import create_app
from wijkbudget.database import Database
from wijkbudget.jobs.scheduler import jobs

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = ViewportSize(width=390, height=844)
WIDE = ViewportSize(width=1280, height=900)


@dataclass(frozen=True)
class Site:
    """The running site: where it is, its clock, and the scheduler's jobs, run when the test says so."""

    url: str
    config: Config
    database: Database
    clock: MovableClock

    def pass_to(self, moment: datetime) -> None:
        """Let the clock pass to `moment`, and the scheduler do what is due then."""
        self.clock.move_to(moment)
        for job in jobs(self.config, self.database, self.clock).values():
            job()


@pytest.fixture
def site(config: Config, database: Database, clock: MovableClock) -> Iterator[Site]:
    """The site on a free port of this machine, with all its protections on."""
    server = make_server("127.0.0.1", 0, _unready, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    config = Config(**{**vars(config), "public_url": url})
    app: Flask = create_app(config, clock=clock)
    server.app = closing_answers(app)  # the address in letters is known only now
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Site(url, config, database, clock)
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["wijkbudget"].database.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium()), args=FLAGS)
        yield browser
        browser.close()


def _unready(_environ: object, _start_response: object) -> list[bytes]:
    raise RuntimeError("nobody visits before the application is there")


def closing_answers(app: WSGIApplication) -> WSGIApplication:
    """`app`, whose answers close their files also if the visitor leaves before the end.

    Werkzeug's server forgets to if the connection is reset while it reads what is left of the request.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            yield from parts

    return answer


class Visitors:
    """Opens browsers of their own for the people of a story; a broken promise of the pages fails the test."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def arrive(self, *, script: bool = True, wide: bool = False) -> Page:
        """A new visitor's page, on a phone unless `wide`."""
        context = self._browser.new_context(
            base_url=self._site.url, locale="nl-NL", java_script_enabled=script, viewport=WIDE if wide else PHONE
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def _listen(self, said: ConsoleMessage) -> None:
        is_refusal = "the server responded with a status of 4" in said.text  # a page that says no is a page
        if said.type == "error" and not is_refusal:
            self.problems.append(said.text)

    def leave(self) -> None:
        """Close all browsers."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    """Visitors whose browsers must not complain: no error in the console, so nothing against the content policy."""
    visitors = Visitors(browser, site)
    yield visitors
    visitors.leave()
    assert visitors.problems == []
