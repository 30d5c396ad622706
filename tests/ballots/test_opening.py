"""Opening the urn: what is counted, what is rejected and by which reason, in an order that nobody chose."""

import hashlib
from pathlib import Path
from secrets import token_bytes

import pytest
from nacl.public import PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.ballots.test_rules import RULES
from tests.builders import Builder
from tests.moments import COUNTING
from wijkbudget.ballots import opening as opening_module
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.merkle import merkle_root
from wijkbudget.ballots.opening import NOTHING, open_urn, opened_contents
from wijkbudget.ballots.queries import opened_ballots
from wijkbudget.ballots.rules import Ballot, FrozenRules, chosen
from wijkbudget.ballots.tables import Envelope, OpenedBallot, UrnEntry
from wijkbudget.ballots.urn import NONCE_BYTES, seal, tracker_of
from wijkbudget.rounds.tables import Round

KEY = PrivateKey.generate()
A_NONCE, B_NONCE = b"a" * NONCE_BYTES, b"b" * NONCE_BYTES


def sealed(*plan_ids: int, nonce: bytes | None = None) -> bytes:
    """A ballot for RULES, not checked."""
    public_key = bytes(KEY.public_key)
    return seal(Ballot(chosen(plan_ids)), rules=RULES, public_key=public_key, nonce=nonce or token_bytes(NONCE_BYTES))


def test_valid_ballots_come_in_the_order_of_their_trackers() -> None:
    envelopes = [sealed(3), sealed(5), sealed(8), sealed()]
    contents = opened_contents(envelopes, rules=RULES, private_key=bytes(KEY))
    trackers = [ballot.tracker for ballot in contents.ballots]
    assert trackers == sorted(trackers)
    assert sorted(ballot.points for ballot in contents.ballots) == [(), ((3, 1),), ((5, 1),), ((8, 1),)]
    assert contents.rejected == {}


def test_each_spoilt_envelope_is_counted_by_its_reason() -> None:
    ballot = sealed(3, nonce=A_NONCE)
    spoilt = [b"not sealed", ballot, sealed(4), sealed(3, 3), sealed(3, 5, 8)]
    contents = opened_contents([ballot, *spoilt], rules=RULES, private_key=bytes(KEY))
    assert [each.tracker for each in contents.ballots] == [tracker_of(A_NONCE)]
    assert contents.rejected == {"unreadable": 1, "copy": 1, "against-the-rules": 3}


def test_an_equal_ballot_of_another_voter_is_no_copy() -> None:
    contents = opened_contents([sealed(3), sealed(3), sealed(3)], rules=RULES, private_key=bytes(KEY))
    assert len(contents.ballots) == 3


def fill(build: Builder, tmp_path: Path, *, voters: int) -> FrozenRules:
    """A round whose urn holds so many blank ballots."""
    round_ = build.round()
    urn = build.opened_urn(round_, tmp_path)
    rules = FrozenRules.parse(urn.rules)
    for code in build.codes(round_, voters) if voters else []:
        blank = seal(Ballot(()), rules=rules, public_key=urn.public_key, nonce=token_bytes(NONCE_BYTES))
        build.session.add(
            Envelope(entitlement_id=build.entitlement(code), round_id=round_.id, sealed=blank, retry_mark=bytes(32))
        )
    build.session.flush()
    return rules


def ballots(session: Session, round_id: int) -> list[Ballot]:
    return list(opened_ballots(session, round_id))


def opened(session: Session, rules: FrozenRules, tmp_path: Path) -> str:
    """The Merkle root of the opened urn."""
    key = KeyFolder(tmp_path).private_key(rules.round_id)
    opening = open_urn(session, rules=rules, private_key=key, now=COUNTING)
    assert opening.envelopes == len(ballots(session, rules.round_id)) + sum(opening.rejected.values())
    return opening.merkle_root


