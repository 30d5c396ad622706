"""tests/web/test_padding.py tests wijkbudget/web/padding.py; pages of a vote are held to it where they are tested."""

import pytest
from flask import Response

from wijkbudget.web.padding import FRAME, PLAN, without_length

BLANK = Response("<p>Nothing</p>\n")


@pytest.mark.parametrize("words", ["", "<p>Nothing</p>\n", "é" * (FRAME // 2), "x" * (FRAME + 2 * PLAN)])
def test_a_page_becomes_as_long_as_the_longest_of_its_kind(words: str) -> None:
    page = without_length(Response(words), BLANK, plans=2)
    assert len(page.data) == len(BLANK.data) + FRAME + 2 * PLAN == page.content_length
    assert page.get_data(as_text=True).rstrip() == words.rstrip()


def test_a_page_that_is_longer_than_any_should_be_is_left_whole() -> None:
    page = without_length(Response("x" * 9999), BLANK, plans=1)
    assert page.get_data(as_text=True) == "x" * 9999


def test_nobody_on_the_way_may_store_or_compress_it() -> None:
    assert without_length(Response(""), BLANK, plans=0).headers["Cache-Control"] == "no-store, no-transform"
