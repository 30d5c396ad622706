"""Submitting and editing a plan in the browser, and everything that can be wrong with it."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.builders import Builder
from tests.conftest import MovableClock
from tests.moments import SCHEDULE, SECOND
from wijkbudget.database import Database
from wijkbudget.mail.tables import Letter
from wijkbudget.people.tables import Person
from wijkbudget.places.tables import District
from wijkbudget.plans.photos import PhotoUpload, new_photo
from wijkbudget.plans.tables import Photo, Plan, Question
from wijkbudget.web.resident import writing

PLAN = {
    "title": "Banken voor ouderen",
    "summary": "Drie banken langs de route.",
    "what": "Drie banken met een leuning.\r\nVan hout.",
    "why": "Ouderen kunnen uitrusten.",
    "place": "Theresiastraat",
    "estimated_cost": "7.500",
    "alt": "",
}


def photo(data: bytes | None = None) -> FileStorage:
    """A file that is called bank.jpg, whatever is in it."""
    written = BytesIO()
    Image.new("RGB", (500, 300), "red").save(written, "JPEG")
    return FileStorage(BytesIO(written.getvalue() if data is None else data), "bank.jpg")


def plans(database: Database) -> list[Plan]:
    with database.reading() as session:
        return list(session.scalars(select(Plan).order_by(Plan.id)))


@pytest.fixture
def address(build: Builder, resident: Person) -> str:
    round_ = build.round()
    build.commit()
    return f"/mijn/rondes/{round_.slug}/plan-indienen"


def send(client: FlaskClient, address: str, **changes: Any) -> TestResponse:
    # Encoded here, as the client would put a large form into a file that it does not close.
    boundary, body = encode_multipart({**PLAN, **changes})
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_plan_is_submitted_with_its_photo(
    client: FlaskClient, database: Database, address: str, resident: Person
) -> None:
    assert client.get(address).status_code == 200
    answer = send(client, address, photo=photo(), alt="Een rode bank")
    assert (answer.status_code, answer.location) == (303, "/mijn/plannen")
    (plan,) = plans(database)
    assert (plan.author_id, plan.title, plan.estimated_cost) == (resident.id, "Banken voor ouderen", 750_000)
    assert plan.what == "Drie banken met een leuning.\nVan hout."
    assert plan.photo is not None
    assert plan.photo.alt == "Een rode bank"
    assert client.get(f"/fotos/{plan.photo.name}/400.webp").data.startswith(b"RIFF")
    assert "Uw plan is ingediend" in client.get(answer.location).text


def test_cost_and_photo_may_stay_open(client: FlaskClient, database: Database, address: str) -> None:
    assert send(client, address, estimated_cost=" ").status_code == 303
    (plan,) = plans(database)
    assert (plan.estimated_cost, plan.photo) == (None, None)


def test_the_letters_path_is_that_of_the_plans_page(client: FlaskClient, database: Database, address: str) -> None:
    send(client, address)
    (plan,) = plans(database)
    with database.reading() as session:
        letter = session.scalars(select(Letter)).one()
    assert letter.details["path"] == f"/plannen/{plan.id}"
    assert client.get(letter.details["path"]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Vul een naam voor uw plan in."),
        ({"title": "  \t "}, "Vul een naam voor uw plan in."),
        ({"title": "x" * 81}, "Maak deze tekst korter: maximaal 80 tekens."),
        ({"summary": "x" * 201}, "maximaal 200 tekens"),
        ({"what": ""}, "Vertel wat u wilt doen."),
        ({"what": "x" * 2001}, "maximaal 2000 tekens"),
        ({"why": ""}, "Vertel waarom dit goed is voor de wijk."),
        ({"place": "x" * 121}, "maximaal 120 tekens"),
        ({"estimated_cost": "veel"}, "Vul een bedrag in euro"),
        ({"estimated_cost": "-5"}, "Vul een bedrag in euro"),
        ({"estimated_cost": "0"}, "Vul een bedrag in van meer dan € 0."),
        ({"estimated_cost": "40.000,01"}, "Een plan mag niet meer kosten dan het budget: € 40.000."),
        ({"alt": "x" * 251}, "maximaal 250 tekens"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    client: FlaskClient, database: Database, address: str, changes: dict[str, str], sentence: str
) -> None:
    answer = send(client, address, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\N{NO-BREAK SPACE}", " ").replace("&#39;", "'")
    assert "<title>Fout:" in answer.text
    kept = "Theresiastraat" if "title" in changes else "Banken voor ouderen"
    assert f'value="{kept}"' in answer.text
    assert not plans(database)


@pytest.mark.parametrize(
    ("file", "alt", "sentence"),
    [
        (b"This is no photo.", "Een bank", "Dit bestand is geen foto."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Een bank", "Dit bestand is geen foto."),
        (b"\xff\xd8" + bytes(12_700_000), "Een bank", "Deze foto is te groot."),
        (None, "", "Vertel wat er op de foto te zien is."),
    ],
)
def test_a_wrong_photo_leaves_nothing_and_is_asked_again(
    client: FlaskClient, database: Database, address: str, file: bytes | None, alt: str, sentence: str
) -> None:
    answer = send(client, address, photo=photo(file), alt=alt)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kies de foto opnieuw." in answer.text
    assert 'value="Banken voor ouderen"' in answer.text
    assert not plans(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Photo)) == 0


@pytest.mark.parametrize(
    ("megabytes", "status", "sentence"),
    [(20, 422, "Deze foto is te groot."), (27, 413, "Kies een kleiner bestand.")],
)
def test_an_upload_that_is_too_large_is_refused(
    client: FlaskClient, database: Database, address: str, megabytes: int, status: int, sentence: str
) -> None:
    answer = send(client, address, photo=photo(b"\xff\xd8" + bytes(megabytes * 1_000_000)), alt="Een bank")
    assert answer.status_code == status
    assert sentence in answer.text
    assert not plans(database)


def test_missing_fields_are_all_named(client: FlaskClient, database: Database, address: str) -> None:
    answer = client.post(address, data={})
    assert answer.status_code == 422
    assert "Controleer 5 dingen" in answer.text
    assert not plans(database)


def test_strange_symbols_are_text_like_any_other(client: FlaskClient, database: Database, address: str) -> None:
    title = "<script>alert(1)</script> 🌳 Çağrı"
    assert send(client, address, title=title).status_code == 303
    assert plans(database)[0].title == title
    assert "&lt;script&gt;" in client.get("/mijn/plannen").text


def test_a_symbol_that_postgresql_refuses_is_left_out(client: FlaskClient, database: Database, address: str) -> None:
    assert send(client, address, title="Ban\0ken").status_code == 303
    assert plans(database)[0].title == "Banken"


def test_a_doubled_click_submits_once(client: FlaskClient, database: Database, address: str) -> None:
    assert [send(client, address).status_code for _ in range(2)] == [303, 409]
    assert len(plans(database)) == 1


@pytest.mark.parametrize(
    ("moment", "status"), [(SCHEDULE.submitting - SECOND * 60, 409), (SCHEDULE.reviewing - SECOND * 60, 200)]
)
def test_the_page_opens_while_submitting(
    client: FlaskClient, clock: MovableClock, address: str, moment: Any, status: int
) -> None:
    clock.move_to(moment)
    assert client.get(address).status_code == status


def test_who_is_too_late_gets_the_text_back(
    client: FlaskClient, database: Database, clock: MovableClock, address: str
) -> None:
    clock.move_to(SCHEDULE.reviewing)
    answer = send(client, address)
    assert answer.status_code == 409
    assert "Dit kan niet meer." in answer.text
    assert 'value="Banken voor ouderen"' in answer.text
    assert not plans(database)


def test_an_unknown_round_is_not_found(client: FlaskClient, resident: Person) -> None:
    assert client.get("/mijn/rondes/nergens/plan-indienen").status_code == 404


def test_visitors_sign_in_first_and_come_back(app: Any, build: Builder) -> None:
    round_ = build.round()
    build.commit()
    address = f"/mijn/rondes/{round_.slug}/plan-indienen"
    answer = app.test_client().get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/account/inloggen?verder=")
    assert app.test_client().post(address, data=PLAN).status_code == 302


def test_who_has_not_confirmed_the_address_does_not_submit(
    client: FlaskClient, build: Builder, database: Database
) -> None:
    round_ = build.round()
    build.sign_in(client, build.person(confirmed=False))
    assert send(client, f"/mijn/rondes/{round_.slug}/plan-indienen").status_code == 403
    assert not plans(database)


def test_a_plan_is_edited(client: FlaskClient, database: Database, plan: Plan) -> None:
    page = client.get(f"/mijn/plannen/{plan.id}/wijzigen")
    assert page.status_code == 200
    assert 'value="Nieuwe speeltuin"' in page.text
    assert 'value="10.000"' in page.text
    assert send(client, f"/mijn/plannen/{plan.id}/wijzigen", version=1).status_code == 303
    assert [(stored.title, stored.version) for stored in plans(database)] == [("Banken voor ouderen", 2)]


def test_a_stale_page_is_refused_and_kept(client: FlaskClient, database: Database, plan: Plan) -> None:
    address = f"/mijn/plannen/{plan.id}/wijzigen"
    send(client, address, version=1, title="Eerste")
    answer = send(client, address, version=1, title="Tweede")
    assert answer.status_code == 409
    assert "intussen veranderd" in answer.text
    assert 'value="Tweede"' in answer.text
    assert plans(database)[0].title == "Eerste"


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999"])
def test_a_page_without_its_version_is_refused(
    client: FlaskClient, database: Database, plan: Plan, version: str
) -> None:
    assert send(client, f"/mijn/plannen/{plan.id}/wijzigen", version=version).status_code in (409, 422)
    assert plans(database)[0].version == 1


def test_somebody_elses_plan_is_hidden_or_refused(client: FlaskClient, build: Builder, resident: Person) -> None:
    round_ = build.round()
    hidden, placed = build.plan(round_), build.placed_plan(round_)
    build.commit()
    for plan, status in ((hidden, 404), (placed, 403)):
        address = f"/mijn/plannen/{plan.id}/wijzigen"
        assert client.get(address).status_code == status
        assert send(client, address, version=1).status_code == status


def test_a_decided_plan_is_no_longer_edited(
    client: FlaskClient, build: Builder, database: Database, plan: Plan
) -> None:
    build.decision(plan, Question.PLACEMENT)
    build.commit()
    address = f"/mijn/plannen/{plan.id}/wijzigen"
    assert client.get(address).status_code == 409
    assert send(client, address, version=1).status_code == 409
    assert plans(database)[0].title == "Nieuwe speeltuin"


def test_developing_a_photo_holds_up_nobody_who_writes(
    client: FlaskClient, database: Database, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(upload: PhotoUpload) -> Photo:
        with database.transaction() as session:  # on SQLite this waits in vain for a lock that is held
            session.add(District(name=upload.alt, slug=upload.alt))
        return new_photo(upload)

    monkeypatch.setattr(writing, "new_photo", slowly)
    assert send(client, address, photo=photo(), alt="a").status_code == 303
    (plan,) = plans(database)
    form = {"version": str(plan.version), "photo": photo(), "alt": "b"}
    assert send(client, f"/mijn/plannen/{plan.id}/wijzigen", **form).status_code == 303
    assert [plan.photo.alt for plan in plans(database) if plan.photo] == ["b"]
