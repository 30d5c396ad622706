"""The receipt: shown, mailed on request without a trace, and the tracker for who holds the page on which was voted."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.files import database_bytes
from tests.mail.mailbox import BUSY, REFUSED, by_smtp, mail_server
from tests.moments import COUNTING, DAY, VOTING
from tests.ports import free_port
from tests.web.voter.voters import Booths, Voter, dump, form_of, receipt_on
from wijkbudget.mail.direct import send_directly
from wijkbudget.mail.outbox import post_letter
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.web.voter import receipts

ADDRESS = "jan.jansen@mailbox.example.net"
MAIL, TRACKER = "/stemmen/ontvangst/mailen", "/stemmen/volgnummer"


@pytest.fixture
def voter(booths: Booths) -> Voter:
    return booths.voter(BallotForm(Form.BASKET))


@pytest.fixture
def sent(voter: Voter) -> TestResponse:
    """The page that answers a vote."""
    voter.enter()
    return voter.send(voter.checked(voter.plans[0]))


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the forms on the receipt."""
    return dict(re.findall(r'<input type="hidden" name="(fingerprint|nonce)" value="([^"]*)">', page.text))


# The page


def test_the_answer_to_a_vote_is_the_receipt_in_groups_of_four(sent: TestResponse) -> None:
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", receipt_on(sent))
    assert "/rondes/wijkbudget-bezuidenhout-2026/zoek-uw-stem" in sent.text


def test_the_receipt_is_shown_again_without_the_number_of_the_page(voter: Voter, sent: TestResponse) -> None:
    again = voter.client.get("/stemmen/ontvangst")
    assert receipt_on(again) == receipt_on(sent)
    assert hidden(again)["nonce"] == ""
    assert "Laat mij mijn volgnummer zien" not in again.text


@pytest.mark.parametrize("address", ["/stemmen/versturen", MAIL, TRACKER])
def test_a_page_that_is_opened_again_leads_to_the_receipt(voter: Voter, sent: TestResponse, address: str) -> None:
    opened = voter.client.get(address)
    assert (opened.status_code, opened.location) == (303, "/stemmen/ontvangst")


def test_the_receipt_does_not_show_what_was_chosen(voter: Voter, sent: TestResponse) -> None:
    for page in (sent, voter.client.get("/stemmen/ontvangst")):
        assert not [plan for plan in voter.plans if plan.title in page.text or f"/plannen/{plan.id}" in page.text]
        assert voter.opened()[0].tracker not in page.text.replace("-", "")


def test_the_receipt_names_its_round_and_no_moment(voter: Voter, sent: TestResponse) -> None:
    for page in (sent, voter.client.get("/stemmen/ontvangst")):
        shown = page.text.partition("wb-receipt")[2].partition("</div>")[0]
        assert f"U stemde in de ronde ‘{voter.round.title}’." in shown
        assert not re.search(r"\d\d\.\d\d uur|2 november", shown)


def test_the_receipt_says_beforehand_that_the_tracker_can_be_asked_for_only_there(
    voter: Voter, sent: TestResponse
) -> None:
    only_now, too_late = "U kunt het alleen nu vragen, op deze pagina.", "Dat kon u alleen zien direct nadat"
    assert (only_now in sent.text, too_late in sent.text) == (True, False)
    ask(voter, hidden(sent)["nonce"])
    again = voter.client.get("/stemmen/ontvangst").text
    assert (only_now in again, too_late in again) == (False, True)


def test_what_cannot_be_asked_for_again_offers_no_other_language(voter: Voter, sent: TestResponse) -> None:
    mistyped = voter.client.post(MAIL, data=hidden(sent) | {"email": "geen adres"})
    for page in (sent, mistyped, ask(voter, hidden(sent)["nonce"])):
        assert "English" not in page.text
    assert 'href="/en/stemmen/ontvangst"' in voter.client.get("/stemmen/ontvangst").text


