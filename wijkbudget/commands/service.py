"""`wijkbudget migrate`, `scheduler` and `run`: what keeps the platform going."""

import click
from werkzeug.serving import make_server

from config import Config

from .. import create_app
from ..database import safe_database
from ..demo.city import fill_city, welcome
from ..jobs.scheduler import run_scheduler, start_in_background
from ..schema import migrate as migrate_database
from .context import INSTANCE, open_database, settings


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    migrate_database(open_database())
    click.echo("The database is up to date.")


@click.command()
def scheduler() -> None:
    """Act on phases that have begun, and send the post, until stopped."""
    run_scheduler(settings(), open_database())


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where to listen, on 127.0.0.1.")
def run(port: int) -> None:
    """The demonstration city on this machine: database, web and scheduler in one process."""
    INSTANCE.mkdir(exist_ok=True)
    config = Config.for_development(INSTANCE.absolute(), port=port)
    database = safe_database(config.database_url)
    migrate_database(database)
    codes = fill_city(database, config)
    stop = start_in_background(config, database)
    try:
        server = make_server("127.0.0.1", port, create_app(config), threaded=True)
        click.echo(welcome(config, codes))
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        stop()
