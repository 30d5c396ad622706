"""Small elections for the tests of counting: written by hand, or drawn so that ties, zeros and equal costs abound."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import strategies as st

from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.profile import Profile, approval

REAL_ELECTIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "pabulib"

FILE = '''META
key;value
description;"Wijkbudget; een ""proef"""
num_projects;3
num_votes;4
budget;100
vote_type;approval
PROJECTS
project_id;cost;name;selected
12;60;"Speeltuin; met water";1
3;50;Buurthuis;0
7;40;Bankje;1
VOTES
voter_id;vote;age
1;12,3;30
2;7;12
3;;44
4;3,12;
'''
"""A small election in Pabulib's format, with quotes, a blank ballot and a short line."""


class Small(NamedTuple):
    """What a rule needs."""

    instance: Instance
    profile: Profile


def small(budget: int, costs: Mapping[str, int], ballots: Mapping[str, int]) -> Small:
    """An election of ballots written as 'a b' (blank as '') with how often each was cast."""
    plans = tuple(Plan(plan_id, cost) for plan_id, cost in costs.items())
    profile = Profile.from_groups({approval(names.split()): times for names, times in ballots.items()})
    return Small(Instance(budget, plans), profile)


@st.composite
def elections(draw: st.DrawFn) -> Small:
    """Up to six plans whose costs and votes are so small that they are often equal."""
    plan_ids = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6))
    plans = tuple(Plan(plan_id, draw(st.integers(1, 4))) for plan_id in plan_ids)
    ballot = st.sets(st.sampled_from(plan_ids)).map(approval) if plan_ids else st.just(())
    ballots = draw(st.lists(ballot, max_size=8))
    return Small(Instance(draw(st.integers(0, 12)), plans), Profile.from_ballots(ballots))


def real_election(name: str) -> bytes:
    """The file of a real election; skips the test where the collection is absent."""
    if not (REAL_ELECTIONS / name).is_file():
        pytest.skip(f"the collection of real elections is not here: {name}")
    return (REAL_ELECTIONS / name).read_bytes()
