"""Sealing and opening: one length, nothing readable, and nothing that somebody slips in stops the count."""

import json
from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from secrets import token_bytes
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, PublicKey, SealedBox

from tests.ballots.test_rules import FORMS, RULES
from tests.effort import many
from wijkbudget.ballots import urn
from wijkbudget.ballots.codes import SYMBOLS
from wijkbudget.ballots.rules import (
    Ballot,
    FrozenRules,
    MenuItem,
    canonical,
    chosen,
    longest_ballot,
    ranked,
    valid_ballot,
)
from wijkbudget.ballots.urn import (
    NONCE_BYTES,
    Opened,
    SpoiltEnvelope,
    digest_start,
    fingerprint_of,
    retry_mark_of,
    seal,
    symbols,
    tracker_of,
    unseal,
)
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.forms import MOST_POINTS, BallotForm, Form

KEY = PrivateKey.generate()
PRIVATE, PUBLIC = bytes(KEY), bytes(KEY.public_key)
NONCE = bytes(range(NONCE_BYTES))
ALL = chosen(item.plan_id for item in RULES.menu)


def sealed_text(text: bytes) -> bytes:
    """An envelope with any content, as somebody could make who can write in the database."""
    return bytes(SealedBox(PublicKey(PUBLIC)).encrypt(text))


def reason(sealed: bytes, *, private_key: bytes = PRIVATE) -> str:
    """Why this envelope is spoilt."""
    with pytest.raises(SpoiltEnvelope) as spoilt:
        unseal(sealed, round_id=RULES.round_id, private_key=private_key)
    return str(spoilt.value.args[0])


def test_a_ballot_comes_out_as_it_went_in() -> None:
    sealed = seal(Ballot(((3, 1), (8, 1))), rules=RULES, public_key=PUBLIC, nonce=NONCE)
    opened = unseal(sealed, round_id=RULES.round_id, private_key=PRIVATE)
    assert opened == Opened(tracker_of(NONCE), ((3, 1), (8, 1)))


def from_empty_to_full(rules: FrozenRules) -> list[Ballot]:
    """The empty ballot, and valid ones of its form with few and many plans and points."""
    form, orders = rules.ballot_form, [order for size in range(6) for order in permutations(rules.costs, size)]
    most = form.most_points or 1
    stated = {
        Form.POINTS: [tuple((plan, points) for plan in order) for order in orders for points in {1, most}],
        Form.RANKING: [ranked(order, form) for order in orders],
    }.get(form.form, [chosen(order) for order in orders])
    ballots: set[Ballot] = set()
    for points in stated:
        with suppress(Refusal):
            ballots.add(valid_ballot(points, rules))
    return sorted(ballots, key=lambda ballot: len(ballot.points))


def lengths(rules: FrozenRules) -> set[int]:
    """How long the envelopes of these ballots are."""
    ballots = from_empty_to_full(rules)
    full = {Form.ONE: 1, Form.POINTS: 5, Form.BASKET: 5}.get(rules.ballot_form.form, rules.ballot_form.max_choices)
    assert (len(ballots[0].points), len(ballots[-1].points)) == (0, full)
    return {len(seal(ballot, rules=rules, public_key=PUBLIC, nonce=token_bytes(NONCE_BYTES))) for ballot in ballots}