def test_the_root_is_that_of_the_digests_of_the_envelopes_in_order(
    build: Builder, session: Session, tmp_path: Path
) -> None:
    rules = fill(build, tmp_path, voters=5)
    leaves = sorted(hashlib.sha256(each).digest() for each in session.scalars(select(Envelope.sealed)))
    assert opened(session, rules, tmp_path) == merkle_root(leaves).hex()
    assert len(ballots(session, rules.round_id)) == 5


def test_ballots_are_written_in_the_order_of_their_trackers(build: Builder, session: Session, tmp_path: Path) -> None:
    opened(session, fill(build, tmp_path, voters=9), tmp_path)
    written = session.scalars(select(OpenedBallot.tracker)).all()  # no ORDER BY: as they lie in the table
    assert list(written) == sorted(written)


def test_many_ballots_are_written_in_parts_and_none_is_lost(
    build: Builder, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening_module, "AT_A_TIME", 4)
    rules = fill(build, tmp_path, voters=9)
    opened(session, rules, tmp_path)
    assert ballots(session, rules.round_id) == [Ballot(())] * 9


def test_the_digest_of_each_envelope_is_kept_of_this_round_alone(
    build: Builder, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening_module, "AT_A_TIME", 2)
    rules = fill(build, tmp_path, voters=5)
    other = build.round(title="Elders")
    entitlement = build.entitlement(build.codes(other)[0])
    session.add(Envelope(entitlement_id=entitlement, round_id=other.id, sealed=b"x", retry_mark=bytes(32)))
    envelopes = session.scalars(select(Envelope.sealed).where(Envelope.round_id == rules.round_id)).all()
    for spoilt in (b"y", envelopes[0]):  # what is rejected was in the urn, too; a copy is found as its original
        entitlement = _spare(build, rules)
        session.add(Envelope(entitlement_id=entitlement, round_id=rules.round_id, sealed=spoilt, retry_mark=b""))
    assert not session.scalars(select(UrnEntry)).all()
    opened(session, rules, tmp_path)
    kept = {(entry.round_id, bytes(entry.digest)) for entry in session.scalars(select(UrnEntry))}
    assert kept == {(rules.round_id, hashlib.sha256(each).digest()) for each in (*envelopes, b"y")}


def _spare(build: Builder, rules: FrozenRules) -> int:
    """One more right to vote in the round."""
    return build.entitlement(build.codes(build.session.get_one(Round, rules.round_id))[0])


def test_an_empty_urn_opens_too(build: Builder, session: Session, tmp_path: Path) -> None:
    rules = fill(build, tmp_path, voters=0)
    assert opened(session, rules, tmp_path) == merkle_root([]).hex()
    assert ballots(session, rules.round_id) == []


@pytest.mark.parametrize("voters", [0, 1])
def test_without_a_key_nothing_opens_but_an_empty_urn(
    build: Builder, session: Session, tmp_path: Path, voters: int
) -> None:
    rules = fill(build, tmp_path, voters=voters)
    if voters:
        with pytest.raises(TypeError, match="32"):
            open_urn(session, rules=rules, private_key=b"", now=COUNTING, read=NOTHING)
    else:
        opening = open_urn(session, rules=rules, private_key=b"", now=COUNTING, read=NOTHING)
        assert (opening.envelopes, opening.merkle_root, opening.rejected) == (0, merkle_root([]).hex(), {})


def test_envelopes_of_another_round_stay_closed(build: Builder, session: Session, tmp_path: Path) -> None:
    rules = fill(build, tmp_path, voters=2)
    other = build.round(title="Elders")
    entitlement = build.entitlement(build.codes(other)[0])
    session.add(Envelope(entitlement_id=entitlement, round_id=other.id, sealed=b"x", retry_mark=bytes(32)))
    session.flush()
    opened(session, rules, tmp_path)
    assert len(ballots(session, rules.round_id)) == 2
    assert ballots(session, other.id) == []
