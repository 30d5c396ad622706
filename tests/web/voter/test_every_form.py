"""Each form of ballot in a browser without JavaScript: what is cast, what is refused, and what its buttons do."""

import re
from itertools import combinations

import pytest
from werkzeug.test import TestResponse

from tests.controls import found
from tests.web.voter.voters import Booths, Filled, Voter, divided, form_of, receipt_on, ticked
from wijkbudget.plans.rules import LONGEST_SUMMARY, LONGEST_TITLE
from wijkbudget.plans.tables import Plan
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.web.voter import ballot

BASKET = BallotForm(Form.BASKET, max_choices=2, min_choices=2)
APPROVAL = BallotForm(Form.APPROVAL, max_choices=2, min_choices=2)
ONE = BallotForm(Form.ONE)
POINTS = BallotForm(Form.POINTS, total_points=10, most_points=6)
RANKING = BallotForm(Form.RANKING, max_choices=2)
EVERY_FORM = [BASKET, APPROVAL, ONE, POINTS, RANKING]


def enter(booths: Booths, form: BallotForm) -> tuple[Voter, Plan, Plan, Plan]:
    voter = booths.voter(form)
    voter.enter()
    playground, bench, tree = voter.plans
    return voter, playground, bench, tree


def cast(voter: Voter, filled: Filled) -> list[tuple[tuple[int, int], ...]]:
    """What lies in the urn after this was filled in, checked and sent."""
    assert receipt_on(voter.send(form_of(voter.fill_in(filled))))
    return voter.points()


def order_of(page: TestResponse) -> list[int]:
    """The plans of the ranking on the page, the first one first."""
    return [int(plan) for plan in re.findall(r'type="hidden" name="plan" value="(\d+)">', page.text)]


def points_on(page: TestResponse) -> dict[int, str]:
    """What stands in the fields for points."""
    found = re.findall(r'name="points-(\d+)"[^>]* value="([^"]*)"', page.text)
    return {int(plan): text for plan, text in found}


# Valid


@pytest.mark.parametrize("form", [BASKET, APPROVAL], ids=lambda form: form.form.value)
def test_each_ticked_plan_gets_a_point(booths: Booths, form: BallotForm) -> None:
    voter, playground, bench, _ = enter(booths, form)
    assert cast(voter, ticked(bench, playground)) == [((playground.id, 1), (bench.id, 1))]


def test_the_one_plan_gets_a_point(booths: Booths) -> None:
    voter, _, bench, _ = enter(booths, ONE)
    assert cast(voter, ticked(bench)) == [((bench.id, 1),)]


def test_points_are_cast_as_they_were_divided(booths: Booths) -> None:
    voter, playground, bench, tree = enter(booths, POINTS)
    assert cast(voter, divided({playground: 4, bench: 0, tree: 6})) == [((playground.id, 4), (tree.id, 6))]


def test_not_all_points_need_to_be_given(booths: Booths) -> None:
    voter, playground, *_ = enter(booths, POINTS)
    page = voter.fill_in(divided({playground: 1}))
    assert "Nog 9 van 10 punten" in page.text
    assert voter.send(form_of(page)).status_code == 200


def test_an_order_is_cast_as_points_from_high_to_low(booths: Booths) -> None:
    voter, playground, bench, _ = enter(booths, RANKING)
    assert cast(voter, ticked(bench, playground)) == [((playground.id, 1), (bench.id, 2))]


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_a_blank_vote_is_valid_in_every_form(booths: Booths, form: BallotForm) -> None:
    voter, *_ = enter(booths, form)
    page = voter.fill_in({"blank": ["y"]})
    assert "U stemt blanco" in page.text
    voter.send(form_of(page))
    assert voter.points() == [()]


def test_the_last_radio_button_is_a_blank_vote(booths: Booths) -> None:
    voter, *_ = enter(booths, ONE)
    assert cast(voter, {"plan": [""]}) == [()]


# Refused, with what was filled in


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_neither_a_choice_nor_blank_and_both_at_once_are_refused(booths: Booths, form: BallotForm) -> None:
    voter, plan, *_ = enter(booths, form)
    choice = divided({plan: 1}) if form is POINTS else ticked(plan)
    for filled in ({}, choice | {"blank": ["y"]}):
        refused = voter.fill_in(filled)
        assert refused.status_code == 422
        assert "Niet allebei" in refused.text


def test_too_few_and_too_many_plans_are_refused(booths: Booths) -> None:
    voter, playground, bench, tree = enter(booths, APPROVAL)
    refused = voter.fill_in(ticked(bench))
    assert (refused.status_code, refused.text.count(" checked")) == (422, 1)
    assert "U koos te weinig plannen: 1. Kies er minimaal 2." in refused.text
    refused = voter.fill_in(ticked(playground, bench, tree))
    assert (refused.status_code, refused.text.count(" checked")) == (422, 3)
    assert "1 te veel. Haal een plan weg." in refused.text


