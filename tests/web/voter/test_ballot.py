"""From the code in the letter to the receipt, in a browser without JavaScript."""

import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.files import sqlite_bytes
from tests.moments import COUNTING, REVIEWING, SCHEDULE, SECOND, VOTING
from tests.web.voter.voters import RECEIPT, Booths, Voter, dump, form_of, receipt_on
from wijkbudget.ballots.actions import find_code
from wijkbudget.ballots.codes import SYMBOLS, new_code, written_code
from wijkbudget.ballots.guesses import PER_NETWORK
from wijkbudget.ballots.tables import Envelope, FailedGuess
from wijkbudget.ballots.urn import fingerprint_of, own_nonce, tracker_of
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.voting import VotingTerms


@pytest.fixture
def voter(booths: Booths) -> Voter:
    """Somebody who fills a basket of 15.000 euros with plans of 10.000, 5.000 and 5.000,01."""
    return booths.voter(BallotForm(Form.BASKET))


@pytest.fixture
def approver(booths: Booths) -> Voter:
    """Somebody who may choose two plans."""
    return booths.voter(BallotForm(Form.APPROVAL, 2))


# The walk


def test_a_basket_is_cast_from_code_to_receipt(voter: Voter) -> None:
    receipt = voter.vote(*voter.plans[:2])
    assert voter.choices() == [tuple(plan.id for plan in voter.plans[:2])]
    with voter.database.reading() as session:
        assert receipt == written_code(fingerprint_of(session.scalars(select(Envelope.sealed)).one()))


def test_an_approval_ballot_is_cast_from_code_to_receipt(approver: Voter) -> None:
    approver.vote(approver.plans[0], approver.plans[2])
    assert approver.choices() == [(approver.plans[0].id, approver.plans[2].id)]


def test_a_blank_vote_is_cast_by_saying_so(voter: Voter) -> None:
    voter.enter()
    page = voter.choose(blank=True)
    assert "U stemt blanco" in page.text
    voter.send(form_of(page))
    assert voter.choices() == [()]


def test_who_votes_again_reads_that_the_new_vote_is_not_sent_and_what_it_replaces(voter: Voter) -> None:
    voter.vote(voter.plans[0])
    page = voter.choose(voter.plans[1]).text
    assert "U hebt deze nieuwe stem nog niet verstuurd." in page
    assert "Dan komt hij in de plaats van uw vorige stem." in page


def test_the_code_may_be_typed_in_any_way(voter: Voter) -> None:
    assert voter.enter(f"  {voter.code.lower().replace('-', ' ')} ").location == "/stemmen/kiezen"


def test_the_page_of_the_ballot_shows_each_plan_with_its_cost(voter: Voter) -> None:
    voter.enter()
    page = voter.client.get("/stemmen/kiezen").text
    for plan in voter.plans:
        assert plan.title in page
    assert "€\N{NO-BREAK SPACE}5.000,01" in page
    assert "U hebt nog niet gestemd" in page


def test_the_sum_is_made_on_request_without_going_on(voter: Voter) -> None:
    voter.enter()
    page = voter.choose(*voter.plans, address="/stemmen/kiezen")
    assert page.status_code == 200
    assert "€\N{NO-BREAK SPACE}5.000,01 te veel" in page.text
    assert page.text.count(" checked") == 3
    assert voter.client.get("/stemmen/controleren").location == "/stemmen/kiezen"


def test_going_back_shows_what_was_chosen(voter: Voter) -> None:
    voter.enter()
    page = voter.client.post("/stemmen/kiezen", data=voter.checked(voter.plans[0])).text
    assert re.search(rf'value="{voter.plans[0].id}"[^>]* checked', page)
    assert page.count(" checked") == 1


# What is refused


