"""What residents and moderators do with plans, and every way in which that is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.moments import REVIEWING, SCHEDULE, SECOND, SUBMITTING, VOTING
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people.rules import NotYourDistrict, Role, TextMissing, TextTooLong
from wijkbudget.people.tables import Person
from wijkbudget.plans.actions import (
    decide_feasibility,
    decide_placement,
    edit_plan,
    submit_plan,
    withdraw_plan,
)
from wijkbudget.plans.likes import like_plan, unlike_plan
from wijkbudget.plans.photos import PhotoUpload, new_photo
from wijkbudget.plans.queries import plan_by_id
from wijkbudget.plans.rules import (
    LONGEST_REASON,
    AlreadyDecided,
    AlreadySubmitted,
    CostOverBudget,
    Draft,
    NamesNoCriterion,
    NeedsCost,
    NotPlaced,
    NotYourPlan,
    PlanChanged,
    PlanDecided,
    PlanWithdrawn,
)
from wijkbudget.plans.tables import Decision, Photo, Plan, Question, Rendition
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.rules import RulesFrozen, WrongPhase
from wijkbudget.rounds.tables import Round

DRAFT = Draft(
    title="Banken voor ouderen",
    summary="Drie banken langs de route naar de winkels.",
    what="Drie banken met een leuning.",
    why="Ouderen kunnen onderweg uitrusten.",
    place="Theresiastraat",
    estimated_cost=750_000,
)
CRITERION = "Het plan is goed voor de wijk"


def upload(colour: str = "red", *, alt: str = "Een bank in de zon") -> Photo:
    written = BytesIO()
    Image.new("RGB", (900, 600), colour).save(written, "JPEG")
    return new_photo(PhotoUpload(written.getvalue(), alt))


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def letters(session: Session) -> list[tuple[str, str, dict[str, str]]]:
    return [(letter.kind, letter.recipient, letter.details) for letter in session.scalars(select(Letter))]


@pytest.fixture
def round_(build: Builder) -> Round:
    return build.round()


@pytest.fixture
def author(build: Builder) -> Person:
    return build.person("samira@example.org")


@pytest.fixture
def moderator(build: Builder, round_: Round) -> Person:
    return build.appointed(Role.MODERATOR, "Haagse Hout")


@pytest.fixture
def plan(build: Builder, round_: Round, author: Person) -> Plan:
    return build.plan(round_, author=author)


@pytest.fixture
def submit(session: Session, round_: Round, author: Person) -> Callable[..., Plan]:
    def submit(draft: Draft = DRAFT, photo: Photo | None = None, now: datetime = SUBMITTING) -> Plan:
        return submit_plan(session, round=round_, author=author, draft=draft, photo=photo, now=now)

    return submit


@pytest.fixture
def edit(session: Session, plan: Plan, author: Person) -> Callable[..., None]:
    def edit(
        draft: Draft = DRAFT,
        photo: Photo | None = None,
        who: Person = author,
        version: int = 1,
        now: datetime = SUBMITTING,
    ) -> None:
        edit_plan(session, plan=plan, author=who, draft=draft, photo=photo, version=version, now=now)

    return edit


@pytest.fixture
def place(session: Session, plan: Plan, moderator: Person) -> Callable[..., None]:
    def place(
        is_yes: bool = True,
        criterion: str | None = None,
        who: Person = moderator,
        version: int = 1,
        now: datetime = SUBMITTING,
        reason: str = "Een goed idee.",
    ) -> None:
        decide_placement(
            session, plan=plan, moderator=who, is_yes=is_yes, criterion=criterion, reason=reason,
            version=version, now=now,
        )  # fmt: skip

    return place


@pytest.fixture
def judge(session: Session, plan: Plan, moderator: Person) -> Callable[..., None]:
    def judge(
        is_yes: bool = True,
        cost: int | None = 900_000,
        who: Person = moderator,
        version: int = 1,
        now: datetime = REVIEWING,
        reason: str = "Het past.",
    ) -> None:
        decide_feasibility(
            session, plan=plan, moderator=who, is_yes=is_yes, cost=cost, reason=reason, version=version, now=now
        )

    return judge


def test_a_submitted_plan_is_stored_and_waits(session: Session, submit: Callable[..., Plan], author: Person) -> None:
    plan = submit()
    session.expire_all()
    stored = plan_by_id(session, plan.id)
    assert stored is not None
    assert Draft(stored.title, stored.summary, stored.what, stored.why, stored.place, stored.estimated_cost) == DRAFT
    assert (stored.author, stored.submitted_at, stored.like_count, stored.decisions) == (author, SUBMITTING, 0, [])
    assert 0 < stored.shuffle_key < 2**31 - 1


def test_its_author_gets_a_letter(session: Session, submit: Callable[..., Plan], round_: Round) -> None:
    plan = submit()
    details = {"name": "Samira", "title": DRAFT.title, "round": round_.title, "path": f"/plannen/{plan.id}"}
    assert letters(session) == [("plan-received", "samira@example.org", details)]


def test_a_photo_is_stored_with_its_plan(session: Session, submit: Callable[..., Plan]) -> None:
    photo = submit(photo=upload()).photo
    assert photo is not None
    assert (photo.alt, photo.width, photo.height, photo.widths) == ("Een bank in de zon", 800, 533, (400, 800))
    assert [rendition.width for rendition in photo.renditions] == [400, 800]
    assert len(photo.name) == 32


@pytest.mark.parametrize(
    "photo",
    [None, upload()],
)
def test_a_wrong_plan_leaves_nothing_behind(session: Session, submit: Callable[..., Plan], photo: Photo | None) -> None:
    with pytest.raises(CostOverBudget):
        submit(replace(DRAFT, estimated_cost=4_000_001), photo)
    session.flush()
    assert (count(session, Plan), count(session, Photo), count(session, Letter)) == (0, 0, 0)


def test_a_doubled_click_submits_once(session: Session, submit: Callable[..., Plan]) -> None:
    submit()
    with pytest.raises(AlreadySubmitted):
        submit()
    assert (count(session, Plan), count(session, Letter)) == (1, 1)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (SCHEDULE.submitting - SECOND, False),
        (SCHEDULE.submitting, True),
        (SCHEDULE.reviewing - SECOND, True),
        (SCHEDULE.reviewing, False),
    ],
)
def test_plans_are_submitted_edited_and_liked_while_submitting(
    session: Session,
    build: Builder,
    submit: Callable[..., Plan],
    edit: Callable[..., None],
    author: Person,
    round_: Round,
    moment: datetime,
    is_open: bool,
) -> None:
    liked = build.placed_plan(round_)
    for act in (
        lambda: submit(now=moment),
        lambda: edit(replace(DRAFT, title="Een andere titel"), now=moment),
        lambda: like_plan(session, plan=liked, person=author, now=moment),
        lambda: unlike_plan(session, plan=liked, person=author, now=moment),
    ):
        if is_open:
            act()
        else:
            with pytest.raises(WrongPhase):
                act()


def test_an_edit_writes_the_plan_anew_and_raises_its_version(plan: Plan, edit: Callable[..., None]) -> None:
    edit()
    assert (plan.title, plan.estimated_cost, plan.version) == (DRAFT.title, 750_000, 2)


def test_another_photo_replaces_the_first_and_raises_the_version(
    session: Session, plan: Plan, edit: Callable[..., None]
) -> None:
    draft = Draft(plan.title, plan.summary, plan.what, plan.why, plan.place, plan.estimated_cost)
    edit(draft, upload())
    first = plan.photo
    edit(draft, upload("blue", alt="Een blauwe bank"), version=plan.version)
    assert plan.photo is not None
    assert first is not None
    assert (plan.photo.alt, plan.photo.name != first.name) == ("Een blauwe bank", True)
    assert (count(session, Photo), count(session, Rendition)) == (1, 2)
    assert plan.version > 2


def test_without_another_photo_the_first_stays(session: Session, plan: Plan, edit: Callable[..., None]) -> None:
    edit(photo=upload())
    edit(replace(DRAFT, title="Nieuwe titel"), version=plan.version)
    assert plan.photo is not None
    assert plan.photo.alt == "Een bank in de zon"


def test_only_its_author_edits_a_plan(build: Builder, edit: Callable[..., None]) -> None:
    with pytest.raises(NotYourPlan):
        edit(who=build.person())


def test_a_stale_page_does_not_overwrite(plan: Plan, edit: Callable[..., None]) -> None:
    edit()
    with pytest.raises(PlanChanged):
        edit(replace(DRAFT, title="Oud"), version=1)
    assert plan.title == DRAFT.title


def test_an_edit_keeps_the_rules_of_submitting(build: Builder, plan: Plan, edit: Callable[..., None]) -> None:
    with pytest.raises(CostOverBudget):
        edit(replace(DRAFT, estimated_cost=4_000_001))
    build.plan(plan.round, author=plan.author, title=DRAFT.title)
    with pytest.raises(AlreadySubmitted):
        edit()
    assert plan.title == "Nieuwe speeltuin"


@pytest.mark.parametrize("is_yes", [True, False])
def test_a_decided_plan_is_not_edited(build: Builder, plan: Plan, edit: Callable[..., None], is_yes: bool) -> None:
    build.decision(plan, Question.PLACEMENT, is_yes=is_yes)
    with pytest.raises(PlanDecided):
        edit()


def test_its_author_withdraws_a_plan_once(session: Session, build: Builder, plan: Plan, author: Person) -> None:
    with pytest.raises(NotYourPlan):
        withdraw_plan(session, plan=plan, author=build.person(), now=SUBMITTING)
    withdraw_plan(session, plan=plan, author=author, now=SUBMITTING)
    assert plan.withdrawn_at == SUBMITTING
    with pytest.raises(PlanWithdrawn):
        withdraw_plan(session, plan=plan, author=author, now=SUBMITTING + SECOND)
    assert plan.withdrawn_at == SUBMITTING


def test_a_plan_is_withdrawn_until_counting_starts(session: Session, plan: Plan, author: Person) -> None:
    for moment in (SCHEDULE.submitting - SECOND, SCHEDULE.counting):
        with pytest.raises(WrongPhase):
            withdraw_plan(session, plan=plan, author=author, now=moment)
    withdraw_plan(session, plan=plan, author=author, now=SCHEDULE.counting - SECOND)


def test_nothing_happens_to_a_withdrawn_plan(
    session: Session,
    plan: Plan,
    author: Person,
    edit: Callable[..., None],
    place: Callable[..., None],
    judge: Callable[..., None],
) -> None:
    withdraw_plan(session, plan=plan, author=author, now=SUBMITTING)
    for act in (edit, place, judge):
        with pytest.raises(PlanWithdrawn):
            act()
    for change in (like_plan, unlike_plan):
        with pytest.raises(PlanWithdrawn):
            change(session, plan=plan, person=author, now=SUBMITTING)


def test_two_moderators_at_the_same_time_decide_once(
    database: Database, build: Builder, plan: Plan, moderator: Person
) -> None:
    build.commit()

    def decide(is_yes: bool) -> bool:
        try:
            with database.transaction() as session:
                decide_placement(
                    session, plan=session.get_one(Plan, plan.id), moderator=session.get_one(Person, moderator.id),
                    is_yes=is_yes, criterion=CRITERION, reason="Zo.", version=1, now=SUBMITTING,
                )  # fmt: skip
        except AlreadyDecided:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(decide, [True, False, True, False])) == 1
    assert (count(build.session, Decision), count(build.session, Letter)) == (1, 1)


def test_once_the_rules_are_frozen_nothing_is_decided_and_plans_can_be_withdrawn(
    build: Builder, session: Session, plan: Plan, author: Person,
    place: Callable[..., None], judge: Callable[..., None], tmp_path: Path,
) -> None:  # fmt: skip
    build.opened_urn(plan.round, tmp_path)
    with pytest.raises(RulesFrozen):
        place(now=REVIEWING)
    build.decision(plan, Question.PLACEMENT)
    with pytest.raises(RulesFrozen):
        judge()
    withdraw_plan(session, plan=plan, author=author, now=REVIEWING)
    assert plan.withdrawn_at == REVIEWING


def test_a_placed_plan_is_on_the_site_and_its_author_knows(
    session: Session, plan: Plan, place: Callable[..., None], moderator: Person
) -> None:
    place(criterion=CRITERION)
    decision = plan.decision(Question.PLACEMENT)
    assert decision is not None
    assert plan.is_placed
    assert (decision.decided_by, decision.decided_at, decision.criterion) == (moderator.id, SUBMITTING, None)
    details = {"name": "Samira", "title": plan.title, "round": plan.round.title, "path": f"/plannen/{plan.id}"}
    assert letters(session) == [("plan-placed", "samira@example.org", details | {"reason": "Een goed idee."})]


def test_a_plan_that_is_not_placed_names_its_criterion(
    session: Session, plan: Plan, place: Callable[..., None]
) -> None:
    place(is_yes=False, criterion=CRITERION)
    kind, _, details = letters(session)[0]
    assert (plan.is_placed, kind, details["criterion"]) == (False, "plan-not-placed", CRITERION)
    assert details["reason"] == "Een goed idee."


@pytest.mark.parametrize("criterion", [None, "", "Ik vind het niets"])
def test_a_reason_outside_the_published_criteria_is_refused(
    session: Session, place: Callable[..., None], criterion: str | None
) -> None:
    with pytest.raises(NamesNoCriterion):
        place(is_yes=False, criterion=criterion)
    assert (count(session, Decision), count(session, Letter)) == (0, 0)


@pytest.mark.parametrize(("reason", "refusal"), [("", TextMissing), ("x" * (LONGEST_REASON + 1), TextTooLong)])
def test_a_decision_without_a_reason_that_fits_is_refused(
    session: Session, build: Builder, plan: Plan, place: Callable[..., None], judge: Callable[..., None],
    reason: str, refusal: type[Refusal],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        place(reason=reason)
    build.decision(plan, Question.PLACEMENT)
    with pytest.raises(refusal):
        judge(reason=reason)
    assert (count(session, Decision), count(session, Letter)) == (1, 0)


def test_a_feasible_plan_has_its_checked_cost(
    session: Session, build: Builder, plan: Plan, judge: Callable[..., None]
) -> None:
    build.decision(plan, Question.PLACEMENT)
    judge(cost=1_250_050)
    assert plan.cost == 1_250_050
    kind, _, details = letters(session)[0]
    assert (kind, details["cost"]) == ("plan-feasible", "1250050")


def test_a_plan_that_is_not_feasible_has_no_cost(
    session: Session, build: Builder, plan: Plan, judge: Callable[..., None]
) -> None:
    build.decision(plan, Question.PLACEMENT)
    judge(is_yes=False)
    decision = plan.decision(Question.FEASIBILITY)
    assert decision is not None
    assert (decision.is_yes, decision.cost) == (False, None)
    kind, _, details = letters(session)[0]
    assert (kind, "cost" in details) == ("plan-not-feasible", False)


@pytest.mark.parametrize(("cost", "refusal"), [(None, NeedsCost), (0, NeedsCost), (4_000_001, CostOverBudget)])
def test_a_feasible_plan_needs_a_cost_within_the_budget(
    build: Builder, plan: Plan, judge: Callable[..., None], cost: int | None, refusal: type[Exception]
) -> None:
    build.decision(plan, Question.PLACEMENT)
    with pytest.raises(refusal):
        judge(cost=cost)
    assert plan.decision(Question.FEASIBILITY) is None


def test_only_a_placed_plan_is_judged(build: Builder, plan: Plan, judge: Callable[..., None]) -> None:
    with pytest.raises(NotPlaced):
        judge()
    build.decision(plan, Question.PLACEMENT, is_yes=False)
    with pytest.raises(NotPlaced):
        judge()


def test_a_decision_is_taken_once(
    session: Session, plan: Plan, place: Callable[..., None], judge: Callable[..., None]
) -> None:
    place()
    with pytest.raises(AlreadyDecided):
        place(is_yes=False, criterion=CRITERION)
    judge()
    with pytest.raises(AlreadyDecided):
        judge(is_yes=False)
    assert plan.is_placed
    assert count(session, Decision) == 2


def test_moderators_of_other_districts_do_not_decide(
    build: Builder, place: Callable[..., None], judge: Callable[..., None]
) -> None:
    for who in (build.appointed(Role.MODERATOR, "Loosduinen"), build.appointed(Role.OFFICIAL), build.person()):
        for act in (place, judge):
            with pytest.raises(NotYourDistrict):
                act(who=who)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (SCHEDULE.submitting - SECOND, False),
        (SCHEDULE.submitting, True),
        (SCHEDULE.voting - SECOND, True),
        (SCHEDULE.voting, False),
        (VOTING, False),
    ],
)
def test_decisions_are_taken_until_voting_starts(
    place: Callable[..., None], judge: Callable[..., None], moment: datetime, is_open: bool
) -> None:
    for act in (place, judge):
        if is_open:
            act(now=moment)
        else:
            with pytest.raises(WrongPhase):
                act(now=moment)


def test_a_moderator_decides_about_the_text_that_was_read(
    edit: Callable[..., None], place: Callable[..., None]
) -> None:
    edit()
    with pytest.raises(PlanChanged):
        place(version=1)
    place(version=2)


def test_an_edit_in_the_meantime_is_seen_even_if_the_plan_was_read_before(
    database: Database, build: Builder, plan: Plan, moderator: Person
) -> None:
    build.commit()
    with database.reading() as session:
        read_before = session.get_one(Plan, plan.id)
        plan.title = "Intussen veranderd"
        build.commit()
        with pytest.raises(PlanChanged):
            decide_placement(
                session, plan=read_before, moderator=session.get_one(Person, moderator.id), is_yes=True,
                criterion=None, reason="Ja.", version=1, now=SUBMITTING,
            )  # fmt: skip
