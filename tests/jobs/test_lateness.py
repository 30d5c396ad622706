"""A task that is not done in time raises the alarm; what waits for people, as it should, raises none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from config import Config
from tests.builders import PEPPER, Builder
from tests.ceremony import WITH_OFFICIALS, Ceremony, ceremony
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, DAY, REVIEWING, SCHEDULE, SECOND, VOTING
from tests.watch.watchman import Watchman
from wijkbudget.ballots.rules import chosen
from wijkbudget.database import Database
from wijkbudget.demo.casting import cast_votes
from wijkbudget.jobs import lateness, watching
from wijkbudget.jobs.phases import catch_up
from wijkbudget.jobs.reminders import REMINDERS
from wijkbudget.jobs.timetable import TIMETABLE, Desk
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.results.actions import SETTLING, confirm_draw, enter_draw, publish_result
from wijkbudget.results.queries import publication_of
from wijkbudget.rounds.rules import Counting, Schedule, SeedSource
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.watch.rules import STOPPED

MINUTE = timedelta(minutes=1)
TURN = MINUTE + SECOND
START = SCHEDULE.submitting
ON_SERVER = VotingTerms()
SHORT = Schedule(*(START + days * DAY for days in (0, 3, 7, 10, 15)))


@pytest.fixture
def watchman(database: Database, config: Config, clock: MovableClock) -> Watchman:
    """A scheduler that watches."""
    return Watchman(database, config, clock)


# A round in which all goes well


@dataclass
class Play:
    """A round that waits, one day or more each time, for everybody whom a round can wait for."""

    watchman: Watchman
    made: Ceremony
    votes: list[tuple[str, tuple[tuple[int, int], ...]]]

    @property
    def deeds(self) -> dict[int, Callable[[], object]]:
        """What people do, by the day."""
        deeds: dict[int, Callable[[], object]] = {
            8: self.vote, 13: lambda: self.draw(enter_draw, 0, proof="Op het stadhuis"),
            14: lambda: self.draw(confirm_draw, 1), 18: self.publish,
        }  # fmt: skip
        if self.made.round.voting == WITH_OFFICIALS:
            deeds |= {4: lambda: self.made.step_in(now=self.now), 6: lambda: self.made.put_on_paper(now=self.now)}
            deeds |= {day: partial(self.type, day - 11) for day in (11, 12)}
        return deeds

    @property
    def now(self) -> datetime:
        return self.watchman.clock.now()

    def type(self, number: int) -> None:
        self.made.type(number, by=number, now=self.now)

    def vote(self) -> None:
        cast_votes(self.watchman.database, self.votes, batch=2, pepper=PEPPER, clock=self.watchman.clock)

    def draw(self, deed: Callable[..., None], official: int, **details: str) -> None:
        session, round_ = self.made.session, self.made.round
        deed(session, round=round_, official=self.made.officials[official], seed="7", now=self.now, **details)

    def publish(self) -> None:
        publish(self.watchman, self.made.round, self.made.officials[0])

    def live(self, days: int = 22) -> None:
        """Let the round pass; each day the watch looks before and after the deed, and before and after the work."""
        for day in range(-1, days):
            moment = START + day * DAY
            self.watchman.look(moment)
            self.watchman.clock.move_to(moment + 10 * SECOND)
            self.deeds.get(day, lambda: None)()
            self.made.session.commit()
            self.watchman.look(moment + TURN)
            self.watchman.work(moment + TURN)
            self.watchman.look(moment + TURN + lateness.LATE)


def publish(watchman: Watchman, round_: Round, official: Person) -> None:
    with watchman.database.transaction() as session:
        publish_result(session, round=session.get_one(Round, round_.id), official=official, now=watchman.clock.now())


def play(watchman: Watchman, build: Builder, terms: VotingTerms) -> Play:
    """The round of a play; its two plans stand equal, so that the count waits for a draw."""
    round_ = build.round(
        schedule=SHORT, budget=1_000_000, like_threshold=0, voting=terms, counting=Counting(seed=SeedSource.DRAW)
    )
    plans = [build.menu_plan(round_, title=title, cost=600_000) for title in ("Speeltuin", "Bankje")]
    votes = [(code, chosen([plan.id])) for code, plan in zip(build.codes(round_, 2), plans, strict=True)]
    made = ceremony(build, round_)
    build.commit()
    return Play(watchman, made, votes)


@pytest.mark.parametrize("terms", [ON_SERVER, WITH_OFFICIALS], ids=["server", "officials"])
def test_a_round_that_waits_for_nobody_but_people_raises_no_alarm_on_any_day(
    watchman: Watchman, build: Builder, terms: VotingTerms
) -> None:
    played = play(watchman, build, terms)
    played.live()
    assert watchman.letters() == []
    assert watchman.check(f"tasks of round {played.made.round.id}") is not None
    with watchman.database.reading() as session:
        assert publication_of(session, played.made.round.id) is not None


@pytest.mark.parametrize("task", ["freeze rules", "count", "publish package"])
def test_a_watch_that_takes_a_wait_for_people_for_a_failure_is_found_out(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    impatient = tuple(replace(each, wait=None) if each.name == task else each for each in TIMETABLE)
    monkeypatch.setattr(lateness, "TIMETABLE", impatient)
    with found(r"== \[\]"):
        test_a_round_that_waits_for_nobody_but_people_raises_no_alarm_on_any_day(watchman, build, WITH_OFFICIALS)


# Tasks that fail


@dataclass(frozen=True)
class Failure:
    """A task that cannot be done from this moment on."""

    task: str
    moment: datetime
    terms: VotingTerms = ON_SERVER


SETTLED = SCHEDULE.counting + SETTLING
FAILURES = [
    Failure("freeze rules", SCHEDULE.voting),
    Failure("freeze rules", REVIEWING, WITH_OFFICIALS),
    Failure("write to authors", SCHEDULE.voting),
    Failure("count", SETTLED),
    Failure("count", COUNTING + DAY, WITH_OFFICIALS),
    Failure("write to officials", SETTLED),
    Failure("publish package", COUNTING),
    Failure("ask for keys", SCHEDULE.voting),
    Failure("ask for shares", SETTLED),
]


def failing(desk: Desk) -> bool:
    raise OSError(f"round {desk.round.id}: no room left on the device")


def work(watchman: Watchman, moment: datetime, broken: str | None = None) -> None:
    """What the scheduler does while this task fails."""
    watchman.clock.move_to(moment)
    for timetable in (TIMETABLE, REMINDERS):
        tasks = [replace(task, act=failing, prepare=None) if task.name == broken else task for task in timetable]
        catch_up(watchman.database, keys=watchman.keys, clock=watchman.clock, timetable=tasks)


def led_to(watchman: Watchman, build: Builder, failure: Failure) -> Round:
    """A round in which one person voted, if it comes to that, at the moment at which the failure begins."""
    made = ceremony(build, build.round(voting=failure.terms))
    build.menu_plan(made.round)
    moment, is_shared = failure.moment, failure.terms == WITH_OFFICIALS
    if is_shared:
        made.step_in(now=moment if failure.task == "freeze rules" else REVIEWING)
    build.commit()
    if moment > SCHEDULE.voting:
        work(watchman, VOTING - 2 * DAY if is_shared else VOTING)
        if is_shared:
            made.put_on_paper()
        build.blank_vote(made.round)
        build.commit()
        work(watchman, VOTING)
    if is_shared and failure.task == "count":
        work(watchman, SETTLED)
        for number in range(2):
            made.type(number, by=number, now=moment)
        build.commit()
    if failure.task == "publish package":
        work(watchman, moment)
        publish(watchman, made.round, made.officials[0])
    return made.round


def ages_of_alarm(watchman: Watchman, failure: Failure, name: str) -> list[timedelta]:
    """How long after the failure began the watch finds it, looking each minute for a quarter of an hour."""
    ages = []
    for minute in range(15):
        age = minute * TURN
        work(watchman, failure.moment + age, failure.task)
        watchman.look(failure.moment + age + 5 * SECOND)
        if name in watchman.problems():
            ages.append(age)
    return ages


@pytest.mark.parametrize("failure", FAILURES, ids=lambda each: f"{each.task}, {each.terms.keys}")
def test_a_task_that_fails_is_told_within_ten_minutes_once_and_is_over_when_it_is_done(
    watchman: Watchman, build: Builder, failure: Failure
) -> None:
    round_ = led_to(watchman, build, failure)
    name = f"tasks of round {round_.id}"
    ages = ages_of_alarm(watchman, failure, name)
    assert lateness.LATE <= ages[0] < STOPPED - 2 * MINUTE
    assert ages == [minute * TURN for minute in range(ages[0] // TURN, 15)]
    assert set(watchman.alarms()) == {("alarm", name)}
    addressed = [letter.recipient for letter in watchman.letters()]
    assert len(addressed) == len(set(addressed))
    work(watchman, failure.moment + 16 * MINUTE)
    watchman.look(failure.moment + 18 * MINUTE)
    assert watchman.problems() == {}
    assert watchman.alarms() == [("alarm", name)] * len(addressed) + [("alarm-over", name)] * len(addressed)


@pytest.mark.parametrize("failure", FAILURES[3:5], ids=lambda each: str(each.terms.keys))
def test_a_watch_that_does_not_look_after_tasks_is_found_out(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch, failure: Failure
) -> None:
    monkeypatch.setattr(watching, "lateness", lambda *_: None)
    with pytest.raises(IndexError):
        test_a_task_that_fails_is_told_within_ten_minutes_once_and_is_over_when_it_is_done(watchman, build, failure)


def test_a_watch_that_is_patient_for_ten_minutes_is_found_out(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lateness, "LATE", STOPPED)
    with found("< "):
        test_a_task_that_fails_is_told_within_ten_minutes_once_and_is_over_when_it_is_done(
            watchman, build, Failure("count", SETTLED)
        )


# Voting without an urn


@pytest.mark.parametrize("people", range(4))
def test_voting_that_is_on_while_nobody_can_vote_is_told_until_somebody_can(
    watchman: Watchman, build: Builder, people: int
) -> None:
    made = ceremony(build)
    made.step_in(people)
    build.commit()
    name = f"tasks of round {made.round.id}"
    watchman.work(SCHEDULE.voting - MINUTE)
    made.put_on_paper(2 if people == 3 else 0)
    build.commit()
    ages = []
    for minute in range(10):
        age = minute * TURN
        watchman.work(SCHEDULE.voting + age)
        watchman.look(SCHEDULE.voting + age)
        ages += [age] if name in watchman.problems() else []
    assert ages[0] == lateness.LATE // MINUTE * TURN
    assert len(ages) == 10 - lateness.LATE // MINUTE
    assert "nobody can vote" in watchman.problems()[name]


def test_it_is_over_once_the_last_official_has_the_share(watchman: Watchman, build: Builder) -> None:
    made = ceremony(build)
    build.commit()
    watchman.work(VOTING)
    watchman.look(VOTING)
    assert watchman.problems().keys() == {f"tasks of round {made.round.id}"}
    made.step_in(now=VOTING)
    build.commit()
    watchman.work(VOTING + MINUTE)
    made.put_on_paper(now=VOTING)
    build.commit()
    watchman.work(VOTING + 2 * MINUTE)
    watchman.look(VOTING + 3 * MINUTE)
    assert watchman.problems() == {}


def test_what_a_scheduler_missed_while_it_was_away_is_told_and_then_over(watchman: Watchman, build: Builder) -> None:
    round_ = build.round()
    official = build.appointed(Role.OFFICIAL)
    build.commit()
    watchman.look(SCHEDULE.voting - MINUTE)
    watchman.look(VOTING)
    watchman.work(VOTING + SECOND)
    watchman.look(VOTING + TURN)
    name = f"tasks of round {round_.id}"
    mine = [(each.kind, each.details["check"]) for each in watchman.letters() if each.recipient == official.email]
    assert mine == [("alarm", name), ("alarm-over", name)]
