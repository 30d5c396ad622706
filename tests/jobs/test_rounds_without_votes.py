"""A round in which nobody voted comes to its end by itself: a result that officials publish, and a package."""

from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from tests.builders import Builder
from tests.ceremony import WITH_OFFICIALS, Ceremony, ceremony
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, DAY, RESULT, REVIEWING, SCHEDULE, SECOND, VOTING
from tests.watch.watchman import Watchman
from wijkbudget.ballots.keeping import was_open
from wijkbudget.ballots.queries import typed_shares
from wijkbudget.database import Database
from wijkbudget.jobs import timetable
from wijkbudget.mail.tables import Letter
from wijkbudget.results import actions
from wijkbudget.results.actions import SETTLING, publish_result
from wijkbudget.results.queries import publication_of, result_of
from wijkbudget.results.verification import verify_package
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.watch.queries import books_of
from wijkbudget.watch.rules import disagreement

ON_SERVER = VotingTerms()
ADDRESS = "/rondes/wijkbudget-bezuidenhout-2026"


@pytest.fixture
def watchman(database: Database, config: Config, clock: MovableClock) -> Watchman:
    """A scheduler that watches."""
    return Watchman(database, config, clock)


def nobody_comes(watchman: Watchman, made: Ceremony) -> None:
    watchman.work(VOTING)


def two_come(watchman: Watchman, made: Ceremony) -> None:
    made.step_in(2)
    made.session.commit()
    watchman.work(VOTING)


def three_come_and_look(watchman: Watchman, made: Ceremony, people: int = 3) -> None:
    made.step_in()
    made.session.commit()
    watchman.work(REVIEWING)
    made.put_on_paper(people)
    made.session.commit()
    watchman.work(VOTING)


def one_looks_and_types(watchman: Watchman, made: Ceremony) -> None:
    three_come_and_look(watchman, made, people=1)
    made.type(0, by=0, now=SCHEDULE.counting + SECOND)
    made.session.commit()


def scheduler_is_away(watchman: Watchman, made: Ceremony) -> None:
    """Nothing was frozen before voting was over."""


def key_is_lost(watchman: Watchman, made: Ceremony) -> None:
    watchman.work(VOTING)
    for file in watchman.config.key_folder.iterdir():
        file.unlink()


CASES = [
    (WITH_OFFICIALS, nobody_comes, False), (WITH_OFFICIALS, two_come, False),
    (WITH_OFFICIALS, one_looks_and_types, False), (WITH_OFFICIALS, three_come_and_look, True),
    (ON_SERVER, nobody_comes, True), (ON_SERVER, key_is_lost, True), (ON_SERVER, scheduler_is_away, False),
]  # fmt: skip
"""Who keeps the key, what happens before voting is over, and whether anybody can vote until then."""
each_case = pytest.mark.parametrize(
    ("terms", "before", "is_open"), CASES, ids=[f"{terms.keys}, {before.__name__}" for terms, before, _ in CASES]
)


def empty_round(build: Builder, terms: VotingTerms, seed: SeedSource = SeedSource.URN) -> Ceremony:
    """A round with letters and two plans of which one fits."""
    round_ = build.round(voting=terms, budget=1_000_000, counting=Counting(seed=seed, compares=True))
    for title in ("Speeltuin", "Bankje"):
        build.menu_plan(round_, title=title, cost=600_000)
    build.codes(round_, 3)
    made = ceremony(build, round_)
    build.commit()
    return made


def publish(watchman: Watchman, made: Ceremony) -> None:
    watchman.clock.move_to(RESULT)
    with watchman.database.transaction() as session:
        round_ = session.get_one(Round, made.round.id)
        publish_result(session, round=round_, official=made.officials[0], now=RESULT)
    watchman.work(RESULT + SECOND)


@each_case
@pytest.mark.parametrize("seed", SeedSource)
def test_a_round_in_which_nobody_voted_is_counted_published_and_packed(
    watchman: Watchman, build: Builder, client: FlaskClient,
    terms: VotingTerms, before: Callable[[Watchman, Ceremony], None], is_open: bool, seed: SeedSource,
) -> None:  # fmt: skip
    made = empty_round(build, terms, seed)
    before(watchman, made)
    watchman.work(SCHEDULE.counting + SETTLING + SECOND)
    with watchman.database.reading() as session:
        result = result_of(session, made.round.id)
        assert result is not None, "it is not counted"
        assert (result.voted, result.decided.funded) == (0, ())
        assert disagreement(books_of(session, made.round.id)) is None
        assert "shares-needed" not in session.scalars(select(Letter.kind)).all()
    publish(watchman, made)
    with watchman.database.reading() as session:
        publication = publication_of(session, made.round.id)
        assert publication is not None
        assert verify_package(publication.package, key=publication.public_key)
    assert '"voted":0' in client.get(f"{ADDRESS}/uitslag.json").text.replace('": ', '":')
    assert "pakket.zip" in client.get(f"{ADDRESS}/controleren").text
    page = unescape(client.get(f"{ADDRESS}/uitslag").text)
    assert "0 bewoners hebben gestemd." in page
    assert ("Niemand kon stemmen" in page) == (not is_open)


@each_case
def test_months_after_it_the_watch_finds_nothing_wrong(
    watchman: Watchman, build: Builder,
    terms: VotingTerms, before: Callable[[Watchman, Ceremony], None], is_open: bool,
) -> None:  # fmt: skip
    made = empty_round(build, terms)
    before(watchman, made)
    watchman.work(COUNTING)
    publish(watchman, made)
    watchman.look(RESULT + 30 * DAY)
    assert watchman.problems() == {}
    with watchman.database.reading() as session:
        assert was_open(session, session.get_one(Round, made.round.id)) == is_open


def test_a_count_that_waits_for_the_key_of_an_empty_urn_is_found_out(
    watchman: Watchman, build: Builder, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "has_envelopes", lambda *_: True)
    with found("it is not counted"):
        test_a_round_in_which_nobody_voted_is_counted_published_and_packed(
            watchman, build, client, WITH_OFFICIALS, one_looks_and_types, False, SeedSource.URN
        )


def test_a_freezing_that_waits_for_officials_for_ever_is_found_out(
    watchman: Watchman, build: Builder, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "can_freeze", lambda *_: False)
    with found("it is not counted"):
        test_a_round_in_which_nobody_voted_is_counted_published_and_packed(
            watchman, build, client, WITH_OFFICIALS, two_come, False, SeedSource.URN
        )


def test_one_vote_makes_the_count_wait_for_the_shares(watchman: Watchman, build: Builder) -> None:
    made = empty_round(build, WITH_OFFICIALS)
    three_come_and_look(watchman, made)
    build.blank_vote(made.round)
    build.commit()
    watchman.work(COUNTING)
    with watchman.database.reading() as session:
        assert result_of(session, made.round.id) is None
    for number in range(2):
        made.type(number, by=number)
    build.commit()
    watchman.work(COUNTING + SECOND)
    with watchman.database.reading() as session:
        result = result_of(session, made.round.id)
        assert result is not None
        assert (result.blank, list(typed_shares(session, made.round.id))) == (1, [])
