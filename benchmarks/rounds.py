"""A round to measure with."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from wijkbudget.people.tables import Person
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Counting, Electorate, Kind, Schedule
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.tally.rule import Rule


def add_round(session: Session, *, now: datetime, rule: Rule, eligible: int) -> Round:
    """A round that is announced now and enters another phase each day; and who made it."""
    round = Round(
        slug="benchmark", kind=Kind.WIJKBUDGET, title="Benchmark", area_name="Bezuidenhout", budget=4_000_000,
        like_threshold=0, criteria=["Het plan is goed"], made_at=now, ballot_form=BallotForm(Form.BASKET),
        counting=Counting(rule), electorate=Electorate(eligible, date(2026, 1, 1)),
        schedule=Schedule(*(now + timedelta(days=days) for days in range(5))),
        voting=VotingTerms(),
    )  # fmt: skip
    round.made_by = add_person(session, "Olga", now).id
    session.add(round)
    session.flush()
    return round


def add_person(session: Session, name: str, now: datetime) -> Person:
    """Somebody with an account."""
    address = f"{name.lower()}@example.org"
    person = Person(email=address, name=name, password_hash="", postcode="2500AA", registered_at=now)
    session.add(person)
    session.flush()
    return person