@pytest.mark.proof
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form.value)
def test_an_empty_and_a_full_ballot_have_one_length_which_they_would_not_have_unpadded(
    form: BallotForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu = tuple(MenuItem(plan_id, "Plan", 1) for plan_id in (1, 22, 333, 4444, 10**9))
    rules = replace(RULES, menu=menu, ballot_form=form)
    assert len(lengths(rules)) == 1
    monkeypatch.setattr(urn, "plain_length", lambda _: 0)
    assert len(lengths(rules)) > 2


FURTHER_FORMS = [
    BallotForm(Form.BASKET, 3, 2),
    BallotForm(Form.APPROVAL, 20, 5),
    BallotForm(Form.POINTS, total_points=3, most_points=1),
    BallotForm(Form.POINTS, total_points=100, most_points=100),
    BallotForm(Form.POINTS, total_points=MOST_POINTS, most_points=999),
    BallotForm(Form.RANKING, 12),
]


@st.composite
def rounds_with_a_ballot(draw: st.DrawFn, form: BallotForm) -> tuple[FrozenRules, Ballot]:
    """A menu, and a valid ballot on it: as long as it may be, or shorter."""
    plans = draw(st.lists(st.integers(1, 10 ** draw(st.integers(1, 18))), min_size=1, max_size=30, unique=True))
    rules = replace(RULES, menu=tuple(MenuItem(plan, "Plan", 1) for plan in plans), ballot_form=form)
    if draw(st.booleans()):
        return rules, longest_ballot(rules)
    order = draw(st.permutations(plans))[: draw(st.integers(0, form.max_choices or len(plans)))]
    left, points = form.total_points or 0, []
    for plan in order:
        given_points = draw(st.integers(1, form.most_points or 1))
        points.append((plan, min(given_points, left) if form.total_points else 1))
        left -= given_points
    stated = ranked(order, form) if form.form is Form.RANKING else [each for each in points if each[1] > 0]
    try:
        return rules, valid_ballot(stated, rules)
    except Refusal:
        return rules, Ballot(())


@pytest.mark.proof
@pytest.mark.parametrize(
    "form", [*FORMS, *FURTHER_FORMS], ids=lambda form: "-".join(str(n) for n in vars(form).values() if n)
)
@settings(deadline=None, max_examples=many(40))
@given(data=st.data())
def test_whatever_is_chosen_an_envelope_has_the_length_of_an_empty_one(form: BallotForm, data: st.DataObject) -> None:
    rules, ballot = data.draw(rounds_with_a_ballot(form))
    sealed = [seal(each, rules=rules, public_key=PUBLIC, nonce=NONCE) for each in (ballot, Ballot(()))]
    assert len(sealed[0]) == len(sealed[1])
    assert unseal(sealed[0], round_id=rules.round_id, private_key=PRIVATE).points == ballot.points


def test_nothing_in_an_envelope_can_be_read() -> None:
    sealed = seal(Ballot(ALL), rules=RULES, public_key=PUBLIC, nonce=NONCE)
    for trace in (b"tracker", b"points", b"[3,1]", tracker_of(NONCE).encode(), NONCE, b"\0" * 8):
        assert trace not in sealed


def test_the_same_ballot_is_sealed_differently_each_time() -> None:
    sealed = {seal(Ballot(()), rules=RULES, public_key=PUBLIC, nonce=NONCE) for _ in range(5)}
    assert len(sealed) == 5


@given(st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_the_stored_mark_and_the_tracker_have_nothing_in_common(nonce: bytes) -> None:
    mark, tracker = retry_mark_of(nonce), tracker_of(nonce)
    assert symbols(mark) != tracker
    assert tracker not in {tracker_of(mark), symbols(retry_mark_of(mark)), tracker_of(mark[:NONCE_BYTES])}
    assert tracker == tracker_of(nonce) != tracker_of(bytes([nonce[0] ^ 1]) + nonce[1:])
    assert set(tracker) <= set(SYMBOLS)
    assert len(tracker) == 16
    assert len(mark) == 32


def test_a_receipt_is_sixteen_symbols_and_differs_for_each_envelope() -> None:
    receipts = {fingerprint_of(seal(Ballot(()), rules=RULES, public_key=PUBLIC, nonce=NONCE)) for _ in range(5)}
    assert len(receipts) == 5
    assert all(len(receipt) == 16 and set(receipt) <= set(SYMBOLS) for receipt in receipts)


def test_an_envelope_of_another_round_is_told_apart() -> None:
    sealed = seal(Ballot(()), rules=replace(RULES, round_id=8), public_key=PUBLIC, nonce=NONCE)
    assert reason(sealed) == "other-round"


def test_an_envelope_for_another_key_is_unreadable() -> None:
    sealed = seal(Ballot(()), rules=RULES, public_key=PUBLIC, nonce=NONCE)
    assert reason(sealed, private_key=bytes(PrivateKey.generate())) == "unreadable"


def test_a_changed_byte_makes_an_envelope_unreadable() -> None:
    sealed = bytearray(seal(Ballot(()), rules=RULES, public_key=PUBLIC, nonce=NONCE))
    for place in (0, 31, 32, 47, 48, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert reason(bytes(changed)) == "unreadable"


@pytest.mark.parametrize("sealed", [b"", b"x", b"\0" * 48, b"\xff" * 200])
def test_what_was_never_sealed_is_unreadable(sealed: bytes) -> None:
    assert reason(sealed) == "unreadable"


SOUND: dict[str, Any] = {"version": 2, "round": RULES.round_id, "tracker": tracker_of(NONCE), "points": [[3, 1]]}
STRANGE = {
    "no version": {name: value for name, value in SOUND.items() if name != "version"},
    "another version": SOUND | {"version": 3},
    "no round": {name: value for name, value in SOUND.items() if name != "round"},
    "more than it should hold": SOUND | {"name": "Samira"},
    "a tracker that does not fit its column": SOUND | {"tracker": "0" * 17},
    "a tracker that no column takes": SOUND | {"tracker": "\0" * 16},
    "a tracker of small letters": SOUND | {"tracker": tracker_of(NONCE).lower()},
    "a tracker that is a number": SOUND | {"tracker": 5},
    "no tracker": SOUND | {"tracker": None},
    "a plan that passes for 1": SOUND | {"points": [[True, 1]]},
    "points that pass for 1": SOUND | {"points": [[3, True]]},
    "a plan that passes for 3": SOUND | {"points": [[3.0, 1]]},
    "points with a fraction": SOUND | {"points": [[3, 1.5]]},
    "a plan in text": SOUND | {"points": [["3", 1]]},
    "a plan and its points in text": SOUND | {"points": ["31"]},
    "endless points": SOUND | {"points": [[3, float("inf")]]},
    "a plan without points": SOUND | {"points": [[3]]},
    "a plan alone": SOUND | {"points": [3]},
    "more than points": SOUND | {"points": [[3, 1, 1]]},
    "pairs in pairs": SOUND | {"points": [[[3, 1], 1]]},
    "plans in another order": SOUND | {"points": [[5, 1], [3, 1]]},
    "points as text": SOUND | {"points": "3"},
    "points by plan": SOUND | {"points": {"3": 1}},
    "no points": SOUND | {"points": None},
    "the first way of writing": SOUND | {"version": 1},
    "choices": {name: value for name, value in SOUND.items() if name != "points"} | {"choices": [3]},
    "a list": [SOUND],
    "nothing": None,
    "a number": 3,
}


@pytest.mark.parametrize("content", STRANGE.values(), ids=STRANGE)
def test_an_envelope_with_strange_content_is_unreadable(content: object) -> None:
    assert reason(sealed_text(canonical(content).encode())) == "unreadable"


@pytest.mark.parametrize(
    "text",
    [b"", b"\0\0", b"{", b"\xff\xfe", b"[" * 100_000, json.dumps(SOUND).encode(), b" " + canonical(SOUND).encode()],
    ids=["empty", "zeros", "half", "no UTF-8", "too deep", "with spaces", "with a space in front"],
)
def test_an_envelope_with_a_text_that_we_do_not_write_is_unreadable(text: bytes) -> None:
    assert reason(sealed_text(text)) == "unreadable"


def test_the_sound_content_of_these_tests_is_read() -> None:
    opened = unseal(sealed_text(canonical(SOUND).encode()), round_id=RULES.round_id, private_key=PRIVATE)
    assert opened == Opened(tracker_of(NONCE), ((3, 1),))


def test_a_written_digest_leads_back_to_its_first_eighty_bits() -> None:
    digest = bytes(range(200, 232))
    assert digest_start(symbols(digest)) == digest[:10]
    assert digest_start("0" * 16) == bytes(10)
    assert digest_start("Z" * 16) == b"\xff" * 10
