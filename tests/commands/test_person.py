"""tests/commands/test_person.py tests wijkbudget/commands/person.py."""

import pytest
from click.testing import CliRunner, Result

from tests.builders import Builder
from wijkbudget.commands import person as command
from wijkbudget.commands.person import person
from wijkbudget.database import Database
from wijkbudget.people.queries import person_by_email
from wijkbudget.people.rules import Role

EMAIL = "samira@example.org"


@pytest.fixture(autouse=True)
def city(database: Database, build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "open_database", lambda: database)
    build.person(EMAIL)
    build.district("Haagse Hout")
    build.commit()


def run(*arguments: str, verb: str = "appoint") -> Result:
    return CliRunner().invoke(person, [verb, *arguments])


def test_an_appointment_is_told_in_a_sentence(database: Database) -> None:
    done = run(EMAIL, "moderator", "--stadsdeel", "haagse-hout")
    sentence = f"Samira ({EMAIL}) is moderator in haagse-hout from now on.\n"
    assert (done.exit_code, done.output) == (0, sentence)
    assert run(EMAIL, "official").output == f"Samira ({EMAIL}) is official from now on.\n"
    with database.reading() as session:
        appointed = person_by_email(session, EMAIL)
        assert appointed is not None
        assert appointed.roles == {Role.RESIDENT, Role.MODERATOR, Role.OFFICIAL}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("jan@example.org", "official"), "Nobody has an account with the address jan@example.org."),
        ((EMAIL, "moderator", "--stadsdeel", "elders"), "There is no stadsdeel elders."),
        ((EMAIL, "moderator"), "A moderator needs --stadsdeel at least once; the other roles have none."),
    ],
)
def test_a_refusal_is_a_sentence_and_exit_code_1(arguments: tuple[str, ...], sentence: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.output) == (1, f"Error: {sentence}\n")


def test_nobody_is_appointed_resident() -> None:
    assert run(EMAIL, "resident").exit_code == 2


def test_a_dismissal_ends_one_role_and_leaves_the_others(database: Database) -> None:
    run(EMAIL, "moderator", "--stadsdeel", "haagse-hout")
    run(EMAIL, "official")
    done = run(EMAIL, "moderator", verb="dismiss")
    assert (done.exit_code, done.output) == (0, f"Samira ({EMAIL}) is moderator no longer.\n")
    with database.reading() as session:
        kept = person_by_email(session, EMAIL)
        assert kept is not None
        assert [set(kept.roles), set(kept.district_ids)] == [{Role.RESIDENT, Role.OFFICIAL}, set()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("jan@example.org", "official"), "Nobody has an account with the address jan@example.org."),
        ((EMAIL, "official"), f"The person with the address {EMAIL} is not official."),
    ],
)
def test_a_dismissal_that_makes_no_sense_is_refused(arguments: tuple[str, ...], sentence: str) -> None:
    done = run(*arguments, verb="dismiss")
    assert (done.exit_code, done.output) == (1, f"Error: {sentence}\n")
