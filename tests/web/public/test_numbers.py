"""The page that tells what must add up says what the package says, by the same names, and it adds up."""

import json
import re
import zipfile
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from tests.builders import PEPPER, Builder
from tests.conftest import MovableClock
from tests.controls import found
from tests.moments import COUNTING, RESULT, SECOND, VOTING
from tests.watch.watchman import Watchman, use_a_right_without_a_vote
from wijkbudget.ballots.accounts import entitle_person
from wijkbudget.ballots.queries import CodeCounts
from wijkbudget.ballots.serials import Reason, block_code, replace_code
from wijkbudget.ballots.tables import Envelope
from wijkbudget.database import Database
from wijkbudget.people.rules import Role
from wijkbudget.places.tables import Postcode
from wijkbudget.results.actions import publish_result
from wijkbudget.results.queries import publication_of
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import Franchise, VotingTerms
from wijkbudget.web.public import numbers

PAGE = "/rondes/wijkbudget-bezuidenhout-2026/controleren"


@pytest.fixture
def watchman(database: Database, config: Config, clock: MovableClock) -> Watchman:
    """A scheduler that watches."""
    return Watchman(database, config, clock)


def by_letter(watchman: Watchman, build: Builder) -> Round:
    """Five letters of which one was replaced and one blocked, three votes, and an envelope that somebody spoilt."""
    round_ = watchman.voted_round(build, votes=3, rights=5)
    official, session = build.appointed(Role.OFFICIAL), build.session
    replace_code(
        session, round=round_, serial=1, reason=Reason.LOST, official=official, pepper=PEPPER, now=VOTING
    )  # fmt: skip
    block_code(session, round=round_, serial=5, reason=Reason.RETURNED, official=official, now=VOTING)
    build.blank_vote(round_)
    session.scalars(select(Envelope)).first().sealed = b"no envelope"  # type: ignore[union-attr]
    build.commit()
    return round_


def by_account(watchman: Watchman, build: Builder) -> Round:
    """Two people with an account, one of whom voted."""
    round_ = build.round(voting=VotingTerms(franchise=Franchise.ACCOUNT))
    build.menu_plan(round_)
    build.session.add(Postcode(code="2593AB", neighbourhood_id=round_.neighbourhoods[0].id))
    build.commit()
    watchman.work(VOTING)
    rights = [
        entitle_person(build.session, round=round_, person=build.person(), is_old_enough=True, now=VOTING)
        for _ in range(2)
    ]
    build.blank_vote(round_, rights[0].id)
    build.commit()
    return round_


def published(watchman: Watchman, build: Builder, round_: Round) -> dict[str, Any]:
    """The numbers in the package, once the round is counted and published."""
    watchman.work(COUNTING)
    official = build.appointed(Role.OFFICIAL)
    build.commit()
    with watchman.database.transaction() as session:
        publish_result(session, round=session.get_one(Round, round_.id), official=official, now=RESULT)
    watchman.work(RESULT + SECOND)
    with watchman.database.reading() as session:
        publication = publication_of(session, round_.id)
        assert publication is not None
        with zipfile.ZipFile(BytesIO(publication.package)) as archive:
            counts: dict[str, Any] = json.loads(archive.read("manifest.json"))["counts"]
    by_reason = {f"rejected: {reason}": count for reason, count in counts["rejected"].items()}
    return counts | {"rejected": sum(by_reason.values())} | by_reason


def shown(client: FlaskClient) -> tuple[dict[str, int], str]:
    """The numbers of the page by their names, and the line that adds them up."""
    page = " ".join(unescape(client.get(PAGE).text).split())
    rows = re.findall(r'<td class="n">([\d.]+)</td><td class="wb-small"><code>([\w: -]+)</code>', page)
    sums = re.search(r"<p><b>(gestemd.*?)</b></p>", page)
    assert sums is not None
    return {name: int(count.replace(".", "")) for count, name in rows}, sums[1]


def test_the_page_and_the_package_say_the_same_by_the_same_names(
    watchman: Watchman, build: Builder, client: FlaskClient
) -> None:
    counts = published(watchman, build, by_letter(watchman, build))
    lines, sums = shown(client)
    assert lines == counts, "not what the package says"
    assert lines == {
        "eligible": 1000, "issued": 7, "replaced": 1, "blocked": 1, "used": 4,
        "envelopes": 4, "ballots": 3, "blank": 1, "rejected": 1, "rejected: unreadable": 1,
    }  # fmt: skip
    assert sums == "gestemd (4) = enveloppen (4) = getelde stemmen (3) + afgekeurd (1)"


def test_of_accounts_it_tells_how_many_could_vote_and_did(
    watchman: Watchman, build: Builder, client: FlaskClient
) -> None:
    counts = published(watchman, build, by_account(watchman, build))
    lines, sums = shown(client)
    assert lines == {name: count for name, count in counts.items() if name not in ("replaced", "blocked")}
    assert (lines["issued"], lines["used"]) == (2, 1)
    assert sums == "gestemd (1) = enveloppen (1) = getelde stemmen (1) + afgekeurd (0)"


def test_numbers_that_do_not_add_up_are_shown_as_they_are(
    watchman: Watchman, build: Builder, client: FlaskClient
) -> None:
    round_ = by_letter(watchman, build)
    published(watchman, build, round_)
    watchman.behind_its_back(use_a_right_without_a_vote, round_)
    assert shown(client)[1] == "gestemd (5) ≠ enveloppen (4) = getelde stemmen (3) + afgekeurd (1)"


def test_a_page_that_leaves_out_the_letters_that_took_the_place_of_others_is_found_out(
    watchman: Watchman, build: Builder, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "code_counts", lambda *_: CodeCounts(issued=6, replaced=0, blocked=1))
    with found("not what the package says"):
        test_the_page_and_the_package_say_the_same_by_the_same_names(watchman, build, client)
