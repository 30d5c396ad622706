"""Voting codes leave the house once, as one file, and only when two officials want it."""

import csv
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from html import unescape
from http.client import HTTPConnection, IncompleteRead
from io import BytesIO, StringIO
from itertools import islice
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, DAY, REVIEWING, SCHEDULE, SECOND
from wijkbudget.ballots import batches
from wijkbudget.ballots.batches import BatchDiscarded, Piece, made_codes
from wijkbudget.ballots.codes import code_mac, parsed_code
from wijkbudget.ballots.tables import CodeBatch, VotingCode
from wijkbudget.database import Database, Table
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.printing.letters import letter_volumes
from wijkbudget.printing.terms import LetterTerms, VotingLetter
from wijkbudget.printing.volumes import Volume
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms
from wijkbudget.web.official import codes, printing

CODES = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026/stemcodes"


@pytest.fixture
def round_(build: Builder, clock: MovableClock) -> Round:
    """A round with an electorate of ten, before voting."""
    made = build.round(eligible=10)
    clock.move_to(REVIEWING)
    return made


@pytest.fixture
def olga(client: FlaskClient, build: Builder, round_: Round) -> FlaskClient:
    """An official who asks for codes."""
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    return client


@pytest.fixture
def otto(app: Flask, build: Builder, round_: Round) -> FlaskClient:
    """An official who releases them."""
    client = app.test_client()
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    return client


def shown(client: FlaskClient) -> str:
    return unescape(client.get(CODES).get_data(as_text=True))


def ask(client: FlaskClient, size: str = "3", seen: str | None = None) -> TestResponse:
    [on_page] = re.findall(r'name="seen" value="(\d+)"', shown(client)) or ["0"]
    return client.post(CODES, data={"size": size, "seen": on_page if seen is None else seen})


def newest(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(CodeBatch.id).order_by(CodeBatch.id.desc())).first() or 0


def released(olga: FlaskClient, otto: FlaskClient, database: Database, size: str = "3") -> str:
    """The address of a list that can be taken."""
    assert ask(olga, size).status_code == 303
    address = f"{CODES}/{newest(database)}"
    assert otto.post(f"{address}/vrijgeven").status_code == 303
    return address


def rows(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.get_data(as_text=True))))


def stored(database: Database) -> list[VotingCode]:
    with database.reading() as session:
        return list(session.scalars(select(VotingCode).order_by(VotingCode.serial)))


def test_who_releases_a_list_reads_who_asked_for_it(
    olga: FlaskClient, otto: FlaskClient, build: Builder, round_: Round
) -> None:
    ask(olga)
    assert " vroeg deze codes aan. Klopt het aantal?" in shown(otto)
    names = set(build.session.scalars(select(Person.name)))
    assert any(f"{name} vroeg deze codes aan." in shown(otto) for name in names)
    assert "U hebt deze codes aangevraagd." in shown(olga)


def test_after_voting_the_codes_of_a_list_are_not_said_to_work(
    olga: FlaskClient, otto: FlaskClient, database: Database, clock: MovableClock
) -> None:
    olga.post(f"{released(olga, otto, database)}/lijst.csv").get_data()
    assert "Alle codes van deze lijst werken." in shown(olga)
    clock.move_to(COUNTING)
    assert "De codes van deze lijst werkten tot het stemmen sloot." in shown(olga)


def test_a_round_with_accounts_says_that_it_needs_no_codes(olga: FlaskClient, build: Builder, round_: Round) -> None:
    round_ = build.session.get_one(Round, round_.id)
    round_.franchise = Franchise.ACCOUNT
    build.commit()
    assert "In deze ronde stemmen mensen met hun account." in shown(olga)


def test_the_codes_come_as_a_file_that_no_cache_keeps(olga: FlaskClient, otto: FlaskClient, database: Database) -> None:
    address = released(olga, otto, database)
    answer = olga.post(f"{address}/lijst.csv")

    assert answer.mimetype == "text/csv"
    assert 'attachment; filename="stemcodes-wijkbudget-bezuidenhout-2026-' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(answer.data)


