"""Three officials who keep the key of a round's urn, as they step in, put their shares on paper and type them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import COUNTING, REVIEWING
from wijkbudget.ballots.holders import confirm_share, keep_share, show_share
from wijkbudget.ballots.shares import PROOF, SHARES
from wijkbudget.ballots.tables import Urn
from wijkbudget.ballots.unlocking import type_share
from wijkbudget.people.rules import Role
from wijkbudget.people.tables import Person
from wijkbudget.rounds.tables import Round
from wijkbudget.rounds.voting import KeyKeeping, VotingTerms

WITH_OFFICIALS = VotingTerms(keys=KeyKeeping.OFFICIALS)


@dataclass
class Ceremony:
    """A round, the officials, and what each of their browsers and papers holds."""

    session: Session
    round: Round
    officials: Sequence[Person]
    browsers: list[bytes] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)

    def step_in(self, people: int = SHARES, *, now: datetime = REVIEWING) -> None:
        """So many officials step in."""
        for official in self.officials[:people]:
            self.browsers.append(
                keep_share(self.session, round=self.round, official=official, browser_key=None, now=now)
            )

    def show(self, people: int = SHARES, *, now: datetime = REVIEWING) -> None:
        """So many officials see their share and write it down."""
        for official, browser in list(zip(self.officials, self.browsers, strict=False))[:people]:
            _, words = show_share(self.session, round=self.round, official=official, browser_key=browser, now=now)
            self.papers.append(words)

    def confirm(self, people: int = SHARES, *, now: datetime = REVIEWING) -> None:
        """So many officials prove that their share is on paper."""
        for official, browser, paper in list(zip(self.officials, self.browsers, self.papers, strict=False))[:people]:
            confirm_share(
                self.session, round=self.round, official=official, browser_key=browser, typed=proof(paper), now=now
            )

    def put_on_paper(self, people: int = SHARES, *, now: datetime = REVIEWING) -> None:
        """So many officials see their share and prove that it is on paper."""
        self.show(people, now=now)
        self.confirm(people, now=now)

    def type(self, paper: int, *, by: int, now: datetime = COUNTING) -> None:
        """The official `by` types what stands on this paper."""
        words = self.papers[paper]
        type_share(self.session, round=self.round, official=self.officials[by], words=words, now=now)


def proof(paper: str) -> list[str]:
    """The words of this paper that show that it is there."""
    return [paper.split()[place - 1] for place in PROOF]


def ceremony(build: Builder, round_: Round | None = None) -> Ceremony:
    """A round whose key officials are to keep, before anybody stepped in."""
    round_ = round_ or build.round(voting=WITH_OFFICIALS)
    return Ceremony(build.session, round_, [build.appointed(Role.OFFICIAL) for _ in range(SHARES)])


def held(build: Builder, keys: Path, round_: Round | None = None) -> tuple[Ceremony, Urn]:
    """A ceremony that is over, with the urn: each official has a share on paper."""
    made = ceremony(build, round_)
    made.step_in()
    urn = build.opened_urn(made.round, keys)
    made.put_on_paper()
    return made, urn