def test_after_leaving_the_page_says_that_the_receipt_is_gone_and_the_vote_is_not(
    voter: Voter, sent: TestResponse
) -> None:
    voter.client.post("/stemmen/stoppen")
    gone = voter.client.get("/stemmen/ontvangst")
    assert gone.status_code == 403
    assert "Er is hier geen ontvangstbewijs meer." in gone.text
    assert "Dan zit uw stem in de stembus." in gone.text
    assert "Log in" not in gone.text


def test_the_receipt_can_be_printed(voter: Voter, sent: TestResponse) -> None:
    for page in (sent, voter.client.get("/stemmen/ontvangst")):
        assert "Print dit bewijs" in page.text


# By mail


@pytest.fixture
def server() -> Iterator[Controller]:
    with mail_server() as controller:
        yield controller


def use(app: Flask, config: Config) -> None:
    """Let the application send its mail as these settings say."""
    app.extensions["wijkbudget"] = replace(app.extensions["wijkbudget"], config=config)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, but what the mail server of the test says itself."""
    records = [record for record in caplog.records if record.name != "mail.log"]
    return "\n".join(caplog.handler.format(record) for record in records)


def mail(voter: Voter, page: TestResponse, email: str = ADDRESS) -> TestResponse:
    return voter.client.post(MAIL, data=hidden(page) | {"email": email})


def test_the_receipt_arrives_by_mail_and_no_trace_of_the_address_stays(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    use(app, by_smtp(config, server.port))
    answer = mail(voter, sent)
    assert answer.status_code == 200
    assert f"Wij hebben uw bewijs gemaild naar {ADDRESS}." in answer.text
    assert receipt_on(answer) == receipt_on(sent)
    [arrived] = server.handler.mails
    assert arrived["To"] == ADDRESS
    text = arrived.get_payload(decode=True).decode()
    assert receipt_on(sent) in text
    assert voter.round.title in text
    assert not [plan for plan in voter.plans if plan.title in text]
    with voter.database.reading() as session:
        kept = dump(session)
    assert voter.round.title in kept  # the dump does hold what is stored
    assert ADDRESS not in kept
    assert ADDRESS not in logged(caplog)
    assert ADDRESS not in str(cookie_of(voter))


@pytest.mark.parametrize("is_final", [True, False])
def test_the_mail_speaks_of_voting_again_only_where_a_vote_is_not_final(
    app: Flask, booths: Booths, config: Config, server: Controller, is_final: bool
) -> None:
    voter = booths.voter(BallotForm(Form.BASKET), VotingTerms(is_final=is_final))
    use(app, by_smtp(config, server.port))
    voter.enter()
    assert mail(voter, voter.send(voter.checked(voter.plans[0]))).status_code == 200
    [arrived] = server.handler.mails
    text = arrived.get_payload(decode=True).decode()
    assert ("opnieuw" in text, "Uw stem staat vast." in text) == (not is_final, is_final)


def test_no_file_of_the_database_holds_the_address(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller
) -> None:
    use(app, by_smtp(config, server.port))
    mailed_without_a_trace(voter, sent, server)


def mailed_without_a_trace(voter: Voter, sent: TestResponse, server: Controller) -> None:
    """Mail to an address of its own; fails if a file of the database holds it."""
    address = f"{token_hex(8)}@mailbox.example.net"
    mail(voter, sent, address)
    assert len(server.handler.mails) == 1
    contents = database_bytes(voter.database)
    assert voter.round.title.encode() in contents
    assert address.encode() not in contents, "the address was written"


def test_a_mail_holds_no_lock_while_the_server_talks(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller, build: Builder
) -> None:
    use(app, by_smtp(config, server.port))
    build.district("Segbroek")  # an open transaction; on SQLite it holds the only write lock
    assert mail(voter, sent).status_code == 200


@pytest.mark.parametrize(
    ("email", "status", "words"),
    [
        (REFUSED, 422, "Dit e-mailadres kunnen wij niet bereiken."),
        (BUSY, 503, "Wij kunnen nu geen e-mail versturen."),
        ("geen adres", 422, "Vul een e-mailadres in"),
        ("", 422, "Vul uw e-mailadres in."),
        ("a@example.org, b@example.org", 422, "Vul een e-mailadres in"),
    ],
)
def test_what_cannot_be_mailed_is_told_with_the_form_as_it_was_filled_in_and_the_receipt(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller, caplog: pytest.LogCaptureFixture,
    email: str, status: int, words: str,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    use(app, by_smtp(config, server.port))
    refused = mail(voter, sent, email)
    assert refused.status_code == status
    assert words in refused.text
    assert f'value="{email}"' in refused.text
    assert receipt_on_any(refused) == receipt_on(sent)
    assert re.search(
        r"<title>Fout: (het e-mailadres klopt niet|uw bewijs is niet gemaild)\. Uw stem zit wel", refused.text
    )
    assert hidden(refused) == hidden(sent)
    assert not email or email not in logged(caplog)
    assert server.handler.mails == []


def receipt_on_any(page: TestResponse) -> str:
    """The receipt on a page that says no."""
    return str(re.findall(r'wb-receipt__code">([^<]*)<', page.text)[0])


def test_a_mail_server_that_is_not_there_is_told(app: Flask, voter: Voter, sent: TestResponse, config: Config) -> None:
    use(app, by_smtp(config, free_port()))
    refused = mail(voter, sent)
    assert refused.status_code == 503
    assert "Uw stem zit wel in de stembus." in refused.text


def test_three_receipts_are_mailed_a_day_and_failures_do_not_count(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller, clock: MovableClock
) -> None:
    use(app, by_smtp(config, server.port))
    assert mail(voter, sent, REFUSED).status_code == 422
    answers = [mail(voter, sent) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Mail mij dit bewijs" in answers[1].text
    assert "Mail mij dit bewijs" not in answers[2].text
    assert len(server.handler.mails) == 3
    clock.move_to(VOTING + DAY)
    assert mail(voter, sent).status_code == 200


def test_neither_an_older_cookie_nor_another_browser_nor_a_new_vote_gives_more_mails(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller
) -> None:
    use(app, by_smtp(config, server.port))
    older = voter.client.get_cookie("wijkbudget", path="/")
    assert older is not None
    assert [mail(voter, sent).status_code for _ in range(3)] == [200] * 3
    voter.client.set_cookie("wijkbudget", older.value)
    assert mail(voter, sent).status_code == 429
    elsewhere = replace(voter, client=app.test_client())
    elsewhere.enter()
    newer = elsewhere.send(elsewhere.checked(voter.plans[1]))
    assert receipt_on(newer) != receipt_on(sent)
    form = {"fingerprint": receipt_on(newer).replace("-", ""), "nonce": "", "email": ADDRESS}
    assert elsewhere.client.post(MAIL, data=form).status_code == 429
    assert len(server.handler.mails) == 3


def test_how_often_was_mailed_is_stored_nowhere(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller
) -> None:
    use(app, by_smtp(config, server.port))
    with voter.database.reading() as session:
        before = dump(session)
    cookie = cookie_of(voter)
    assert mail(voter, sent).status_code == 200
    with voter.database.reading() as session:
        assert dump(session) == before
    assert cookie_of(voter) == cookie


def test_a_page_of_another_receipt_mails_nothing(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller
) -> None:
    use(app, by_smtp(config, server.port))
    voter.send(voter.checked(voter.plans[1]))
    assert mail(voter, sent).status_code == 409
    assert server.handler.mails == []


def test_without_a_receipt_nothing_is_mailed_and_no_tracker_told(voter: Voter) -> None:
    for address in (MAIL, TRACKER):
        assert voter.client.post(address, data={"email": ADDRESS, "nonce": "0" * 32}).status_code == 403
    voter.enter()
    for address in (MAIL, TRACKER):
        assert voter.client.post(address, data={"email": ADDRESS, "nonce": "0" * 32}).status_code == 403


# The tracker


def ask(voter: Voter, nonce: str) -> TestResponse:
    return voter.client.post(TRACKER, data={"nonce": nonce})


def test_the_tracker_is_told_on_request_with_its_warning(voter: Voter, sent: TestResponse) -> None:
    nonce = hidden(sent)["nonce"]
    told = ask(voter, nonce)
    assert voter.opened()[0].tracker == receipt_on(told).replace("-", "")
    for words in ("Laat dit nummer aan niemand zien", "Ook de gemeente niet.", "aan een ander bewijzen", "50 stemmen"):
        assert words in told.text


def test_the_tracker_can_still_be_asked_for_after_a_mail_and_a_refused_one(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller
) -> None:
    use(app, by_smtp(config, server.port))
    for page in (mail(voter, sent), mail(voter, sent, REFUSED)):
        assert ask(voter, hidden(page)["nonce"]).status_code == 200


@pytest.mark.parametrize("nonce", ["0" * 32, "", "x", "0" * 31, "A" * 32])
def test_another_number_tells_no_tracker(voter: Voter, sent: TestResponse, nonce: str) -> None:
    refused = ask(voter, nonce)
    assert refused.status_code == 409
    assert not re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", refused.text)


def test_the_page_of_a_vote_that_was_changed_tells_no_tracker(voter: Voter, sent: TestResponse) -> None:
    newer = voter.send(voter.checked(voter.plans[1]))
    assert ask(voter, hidden(sent)["nonce"]).status_code == 409
    assert ask(voter, hidden(newer)["nonce"]).status_code == 200


def test_the_page_of_one_voter_tells_the_next_one_at_this_browser_nothing(
    voter: Voter, sent: TestResponse, build: Builder
) -> None:
    [other] = build.codes(build.session.merge(voter.round))
    build.commit()
    voter.enter(other)
    assert ask(voter, hidden(sent)["nonce"]).status_code == 403
    voter.send(form_of(voter.choose(voter.plans[1])))
    assert ask(voter, hidden(sent)["nonce"]).status_code == 409
    voter.client.post("/stemmen/stoppen")
    assert ask(voter, hidden(sent)["nonce"]).status_code == 403


def test_the_tracker_is_told_after_closing_too(voter: Voter, sent: TestResponse, clock: MovableClock) -> None:
    clock.move_to(COUNTING)
    assert ask(voter, hidden(sent)["nonce"]).status_code == 200


def test_telling_the_tracker_writes_nothing(voter: Voter, sent: TestResponse, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a page that only tells must not commit")

    monkeypatch.setattr(Session, "commit", fail)
    assert ask(voter, hidden(sent)["nonce"]).status_code == 200


def cookie_of(voter: Voter) -> dict[str, object]:
    with voter.client.session_transaction() as cookie:
        return dict(cookie)


# Controls


def test_a_page_that_shows_what_was_chosen_is_found_out(voter: Voter) -> None:
    voter.enter()
    checking = voter.choose(voter.plans[0])
    assert checking.status_code == 200
    with found("Plan"):
        test_the_receipt_does_not_show_what_was_chosen(voter, checking)


@pytest.fixture
def outbox(voter: Voter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipts lie in the outbox before they go."""

    def by_the_outbox(settings: Config, kind: str, recipient: str, now: datetime, **details: str) -> None:
        with voter.database.transaction() as session:
            post_letter(session, kind=kind, recipient=recipient, now=now, **details)
        send_directly(settings, kind, recipient, now, **details)

    monkeypatch.setattr(receipts, "send_directly", by_the_outbox)


def test_a_mail_that_is_stored_before_it_goes_is_found_out(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller, caplog: pytest.LogCaptureFixture,
    outbox: None,
) -> None:  # fmt: skip
    with found("not in"):
        test_the_receipt_arrives_by_mail_and_no_trace_of_the_address_stays(app, voter, sent, config, server, caplog)


def test_a_mail_that_is_stored_before_it_goes_is_found_in_the_files(
    app: Flask, voter: Voter, sent: TestResponse, config: Config, server: Controller, outbox: None
) -> None:
    use(app, by_smtp(config, server.port))
    with found("the address was written"):
        mailed_without_a_trace(voter, sent, server)
