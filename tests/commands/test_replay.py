from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.tally.elections import FILE, real_election
from wijkbudget.ballots.tables import Envelope
from wijkbudget.commands.replay import replay
from wijkbudget.database import Database

SMALLEST = (
    ("Poland_Warszawa_2019_Obszar_I-Wilanow_WysokiWilanow_Niski_Zachodni.pb", 242, 7),
    ("Poland_Warszawa_2019_Kamionek.pb", 669, 6),
)


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(replay, [str(path), *options])


@pytest.mark.oracle
@pytest.mark.parametrize(("name", "voters", "winners"), SMALLEST)
def test_a_real_election_has_the_same_winners_here(
    name: str, voters: int, winners: int, tmp_path: Path, database: Database, database_url: str
) -> None:
    path = tmp_path / name
    path.write_bytes(real_election(name))
    result = run(path, "--database", database_url)
    assert result.exit_code == 0, result.output
    assert f"Turnout: {voters} of {voters} codes voted, 100.00%" in result.output
    assert f"AGREEMENT: the same {winners} plans win here as in the file." in result.output
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Envelope)) == voters


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "manner"),
    [
        (
            "Netherlands_Assen_2024.pb",
            "approval. Rule: equal-shares (utility cost, completion add-one, stop overspend)",
        ),
        ("Poland_Gdynia_2024_Srodmiescie__large.pb", "approval. Rule: most-votes (misfit stop, percent 0, minimum 50)"),
        ("Poland_Katowice_2023_Dab.pb", "points. Rule: most-votes (misfit skip, percent 0, minimum 50)"),
        (
            "Poland_Poznan_2026_11_-_Fabianowo-Kotowo_Gorczyn_Junikowo_Kwiatowe_Lawica__small.pb",
            "one. Rule: most-votes (misfit stretch, percent 80, minimum 0)",
        ),
    ],
)
def test_a_real_election_is_held_in_its_own_form_by_its_own_rule(name: str, manner: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(real_election(name))
    result = run(path)
    assert result.exit_code == 0, result.output
    assert f"Ballots: {manner}." in result.output
    assert "AGREEMENT" in result.output
    assert "none of ours" not in result.output


RANKED = FILE.replace("approval", "ordinal")


def test_orders_that_are_all_as_long_are_replayed_as_a_ranking(file: Path) -> None:
    file.write_text(RANKED.replace("2;7;12", "2;7,12;12"))
    output = run(file).output
    assert "Ballots: ranking." in output
    assert "a ranking here would" not in output
    assert " points " in output


def test_a_shorter_order_is_replayed_with_the_points_of_the_file_and_that_is_told(file: Path) -> None:
    file.write_text(RANKED)
    output = run(file).output
    assert "Ballots: points." in output
    assert "The file gives them fewer points than a ranking here would" in output


def test_a_rule_that_is_not_ours_is_told(file: Path) -> None:
    assert "The rule of the file, not told, is none of ours." in run(file).output


def test_other_winners_end_with_status_1_and_a_tie_is_told(file: Path) -> None:
    result = run(file)
    assert result.exit_code == 1
    assert "DISAGREEMENT: 2 plans win here, 2 were selected in the file; only here: 3; only in the file: 12." in (
        result.output
    )
    assert "3, 12 have 2 votes each and went the cheapest first; 12 would have won" in result.output


def test_a_lot_is_told(file: Path) -> None:
    file.write_text(FILE.replace("12;60;", "12;50;").replace("budget;100", "budget;60"))
    assert "have 2 votes each and went by lot" in run(file).output


def test_the_same_winners_end_with_status_0(file: Path) -> None:
    file.write_text(FILE.replace('met water";1', 'met water";0').replace("Buurthuis;0", "Buurthuis;1"))
    result = run(file, "--batch", "1")
    assert result.exit_code == 0, result.output
    assert "AGREEMENT: the same 2 plans win here as in the file." in result.output


def test_a_file_that_names_no_winners_cannot_disagree(file: Path) -> None:
    file.write_text(FILE.replace("name;selected", "name;chosen"))
    result = run(file)
    assert result.exit_code == 0, result.output
    assert "2 plans win; the file does not say which were selected." in result.output


def test_a_broken_file_ends_with_status_2_and_says_where(file: Path) -> None:
    file.write_text(FILE.replace("2;7;12", "2;8;12"))
    result = run(file)
    assert result.exit_code == 2
    assert "wijk.pb: line 16: the ballot names an unknown plan '8'" in result.output


def test_a_plan_that_no_menu_can_hold_ends_with_status_2(file: Path) -> None:
    file.write_text(FILE.replace("12;60;", "12;101;"))
    result = run(file)
    assert result.exit_code == 2
    assert "plan 12 costs more than the budget" in result.output


def test_a_database_with_rows_is_left_alone(
    file: Path, session: Session, build: Builder, database: Database, database_url: str
) -> None:
    build.district()
    build.commit()
    result = run(file, "--database", database_url)
    assert result.exit_code == 2
    assert "the database has rows in district" in result.output


def test_a_database_of_something_else_is_left_alone(file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE invoice (id INTEGER)")
    engine.dispose()
    result = run(file, "--database", url)
    assert result.exit_code == 2
    assert "the database has other tables: invoice" in result.output


@pytest.mark.parametrize("address", ["sqlite:////nowhere/at/all.db", "no address"])
def test_a_database_that_cannot_be_opened_ends_with_status_2(file: Path, address: str) -> None:
    result = run(file, "--database", address)
    assert result.exit_code == 2
    assert "the database cannot be opened" in result.output
