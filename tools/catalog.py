"""The English catalog: `python -m tools.catalog update` takes in new sentences, `compile` makes what the site reads."""

import sys
from pathlib import Path

from babel.messages.frontend import CommandLineInterface

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "wijkbudget" / "translations"
KEYWORDS = ["_l", "lazy_gettext"]
# What babel writes above a catalog and nobody here fills in: people, addresses, dates, versions.
NOISE = ("Report-Msgid", "POT-Creation", "PO-Revision", "Last-Translator", "Language-Team", "Generated-By")
# Babel itself also skips folders whose name starts with one "_", and the parts of our templates lie in such a folder.
SKIPPED = ".* __* node_modules"


def babel(*words: str) -> None:
    """Run pybabel with these words."""
    CommandLineInterface().run(["pybabel", "--quiet", *words])  # type: ignore[no-untyped-call]


def extract(template: Path) -> None:
    """Collect every Dutch sentence of templates and code in `template`."""
    template.parent.mkdir(parents=True, exist_ok=True)
    keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    calm = ["-F", str(ROOT / "babel.cfg"), "--no-location", "--ignore-dirs", SKIPPED]
    babel("extract", *calm, *keywords, "-o", str(template), str(ROOT))


def update() -> None:
    """Bring the catalog up to date; what is new stands there untranslated."""
    template = ROOT / "build" / "messages.pot"
    extract(template)
    calm = ["--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--width", "100"]
    babel("update", *calm, "-i", str(template), "-d", str(TRANSLATIONS), "-l", "en")
    tidy(TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po")


def tidy(catalog: Path) -> None:
    """Keep only the headings a reader needs: an update without news changes nothing."""
    head, gap, sentences = catalog.read_text("utf-8").partition("\n\n")
    kept = [line for line in head.split("\n") if not line.startswith(tuple(f'"{name}' for name in NOISE))]
    kept = [line.replace("Version:  ", "Version: ") for line in kept]
    catalog.write_text("\n".join(kept) + gap + sentences.rstrip("\n") + "\n", "utf-8")


def compile_catalogs() -> None:
    """Make the .mo files."""
    babel("compile", "-d", str(TRANSLATIONS))


if __name__ == "__main__":
    {"update": update, "compile": compile_catalogs}[sys.argv[1]]()
