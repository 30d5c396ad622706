"""Makes what tests need by writing rows; the actions have tests of their own."""

from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.moments import COUNTING, DAY, RESULT, REVIEWING, SCHEDULE, SUBMITTING
from wijkbudget.ballots.actions import find_code
from wijkbudget.ballots.batches import store_codes
from wijkbudget.ballots.codes import pepper_check
from wijkbudget.ballots.freezing import freeze_rules
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.queries import last_serial
from wijkbudget.ballots.rules import Ballot, FrozenRules, MenuItem, counting_document
from wijkbudget.ballots.tables import CodeBatch, Entitlement, Envelope, Opening, Urn
from wijkbudget.ballots.urn import NONCE_BYTES, seal
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Appointment, Person, Scope, SignIn
from wijkbudget.places.tables import District, Neighbourhood
from wijkbudget.plans.queries import menu_plans
from wijkbudget.plans.tables import Decision, Like, Photo, Plan, Question, Rendition
from wijkbudget.results.rules import compared, counted
from wijkbudget.results.tables import Result
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Counting, Electorate, Kind, Schedule
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.tally.document import to_document
from wijkbudget.tally.ties import Lot

PEPPER = "a pepper for tests, as long as production asks for"
Row = TypeVar("Row")


class Builder:
    """Each method adds rows, flushes and gives the row; call `commit()` before a client reads them.

    Names are numbered from `first`, so that a second builder can add to what another made.
    """

    def __init__(self, session: Session, *, first: int = 1) -> None:
        self.session = session
        self._numbers = count(first)

    def commit(self) -> None:
        self.session.commit()

    def district(self, name: str = "Haagse Hout") -> District:
        known = self.session.query(District).filter_by(name=name).one_or_none()
        return known or self._add(District(name=name, slug=name.lower().replace(" ", "-")))

    def neighbourhood(self, name: str = "Bezuidenhout", *, district: str = "Haagse Hout") -> Neighbourhood:
        known = self.session.query(Neighbourhood).filter_by(name=name).one_or_none()
        number = next(self._numbers)
        return known or self._add(
            Neighbourhood(
                code=f"WK0518{number:02}", number=number, name=name, slug=name.lower().replace(" ", "-"),
                inhabitants=1000, district=self.district(district),
            )
        )  # fmt: skip

    def person(self, email: str | None = None, *, name: str = "Samira", confirmed: bool = True) -> Person:
        email = email or f"person{next(self._numbers)}@example.org"
        return self._add(
            Person(
                email=email, name=name, password_hash="not a hash", postcode="2593AB",
                registered_at=SUBMITTING, confirmed_at=SUBMITTING if confirmed else None,
            )
        )  # fmt: skip

    def appointed(self, role: Role, *districts: str) -> Person:
        person = self.person(name=role.value.title())
        appointment = Appointment(person_id=person.id, role=role.value, appointed_at=SUBMITTING)
        appointment.scopes = [
            Scope(person_id=person.id, role=role.value, district_id=self.district(name).id) for name in districts
        ]
        self._add(appointment)
        self.session.refresh(person)
        return person

    def round(
        self,
        *,
        title: str = "Wijkbudget Bezuidenhout 2026",
        neighbourhoods: tuple[Neighbourhood, ...] = (),
        schedule: Schedule = SCHEDULE,
        budget: int = 4_000_000,
        like_threshold: int = 2,
        ballot_form: BallotForm | None = None,
        counting: Counting | None = None,
        eligible: int = 1000,
        voting: VotingTerms | None = None,
    ) -> Round:
        return self._add(
            Round(
                slug=title.lower().replace(" ", "-"), kind=Kind.WIJKBUDGET, title=title, area_name="Bezuidenhout",
                budget=budget, like_threshold=like_threshold, criteria=["Het plan is goed voor de wijk"],
                made_at=SCHEDULE.submitting, made_by=self.appointed(Role.OFFICIAL).id, schedule=schedule,
                ballot_form=ballot_form or BallotForm(Form.BASKET), counting=counting or Counting(),
                electorate=Electorate(eligible, date(2026, 9, 1)), voting=voting or VotingTerms(),
                neighbourhoods=list(neighbourhoods or (self.neighbourhood(),)),
            )
        )  # fmt: skip

    def plan(
        self, round_: Round, *, title: str = "Nieuwe speeltuin", author: Person | None = None, cost: int = 1_000_000
    ) -> Plan:
        """A submitted plan about which nothing is decided."""
        number = next(self._numbers)
        return self._add(
            Plan(
                round=round_, author=author or self.person(), title=title, summary="Een plek om te spelen.",
                what="Schommels en een klimtoren.", why="Kinderen kunnen veilig spelen.", place="Stuyvesantstraat",
                estimated_cost=cost, submitted_at=SUBMITTING, shuffle_key=number * 7919,
            )
        )  # fmt: skip

    def decision(
        self, plan: Plan, question: Question, *, is_yes: bool = True, cost: int | None = None, at: datetime = REVIEWING
    ) -> Decision:
        moderator = self.person(name="Moderator")
        decision = Decision(
            plan_id=plan.id, question=question, is_yes=is_yes, reason="Het plan kan.", decided_at=at,
            decided_by=moderator.id,
            criterion=None if is_yes else plan.round.criteria[0],
            cost=(cost or plan.estimated_cost) if is_yes and question is Question.FEASIBILITY else None,
        )  # fmt: skip
        plan.decisions.append(decision)
        return self._add(decision)

    def placed_plan(self, round_: Round, *, title: str = "Nieuwe speeltuin", cost: int = 1_000_000) -> Plan:
        plan = self.plan(round_, title=title, cost=cost)
        self.decision(plan, Question.PLACEMENT)
        return plan

    def menu_plan(self, round_: Round, *, title: str = "Nieuwe speeltuin", cost: int = 1_000_000) -> Plan:
        """A plan that is placed, feasible and liked enough."""
        plan = self.placed_plan(round_, title=title, cost=cost)
        self.decision(plan, Question.FEASIBILITY, cost=cost)
        self.likes(plan, round_.like_threshold)
        return plan

    def likes(self, plan: Plan, number: int) -> None:
        for _ in range(number):
            self._add(Like(plan_id=plan.id, person_id=self.person().id, liked_at=SUBMITTING))
        plan.like_count += number
        self.session.flush()

    def urn(self, round_: Round, *plans: Plan) -> Urn:
        """The urn of the round, its rules frozen with these plans on the menu; nobody has its private key."""
        rules = FrozenRules(
            round_id=round_.id, title=round_.title, kind=round_.kind.value, area=round_.area_name,
            budget=round_.budget, schedule={phase.value: start.isoformat() for phase, start in round_.schedule.starts},
            ballot_form=round_.ballot_form, like_threshold=round_.like_threshold, criteria=tuple(round_.criteria),
            eligible=round_.eligible, reference_date=round_.reference_date.isoformat(),
            menu=tuple(MenuItem(plan.id, plan.title, plan.cost or 0) for plan in plans),
            counting=counting_document(round_.counting.rule), seed_source=round_.counting.seed,
            compares=round_.counting.compares, voting=round_.voting,
        )  # fmt: skip
        return self._add(
            Urn(
                round_id=round_.id, rules=rules.document(), rules_hash=rules.hash, public_key=bytes(32),
                frozen_at=round_.schedule.voting,
            )
        )  # fmt: skip

    def result(self, round_: Round, votes: dict[Plan, int], *, blank: int = 0, published: bool = True) -> Result:
        """What the count comes to when each ballot names one plan, with the urn and its opening."""
        ballots = [Ballot(((plan.id, 1),)) for plan, times in votes.items() for _ in range(times)]
        ballots += [Ballot(())] * blank
        rules = FrozenRules.parse(self.urn(round_, *votes).rules)
        lot, withdrawn = Lot("cd" * 32, str(round_.id)), [plan.id for plan in votes if plan.withdrawn_at]
        outcome = counted(rules, ballots, lot=lot, withdrawn=withdrawn)
        others = compared(rules, ballots, lot=lot, withdrawn=withdrawn) if rules.compares else []
        self._add(
            Opening(round_id=round_.id, envelopes=len(ballots), merkle_root="ab" * 32, rejected={}, opened_at=COUNTING)
        )
        official = self.appointed(Role.OFFICIAL)
        return self._add(
            Result(
                round_id=round_.id, voted=len(ballots), eligible=round_.eligible, blank=blank,
                outcome=to_document(outcome), compared=[to_document(other) for other in others], counted_at=COUNTING,
                published_at=RESULT if published else None, published_by=official.id if published else None,
            )
        )  # fmt: skip

    def photo(self, plan: Plan, *, name: str = "0" * 32, alt: str = "Een speeltuin met schommels") -> Photo:
        """A photo of 400 pixels wide; its bytes are no picture."""
        photo = Photo(plan_id=plan.id, name=name, alt=alt, width=400, height=300)
        photo.renditions = [Rendition(width=400, webp=b"bytes of a picture")]
        return self._add(photo)

    def opened_urn(self, round_: Round, keys: Path) -> Urn:
        """The urn of the round, with the plans that are on its menu now; the private key lies in the folder `keys`."""
        menu = [MenuItem(plan.id, plan.title, plan.checked_cost) for plan in menu_plans(self.session, round_.id)]
        return freeze_rules(self.session, round=round_, menu=menu, keys=KeyFolder(keys), now=SCHEDULE.voting)

    def codes(self, round_: Round, size: int = 1) -> list[str]:
        """New voting codes as they stand on the letters, made with the pepper of the tests."""
        batch = self.batch(round_, size)
        made = store_codes(self.session, batch, batch.first_serial, size, pepper=PEPPER)
        return [code for _, code in made]

    def blank_vote(self, round_: Round, entitlement_id: int | None = None) -> Envelope:
        """A blank ballot in the urn of the round, cast with this right to vote, or with a letter of its own."""
        urn = self.session.get_one(Urn, round_.id)
        right = self.session.get_one(Entitlement, entitlement_id or self.entitlement(self.codes(round_)[0]))
        right.is_used, nonce = True, bytes([next(self._numbers)]) * NONCE_BYTES
        sealed = seal(Ballot(()), rules=FrozenRules.parse(urn.rules), public_key=urn.public_key, nonce=nonce)
        return self._add(
            Envelope(entitlement_id=right.id, round_id=round_.id, sealed=sealed, retry_mark=bytes(32)),
        )

    def batch(self, round_: Round, size: int) -> CodeBatch:
        """A list of codes that was handed out; its codes are for the caller to store."""
        moment, asker, releaser = round_.schedule.submitting, round_.made_by, self.person(name="Otto").id
        return self._add(
            CodeBatch(
                round_id=round_.id, size=size, first_serial=last_serial(self.session, round_.id) + 1, asked_at=moment,
                asked_by=asker, released_at=moment, released_by=releaser, begun_at=moment, begun_by=asker, made=size,
                finished_at=moment, pepper_check=pepper_check(round_.id, pepper=PEPPER.encode()),
            )
        )  # fmt: skip

    def entitlement(self, code: str) -> int:
        """The id of the right to vote that came with this code."""
        return find_code(self.session, typed=code, pepper=PEPPER).entitlement_id

    def sign_in(self, client: FlaskClient, person: Person) -> None:
        """Sign `person` in at this client, and commit."""
        # After every moment of the calendar: tests let months pass, and a sign-in ends by itself.
        began_at = RESULT + 365 * DAY
        sign_in = self._add(SignIn(id=f"{next(self._numbers):032}", person_id=person.id, began_at=began_at))
        self.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = sign_in.id
            cookie["_fresh"] = True

    def _add(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row
