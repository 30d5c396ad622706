"""What a package says about itself."""

from tests.results.packages import ORDER
from wijkbudget.results.manifest import READ_ME
from wijkbudget.results.readme import READ_ME_TEXT

DUTCH, ENGLISH = READ_ME_TEXT.split("THE RESULT OF A ROUND")


def test_it_explains_every_other_file_in_both_languages() -> None:
    files = [name for name in ORDER if name != READ_ME]
    assert [name for name in files if f"\n{name}" not in DUTCH or f"\n{name}" not in ENGLISH] == []


def test_it_tells_three_steps_in_both_languages() -> None:
    for text in (DUTCH, ENGLISH):
        assert [f"\n{step}. " in text for step in (1, 2, 3, 4)] == [True, True, True, False]


def test_a_narrow_window_shows_every_line() -> None:
    assert max(map(len, READ_ME_TEXT.splitlines())) <= 120
