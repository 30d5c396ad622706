"""The wall clock of The Hague: one hour in March does not exist, one hour in October happens twice."""

from dataclasses import dataclass
from datetime import UTC, datetime

from ..clock import THE_HAGUE
from ..refusal import Refusal


class DoesNotExist(Refusal):
    """The wall clock never shows this time: it jumps ahead from 02:00 to 03:00."""


class HappensTwice(Refusal):
    """The wall clock shows this time twice, and nobody said which of both is meant."""


@dataclass(frozen=True)
class WallTime:
    """What the wall clock shows (no zone); `is_second` only where it shows this time twice, None elsewhere."""

    shown: datetime
    is_second: bool | None


def moment_of(wall: datetime, *, is_second: bool | None) -> datetime:
    """The moment (UTC) at which the clock shows `wall` (no zone). Raises DoesNotExist, HappensTwice."""
    summer, winter = (wall.replace(tzinfo=THE_HAGUE, fold=fold).astimezone(UTC) for fold in (0, 1))
    if summer == winter:
        return summer
    if winter < summer:
        raise DoesNotExist()
    if is_second is None:
        raise HappensTwice()
    return winter if is_second else summer


def wall_of(moment: datetime) -> WallTime:
    """What the clock shows at `moment`; `moment_of` leads back to it."""
    local = moment.astimezone(THE_HAGUE)
    offsets = {local.replace(fold=fold).utcoffset() for fold in (0, 1)}
    return WallTime(local.replace(tzinfo=None, fold=0), bool(local.fold) if len(offsets) > 1 else None)