def test_an_unknown_a_blocked_and_a_mistyped_code_stay_outside(voter: Voter, build: Builder) -> None:
    find_code(build.session, typed=voter.code, pepper=PEPPER).blocked_at = VOTING
    build.commit()
    blocked, unknown, mistyped = (voter.enter(code) for code in (voter.code, new_code(), voter.code[:-1]))
    assert (blocked.status_code, unknown.status_code, mistyped.status_code) == (422, 422, 422)
    assert blocked.text.replace(voter.code, "") == re.sub(r'value="[0-9A-Z]{16}"', 'value=""', unknown.text)
    assert "Deze code werkt niet" in blocked.text
    assert "Er zit een typefout in de code" in mistyped.text
    assert voter.client.get("/stemmen/kiezen").location == "/stemmen"


def test_an_empty_code_is_asked_for(voter: Voter) -> None:
    refused = voter.enter("")
    assert refused.status_code == 422
    assert "Vul de stemcode uit uw brief in." in refused.text


@pytest.mark.parametrize("wrong", ["", "x", "1", None])
def test_a_single_wrong_symbol_is_a_typing_slip(voter: Voter, wrong: str | None) -> None:
    typed = wrong if wrong is not None else voter.code[:-1] + SYMBOLS[SYMBOLS.index(voter.code[-1]) - 1]
    assert voter.enter(typed).status_code == 422


def test_before_voting_the_door_is_closed_and_says_when_it_opens(voter: Voter, clock: MovableClock) -> None:
    clock.move_to(REVIEWING)
    refused = voter.enter()
    assert refused.status_code == 409
    assert "Het kan vanaf zondag 1 november 2026 om 11.00 uur" in refused.text


def test_after_voting_every_page_of_the_booth_is_closed(voter: Voter, clock: MovableClock) -> None:
    voter.enter()
    form = voter.checked(voter.plans[0])
    clock.move_to(COUNTING)
    assert voter.enter().status_code == 409
    assert voter.client.get("/stemmen/kiezen").status_code == 409
    for page in ("kiezen", "controleren"):
        assert voter.client.post(f"/stemmen/{page}", data=form).status_code == 409
    assert voter.send(form).status_code == 409
    assert voter.choices() == []


def test_a_ballot_that_is_sent_just_after_closing_is_refused_by_name(voter: Voter, clock: MovableClock) -> None:
    voter.enter()
    form = voter.checked(voter.plans[0])
    clock.move_to(SCHEDULE.counting - SECOND)
    assert voter.send(form).status_code == 200
    clock.move_to(SCHEDULE.counting + timedelta(milliseconds=2))
    refused = voter.send(form | {"nonce": "ab" * 16})
    assert refused.status_code == 409
    assert "Dit kan niet meer" in refused.text


def test_an_answer_that_was_lost_is_given_again_after_closing(voter: Voter, clock: MovableClock) -> None:
    voter.enter()
    form = voter.checked(voter.plans[0])
    first = voter.send(form)
    clock.move_to(SCHEDULE.counting + timedelta(milliseconds=2))
    again = voter.send(form)
    assert (first.status_code, again.status_code) == (200, 200)
    assert RECEIPT.findall(again.text) == RECEIPT.findall(first.text) != []
    assert ["Verander uw stem" in page.text for page in (first, again)] == [True, False]


def test_before_the_rules_are_frozen_the_voter_is_asked_to_wait(
    build: Builder, client: FlaskClient, clock: MovableClock
) -> None:
    [code] = build.codes(build.round())
    build.commit()
    clock.move_to(VOTING)
    assert client.post("/stemmen", data={"code": code}).status_code == 503


def test_without_a_code_nobody_comes_further(client: FlaskClient) -> None:
    assert client.get("/stemmen/kiezen").location == "/stemmen"
    for page in ("kiezen", "controleren", "versturen"):
        assert client.post(f"/stemmen/{page}", data={"blank": "y"}).location == "/stemmen"
    assert client.get("/stemmen/ontvangst").status_code == 403