def test_more_than_one_plan_is_refused_where_one_is_asked(booths: Booths) -> None:
    voter, playground, bench, _ = enter(booths, ONE)
    refused = voter.fill_in(ticked(playground, bench))
    assert refused.status_code == 422
    assert "U koos 2 plannen. Kies er 1." in refused.text


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (["6", "5", ""], "U gaf te veel punten: 1 te veel."),
        (["7", "", ""], "Punten voor 1 plan: maximaal 6."),
        (["-1", "", ""], "Geef een plan 1 punt of meer"),
        (["2,5", "1", ""], "Vul hele punten in"),
        (["veel", "", ""], "Vul hele punten in"),
    ],
)
def test_points_that_are_no_ballot_are_refused_and_stay_as_typed(
    booths: Booths, points: list[str], sentence: str
) -> None:
    voter, *plans = enter(booths, POINTS)
    refused = voter.fill_in(divided(dict(zip(plans, points, strict=True))))
    assert refused.status_code == 422
    assert sentence in refused.text
    assert points_on(refused) == dict(zip([plan.id for plan in plans], points, strict=True))
    assert voter.fill_in(divided({plans[0]: 6, plans[1]: 4})).status_code == 200


def test_the_field_that_is_wrong_is_marked(booths: Booths) -> None:
    voter, playground, bench, _ = enter(booths, POINTS)
    refused = voter.fill_in(divided({playground: 1, bench: 7}))
    assert re.findall(r'id="points-(\d+)"[^>]* aria-invalid="true"', refused.text) == [str(bench.id)]


def test_a_longer_order_than_allowed_is_refused(booths: Booths) -> None:
    voter, playground, bench, tree = enter(booths, RANKING)
    refused = voter.fill_in(ticked(tree, bench, playground))
    assert refused.status_code == 422
    assert "Kies er maximaal 2" in refused.text
    assert order_of(refused) == [tree.id, bench.id, playground.id]


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_a_page_that_was_tampered_with_is_refused_and_the_ballot_can_still_be_cast(
    booths: Booths, form: BallotForm
) -> None:
    voter, playground, bench, tree = enter(booths, form)
    fill = (lambda *plans: divided(dict.fromkeys(plans, 1))) if form is POINTS else ticked
    good = fill(bench) if form is ONE else fill(playground, bench)
    sent = form_of(voter.fill_in(good))
    field = f"points-{tree.id + 999}" if form is POINTS else "plan"
    for wrong in ({field: ["999999"]}, {"plan": ["x"], "points-x": ["1"]}, {"nonce": ""}):
        assert voter.send({**sent, **wrong}).status_code == 422
    assert voter.points() == []
    assert receipt_on(voter.send(sent))


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_a_page_of_another_voter_is_refused_in_every_form(booths: Booths, form: BallotForm) -> None:
    voter, plan, *_ = enter(booths, form)
    filled = (divided({plan: 1}) if form is POINTS else ticked(plan)) | {"booth": ["0" * 16]}
    for address in ("/stemmen/kiezen", "/stemmen/controleren", "/stemmen/versturen"):
        assert voter.client.post(address, data=filled).status_code == 409


# The buttons of the page


def test_a_button_gives_a_point_and_the_page_tells_what_is_left(booths: Booths) -> None:
    voter, playground, bench, tree = enter(booths, POINTS)
    page = voter.press(divided({playground: 2, bench: 0, tree: "x"}), f"more:{playground.id}")
    assert page.status_code == 200
    assert points_on(page) == {playground.id: "3", bench.id: "", tree.id: "x"}
    assert "Nog 7 van 10 punten" in page.text
    assert re.findall(r'value="([^"]*)"[^>]* autofocus', page.text) == [f"more:{playground.id}"]
    assert points_on(voter.press(divided({playground: 1}), f"less:{playground.id}"))[playground.id] == ""


def test_more_points_than_there_are_may_stand_on_the_page_and_it_says_so(booths: Booths) -> None:
    voter, playground, bench, _ = enter(booths, POINTS)
    page = voter.press(divided({playground: 6, bench: 5}), f"more:{bench.id}")
    assert page.status_code == 200
    assert "2 te veel. Haal punten weg." in page.text


def test_an_order_is_made_with_buttons_alone(booths: Booths) -> None:
    voter, playground, bench, tree = enter(booths, RANKING)
    page = voter.press({}, f"on:{tree.id}")
    assert order_of(page) == [tree.id]
    assert "Zet op plaats 2" in page.text
    page = voter.press(ticked(tree), f"on:{bench.id}")
    assert order_of(page) == [tree.id, bench.id]
    assert 'class="wb-ballot is-full"' in page.text
    page = voter.press(ticked(tree, bench), f"up:{bench.id}")
    assert order_of(page) == [bench.id, tree.id]
    assert re.findall(r'value="([^"]*)"[^>]* autofocus', page.text) == [f"up:{bench.id}"]
    page = voter.press(ticked(bench, tree), f"off:{bench.id}")
    assert order_of(page) == [tree.id]
    assert re.findall(r'value="([^"]*)"[^>]* autofocus', page.text) == [f"on:{bench.id}"]
    assert order_of(voter.press(ticked(bench, playground), f"down:{bench.id}")) == [playground.id, bench.id]


