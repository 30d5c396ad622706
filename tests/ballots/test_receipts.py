"""Who may see a tracker, and where it and a receipt are found again."""

import hashlib
from secrets import token_bytes

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import COUNTING
from wijkbudget.ballots.receipts import (
    MistypedReceipt,
    OtherVote,
    counted_points,
    own_tracker,
    parsed_receipt,
    shows_ballots,
    was_in_urn,
)
from wijkbudget.ballots.tables import Envelope, OpenedBallot, Opening, UrnEntry
from wijkbudget.ballots.urn import NONCE_BYTES, digest_start, fingerprint_of, own_nonce, retry_mark_of, tracker_of
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import VotingTerms


@pytest.fixture
def round_(build: Builder) -> Round:
    return build.round(voting=VotingTerms(publish_ballots_from=20))


# The tracker


def test_a_tracker_is_told_to_who_holds_the_nonce_of_the_vote_in_the_urn(
    build: Builder, session: Session, round_: Round
) -> None:
    mine, others = (build.entitlement(code) for code in build.codes(round_, 2))
    nonces = {entitlement: token_bytes(NONCE_BYTES) for entitlement in (mine, others)}
    for entitlement, nonce in nonces.items():
        mark = retry_mark_of(nonce)
        session.add(Envelope(entitlement_id=entitlement, round_id=round_.id, sealed=b"x", retry_mark=mark))
    session.flush()
    assert own_tracker(session, entitlement_id=mine, nonce=nonces[mine]) == tracker_of(own_nonce(nonces[mine], mine))
    for nonce in (nonces[others], token_bytes(NONCE_BYTES), b""):
        with pytest.raises(OtherVote):
            own_tracker(session, entitlement_id=mine, nonce=nonce)


def test_without_a_vote_there_is_no_tracker(build: Builder, session: Session, round_: Round) -> None:
    [code] = build.codes(round_)
    with pytest.raises(OtherVote):
        own_tracker(session, entitlement_id=build.entitlement(code), nonce=token_bytes(NONCE_BYTES))


# Finding again


def test_a_receipt_is_read_however_it_was_typed() -> None:
    assert parsed_receipt(" o123-4567-89ab-cdef ") == "0123456789ABCDEF"
    with pytest.raises(MistypedReceipt):
        parsed_receipt("0123-4567-89AB-CDE")


def entry(session: Session, round_: Round, digest: bytes) -> None:
    session.add(UrnEntry(round_id=round_.id, digest=digest))
    session.flush()


def test_an_envelope_is_found_by_its_fingerprint_in_its_own_round(
    build: Builder, session: Session, round_: Round
) -> None:
    sealed = b"an envelope"
    fingerprint = fingerprint_of(sealed)
    assert not was_in_urn(session, round_.id, fingerprint)
    for other in (b"a", b"b", b"c"):
        entry(session, round_, hashlib.sha256(other).digest())
    assert not was_in_urn(session, round_.id, fingerprint)
    entry(session, round_, hashlib.sha256(sealed).digest())
    assert was_in_urn(session, round_.id, fingerprint)
    assert not was_in_urn(session, build.round(title="Elders").id, fingerprint)


@pytest.mark.parametrize("rest", [bytes(22), b"\xff" * 22, bytes(range(22))])
@pytest.mark.parametrize("fingerprint", ["0" * 16, "Z" * 16, "0123456789ABCDEF"])
def test_the_first_eighty_bits_decide_and_no_neighbour_is_taken_for_it(
    session: Session, round_: Round, fingerprint: str, rest: bytes
) -> None:
    start = digest_start(fingerprint)
    number = int.from_bytes(start)
    for neighbour in (number - 1, number + 1):
        if 0 <= neighbour < 2**80:
            entry(session, round_, neighbour.to_bytes(10) + rest)
    assert not was_in_urn(session, round_.id, fingerprint)
    entry(session, round_, start + rest)
    assert was_in_urn(session, round_.id, fingerprint)


def test_a_tracker_leads_to_the_points_of_its_ballot(build: Builder, session: Session, round_: Round) -> None:
    session.add(OpenedBallot(round_id=round_.id, tracker="A" * 16, points=[[3, 2], [5, 1]]))
    session.add(OpenedBallot(round_id=round_.id, tracker="B" * 16, points=[]))
    session.flush()
    assert counted_points(session, round_.id, "A" * 16) == ((3, 2), (5, 1))
    assert counted_points(session, round_.id, "B" * 16) == ()
    assert counted_points(session, round_.id, "C" * 16) is None
    assert counted_points(session, build.round(title="Elders").id, "A" * 16) is None


@pytest.mark.parametrize(
    ("envelopes", "rejected", "shown"),
    [(20, {}, True), (19, {}, False), (21, {"copy": 2}, False), (21, {"copy": 1}, True)],
)
def test_ballots_are_shown_from_the_number_that_the_round_asks(
    build: Builder, session: Session, round_: Round, envelopes: int, rejected: dict[str, int], shown: bool
) -> None:
    assert not shows_ballots(session, round_.id)
    build.urn(round_)
    assert not shows_ballots(session, round_.id)
    opening = Opening(
        round_id=round_.id, envelopes=envelopes, merkle_root="ab" * 32, rejected=rejected, opened_at=COUNTING
    )
    session.add(opening)
    session.flush()
    assert shows_ballots(session, round_.id) is shown
