"""Finding one's vote again: what a receipt and a tracker lead to, from when, and when not."""

import hashlib
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, RESULT
from wijkbudget.ballots.codes import new_code, written_code
from wijkbudget.ballots.tables import OpenedBallot, UrnEntry
from wijkbudget.ballots.urn import fingerprint_of
from wijkbudget.plans.tables import Plan
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.web.public import receipts
from wijkbudget.web.transactions import session

PAGE = "/rondes/wijkbudget-bezuidenhout-2026/zoek-uw-stem"
RECEIPT = fingerprint_of(b"an envelope")
TRACKER, BLANK = "T" * 16, "B" * 16
UNKNOWN = "0" * 15 + "1"


def counted(
    build: Builder, clock: MovableClock, *, voters: int = 50, published: bool = True, form: BallotForm | None = None
) -> tuple[Plan, Plan]:
    """A counted round with one envelope and two ballots that can be found; the second plan got more."""
    round_ = build.round(ballot_form=form)
    park, bridge = build.menu_plan(round_, title="Park"), build.menu_plan(round_, title="Brug")
    build.result(round_, {park: voters - 1, bridge: 0}, blank=1, published=published)
    build.session.add(UrnEntry(round_id=round_.id, digest=hashlib.sha256(b"an envelope").digest()))
    points = [[park.id, 1], [bridge.id, 2]]
    build.session.add(OpenedBallot(round_id=round_.id, tracker=TRACKER, points=points))
    build.session.add(OpenedBallot(round_id=round_.id, tracker=BLANK, points=[]))
    build.commit()
    clock.move_to(RESULT)
    return park, bridge


def search(client: FlaskClient, number: str) -> TestResponse:
    return client.post(PAGE, data={"number": number})


def test_a_receipt_leads_to_its_envelope_however_it_is_typed(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock)
    for typed in (RECEIPT, written_code(RECEIPT), f" {written_code(RECEIPT).lower()} ", RECEIPT.replace("0", "o")):
        found = search(client, typed)
        assert found.status_code == 200
        assert "Deze envelop zat in de stembus." in found.text
        assert "Park" not in found.text


def test_a_tracker_leads_to_the_ballot_as_it_was_counted(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock)
    found = search(client, TRACKER)
    assert "Zo is uw stem geteld:" in found.text
    assert re.findall(r"<li>(Park|Brug)</li>", found.text) == ["Brug", "Park"]
    blank = search(client, BLANK)
    assert "U stemde blanco." in blank.text


