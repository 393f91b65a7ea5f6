"""A market whose prices everybody can work out, told in the shape of each integration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

QUARTER = timedelta(minutes=15)
HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)

type Item = tuple[datetime, datetime, float]
type Answer = Callable[[dict[str, Any]], Any]


def price_at(moment: datetime) -> float:
    """Return what a kWh costs in the span that begins at a moment; sometimes below 0."""
    return round((int(moment.timestamp()) // 900 % 97) / 100 - 0.1, 4)


def midnight(day: date, zone: str) -> datetime:
    """Return in UTC when a day begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Market:
    """What is published, and for whom."""

    hass: HomeAssistant
    zone: str
    """In which its days begin and end."""
    step: timedelta
    until: datetime

    def items(self, start: datetime, end: datetime) -> Iterator[Item]:
        """Yield what is published between two moments, with starts and ends in UTC."""
        moment = start
        while moment < min(end, self.until):
            yield moment, moment + self.step, price_at(moment)
            moment += self.step

    def of_day(self, day: date) -> list[Item]:
        """Return what is published of one day; raises where that is not yet."""
        start = midnight(day, self.zone)
        found = list(self.items(start, midnight(day + timedelta(days=1), self.zone)))
        if not found:
            raise ServiceValidationError(f"nothing for {day}")
        return found

    @property
    def ahead(self) -> list[Item]:
        """What is published from now on."""
        now = dt_util.utcnow()
        begin = datetime.fromtimestamp(
            now.timestamp() // self.step.total_seconds() * self.step.total_seconds(),
            UTC,
        )
        return list(self.items(begin, self.until))


def local(moment: datetime) -> datetime:
    """Return a moment in Home Assistant's zone."""
    return dt_util.as_local(moment)


def nordpool(market: Market, data: dict[str, Any]) -> Any:
    """Prices per MWh of a delivery day; an empty list for one that is not published."""
    day = date.fromisoformat(data["date"])
    try:
        items = market.of_day(day)
    except HomeAssistantError:
        items = []
    spans = [
        {"start": s.isoformat(), "end": e.isoformat(), "price": p * 1000}
        for s, e, p in items
    ]
    return {"SE4": [], "SE3": spans}


def omie(market: Market, data: dict[str, Any]) -> Any:
    """Prices per kWh with times of Spain."""
    spain = ZoneInfo(market.zone)
    return {
        country: [
            {
                "start": s.astimezone(spain).isoformat(),
                "end": e.astimezone(spain).isoformat(),
                "price": p,
            }
            for s, e, p in market.of_day(date.fromisoformat(data["date"]))
        ]
        for country in data["countries"]
    }


def energyzero(market: Market, data: dict[str, Any]) -> Any:
    """Prices with start, end, and the start once more."""
    return {
        "prices": [
            {"price": p, "timestamp": str(s), "start": str(s), "end": str(e)}
            for s, e, p in market.of_day(date.fromisoformat(data["start"]))
        ]
    }


def easyenergy(market: Market, data: dict[str, Any]) -> Any:
    """Prices with starts only."""
    return {
        "prices": [
            {"price": p, "timestamp": str(s)}
            for s, _, p in market.of_day(date.fromisoformat(data["start"]))
        ]
    }


def tibber(market: Market, data: dict[str, Any]) -> Any:
    """Prices by home, local times, starts only."""
    start, end = (datetime.fromisoformat(data[key]) for key in ("start", "end"))
    items = market.items(start.astimezone(UTC), end.astimezone(UTC))
    prices = [{"start_time": local(s).isoformat(), "price": p} for s, _, p in items]
    return {"prices": {"Cabin": [], "Home": prices}}


def tibber_prices(market: Market, data: dict[str, Any]) -> Any:
    """Prices of today and tomorrow, local times, starts only."""
    today = dt_util.now().date()
    start = midnight(today, market.zone)
    return {
        "data": [
            {"start_time": local(s).isoformat(), "price_per_kwh": p, "level": "CHEAP"}
            for s, _, p in market.items(start, market.until)
        ]
    }


def amber(market: Market, data: dict[str, Any]) -> Any:
    """Half hours that begin a second late; the present one is not among them."""
    return {
        "forecasts": [
            {
                "duration": 30,
                "per_kwh": p,
                "start_time": (s + timedelta(seconds=1)).isoformat(),
                "end_time": e.isoformat(),
                "spike_status": "none",
            }
            for s, e, p in market.ahead[1:]
        ]
    }


def amber_state(market: Market) -> dict[str, Any]:
    """Return the present interval, which stands in the sensor."""
    start, end, price = market.ahead[0]
    return {
        "per_kwh": price,
        "start_time": (start + timedelta(seconds=1)).isoformat(),
        "end_time": end.isoformat(),
        "channel_type": "general",
    }


def ecosmart(market: Market, data: dict[str, Any]) -> Any:
    """Cents, starts only."""
    return {
        "forecasts": [
            {"start_time": s.isoformat(), "price": p * 100, "price_excl_gst": p * 87}
            for s, _, p in market.ahead
        ]
    }


