"""The package of a real round: put together from what is stored, signed, checked, and made once."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from secrets import token_bytes

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, RESULT, VOTING
from wijkbudget.ballots.accounts import entitle_person
from wijkbudget.ballots.actions import cast_ballot
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.serials import Reason, block_code, replace_code
from wijkbudget.ballots.tables import Entitlement, Envelope, OpenedBallot, VotingCode
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.journal import JournalEntry
from wijkbudget.people.rules import Role
from wijkbudget.places.tables import Postcode
from wijkbudget.plans.actions import withdraw_plan
from wijkbudget.plans.tables import Plan
from wijkbudget.results import publication as publishing
from wijkbudget.results import verification
from wijkbudget.results.actions import count_round, publish_result
from wijkbudget.results.container import Broken
from wijkbudget.results.publication import publish_package, record_of, rights_used
from wijkbudget.results.queries import package_seen, publication_of, result_of
from wijkbudget.results.rules import NotCounted
from wijkbudget.results.signing import signer_of
from wijkbudget.results.tables import Publication
from wijkbudget.results.verification import NotAPackage, verify_package
from wijkbudget.rounds.rules import Counting
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.completion import Completion, StopAt
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.pabulib_writer import NotWritable
from wijkbudget.tally.rule import Rule

FEWEST = VotingTerms(publish_ballots_from=10)


@dataclass
class Vote:
    """A round in which can be voted."""

    session: Session
    build: Builder
    config: Config
    clock: MovableClock
    round: Round
    plans: list[Plan]

    def cast(self, right: int, *plans: Plan) -> None:
        points = [(plan.id, 1) for plan in plans]
        nonce = token_bytes(NONCE_BYTES)
        cast_ballot(self.session, entitlement_id=right, points=points, nonce=nonce, clock=self.clock)

    def close_and_publish(self) -> Publication:
        self.clock.move_to(COUNTING)
        count_round(self.session, round=self.round, keys=self.keys, clock=self.clock)
        publish_result(self.session, round=self.round, official=self.build.appointed(Role.OFFICIAL), now=RESULT)
        made = self.publish()
        assert made is not None
        return made

    @property
    def keys(self) -> KeyFolder:
        return KeyFolder(self.config.key_folder)

    def publish(self) -> Publication | None:
        return publish_package(self.session, round=self.round, signer=signer_of(self.keys), now=RESULT)


@pytest.fixture
def vote(session: Session, build: Builder, config: Config, clock: MovableClock) -> Vote:
    """Two plans of which one fits, fifteen letters, and voting is on."""
    return opened(session, build, config, clock, FEWEST)


def opened(
    session: Session,
    build: Builder,
    config: Config,
    clock: MovableClock,
    terms: VotingTerms,
    *,
    plans: int = 2,
    rule: Rule | None = None,
) -> Vote:
    round_ = build.round(budget=1_000_000, voting=terms, counting=Counting(rule or MostVotes()))
    menu = [build.menu_plan(round_, title=title) for title in ("Speeltuin", "Bankje")[:plans]]
    build.opened_urn(round_, config.key_folder)
    clock.move_to(VOTING)
    return Vote(session, build, config, clock, round_, menu)


def held(vote: Vote, voters: int = 12) -> Publication:
    """So many votes: blank ones and for either plan, with a letter that was replaced and one that is blocked."""
    codes, official = vote.build.codes(vote.round, voters + 3), vote.build.appointed(Role.OFFICIAL)
    for number, code in enumerate(codes[:voters]):
        vote.cast(vote.build.entitlement(code), *vote.plans[number % 3 : number % 3 + 1])
    replace_code(
        vote.session, round=vote.round, serial=1, reason=Reason.LOST, official=official, pepper=PEPPER, now=VOTING
    )
    block_code(vote.session, round=vote.round, serial=voters + 2, reason=Reason.RETURNED, official=official, now=VOTING)
    return vote.close_and_publish()


def files_of(publication: Publication) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(publication.package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_of_a_round_holds_by_everything_that_anybody_checks(vote: Vote) -> None:
    publication = held(vote)
    assert publication.public_key == signer_of(vote.keys).public_key
    assert len(verify_package(publication.package, key=publication.public_key)) > 5
    counts = json.loads(files_of(publication)["manifest.json"])["counts"]
    assert counts == {
        "eligible": 1000, "issued": 16, "used": 12, "blocked": 1, "replaced": 1,
        "envelopes": 12, "rejected": {}, "ballots": 12, "blank": 4,
    }  # fmt: skip


def test_who_has_nothing_of_ours_comes_to_the_same_winners(vote: Vote, tmp_path: Path) -> None:
    publication = held(vote)
    require_right_by_its_program(publication, tmp_path)


def require_right_by_its_program(publication: Publication, folder: Path) -> None:
    """Fails unless the program in the package, alone, says that all is right."""
    with zipfile.ZipFile(BytesIO(publication.package)) as archive:
        archive.extractall(folder)
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "recount.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert "DE UITSLAG KLOPT / THE RESULT IS RIGHT" in ended.stdout


ODD_ROUNDS = {
    "an empty menu": (0, 0, 0),
    "an empty menu, and ballots enough": (0, 0, 10),
    "the only plan withdrawn": (1, 1, 2),
    "the only plan withdrawn, and ballots enough": (1, 1, 12),
    "all plans withdrawn, and ballots enough": (2, 2, 12),
    "one of two plans withdrawn": (2, 1, 12),
    "no ballots": (2, 0, 0),
    "one ballot": (2, 0, 1),
}
"""How many plans are on the menu, how many of them are withdrawn during the vote, and how many people vote."""
ADDING = EqualShares(completion=Completion.ADD_ONE_THEN_MOST_VOTES, stop=StopAt.OVERSPEND)


@pytest.mark.parametrize("rule", [MostVotes(), ADDING, BestValue()], ids=lambda rule: rule.name)
@pytest.mark.parametrize("kind", ODD_ROUNDS)
def test_every_counted_round_gets_its_package(
    session: Session, build: Builder, config: Config, clock: MovableClock, tmp_path: Path, kind: str, rule: Rule
) -> None:
    plans, withdrawn, voters = ODD_ROUNDS[kind]
    vote = opened(session, build, config, clock, FEWEST, plans=plans, rule=rule)
    publication = odd(vote, withdrawn, voters)
    verify_package(publication.package, key=publication.public_key)
    require_right_by_its_program(publication, tmp_path / "package")
    per_ballot = {"urn.txt", "ballots.csv", "election.pb"} & files_of(publication).keys()
    has_file = {"election.pb"} if plans > withdrawn else set()
    assert per_ballot == ({"urn.txt", "ballots.csv"} | has_file if voters >= 10 else set())


def odd(vote: Vote, withdrawn: int, voters: int) -> Publication:
    """So many votes, one in three of them blank; the first plans are withdrawn halfway."""
    for number, code in enumerate(vote.build.codes(vote.round, voters + 1)[:voters]):
        if number == voters // 2:
            withdraw(vote, withdrawn)
        vote.cast(vote.build.entitlement(code), *vote.plans[number % 3 : number % 3 + 1])
    return vote.close_and_publish()


def withdraw(vote: Vote, plans: int) -> None:
    for plan in vote.plans[:plans]:
        withdraw_plan(vote.session, plan=plan, author=plan.author, now=VOTING)


def test_a_package_that_cannot_be_without_a_pabulib_file_is_found_out(
    session: Session, build: Builder, config: Config, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "has_plan_left", lambda _: True)
    vote = opened(session, build, config, clock, FEWEST, plans=1)
    with pytest.raises(NotWritable):
        odd(vote, 1, 12)


def test_a_package_without_the_pabulib_file_that_it_must_have_is_found_out(
    vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "has_plan_left", lambda _: False)
    with pytest.raises(Broken, match=r"election\.pb: this file is missing"):
        odd(vote, 1, 12)


def test_below_the_threshold_no_pabulib_file_is_even_written(vote: Vote, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    monkeypatch.setattr(publishing, "pabulib_file", lambda *_: written.append(1))
    odd(vote, 0, 9)
    assert written == []


def test_letters_that_were_blocked_before_accounts_vote_are_not_counted_with_them(
    session: Session, build: Builder, config: Config, clock: MovableClock
) -> None:
    vote = opened(session, build, config, clock, VotingTerms(franchise=Franchise.ACCOUNT))
    build.codes(vote.round, 2)
    session.add(Postcode(code="2593AB", neighbourhood_id=vote.round.neighbourhoods[0].id))
    entitle_person(session, round=vote.round, person=build.person(), is_old_enough=True, now=VOTING)
    session.execute(update(VotingCode).values(blocked_at=VOTING))
    counts = json.loads(files_of(vote.close_and_publish())["manifest.json"])["counts"]
    assert (counts["issued"], counts["blocked"], counts["replaced"]) == (1, 0, 0)


def test_no_code_no_person_and_no_envelope_is_in_the_package(vote: Vote) -> None:
    publication = held(vote)
    envelopes = vote.session.scalars(select(Envelope.sealed)).all()
    marks = vote.session.scalars(select(Envelope.retry_mark)).all()
    assert len(envelopes) == 12
    content = b"".join(files_of(publication).values())
    assert not [part for part in (*envelopes, *marks) if part in content or part.hex().encode() in content]
    assert b"@example.org" not in content


def test_too_few_ballots_are_published_as_totals_and_roots_only(vote: Vote) -> None:
    files = files_of(held(vote, voters=9))
    assert {"urn.txt", "ballots.csv", "election.pb"} & set(files) == set()
    trackers = vote.session.scalars(select(OpenedBallot.tracker)).all()
    assert not [tracker for tracker in trackers if tracker.encode() in b"".join(files.values())]


def test_accounts_are_counted_as_rights_to_vote(
    session: Session, build: Builder, config: Config, clock: MovableClock
) -> None:
    terms = VotingTerms(franchise=Franchise.ACCOUNT, publish_ballots_from=10)
    vote = opened(session, build, config, clock, terms)
    session.add(Postcode(code="2593AB", neighbourhood_id=vote.round.neighbourhoods[0].id))
    for number in range(11):
        right = entitle_person(session, round=vote.round, person=build.person(), is_old_enough=True, now=VOTING)
        if number:
            vote.cast(right.id, vote.plans[0])
    publication = vote.close_and_publish()
    counts = json.loads(files_of(publication)["manifest.json"])["counts"]
    assert (counts["issued"], counts["used"], counts["ballots"]) == (11, 10, 10)


def test_a_package_is_made_once(vote: Vote) -> None:
    first = held(vote)
    vote.build.round(title="Elders")
    again = vote.publish()
    assert again is first
    deeds = vote.session.scalars(select(JournalEntry.deed)).all()
    assert deeds.count("publish package") == 1
    seen = package_seen(vote.session, vote.round.id)
    assert seen is not None
    assert (seen.size, seen.public_key) == (len(first.package), first.public_key)


def test_nothing_is_made_before_an_official_publishes(vote: Vote) -> None:
    assert vote.publish() is None
    vote.clock.move_to(COUNTING)
    count_round(vote.session, round=vote.round, keys=vote.keys, clock=vote.clock)
    assert vote.publish() is None
    assert publication_of(vote.session, vote.round.id) is None
    assert package_seen(vote.session, vote.round.id) is None


@pytest.mark.parametrize(
    "damage",
    [
        update(Entitlement).values(is_used=False),
        delete(OpenedBallot),
        update(OpenedBallot).values(points=[]),
    ],
    ids=["used rights", "ballots gone", "ballots emptied"],
)
def test_a_record_that_does_not_hold_is_never_signed_and_stored(vote: Vote, damage: object) -> None:
    code = vote.build.codes(vote.round, 1)
    vote.cast(vote.build.entitlement(code[0]), vote.plans[0])
    vote.clock.move_to(COUNTING)
    count_round(vote.session, round=vote.round, keys=vote.keys, clock=vote.clock)
    publish_result(vote.session, round=vote.round, official=vote.build.appointed(Role.OFFICIAL), now=RESULT)
    vote.session.execute(damage)  # type: ignore[call-overload]
    with pytest.raises(Broken):
        vote.publish()
    assert publication_of(vote.session, vote.round.id) is None


def test_a_round_that_was_not_opened_has_no_record(vote: Vote) -> None:
    round_ = vote.build.round(title="Elders")
    result = vote.build.result(vote.build.round(title="Daar"), {})
    with pytest.raises(NotCounted):
        record_of(vote.session, round_, result)
    assert result_of(vote.session, round_.id) is None


def test_rights_are_counted_apart_from_the_envelopes(vote: Vote) -> None:
    held(vote)
    vote.session.execute(delete(Envelope))
    assert rights_used(vote.session, vote.round.id) == 12


# Changed bytes, and controls


def unnoticed(publication: Publication) -> list[int]:
    """The places, one in a hundred, at which a changed byte goes unnoticed."""
    return [place for place in range(0, len(publication.package), 97) if not is_noticed(publication.package, place)]


def is_noticed(package: bytes, place: int) -> bool:
    changed = bytearray(package)
    changed[place] ^= 1
    try:
        verify_package(bytes(changed), key=None)
    except (Broken, NotAPackage):
        return True
    return False


def nothing_unnoticed(publication: Publication) -> None:
    """Fails if a changed byte goes unnoticed."""
    assert unnoticed(publication) == []


def test_a_changed_byte_of_the_package_of_this_database_is_noticed(vote: Vote) -> None:
    nothing_unnoticed(held(vote))


def test_a_verification_that_goes_by_the_numbers_alone_is_found_out(
    vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = held(vote)
    monkeypatch.setattr(verification, "_signature", lambda *_: iter(()))
    monkeypatch.setattr(verification, "_files", lambda *_: iter(()))
    with found(r"== \[\]"):
        nothing_unnoticed(publication)


def test_a_package_with_envelopes_in_it_is_found_out(vote: Vote, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_envelopes(publication: Publication) -> dict[str, bytes]:
        marks = vote.session.scalars(select(Envelope.retry_mark)).all()
        return files_of_ours(publication) | {"envelopes.txt": b"\n".join(mark.hex().encode() for mark in marks)}

    files_of_ours = files_of
    monkeypatch.setitem(globals(), "files_of", with_envelopes)
    with found("assert"):
        test_no_code_no_person_and_no_envelope_is_in_the_package(vote)
