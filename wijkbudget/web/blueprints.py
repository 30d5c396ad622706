"""One blueprint for each audience: its folder, its templates, its door and its URL prefix."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask

from .transactions import Parts

public = Blueprint("public", __name__)
account = Blueprint("account", __name__, url_prefix="/account")
resident = Blueprint("resident", __name__, url_prefix="/mijn")
voter = Blueprint("voter", __name__, url_prefix="/stemmen")
moderator = Blueprint("moderator", __name__, url_prefix="/moderator")
official = Blueprint("official", __name__, url_prefix="/ambtenaar")
development = Blueprint("development", __name__, url_prefix="/ontwikkel")


def install(app: Flask) -> None:
    """Register every audience with the views in its folder; /ontwikkel exists in development only."""
    wijkbudget: Parts = app.extensions["wijkbudget"]
    for blueprint in (public, account, resident, voter, moderator, official, development):
        if blueprint is development and not wijkbudget.config.development:
            continue
        folder = import_module(f"{__package__}.{blueprint.name}")
        for module in iter_modules(folder.__path__):
            import_module(f"{folder.__name__}.{module.name}")
        app.register_blueprint(blueprint)
