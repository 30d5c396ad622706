"""The cookie of a browser: signed by us, and taken from any host of ours, whatever its clock said."""

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request
from itsdangerous import BadSignature


class TimelessCookies(SecureCookieSessionInterface):
    """Cookies without an age; what must end, a sign-in or voting, ends by itself.

    Flask's own refuse what was signed "in the future", so that two hosts whose clocks differ by a second forget each
    other's voters between two pages.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie of this request holds; empty without one, and for one that we did not sign."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            return self.session_class(serializer.loads(request.cookies.get(self.get_cookie_name(app), "")))
        except BadSignature:
            return self.session_class()


def install(app: Flask) -> None:
    """Keep what a browser remembers in such cookies."""
    app.session_interface = TimelessCookies()