def green_planet(market: Market, data: dict[str, Any]) -> Any:
    """Return local times counted by the clock on the wall, as the integration does."""
    now = dt_util.now()
    current = local(market.ahead[0][0])
    end = current + timedelta(hours=data["hours"])
    slots = []
    while current < end:
        slot_end = current + QUARTER
        start = current.astimezone(UTC)
        if start < market.until and (current.date() - now.date()).days < 2:
            told = {"start": current, "end": slot_end, "price": price_at(start)}
            slots.append(
                {k: getattr(v, "isoformat", lambda v=v: v)() for k, v in told.items()}
            )
        current = slot_end
    return {"prices": slots, "hours_requested": data["hours"]}


def entsoe(market: Market, data: dict[str, Any]) -> Any:
    """Prices of one day, local times, starts only."""
    day = datetime.fromisoformat(data["start"]).date()
    return {
        "prices": [
            {"timestamp": local(s).isoformat(), "price": p}
            for s, _, p in market.of_day(day)
        ]
    }


def _both_days(market: Market) -> tuple[list[Item], list[Item]]:
    today = dt_util.now().date()
    found = []
    for day in (today, today + timedelta(days=1)):
        try:
            found.append(market.of_day(day))
        except HomeAssistantError:
            found.append([])
    return found[0], found[1]


def entsoe_state(market: Market) -> dict[str, Any]:
    """Lists of the average price's entity, times as text."""
    today, tomorrow = (
        [{"time": str(local(s)), "price": p} for s, _, p in items]
        for items in _both_days(market)
    )
    return {
        "prices_today": today,
        "prices_tomorrow": tomorrow,
        "prices": today + tomorrow,
    }


def old_nordpool_state(market: Market) -> dict[str, Any]:
    """Lists with datetimes, in öre per kWh."""
    today, tomorrow = (
        [{"start": local(s), "end": local(e), "value": p * 100} for s, e, p in items]
        for items in _both_days(market)
    )
    return {
        "unit_of_measurement": "Öre/kWh",
        "today": [one["value"] for one in today],
        "tomorrow_valid": bool(tomorrow),
        "raw_today": today,
        "raw_tomorrow": tomorrow,
    }


def energidataservice_state(market: Market) -> dict[str, Any]:
    """Lists with starts only, None for a day that is not there, and a guess beyond."""
    today, tomorrow = (
        [{"hour": local(s), "price": p} for s, _, p in items]
        for items in _both_days(market)
    )
    beyond = [
        {"hour": local(market.until + i * market.step), "price": 9.0} for i in range(3)
    ]
    wrong = [{"hour": today[-1]["hour"], "price": 8.0}]
    return {
        "unit_of_measurement": "DKK/kWh",
        "raw_today": today,
        "raw_tomorrow": tomorrow or None,
        "forecast": wrong + beyond,
        "tariffs": {"additional_tariffs": {"tax": 0.9}},
    }


def epex_state(market: Market) -> dict[str, Any]:
    """Return one list of both days."""
    today, tomorrow = _both_days(market)
    return {
        "unit_of_measurement": "€/kWh",
        "data": [
            {
                "start_time": local(s).isoformat(),
                "end_time": local(e).isoformat(),
                "price_per_kwh": p,
            }
            for s, e, p in today + tomorrow
        ],
    }


def octopus_rates(market: Market, which: int) -> dict[str, Any]:
    """Rates of today or tomorrow, of an event."""
    return {
        "event_type": "octopus_energy_electricity_current_day_rates",
        "rates": [
            {"start": local(s), "end": local(e), "value_inc_vat": p, "is_capped": False}
            for s, e, p in _both_days(market)[which]
        ],
        "tariff_code": "E-1R-AGILE",
    }


def pvpc_state(market: Market) -> dict[str, Any]:
    """Return an attribute for each hour; the second of two alike ends with d."""
    found: dict[str, Any] = {"unit_of_measurement": "€/kWh", "tariff": "2.0TD"}
    for prefix, items in zip(("", "next_day_"), _both_days(market), strict=True):
        for start, _, price in items:
            clock = local(start)
            again = "_d" if clock.fold else ""
            found[f"price_{prefix}{clock.hour:02d}h{again}"] = price
    return found


def register(
    hass: HomeAssistant,
    platform: str,
    unique_id: str,
    state: str,
    attributes: dict[str, Any] | None = None,
    *,
    domain: str = "sensor",
    device_name: str | None = None,
) -> str:
    """Have an integration with an entity; return the entity's id."""
    entries = hass.config_entries.async_entries(platform)
    if entries:
        entry_id = entries[0].entry_id
    else:
        entry = MockConfigEntry(domain=platform)
        entry.add_to_hass(hass)
        entry_id = entry.entry_id
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry_id,
        identifiers={(platform, "device")},
        name=device_name or platform,
    )
    entity = er.async_get(hass).async_get_or_create(
        domain,
        platform,
        unique_id,
        config_entry=hass.config_entries.async_get_entry(entry_id),
        device_id=device.id,
    )
    hass.states.async_set(entity.entity_id, state, attributes or {})
    return entity.entity_id


def serve(hass: HomeAssistant, platform: str, action: str, answer: Answer) -> list[Any]:
    """Have an action that answers; return the list into which its calls go."""
    calls: list[dict[str, Any]] = []

    async def handle(call: ServiceCall) -> Any:
        calls.append(dict(call.data))
        return answer(dict(call.data))

    hass.services.async_register(
        platform, action, handle, supports_response=SupportsResponse.ONLY
    )
    return calls
