"""The canary votes as voters do, is read as the count reads, notices what is not the same, and is seen nowhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import ANNOUNCED, COUNTING, VOTING
from tests.watch.watchman import WHILE_VOTING, Watchman
from wijkbudget.ballots.queries import urn_of
from wijkbudget.ballots.rules import FrozenRules
from wijkbudget.ballots.tables import Entitlement, Envelope
from wijkbudget.figures import queries as figures
from wijkbudget.figures.queries import year_figures
from wijkbudget.people.rules import Role
from wijkbudget.plans.tables import Plan
from wijkbudget.rounds.queries import round_by_slug, rounds
from wijkbudget.rounds.rules import Phase
from wijkbudget.rounds.tables import FinishedTask, Round
from wijkbudget.watch.canary import Cast, cast_any, difference, fly_canary, make_canary
from wijkbudget.watch.queries import canary_round

MINUTE = timedelta(minutes=1)


@pytest.fixture
def canary(watchman: Watchman, build: Builder) -> Round:
    """The round of a canary with three keepers."""
    for role in (Role.OFFICIAL, Role.ADMINISTRATOR, Role.OFFICIAL):
        build.appointed(role)
    made = make_canary(build.session, keys=watchman.keys, now=VOTING)
    build.commit()
    watchman.clock.move_to(VOTING)
    return made


def fly(watchman: Watchman) -> str | None:
    return fly_canary(watchman.database, keys=watchman.keys, clock=watchman.clock)


def cast(watchman: Watchman, canary: Round) -> Cast:
    with watchman.database.transaction() as session:
        return cast_any(session, canary.id, watchman.clock)


def compared(watchman: Watchman, cast: Cast) -> str | None:
    with watchman.database.reading() as session:
        return difference(session, cast, watchman.keys)


def test_the_canary_flies_again_and_again_and_every_ballot_comes_out_as_it_was_cast(
    watchman: Watchman, canary: Round
) -> None:
    assert [fly(watchman) for _ in range(20)] == [None] * 20
    with watchman.database.reading() as session:
        assert 1 <= (session.scalar(select(func.count()).select_from(Envelope)) or 0) <= 3


def test_the_canary_votes_now_and_in_a_thousand_years(canary: Round) -> None:
    assert canary.schedule.phase_at(ANNOUNCED) is Phase.VOTING
    assert canary.schedule.phase_at(ANNOUNCED + timedelta(days=365_000)) is Phase.VOTING


def test_the_canary_is_made_once_with_rights_of_its_first_keepers_and_plans_that_are_none(
    watchman: Watchman, build: Builder
) -> None:
    people = [build.appointed(Role.OFFICIAL).id for _ in range(7)]
    build.commit()
    watchman.clock.move_to(VOTING)
    assert [fly(watchman), fly(watchman)] == [None, None]
    with watchman.database.reading() as session:
        [round_] = session.scalars(select(Round).where(Round.is_canary))
        rights = session.scalars(select(Entitlement.person_id).order_by(Entitlement.person_id)).all()
        urn = urn_of(session, round_.id)
        assert session.scalar(select(func.count()).select_from(Plan)) == 0
    assert urn is not None
    assert (round_.made_by, rights) == (people[0], people[:5])
    assert max(FrozenRules.parse(urn.rules).costs) < 0


def test_a_ballot_that_came_out_otherwise_is_noticed(watchman: Watchman, canary: Round) -> None:
    given = cast(watchman, canary)
    assert compared(watchman, given) is None
    other = ((-2, 1),) if given.points != ((-2, 1),) else ()
    words = "the ballot did not come out of its envelope as it was cast"
    assert compared(watchman, replace(given, points=other)) == words
    assert compared(watchman, replace(given, nonce=bytes(16))) == words


def test_an_envelope_that_is_not_the_one_of_the_receipt_is_noticed(watchman: Watchman, canary: Round) -> None:
    given = cast(watchman, canary)
    with watchman.database.transaction() as session:
        stored = session.get_one(Envelope, given.entitlement_id)
        stored.sealed = stored.sealed[:-1] + bytes([stored.sealed[-1] ^ 1])
    assert compared(watchman, given) == "the receipt is not that of the envelope in the urn"


def test_an_envelope_that_cannot_be_read_is_noticed(watchman: Watchman, canary: Round) -> None:
    given = cast(watchman, canary)
    with watchman.database.transaction() as session:
        unused = session.scalars(select(Entitlement.id).where(~Entitlement.is_used).limit(1)).one()
        session.add(Envelope(entitlement_id=unused, round_id=canary.id, sealed=b"rubbish", retry_mark=bytes(32)))
    assert compared(watchman, given) == "envelopes were rejected: unreadable"


@pytest.mark.parametrize("damage", [damage for damage in WHILE_VOTING if "envelope" not in damage.__name__])
def test_books_of_the_canary_that_do_not_agree_are_noticed(
    watchman: Watchman, canary: Round, damage: Callable[[Session, int], None]
) -> None:
    given = cast(watchman, canary)
    watchman.behind_its_back(damage, canary)
    problem = compared(watchman, given)
    assert problem is not None
    assert " / " in problem


def test_a_lost_key_is_told_before_any_round_is_closed_and_is_over_when_it_is_found(
    watchman: Watchman, canary: Round
) -> None:
    watchman.look(VOTING)
    file = watchman.config.key_folder / watchman.key_file(canary.id)
    away = file.rename(file.with_suffix(".away"))
    watchman.look(VOTING + 6 * MINUTE)
    assert watchman.problem("canary") == "its private key cannot be read (FileNotFoundError)"
    away.rename(file)
    watchman.look(VOTING + 12 * MINUTE)
    assert watchman.problem("canary") is None
    told = ("alarm", "canary"), ("alarm-over", "canary")
    assert watchman.alarms() == [told[0]] * 2 + [told[1]] * 2  # to two officials


def test_another_key_in_its_place_is_noticed(watchman: Watchman, canary: Round) -> None:
    (watchman.config.key_folder / watchman.key_file(canary.id)).write_bytes(b"7" * 32)
    assert fly(watchman) == "envelopes were rejected: unreadable"


def test_a_vote_that_cannot_be_cast_is_noticed(
    watchman: Watchman, canary: Round, caplog: pytest.LogCaptureFixture
) -> None:
    with watchman.database.transaction() as session:
        schedule = replace(canary.schedule, counting=VOTING)
        session.get_one(Round, canary.id).schedule = schedule
    assert fly(watchman) == "its ballot could not be cast or read (WrongPhase)"
    assert "the canary failed" in caplog.text


def test_a_canary_that_was_put_aside_is_replaced_by_a_new_one(watchman: Watchman, canary: Round) -> None:
    (watchman.config.key_folder / watchman.key_file(canary.id)).unlink()
    with watchman.database.transaction() as session:
        session.execute(update(Round).where(Round.is_canary).values(slug=f"verloren-{canary.id}"))
    assert fly(watchman) is None
    with watchman.database.reading() as session:
        newer = canary_round(session)
        assert newer is not None
        assert newer.id != canary.id
        assert round_by_slug(session, f"verloren-{canary.id}") is None


def test_the_canary_stands_on_no_page(app: Flask, watchman: Watchman, build: Builder, canary: Round) -> None:
    assert fly(watchman) is None
    client, official = app.test_client(), build.appointed(Role.OFFICIAL)
    build.sign_in(client, official)
    asked = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    asked += [f"/jaarverslag/{year}" for year in (2000, 2026, 2100)]
    answers = {address: client.get(address) for address in asked}
    assert {"/", "/rondes", "/ambtenaar", "/gezondheid"} <= {
        address for address, answer in answers.items() if answer.status_code == 200
    }
    shown = {address: answer.get_data(as_text=True) for address, answer in answers.items()}
    assert [address for address, text in shown.items() if canary.title in text or "Proefplan" in text] == []
    for address in ("/rondes/", "/rondes//uitslag", "/ambtenaar/rondes/", "/ambtenaar/rondes//uitslag"):
        assert client.get(address).status_code in (301, 302, 308, 404), address


def test_no_list_report_or_task_knows_the_canary(
    watchman: Watchman, canary: Round, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fly(watchman) is None
    watchman.work(COUNTING)
    assert list(rounds(session)) == []
    assert round_by_slug(session, "") is None
    assert session.scalar(select(func.count()).select_from(FinishedTask)) == 0
    monkeypatch.setattr(figures, "bounds", lambda _: (ANNOUNCED, canary.schedule.result))
    assert year_figures(session, 9999).rounds == ()
