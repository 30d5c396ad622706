"""A form for a round as an official fills it in, in tests."""

from tests.builders import Builder
from tests.moments import SCHEDULE
from wijkbudget.clock import THE_HAGUE

TERMS = {
    "title": "Wijkbudget Duinoord 2026",
    "kind": "wijkbudget",
    "area_name": "Duinoord",
    "budget": "25.000",
    "like_threshold": "25",
    "criteria": "Het kan\r\n\r\n  Het mag  \r\n",
    "ballot_form": "approval",
    "approval_max_choices": "3",
    "eligible": "6.364",
    "franchise": "letter",
    "youngest": "12",
    "key_keeping": "server",
    "publish_ballots_from": "50",
    "reference_date": "2026-08-01",
    **{phase.value: f"{start.astimezone(THE_HAGUE):%Y-%m-%dT%H:%M}" for phase, start in SCHEDULE.starts},
}


def filled_in(build: Builder, **more: str) -> dict[str, str]:
    """All fields filled in well, but for these."""
    return TERMS | {"neighbourhoods": str(build.neighbourhood("Duinoord").id)} | more
