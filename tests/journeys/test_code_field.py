"""The field for the code: checked as the server checks it, written in groups, filled in from a letter's QR code."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import Builder
from tests.journeys.conftest import Site, Visitors
from tests.moments import VOTING
from wijkbudget.ballots.codes import SYMBOLS, new_code, parsed_code, written_code
from wijkbudget.ballots.rules import MistypedCode

pytestmark = pytest.mark.browser

SENTENCE = "Er zit een typefout in de code. Kijk of u alle 16 tekens goed hebt."
FIELD = "Uw stemcode"
ROOT = Path(__file__).parent.parent.parent
Judge = Callable[[list[str]], list[bool]]


@pytest.fixture(scope="module")
def judged(browser: Browser) -> Iterator[Judge]:
    """What static/js/check.js makes of each text, on a page of nobody's."""
    page = browser.new_page()
    source = (ROOT / "static" / "js" / "check.js").read_text().replace("export ", "")
    program = f"texts => {{ {source}\nreturn texts.map(text => isCode(symbols(text))); }}"
    yield lambda texts: list(page.evaluate(program, texts))
    page.close()


def is_code(text: str) -> bool:
    try:
        parsed_code(text)
    except MistypedCode:
        return False
    return True


def test_the_browser_knows_the_codes_that_the_server_knows(judged: Judge) -> None:
    codes = [new_code() for _ in range(2000)]
    assert judged([*codes, *map(written_code, codes)]) == [True] * 4000


def test_the_browser_notices_every_wrong_symbol_and_every_swap(judged: Judge) -> None:
    code = new_code()
    wrong = [code[:place] + symbol + code[place + 1 :] for place in range(16) for symbol in SYMBOLS]
    swapped = []
    for one in range(16):
        for other in range(one + 1, 16):
            letters = list(code)
            letters[one], letters[other] = letters[other], letters[one]
            swapped.append("".join(letters))
    texts = [text for text in wrong + swapped if text != code]
    assert len(texts) > 500
    assert judged(texts) == [False] * len(texts)


def test_the_browser_reads_what_the_server_reads(judged: Judge) -> None:
    code = written_code(new_code())
    looks = code.replace("0", "O").replace("1", "l").lower()
    texts = [
        looks, f" {code} ", code.replace("-", "\u2013"), code.replace("-", "\u00a0"), code.replace("-", "."), code[:-1],
        code + "0", "", "U" * 16, "\u00e9" * 16, "\u0131" * 16, "0" * 16, "\U0001d7d8" * 16,
    ]  # fmt: skip
    assert judged(texts) == [is_code(text) for text in texts]
    assert judged(texts)[:5] == [True] * 5


@pytest.fixture
def code(site: Site, build: Builder) -> str:
    """A code of a round in which is voted."""
    round_ = build.round()
    build.menu_plan(round_)
    [code] = build.codes(round_)
    build.opened_urn(round_, site.config.key_folder)
    build.commit()
    site.clock.move_to(VOTING)
    return code


@pytest.fixture
def page(visitors: Visitors, code: str) -> Page:
    page = visitors.arrive()
    page.goto("/stemmen")
    return page


def mistyped(code: str) -> str:
    return code[:-1] + SYMBOLS[SYMBOLS.index(code[-1]) - 1]


def test_a_code_is_written_in_groups_while_it_is_typed(page: Page, code: str) -> None:
    field = page.get_by_label(FIELD)
    field.press_sequentially(code.replace("-", "").lower())
    expect(field).to_have_value(code)
    for key, value in [("Backspace", code[:-1]), ("Backspace", code[:-2]), ("Backspace", code[:-3])]:
        field.press(key)
        expect(field).to_have_value(value)
    field.press("Backspace")
    expect(field).to_have_value(code[:14])
    page.get_by_role("button", name="Verder").focus()
    assert SENTENCE not in page.locator("main").inner_text()


