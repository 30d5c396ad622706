"""How many small faults the tests notice: `python -m tools.mutants` has mutmut plant them one at a time in the rules.

docs/mutants.md lists those that go unnoticed, with a reason each; this says where that list is not what was found.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).parent.parent
SURVIVORS = ROOT / "docs" / "mutants.md"
FOLDER = ROOT / "build" / "mutation"
# Next to a link to each of these mutmut makes its copies, away from everything else that looks through the tree.
SOURCES = ("wijkbudget", "tests", "config.py", "setup.cfg", "pyproject.toml")
LEAST_PERCENT = 95
NOTICED = ("killed", "timeout", "segfault")
UNTRIED = "not checked"


class Mutant(NamedTuple):
    """A fault: in which function of which file, and the lines it changes, as `-was` and `+is`."""

    path: str
    function: str
    change: str


class Score(NamedTuple):
    """How many mutants of a module the tests noticed, and how many they did not."""

    killed: int
    survived: int

    @property
    def percent(self) -> float:
        """The share that was noticed; all of them if there are none."""
        return 100 * self.killed / sum(self) if sum(self) else 100.0


def listed(text: str) -> Counter[Mutant]:
    """The mutants in a list: a heading for each file and each function, and their lines in blocks of diff."""
    found: Counter[Mutant] = Counter()
    path = function = ""
    blocks = re.finditer(
        r"^### (?P<path>\S+)$|^#### (?P<function>\S+)$|^```diff\n(?P<diff>.*?)^```$", text, re.M | re.S
    )
    for block in blocks:
        path, function = block["path"] or path, block["function"] or function
        found.update(Mutant(path, function, change) for change in changes(block["diff"] or ""))
    return found


def changes(diff: str) -> Iterator[str]:
    """Each change in a diff: lines that go and lines that come, without the space they begin with."""
    lines = [
        line[0] + line[1:].strip()
        for line in diff.splitlines()
        if line[:1] in ("-", "+") and line[:3] not in ("---", "+++")
    ]
    for change in re.findall(r"(?:^-.*\n)*(?:^\+.*\n)+|(?:^-.*\n)+", "\n".join([*lines, ""]), re.M):
        yield change.strip()


def scores(statuses: Mapping[str, Iterable[str]]) -> dict[str, Score]:
    """The score of each module; whatever did not end in a failing test counts as a survivor."""
    return {path: _score([status in NOTICED for status in of_module]) for path, of_module in statuses.items()}


def _score(noticed: list[bool]) -> Score:
    return Score(sum(noticed), len(noticed) - sum(noticed))


def total(of_modules: Iterable[Score]) -> Score:
    """The score of all modules together."""
    each = list(of_modules)
    return Score(sum(score.killed for score in each), sum(score.survived for score in each))


def table(of_modules: Mapping[str, Score]) -> str:
    """The scores as a table in Markdown, the worst first, all together last."""
    worst_first = sorted(of_modules.items(), key=lambda item: (item[1].percent, item[0]))
    rows = [*worst_first, ("together", total(of_modules.values()))]
    lines = [
        f"| {name} | {sum(score)} | {score.killed} | {score.survived} | {score.percent:.1f}% |" for name, score in rows
    ]
    return "\n".join(
        ["| module | mutants | killed | survived | share |", "| --- | ---: | ---: | ---: | ---: |", *lines]
    )


def differences(found: Counter[Mutant], accepted: Counter[Mutant]) -> list[str]:
    """What the list does not hold and what it holds in vain, as it would be written in the list."""
    headings = (
        ("Not in docs/mutants.md:", found - accepted),
        ("In docs/mutants.md, yet killed or gone:", accepted - found),
    )
    return [
        "\n".join([heading, *(_written(mutant) for mutant in sorted(mutants.elements()))])
        for heading, mutants in headings
        if mutants
    ]


def _written(mutant: Mutant) -> str:
    return f"### {mutant.path}\n#### {mutant.function}\n```diff\n{mutant.change}\n```"


def run(names: list[str]) -> None:
    """Have mutmut make the mutants and test them; with names, only those, and the others keep what they had."""
    if not names:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        if not (FOLDER / source).exists():
            (FOLDER / source).symlink_to(ROOT / source)
    subprocess.run([Path(sys.executable).parent / "mutmut", "run", *names], cwd=FOLDER, check=True)


def outcomes() -> Iterator[tuple[str, str, str]]:
    """File, name and status of every mutant; to be asked in the folder of the run."""
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, exit_code in data.exit_code_by_key.items():
            yield str(path), name, status_by_exit_code[exit_code]


def survivor(path: str, name: str) -> Mutant:
    """What a mutant changes, looked up by mutmut's name for it; to be asked in the folder of the run."""
    function, of_class = orig_function_and_class_names_from_key(name)
    diff = get_diff_for_mutant(name, path=path)
    return Mutant(path, ".".join(filter(None, (of_class, function))), next(changes(diff), name))


def main(names: list[str]) -> str | None:
    """Run, print the table and what is wrong with the list; the answer is a sentence if too few are killed."""
    run(names)
    with chdir(FOLDER):
        every = list(outcomes())
        tried = [outcome for outcome in every if outcome[2] != UNTRIED]
        found = Counter(survivor(path, name) for path, name, status in tried if status not in NOTICED)
    statuses: dict[str, list[str]] = {}
    for path, _, status in tried:
        statuses.setdefault(path, []).append(status)
    by_module = scores(statuses)
    print("", table(by_module), *differences(found, listed(SURVIVORS.read_text("utf-8"))), sep="\n\n")
    if len(tried) < len(every):
        return f"{len(every) - len(tried)} mutants were not tried, so that the list may hold more than is shown here."
    is_enough = total(by_module.values()).percent >= LEAST_PERCENT
    return None if is_enough else f"Less than {LEAST_PERCENT}% of the mutants is killed."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