def one_length(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    """Fails unless the answer is as long whatever was found."""
    counted(build, clock)
    lengths = {number: len(search(client, number).data) for number in (RECEIPT, TRACKER, BLANK, UNKNOWN, new_code())}
    assert len(set(lengths.values())) == 1, f"more than one length: {lengths}"


def test_the_length_of_the_answer_does_not_tell_what_was_found(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    one_length(client, build, clock)


def test_an_answer_that_is_as_long_as_what_it_tells_is_found_out(
    client: FlaskClient, build: Builder, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "without_length", lambda page, *_, **__: page)
    with found("more than one length"):
        one_length(client, build, clock)


def test_a_ranking_comes_in_its_order_and_points_are_named(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock, form=BallotForm(Form.RANKING, 2))
    assert re.search(r"<ol[^>]*>\s*<li>Brug</li>\s*<li>Park</li>", search(client, TRACKER).text)


def test_points_stand_behind_their_plans(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    counted(build, clock, form=BallotForm(Form.POINTS, total_points=10, most_points=6))
    found = search(client, TRACKER).text
    assert re.findall(r"<li>((?:Park|Brug)[^<]*)</li>", found) == ["Brug: 2 punten", "Park: 1 punt"]


def test_what_is_not_found_is_told_with_what_it_may_mean(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock)
    missed = search(client, UNKNOWN)
    assert missed.status_code == 200
    for words in ("Dit nummer vonden wij niet", "U hebt daarna opnieuw gestemd.", "een andere ronde"):
        assert words in missed.text
    assert "stemcode" not in missed.text


def test_who_types_the_code_of_the_letter_is_told_which_number_is_meant(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock)
    for typed in (new_code(), written_code(new_code()).lower()):
        missed = search(client, typed).text
        assert "Dit nummer vonden wij niet" in missed
        assert "U vulde een stemcode in, uit uw brief." in missed


def test_a_receipt_that_ends_as_a_code_does_is_found_all_the_same(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    round_ = counted(build, clock)[0].round
    tracker = new_code()
    build.session.add(OpenedBallot(round_id=round_.id, tracker=tracker, points=[]))
    build.commit()
    assert "U stemde blanco." in search(client, tracker).text


def test_what_was_found_is_said_first_in_the_title_and_gets_the_focus(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock)
    for number, title in (
        (RECEIPT, "Gevonden"),
        (TRACKER, "Gevonden"),
        (BLANK, "Gevonden"),
        (UNKNOWN, "Niet gevonden"),
    ):
        page = search(client, number).text
        assert f"<title>{title}: Zoek uw stem –" in page
        assert page.count('<div role="status" tabindex="-1" autofocus>') == 1
    fresh = client.get(PAGE).text
    assert ("<title>Zoek uw stem –" in fresh, "autofocus" in fresh) == (True, False)


def test_the_page_names_its_round(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    counted(build, clock)
    assert "In de ronde ‘Wijkbudget Bezuidenhout 2026’." in client.get(PAGE).text


@pytest.mark.parametrize("number", ["", "1234", "U" * 16, "0" * 17])
def test_what_cannot_be_a_number_is_refused_beside_the_field(
    client: FlaskClient, build: Builder, clock: MovableClock, number: str
) -> None:
    counted(build, clock)
    refused = search(client, number)
    assert refused.status_code == 422
    assert 'id="number-error"' in refused.text


def test_below_the_number_of_the_round_a_receipt_is_found_and_a_tracker_is_not(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock, voters=49)
    assert "Er zijn minder dan 50 stemmen." in client.get(PAGE).text
    assert "Deze envelop zat in de stembus." in search(client, RECEIPT).text
    missed = search(client, TRACKER).text
    assert "Zo is uw stem geteld" not in missed
    assert "Het is een volgnummer. Dat kunt u in deze ronde niet opzoeken." in missed


def test_before_publication_nothing_is_found_and_the_page_says_when(
    client: FlaskClient, build: Builder, clock: MovableClock
) -> None:
    counted(build, clock, published=False)
    clock.move_to(COUNTING)
    for page in (client.get(PAGE), search(client, RECEIPT), search(client, TRACKER)):
        assert page.status_code == 200
        assert "Zoeken kan vanaf de uitslag." in page.text
        assert "donderdag 10 december 2026 om 11.00 uur" in page.text
        assert 'name="number"' not in page.text
        assert "Deze envelop zat" not in page.text
        assert "Zo is uw stem geteld" not in page.text


def test_a_number_of_another_round_is_not_found(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    other = build.round(title="Elders")
    build.session.add(UrnEntry(round_id=other.id, digest=hashlib.sha256(b"elsewhere").digest()))
    build.session.add(OpenedBallot(round_id=other.id, tracker="E" * 16, points=[]))
    counted(build, clock)
    for number in (fingerprint_of(b"elsewhere"), "E" * 16):
        assert "Dit nummer vonden wij niet" in search(client, number).text


def test_no_number_stands_in_an_address_and_looking_writes_nothing(
    client: FlaskClient, build: Builder, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(build, clock)
    form = client.get(PAGE).text
    assert re.search(r'<form class="wb-form" method="post"', form)

    build.district("Segbroek")  # an open transaction; on SQLite it holds the only write lock
    found_without_writing(client, monkeypatch)


def test_a_search_that_writes_is_found_out(
    client: FlaskClient, build: Builder, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(build, clock)
    monkeypatch.setattr(receipts, "reading", session)
    with found("Deze envelop zat"):
        found_without_writing(client, monkeypatch)


def found_without_writing(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a receipt; fails if anything is committed."""

    def fail(*_: object) -> None:
        raise AssertionError("looking must not commit")

    monkeypatch.setattr(Session, "commit", fail)
    assert "Deze envelop zat in de stembus." in search(client, RECEIPT).text
    assert "Deze envelop" not in client.get(f"{PAGE}?number={RECEIPT}").text


def test_an_unknown_round_has_no_such_page(client: FlaskClient) -> None:
    assert client.get("/rondes/bestaat-niet/zoek-uw-stem").status_code == 404
    assert client.post("/rondes/bestaat-niet/zoek-uw-stem", data={"number": RECEIPT}).status_code == 404


def test_the_published_result_leads_to_the_page(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    counted(build, clock)
    assert f'href="{PAGE}"' in client.get("/rondes/wijkbudget-bezuidenhout-2026/uitslag").text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_address_in_the_qr_code_of_a_letter_leads_to_the_door(client: FlaskClient, prefix: str) -> None:
    answer = client.get(f"{prefix}/stem")
    assert (answer.status_code, answer.location) == (303, f"{prefix}/stemmen")
