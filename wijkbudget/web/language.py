"""Dutch lives at `/`, English at `/en/`; the prefix moves to SCRIPT_NAME, so every link keeps the language."""

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import quote

from flask import Flask, request
from flask_babel import Babel

LANGUAGES = {"nl": "nl_NL", "en": "en_GB"}
PREFIX = "/en"


class PrefixMiddleware:
    """Takes `/en` off the path before Flask sees it."""

    def __init__(self, wsgi_app: Any) -> None:
        self._wsgi_app = wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == PREFIX or path.startswith(PREFIX + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path[len(PREFIX) :] or "/"
            environ["wijkbudget.language"] = "en"
        return cast(Iterable[bytes], self._wsgi_app(environ, start_response))


def language() -> str:
    """The language of this request: `nl` or `en`."""
    return cast(str, request.environ.get("wijkbudget.language", "nl"))


def other_language_url() -> str | None:
    """The address of this same page in the other language; None for the answer to a form.

    That page cannot be asked for again, and what it carries would be lost: what was typed, a vote's number, a tracker.
    """
    if request.method == "POST":
        return None
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    path = "/" + quote(request.path.lstrip("/\\"))
    return (path if language() == "en" else PREFIX + path) + query


def install(app: Flask) -> None:
    """Choose the catalog by the address."""
    Babel(
        app,
        locale_selector=lambda: LANGUAGES[language()],
        default_timezone="Europe/Amsterdam",
    )
    app.jinja_env.globals["other_language_url"] = other_language_url
