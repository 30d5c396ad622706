"""What supporters hold, followed by hand."""

from fractions import Fraction

from wijkbudget.tally.earnings import Earnings
from wijkbudget.tally.instance import Plan
from wijkbudget.tally.profile import Profile, approval

PARK, HALL, POND = Plan("park", 60), Plan("hall", 10), Plan("pond", 7)


def test_a_purchase_takes_all_that_supporters_hold_and_others_go_on_earning() -> None:
    profile = Profile.from_groups({approval(["park"]): 2, approval(["park", "hall"]): 1, approval(["hall"]): 3})
    earnings = Earnings(profile)
    assert (earnings.purchases, earnings.moment(PARK), earnings.moment(HALL)) == (0, Fraction(20), Fraction(5, 2))
    earnings.pay(HALL, Fraction(5, 2))
    assert (earnings.purchases, earnings.held(PARK, Fraction(5, 2))) == (1, Fraction(5))
    assert earnings.moment(PARK) == (60 + Fraction(5, 2)) / 3
    earnings.pay(PARK, Fraction(125, 6))
    assert earnings.held(PARK, Fraction(125, 6)) == 0
    assert earnings.held(HALL, Fraction(125, 6)) == 3 * (Fraction(125, 6) - Fraction(5, 2))
    assert earnings.moment(HALL) == (10 + Fraction(125, 6) + 3 * Fraction(5, 2)) / 4


def test_without_supporters_nothing_is_held() -> None:
    assert Earnings(Profile.from_ballots([()])).held(POND, Fraction(9)) == 0
    assert Earnings(Profile.from_ballots([])).held(POND, Fraction(9)) == 0
