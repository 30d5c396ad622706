"""One blueprint for each audience: its folder, its templates, its door and its URL prefix."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from .transactions import Parts

public = Blueprint("public", __name__)
account = Blueprint("account", __name__, url_prefix="/account")
resident = Blueprint("resident", __name__, url_prefix="/mijn")
voter = Blueprint("voter", __name__, url_prefix="/stemmen")
moderator = Blueprint("moderator", __name__, url_prefix="/moderator")
official = Blueprint("official", __name__, url_prefix="/ambtenaar")
development = Blueprint("development", __name__, url_prefix="/ontwikkel")


class StoredNumber(IntegerConverter):
    """A number in an address that a column of the database can hold; a larger one is no page of ours."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def install(app: Flask) -> None:
    """Register every audience with the views in its folder; /ontwikkel exists in development only."""
    app.url_map.converters["int"] = StoredNumber
    app.before_request(_refuse_unstorable)
    wijkbudget: Parts = app.extensions["wijkbudget"]
    for blueprint in (public, account, resident, voter, moderator, official, development):
        if blueprint is development and not wijkbudget.config.development:
            continue
        folder = import_module(f"{__package__}.{blueprint.name}")
        for module in iter_modules(folder.__path__):
            import_module(f"{folder.__name__}.{module.name}")
        app.register_blueprint(blueprint)


def _refuse_unstorable() -> None:
    if "\0" in request.path:  # PostgreSQL cannot even look for such a text
        abort(404)
