"""The English catalog: `python -m tools.catalog update` takes in new sentences, `compile` makes what the site reads."""

import sys
from pathlib import Path

from babel.messages.frontend import CommandLineInterface

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "wijkbudget" / "translations"
KEYWORDS = ["_l", "lazy_gettext"]


def babel(*words: str) -> None:
    """Run pybabel with these words."""
    CommandLineInterface().run(["pybabel", "--quiet", *words])


def extract(template: Path) -> None:
    """Collect every Dutch sentence of templates and code in `template`."""
    template.parent.mkdir(parents=True, exist_ok=True)
    keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    babel("extract", "-F", str(ROOT / "babel.cfg"), "--no-location", *keywords, "-o", str(template), str(ROOT))


def update() -> None:
    """Bring the catalog up to date; what is new stands there untranslated."""
    template = ROOT / "build" / "messages.pot"
    extract(template)
    calm = ["--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"]
    babel("update", *calm, "-i", str(template), "-d", str(TRANSLATIONS), "-l", "en")


def compile_catalogs() -> None:
    """Make the .mo files."""
    babel("compile", "-d", str(TRANSLATIONS))


if __name__ == "__main__":
    {"update": update, "compile": compile_catalogs}[sys.argv[1]]()
