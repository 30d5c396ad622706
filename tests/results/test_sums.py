"""The numbers of a package must add up."""

from copy import deepcopy
from typing import Any

import pytest

from tests.results.packages import record, signed
from wijkbudget.results.container import Broken, unpack
from wijkbudget.results.manifest import MANIFEST, read_manifest
from wijkbudget.results.sums import COUNTS, require_sums

MANIFEST_VALUES = read_manifest(unpack(signed(record()))[MANIFEST])


def with_counts(**numbers: Any) -> dict[str, Any]:
    changed = deepcopy(MANIFEST_VALUES)
    changed["counts"] |= numbers
    return changed


def test_what_adds_up_is_told() -> None:
    assert require_sums(MANIFEST_VALUES) == "62 codes used = 62 envelopes = 60 ballots + 2 rejected"


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ({"blocked": -1}, "below zero"),
        ({"rejected": {"copy": 3, "unreadable": -1}}, "below zero"),
        ({"eligible": 99}, "eligible is not"),
        ({"issued": 61}, "more people voted than could"),
        ({"used": 61}, "61 codes were used for 62 envelopes"),
        ({"rejected": {}}, "62 envelopes held 60 ballots and 0 rejected"),
        ({"ballots": 61}, "62 envelopes held 61 ballots and 2 rejected"),
        ({"blank": 61}, "61 of 60 ballots are blank"),
    ],
)
def test_what_does_not_add_up_is_named(numbers: dict[str, Any], why: str) -> None:
    with pytest.raises(Broken, match=why) as broken:
        require_sums(with_counts(**numbers))
    assert broken.value.where == COUNTS


@pytest.mark.parametrize(("threshold", "is_published"), [(60, False), (61, True)])
def test_the_threshold_decides_whether_ballots_are_published(threshold: int, is_published: bool) -> None:
    changed = MANIFEST_VALUES | {"publish_ballots_from": threshold, "is_published": is_published}
    with pytest.raises(Broken, match="publish_ballots_from"):
        require_sums(changed)
