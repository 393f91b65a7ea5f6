"""Peak tariff and operator limit as a site's options describe them."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import WEEKDAYS

from .const import (
    CONF_OPERATOR_ENTITY,
    CONF_OPERATOR_LIMIT,
    CONF_OPERATOR_LIMIT_ENTITY,
    CONF_OPERATOR_RULE,
    CONF_PEAK_ACCEPTED,
    CONF_PEAK_DISTINCT_DAYS,
    CONF_PEAK_FLOOR,
    CONF_PEAK_FROM,
    CONF_PEAK_MONTHS,
    CONF_PEAK_PRESET,
    CONF_PEAK_PRICE,
    CONF_PEAK_RANK,
    CONF_PEAK_REDUCED_FROM,
    CONF_PEAK_REDUCED_SHARE,
    CONF_PEAK_REDUCED_UNTIL,
    CONF_PEAK_STEPS,
    CONF_PEAK_UNTIL,
    CONF_PEAK_WEEKDAYS,
    CONF_PEAK_WINDOW,
    CONF_STEP_PRICE,
    CONF_UP_TO,
)
from .engine.operator import DEVICE_W, shared_limit_w
from .engine.tariffs import OperatorRule, PeakTariff

RULE_EACH = "each"
RULE_SHARED = "shared"
RULE_OWN = "own"
OPERATOR_RULES = (RULE_EACH, RULE_SHARED, RULE_OWN)


def peak_tariff(options: Mapping[str, Any]) -> PeakTariff | None:
    """Return the peak tariff of a site; None where it has none."""
    if not options.get(CONF_PEAK_PRESET):
        return None
    known = tariff_options(PeakTariff()) | dict(options)
    steps = sorted(known.get(CONF_PEAK_STEPS) or (), key=lambda step: step[CONF_UP_TO])
    prices = [step.get(CONF_STEP_PRICE) for step in steps]
    return PeakTariff(
        window_s=float(known[CONF_PEAK_WINDOW]) * 60.0,
        rank=int(known[CONF_PEAK_RANK]),
        distinct_days=bool(known[CONF_PEAK_DISTINCT_DAYS]),
        hours=(int(known[CONF_PEAK_FROM]), int(known[CONF_PEAK_UNTIL])),
        weekdays=frozenset(WEEKDAYS.index(day) for day in known[CONF_PEAK_WEEKDAYS]),
        months=frozenset(int(month) for month in known[CONF_PEAK_MONTHS]),
        reduced_hours=(
            int(known.get(CONF_PEAK_REDUCED_FROM, 0)),
            int(known.get(CONF_PEAK_REDUCED_UNTIL, 0)),
        ),
        reduced_share=known.get(CONF_PEAK_REDUCED_SHARE, 100.0) / 100.0,
        floor_w=known.get(CONF_PEAK_FLOOR, 0.0) * 1000.0,
        accepted_w=known.get(CONF_PEAK_ACCEPTED, 0.0) * 1000.0,
        price_per_kw=known.get(CONF_PEAK_PRICE, 0.0),
        steps_w=tuple(step[CONF_UP_TO] * 1000.0 for step in steps),
        step_prices=() if None in prices else tuple(prices),
    )


def tariff_options(tariff: PeakTariff) -> dict[str, Any]:
    """Return a tariff as options, as far as they say more than an empty field."""
    found: dict[str, Any] = {
        CONF_PEAK_WINDOW: f"{tariff.window_s / 60.0:.0f}",
        CONF_PEAK_RANK: float(tariff.rank),
        CONF_PEAK_DISTINCT_DAYS: tariff.distinct_days,
        CONF_PEAK_FROM: float(tariff.hours[0]),
        CONF_PEAK_UNTIL: float(tariff.hours[1]),
        CONF_PEAK_WEEKDAYS: [WEEKDAYS[day] for day in sorted(tariff.weekdays)],
        CONF_PEAK_MONTHS: [str(month) for month in sorted(tariff.months)],
    }
    if tariff.floor_w:
        found[CONF_PEAK_FLOOR] = tariff.floor_w / 1000.0
    if tariff.steps_w:
        found[CONF_PEAK_STEPS] = [
            {CONF_UP_TO: end_w / 1000.0} for end_w in tariff.steps_w
        ]
    if tariff.reduced_hours[0] != tariff.reduced_hours[1]:
        found[CONF_PEAK_REDUCED_FROM] = float(tariff.reduced_hours[0])
        found[CONF_PEAK_REDUCED_UNTIL] = float(tariff.reduced_hours[1])
        found[CONF_PEAK_REDUCED_SHARE] = tariff.reduced_share * 100.0
    return found


def operator_rule(options: Mapping[str, Any], chargers: int) -> OperatorRule | None:
    """Return what the grid operator's signal means at a site with so many chargers."""
    if not (
        options.get(CONF_OPERATOR_ENTITY) or options.get(CONF_OPERATOR_LIMIT_ENTITY)
    ):
        return None
    match options.get(CONF_OPERATOR_RULE, RULE_EACH):
        case "shared":
            return OperatorRule(per_device_w=None, site_w=shared_limit_w(chargers))
        case "own":
            site_w = float(options.get(CONF_OPERATOR_LIMIT, 0.0)) * 1000.0
            return OperatorRule(per_device_w=None, site_w=site_w)
    return OperatorRule(per_device_w=DEVICE_W)
