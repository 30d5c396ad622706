"""Where the commands find the settings and the database."""

import os
from pathlib import Path

import click

from config import Config, SettingsError

from ..database import Database, UnsafeDatabase, safe_database

INSTANCE = Path("instance")
PRODUCTION = ("DATABASE_URL", "SECRET_KEY", "CODE_PEPPER", "KEY_FOLDER", "PUBLIC_URL")


def settings() -> Config:
    """The settings of the environment; where there is none at all, those of a development machine in `instance`."""
    if not any(name in os.environ for name in PRODUCTION):
        INSTANCE.mkdir(exist_ok=True)
        return Config.for_development(INSTANCE.absolute())
    try:
        return Config.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def open_database() -> Database:
    """The database that the settings name, if it is safe."""
    try:
        return safe_database(settings().database_url)
    except UnsafeDatabase as error:
        raise click.ClickException(str(error)) from error
