"""What each phase asks for when it has begun."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from ..ballots.freezing import FREEZING, can_freeze, freeze_rules
from ..ballots.keeping import keeping_of
from ..ballots.keys import KeyFolder
from ..ballots.queries import key_holders, menu_ids
from ..ballots.rules import MenuItem
from ..ballots.shares import SHARES
from ..clock import Clock
from ..database import lock_row
from ..mail.addresses import plan_page, result_to_publish
from ..mail.outbox import post_letter
from ..people.queries import people_with_role
from ..people.rules import Role
from ..plans.queries import menu_plans, plans_by_id
from ..results.actions import SETTLING, count_round
from ..results.drafts import Draft, draft_count
from ..results.publication import draft_package, publish_package
from ..results.queries import draw_of, result_of
from ..results.signing import signer_of
from ..rounds.rules import Phase
from ..rounds.tables import Round
from ..rounds.voting import KeyKeeping


@dataclass(frozen=True)
class Desk:
    """What a task works with: one transaction of its own, the round, the key folder and the moment."""

    session: Session
    round: Round
    keys: KeyFolder
    clock: Clock
    now: datetime


Act = Callable[[Desk], bool]
"""Does a task; gives whether it is finished. If not, what it did stays and it is asked again."""
Wait = Callable[[Session, Round], datetime | None]
"""Gives since when a task waits for nobody, None while it waits for people."""


@dataclass(frozen=True)
class Task:
    """Something to do once for each round, `delay` after `phase` has begun; its name is its key in the database.

    Where officials keep the key of the urn it is due from phase `with_officials` on, if there is one. `prepare` does
    the slow part, at a desk that only reads and keeps nobody from writing, and gives the act that takes it over. `wait`
    tells whether people, and nothing else, keep it from being finished.
    """

    name: str
    phase: Phase
    act: Act
    delay: timedelta = timedelta(0)
    with_officials: Phase | None = None
    prepare: Callable[[Desk], Act] | None = None
    wait: Wait | None = None

    def due_at(self, round: Round) -> datetime:
        """Its moment."""
        early = self.with_officials if round.voting.keys is KeyKeeping.OFFICIALS else None
        return round.schedule.start_of(early or self.phase) + self.delay

    def is_due(self, round: Round, now: datetime) -> bool:
        """Whether its moment has come."""
        return self.due_at(round) <= now


def freeze(desk: Desk) -> bool:
    """Freeze the rules and the menu, and prepare the urn; not finished before all who are to keep the key are there."""
    lock_row(desk.session, desk.round)  # no decision about a plan is under way, and nobody begins the ceremony anew
    if not can_freeze(desk.session, desk.round, desk.now):
        return False
    menu = [MenuItem(plan.id, plan.title, plan.checked_cost) for plan in menu_plans(desk.session, desk.round.id)]
    freeze_rules(desk.session, round=desk.round, menu=menu, keys=desk.keys, now=desk.now)
    return True


def wait_for_holders(session: Session, round: Round) -> datetime | None:
    """For the three officials who are to keep the key, until voting is over."""
    if round.voting.keys is KeyKeeping.SERVER:
        return round.schedule.voting
    stepped_in = [holder.stepped_in_at for holder in key_holders(session, round.id)]
    return max(stepped_in) if len(stepped_in) == SHARES else round.schedule.counting


def write_to_authors(desk: Desk) -> bool:
    """Tell the authors on the menu that voting has begun, unless it is over before anybody could tell them.

    Not finished while officials do not have their shares of the key on paper, so that nobody can vote.
    """
    if desk.round.schedule.phase_at(desk.now) is not Phase.VOTING:
        return True
    if not keeping_of(desk.session, desk.round).is_open_to_voters:
        return False
    for plan in plans_by_id(desk.session, menu_ids(desk.session, desk.round.id)):
        post_letter(
            desk.session, kind="plan-on-menu", recipient=plan.author.email, now=desk.now,
            name=plan.author.name, title=plan.title, round=desk.round.title, path=plan_page(plan.id),
        )  # fmt: skip
    return True


def wait_for_voting(session: Session, round: Round) -> datetime:
    """For the officials who are to see their shares, until voting is over."""
    schedule = round.schedule
    return schedule.voting if keeping_of(session, round).is_open_to_voters else schedule.counting


def prepare_count(desk: Desk) -> Act:
    """Work out what opening and counting will come to."""
    return partial(count, draft=draft_count(desk.session, round=desk.round, keys=desk.keys))


def count(desk: Desk, draft: Draft | None = None) -> bool:
    """Open the urn and count; not finished while the round waits for the shares of its key or for a public draw."""
    return count_round(desk.session, round=desk.round, keys=desk.keys, clock=desk.clock, draft=draft) is not None


def wait_for_shares_and_draw(session: Session, round: Round) -> datetime | None:
    """For two shares of the key and for the public draw, whichever the count needs."""
    if draw := draw_of(session, round.id):
        return draw.confirmed_at
    keeping = keeping_of(session, round)
    if keeping.waits_for_shares:
        return None
    return max((typed.typed_at for typed in keeping.typed), default=round.schedule.counting)


def write_to_officials(desk: Desk) -> bool:
    """Tell the officials that the result is ready to be looked at."""
    for official in people_with_role(desk.session, Role.OFFICIAL):
        post_letter(
            desk.session, kind="result-counted", recipient=official.email, now=desk.now,
            name=official.name, round=desk.round.title, path=result_to_publish(desk.round.slug),
        )  # fmt: skip
    return True


def prepare_package(desk: Desk) -> Act:
    """Make, sign and check the package of the round."""
    return partial(publish, content=draft_package(desk.session, round=desk.round, signer=signer_of(desk.keys)))


def publish(desk: Desk, content: bytes | None = None) -> bool:
    """Store the package of the round; not finished before an official has published its result."""
    signer = signer_of(desk.keys)
    published = publish_package(desk.session, round=desk.round, signer=signer, now=desk.now, content=content)
    return published is not None


def wait_for_publication(session: Session, round: Round) -> datetime | None:
    """For the official who publishes the result."""
    result = result_of(session, round.id)
    return result.published_at if result else None


TIMETABLE = (
    Task(FREEZING, Phase.VOTING, freeze, with_officials=Phase.REVIEWING, wait=wait_for_holders),
    Task("write to authors", Phase.VOTING, write_to_authors, wait=wait_for_voting),
    Task("count", Phase.COUNTING, count, delay=SETTLING, prepare=prepare_count, wait=wait_for_shares_and_draw),
    Task("write to officials", Phase.COUNTING, write_to_officials, delay=SETTLING),
    Task("publish package", Phase.RESULT, publish, prepare=prepare_package, wait=wait_for_publication),
)
"""In this order for each round; a later task waits for the earlier ones."""
