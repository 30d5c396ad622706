"""Voters in a browser without JavaScript: what they see, press and send."""

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import VOTING
from wijkbudget.ballots.forms import Points
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import Envelope
from wijkbudget.ballots.urn import Opened, unseal
from wijkbudget.database import Database, Table
from wijkbudget.plans.tables import Plan
from wijkbudget.rounds.forms import BallotForm
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import VotingTerms

RECEIPT = re.compile(r'wb-receipt__code">([^<]*)<')
HIDDEN = re.compile(r'<input id="(?:booth|nonce|replaces)" name="(\w+)" type="hidden" value="([^"]*)">')
SENT_ON = re.compile(r'<input type="hidden" name="(plan|blank|points-\d+)" value="([^"]*)">')

Filled = dict[str, list[str]]


@dataclass
class Voter:
    """Somebody with a browser and a letter, and what lies in the urn."""

    client: FlaskClient
    code: str
    round: Round
    plans: list[Plan]
    database: Database
    keys: KeyFolder

    def enter(self, code: str | None = None) -> TestResponse:
        return self.client.post("/stemmen", data={"code": self.code if code is None else code})

    def fill_in(self, filled: Filled, *, step: str = "", address: str = "/stemmen/controleren") -> TestResponse:
        """Send the page for choosing as it was filled in, by one of its buttons."""
        page = self.client.get("/stemmen/kiezen")
        button = {"step": [step]} if step else {}
        return self.client.post(address, data=dict(HIDDEN.findall(page.text)) | filled | button)

    def press(self, filled: Filled, step: str) -> TestResponse:
        """Press a button that changes the page for choosing."""
        return self.fill_in(filled, step=step, address="/stemmen/kiezen")

    def choose(self, *plans: Plan, blank: bool = False, address: str = "/stemmen/controleren") -> TestResponse:
        return self.fill_in(ticked(*plans) | ({"blank": ["y"]} if blank else {}), address=address)

    def checked(self, *plans: Plan, blank: bool = False) -> dict[str, object]:
        """The form of the page on which is checked, as the browser would send it."""
        return form_of(self.choose(*plans, blank=blank))

    def send(self, form: dict[str, object]) -> TestResponse:
        return self.client.post("/stemmen/versturen", data=form)

    def vote(self, *plans: Plan) -> str:
        """The whole walk; the receipt."""
        assert self.enter().location == "/stemmen/kiezen"
        return receipt_on(self.send(self.checked(*plans, blank=not plans)))

    def receipt(self) -> str:
        """The receipt that the browser shows again."""
        return receipt_on(self.client.get("/stemmen/ontvangst"))

    def opened(self) -> list[Opened]:
        """What lies in the urn, read with the key."""
        with self.database.reading() as session:
            sealed = session.scalars(select(Envelope.sealed).where(Envelope.round_id == self.round.id)).all()
        key = self.keys.private_key(self.round.id)
        return [unseal(each, round_id=self.round.id, private_key=key) for each in sealed]

    def points(self) -> list[Points]:
        """The points of each ballot in the urn."""
        return [opened.points for opened in self.opened()]

    def choices(self) -> list[tuple[int, ...]]:
        """The plans that each ballot in the urn names."""
        return [tuple(plan_id for plan_id, _ in points) for points in self.points()]


@dataclass
class Booths:
    """Rounds in which is voted, one voter for each."""

    build: Builder
    client: FlaskClient
    config: Config
    clock: MovableClock
    database: Database

    def voter(self, form: BallotForm, voting: VotingTerms | None = None) -> Voter:
        """Somebody who votes by this form about plans of 10.000, 5.000 and 5.000,01 euros; the budget is 15.000."""
        round_ = self.build.round(budget=1_500_000, ballot_form=form, voting=voting)
        costs = {"Speeltuin": 1_000_000, "Bankje": 500_000, "Boom": 500_001}
        plans = [self.build.menu_plan(round_, title=title, cost=cost) for title, cost in costs.items()]
        [code] = self.build.codes(round_)
        self.build.opened_urn(round_, self.config.key_folder)
        self.build.commit()
        self.clock.move_to(VOTING)
        return Voter(self.client, code, round_, plans, self.database, KeyFolder(self.config.key_folder))


def ticked(*plans: Plan) -> Filled:
    """Boxes that are ticked, or the order of these plans."""
    return {"plan": [str(plan.id) for plan in plans]}


def divided(points: dict[Plan, object]) -> Filled:
    """Points as they are typed."""
    return {f"points-{plan.id}": [str(typed)] for plan, typed in points.items()}


def form_of(page: TestResponse) -> dict[str, object]:
    """What the browser would send from the page on which is checked."""
    hidden: dict[str, object] = dict(HIDDEN.findall(page.text))
    assert hidden.get("nonce"), page.text
    sent_on: dict[str, list[str]] = {}
    for name, value in SENT_ON.findall(page.text):
        sent_on.setdefault(name, []).append(value)
    return hidden | sent_on


def receipt_on(page: TestResponse) -> str:
    """The receipt that this page shows."""
    assert page.status_code == 200
    [receipt] = RECEIPT.findall(page.text)
    return str(receipt)


def dump(session: Session) -> str:
    """Every value of every table, bytes as hexadecimal and as text."""
    rows = [row for table in Table.metadata.sorted_tables for row in session.execute(select(table))]
    values = [value for row in rows for value in row]
    blobs = [bytes(value) for value in values if isinstance(value, bytes)]
    return "\n".join([*map(str, values), *(blob.hex() for blob in blobs), *(blob.decode("latin-1") for blob in blobs)])