def test_neither_plans_nor_blank_and_both_at_once_are_refused(voter: Voter) -> None:
    voter.enter()
    for refused in (voter.choose(), voter.choose(voter.plans[0], blank=True)):
        assert refused.status_code == 422
        assert "Niet allebei" in refused.text


def test_a_basket_over_the_budget_by_a_cent_is_refused_with_what_was_chosen(voter: Voter) -> None:
    voter.enter()
    refused = voter.choose(voter.plans[0], voter.plans[2])
    assert refused.status_code == 422
    assert "Uw keuze is €\N{NO-BREAK SPACE}0,01 te duur" in refused.text
    assert refused.text.count(" checked") == 2


def test_a_page_that_states_nothing_is_never_sent_as_a_blank_vote(voter: Voter) -> None:
    voter.enter()
    form = voter.checked(blank=True)
    refused = voter.send({name: value for name, value in form.items() if name != "blank"})
    assert refused.status_code == 422
    assert voter.choices() == []
    voter.send(form)
    assert voter.choices() == [()]


def test_more_plans_than_allowed_are_refused(approver: Voter) -> None:
    approver.enter()
    refused = approver.choose(*approver.plans)
    assert refused.status_code == 422
    assert "Kies er maximaal 2" in refused.text
    assert approver.choose(approver.plans[0], approver.plans[2]).status_code == 200


@pytest.mark.parametrize("tampered", ["over budget", "elsewhere", "twice", "no number", "huge"])
def test_a_form_that_was_tampered_with_is_refused_and_the_ballot_can_still_be_cast(
    voter: Voter, build: Builder, tampered: str
) -> None:
    elsewhere = build.menu_plan(build.round(title="Elders"))
    build.commit()
    ids = [plan.id for plan in voter.plans]
    wrong = {
        "over budget": [ids[0], ids[2]], "elsewhere": [ids[0], elsewhere.id], "twice": [ids[1], ids[1]],
        "no number": ["x"], "huge": [10**30],
    }  # fmt: skip
    voter.enter()
    form = voter.checked(voter.plans[0])
    assert voter.send(form | {"plan": wrong[tampered]}).status_code == 422
    assert voter.choices() == []
    voter.send(form)
    assert voter.choices() == [(ids[0],)]


@pytest.mark.parametrize("nonce", [None, "", "0" * 31, "0" * 33, "G" * 32, "A" * 32])
def test_a_ballot_without_its_number_is_refused(voter: Voter, nonce: str | None) -> None:
    voter.enter()
    form = voter.checked(voter.plans[0]) | {"nonce": nonce}
    refused = voter.send({name: value for name, value in form.items() if value is not None})
    assert refused.status_code == 422
    assert voter.choices() == []
    assert receipt_on(voter.send(form_of(refused)))


# Guesses


def wrong_codes(voter: Voter, times: int) -> list[TestResponse]:
    return [voter.enter(new_code()) for _ in range(times)]


def test_a_guess_stays_counted_although_it_is_refused(voter: Voter) -> None:
    assert {refused.status_code for refused in wrong_codes(voter, 2)} == {422}
    voter.enter("1234")
    with voter.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FailedGuess)) == 2


def test_after_many_guesses_a_wrong_code_is_told_so_and_a_good_one_works(voter: Voter) -> None:
    assert {refused.status_code for refused in wrong_codes(voter, PER_NETWORK)} == {422}
    [refused] = wrong_codes(voter, 1)
    assert refused.status_code == 429
    assert "Hebt u de goede code? Die werkt gewoon." in refused.text
    assert voter.enter().location == "/stemmen/kiezen"


# Final


@pytest.fixture
def final_voter(booths: Booths) -> Voter:
    """Somebody who votes in a round in which a vote is final."""
    return booths.voter(BallotForm(Form.BASKET), VotingTerms(is_final=True))


