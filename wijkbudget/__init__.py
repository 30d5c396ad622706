"""Wijkbudget: participatory budgeting for Dutch municipalities. This file alone puts the parts together."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config

from .clock import Clock
from .database import safe_database
from .web import access, assets, blueprints, cookies, headers, language, refusals, transactions, wording

ROOT = Path(__file__).parent.parent
LARGEST_REQUEST = 25 * 1024 * 1024  # above the largest photo, so that a photo that is too large gets its form back
LARGEST_TEXT = 1024 * 1024


def create_app(config: Config, *, clock: Clock | None = None) -> Flask:
    """The web application. Raises UnsafeDatabase if its database could lose what it acknowledged."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_TEXT,
        WTF_CSRF_TIME_LIMIT=None,  # the token belongs to the session; who writes a plan for two hours keeps it
        SESSION_COOKIE_NAME="wijkbudget",
        SESSION_COOKIE_SECURE=not config.development,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
    )
    database = safe_database(config.database_url)
    app.extensions["wijkbudget"] = transactions.Parts(config=config, database=database, clock=clock or Clock())
    for part in (transactions, cookies, language, wording, assets, access, headers, refusals, blueprints):
        part.install(app)
    app.wsgi_app = language.PrefixMiddleware(app.wsgi_app)  # type: ignore[method-assign]
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]
    return app
