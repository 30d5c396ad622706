"""A round in which voting is on, with a code for each of its voters."""

from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import ANNOUNCED, SCHEDULE, VOTING
from wijkbudget.ballots.actions import freeze_rules, make_codes
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.rules import MenuItem
from wijkbudget.people.rules import Role


def open_voting(session: Session, build: Builder, config: Config, clock: MovableClock, *, voters: int) -> list[str]:
    """The codes of a round that votes now; committed."""
    round_ = build.round()
    plan = build.menu_plan(round_)
    official = build.appointed(Role.OFFICIAL)
    codes = make_codes(session, round=round_, size=voters, official=official, pepper=config.code_pepper, now=ANNOUNCED)
    menu = [MenuItem(plan.id, plan.title, 1_000_000)]
    freeze_rules(session, round=round_, menu=menu, keys=KeyFolder(config.key_folder), now=SCHEDULE.voting)
    session.commit()
    clock.move_to(VOTING)
    return [code for _, code in codes]
