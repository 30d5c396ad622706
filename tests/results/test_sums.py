"""The numbers of a package must add up."""

from copy import deepcopy
from typing import Any

import pytest

from tests.results.packages import record, signed
from tests.results.test_export import FORMS
from wijkbudget.results import recount
from wijkbudget.results.container import Broken, unpack
from wijkbudget.results.manifest import MANIFEST, read_manifest
from wijkbudget.results.sums import COUNTS, TOTALS, require_sums
from wijkbudget.rounds.forms import BallotForm

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
        ({"eligible": 99}, "eligible is not"),
        ({"issued": 61}, "more people voted than could"),
        ({"replaced": 4}, "more people voted than could"),
        ({"blocked": 64}, "more codes were replaced or blocked than were issued"),
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
    changed = deepcopy(MANIFEST_VALUES) | {"is_published": is_published}
    changed["rules"]["voting"]["publish_ballots_from"] = threshold
    with pytest.raises(Broken, match="publish_ballots_from"):
        require_sums(changed)


def with_totals(totals: dict[int, tuple[int, int]], form: BallotForm) -> dict[str, Any]:
    """The manifest of 57 ballots that are not blank, too few to publish them; points and ballots of some plans."""
    values = deepcopy(read_manifest(unpack(signed(record(form, least=61)))[MANIFEST]))
    nothing = {plan: {"points": 0, "ballots": 0} for plan in values["totals"]}
    given = {str(plan): dict(zip(("points", "ballots"), each, strict=True)) for plan, each in totals.items()}
    return values | {"totals": nothing | given}


BASKET, APPROVAL, ONE, POINTS, RANKING = FORMS
IMPOSSIBLE: list[tuple[BallotForm, dict[int, tuple[int, int]], str]] = [
    (BASKET, {1: (58, 58)}, "plan 1 so much"),
    (BASKET, {1: (58, 57)}, "plan 1 so much"),
    (BASKET, {1: (57, 57), 10: (1, 1)}, "not those of the plans on the menu"),
    (BASKET, {1: (30, 30)}, "name more plans"),
    (APPROVAL, {1: (57, 57), 2: (56, 56)}, "name more plans"),
    (APPROVAL, dict.fromkeys((1, 2, 3, 4), (57, 57)), "so much together"),
    (ONE, {1: (30, 30), 2: (28, 28)}, "so much together"),
    (POINTS, {1: (57 * 6 + 1, 57)}, "plan 1 so much"),
    (POINTS, {1: (57 * 6, 57), 2: (57 * 4 + 1, 57)}, "so much together"),
    (RANKING, {1: (57 * 4, 57), 2: (57 * 4, 57), 3: (57 * 4, 57)}, "so much together"),
]


@pytest.mark.parametrize(("form", "totals", "why"), IMPOSSIBLE)
def test_totals_that_so_few_ballots_cannot_give_are_noticed_by_both(
    form: BallotForm, totals: dict[int, tuple[int, int]], why: str
) -> None:
    manifest = with_totals(totals, form)
    with pytest.raises(Broken, match=why) as broken:
        require_sums(manifest)
    assert broken.value.where == TOTALS
    with pytest.raises(recount.Wrong, match="so many ballots cannot give this"):
        recount.check_sums(manifest)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
def test_totals_of_real_ballots_are_possible(form: BallotForm) -> None:
    manifest = read_manifest(unpack(signed(record(form, least=61)))[MANIFEST])
    assert require_sums(manifest)
    assert recount.check_sums(manifest)
