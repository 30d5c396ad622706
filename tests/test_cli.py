"""`wijkbudget` offers every command of the folder commands, and names what is missing in the settings."""

from click.testing import CliRunner

from wijkbudget.cli import main


def test_every_command_is_offered() -> None:
    assert set(main.commands) == {
        "count", "journal", "letters", "migrate", "person", "places", "postcodes", "replay", "run",
        "scheduler", "verify",
    }  # fmt: skip


def test_the_help_names_each_command_with_a_sentence() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    assert all(command.help and name in shown for name, command in main.commands.items())
