"""A round in which voting is on, with a code for each of its voters."""

from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import SCHEDULE, VOTING
from wijkbudget.ballots.freezing import freeze_rules
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.rules import MenuItem


def open_voting(session: Session, build: Builder, config: Config, clock: MovableClock, *, voters: int) -> list[str]:
    """The codes of a round that votes now; committed."""
    round_ = build.round()
    plan = build.menu_plan(round_)
    codes = build.codes(round_, voters)
    menu = [MenuItem(plan.id, plan.title, 1_000_000)]
    freeze_rules(session, round=round_, menu=menu, keys=KeyFolder(config.key_folder), now=SCHEDULE.voting)
    session.commit()
    clock.move_to(VOTING)
    return codes
