"""Every refusal of the package has a status and a sentence, in both languages."""

from importlib import import_module
from pkgutil import walk_packages

import pytest
from flask import Flask
from flask.testing import FlaskClient

import wijkbudget
from wijkbudget.commands import person
from wijkbudget.places.rules import BrokenLines
from wijkbudget.refusal import Refusal
from wijkbudget.web.sentences import SENTENCES, answer_to

INTERNAL = "wijkbudget.jobs."  # what one scheduler says to another reaches no page
ON_THE_COMMAND_LINE = {*person.SENTENCES, BrokenLines}  # no page can meet these; `wijkbudget …` says them itself


def refusals() -> set[type[Refusal]]:
    """Every refusal that the package defines."""
    for module in walk_packages(wijkbudget.__path__, "wijkbudget."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found: set[type[Refusal]] = set()
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found.update(kinds)
        waiting.extend(kinds)
    return {kind for kind in found if kind.__module__.startswith("wijkbudget.")}


def test_every_refusal_has_a_sentence() -> None:
    public = {kind for kind in refusals() if not kind.__module__.startswith(INTERNAL)} - ON_THE_COMMAND_LINE
    assert public - set(SENTENCES) == set()
    assert set(SENTENCES) - public == set()


# What sentences may ask of their refusal.
DETAILS = {"field": "title", "phase": "voting", "opens": None, "closes": None, "is_early": False} | dict.fromkeys(
    (
        "over",
        "left",
        "most",
        "chosen",
        "shortest",
        "longest",
        "budget",
        "codes",
        "cost",
        "least",
        "total",
        "serial",
        "lowest",
        "highest",
        "fewest",
        "youngest",
        "place",
        "word",
        "typed",
        "whole",
    ),
    1,
)


@pytest.mark.parametrize("kind", sorted(SENTENCES, key=str))
def test_a_refusal_is_answered_with_its_status_and_a_sentence(
    app: Flask, client: FlaskClient, kind: type[Refusal]
) -> None:
    def refuse() -> str:
        raise kind(**DETAILS)

    app.view_functions["voter.stop"] = refuse
    status, _ = SENTENCES[kind]
    for prefix in ("", "/en"):
        answer = client.post(f"{prefix}/stemmen/stoppen")
        assert answer.status_code == status
        assert 400 <= status < 600
    with app.test_request_context("/"):
        assert answer_to(kind(**DETAILS))[1].endswith((".", "?", "!"))
