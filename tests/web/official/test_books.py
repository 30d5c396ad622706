"""The dashboard shows the books of a round, and an alarm when they do not agree."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from inspect import getsource

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, REVIEWING, VOTING
from tests.watch.watchman import (
    AFTER_OPENING,
    Watchman,
    give_an_envelope_to_another_right,
    invent_a_rejection,
    lose_an_envelope,
    spoil_an_envelope,
    write_another_number_of_envelopes,
    write_another_number_of_voters,
)
from tests.web.official.conftest import page
from wijkbudget.ballots import opening, urn
from wijkbudget.ballots.tables import Envelope
from wijkbudget.database import Database
from wijkbudget.people.rules import Role
from wijkbudget.rounds.tables import Round
from wijkbudget.watch.rules import Comparison
from wijkbudget.web.official.books import DISAGREEMENTS
from wijkbudget.web.wording import REASONS

ALARM = "De stembus klopt niet"


@pytest.fixture
def watchman(database: Database, config: Config, clock: MovableClock) -> Watchman:
    """A scheduler that watches."""
    return Watchman(database, config, clock)


@pytest.fixture
def round_(watchman: Watchman, build: Builder, client: FlaskClient) -> Round:
    """A round in which three people voted, looked at by an official."""
    made = watchman.voted_round(build)
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    return made


def shown(client: FlaskClient, round_: Round) -> str:
    return " ".join(page(client, f"/ambtenaar/rondes/{round_.slug}").split())


def lines(text: str) -> list[str]:
    """The lines of the books, without their markup."""
    part = text.partition('id="boeken"')[2].partition('<dl class="wb-terms">')[2].partition("</dl>")[0]
    for tag in ("</dt>", "</dd>", "<dt>", '<dd class="wb-nums">', "</span>"):
        part = part.replace(tag, " ")
    for kind in ("ok", "no"):
        part = part.replace(f'<span class="wb-badge wb-badge--{kind}">', "")
    return [" ".join(line.replace("</div>", "").split()) for line in part.split("<div>")[1:]]


def test_before_the_voting_there_are_no_books(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    made = build.round()
    build.sign_in(client, build.appointed(Role.OFFICIAL))
    clock.move_to(REVIEWING)
    assert "Klopt de stembus?" not in shown(client, made)


def test_while_people_vote_the_rights_are_held_against_the_envelopes(client: FlaskClient, round_: Round) -> None:
    text = shown(client, round_)
    assert lines(text) == ["Gebruikte stemrechten = enveloppen in de stembus 3 = 3 klopt"]
    assert "Nog niet gecontroleerd." in text
    assert ALARM not in text


def test_it_tells_when_the_watch_compared_them_last(client: FlaskClient, watchman: Watchman, round_: Round) -> None:
    watchman.look(VOTING)
    assert "Laatst gecontroleerd op maandag 2 november 2026 om 11.00 uur." in shown(client, round_)


def test_after_the_opening_every_envelope_is_a_ballot_or_rejected_for_a_reason(
    client: FlaskClient, watchman: Watchman, round_: Round
) -> None:
    with watchman.database.transaction() as session:
        session.execute(
            update(Envelope).where(Envelope.entitlement_id == _any(session)).values(sealed=b"no envelope at all")
        )
    watchman.work(COUNTING)
    text = shown(client, round_)
    assert lines(text) == [
        "Gebruikte stemrechten = enveloppen in de stembus 3 = 3 klopt",
        "Enveloppen in de stembus = geopende enveloppen 3 = 3 klopt",
        "Geopende enveloppen = stemmen + afgekeurd 3 = 2 + 1 klopt",
        "Geen afgekeurde enveloppen 1 ≠ 0 klopt niet",
        "Geopende enveloppen = mensen die stemden in de uitslag 3 = 3 klopt",
        "Afgekeurd: niet te lezen 1",
    ]
    assert ALARM in text


def _any(session: Session) -> int:
    return session.query(Envelope.entitlement_id).limit(1).scalar() or 0


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lose_an_envelope, "Er zijn 3 stemrechten gebruikt, maar er liggen 2 enveloppen in de stembus."),
        (give_an_envelope_to_another_right, "maar van die stemrechten liggen er 2 enveloppen in de stembus."),
        (write_another_number_of_envelopes, "Er liggen 3 enveloppen in de stembus, maar er zijn er 4 geopend."),
        (invent_a_rejection, "Er zijn 3 enveloppen geopend, maar er zijn 4 stemmen en afgekeurde enveloppen."),
        (write_another_number_of_voters, "Er zijn 3 enveloppen geopend, maar de uitslag noemt 2 stemmen."),
        (spoil_an_envelope, "Afgekeurde enveloppen: 1. Dat hoort niet: elk stembiljet wordt gecontroleerd voor"),
    ],
)
def test_an_alarm_tells_what_does_not_agree_and_since_when(
    client: FlaskClient,
    watchman: Watchman,
    round_: Round,
    damage: Callable[[Session, int], None],
    words: str,
) -> None:
    watchman.work(COUNTING)
    watchman.behind_its_back(damage, round_)
    assert words in shown(client, round_)
    watchman.look(COUNTING)
    text = shown(client, round_)
    assert words in text
    assert ALARM in text
    assert "Ontdekt op woensdag 2 december 2026 om 11.00 uur." in text
    assert "Maak de uitslag niet bekend voordat duidelijk is hoe dat komt." in text
    assert [line for line in lines(text) if line.endswith("klopt niet")]


@pytest.mark.parametrize("damage", AFTER_OPENING)
def test_a_line_is_wrong_whenever_there_is_an_alarm(
    client: FlaskClient, watchman: Watchman, round_: Round, damage: Callable[[Session, int], None]
) -> None:
    watchman.work(COUNTING)
    watchman.behind_its_back(damage, round_)
    text = shown(client, round_)
    assert ALARM in text
    assert [line for line in lines(text) if " ≠ " in line and line.endswith("klopt niet")]


def test_before_the_result_is_public_its_page_tells_what_does_not_agree_and_publishing_stays_possible(
    client: FlaskClient, watchman: Watchman, round_: Round
) -> None:
    address = f"/ambtenaar/rondes/{round_.slug}/uitslag"
    watchman.work(COUNTING)
    assert ALARM not in page(client, address)
    watchman.behind_its_back(spoil_an_envelope, round_)
    text = page(client, address)
    assert (ALARM in text, "Afgekeurde enveloppen: 1." in text, "Maak de uitslag niet bekend" in text) == (True,) * 3
    watchman.look(COUNTING)
    assert client.get("/gezondheid").status_code == 503
    assert client.post(address.replace("uitslag", "publiceren")).status_code == 303
    assert ALARM not in page(client, address) + shown(client, round_)
    watchman.look(COUNTING + timedelta(minutes=2))
    assert client.get("/gezondheid").status_code == 200
    assert {kind for kind, _ in watchman.alarms()} == {"alarm", "alarm-over"}


def test_a_key_that_is_lost_is_told_on_the_dashboard(client: FlaskClient, watchman: Watchman, round_: Round) -> None:
    (watchman.config.key_folder / watchman.key_file(round_.id)).unlink()
    watchman.look(VOTING)
    assert "De sleutel van de stembus ontbreekt" in shown(client, round_)


def test_codes_that_no_longer_work_are_told_on_the_dashboard(
    client: FlaskClient, watchman: Watchman, round_: Round
) -> None:
    assert "De stemcodes werken niet" not in shown(client, round_)
    watchman.config = replace(watchman.config, code_pepper="another pepper, of which nobody made a code")
    watchman.look(VOTING)
    assert "De stemcodes werken niet" in shown(client, round_)
    watchman.work(COUNTING)  # the watch comes later
    assert "De stemcodes werken niet" not in shown(client, round_)


def test_a_key_that_did_its_work_is_missed_no_more(client: FlaskClient, watchman: Watchman, round_: Round) -> None:
    file = watchman.config.key_folder / watchman.key_file(round_.id)
    away = file.rename(file.with_suffix(".away"))
    watchman.look(VOTING)
    away.rename(file)
    watchman.work(COUNTING)  # the watch comes later
    assert "De sleutel van de stembus ontbreekt" not in shown(client, round_)


def test_every_disagreement_has_its_sentence_and_every_rejection_its_words() -> None:
    assert set(DISAGREEMENTS) == set(Comparison)
    source = getsource(opening) + getsource(urn)
    reasons = re.findall(r'(?:SpoiltEnvelope\(|rejected\[)"([a-z-]+)"', source)
    assert set(REASONS) == set(reasons)
