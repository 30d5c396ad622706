import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.tally.elections import FILE
from wijkbudget.commands.count import count


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(count, [str(path), *options])


def test_a_program_gets_one_json_object(file: Path) -> None:
    result = run(file, "--json")
    assert result.exit_code == 0
    values = json.loads(result.output)
    assert (values["rule"], values["budget"], values["ballots"]) == ("most votes that fit", "100", 4)
    assert (values["funded"], values["left"]) == (["3", "7"], "10")
    assert values["findings"]["12"]["verdict"] == "does_not_fit"


def test_a_reader_gets_a_table(file: Path) -> None:
    result = run(file)
    assert result.exit_code == 0
    assert "Buurthuis" in result.output
    assert "no lot was needed" in result.output


def test_another_tie_order_may_fund_others(file: Path) -> None:
    assert json.loads(run(file, "--json", "--ties", "lexicographic").output)["funded"] == ["12", "7"]


def test_a_broken_file_ends_with_status_2_and_says_where(file: Path) -> None:
    file.write_text(FILE.replace("2;7;12", "2;8;12"))
    result = run(file, "--json")
    assert result.exit_code == 2
    assert "wijk.pb: line 16: the ballot names an unknown plan '8'" in result.output


def test_a_file_that_is_not_there_ends_with_status_2(tmp_path: Path) -> None:
    assert run(tmp_path / "none.pb").exit_code == 2


def test_a_count_that_hangs_on_a_lot_asks_for_its_seed(file: Path) -> None:
    file.write_text(FILE.replace("12;60;", "12;50;").replace("budget;100", "budget;60"))
    waiting = run(file)
    assert waiting.exit_code == 2
    assert "a lot must decide among: 12, 3; give its --seed" in waiting.output
    drawn = run(file, "--json", "--seed", "zaad", "--round", "proef")
    assert json.loads(drawn.output)["lot_needed"] is True
    assert len(json.loads(drawn.output)["funded"]) == 1


def test_a_seed_that_makes_no_lot_is_refused(file: Path) -> None:
    assert run(file, "--seed", "a\nb").exit_code == 2
