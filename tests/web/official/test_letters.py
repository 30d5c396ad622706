"""At the desk: one letter is replaced, blocked or unblocked by its number."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, DAY, VOTING
from wijkbudget.ballots import actions
from wijkbudget.ballots.actions import find_code
from wijkbudget.ballots.rules import UnknownCode
from wijkbudget.ballots.serials import Reason
from wijkbudget.ballots.tables import Envelope
from wijkbudget.people.rules import Role
from wijkbudget.rounds.tables import Round
from wijkbudget.web.official.letters import REASONS

LETTERS = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026/brieven"


@pytest.fixture
def codes(client: FlaskClient, build: Builder, clock: MovableClock) -> list[str]:
    """The codes of letters 1 and 2, while people vote and an official sits at the desk."""
    made = build.codes(build.round(), 2)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    clock.move_to(VOTING)
    return made


def is_good(build: Builder, code: str) -> bool:
    build.session.rollback()
    try:
        return bool(find_code(build.session, typed=code, pepper=PEPPER))
    except UnknownCode:
        return False
    finally:
        build.session.rollback()


def replace(client: FlaskClient, serial: str = "1", reason: str = "lost") -> TestResponse:
    return client.post(f"{LETTERS}/vervangen", data={"replace-serial": serial, "replace-reason": reason})


def block(client: FlaskClient, serial: str = "1", reason: str = "misused") -> TestResponse:
    return client.post(f"{LETTERS}/blokkeren", data={"block-serial": serial, "block-reason": reason})


def unblock(client: FlaskClient, serial: str = "1") -> TestResponse:
    return client.post(f"{LETTERS}/deblokkeren", data={"unblock-serial": serial})


def test_a_lost_letter_gives_a_new_one_to_print_and_the_old_code_is_good_no_more(
    client: FlaskClient, build: Builder, codes: list[str]
) -> None:
    answer = replace(client)
    assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "application/pdf", b"%PDF")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="brief-3.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert [is_good(build, code) for code in codes] == [False, True]


def test_a_code_is_blocked_and_unblocked(client: FlaskClient, build: Builder, codes: list[str]) -> None:
    assert block(client).status_code == 303
    assert not is_good(build, codes[0])
    assert "De code van brief 1 is geblokkeerd." in client.get(LETTERS).text
    assert unblock(client).status_code == 303
    assert is_good(build, codes[0])


def test_letters_are_counted_for_all_to_see(client: FlaskClient, codes: list[str]) -> None:
    replace(client)
    block(client, "2")
    shown = client.get(LETTERS.replace("brieven", "stemcodes")).text
    assert [shown.count(f"<dt>{words}</dt><dd>1</dd>") for words in ("Vervangen", "Geblokkeerd")] == [1, 1]


@pytest.mark.parametrize(
    ("deed", "status", "words"),
    [
        (lambda client: replace(client, "7"), 422, "Wij kennen geen brief met dit nummer"),
        (lambda client: replace(client, "zeven"), 422, "Vul het nummer in"),
        (lambda client: replace(client, "1", "anders"), 422, "Kies een reden."),
        (lambda client: block(client, "7"), 422, "Wij kennen geen brief met dit nummer"),
        (lambda client: unblock(client, "1"), 409, "is niet geblokkeerd"),
        (lambda client: (block(client), block(client))[1], 409, "is al geblokkeerd"),
        (lambda client: (replace(client), replace(client))[1], 409, "vervangen door brief 3"),
    ],
)
def test_what_cannot_be_done_is_told_beside_the_form_as_it_was_filled_in(
    client: FlaskClient, codes: list[str], deed: object, status: int, words: str
) -> None:
    answer = deed(client)  # type: ignore[operator]
    assert answer.status_code == status
    assert words in unescape(answer.text)
    assert answer.text.count('<form class="wb-form"') == 3


@pytest.mark.parametrize(
    ("deed", "heading"),
    [
        (lambda client: replace(client, "7"), "Vervang een brief"),
        (lambda client: block(client, "7"), "Blokkeer een code"),
        (lambda client: block(client, "zeven"), "Blokkeer een code"),
        (lambda client: unblock(client, "7"), "Haal een blokkade weg"),
    ],
)
def test_what_is_wrong_stands_above_its_own_form_to_which_the_answer_leads(
    client: FlaskClient, codes: list[str], deed: object, heading: str
) -> None:
    page = deed(client).text  # type: ignore[operator]
    before, after = page.split('id="fouten"')
    assert re.findall(r"(?:<h2[^>]*|<summary)>([^<]*)<", before)[-1] == heading
    assert after.index("#fouten") < after.index("</form>")


def test_a_refused_number_stands_where_it_was_typed(client: FlaskClient, codes: list[str]) -> None:
    shown = replace(client, "77", "returned").text
    assert 'name="replace-serial" type="text" value="77"' in shown
    assert 'value="returned" checked' in shown or "checked" in shown.split('value="returned"')[0][-200:]


def test_after_voting_no_letter_is_replaced_or_blocked_whatever_the_clock_of_a_host_says(
    client: FlaskClient, build: Builder, codes: list[str], clock: MovableClock
) -> None:
    clock.move_to(COUNTING)
    build.session.rollback()
    assert "Het stemmen is klaar." in client.get(LETTERS).text
    for off in (0, -40):
        clock.off = off * DAY
        assert (replace(client).status_code, block(client).status_code) == (409, 409)


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.MODERATOR, 403)])
@pytest.mark.parametrize("deed", ["vervangen", "blokkeren", "deblokkeren"])
def test_only_officials_have_to_do_with_letters(
    client: FlaskClient, build: Builder, role: Role | None, status: int, deed: str
) -> None:
    round_: Round = build.round()
    build.codes(round_)
    if role:
        build.sign_in(client, build.appointed(role, "Haagse Hout"))
    build.commit()
    data = {"replace-serial": "1", "replace-reason": "lost", "block-serial": "1", "block-reason": "lost"}
    assert client.post(f"{LETTERS}/{deed}", data=data).status_code == status


def test_a_booth_that_the_old_code_opened_votes_no_more_once_the_letter_is_replaced(
    app: Flask, client: FlaskClient, build: Builder, config: Config, clock: MovableClock
) -> None:
    round_ = build.round()
    build.menu_plan(round_)
    build.opened_urn(round_, config.key_folder)
    [code] = build.codes(round_)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    clock.move_to(VOTING)
    thief = app.test_client()
    assert thief.post("/stemmen", data={"code": code}).status_code == 303
    checked = thief.post("/stemmen/controleren", data=form_in(thief.get("/stemmen/kiezen").text) | {"blank": "y"})
    form = form_in(checked.text) | {"blank": "y"}
    assert "nonce" in form
    assert replace(client, reason="misused").status_code == 200
    sent = thief.post("/stemmen/versturen", data=form)
    assert (sent.status_code, "Deze code werkt niet." in unescape(sent.text)) == (422, True)
    assert thief.get("/stemmen/kiezen").status_code == 422
    with app.extensions["wijkbudget"].database.reading() as session:
        assert session.scalars(select(Envelope)).all() == []


def form_in(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input id="(?:booth|nonce|replaces)" name="(\w+)" type="hidden" value="([^"]*)">', text))


def test_an_old_booth_that_still_votes_is_found_out(
    app: Flask, client: FlaskClient, build: Builder, config: Config, clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(actions, "is_live", lambda *_: True)
    with found("200, False"):
        test_a_booth_that_the_old_code_opened_votes_no_more_once_the_letter_is_replaced(
            app, client, build, config, clock
        )
