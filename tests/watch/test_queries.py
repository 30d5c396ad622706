"""The books are those of one moment; what is watched, and whether all is well."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.builders import PEPPER, Builder
from tests.controls import found
from tests.moments import COUNTING, REVIEWING, VOTING
from tests.watch.watchman import (
    AFTER_OPENING,
    WHILE_VOTING,
    Watchman,
    lose_an_envelope,
    lose_the_opening,
    spoil_an_envelope,
)
from wijkbudget.ballots.rules import Ballot, FrozenRules, chosen
from wijkbudget.ballots.tables import CodeBatch, Entitlement, Envelope, OpenedBallot, Opening, Urn
from wijkbudget.ballots.urn import NONCE_BYTES, seal
from wijkbudget.demo.casting import cast_votes
from wijkbudget.people.rules import Role
from wijkbudget.results.tables import Result
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import KeyKeeping, VotingTerms
from wijkbudget.watch.queries import (
    books_of,
    canary_round,
    checks,
    health,
    keepers,
    last_check,
    strange_codes,
    subjects,
)
from wijkbudget.watch.rules import (
    Books,
    Comparison,
    Disagreement,
    OpenedBooks,
    Subject,
    Watched,
    disagreement,
)
from wijkbudget.watch.tables import Check

OTHER_PEPPER = "another pepper, of which nobody made a code"


def books(watchman: Watchman, round_: Round) -> Books:
    with watchman.database.reading() as session:
        return books_of(session, round_.id)


def test_the_books_count_what_a_round_used_sealed_and_opened(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build, votes=3, rights=5)
    assert books(watchman, round_) == Books(used=3, envelopes=3, paired=3)
    with watchman.database.transaction() as session:
        session.execute(update(Envelope).where(Envelope.entitlement_id == _any(session)).values(sealed=b"no envelope"))
    watchman.work(COUNTING)
    assert books(watchman, round_) == Books(3, 3, 3, OpenedBooks(3, 2, {"unreadable": 1}, 3))
    with watchman.database.transaction() as session:
        session.execute(update(Result).values(published_at=COUNTING, published_by=round_.made_by))
    opened = books(watchman, round_).opened
    assert opened is not None
    assert opened.is_published


def _any(session: Session) -> int:
    return session.scalars(select(Envelope.entitlement_id).limit(1)).one()


def test_an_urn_that_waits_for_its_count_has_no_result_in_its_books(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    watchman.work(COUNTING)
    with watchman.database.transaction() as session:
        session.execute(delete(Result))
    assert books(watchman, round_).opened == OpenedBooks(3, 3, {}, None)


def test_ballots_that_were_never_opened_stand_in_the_books(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    watchman.work(COUNTING)
    watchman.behind_its_back(lose_the_opening, round_)
    assert books(watchman, round_).opened == OpenedBooks(0, 3, {}, 3)


def test_the_books_of_one_round_know_nothing_of_another(watchman: Watchman, build: Builder) -> None:
    first = watchman.voted_round(build)
    other = build.round(title="Elders")
    build.commit()
    watchman.behind_its_back(lose_an_envelope, first)
    assert books(watchman, other) == Books(0, 0, 0)


@pytest.mark.parametrize("damage", WHILE_VOTING)
def test_whatever_is_changed_while_people_vote_shows(
    watchman: Watchman, build: Builder, damage: Callable[[Session, int], None]
) -> None:
    round_ = watchman.voted_round(build)
    assert disagreement(books(watchman, round_)) is None
    watchman.behind_its_back(damage, round_)
    assert disagreement(books(watchman, round_)) is not None


@pytest.mark.parametrize("damage", AFTER_OPENING)
def test_whatever_is_changed_after_the_opening_shows(
    watchman: Watchman, build: Builder, damage: Callable[[Session, int], None]
) -> None:
    round_ = watchman.voted_round(build)
    watchman.work(COUNTING)
    assert disagreement(books(watchman, round_)) is None
    watchman.behind_its_back(damage, round_)
    assert disagreement(books(watchman, round_)) is not None


REASONS = ("unreadable", "other-round", "copy", "against-the-rules")


@pytest.mark.parametrize("reason", REASONS)
def test_an_envelope_that_the_opening_rejects_shows(watchman: Watchman, build: Builder, reason: str) -> None:
    round_ = watchman.voted_round(build)
    with watchman.database.transaction() as session:
        _spoil(session, round_, reason)
    assert disagreement(books(watchman, round_)) is None  # nobody can look into an envelope yet
    watchman.work(COUNTING)
    with watchman.database.reading() as session:
        assert session.scalars(select(Opening.rejected)).one() == {reason: 1}
    assert disagreement(books(watchman, round_)) == Disagreement(Comparison.REJECTED, 1, 0)


def _spoil(session: Session, round_: Round, reason: str) -> None:
    """Put something in the place of one envelope that will be rejected for this reason."""
    one = _any(session)
    others = select(Envelope.sealed).where(Envelope.entitlement_id != one)
    spoilt = {"unreadable": b"no envelope at all", "copy": session.scalars(others).first()}
    sealed = spoilt[reason] if reason in spoilt else _sealed_wrongly(session, round_, reason)
    session.execute(update(Envelope).where(Envelope.entitlement_id == one).values(sealed=sealed))


def _sealed_wrongly(session: Session, round_: Round, reason: str) -> bytes:
    """A blank ballot sealed for another round, or one for a plan that is not on the menu."""
    urn = session.get_one(Urn, round_.id)
    rules = FrozenRules.parse(urn.rules)
    if reason == "other-round":
        rules = replace(rules, round_id=round_.id + 1)
    ballot = Ballot(chosen([-1]) if reason == "against-the-rules" else ())
    return seal(ballot, rules=rules, public_key=urn.public_key, nonce=bytes(NONCE_BYTES))


def test_books_that_only_add_up_know_nothing_of_an_envelope_that_was_spoilt(
    watchman: Watchman, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def adding_up(found: Books) -> Disagreement | None:
        published = replace(found.opened, is_published=True) if found.opened else None
        return disagreement_of_ours(replace(found, opened=published))

    disagreement_of_ours = disagreement
    monkeypatch.setitem(globals(), "disagreement", adding_up)
    with found("None"):
        test_whatever_is_changed_after_the_opening_shows(watchman, build, spoil_an_envelope)


def test_a_vote_that_comes_in_meanwhile_is_no_mistake_in_the_books(watchman: Watchman, build: Builder) -> None:
    rights = 60
    round_, votes = _waiting_voters(watchman, build, rights)
    seen = []
    with ThreadPoolExecutor(3) as pool:
        crowds = [pool.submit(_vote, watchman, votes[start::3]) for start in range(3)]
        while not all(crowd.done() for crowd in crowds):
            seen.append(books(watchman, round_))
        for crowd in crowds:
            crowd.result()
    assert {disagreement(each) for each in seen} == {None}
    assert {each.used for each in seen} & set(range(1, rights))  # it looked while they voted
    assert books(watchman, round_) == Books(rights, rights, rights)


def test_in_two_statements_it_would_look_like_one(watchman: Watchman, build: Builder) -> None:
    round_, votes = _waiting_voters(watchman, build, 1)
    with watchman.database.reading() as session:
        used = session.scalar(select(func.count()).select_from(Entitlement).where(Entitlement.is_used)) or 0
        _vote(watchman, votes)
        envelopes = session.scalar(select(func.count()).select_from(Envelope)) or 0
    assert disagreement(Books(used, envelopes, used)) is not None
    assert disagreement(books(watchman, round_)) is None


Votes = list[tuple[str, tuple[tuple[int, int], ...]]]


def _waiting_voters(watchman: Watchman, build: Builder, rights: int) -> tuple[Round, Votes]:
    round_ = build.round()
    plan = build.menu_plan(round_)
    codes = build.codes(round_, rights)
    build.commit()
    watchman.work(VOTING)
    return round_, [(code, chosen([plan.id])) for code in codes]


def _vote(watchman: Watchman, votes: Votes) -> None:
    cast_votes(watchman.database, votes, batch=1, pepper=PEPPER, clock=watchman.clock)


def test_every_round_is_watched_and_its_key_from_freezing_until_the_urn_is_opened(
    watchman: Watchman, build: Builder
) -> None:
    round_ = watchman.voted_round(build)
    later = build.round(title="Elders")
    build.commit()
    always = [Subject(each, of.id) for each in (Watched.BOOKS, Watched.TASKS) for of in (round_, later)]
    unopened = [Subject(Watched.KEY, round_.id), Subject(Watched.CODES, round_.id)]
    rest = [Subject(Watched.GUESSING), Subject(Watched.CANARY)]
    with watchman.database.reading() as session:
        assert subjects(session) == [*always, *unopened, *rest]
    watchman.work(COUNTING)
    with watchman.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Opening)) == 2
        assert subjects(session) == [*always, *rest]


def test_a_key_is_watched_whoever_keeps_it_until_it_was_destroyed(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    key = Subject(Watched.KEY, round_.id)
    with watchman.database.transaction() as session:
        session.execute(update(Urn).values(key_destroyed_at=VOTING))
        assert key not in subjects(session)
        session.execute(update(Urn).values(key_destroyed_at=None))
        assert key in subjects(session)
        session.get_one(Round, round_.id).voting = VotingTerms(keys=KeyKeeping.OFFICIALS)
        session.flush()
        assert key in subjects(session)


def test_codes_are_strange_to_any_pepper_but_the_one_that_they_were_made_with(
    watchman: Watchman, build: Builder, session: Session
) -> None:
    round_ = watchman.voted_round(build)
    assert (strange_codes(session, PEPPER), strange_codes(session, OTHER_PEPPER)) == (set(), {round_.id})
    health_here = health(session, VOTING, pepper=OTHER_PEPPER)
    assert [check.subject for check in health_here.failing] == [Subject(Watched.CODES, round_.id)]
    assert not health_here.is_watched  # that this process looked is no watch
    name = Subject(Watched.CODES, round_.id).name
    session.add(Check(name=name, checked_at=VOTING, problem="other", failing_since=REVIEWING))
    session.flush()
    told = health(session, VOTING, pepper=OTHER_PEPPER).failing
    assert [(check.subject.name, check.failing_since) for check in told] == [(name, REVIEWING)]  # once


@pytest.mark.parametrize(
    "change",
    [
        {"finished_at": None, "pepper_check": None},
        {"discarded_at": VOTING, "discarded_by": 1},
        {"pepper_check": None},
    ],
)
def test_codes_that_are_not_good_or_too_old_to_tell_are_strange_to_nobody(
    watchman: Watchman, build: Builder, session: Session, change: dict[str, object]
) -> None:
    round_ = watchman.voted_round(build)
    if "discarded_by" in change:
        change = change | {"discarded_by": round_.made_by}
    session.execute(update(CodeBatch).values(change))
    assert strange_codes(session, OTHER_PEPPER) == set()
    assert Subject(Watched.CODES, round_.id) not in subjects(session)
    session.rollback()


def test_codes_of_an_opened_round_are_strange_to_nobody(watchman: Watchman, build: Builder, session: Session) -> None:
    watchman.voted_round(build)
    watchman.work(COUNTING)
    assert strange_codes(session, OTHER_PEPPER) == set()


def test_there_is_no_canary_until_somebody_keeps_it(build: Builder, session: Session) -> None:
    build.appointed(Role.MODERATOR, "Haagse Hout")
    assert subjects(session) == [Subject(Watched.GUESSING)]
    build.appointed(Role.ADMINISTRATOR)
    assert subjects(session) == [Subject(Watched.GUESSING), Subject(Watched.CANARY)]


def test_keepers_are_officials_and_administrators_each_once_the_first_ones_first(
    build: Builder, session: Session
) -> None:
    first, second = build.appointed(Role.ADMINISTRATOR), build.appointed(Role.OFFICIAL)
    build.appointed(Role.OFFICIAL)
    assert keepers(session, 2) == [first.id, second.id]


def test_the_canary_that_was_put_aside_is_not_the_canary(watchman: Watchman, build: Builder, session: Session) -> None:
    build.appointed(Role.OFFICIAL)
    build.commit()
    watchman.look(VOTING)
    canary = canary_round(session)
    assert canary is not None
    canary.slug = "verloren"
    session.flush()
    assert canary_round(session) is None


def test_the_last_check_is_found_by_its_subject(session: Session) -> None:
    subject = Subject(Watched.KEY, 7)
    assert last_check(session, subject) is None
    check = Check(name="key of round 7", checked_at=VOTING)
    session.add(check)
    session.flush()
    assert last_check(session, subject) is check
    session.add(Check(name="what a later version watches", checked_at=VOTING))
    session.flush()
    assert checks(session) == {subject: check}


def test_health_tells_what_fails_and_whether_it_is_watched_while_people_vote(build: Builder, session: Session) -> None:
    build.round()
    assert health(session, REVIEWING, pepper=PEPPER).is_well
    assert not health(session, VOTING, pepper=PEPPER).is_watched
    session.add(Check(name="canary", checked_at=VOTING, problem="it fell", failing_since=REVIEWING))
    session.flush()
    known = health(session, VOTING, pepper=PEPPER)
    assert known.is_watched
    assert [(check.subject, check.failing_since) for check in known.failing] == [(Subject(Watched.CANARY), REVIEWING)]


def test_an_opened_ballot_is_counted_for_its_own_round_only(watchman: Watchman, build: Builder) -> None:
    round_ = watchman.voted_round(build)
    other = build.round(title="Elders")
    build.session.add(OpenedBallot(round_id=other.id, tracker="0" * 16, points=[]))
    build.commit()
    assert books(watchman, round_).opened is None