def test_in_a_final_round_the_pages_say_before_sending_that_a_vote_cannot_be_changed(final_voter: Voter) -> None:
    final_voter.enter()
    assert "Daarna kunt u hem niet meer veranderen." in final_voter.client.get("/stemmen/kiezen").text
    check = final_voter.choose(final_voter.plans[0])
    assert "Dan kunt u hem niet meer veranderen." in check.text
    assert "U kunt uw stem veranderen" not in check.text
    for page in (final_voter.send(form_of(check)), final_voter.client.get("/stemmen/ontvangst")):
        assert "Uw stem staat vast." in page.text
        assert "Verander uw stem" not in page.text
    assert "U kunt uw stem veranderen" not in final_voter.client.get("/stemmen").text


def test_in_another_round_no_page_says_that_a_vote_is_final(voter: Voter) -> None:
    voter.enter()
    check = voter.choose(voter.plans[0])
    sent = voter.send(form_of(check))
    for page in (voter.client.get("/stemmen/kiezen"), check, sent):
        assert "niet meer veranderen" not in page.text
    assert "Verander uw stem" in sent.text


def test_after_a_final_vote_the_code_opens_no_booth_and_says_why(final_voter: Voter) -> None:
    final_voter.vote(final_voter.plans[0])
    refusals = [final_voter.enter(), final_voter.client.get("/stemmen/kiezen")]
    refusals.append(final_voter.client.post("/stemmen/controleren", data={"blank": "y"}))
    for refused in refusals:
        assert refused.status_code == 409
        assert "Met deze code is al gestemd." in refused.text
    assert final_voter.choices() == [(final_voter.plans[0].id,)]


def test_a_final_vote_is_repeated_with_its_receipt_and_never_replaced(final_voter: Voter) -> None:
    final_voter.enter()
    form, other = final_voter.checked(final_voter.plans[0]), final_voter.checked(final_voter.plans[1])
    receipt = receipt_on(final_voter.send(form))
    assert receipt_on(final_voter.send(form)) == receipt
    refused = final_voter.send(other)
    assert refused.status_code == 409
    assert "Met deze code is al gestemd." in refused.text
    assert "Ja, verstuur mijn stem" not in refused.text
    assert final_voter.choices() == [(final_voter.plans[0].id,)]


# Once, again, and otherwise


def test_a_doubled_click_gives_one_receipt_and_one_envelope(voter: Voter) -> None:
    voter.enter()
    form = voter.checked(voter.plans[0])
    receipts = {receipt_on(voter.send(form)), receipt_on(voter.send(form)), voter.receipt()}
    assert len(receipts) == 1
    assert len(voter.opened()) == 1


def test_a_receipt_that_was_lost_on_the_way_comes_again(voter: Voter) -> None:
    voter.enter()
    form = voter.checked(voter.plans[0])
    with voter.client.session_transaction() as cookie:
        before = dict(cookie)
    lost = receipt_on(voter.send(form))
    with voter.client.session_transaction() as cookie:  # the answer with its cookie did not arrive
        cookie.clear()
        cookie.update(before)
    assert receipt_on(voter.send(form)) == lost == voter.receipt()


def test_a_vote_can_be_changed_and_the_latest_counts(voter: Voter) -> None:
    first = voter.vote(voter.plans[0])
    assert "U hebt al gestemd" in voter.client.get("/stemmen/kiezen").text
    assert voter.vote(voter.plans[1]) != first
    assert voter.choices() == [(voter.plans[1].id,)]


def test_a_vote_can_be_changed_without_the_code_until_the_voter_stops(voter: Voter) -> None:
    voter.vote(voter.plans[0])
    voter.send(voter.checked(blank=True))
    assert voter.choices() == [()]
    voter.client.post("/stemmen/stoppen")
    assert voter.choose(voter.plans[0]).location == "/stemmen"


