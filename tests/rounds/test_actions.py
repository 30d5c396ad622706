"""Making a round and changing its terms."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.controls import NOT_REFUSED, found
from tests.moments import ANNOUNCED, DAY, REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.database import Database
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.rounds import actions
from wijkbudget.rounds.actions import change_round, make_round
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Electorate, Kind, NoArea, PastIsFixed, Phase, RoundChanged, Terms, WrongPhase
from wijkbudget.rounds.tables import Round


def terms(build: Builder, **more: Any) -> Terms:
    values: dict[str, Any] = {
        "kind": Kind.ENERGIECHALLENGE,
        "title": "Wijkbudget Duinoord 2026",
        "area_name": "Duinoord",
        "neighbourhood_ids": (build.neighbourhood("Duinoord").id,),
        "budget": 2_500_000,
        "like_threshold": 25,
        "schedule": SCHEDULE,
        "ballot_form": BallotForm(Form.APPROVAL, 3),
        "electorate": Electorate(6364, date(2026, 8, 1)),
        "criteria": ("Het kan", "Het mag"),
    }
    return Terms(**values | more)


def terms_of(round: Round, build: Builder, **more: Any) -> Terms:
    """The terms that `build.round()` made, but for these."""
    return terms(
        build,
        **{
            "title": round.title,
            "budget": round.budget,
            "neighbourhood_ids": tuple(place.id for place in round.neighbourhoods),
            "schedule": round.schedule,
        }
        | more,
    )


def change(session: Session, *, round: Round, terms: Terms, version: int, now: datetime) -> None:
    """Change the round as the official who made it."""
    official = session.get_one(Person, round.made_by)
    change_round(session, round=round, terms=terms, version=version, official=official, now=now)


def test_a_round_is_made_on_its_terms(session: Session, build: Builder) -> None:
    official = build.appointed(Role.OFFICIAL)
    wanted = terms(build)

    made = make_round(session, terms=wanted, official=official, now=ANNOUNCED)

    session.expire_all()
    assert (made.slug, made.made_by, made.made_at) == ("wijkbudget-duinoord-2026", official.id, ANNOUNCED)
    assert (made.kind, made.title, made.area_name) == (wanted.kind, wanted.title, wanted.area_name)
    assert (made.budget, made.like_threshold, made.criteria) == (2_500_000, 25, ["Het kan", "Het mag"])
    assert (made.schedule, made.ballot_form, made.electorate) == (SCHEDULE, wanted.ballot_form, wanted.electorate)
    assert [place.name for place in made.neighbourhoods] == ["Duinoord"]


def test_rounds_of_the_same_name_have_addresses_of_their_own(session: Session, build: Builder) -> None:
    official = build.appointed(Role.OFFICIAL)

    made = [make_round(session, terms=terms(build), official=official, now=ANNOUNCED) for _ in range(3)]

    base = "wijkbudget-duinoord-2026"
    assert [round.slug for round in made] == [base, f"{base}-2", f"{base}-3"]


def test_an_address_that_somebody_else_takes_in_the_meantime_is_left_to_them(
    session: Session, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    official = build.appointed(Role.OFFICIAL)
    wanted = terms(build)
    make_round(session, terms=wanted, official=official, now=ANNOUNCED)
    seen: list[str] = []

    def sees_too_late(session: Session, slug: str) -> Round | None:
        seen.append(slug)
        return None if len(seen) == 1 else session.query(Round).filter_by(slug=slug).one_or_none()

    monkeypatch.setattr(actions, "round_by_slug", sees_too_late)
    second = make_round(session, terms=wanted, official=official, now=ANNOUNCED)

    assert second.slug == "wijkbudget-duinoord-2026-2"


def test_a_round_does_not_begin_in_the_past(session: Session, build: Builder) -> None:
    official = build.appointed(Role.OFFICIAL)

    with pytest.raises(PastIsFixed):
        make_round(session, terms=terms(build), official=official, now=SCHEDULE.submitting)
    make_round(session, terms=terms(build), official=official, now=SCHEDULE.submitting - SECOND)


def test_an_area_lies_in_neighbourhoods_that_exist(session: Session, build: Builder) -> None:
    official = build.appointed(Role.OFFICIAL)

    with pytest.raises(NoArea):
        make_round(session, terms=terms(build, neighbourhood_ids=(999_999,)), official=official, now=ANNOUNCED)


def test_a_round_is_changed_and_keeps_its_address(session: Session, build: Builder) -> None:
    made = build.round()
    slug, version = made.slug, made.version
    later = replace(SCHEDULE, result=SCHEDULE.result + DAY)

    change(session, round=made, terms=terms(build, schedule=later), version=version, now=ANNOUNCED)

    session.expire_all()
    assert (made.title, made.slug, made.version) == ("Wijkbudget Duinoord 2026", slug, version + 1)
    assert made.schedule == later
    assert [place.name for place in made.neighbourhoods] == ["Duinoord"]


def test_a_change_of_the_area_alone_makes_a_new_version(session: Session, build: Builder) -> None:
    made = build.round()
    places = (made.neighbourhoods[0].id, build.neighbourhood("Mariahoeve").id)
    change(session, round=made, terms=terms_of(made, build), version=made.version, now=ANNOUNCED)
    version = made.version

    wider = terms_of(made, build, neighbourhood_ids=places)
    change(session, round=made, terms=wider, version=version, now=ANNOUNCED)

    assert made.version == version + 1


@pytest.mark.parametrize("moment", [ANNOUNCED, SUBMITTING, REVIEWING, SCHEDULE.voting - SECOND])
def test_terms_can_be_changed_until_voting_opens(session: Session, build: Builder, moment: datetime) -> None:
    made = build.round()

    change(session, round=made, terms=terms_of(made, build, budget=1), version=made.version, now=moment)

    assert made.budget == 1


@pytest.mark.parametrize("moment", [SCHEDULE.voting, VOTING, SCHEDULE.counting, SCHEDULE.result])
def test_terms_are_frozen_once_voting_is_open(session: Session, build: Builder, moment: datetime) -> None:
    made = build.round()

    with pytest.raises(WrongPhase) as refused:
        change(session, round=made, terms=terms_of(made, build, budget=1), version=made.version, now=moment)

    assert refused.value.details["closes"] == SCHEDULE.voting
    assert made.schedule.phase_at(moment) in (Phase.VOTING, Phase.COUNTING, Phase.RESULT)


def test_a_start_that_has_passed_stays_where_it_is(session: Session, build: Builder) -> None:
    made = build.round()
    moved = replace(SCHEDULE, submitting=SCHEDULE.submitting - DAY)

    with pytest.raises(PastIsFixed):
        change(session, round=made, terms=terms_of(made, build, schedule=moved), version=made.version, now=SUBMITTING)


def test_a_round_that_somebody_else_changed_is_not_overwritten(session: Session, build: Builder) -> None:
    made = build.round()
    shown = made.version
    change(session, round=made, terms=terms_of(made, build, budget=1), version=shown, now=ANNOUNCED)

    with pytest.raises(RoundChanged):
        change(session, round=made, terms=terms_of(made, build, budget=2), version=shown, now=ANNOUNCED)

    assert made.budget == 1


def test_a_change_that_comes_in_between_is_not_overwritten_either(database: Database) -> None:
    with database.transaction() as session:
        build = Builder(session)
        made = build.round()
        later = terms_of(made, build, budget=2)
    with database.reading() as session:
        seen = session.get_one(Round, made.id)
    with database.transaction() as session:
        session.get_one(Round, made.id).budget = 1

    with database.session(writing=True) as session:
        merged = session.merge(seen, load=False)
        with pytest.raises(RoundChanged):
            change(session, round=merged, terms=later, version=merged.version, now=ANNOUNCED)
        assert session.get_one(Round, made.id, populate_existing=True).budget == 1


def test_terms_that_can_be_changed_while_people_vote_are_found_out(
    session: Session, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "require_phase", lambda *_: None)
    monkeypatch.setattr(actions, "require_open_past", lambda *_, **__: None)
    with found(NOT_REFUSED):
        test_terms_are_frozen_once_voting_is_open(session, build, VOTING)
