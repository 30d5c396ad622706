import pytest
from reportlab.pdfbase.pdfmetrics import getFont

from wijkbudget.printing.paper import (
    CLEAR,
    PLAIN,
    WINDOW,
    Box,
    Piece,
    TextDoesNotFit,
    fitting_size,
    printable,
    register_fonts,
)


def test_the_place_of_the_address_is_the_window_and_five_millimetres_around_it() -> None:
    assert Box(20, 50, 90, 40) == WINDOW
    assert Box(15, 45, 100, 50) == CLEAR


def test_fonts_are_registered_once() -> None:
    register_fonts()
    font = getFont(PLAIN)
    register_fonts()
    assert getFont(PLAIN) is font


@pytest.mark.parametrize("text", ["Çağdaş Şişli İzmir ığ", "Café Ënschedé – ‘Hoekje’ € 5", "a\N{NO-BREAK SPACE}b", ""])
def test_what_the_font_has_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Łódź, ąęńśżŹ", "Łódz, aenszZ"),
        ("e\N{COMBINING DIAERESIS}n", "ën"),
        ("ĳs", "ijs"),
        ("парк 公園 🌳", "???? ?? ?"),
        ("regel\neen\ttwee", "regel een twee"),
        ("on\N{SOFT HYPHEN}zicht\N{ZERO WIDTH SPACE}baar\N{RIGHT-TO-LEFT OVERRIDE}\x07", "on\N{SOFT HYPHEN}zichtbaar"),
    ],
)
def test_what_the_font_lacks_loses_its_mark_or_becomes_a_question_mark(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_a_longer_text_gets_a_smaller_size_until_nothing_fits() -> None:
    box = Box(0, 0, 50, 20)
    sizes = [fitting_size(box, [Piece("woord " * count)]) for count in (1, 40, 80)]
    assert sizes[0] == 10
    assert sizes == sorted(set(sizes), reverse=True)
    with pytest.raises(TextDoesNotFit):
        fitting_size(box, [Piece("woord " * 1000)])


def test_a_text_is_no_markup() -> None:
    box = Box(0, 0, 80, 10)
    assert fitting_size(box, [Piece("<b>a & b</i> <para", lead="<x>")]) == 10
