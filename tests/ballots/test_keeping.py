"""How far a key is, from the first official who steps in until it is destroyed."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.ceremony import Ceremony, ceremony
from tests.moments import COUNTING, RESULT, VOTING
from wijkbudget.ballots.destruction import destroy_key
from wijkbudget.ballots.holders import lose_share
from wijkbudget.ballots.keeping import Keeping, KeyStage, keeping_of
from wijkbudget.ballots.keys import KeyFolder
from wijkbudget.ballots.tables import Opening


def keeping(made: Ceremony) -> Keeping:
    return keeping_of(made.session, made.round)


def test_a_key_goes_through_all_stages_in_order(build: Builder, session: Session, tmp_path: Path) -> None:
    made = ceremony(build)
    stages = [keeping(made)]
    made.step_in(2)
    stages.append(keeping(made))
    made.browsers.clear()
    made.step_in(3)
    stages.append(keeping(made))
    build.opened_urn(made.round, tmp_path)
    build.blank_vote(made.round)
    stages.append(keeping(made))
    made.show()
    assert keeping(made).stage is KeyStage.SHOWING
    made.confirm()
    stages.append(keeping(made))
    session.add(Opening(round_id=made.round.id, envelopes=0, merkle_root="ab", rejected={}, opened_at=COUNTING))
    session.flush()
    stages.append(keeping(made))
    destroy_key(session, round=made.round, keys=KeyFolder(tmp_path), now=RESULT)
    stages.append(keeping(made))
    assert [each.stage for each in stages] == [KeyStage.GATHERING, *KeyStage]
    assert [each.is_open_to_voters for each in stages] == [False] * 4 + [True] * 3
    assert [each.waits_for_shares for each in stages] == [False] * 3 + [True] * 2 + [False] * 2


def test_two_typed_shares_are_enough(build: Builder, tmp_path: Path) -> None:
    made = ceremony(build)
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    made.show()
    made.confirm()
    build.blank_vote(made.round)
    made.type(0, by=0)
    assert keeping(made).waits_for_shares
    made.type(1, by=1)
    assert not keeping(made).waits_for_shares


@pytest.mark.parametrize("shown", range(4))
def test_an_urn_without_envelopes_waits_for_no_shares(build: Builder, tmp_path: Path, shown: int) -> None:
    made = ceremony(build)
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    made.show(shown)
    assert not keeping(made).waits_for_shares
    build.blank_vote(made.round)
    assert keeping(made).waits_for_shares


@pytest.mark.parametrize("lost", range(4))
def test_lost_shares_are_counted(build: Builder, tmp_path: Path, lost: int) -> None:
    made = ceremony(build)
    made.step_in()
    build.opened_urn(made.round, tmp_path)
    for number in range(lost):
        lose_share(made.session, round=made.round, number=number + 1, official=made.officials[number], now=VOTING)
    assert (keeping(made).lost, keeping(made).is_lost) == (lost, lost > 1)


def test_a_key_that_the_server_keeps_waits_for_nobody(build: Builder, tmp_path: Path) -> None:
    made = ceremony(build, build.round())
    assert (keeping(made).stage, keeping(made).waits_for_shares) == (KeyStage.GATHERING, False)
    build.opened_urn(made.round, tmp_path)
    assert (keeping(made).stage, keeping(made).waits_for_shares) == (KeyStage.KEPT, False)