def test_a_late_repetition_does_not_bring_back_an_older_vote(voter: Voter) -> None:
    voter.enter()
    lost = voter.checked(voter.plans[0])
    voter.send(voter.checked(voter.plans[1]))
    refused = voter.send(lost)
    assert refused.status_code == 409
    assert "U hebt intussen ergens anders gestemd" in refused.text
    assert voter.choices() == [(voter.plans[1].id,)]
    assert receipt_on(voter.send(form_of(refused)))
    assert voter.choices() == [(voter.plans[0].id,)]


def test_a_page_of_one_voter_never_votes_with_the_code_of_the_next(voter: Voter, build: Builder) -> None:
    [other] = build.codes(build.session.merge(voter.round))
    build.commit()
    voter.enter()
    form = voter.checked(voter.plans[0])
    voter.enter(other)
    voter.send(voter.checked(voter.plans[1]))
    for page in ("kiezen", "controleren", "versturen"):
        refused = voter.client.post(f"/stemmen/{page}", data=form)
        assert refused.status_code == 409
        assert "intussen iemand anders gaan stemmen" in refused.text
    assert voter.choices() == [(voter.plans[1].id,)]


# Secrecy


def cookie_of(voter: Voter) -> dict[str, object]:
    with voter.client.session_transaction() as cookie:
        return dict(cookie)


def test_neither_the_code_nor_the_choices_are_kept_in_the_browser(voter: Voter) -> None:
    voter.enter()
    assert voter.code.replace("-", "") not in str(cookie_of(voter))
    form = voter.checked(voter.plans[0], voter.plans[1])
    before = cookie_of(voter)
    voter.send(form)
    assert set(before) <= {"booth", "seed", "csrf_token"}
    assert set(cookie_of(voter)) <= {"booth", "seed", "csrf_token", "receipt"}
    for secret in (str([plan.id for plan in voter.plans[:2]]), str(form["nonce"])):
        assert secret not in f"{before} {cookie_of(voter)}"


def test_stopping_forgets_everything_of_the_booth(voter: Voter) -> None:
    voter.vote(voter.plans[0])
    assert voter.client.post("/stemmen/stoppen").location == "/"
    assert not {"booth", "receipt"} & set(cookie_of(voter))
    assert voter.client.get("/stemmen/ontvangst").status_code == 403


def test_no_page_of_the_booth_may_be_stored(voter: Voter) -> None:
    voter.enter()
    check = voter.choose(voter.plans[0])
    sent = voter.send(form_of(check))
    pages = [sent, *(voter.client.get(page) for page in ("/stemmen", "/stemmen/kiezen", "/stemmen/ontvangst"))]
    assert all("no-store" in page.headers["Cache-Control"] for page in [check, *pages])


def test_the_database_holds_no_code_choice_tracker_or_nonce_in_clear(voter: Voter) -> None:
    voter.enter()
    form = voter.checked(voter.plans[0], voter.plans[1])
    nonce = str(form["nonce"])
    voter.send(form)
    [opened] = voter.opened()
    with voter.database.reading() as session:
        right = session.scalars(select(Envelope.entitlement_id)).one()
    assert opened.tracker == tracker_of(own_nonce(bytes.fromhex(nonce), right))
    canonical = json.dumps(opened.points, separators=(",", ":"))
    with voter.database.reading() as session:
        kept = dump(session)
    for secret in (canonical, '"points"', opened.tracker, nonce, voter.code, voter.code.replace("-", "")):
        assert secret not in kept
    assert "Speeltuin" in kept  # the dump does hold what is stored


@pytest.mark.usefixtures("voter")
def test_the_files_of_the_database_hold_no_choice_either(voter: Voter, config: Config) -> None:
    if not config.database_url.startswith("sqlite"):
        pytest.skip("SQLite alone keeps its files where the test can read them")
    voter.vote(voter.plans[0], voter.plans[1])
    [opened] = voter.opened()
    content = sqlite_bytes(config.database_url)
    assert content.startswith(b"SQLite format 3")
    assert opened.tracker.encode() not in content
    assert b'"points":[' not in content
