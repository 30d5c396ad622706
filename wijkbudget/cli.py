"""`wijkbudget …`: what an administrator or a machine does from the command line."""

from importlib import import_module
from pkgutil import iter_modules

import click

from . import commands


@click.group()
def main() -> None:
    """Participatory budgeting for Dutch municipalities."""


for _module in iter_modules(commands.__path__):
    for _name, _value in vars(import_module(f"{commands.__name__}.{_module.name}")).items():
        if isinstance(_value, click.Command) and not _name.startswith("_"):  # the parts of a group belong to it
            main.add_command(_value)
