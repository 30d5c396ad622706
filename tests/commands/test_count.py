import json
import sys
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tally.elections import FILE
from wijkbudget.commands import count as command
from wijkbudget.commands.count import count
from wijkbudget.tally.counting import RULES


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(count, [str(path), *options])


def counted(path: Path, *options: str) -> dict[str, object]:
    """What a program reads; nothing but the object stands in the output."""
    result = run(path, "--json", *options)
    assert result.exit_code == 0, result.output
    values: dict[str, object] = json.loads(result.stdout)
    return values


def test_a_program_gets_one_json_object(file: Path) -> None:
    values = counted(file)
    assert (values["rule"], values["budget"], values["ballots"]) == ("most-votes", "100", 4)
    assert (values["funded"], values["left"]) == (["3", "7"], "10")
    assert values["settings"] == {"misfit": "skip", "percent": 0, "minimum": 0}


def test_a_reader_gets_a_table_and_sentences_in_a_language(file: Path) -> None:
    result = run(file, "--language", "nl")
    assert result.exit_code == 0
    assert "Meeste stemmen: 4 stembiljetten, budget 100" in result.output
    assert "12  Speeltuin; met water\n    Past niet meer" in result.output
    assert run(file).exit_code == 0


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_asked_for(file: Path, rule: str) -> None:
    assert counted(file, "--rule", rule, "--ties", "lexicographic")["rule"] == rule
    assert run(file, "--rule", rule, "--ties", "lexicographic").exit_code == 0


@pytest.mark.parametrize(
    ("options", "funded", "left"),
    [
        ("--ties lexicographic", ["12", "7"], "0"),
        ("--ties dearest", ["12", "7"], "0"),
        ("--ties cheapest", ["3", "7"], "10"),
        ("--misfit stop", ["3"], "50"),
        ("--misfit stretch:80", ["3", "12"], "-10"),
        ("--misfit stretch:84", ["3"], "50"),
        ("--minimum 2", ["3"], "50"),
        ("--minimum 3", [], "100"),
        ("--exclusive 3,7", ["3"], "50"),
        ("--exclusive 3,7 --exclusive 3,12", ["3"], "50"),
        ("--rule votes-per-euro", ["3", "12"], "-10"),
    ],
)
def test_the_options_do_what_they_say(file: Path, options: str, funded: list[str], left: str) -> None:
    if "votes-per-euro" in options:
        options += " --misfit stretch:80"
    values = counted(file, *options.split())
    assert (values["funded"], values["left"]) == (funded, left)


def test_margins_are_counted_for_and_told(file: Path) -> None:
    found = counted(file, "--rule", "phragmen", "--margins", "--ties", "lexicographic")["findings"]
    without = counted(file, "--rule", "phragmen", "--ties", "lexicographic")["findings"]
    assert isinstance(found, dict)
    assert isinstance(without, dict)
    assert any(finding["more_voters"] for finding in found.values())
    assert not any(finding["more_voters"] for finding in without.values())


def test_rules_are_laid_side_by_side(file: Path) -> None:
    values = counted(file, "--compare", "--ties", "lexicographic")
    rules = values["rules"]
    assert isinstance(rules, dict)
    assert list(rules) == list(RULES)
    assert rules["most-votes"] == counted(file, "--ties", "lexicographic")
    text = run(file, "--compare", "--language", "nl", "--ties", "lexicographic").output
    assert "Meeste stemmen per euro" in text


def test_when_compared_a_rule_that_cannot_have_an_option_is_left_out_with_the_reason(file: Path) -> None:
    values = counted(file, "--compare", "--ties", "lexicographic", "--misfit", "stretch:80")
    assert values["left_out"] == {"phragmen": "phragmen cannot stretch the budget"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--rule borda", "borda"),
        ("--completion add-one", "the rule most-votes has no option --completion"),
        ("--rule best-value --misfit stop", "the rule best-value has no option --misfit"),
        ("--misfit jump", "is not skip, stop, or stretch:PERCENT"),
        ("--ties lot", "cheapest-then-lot:SEED"),
        ("--minimum -1", "-1"),
        ("--exclusive 3,99", "wijk.pb: plan '99' takes no part in this election"),
        ("--compare --rule phragmen", "--compare counts by every rule"),
        ("--compare --margins", "--compare counts by every rule"),
        ("--rule phragmen --misfit stretch:80", "phragmen cannot stretch the budget"),
    ],
)
def test_what_cannot_be_asked_ends_with_status_2_and_the_reason(file: Path, options: str, reason: str) -> None:
    result = run(file, *options.split())
    assert result.exit_code == 2
    assert reason in result.stderr
    assert not result.stdout


def test_a_broken_file_ends_with_status_2_and_says_where(file: Path) -> None:
    file.write_text(FILE.replace("2;7;12", "2;8;12"))
    result = run(file, "--json")
    assert result.exit_code == 2
    assert "wijk.pb: line 16: " in result.output
    assert "'8'" in result.output


def test_a_lenient_count_lists_on_the_other_channel_what_it_passed_over(file: Path) -> None:
    file.write_text(FILE.replace("2;7;12", "2;7,7;12"))
    assert run(file).exit_code == 2
    result = run(file, "--lenient", "--json")
    assert result.exit_code == 0
    assert "wijk.pb: line 16: passed over: " in result.stderr
    values = json.loads(result.stdout)
    assert [remark["line"] for remark in values["passed_over"]] == [16]
    assert values["ballots"] == 4


def test_a_file_that_is_not_there_ends_with_status_2(tmp_path: Path) -> None:
    assert run(tmp_path / "none.pb").exit_code == 2


def test_a_count_that_hangs_on_a_lot_asks_for_its_seed(file: Path) -> None:
    file.write_text(FILE.replace("12;60;", "12;50;").replace("budget;100", "budget;60"))
    waiting = run(file)
    assert waiting.exit_code == 2
    assert "a lot must decide among: 12, 3; give its seed: --ties cheapest-then-lot:SEED" in waiting.output
    values = counted(file, "--ties", "cheapest-then-lot:zaad", "--round", "proef")
    assert values["lot"] == {"seed": "zaad", "round": "proef"}
    assert values["funded"] == [values["lots"][0][0]]  # type: ignore[index]


def test_a_seed_that_makes_no_lot_is_refused(file: Path) -> None:
    result = run(file, "--ties", "cheapest-then-lot:a\nb")
    assert result.exit_code == 2
    assert "newline" in result.output


class Terminal(StringIO):
    """Somebody watches."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_a_bar_tells_those_who_watch_how_far_the_count_is(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with command.progress_bar("Counting") as progress:
        for share in (0, 0.25, 0.25, 1):
            progress(share)
    assert "Counting" in screen.getvalue()
    assert "100%" in screen.getvalue()


def test_nobody_who_does_not_watch_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with command.progress_bar("Counting") as progress:
        progress(1)
    assert pipe.getvalue() == ""
