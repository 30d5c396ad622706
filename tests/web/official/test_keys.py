"""The key of the urn, with three officials in three browsers: step in, a share on paper, typed after closing."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from secrets import token_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from config import Config
from tests.builders import Builder
from tests.ceremony import WITH_OFFICIALS, proof
from tests.conftest import MovableClock
from tests.moments import ANNOUNCED, COUNTING, DAY, RESULT, REVIEWING, SECOND, SUBMITTING, VOTING
from tests.web.official.conftest import page
from tests.web.voter.voters import HIDDEN, form_of
from wijkbudget.ballots.actions import cast_ballot
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import envelopes, typed_shares
from wijkbudget.ballots.shares import split_key
from wijkbudget.ballots.tables import KeyHolder, Urn
from wijkbudget.ballots.urn import NONCE_BYTES
from wijkbudget.database import Database
from wijkbudget.jobs.phases import catch_up
from wijkbudget.people.actions import dismiss_person
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.results.tables import Result
from wijkbudget.rounds.rules import RulesFrozen
from wijkbudget.rounds.tables import Round

ROUND = "/ambtenaar/rondes/wijkbudget-bezuidenhout-2026"
KEY = f"{ROUND}/sleutel"


@dataclass
class Office:
    """A round whose key officials keep, three of them each in a browser of their own, and the scheduler."""

    round: Round
    browsers: list[FlaskClient]
    database: Database
    clock: MovableClock
    keys: Path
    code: str
    entitlement: int

    def work(self) -> None:
        """What the scheduler does now."""
        catch_up(self.database, keys=KeyFolder(self.keys), clock=self.clock)

    def step_in(self, people: int = 3) -> None:
        for browser in self.browsers[:people]:
            assert browser.post(f"{KEY}/bewaren").status_code == 303
        self.work()

    def papers(self) -> list[str]:
        """What each official has on paper, as each proved."""
        papers = [words_of(browser.post(f"{KEY}/tonen")) for browser in self.browsers]
        for browser, paper in zip(self.browsers, papers, strict=True):
            assert browser.post(f"{KEY}/bevestigen", data=typed(paper)).location == KEY
        return papers

    def vote(self) -> None:
        with self.database.transaction() as session:
            cast_ballot(
                session, entitlement_id=self.entitlement, points=(), nonce=token_bytes(NONCE_BYTES), clock=self.clock
            )


@pytest.fixture
def office(app: Flask, build: Builder, database: Database, config: Config, clock: MovableClock) -> Office:
    round_ = build.round(voting=WITH_OFFICIALS)
    build.menu_plan(round_)
    [code] = build.codes(round_)
    entitlement = build.entitlement(code)
    browsers = [app.test_client() for _ in range(3)]
    for name, browser in zip(("Olga", "Piet", "Roos"), browsers, strict=True):
        official = build.appointed(Role.OFFICIAL)
        official.name = name
        build.sign_in(browser, official)
    clock.move_to(REVIEWING)
    return Office(round_, browsers, database, clock, config.key_folder, code, entitlement)


def text(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")


def typed(paper: str) -> dict[str, str]:
    """The form that proves that the share on this paper is there."""
    return dict(zip(("first", "second", "third"), proof(paper), strict=True))


def words_of(answer: TestResponse) -> str:
    """The words on the page that shows a share."""
    assert answer.status_code == 200
    return " ".join(re.findall(r'<li><code class="wb-code">([a-z]+)</code></li>', answer.get_data(as_text=True)))


def test_the_whole_ceremony_the_vote_and_the_count(office: Office) -> None:
    first, second, third = office.browsers
    assert "0 van de 3 mensen doen mee" in page(first, KEY)
    assert "Dan liggen de regels en de stemlijst vast." in page(first, KEY)
    office.step_in(2)
    assert "2 van de 3 mensen doen mee" in page(third, KEY)
    assert "U doet mee." in page(second, KEY)
    third.post(f"{KEY}/bewaren")
    assert "De sleutel wordt gemaakt" in page(third, KEY)
    office.work()
    assert "Uw deel is klaar" in page(first, KEY)
    papers = office.papers()
    assert [len(paper.split()) for paper in papers] == [33] * 3
    assert "De sleutel is klaar" in page(first, KEY)
    office.clock.move_to(VOTING)
    office.vote()
    office.clock.move_to(COUNTING)
    office.work()
    assert "Het tellen wacht: 2 ambtenaren vullen elk hun deel van de sleutel in." in page(first, ROUND)
    assert first.post(KEY, data={"words": papers[0]}).location == KEY
    assert "1 van de 2 delen ingevuld" in page(second, KEY)
    office.work()
    assert second.post(KEY, data={"words": papers[1].upper()}).status_code == 303
    assert "De stembus gaat open" in page(second, KEY)
    office.work()
    assert "De stembus is open" in page(first, KEY)
    assert "De stemmen zijn geteld." in page(first, ROUND)
    with office.database.reading() as session:
        assert session.get_one(Result, office.round.id).voted == 1
        assert typed_shares(session, office.round.id) == []


def test_a_share_is_shown_once_on_a_page_to_print_that_nothing_keeps(office: Office) -> None:
    office.step_in()
    [browser, *_] = office.browsers
    answer = browser.post(f"{KEY}/tonen")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Wijkbudget Bezuidenhout 2026" in text(answer)
    for words in ("deel 1 van 3", "vrijdag 2 oktober 2026 voor Olga", "envelop", "Print mijn deel"):
        assert words in text(answer)
    again = browser.post(f"{KEY}/tonen")
    assert again.status_code == 409
    assert "U hebt uw deel al gezien." in text(again)
    assert words_of(answer) not in text(again)
    assert browser.get(f"{KEY}/tonen").status_code == 405


def test_three_words_from_paper_show_that_it_is_there_and_what_is_wrong_stays_to_be_mended(office: Office) -> None:
    office.step_in()
    [browser, other, _] = office.browsers
    assert browser.post(f"{KEY}/bevestigen", data=typed("academic " * 33)).status_code == 409
    paper = words_of(browser.post(f"{KEY}/tonen"))
    for label in ("Typ 3 woorden van uw papier over", "Woord 11", "Woord 22", "Woord 33"):
        assert label in page(browser, KEY)
    assert "Zag het deel, moet nog 3 woorden overtypen" in page(other, KEY)
    wrong = browser.post(f"{KEY}/bevestigen", data=typed(paper) | {"second": "Fiets"})
    assert wrong.status_code == 422
    assert "Woord 22 is niet het woord uit uw deel. Kijk op uw papier bij nummer 22" in text(wrong)
    for filled_in in (typed(paper)["first"], "Fiets", typed(paper)["third"]):
        assert f'value="{filled_in}"' in text(wrong)
    empty = browser.post(f"{KEY}/bevestigen", data=typed(paper) | {"third": " "})
    assert (empty.status_code, "Typ woord 33." in text(empty)) == (422, True)
    assert "Op papier sinds" not in page(browser, KEY)
    assert "Begin opnieuw" in page(browser, KEY)
    assert browser.post(f"{KEY}/bevestigen", data=typed(paper.upper())).status_code == 303
    shown = page(browser, KEY)
    assert ("Uw deel staat goed op papier." in shown, "Op papier sinds" in shown) == (True, True)
    assert "Nog niet alle delen staan op papier" in shown


def test_an_answer_with_a_share_that_never_came_costs_a_new_beginning_and_not_the_round(
    office: Office, client: FlaskClient
) -> None:
    office.step_in()
    for browser in office.browsers:
        browser.post(f"{KEY}/tonen")  # three printers jam
    office.clock.move_to(VOTING)
    assert client.post("/stemmen", data={"code": office.code}).status_code == 503
    assert office.browsers[0].post(f"{KEY}/opnieuw").status_code == 303
    office.step_in()
    office.papers()
    assert client.post("/stemmen", data={"code": office.code}).status_code == 303


@pytest.mark.parametrize("people", [2, 3])
def test_the_page_says_who_is_no_official_any_more_and_that_all_begin_anew(office: Office, people: int) -> None:
    office.step_in(people)
    assert "Is geen ambtenaar meer" not in page(office.browsers[0], KEY)
    with office.database.transaction() as session:
        holder = session.scalars(select(KeyHolder).where(KeyHolder.number == 2)).one()
        piet = session.get_one(Person, holder.person_id).email
        dismiss_person(session, email=piet, role=Role.OFFICIAL, now=REVIEWING)
    shown = page(office.browsers[0], KEY)
    for words in (
        "Is geen ambtenaar meer",
        "Piet kan deel 2 niet meer op papier zetten.",
        "Begin opnieuw, met 3",
    ):
        assert words in shown
    assert office.browsers[0].post(f"{KEY}/opnieuw").location == KEY
    assert "Is geen ambtenaar meer" not in page(office.browsers[0], KEY)


def test_whoever_has_a_share_on_paper_may_leave(office: Office) -> None:
    office.step_in()
    office.papers()
    with office.database.transaction() as session:
        holder = session.scalars(select(KeyHolder).where(KeyHolder.number == 2)).one()
        piet = session.get_one(Person, holder.person_id).email
        dismiss_person(session, email=piet, role=Role.OFFICIAL, now=REVIEWING)
    assert "Is geen ambtenaar meer" not in page(office.browsers[0], KEY)


def test_the_browser_keeps_its_secret_no_longer_than_it_needs_it(office: Office) -> None:
    office.step_in()
    [browser, *_] = office.browsers
    with browser.session_transaction() as cookie:
        assert list(cookie["keys"]) == [str(office.round.id)]
    paper = words_of(browser.post(f"{KEY}/tonen"))
    with browser.session_transaction() as cookie:
        assert list(cookie["keys"]) == [str(office.round.id)]
    browser.post(f"{KEY}/bevestigen", data=typed(paper))
    with browser.session_transaction() as cookie:
        assert cookie["keys"] == {}
    assert browser.post(f"{KEY}/bevestigen", data=typed(paper)).status_code == 303  # sent again: its answer was lost
    assert browser.get(KEY).status_code == 200


def test_who_lost_the_browser_hears_it_and_all_begin_anew(office: Office, build: Builder) -> None:
    office.step_in()
    [browser, other, _] = office.browsers
    with browser.session_transaction() as cookie:
        del cookie["keys"]
    assert "Deze browser kan uw deel niet openen" in page(browser, KEY)
    assert "Begin dan opnieuw, met 3 mensen." in page(browser, KEY)
    refused = browser.post(f"{KEY}/tonen")
    assert (refused.status_code, "Begin opnieuw, met 3 mensen" in text(refused)) == (409, True)
    assert other.post(f"{KEY}/opnieuw").location == KEY
    assert "0 van de 3 mensen doen mee" in page(browser, KEY)
    with office.database.reading() as session:
        assert (session.scalars(select(KeyHolder)).all(), session.scalars(select(Urn)).all()) == ([], [])
    office.step_in()
    assert len(office.papers()) == 3


def test_who_lost_the_browser_before_the_third_came_presses_again(office: Office) -> None:
    office.step_in(2)
    [browser, *_] = office.browsers
    with browser.session_transaction() as cookie:
        del cookie["keys"]
    assert "U deed al mee, maar deze browser weet dat niet meer." in page(browser, KEY)
    office.step_in()
    assert len(office.papers()) == 3


@pytest.mark.parametrize("off", [0, -48])
def test_after_voting_began_nothing_begins_anew_whatever_the_clock_of_a_host_says(office: Office, off: int) -> None:
    office.step_in()
    office.papers()
    [browser, *_] = office.browsers
    assert "Opnieuw beginnen" in page(browser, KEY)
    office.clock.move_to(VOTING)
    assert "Opnieuw beginnen" not in page(browser, KEY)
    office.clock.off = timedelta(hours=off)
    refused = browser.post(f"{KEY}/opnieuw")
    assert (refused.status_code, "het stemmen is begonnen" in text(refused)) == (409, True)
    with office.database.reading() as session:
        assert len(session.scalars(select(KeyHolder)).all()) == 3


def test_two_officials_do_not_share_a_browser(office: Office, build: Builder) -> None:
    office.step_in(1)
    [browser, *_] = office.browsers
    build.sign_in(browser, build.appointed(Role.OFFICIAL))
    refused = browser.post(f"{KEY}/bewaren")
    assert (refused.status_code, "Gebruik een eigen computer" in text(refused)) == (409, True)


def test_nobody_votes_before_all_shares_are_on_paper(office: Office, client: FlaskClient) -> None:
    office.step_in()
    papers = [words_of(browser.post(f"{KEY}/tonen")) for browser in office.browsers]
    office.clock.move_to(VOTING)
    for browser, paper in zip(office.browsers, papers, strict=True):
        assert client.post("/stemmen", data={"code": office.code}).status_code == 503
        assert "Niemand kan nog stemmen." in page(office.browsers[0], ROUND)
        browser.post(f"{KEY}/bevestigen", data=typed(paper))
    assert client.post("/stemmen", data={"code": office.code}).status_code == 303
    assert "Bewoners stemmen." in page(office.browsers[0], ROUND)


def test_a_late_ceremony_opens_the_urn_all_the_same(office: Office, client: FlaskClient) -> None:
    office.clock.move_to(VOTING)
    office.work()
    assert client.post("/stemmen", data={"code": office.code}).status_code == 503
    office.step_in()
    office.papers()
    assert client.post("/stemmen", data={"code": office.code}).status_code == 303


@pytest.fixture
def closed(office: Office) -> tuple[Office, list[str]]:
    """The office after closing, and what stands on its papers."""
    office.step_in()
    papers = office.papers()
    office.clock.move_to(COUNTING)
    return office, papers


def wrong_word(paper: str) -> str:
    return " ".join(["fiets", *paper.split()[1:]])


def wrong_order(paper: str) -> str:
    return " ".join(reversed(paper.split()))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (wrong_word, "Woord 1 klopt niet: “fiets” staat niet in de lijst."),
        (wrong_order, "1 of meer woorden kloppen niet."),
        (lambda paper: paper.partition(" ")[2], "U typte 32 woorden. Een deel heeft er 33."),
        (lambda _: split_key(bytes(32))[0], "Dit deel hoort niet bij deze ronde."),
        (lambda _: " ", "Typ de woorden over."),
    ],
)
def test_what_is_typed_wrong_is_told_plainly_and_stays_in_the_form(
    closed: tuple[Office, list[str]], spoil: object, sentence: str
) -> None:
    office, papers = closed
    assert callable(spoil)
    typed = spoil(papers[0])
    answer = office.browsers[0].post(KEY, data={"words": typed})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert typed.strip() in text(answer)
    with office.database.reading() as session:
        assert typed_shares(session, office.round.id) == []


def test_one_official_types_one_share_and_one_share_counts_once(closed: tuple[Office, list[str]]) -> None:
    office, papers = closed
    first, second, _ = office.browsers
    first.post(KEY, data={"words": papers[0]})
    own, same = first.post(KEY, data={"words": papers[1]}), second.post(KEY, data={"words": papers[0]})
    assert (own.status_code, same.status_code) == (409, 409)
    assert "Vraag een collega" in text(own)
    assert "Dit deel is al ingevuld." in text(same)
    assert "textarea" not in page(first, KEY)
    assert "textarea" in page(second, KEY)


@pytest.mark.parametrize("days", [0, 40])
def test_before_closing_no_share_can_be_typed_whatever_the_clock_of_a_host_says(office: Office, days: int) -> None:
    office.step_in()
    papers = office.papers()
    office.clock.move_to(VOTING)
    office.clock.off = days * DAY
    answer = office.browsers[0].post(KEY, data={"words": papers[0]})
    assert (answer.status_code, "Dit kan nog niet." in text(answer)) == (409, True)
    office.clock.off = timedelta(0)
    assert "textarea" not in page(office.browsers[0], KEY)


def test_before_the_key_is_made_officials_read_which_plans_would_stay_off_the_menu(
    office: Office, build: Builder
) -> None:
    build.menu_plan(office.round)
    build.commit()
    assert "wacht op een besluit" not in page(office.browsers[0], KEY)
    build.plan(office.round)
    build.commit()
    assert "Nog 1 plan wacht op een besluit. Dat plan komt niet op de stemlijst" in page(office.browsers[0], KEY)


def test_a_lost_share_is_told_to_everybody(office: Office) -> None:
    office.step_in()
    office.papers()
    first, second, _ = office.browsers
    assert first.post(f"{KEY}/1/kwijt").status_code == 303
    assert "De andere 2 delen zijn nu allebei nodig." in page(second, KEY)
    alone = first.post(f"{KEY}/2/kwijt")
    assert (alone.status_code, "Laat een collega dit deel melden." in text(alone)) == (409, True)
    assert second.post(f"{KEY}/2/kwijt").status_code == 303
    for words in ("Niemand kan de stemmen nog openen", "Zolang er geen gevonden is", "Zoek de papieren"):
        assert words in page(second, KEY)
    assert "De sleutel is klaar" not in page(second, KEY)
    assert first.post(f"{KEY}/2/kwijt").status_code == 409
    assert first.post(f"{KEY}/4/kwijt").status_code == 409
    assert first.post(f"{KEY}/1/gevonden").location == KEY
    assert "De andere 2 delen zijn nu allebei nodig." in page(second, KEY)
    assert first.post(f"{KEY}/1/gevonden").status_code == 409


def test_with_two_lost_shares_a_voter_reads_that_nothing_is_stored_until_one_is_found(
    office: Office, client: FlaskClient
) -> None:
    office.step_in()
    office.papers()
    office.clock.move_to(VOTING)
    client.post("/stemmen", data={"code": office.code})
    choices = dict(HIDDEN.findall(client.get("/stemmen/kiezen").text)) | {"blank": "y"}
    ballot = form_of(client.post("/stemmen/controleren", data=choices))
    [official, *_] = office.browsers
    for number, browser in enumerate(office.browsers[:2], 1):
        browser.post(f"{KEY}/{number}/kwijt")
    for refused in (
        client.post("/stemmen/versturen", data=ballot),
        client.post("/stemmen", data={"code": office.code}),
    ):
        assert (refused.status_code, "Uw stem is niet opgeslagen." in text(refused)) == (503, True)
        assert "Neem contact op met de gemeente" in text(refused)
    with office.database.reading() as session:
        assert envelopes(session, office.round.id) == 0
    assert "Niemand kan nu stemmen." in page(official, ROUND)
    official.post(f"{KEY}/2/gevonden")
    assert client.post("/stemmen/versturen", data=ballot).status_code == 200
    with office.database.reading() as session:
        assert envelopes(session, office.round.id) == 1


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (ANNOUNCED, "Dit kan nog niet"), (SUBMITTING, "maken samen de sleutel vanaf"),
        (REVIEWING, "Ik bewaar een deel van de sleutel"), (VOTING, "Ik bewaar een deel van de sleutel"),
        (COUNTING, "Er is geen sleutel gemaakt"), (RESULT, "heeft niemand gestemd"),
    ],
)  # fmt: skip
def test_before_anybody_stepped_in_the_page_tells_what_to_do(office: Office, moment: datetime, words: str) -> None:
    office.clock.move_to(moment)
    assert words in page(office.browsers[0], KEY)


def test_a_frozen_round_is_not_changed_and_says_since_when(office: Office) -> None:
    office.step_in()
    [browser, *_] = office.browsers
    shown = page(browser, ROUND)
    assert "De regels en de stemlijst liggen vast sinds vrijdag 2 oktober 2026" in shown
    assert "Ronde wijzigen" not in shown
    answer = browser.get(f"{ROUND}/wijzigen")
    assert (answer.status_code, "liggen vast" in text(answer)) == (409, True)
    assert RulesFrozen.__name__ not in text(answer)


def test_the_round_says_what_it_means_who_keeps_the_key(office: Office, build: Builder) -> None:
    build.round(title="Duinoord")
    build.commit()
    [browser, *_] = office.browsers
    assert "3 ambtenaren bewaren elk een deel" in page(browser, ROUND)
    assert "Wie bij dat bestand én de database kan" in page(browser, "/ambtenaar/rondes/duinoord")
    form = page(browser, "/ambtenaar/rondes/nieuw")
    assert "Wie bij dat bestand én de database kan" in form
    assert "Zijn 2 delen kwijt" in form


def test_a_round_whose_key_the_server_keeps_has_no_such_page(office: Office, build: Builder) -> None:
    build.round(title="Duinoord")
    build.commit()
    address = "/ambtenaar/rondes/duinoord/sleutel"
    [browser, *_] = office.browsers
    pressed = [
        browser.post(f"{address}/{deed}")
        for deed in ("bewaren", "tonen", "bevestigen", "opnieuw", "1/kwijt", "1/gevonden")
    ]
    for answer in (browser.get(address), *pressed):
        assert answer.status_code == 409
        assert "bewaart de server de sleutel" in text(answer)


def test_the_round_says_when_its_key_was_destroyed(office: Office, build: Builder) -> None:
    made = build.round(title="Duinoord")
    build.urn(made).key_destroyed_at = RESULT
    other = build.round(title="Zorgvliet", voting=WITH_OFFICIALS)
    build.urn(other).key_destroyed_at = RESULT
    build.commit()
    office.clock.move_to(RESULT + SECOND)
    [browser, *_] = office.browsers
    assert "De sleutel is vernietigd op vrijdag 11 december 2026" in page(browser, "/ambtenaar/rondes/duinoord")
    assert "De sleutel is vernietigd" in page(browser, "/ambtenaar/rondes/zorgvliet/sleutel")


@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.RESIDENT, 403), (Role.MODERATOR, 403)])
def test_only_officials_come_in(
    office: Office, client: FlaskClient, build: Builder, role: Role | None, status: int
) -> None:
    if role:
        build.sign_in(client, build.person() if role is Role.RESIDENT else build.appointed(role, "Haagse Hout"))
    assert client.get(KEY).status_code == status
    for deed in ("", "/bewaren", "/tonen", "/bevestigen", "/opnieuw", "/1/kwijt", "/1/gevonden"):
        assert client.post(f"{KEY}{deed}").status_code == status
