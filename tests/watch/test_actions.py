"""A failure is found in time, told once to every official, and told once when it is over."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.builders import PEPPER, Builder
from tests.ceremony import held
from tests.controls import found
from tests.moments import COUNTING, SECOND, VOTING
from tests.watch.watchman import Watchman, lose_an_envelope
from wijkbudget.ballots.actions import find_code
from wijkbudget.ballots.guesses import PLATFORM_WIDE
from wijkbudget.ballots.holders import find_share, lose_share
from wijkbudget.ballots.rules import UnknownCode
from wijkbudget.ballots.tables import FailedGuess
from wijkbudget.mail.letters import render_letter
from wijkbudget.mail.tables import Letter
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.rounds.tables import Round
from wijkbudget.watch import actions
from wijkbudget.watch.actions import claim_check, list_checks, reconcile, record_finding
from wijkbudget.watch.queries import checks, subjects
from wijkbudget.watch.rules import Subject, Watched
from wijkbudget.watch.tables import Check

GUESSING = Subject(Watched.GUESSING)
MINUTE = timedelta(minutes=1)


def listed(session: Session, *names: Subject, now: datetime = VOTING) -> None:
    list_checks(session, subjects=names, now=now)


def letters(session: Session) -> list[Letter]:
    return list(session.query(Letter).order_by(Letter.id))


def test_a_new_check_is_due_and_nothing_is_wrong_yet(session: Session) -> None:
    listed(session, GUESSING)
    [check] = session.query(Check)
    assert (check.name, check.problem) == ("guessing", None)
    assert claim_check(session, subject=GUESSING, now=VOTING)
    assert check.checked_at == VOTING


def test_what_was_just_checked_is_not_checked_again(session: Session) -> None:
    listed(session, GUESSING)
    claimed = [claim_check(session, subject=GUESSING, now=VOTING + age) for age in (0 * SECOND, 59 * SECOND, MINUTE)]
    assert claimed == [True, False, True]


def test_a_check_of_what_is_there_no_more_is_gone_and_its_failure_over(build: Builder, session: Session) -> None:
    official, key = build.appointed(Role.OFFICIAL), Subject(Watched.KEY, build.round().id)
    listed(session, GUESSING, key)
    record_finding(session, subject=key, problem="lost", now=VOTING)
    listed(session, GUESSING, now=VOTING + MINUTE)
    assert checks(session).keys() == {GUESSING}
    assert [letter.kind for letter in letters(session) if letter.recipient == official.email] == ["alarm", "alarm-over"]


def test_a_failure_is_logged_kept_and_told_to_every_official_once(
    build: Builder, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    officials = [build.appointed(Role.OFFICIAL).email for _ in range(2)]
    build.appointed(Role.MODERATOR, "Haagse Hout")
    listed(session, GUESSING)
    for minute in range(3):
        record_finding(session, subject=GUESSING, problem="somebody guesses", now=VOTING + minute * MINUTE)
    [check] = session.query(Check)
    assert (check.checked_at, check.problem, check.failing_since) == (VOTING + 2 * MINUTE, "somebody guesses", VOTING)
    assert [(letter.kind, letter.recipient) for letter in letters(session)] == [("alarm", each) for each in officials]
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("ERROR", "check guessing: somebody guesses")
    ]


def test_a_failure_that_becomes_another_is_logged_and_not_written_about_again(
    build: Builder, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    build.appointed(Role.OFFICIAL)
    listed(session, GUESSING)
    for minute, problem in enumerate(("a little", "a lot")):
        record_finding(session, subject=GUESSING, problem=problem, now=VOTING + minute * MINUTE)
    [check] = session.query(Check)
    assert (check.problem, check.failing_since) == ("a lot", VOTING)
    assert [record.message for record in caplog.records] == ["check guessing: a little", "check guessing: a lot"]
    assert len(letters(session)) == 1


def test_it_is_told_once_that_it_is_over_and_the_next_failure_is_told_again(build: Builder, session: Session) -> None:
    build.appointed(Role.OFFICIAL)
    listed(session, GUESSING)
    for minute, problem in enumerate((None, "wrong", None, None, "wrong")):
        record_finding(session, subject=GUESSING, problem=problem, now=VOTING + minute * MINUTE)
    [check] = session.query(Check)
    assert check.failing_since == VOTING + 4 * MINUTE
    assert [letter.kind for letter in letters(session)] == ["alarm", "alarm-over", "alarm"]


def test_guessing_is_a_failure_for_as_long_as_it_goes_on(watchman: Watchman, build: Builder) -> None:
    build.appointed(Role.OFFICIAL)
    build.session.add_all(FailedGuess(network=bytes(16), failed_at=VOTING) for _ in range(PLATFORM_WIDE))
    build.commit()
    watchman.look(VOTING)
    assert watchman.problem("guessing") == "codes are being guessed"
    watchman.look(VOTING + 11 * MINUTE)
    assert watchman.problem("guessing") is None
    assert watchman.alarms() == [("alarm", "guessing"), ("alarm-over", "guessing")]


def test_a_key_that_is_lost_while_people_vote_is_missed_at_once_and_found_again(
    watchman: Watchman, build: Builder
) -> None:
    round_ = watchman.voted_round(build)
    name, file = f"key of round {round_.id}", watchman.config.key_folder / watchman.key_file(round_.id)
    watchman.look(VOTING)
    assert watchman.problem(name) is None
    away = file.rename(file.with_suffix(".away"))
    watchman.look(VOTING + MINUTE + SECOND)
    assert watchman.problem(name) == "the private key cannot be read (FileNotFoundError)"
    away.rename(file)
    watchman.look(VOTING + 3 * MINUTE)
    assert watchman.problem(name) is None
    assert list(dict.fromkeys(watchman.alarms())) == [("alarm", name), ("alarm-over", name)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"7" * 32, "the private key is not that of the urn"),
        (b"cut short", "what is kept as the private key is no key"),
    ],
)
def test_a_key_that_opens_nothing_is_no_key(watchman: Watchman, build: Builder, content: bytes, words: str) -> None:
    round_ = watchman.voted_round(build)
    (watchman.config.key_folder / watchman.key_file(round_.id)).write_bytes(content)
    watchman.look(VOTING)
    assert watchman.problem(f"key of round {round_.id}") == words


def test_another_pepper_which_finds_no_code_is_told_and_over_when_the_old_one_is_back(
    watchman: Watchman, build: Builder
) -> None:
    round_ = watchman.voted_round(build)
    [code] = build.codes(round_, 1)
    build.commit()
    name, config = f"codes of round {round_.id}", watchman.config
    watchman.look(VOTING)
    assert watchman.problem(name) is None
    watchman.config = replace(config, code_pepper="another pepper, of which nobody made a code")
    with watchman.database.reading() as session, pytest.raises(UnknownCode):
        find_code(session, typed=code, pepper=watchman.config.code_pepper)
    watchman.look(VOTING + 6 * MINUTE)
    assert watchman.problems() == {name: "the codes were made with another CODE_PEPPER"}  # the canary flew
    watchman.config = config
    watchman.look(VOTING + 12 * MINUTE)
    assert watchman.problems() == {}
    assert list(dict.fromkeys(watchman.alarms())) == [("alarm", name), ("alarm-over", name)]


def test_a_watch_that_only_flies_its_canary_is_found_out(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "strange_codes", lambda *_: set())
    with found("CODE_PEPPER"):
        test_another_pepper_which_finds_no_code_is_told_and_over_when_the_old_one_is_back(watchman, build)


def test_what_opens_the_shares_of_officials_is_missed_before_they_type_them(watchman: Watchman, build: Builder) -> None:
    made, _ = held(build, watchman.config.key_folder)
    build.commit()
    name, file = f"key of round {made.round.id}", watchman.config.key_folder / f"round-{made.round.id}.box"
    watchman.look(VOTING)
    assert watchman.problem(name) is None
    away = file.rename(file.with_suffix(".away"))
    watchman.look(VOTING + MINUTE + SECOND)
    assert watchman.problem(name) == "the private key cannot be read (FileNotFoundError)"
    file.write_bytes(bytes(range(32)))
    watchman.look(VOTING + 3 * MINUTE)
    assert watchman.problem(name) == "the private key is not that of the urn"
    away.replace(file)
    watchman.look(VOTING + 5 * MINUTE)
    assert watchman.problem(name) is None


def told_while_too_few_shares_are_left(watchman: Watchman, build: Builder) -> None:
    """Fails unless the watch tells that nobody can open an urn, and that it is over once a paper was found."""
    made, _ = held(build, watchman.config.key_folder)
    build.commit()
    name = f"key of round {made.round.id}"
    for minute, deed, number, problem in (
        (0, lose_share, 1, None),
        (2, lose_share, 3, "too few shares of the key are left, nobody can open the urn"),
        (4, find_share, 1, None),
    ):
        with watchman.database.transaction() as session:
            round_, official = (
                session.get_one(Round, made.round.id),
                session.get_one(Person, made.officials[number - 1].id),
            )
            deed(session, round=round_, number=number, official=official, now=VOTING)
        watchman.look(VOTING + minute * MINUTE)
        assert watchman.problem(name) == problem
    of_the_key = [alarm for alarm in dict.fromkeys(watchman.alarms()) if alarm[1] == name]
    assert of_the_key == [("alarm", name), ("alarm-over", name)]


def test_an_urn_that_too_few_shares_can_open_is_told_until_one_is_found(watchman: Watchman, build: Builder) -> None:
    told_while_too_few_shares_are_left(watchman, build)
    mails = [render_letter(each, config=watchman.config, now=VOTING).get_content() for each in watchman.letters()]
    assert any("Daarom kan nu niemand stemmen. Zoek de papieren." in mail for mail in mails)


def test_a_watch_that_looks_at_files_alone_is_found_out(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "can_be_opened", lambda *_: True)
    with found("too few shares"):
        told_while_too_few_shares_are_left(watchman, build)


def test_the_alarm_about_lost_shares_ends_when_one_is_typed_after_closing(watchman: Watchman, build: Builder) -> None:
    made, _ = held(build, watchman.config.key_folder)
    for number in (1, 2):
        lose_share(build.session, round=made.round, number=number, official=made.officials[number], now=VOTING)
    build.commit()
    name = f"key of round {made.round.id}"
    watchman.look(COUNTING)
    assert watchman.problem(name) is not None
    made.type(1, by=0)
    build.commit()
    watchman.look(COUNTING + 2 * MINUTE)
    assert watchman.problem(name) is None


def test_a_key_that_did_its_work_is_not_asked_for(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    watchman.look(VOTING)
    watchman.work(COUNTING)
    (watchman.config.key_folder / watchman.key_file(round_.id)).unlink()
    watchman.look(COUNTING)
    assert watchman.problems() == {}
    assert watchman.check(f"key of round {round_.id}") is None


def test_nothing_is_compared_before_a_check_is_due(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    subject = Subject(Watched.BOOKS, round_.id)
    with watchman.database.transaction() as session:
        listed(session, subject)
        reconcile(session, subject=subject, keys=watchman.keys, pepper=PEPPER, now=VOTING)
    watchman.behind_its_back(lose_an_envelope, round_)
    for age, is_found in [(MINUTE - SECOND, False), (MINUTE, True)]:
        with watchman.database.transaction() as session:
            reconcile(session, subject=subject, keys=watchman.keys, pepper=PEPPER, now=VOTING + age)
        assert (watchman.problem(subject.name) is not None) == is_found


def test_every_letter_about_an_alarm_says_what_it_is_about_and_where_to_look(
    watchman: Watchman, build: Builder, session: Session
) -> None:
    round_ = watchman.voted_round(build)
    watchman.look(VOTING)
    dashboard = f"http://localhost/ambtenaar/rondes/{round_.slug}\n"
    told = {
        "round": ("de stembus klopt niet: Wijkbudget Bezuidenhout 2026", dashboard),
        "key of round": ("de sleutel van de stembus ontbreekt: Wijkbudget Bezuidenhout 2026", dashboard),
        "codes of round": ("de stemcodes werken niet: Wijkbudget Bezuidenhout 2026", dashboard),
        "tasks of round": ("iets is niet op tijd klaar: Wijkbudget Bezuidenhout 2026", dashboard),
        "guessing": ("iemand probeert stemcodes te raden", "http://localhost/gezondheid\n"),
        "canary": ("de proefstem mislukt", "http://localhost/gezondheid\n"),
    }
    assert {subject.watched.value for subject in subjects(session)} == set(told)
    for subject in subjects(session):
        about, address = told[subject.watched.value]
        for problem, subject_line in (("two numbers differ", f"ALARM: {about}"), (None, None)):
            record_finding(session, subject=subject, problem=problem, now=VOTING)
            mail = render_letter(letters(session)[-1], config=watchman.config, now=VOTING)
            assert address in mail.get_content()
            assert subject.name in mail.get_content()
            assert (
                mail["Subject"] == subject_line
                if subject_line
                else mail["Subject"].startswith("Het alarm is voorbij: ")
            )
            assert ("two numbers differ" in mail.get_content()) == (problem is not None)
