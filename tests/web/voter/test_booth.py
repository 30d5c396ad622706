"""What this browser remembers between the code and the receipt."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask import session as cookie
from sqlalchemy.orm import Session

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.moments import COUNTING, REVIEWING, SCHEDULE, SECOND, VOTING
from wijkbudget.ballots.actions import cast_ballot, find_code
from wijkbudget.ballots.receipts import NoReceipt
from wijkbudget.ballots.rules import OtherBooth, UnknownCode, UrnNotReady
from wijkbudget.ballots.tables import Opening, VotingCode
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.rounds.rules import WrongPhase
from wijkbudget.rounds.tables import Round
from wijkbudget.web.transactions import parts
from wijkbudget.web.transactions import session as page_session
from wijkbudget.web.voter import booth
from wijkbudget.web.voter.booth import (
    Booth,
    current_booth,
    enter_booth,
    keep_receipt,
    kept_receipt,
    leave_booth,
    require_open,
    require_same,
)


@pytest.fixture
def round_(build: Builder, config: Config) -> Round:
    round_ = build.round()
    build.opened_urn(round_, config.key_folder)
    return round_


@pytest.fixture
def code(build: Builder, session: Session, round_: Round) -> VotingCode:
    found = find_code(session, typed=build.codes(round_)[0], pepper=PEPPER)
    build.commit()
    return found


@pytest.fixture
def visit(app: Flask, clock: MovableClock) -> Iterator[None]:
    clock.move_to(VOTING)
    with app.test_request_context("/stemmen"):
        yield


def booth_of(code: VotingCode) -> Booth:
    enter_booth(code.entitlement_id, code.round_id, code.code_mac)
    found = current_booth()
    assert found is not None
    return found


@pytest.mark.usefixtures("visit")
def test_who_entered_is_in_the_booth_of_the_round(code: VotingCode, round_: Round) -> None:
    assert current_booth() is None
    inside = booth_of(code)
    assert (inside.entitlement_id, inside.round.id) == (code.entitlement_id, round_.id)
    assert inside.rules.budget == round_.budget


@pytest.mark.usefixtures("visit")
def test_the_next_voter_at_this_browser_finds_nothing_of_the_one_before(code: VotingCode) -> None:
    keep_receipt("0" * 16, booth_of(code))
    enter_booth(code.entitlement_id, code.round_id, code.code_mac)
    with pytest.raises(NoReceipt):
        kept_receipt()


@pytest.mark.parametrize("moment", [REVIEWING, SCHEDULE.voting - SECOND, COUNTING])
def test_nobody_enters_outside_voting(app: Flask, clock: MovableClock, code: VotingCode, moment: object) -> None:
    clock.move_to(moment)  # type: ignore[arg-type]
    with app.test_request_context("/stemmen"):
        with pytest.raises(WrongPhase):
            enter_booth(code.entitlement_id, code.round_id, code.code_mac)
        assert not cookie


def test_who_is_in_the_booth_at_closing_is_told(app: Flask, clock: MovableClock, code: VotingCode) -> None:
    clock.move_to(COUNTING)
    with app.test_request_context("/stemmen"):
        cookie["booth"] = [code.entitlement_id, code.code_mac, "mark"]
        entered = current_booth()
        assert entered is not None
        with pytest.raises(WrongPhase):
            require_open(entered)


def test_the_clock_of_the_database_opens_and_closes_the_booth(
    app: Flask, clock: MovableClock, code: VotingCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move_to(COUNTING)
    with app.test_request_context("/stemmen"):
        monkeypatch.setattr(booth, "read_clock", lambda _: SCHEDULE.counting - SECOND - clock.ahead)
        enter_booth(code.entitlement_id, code.round_id, code.code_mac)
        entered = current_booth()
        assert entered is not None
        require_open(entered)
        monkeypatch.setattr(booth, "read_clock", lambda _: SCHEDULE.counting - clock.ahead)
        with pytest.raises(WrongPhase):
            require_open(entered)
        with pytest.raises(WrongPhase):
            enter_booth(code.entitlement_id, code.round_id, code.code_mac)


@pytest.mark.usefixtures("visit")
def test_the_booth_of_an_opened_urn_is_closed(session: Session, code: VotingCode, round_: Round) -> None:
    opening = Opening(round_id=round_.id, envelopes=0, merkle_root="", rejected={}, opened_at=COUNTING)
    session.add(opening)
    session.commit()
    with pytest.raises(WrongPhase):
        enter_booth(code.entitlement_id, code.round_id, code.code_mac)


@pytest.mark.usefixtures("visit")
def test_a_page_belongs_to_the_code_that_was_entered_last(code: VotingCode) -> None:
    enter_booth(code.entitlement_id, code.round_id, code.code_mac)
    earlier = current_booth()
    enter_booth(code.entitlement_id, code.round_id, code.code_mac)
    later = current_booth()
    assert earlier is not None
    assert later is not None
    require_same(later, later.mark)
    for mark in (earlier.mark, ""):
        with pytest.raises(OtherBooth):
            require_same(later, mark)


@pytest.mark.usefixtures("visit")
def test_nobody_enters_before_the_rules_are_frozen(build: Builder) -> None:
    found = find_code(build.session, typed=build.codes(build.round(title="Elders"))[0], pepper=PEPPER)
    build.commit()
    with pytest.raises(UrnNotReady):
        enter_booth(found.entitlement_id, found.round_id, found.code_mac)


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize("kept", [[10**6, None, "mark"], [1, "mark"], [1, 5, "mark"], "mark", None, {"booth": 1}])
def test_a_right_to_vote_that_does_not_exist_and_what_another_version_wrote_are_no_booth(kept: object) -> None:
    cookie["booth"] = kept
    assert current_booth() is None


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize("mac", [bytes(32), bytes.fromhex("ab" * 32)])
def test_who_forges_a_cookie_without_a_code_opens_no_booth(code: VotingCode, mac: bytes) -> None:
    cookie["booth"] = [code.entitlement_id, None, "mark"]
    assert current_booth() is None
    cookie["booth"] = [code.entitlement_id, mac, "mark"]
    forged = current_booth()
    assert forged is not None
    with pytest.raises(UnknownCode):
        require_open(forged)
    with pytest.raises(UnknownCode):
        cast(forged)
    cookie["booth"] = [code.entitlement_id, code.code_mac, "mark"]
    own = current_booth()
    assert own is not None
    assert cast(own)


def cast(booth: Booth) -> str:
    return cast_ballot(
        page_session(), entitlement_id=booth.entitlement_id, code_mac=booth.code_mac, points=(),
        nonce=bytes(NONCE_BYTES), clock=parts().clock,
    )  # fmt: skip


@pytest.mark.usefixtures("visit")
def test_the_receipt_is_kept_with_its_round_and_its_right_to_vote_until_another_takes_its_place(
    round_: Round, code: VotingCode
) -> None:
    for fingerprint in ("A" * 16, "B" * 16):
        keep_receipt(fingerprint, booth_of(code))
        kept = kept_receipt()
        assert (kept.fingerprint, kept.round.id, kept.entitlement_id) == (fingerprint, round_.id, code.entitlement_id)


@pytest.mark.usefixtures("visit")
def test_leaving_forgets_everything(code: VotingCode) -> None:
    keep_receipt("A" * 16, booth_of(code))
    leave_booth()
    assert not cookie
    assert current_booth() is None
