"""Where the commands find the settings and the database."""

import os
from pathlib import Path

import click

from config import Config, SettingsError

from ..database import Database

INSTANCE = Path("instance")


def settings() -> Config:
    """The settings of the environment, or else those of a development machine in the folder `instance`."""
    if "DATABASE_URL" not in os.environ:
        INSTANCE.mkdir(exist_ok=True)
        return Config.for_development(INSTANCE.absolute())
    try:
        return Config.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def open_database() -> Database:
    """The database that the settings name."""
    return Database(settings().database_url)
