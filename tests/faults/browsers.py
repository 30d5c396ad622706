"""A browser without JavaScript that walks from the code to the receipt at a real port, and keeps what it would send."""

import re
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input(?=[^>]* type="hidden")[^>]*>')
ATTRIBUTE = re.compile(r' (name|value)="([^"]*)"')
RECEIPT = re.compile(r'wb-receipt__code">([^<]*)<')
PATIENCE = 30

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """An answer that arrived as a whole."""

    status: int
    text: str
    location: str

    @property
    def receipt(self) -> str:
        """The receipt on the page, empty if there is none."""
        found = RECEIPT.search(self.text)
        return found[1] if found else ""

    @property
    def fields(self) -> Fields:
        """The hidden fields of the page, each once."""
        pairs = [dict(ATTRIBUTE.findall(each)) for each in HIDDEN.findall(self.text)]
        return list(dict.fromkeys((pair["name"], unescape(pair.get("value", ""))) for pair in pairs))


@dataclass
class Browser:
    """Speaks to one port of this machine; it keeps the cookies of the site, as over TLS.

    It notes how many bytes each answer has, as a proxy does.
    """

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)

    def get(self, path: str) -> Page:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields) -> Page:
        """Send a form; where the answer leads on, the page to which it leads."""
        page = self._ask("POST", path, urlencode(fields))
        return self.get(page.location) if page.status == 303 else page

    def enter(self, code: str) -> Page:
        """Type the code from the letter: the page to choose on, or why not."""
        return self.post("/stemmen", [*self.get("/stemmen").fields, ("code", code)])

    def checked(self, code: str, plans: list[int]) -> Fields:
        """The form that sends the ballot, after code, choosing and checking."""
        chosen: Fields = [("plan", str(plan)) for plan in plans] or [("blank", "y")]
        page = self.post("/stemmen/controleren", [*self.enter(code).fields, *chosen])
        assert any(name == "nonce" for name, _ in page.fields), f"{page.status}: {page.text}"
        return page.fields

    def send(self, form: Fields) -> Page:
        """Send the ballot: the page with the receipt, or why not."""
        return self.post("/stemmen/versturen", form)

    def vote(self, code: str, plans: list[int]) -> str:
        """The whole walk; the receipt."""
        page = self.send(self.checked(code, plans))
        assert page.receipt, f"{page.status}: {page.text}"
        return page.receipt

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        self.lengths.append(len(text.encode()))
        self._keep_cookies(answer.headers)
        return Page(answer.status, text, answer.headers["Location"] or "")

    def _keep_cookies(self, headers: HTTPMessage) -> None:
        for cookie in headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


def nonce_of(form: Fields) -> bytes:
    """The number by which the site tells a repetition of this form."""
    return bytes.fromhex(dict(form)["nonce"])
