"""The moderator's list of what waits."""

from flask.testing import FlaskClient

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import DAY, SUBMITTING, VOTING
from wijkbudget.people.rules import Role


def test_what_waits_stands_there_with_its_days(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    round_ = build.round(like_threshold=1)
    new, liked = build.plan(round_, title="Nieuw plan"), build.placed_plan(round_, title="Geliefd plan")
    build.likes(liked, 1)
    build.sign_in(client, build.appointed(Role.MODERATOR, "Haagse Hout"))
    clock.move_to(SUBMITTING + 8 * DAY)
    page = client.get("/moderator")
    assert page.status_code == 200
    assert "2 plannen in uw stadsdeel wachten op een beslissing." in page.text
    assert page.text.count("8 dagen geleden") == 2
    assert page.text.count("al langer dan een week") == 1
    for plan, question in ((new, "Plaatsing"), (liked, "Haalbaarheid")):
        row = page.text[page.text.index(f"/moderator/plannen/{plan.id}") :]
        assert row.index(question) < row.index("</tr>")


def test_an_empty_queue_says_so(client: FlaskClient, build: Builder) -> None:
    build.plan(build.round())
    build.sign_in(client, build.appointed(Role.MODERATOR, "Loosduinen"))
    assert "Er wacht niets op u." in client.get("/moderator").text


def test_nothing_waits_when_voting_has_begun(client: FlaskClient, build: Builder, clock: MovableClock) -> None:
    build.plan(build.round())
    build.sign_in(client, build.appointed(Role.MODERATOR, "Haagse Hout"))
    clock.move_to(VOTING)
    assert "Er wacht niets op u." in client.get("/moderator").text


def test_only_moderators_enter(client: FlaskClient, build: Builder) -> None:
    assert client.get("/moderator").status_code == 302
    for person in (build.person(), build.appointed(Role.OFFICIAL)):
        build.sign_in(client, person)
        assert client.get("/moderator").status_code == 403