def test_the_caret_stays_where_is_typed_and_no_dash_stops_a_key(page: Page) -> None:
    field = page.get_by_label(FIELD)
    field.press_sequentially("oooo2222")
    expect(field).to_have_value("0000-2222")
    for _ in range(4):
        field.press("ArrowLeft")
    field.press("Backspace")  # the dash: the caret goes on, past it
    field.press("Backspace")
    expect(field).to_have_value("0002-222")
    field.press_sequentially("7")
    expect(field).to_have_value("0007-2222")
    field.press("Delete")
    expect(field).to_have_value("0007-222")
    field.press("Home")
    field.press_sequentially("99")
    expect(field).to_have_value("9900-0722-2")
    field.press_sequentially("8")
    expect(field).to_have_value("9980-0072-22")


def test_a_code_can_be_pasted_with_spaces_and_long_dashes(page: Page, code: str) -> None:
    field = page.get_by_label(FIELD)
    field.fill(code.replace("-", " \u2013 ").lower())
    expect(field).to_have_value(code)
    field.press("Enter")
    page.wait_for_url("**/kiezen")


def test_a_typing_slip_is_told_at_once_and_is_not_sent(page: Page, code: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    field = page.get_by_label(FIELD)
    field.press_sequentially(mistyped(code)[:-1])
    expect(page.locator("#code-error")).to_have_count(0)
    field.press_sequentially(mistyped(code)[-1])
    expect(page.locator("#code-error")).to_contain_text(SENTENCE)
    expect(page.locator("wb-code [role=status]")).to_have_text(SENTENCE)
    expect(field).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Verder").click()
    expect(field).to_be_focused()
    assert "POST" not in sent
    field.press("Backspace")
    expect(page.locator("#code-error")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    field.press_sequentially(code[-1])
    field.press("Enter")
    page.wait_for_url("**/kiezen")


def test_a_code_that_is_too_short_is_told_when_it_is_sent(page: Page, code: str) -> None:
    field = page.get_by_label(FIELD)
    field.fill(code[:-1])
    field.press("Enter")
    expect(page.locator("#code-error")).to_contain_text(SENTENCE)
    expect(field).to_be_focused()


def test_a_qr_code_fills_in_the_code_and_sends_nothing_of_it(visitors: Visitors, site: Site, code: str) -> None:
    page = visitors.arrive()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers} {request.post_data}"))
    page.goto(f"/stem#{code.replace('-', '')}")
    expect(page.get_by_label(FIELD)).to_have_value(code)
    expect(page.get_by_role("button", name="Verder")).to_be_focused()
    assert page.url == f"{site.url}/stemmen"
    assert page.evaluate("history.length") <= 2
    page.wait_for_load_state("networkidle")
    assert not [line for line in asked if code[:4] in line.partition("#")[0] + line.partition(" ")[2]]
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiezen")
    page.go_back()
    assert "#" not in page.url


def test_a_second_scan_on_the_open_page_takes_the_place_of_the_first(page: Page, code: str) -> None:
    page.evaluate("code => { location.hash = code; }", new_code())
    page.evaluate("code => { location.hash = code; }", code)
    expect(page.get_by_label(FIELD)).to_have_value(code)
    assert "#" not in page.url


def test_a_damaged_qr_code_is_told_and_another_fragment_is_left_alone(page: Page, code: str) -> None:
    page.evaluate("code => { location.hash = code; }", mistyped(code))
    expect(page.locator("#code-error")).to_contain_text(SENTENCE)
    page.goto("/stemmen#hulp")
    expect(page.get_by_label(FIELD)).to_have_value(mistyped(code))
    assert page.url.endswith("#hulp")


def test_without_script_the_page_of_the_qr_code_asks_for_the_code(visitors: Visitors, code: str) -> None:
    page = visitors.arrive(script=False)
    page.goto(f"/stem#{code}")
    page.get_by_label(FIELD).fill(code)
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url("**/kiezen")
