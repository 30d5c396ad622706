from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import Config
from tests.builders import Builder
from tests.conftest import MovableClock
from tests.demo.stage import open_voting
from tests.moments import COUNTING, VOTING
from wijkbudget.ballots.codes import new_code, written_code
from wijkbudget.database import Database
from wijkbudget.demo.casting import cast_votes
from wijkbudget.demo.codes import keep_codes, usable_codes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "stemcodes.txt"


def test_the_first_three_codes_that_can_vote_are_shown(
    session: Session, build: Builder, config: Config, clock: MovableClock, database: Database, file: Path
) -> None:
    codes = open_voting(session, build, config, clock, voters=5)
    keep_codes(file, codes)
    cast_votes(database, [(codes[1], ())], batch=1, pepper=config.code_pepper, clock=clock)
    assert usable_codes(session, file, pepper=config.code_pepper, now=VOTING) == [codes[0], codes[2], codes[3]]
    session.rollback()


def test_after_closing_no_code_is_shown(
    session: Session, build: Builder, config: Config, clock: MovableClock, file: Path
) -> None:
    keep_codes(file, open_voting(session, build, config, clock, voters=2))
    assert usable_codes(session, file, pepper=config.code_pepper, now=COUNTING) == []
    session.rollback()


def test_what_is_no_code_of_this_city_is_passed_over(session: Session, file: Path) -> None:
    assert usable_codes(session, file, pepper="p", now=VOTING) == []
    keep_codes(file, [written_code(new_code()), "0000"])
    assert usable_codes(session, file, pepper="p", now=VOTING) == []


def test_the_file_is_for_its_owner_only(file: Path) -> None:
    keep_codes(file, ["AAAA"])
    assert file.stat().st_mode & 0o777 == 0o600
