"""The English catalog is complete: every Dutch sentence has its English one, with the same gaps."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.catalog import TRANSLATIONS, extract

ENGLISH = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"


def catalog(path: Path) -> Catalog:
    """The catalog in this file."""
    with path.open("rb") as file:
        return read_po(file)


def sentences(words: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A message's singular and plural, or its one sentence."""
    return (words,) if isinstance(words, str) else tuple(words or ())


def untranslated(message: Message) -> bool:
    """Whether a sentence lacks its translation, or the translation has other gaps than the sentence."""
    gaps = {frozenset(re.findall(r"%\(\w+\)s|#", text)) for text in sentences(message.string)}
    wanted = {frozenset(re.findall(r"%\(\w+\)s|#", text)) for text in sentences(message.id)}
    return message.fuzzy or not all(sentences(message.string)) or not gaps <= wanted


def test_every_sentence_of_the_templates_and_the_code_stands_in_the_catalog(tmp_path: Path) -> None:
    extract(tmp_path / "messages.pot")
    source = {message.id for message in catalog(tmp_path / "messages.pot") if message.id}
    assert source - {message.id for message in catalog(ENGLISH)} == set()
    assert "Kruimelpad" in source, "templates/_parts/ is skipped"


def test_every_sentence_in_the_catalog_has_its_english_one() -> None:
    assert [message.id for message in catalog(ENGLISH) if message.id and untranslated(message)] == []


def test_a_missing_translation_and_a_lost_gap_are_noticed() -> None:
    assert untranslated(Message("Nog %(n)s dagen", ""))
    assert untranslated(Message("Nog %(n)s dagen", "Some days left"))
    assert not untranslated(Message("Nog %(n)s dagen", "%(n)s days left"))
