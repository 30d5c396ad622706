"""How votes come in and are kept."""

import json
from dataclasses import asdict

import pytest

from wijkbudget.rounds.voting import (
    FEWEST_PUBLISHED,
    Franchise,
    ImpossibleAge,
    KeyKeeping,
    TooFewToPublish,
    VotingTerms,
)


@pytest.mark.parametrize("youngest", [0, -1, 121])
def test_an_age_that_nobody_has_is_refused(youngest: int) -> None:
    with pytest.raises(ImpossibleAge):
        VotingTerms(youngest=youngest)


@pytest.mark.parametrize("youngest", [1, 12, 120])
def test_an_age_that_somebody_has_is_taken(youngest: int) -> None:
    assert VotingTerms(youngest=youngest).youngest == youngest


def test_single_ballots_of_a_handful_of_voters_are_never_published() -> None:
    with pytest.raises(TooFewToPublish):
        VotingTerms(publish_ballots_from=FEWEST_PUBLISHED - 1)
    assert VotingTerms(publish_ballots_from=FEWEST_PUBLISHED).publish_ballots_from == FEWEST_PUBLISHED


def test_terms_come_out_of_json_as_they_went_in() -> None:
    terms = VotingTerms(Franchise.ACCOUNT, 16, is_final=True, keys=KeyKeeping.OFFICIALS, publish_ballots_from=20)
    assert VotingTerms.parse(json.loads(json.dumps(asdict(terms)))) == terms
    assert VotingTerms.parse(json.loads(json.dumps(asdict(VotingTerms())))) == VotingTerms()
