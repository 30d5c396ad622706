"""Making a round and changing its terms."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from ..journal import record_deed
from ..people.tables import Person
from ..places.tables import Neighbourhood
from .queries import round_by_slug
from .rules import NoArea, Phase, RoundChanged, Terms, require_open_past, require_phase, require_unfrozen, slug_of
from .tables import Round

BEFORE_VOTING = (Phase.ANNOUNCED, Phase.SUBMITTING, Phase.REVIEWING)


def make_round(session: Session, *, terms: Terms, official: Person, now: datetime) -> Round:
    """A new round on these terms, at an address made of its title. Raises PastIsFixed, NoArea."""
    require_open_past(terms.schedule, old=None, now=now)
    area = _area(session, terms)
    new = Round(made_at=now, made_by=official.id)
    _lay_down(new, terms, area)
    for slug in _slugs(terms.title):
        if round_by_slug(session, slug) is None and _fits(session, new, slug):
            _record(session, "make round", new, official, now)
            return new
    raise AssertionError("there is always a next slug")


def change_round(
    session: Session, *, round: Round, terms: Terms, version: int, official: Person, now: datetime
) -> None:
    """New terms, until voting opens or the rules are frozen.

    Raises WrongPhase, RulesFrozen, RoundChanged, PastIsFixed, NoArea.
    """
    require_phase(round.schedule, BEFORE_VOTING, now)
    require_unfrozen(round.frozen_at)
    if version != round.version:
        raise RoundChanged()
    require_open_past(terms.schedule, old=round.schedule, now=now)
    area = _area(session, terms)
    try:
        with session.begin_nested():
            _lay_down(round, terms, area)
            flag_modified(round, "title")  # an area that changes alone makes a new version too
    except StaleDataError as overtaken:
        raise RoundChanged() from overtaken
    _record(session, "change round", round, official, now)


def _record(session: Session, deed: str, round: Round, official: Person, now: datetime) -> None:
    record_deed(
        session, deed, now=now, person_id=official.id, round_id=round.id,
        version=round.version, budget=round.budget, eligible=round.eligible,
    )  # fmt: skip


def _slugs(title: str) -> Iterator[str]:
    base = slug_of(title)
    yield base
    for number in count(2):
        yield f"{base}-{number}"


def _fits(session: Session, new: Round, slug: str) -> bool:
    """Whether `new` is stored at this address; another transaction may have taken it since we looked."""
    new.slug = slug
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:
        if round_by_slug(session, slug) is None:
            raise
        return False
    return True


def _area(session: Session, terms: Terms) -> Sequence[Neighbourhood]:
    """The neighbourhoods of the terms; NoArea if one of them does not exist."""
    area = session.scalars(select(Neighbourhood).where(Neighbourhood.id.in_(terms.neighbourhood_ids))).all()
    if len(area) < len(set(terms.neighbourhood_ids)):
        raise NoArea()
    return area


def _lay_down(round: Round, terms: Terms, area: Sequence[Neighbourhood]) -> None:
    round.kind = terms.kind
    round.title = terms.title
    round.area_name = terms.area_name
    round.budget = terms.budget
    round.like_threshold = terms.like_threshold
    round.schedule = terms.schedule
    round.ballot_form = terms.ballot_form
    round.counting = terms.counting
    round.voting = terms.voting
    round.electorate = terms.electorate
    round.criteria = list(terms.criteria)
    round.neighbourhoods = list(area)
