"""All sources of prices, each with how it is set up before it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from .market import (
    HALF,
    HOUR,
    QUARTER,
    Market,
    amber,
    amber_state,
    easyenergy,
    ecosmart,
    energidataservice_state,
    energyzero,
    entsoe,
    entsoe_state,
    epex_state,
    nordpool,
    octopus_rates,
    old_nordpool_state,
    omie,
    price_at,
    pvpc_state,
    register,
    serve,
    tibber,
    tibber_prices,
)

_METER = "octopus_energy_electricity_19L_1200_"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A source."""

    set_up: Callable[[Market], str]
    """Sets it up, and returns the entity that a user would choose."""
    step: timedelta = QUARTER
    zone: str | None = None
    """Of its days; None for the local one."""
    from_now: bool = False
    """It tells nothing of what is over."""


def _by_action(
    platform: str,
    unique_id: str,
    action: str,
    answer: Callable[[Market, dict[str, Any]], Any],
    market: Market,
    **attributes: Any,
) -> str:
    serve(market.hass, platform, action, partial(answer, market))
    present = str(price_at(market.ahead[0][0]))
    attributes = {"unit_of_measurement": "EUR/kWh"} | attributes
    return register(
        market.hass, platform, unique_id, present, attributes, device_name="Home"
    )


def _by_attributes(
    platform: str, make: Callable[[Market], dict[str, Any]], market: Market
) -> str:
    return register(market.hass, platform, "price", "unknown", make(market))


def _amber(market: Market) -> str:
    return _by_action(
        "amberelectric",
        "01-general",
        "get_forecasts",
        amber,
        market,
        **amber_state(market),
    )


def _ecosmart(market: Market) -> str:
    return _by_action(
        "ecosmart",
        "icp-spot",
        "get_forecasts",
        ecosmart,
        market,
        unit_of_measurement="c/kWh",
    )


def _entsoe_listed(market: Market) -> str:
    serve(market.hass, "entsoe", "get_energy_prices", lambda _: {"prices": []})
    attributes = entsoe_state(market) | {"unit_of_measurement": "EUR/kWh"}
    register(market.hass, "entsoe", "entsoe.home_avg_price", "0.1", attributes)
    return register(market.hass, "entsoe", "entsoe.home_current_price", "unknown")


def _octopus_event(market: Market) -> str:
    """Set up both events; return the one of today."""
    events = [
        register(
            market.hass,
            "octopus_energy",
            _METER + day,
            "2026-03-01T00:00:00.000+00:00",
            octopus_rates(market, which),
            domain="event",
        )
        for which, day in enumerate(("current_day_rates", "next_day_rates"))
    ]
    return events[0]


def _octopus(market: Market) -> str:
    _octopus_event(market)
    unit = {"unit_of_measurement": "GBP/kWh"}
    return register(
        market.hass, "octopus_energy", _METER + "current_rate", "unknown", unit
    )


CASES: dict[str, Case] = {
    "nordpool": Case(
        set_up=partial(
            _by_action,
            "nordpool",
            "SE3-current_price",
            "get_prices_for_date",
            nordpool,
        ),
        zone="Europe/Brussels",
    ),
    "omie": Case(
        set_up=partial(
            _by_action, "omie", "es_spot_price", "get_prices_for_date", omie
        ),
        zone="Europe/Madrid",
    ),
    "energyzero": Case(
        set_up=partial(
            _by_action, "energyzero", "x_current", "get_energy_prices", energyzero
        )
    ),
    "easyenergy": Case(
        set_up=partial(
            _by_action,
            "easyenergy",
            "x_today_energy_usage_current_hour_price",
            "get_energy_usage_prices",
            easyenergy,
        ),
        step=HOUR,
        zone="Europe/Amsterdam",
    ),
    "tibber": Case(
        set_up=partial(_by_action, "tibber", "home-id", "get_prices", tibber)
    ),
    "tibber_prices": Case(
        set_up=partial(_by_action, "tibber_prices", "x", "get_chartdata", tibber_prices)
    ),
    "amber": Case(set_up=_amber, step=HALF, from_now=True),
    "ecosmart": Case(set_up=_ecosmart, step=HALF, from_now=True),
    "entsoe_action": Case(
        set_up=partial(
            _by_action,
            "entsoe",
            "entsoe.current_price",
            "get_energy_prices",
            entsoe,
        ),
        step=HOUR,
    ),
    "entsoe_attributes": Case(set_up=_entsoe_listed),
    "old_nordpool": Case(
        set_up=partial(_by_attributes, "nordpool", old_nordpool_state)
    ),
    "energidataservice": Case(
        set_up=partial(_by_attributes, "energidataservice", energidataservice_state),
        step=HOUR,
    ),
    "epex_spot": Case(set_up=partial(_by_attributes, "epex_spot", epex_state)),
    "octopus": Case(set_up=_octopus, step=HALF),
    "octopus_event": Case(set_up=_octopus_event, step=HALF),
    "pvpc": Case(
        set_up=partial(_by_attributes, "pvpc_hourly_pricing", pvpc_state), step=HOUR
    ),
}