def test_a_plan_is_taken_out_of_the_list_beside_the_ballot(booths: Booths) -> None:
    voter, playground, bench, _ = enter(booths, BASKET)
    page = voter.press(ticked(playground, bench), f"off:{playground.id}")
    assert page.text.count(" checked") == 1


def test_choosing_by_a_button_takes_back_the_blank_vote(booths: Booths) -> None:
    voter, playground, *_ = enter(booths, RANKING)
    assert " checked" in voter.press({"blank": ["y"]}, f"off:{playground.id}").text
    assert " checked" not in voter.press({"blank": ["y"]}, f"on:{playground.id}").text


def test_a_button_that_the_page_does_not_have_is_refused(booths: Booths) -> None:
    voter, playground, *_ = enter(booths, POINTS)
    assert voter.press({}, f"up:{playground.id}").status_code == 422


# The page on which is checked


def test_what_is_checked_stands_there_in_the_words_of_the_form(booths: Booths) -> None:
    voter, playground, bench, tree = enter(booths, RANKING)
    page = voter.fill_in(ticked(tree, playground)).text
    assert re.findall(r'wb-place">(\d)</span></td><th scope="row">([^<]*)<', page) == [
        ("1", "Boom"),
        ("2", "Speeltuin"),
    ]
    assert bench.title not in page


def test_points_stand_beside_their_plans_where_they_are_checked(booths: Booths) -> None:
    voter, playground, _, tree = enter(booths, POINTS)
    page = voter.fill_in(divided({tree: 6, playground: 4})).text
    rows = re.findall(r'<th scope="row">([^<]*)</th><td class="n" data-label="Punten">(\d+)<', page)
    assert sorted(rows) == [("Boom", "6"), ("Speeltuin", "4")]


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_going_back_brings_what_was_filled_in(booths: Booths, form: BallotForm) -> None:
    voter, playground, bench, tree = enter(booths, form)
    filled = (
        divided({tree: 2, bench: 3}) if form is POINTS else ticked(bench) if form is ONE else ticked(bench, playground)
    )
    page = voter.client.post("/stemmen/kiezen", data=form_of(voter.fill_in(filled)))
    if form is POINTS:
        assert points_on(page) == {playground.id: "", bench.id: "3", tree.id: "2"}
    elif form is RANKING:
        assert order_of(page) == [bench.id, playground.id]
    else:
        assert page.text.count(" checked") == len(filled["plan"])


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_no_choice_is_kept_in_the_browser_or_written_before_it_is_sent(booths: Booths, form: BallotForm) -> None:
    voter, playground, bench, _ = enter(booths, form)
    filled = divided({playground: 3, bench: 2}) if form is POINTS else ticked(playground)
    for step in ("", f"off:{bench.id}"):
        voter.press(filled, step)
    voter.fill_in(filled)
    with voter.client.session_transaction() as cookie:
        assert set(cookie) <= {"booth", "seed", "csrf_token"}
    assert voter.points() == []


# The length of a page


def every_choice(voter: Voter) -> list[Filled]:
    """Everything that can be filled in with one, two or all plans, or none; some of it is refused."""
    chosen = [plans for size in range(4) for plans in combinations(voter.plans, size)]
    if voter.round.ballot_form.form is Form.POINTS:
        return [divided(dict.fromkeys(plans, points)) for plans in chosen for points in (1, 3, 6)]
    return [*(ticked(*plans) for plans in chosen), {"blank": ["y"]}]


def one_length(voter: Voter) -> None:
    """Fails unless what a server in front of us can note is the same for every choice: by address and status."""
    noted: dict[tuple[str, int], set[int]] = {}
    for filled in every_choice(voter):
        checked = voter.fill_in(filled)
        pages = {"check": checked, "choose": voter.press(filled, f"off:{voter.plans[0].id}")}
        if checked.status_code == 200:
            late = form_of(checked) | {"nonce": ""}
            pages |= {"back": voter.fill_in(filled, address="/stemmen/kiezen"), "send": voter.send(late)}
        for name, page in pages.items():
            noted.setdefault((name, page.status_code), set()).add(len(page.data))
    assert {("check", 200), ("choose", 200), ("send", 422)} <= noted.keys()
    assert all(len(lengths) == 1 for lengths in noted.values()), f"more than one length: {noted}"


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_no_page_is_longer_or_shorter_for_what_was_chosen(booths: Booths, form: BallotForm) -> None:
    voter, playground, *_ = enter(booths, form)
    playground.title, playground.summary = '"' * LONGEST_TITLE, "&" * LONGEST_SUMMARY
    booths.build.commit()
    one_length(voter)


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.form.value)
def test_pages_that_are_as_long_as_what_stands_on_them_are_found_out(
    booths: Booths, form: BallotForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballot, "without_length", lambda page, *_, **__: page)
    voter, *_ = enter(booths, form)
    with found("more than one length"):
        one_length(voter)
