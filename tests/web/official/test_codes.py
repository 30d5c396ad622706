"""Voting codes leave the house once, as one file."""

import csv
import re
from datetime import datetime
from html import unescape
from io import StringIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.moments import REVIEWING, SCHEDULE, SECOND
from wijkbudget.ballots.codes import code_mac, parsed_code
from wijkbudget.ballots.tables import CodeBatch, VotingCode
from wijkbudget.database import Database, Table
from wijkbudget.people.rules import Role
from wijkbudget.rounds.tables import Round

CODES = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026/stemcodes"


@pytest.fixture
def round_(client: FlaskClient, build: Builder, clock: MovableClock) -> Round:
    """A round with an electorate of ten, and an official who looks at it before voting."""
    made = build.round(eligible=10)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    clock.move_to(REVIEWING)
    return made


def seen(client: FlaskClient) -> str:
    """How many codes there are, as the page says it in its form."""
    page = client.get(CODES.removesuffix("/stemcodes")).get_data(as_text=True)
    [number] = re.findall(r'name="seen" value="(\d+)"', page) or ["0"]
    return str(number)


def rows(client: FlaskClient, size: str) -> list[list[str]]:
    answer = client.post(CODES, data={"size": size, "seen": seen(client)})
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.get_data(as_text=True))))


def stored(database: Database) -> list[VotingCode]:
    with database.reading() as session:
        return list(session.scalars(select(VotingCode).order_by(VotingCode.serial)))


def test_the_codes_come_as_a_file_that_no_cache_keeps(client: FlaskClient, round_: Round) -> None:
    answer = client.post(CODES, data={"size": "3", "seen": seen(client)})

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="stemcodes-wijkbudget-bezuidenhout-2026.csv"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_letter_has_a_number_and_a_code(client: FlaskClient, round_: Round) -> None:
    heading, *codes = rows(client, "3")

    assert heading == ["briefnummer", "stemcode"]
    assert [serial for serial, _ in codes] == ["1", "2", "3"]
    assert len({parsed_code(code) for _, code in codes}) == 3


def test_the_database_knows_the_codes_by_their_keyed_hash_only(
    client: FlaskClient, round_: Round, database: Database
) -> None:
    codes = [parsed_code(code) for _, code in rows(client, "3")[1:]]

    macs = [code_mac(code, round_id=round_.id, pepper=PEPPER.encode()) for code in codes]
    assert [code.code_mac for code in stored(database)] == macs
    with database.reading() as session:
        everything = "".join(
            str(row) for table in Table.metadata.sorted_tables for row in session.execute(select(table))
        )
    assert not [code for code in codes if code in everything]


def test_a_second_list_has_other_codes_and_goes_on_counting(client: FlaskClient, round_: Round) -> None:
    first, second = rows(client, "3")[1:], rows(client, "2")[1:]

    assert [serial for serial, _ in second] == ["4", "5"]
    assert not {code for _, code in first} & {code for _, code in second}


def test_no_page_shows_a_code_again(client: FlaskClient, round_: Round) -> None:
    codes = [code for _, code in rows(client, "3")[1:]]

    dashboard = client.get(CODES.removesuffix("/stemcodes")).get_data(as_text=True)

    assert not [code for code in codes if code in dashboard]
    assert client.get(CODES).status_code == 405


def test_it_is_known_who_made_a_list_and_when(client: FlaskClient, round_: Round, database: Database) -> None:
    rows(client, "3")

    with database.reading() as session:
        batch = session.scalars(select(CodeBatch)).one()
    assert (batch.round_id, batch.size, batch.made_at >= REVIEWING) == (round_.id, 3, True)


def test_there_are_as_many_codes_as_people_and_not_one_more(
    client: FlaskClient, round_: Round, database: Database
) -> None:
    rows(client, "8")

    answer = client.post(CODES, data={"size": "3", "seen": seen(client)})

    assert answer.status_code == 422
    assert "Er kunnen nog 2 codes bij." in unescape(answer.get_data(as_text=True))
    assert len(stored(database)) == 8
    assert len(rows(client, "2")) == 3


def test_a_doubled_click_makes_one_list(client: FlaskClient, round_: Round, database: Database) -> None:
    form = {"size": "3", "seen": seen(client)}
    assert [client.post(CODES, data=form).status_code for _ in range(2)] == [200, 409]
    assert len(stored(database)) == 3


@pytest.mark.parametrize("size", ["", "0", "-1", "1,5", "veel", "99999999999"])
def test_a_size_that_is_no_number_is_refused_at_its_field(
    client: FlaskClient, round_: Round, database: Database, size: str
) -> None:
    answer = client.post(CODES, data={"size": size, "seen": seen(client)})

    assert answer.status_code == 422
    assert unescape(answer.get_data(as_text=True)).count("Vul een heel getal in: minimaal 1.") == 2
    assert stored(database) == []


@pytest.mark.parametrize(
    ("moment", "status"), [(SCHEDULE.counting - SECOND * 30, 200), (SCHEDULE.counting + SECOND, 409)]
)
def test_codes_are_made_until_voting_closes(
    client: FlaskClient, round_: Round, clock: MovableClock, moment: datetime, status: int
) -> None:
    clock.move_to(moment)

    assert client.post(CODES, data={"size": "1", "seen": "0"}).status_code == status


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.MODERATOR, 403)])
def test_only_officials_make_codes(
    client: FlaskClient, build: Builder, database: Database, role: Role | None, status: int
) -> None:
    build.round()
    if role:
        build.sign_in(client, build.appointed(role, "Haagse Hout"))
    build.commit()

    assert client.post(CODES, data={"size": "1", "seen": "0"}).status_code == status
    assert stored(database) == []
