"""The outcome as a document of plain JSON values, and back, without loss: what is stored is what is read."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from .instance import TallyError
from .outcome import Finding, Outcome, Tie, Verdict
from .ties import Lot

FORMAT = 2

Document = dict[str, Any]
SHARES = ("price", "held")


class NotAnOutcome(TallyError):
    """This document is not an outcome as this version writes it."""


def to_document(outcome: Outcome) -> Document:
    """Dicts, lists, strings, whole numbers, booleans and None only; findings by plan id, in the order of the count.

    A fraction is written as '2/3', a whole one as '2'.
    """
    document: Document = {"format": FORMAT} | asdict(outcome)
    document["findings"] = {plan_id: _finding(finding) for plan_id, finding in outcome.findings.items()}
    document["funded"] = list(outcome.funded)
    document["ties"] = [list(tie.plans) for tie in outcome.ties]
    document["lots"] = [list(group) for group in outcome.lots]
    document["endowment"] = _written(outcome.endowment)
    return document


def from_document(document: Mapping[str, Any]) -> Outcome:
    """The outcome that was written; raises NotAnOutcome."""
    values = dict(document)
    if values.pop("format", None) != FORMAT:
        raise NotAnOutcome(f"the document is not in format {FORMAT}")
    try:
        lot = values.pop("lot")
        return Outcome(
            funded=tuple(values.pop("funded")),
            findings={plan_id: _read_finding(plan_id, found) for plan_id, found in values.pop("findings").items()},
            ties=tuple(Tie(tuple(plans)) for plans in values.pop("ties")),
            lots=tuple(tuple(group) for group in values.pop("lots")),
            lot=Lot(**lot) if lot else None,
            endowment=_read(values.pop("endowment")),
            **values,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotAnOutcome(f"the document is not an outcome: {error}") from error


def _finding(finding: Finding) -> Document:
    found = asdict(finding) | {"verdict": finding.verdict.value}
    found |= {name: _written(found[name]) for name in SHARES}
    del found["plan"]
    return found


def _read_finding(plan_id: str, found: Mapping[str, Any]) -> Finding:
    shares = {name: _read(found[name]) for name in SHARES}
    return Finding(**{**found, **shares, "plan": plan_id, "verdict": Verdict(found["verdict"])})


def _written(share: Fraction | None) -> str | None:
    return None if share is None else str(share)


def _read(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
