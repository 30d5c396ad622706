"""The house keeps its shape: each rule of docs/architecture.md that a machine can check, with proof that it bites."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from config import Config
from wijkbudget.web.access import AUDIENCES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "wijkbudget"
TEMPLATES = ROOT / "templates"
LONGEST_FUNCTION = 25
LONGEST_MODULE = 250
LONGER = {
    # goes out into the world alone, to people who have nothing of ours: it cannot be split
    "wijkbudget/results/recount.py": 720,
}
CLOCK_READERS = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}
CLOCKS = {"datetime", "date", "time", "dt"}


def modules() -> list[Path]:
    """All modules of the package, and the two at the top."""
    return [*sorted(PACKAGE.rglob("*.py")), ROOT / "config.py", ROOT / "wsgi.py"]


def rules(app: Flask) -> Iterator[Rule]:
    """All addresses but the static files."""
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def test_every_endpoint_has_an_audience(app: Flask) -> None:
    assert {rule.endpoint.partition(".")[0] for rule in rules(app)} <= set(AUDIENCES)


def test_every_audience_is_a_blueprint_with_its_own_folder_of_templates(app: Flask) -> None:
    assert set(AUDIENCES) == set(app.blueprints)
    for audience in AUDIENCES:
        assert (PACKAGE / "web" / audience / "__init__.py").is_file()
        assert list((TEMPLATES / audience).glob("*.html"))


def test_every_template_belongs_to_an_endpoint_or_is_a_part(app: Flask) -> None:
    endpoints = {rule.endpoint.replace(".", "/") for rule in rules(app)}
    pages = [path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html")]
    strays = [
        str(page)
        for page in pages
        if not any(part.startswith("_") for part in page.parts) and str(page.with_suffix("")) not in endpoints
    ]
    assert strays == []


def url_faults(address: str) -> list[str]:
    """What is wrong with an address: parts in kebab-case, parameters with a type, either with a kind of file."""
    parts = [part for part in address.strip("/").split("/") if part]
    return [part for part in parts if not re.fullmatch(r"([a-z0-9-]+|<[a-z]+:[a-z_]+>)(\.[a-z]+)?", part)]


def test_addresses_are_kebab_case_with_typed_parameters(app: Flask) -> None:
    assert {rule.rule: url_faults(rule.rule) for rule in rules(app) if url_faults(rule.rule)} == {}


@pytest.mark.parametrize("address", ["/Rondes", "/mijn_plannen", "/plannen/<plan_id>"])
def test_a_badly_formed_address_is_noticed(address: str) -> None:
    assert url_faults(address)


def test_every_module_has_its_test_file() -> None:
    mirrored = [module.relative_to(PACKAGE) for module in PACKAGE.rglob("*.py") if module.name != "__init__.py"]
    missing = [str(path) for path in mirrored if not (ROOT / "tests" / path.with_name(f"test_{path.name}")).is_file()]
    assert missing == []


def clock_readings(source: str) -> list[int]:
    """The lines of `source` that read the clock of the machine."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCK_READERS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in CLOCKS
    ]


def test_only_the_clock_reads_the_clock() -> None:
    others = [path for path in modules() if path != PACKAGE / "clock.py"]
    readers = {str(path.relative_to(ROOT)): clock_readings(path.read_text()) for path in others}
    assert len(readers) == len(others)
    assert {name: lines for name, lines in readers.items() if lines} == {}


@pytest.mark.parametrize("source", ["datetime.now(UTC)", "date.today()", "x = time.time()"])
def test_a_reading_of_the_clock_is_noticed(source: str) -> None:
    assert clock_readings(source) == [1]


def long_functions(source: str) -> list[str]:
    """The functions of `source` that are longer than the house allows."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION]


def test_functions_and_modules_stay_small() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in modules()}
    assert {name: long for name, text in texts.items() if (long := long_functions(text))} == {}
    assert [name for name, text in texts.items() if text.count("\n") > LONGER.get(name, LONGEST_MODULE)] == []


def test_a_long_function_is_noticed() -> None:
    assert long_functions("def f():\n" + "    x = 1\n" * LONGEST_FUNCTION) == ["f"]


def test_an_init_file_holds_one_sentence() -> None:
    inits = [path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE]
    assert [str(path) for path in inits if len(ast.parse(path.read_text()).body) != 1] == []


def test_every_setting_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    read_elsewhere = {"development", "mail_folder"}  # these two are for development, no environment variable sets them
    settings = {field.name.upper() for field in fields(Config) if field.name not in read_elsewhere}
    assert [name for name in sorted(settings) if f"`{name}`" not in readme] == []


def test_no_test_reads_the_files_of_sqlite_in_its_own_process() -> None:
    """It would drop the locks of the process, and others would not see what is stored then (tests/files.py)."""
    pattern = re.compile(r"glob\(f\"\{database\.name\}\*\"\)")
    readers = [path.name for path in (ROOT / "tests").rglob("*.py") if pattern.search(path.read_text())]
    assert readers == ["files.py"]


BY_ITS_HOST = re.compile(r"\(\s*session\(\),[^()]*(?:\([^()]*\)[^()]*)*now=now\(\)")


def test_every_deed_in_a_round_goes_by_the_clock_of_the_database() -> None:
    pages = [path for path in (PACKAGE / "web").rglob("*.py") if path.parent.name != "account"]
    assert [path.name for path in pages if BY_ITS_HOST.search(path.read_text())] == []


def test_a_deed_that_goes_by_the_clock_of_its_host_is_noticed() -> None:
    assert BY_ITS_HOST.search("type_share(session(), round=round_, official=me(), now=now())")
    assert not BY_ITS_HOST.search("type_share(session(), round=round_, official=me(), now=moment_of_deed())")