def test_each_letter_has_a_number_and_a_code(olga: FlaskClient, otto: FlaskClient, database: Database) -> None:
    heading, *codes = rows(olga.post(f"{released(olga, otto, database)}/lijst.csv"))

    assert heading == ["briefnummer", "stemcode"]
    assert [serial for serial, _ in codes] == ["1", "2", "3"]
    assert len({parsed_code(code) for _, code in codes}) == 3


def test_the_length_of_the_file_is_told_beforehand_for_serials_of_any_width(
    olga: FlaskClient, otto: FlaskClient, database: Database, build: Builder, round_: Round
) -> None:
    build.session.refresh(round_)
    round_.eligible = 2_000
    build.commit()
    answer = olga.post(f"{released(olga, otto, database, '1.005')}/lijst.csv")
    assert (
        answer.content_length == len(answer.data) == len("briefnummer,stemcode\r\n") + 1005 * 22 + 9 + 180 + 2700 + 24
    )


def test_the_letters_come_as_pages_to_print(olga: FlaskClient, otto: FlaskClient, database: Database) -> None:
    answer = olga.post(f"{released(olga, otto, database)}/brieven.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert [archive.read(name)[:4] for name in archive.namelist()] == [b"%PDF"]
    assert len(stored(database)) == 3


def test_the_database_knows_the_codes_by_their_keyed_hash_only(
    olga: FlaskClient, otto: FlaskClient, round_: Round, database: Database
) -> None:
    list_ = rows(olga.post(f"{released(olga, otto, database)}/lijst.csv"))
    codes = [parsed_code(code) for _, code in list_[1:]]

    macs = [code_mac(code, round_id=round_.id, pepper=PEPPER.encode()) for code in codes]
    assert [code.code_mac for code in stored(database)] == macs
    with database.reading() as session:
        everything = "".join(
            str(row) for table in Table.metadata.sorted_tables for row in session.execute(select(table))
        )
    assert not [code for code in codes if code in everything]


def test_a_second_list_has_other_codes_and_goes_on_counting(
    olga: FlaskClient, otto: FlaskClient, database: Database
) -> None:
    first = rows(olga.post(f"{released(olga, otto, database)}/lijst.csv"))[1:]
    second = rows(otto.post(f"{released(olga, otto, database, '2')}/lijst.csv"))[1:]

    assert [serial for serial, _ in second] == ["4", "5"]
    assert not {code for _, code in first} & {code for _, code in second}


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of the site, served as HTTP/1.1 is, which tells where an answer ends."""
    monkeypatch.setattr(WSGIRequestHandler, "protocol_version", "HTTP/1.1")
    monkeypatch.setattr(WSGIRequestHandler, "log", lambda *_: None)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def downloaded(port: int, client: FlaskClient, address: str) -> tuple[bytes, bool]:
    """What a browser gets of a file, and whether the answer came to its end."""
    cookie = client.get_cookie("wijkbudget", "localhost")
    assert cookie is not None
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("POST", address, headers={"Cookie": f"wijkbudget={cookie.value}", "Content-Length": "0"})
        answer = connection.getresponse()
        assert answer.status == 200
        try:
            return answer.read(), True
        except IncompleteRead as broken:
            return broken.partial, False


def unfinished(made: Callable[..., Iterator[Piece]], *given: Any, **named: Any) -> Iterator[Piece]:
    """All codes of a list, which is then found to be discarded."""
    yield from islice(made(*given, **named), 3)
    raise BatchDiscarded()


FILES = ["lijst.csv", "brieven.zip"]


@pytest.mark.parametrize("file", FILES)
def test_a_browser_sees_that_a_file_ends_whose_codes_are_good(
    served: int, olga: FlaskClient, otto: FlaskClient, database: Database, file: str
) -> None:
    content, is_whole = downloaded(served, olga, f"{released(olga, otto, database)}/{file}")
    assert is_whole
    assert content.count(b"\r\n") == 4 or zipfile.is_zipfile(BytesIO(content))
    assert "Geen van deze codes werkt" not in shown(olga)


@pytest.mark.parametrize("file", FILES)
def test_a_browser_sees_that_a_list_whose_last_step_fails_is_not_whole(
    served: int, olga: FlaskClient, otto: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setattr(batches, "AT_A_TIME", 1)
    monkeypatch.setattr(codes, "made_codes", partial(unfinished, made_codes))
    content, is_whole = downloaded(served, olga, f"{released(olga, otto, database)}/{file}")
    assert len(stored(database)) == 3
    assert not is_whole
    assert content.count(b"\r\n") == 3 if file == "lijst.csv" else b"%PDF" in content  # no more than the last line
    assert not zipfile.is_zipfile(BytesIO(content))
    assert "Geen van deze codes werkt" in shown(olga)


def test_a_list_of_which_all_is_sent_before_its_codes_are_good_is_found_out(
    served: int, olga: FlaskClient, otto: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(pieces: Iterable[Piece]) -> Iterator[str]:
        yield codes.HEADING
        for piece in pieces:
            yield "".join(f"{serial},{code}\r\n" for serial, code in piece)

    monkeypatch.setattr(codes, "_lines", at_once)
    with found("assert not True"):
        test_a_browser_sees_that_a_list_whose_last_step_fails_is_not_whole(
            served, olga, otto, database, monkeypatch, "lijst.csv"
        )


def test_a_zip_with_its_directory_before_its_codes_are_good_is_found_out(
    served: int, olga: FlaskClient, otto: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(letters: Iterator[VotingLetter], size: int, terms: LetterTerms) -> Iterator[Volume]:
        return letter_volumes(islice(letters, size), terms)

    monkeypatch.setattr(printing, "whole_list", at_once)
    with found("assert not True"):
        test_a_browser_sees_that_a_list_whose_last_step_fails_is_not_whole(
            served, olga, otto, database, monkeypatch, "brieven.zip"
        )


@pytest.mark.parametrize("again", ["lijst.csv", "brieven.zip"])
def test_nobody_gets_a_list_twice(olga: FlaskClient, otto: FlaskClient, database: Database, again: str) -> None:
    address = released(olga, otto, database)
    codes = [code for _, code in rows(olga.post(f"{address}/lijst.csv"))[1:]]

    for client in (olga, otto):
        answer = client.post(f"{address}/{again}")
        assert answer.status_code == 409
        assert "Deze lijst is al opgehaald." in unescape(answer.text)
        assert not [code for code in codes if code in answer.text + shown(client)]


def test_nobody_gets_a_list_before_it_is_released(olga: FlaskClient, otto: FlaskClient, database: Database) -> None:
    ask(olga)
    for client in (olga, otto):
        answer = client.post(f"{CODES}/{newest(database)}/lijst.csv")
        assert (answer.status_code, "tweede ambtenaar" in answer.text) == (409, True)
    assert stored(database) == []


def test_whoever_asked_cannot_release_and_is_not_offered_to(
    olga: FlaskClient, otto: FlaskClient, database: Database
) -> None:
    ask(olga)
    assert ("Geef de codes vrij" in shown(olga), "Geef de codes vrij" in shown(otto)) == (False, True)
    answer = olga.post(f"{CODES}/{newest(database)}/vrijgeven")
    assert (answer.status_code, "zelf aangevraagd" in answer.text) == (409, True)


def test_an_unfinished_list_says_how_far_it_is_and_that_no_code_is_good(
    olga: FlaskClient, build: Builder, round_: Round
) -> None:
    batch = build.batch(round_, 8)
    batch.made, batch.finished_at = 2, None
    build.commit()
    assert "2 van de 8 codes zijn gemaakt." in shown(olga)
    assert "Geen van deze codes werkt." in shown(olga)


def test_a_list_that_was_unfinished_at_the_closing_is_nothing_to_wait_for_nor_to_discard(
    olga: FlaskClient, build: Builder, round_: Round, clock: MovableClock
) -> None:
    batch = build.batch(round_, 8)
    batch.made, batch.finished_at = 8, None
    build.commit()
    assert "Gooi deze lijst weg" in shown(olga)
    clock.move_to(SCHEDULE.counting)
    assert "Deze lijst was niet klaar toen het stemmen sloot. Geen van deze codes werkt." in shown(olga)
    assert "Gooi deze lijst weg" not in shown(olga)


@pytest.mark.parametrize("days", [0, -40])
def test_after_the_closing_no_list_is_discarded_whatever_the_clock_of_a_host_says(
    olga: FlaskClient, otto: FlaskClient, database: Database, clock: MovableClock, days: int
) -> None:
    address = released(olga, otto, database, "10")
    clock.move_to(SCHEDULE.counting + SECOND)
    clock.off = days * DAY
    assert olga.post(f"{address}/weggooien").status_code == 409
    assert otto.post(f"{address}/lijst.csv").status_code == 409


def test_a_list_is_discarded_and_asked_for_anew(olga: FlaskClient, otto: FlaskClient, database: Database) -> None:
    address = released(olga, otto, database, "10")
    assert olga.post(f"{address}/weggooien").status_code == 303
    assert "Weggegooid" in shown(olga)
    assert olga.post(f"{address}/lijst.csv").status_code == 409
    assert ask(olga, "10").status_code == 303


def test_there_are_as_many_codes_as_people_and_not_one_more(
    olga: FlaskClient, otto: FlaskClient, database: Database
) -> None:
    ask(olga, "8")

    answer = ask(olga, "3")

    assert answer.status_code == 422
    assert "Er kunnen nog 2 codes bij." in unescape(answer.get_data(as_text=True))
    assert ask(olga, "2").status_code == 303


def test_a_doubled_click_asks_for_one_list(olga: FlaskClient, database: Database) -> None:
    assert [ask(olga, seen="0").status_code for _ in range(2)] == [303, 409]
    assert shown(olga).count("3 stemcodes") == 1


@pytest.mark.parametrize("size", ["", "0", "-1", "1,5", "veel", "99999999999"])
def test_a_size_that_is_no_number_is_refused_at_its_field(olga: FlaskClient, database: Database, size: str) -> None:
    answer = ask(olga, size)

    assert answer.status_code == 422
    assert unescape(answer.get_data(as_text=True)).count("Vul een heel getal in: minimaal 1 en niet meer dan") == 2
    assert newest(database) == 0


@pytest.mark.parametrize(
    ("moment", "status"), [(SCHEDULE.counting - SECOND * 30, 303), (SCHEDULE.counting + SECOND, 409)]
)
def test_codes_are_asked_for_until_voting_closes(
    olga: FlaskClient, clock: MovableClock, moment: datetime, status: int
) -> None:
    clock.move_to(moment)

    assert ask(olga, "1", "0").status_code == status


def test_a_round_in_which_accounts_vote_offers_no_codes(olga: FlaskClient, build: Builder) -> None:
    build.round(title="Wijkbudget Duinoord", voting=VotingTerms(franchise=Franchise.ACCOUNT))
    build.commit()
    address = CODES.replace("bezuidenhout-2026", "duinoord")
    assert "Stemcodes aanvragen" not in olga.get(address).text
    assert olga.post(address, data={"size": "1", "seen": "0"}).status_code == 409


@pytest.mark.parametrize("deed", ["vrijgeven", "weggooien", "lijst.csv", "brieven.zip"])
def test_a_list_of_another_round_is_not_there(
    olga: FlaskClient, otto: FlaskClient, database: Database, build: Builder, deed: str
) -> None:
    build.round(title="Wijkbudget Duinoord")
    build.commit()
    ask(olga)
    other = CODES.replace("bezuidenhout-2026", "duinoord")
    assert otto.post(f"{other}/{newest(database)}/{deed}").status_code == 404


Post = Callable[[FlaskClient], TestResponse]


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.MODERATOR, 403)])
@pytest.mark.parametrize("deed", ["", "/1/vrijgeven", "/1/weggooien", "/1/lijst.csv", "/1/brieven.zip"])
def test_only_officials_have_to_do_with_codes(
    client: FlaskClient, build: Builder, database: Database, role: Role | None, status: int, deed: str
) -> None:
    build.round()
    if role:
        build.sign_in(client, build.appointed(role, "Haagse Hout"))
    build.commit()

    assert client.post(f"{CODES}{deed}", data={"size": "1", "seen": "0"}).status_code == status
    assert (stored(database), newest(database)) == ([], 0)
