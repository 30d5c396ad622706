"""Voters without a browser: they go through the pages, and send again what got no answer."""

import http.client
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.faults.tally import Attempt
from wijkbudget.clock import Clock

HOST = "wijkbudget.example.org"
PATIENCE = 40
NOT_STORED = "NIET opgeslagen"
PERHAPS_STORED = "Wij weten niet of het gelukt is"
VOTED_ELSEWHERE = "U hebt intussen ergens anders gestemd"

Fields = list[tuple[str, str]]


class Closed(Exception):
    """Voting is over."""


class Broken(Exception):
    """No answer, or one that says that something went wrong; `was_denied` if it said that nothing was stored."""

    def __init__(self, was_denied: bool) -> None:
        super().__init__()
        self.was_denied = was_denied


class Page(HTMLParser):
    """An answer: its status, where it leads, its text and the hidden fields of its forms."""

    def __init__(self, status: int, location: str | None, text: str) -> None:
        super().__init__()
        self.status, self.location, self.text = status, location, text
        self.hidden: Fields = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a form would send."""
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden":
            self.hidden.append((values["name"] or "", values.get("value") or ""))

    def field(self, name: str) -> str:
        """The value of a hidden field."""
        return dict(self.hidden)[name]

    @property
    def receipt(self) -> str | None:
        """The receipt that stands on it, as it is kept."""
        shown = re.search(r'wb-receipt__code"[^>]*>([^<]+)<', self.text)
        return shown[1].strip().replace("-", "") if shown else None


class Voter:
    """Somebody with a browser of their own; `sent` is every ballot, `strange` every answer that is not ours."""

    def __init__(self, port: int, clock: Clock, *, number: int) -> None:
        self.port, self.clock, self.number = port, clock, number
        self.cookies: SimpleCookie = SimpleCookie()
        self.sent: list[Attempt] = []
        self.strange: list[str] = []
        self.met: Counter[str] = Counter()

    def vote_until_closed(self, codes: Sequence[tuple[str, int]], ballots: Iterator[tuple[int, ...]]) -> None:
        """Vote again and again with these codes, each with its right to vote."""
        try:
            while True:
                for code, entitlement in codes:
                    self.send(*self.fill_in(code, entitlement, next(ballots)))
        except Closed:
            return

    def fill_in(self, code: str, entitlement: int, choices: tuple[int, ...]) -> tuple[Attempt, Fields]:
        """Everything but the last button: the ballot and what its page will send. Raises Closed."""
        start = self.insist("GET", "/stemmen")
        self.insist("POST", "/stemmen", [("csrf_token", start.field("csrf_token")), ("code", code)])
        choosing = self.insist("GET", "/stemmen/kiezen")
        plans = [("plan", str(plan)) for plan in choices] or [("blank", "y")]
        page = self.insist("POST", "/stemmen/controleren", [*_own(choosing.hidden), *plans])
        nonce, seen = (bytes.fromhex(page.field(name)) for name in ("nonce", "replaces"))
        return Attempt(entitlement, choices, nonce, seen, self.clock.now()), page.hidden

    def send(self, attempt: Attempt, fields: Fields) -> None:
        """Press the last button until there is an answer. Raises Closed."""
        attempt.began = self.clock.now()
        self.sent.append(attempt)
        for _ in _tries():
            attempt.sendings += 1
            try:
                page = self.ask("POST", "/stemmen/versturen", fields)
                if page.status == 303:
                    page = self.ask("GET", page.location or "")
            except Broken as broken:
                attempt.denials += broken.was_denied
                continue
            if page.receipt:
                attempt.receipts.append(page.receipt)
            return

    def insist(self, method: str, path: str, fields: Fields | None = None) -> Page:
        """The page, asked for until it comes. Raises Closed."""
        for _ in _tries():
            try:
                return self.ask(method, path, fields)
            except Broken:
                continue
        raise AssertionError

    def apology(self, path: str) -> None:
        """Ask for this page until the answer is that something went wrong."""
        for _ in _tries():
            with suppress(Broken):
                self.ask("GET", path)
            if self.met[NOT_STORED] + self.met[PERHAPS_STORED]:
                return

    def ask(self, method: str, path: str, fields: Fields | None = None) -> Page:
        """What the site answers. Raises Broken, Closed."""
        try:
            page = self._exchange(method, path, fields)
        except (OSError, http.client.HTTPException) as error:
            self.met["no answer"] += 1
            raise Broken(was_denied=False) from error
        if page.status >= 500:
            raise self._apology(page)
        if page.status == 409 and VOTED_ELSEWHERE not in page.text:
            raise Closed()
        if page.status >= 400 and page.status != 409:
            raise RuntimeError(f"{method} {path} was answered with {page.status}")
        return page

    def _apology(self, page: Page) -> Broken:
        known = [sentence for sentence in (NOT_STORED, PERHAPS_STORED) if sentence in page.text]
        self.met.update(known)
        if len(known) != 1 or "Traceback" in page.text:
            self.strange.append(page.text)
        return Broken(was_denied=known == [NOT_STORED])

    def _exchange(self, method: str, path: str, fields: Fields | None) -> Page:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, urlencode(fields) if fields else None, self._headers(fields))
            with connection.getresponse() as answer:
                text = answer.read().decode()
            for header in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(header)
            return Page(answer.status, answer.headers["Location"], text)

    def _headers(self, fields: Fields | None) -> dict[str, str]:
        """What a browser and the proxy in front of the site add."""
        return {
            "Host": HOST,
            "Referer": f"https://{HOST}/stemmen",
            "X-Forwarded-For": f"192.0.2.{self.number}",
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
            **({"Content-Type": "application/x-www-form-urlencoded"} if fields else {}),
        }


def _own(hidden: Fields) -> Fields:
    return [each for each in hidden if each[0] in ("csrf_token", "booth")]


def _tries() -> Iterator[None]:
    """Turns, with a breath between them, until patience is at its end (TimeoutError)."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        yield
        time.sleep(0.05)
    raise TimeoutError("the site does not recover")
