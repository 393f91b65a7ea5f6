"""Hours of energy from single readings of a power."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .forecast import HOUR

LONGEST_S = 120.0
"""A reading holds for this long at most."""
ENOUGH = 0.75
"""Part of an hour that must have been seen for the hour to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourMeter:
    """The hour that runs, in UTC."""

    hour: datetime | None = None
    energy_wh: float = 0.0
    seen_s: float = 0.0
    at: datetime | None = None
    power_w: float | None = None
    """The newest reading and when it was; None while there is none."""


def metered(
    meter: HourMeter, now: datetime, power_w: float | None
) -> tuple[HourMeter, tuple[datetime, float] | None]:
    """Return the meter after a reading, and the hour that has ended: its beginning and Wh.

    What was not seen of the hour is taken to be as the rest; None while an hour runs, and for one
    of which too little was seen.
    """
    now = now.astimezone(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0)
    began = meter.hour
    if began is None or began > hour:
        return HourMeter(hour=hour, at=now, power_w=power_w), None
    meter = _counted(meter, min(now, began + HOUR))
    done = None
    if hour > began:
        if meter.seen_s >= ENOUGH * HOUR.total_seconds():
            share = meter.seen_s / HOUR.total_seconds()
            done = (began, meter.energy_wh / share)
        fresh = HourMeter(hour=hour, at=meter.at, power_w=meter.power_w)
        meter = _counted(fresh, now)
    return replace(meter, at=now, power_w=power_w), done


def _counted(meter: HourMeter, until: datetime) -> HourMeter:
    """Return the meter with what flowed since the last reading, if that was not too long ago."""
    if meter.at is None or meter.power_w is None:
        return meter
    passed_s = (until - meter.at).total_seconds()
    if not 0.0 < passed_s <= LONGEST_S:
        return meter
    return replace(
        meter,
        energy_wh=meter.energy_wh + meter.power_w * passed_s / 3600.0,
        seen_s=meter.seen_s + passed_s,
        at=until,
    )
