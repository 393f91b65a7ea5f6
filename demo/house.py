"""The virtual house and Ampacity in it, set up as their owner would do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .api import Api, Json
from .flows import Answers, add_entry, add_subentry, change_options, finish_next

HOUSE = "virtual_house"
AMPACITY = "ampacity"

SITE: Answers = {
    "user": {"name": "Demo house", "phases": "3", "main_fuse": 25},
    "meter": {
        "one_sensor": {"grid_power": "sensor.smart_meter_power"},
        "per_phase": {
            f"grid_current_l{phase}": f"sensor.smart_meter_current_l{phase}"
            for phase in (1, 2, 3)
        },
    },
    "solar": {"solar_power": ["sensor.pv_inverter_power"]},
    "battery": {},
    "off_peak": {},
    "confirm": {"next_step_id": "finish"},
}

# Short delays: a visitor of the demo wants to see it move.
CONTROL: Answers = {
    "init": {"next_step_id": "control"},
    "control": {
        "start_delay": 15,
        "stop_delay": 60,
        "raise_delay": 15,
        "resume_delay": 20,
    },
}

PRICES: Answers = {
    "init": {"next_step_id": "prices"},
    "prices": {"price_kind": "entity", "feed_in_price": 0.08},
    "price_entity": {"price_entity": "sensor.day_ahead_price"},
}

CHARGER: Answers = {
    "user": {
        "name": "Garage",
        "limit_kind": "number",
        "start_stop_kind": "switch",
        "status_kind": "sensor",
    },
    "control": {
        "limit_entity": "number.wallbox_current_limit",
        "switch": "switch.wallbox_charging",
        "status_sensor": "sensor.wallbox_status",
    },
    "status_map": {
        "disconnected": ["no_car"],
        "connected": ["ready"],
        "charging": ["charging"],
        "paused": ["paused"],
        "finished": ["finished"],
        "error": ["error"],
    },
    "sensors": {
        "power_sensor": "sensor.wallbox_power",
        "current_l1": "sensor.wallbox_current_l1",
        "current_l2": "sensor.wallbox_current_l2",
        "current_l3": "sensor.wallbox_current_l3",
        "energy_sensor": "sensor.wallbox_total_energy",
    },
    "electrical": {
        "phases": "3",
        "phase_map": "l1_l2_l3",
        "min_current": 6,
        "max_current": 16,
    },
}

# A car that is never full at home would never drive off and come back.
CAR: Answers = {
    "user": {
        "name": "Zoe",
        "capacity": 60,
        "soc_entity": "sensor.car_battery",
        "target_soc": 100,
        "recognise": {"plug_entity": "binary_sensor.wallbox_plug"},
        "more": {"consumption": 17},
    },
}

ZONE = ZoneInfo("Europe/Berlin")
ENOUGH_TIME = timedelta(hours=9)
PLAN: Json = {
    "soc": 80,
    "repeat": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Ampacity's entities and devices, as Home Assistant has named them."""

    site: Mapping[str, str]
    """Entity ids of the grid connection and the solar device, by key."""

    charger: Mapping[str, str]
    """Entity ids of the charger, by key."""

    charger_device_id: str
    """Device id of the charger."""

    vehicle: Mapping[str, str]
    """Entity ids of the car, by key."""


async def set_up(api: Api) -> Names:
    """Add the virtual house, the site with its charger, and the car, each where it is missing."""
    entries = await _entries(api)
    if HOUSE not in entries:
        await add_entry(api, HOUSE, {"user": {}})
        entries = await _entries(api)
    if AMPACITY not in entries:
        await _add_site(api)
        entries = await _entries(api)
    site_id = entries[AMPACITY]["entry_id"]
    if "vehicle" not in await _parts(api, site_id):
        await _add_car(api, site_id, entries[HOUSE]["entry_id"])
    return await names(api)


async def _add_site(api: Api) -> None:
    created = await add_entry(api, AMPACITY, SITE)
    entry_id = created["result"]["entry_id"]
    if created.get("next_flow"):
        await finish_next(api, created, CHARGER)
    else:
        await add_subentry(api, entry_id, "charger", CHARGER)
    await change_options(api, entry_id, CONTROL)


async def _add_car(api: Api, site_id: str, house_id: str) -> None:
    """Add the car and all that a plan needs, and plan."""
    await add_subentry(api, site_id, "vehicle", CAR)
    for section in (PRICES, _forecast(house_id)):
        await change_options(api, site_id, section)
    made = await names(api)
    mode = {"entity_id": made.charger["mode"], "option": "solar"}
    await api.call("select.select_option", mode)
    plan = {"ready_by": first_morning(datetime.now(ZONE)), **PLAN}
    await api.call("ampacity.set_plan", {"device_id": made.charger_device_id, **plan})


def first_morning(now: datetime) -> str:
    """Return seven o'clock of the next morning that leaves time for a plan, as an action takes it."""
    morning = now.replace(hour=7, minute=0)
    while morning < now + ENOUGH_TIME:
        morning += timedelta(days=1)
    return f"{morning:%Y-%m-%d %H:%M}"


def _forecast(house_id: str) -> Answers:
    """Return the section of the forecast; the sun of the house stands still, so nothing is learned of it."""
    told = {"solar_forecast": [house_id], "solar_correction": False}
    return {"init": {"next_step_id": "forecast"}, "forecast": told}


async def names(api: Api) -> Names:
    """Look up what Ampacity's entities and its charger are called."""
    entry_id = (await _entries(api))[AMPACITY]["entry_id"]
    owners = await _parts(api, entry_id)
    charger_id = owners["charger"]
    devices = await api.command("config/device_registry/list")
    entities = [
        entity
        for entity in await api.command("config/entity_registry/list")
        if entity["platform"] == AMPACITY
    ]
    return Names(
        site=_by_key(entities, entry_id),
        charger=_by_key(entities, charger_id),
        charger_device_id=next(
            device["id"]
            for device in devices
            if [AMPACITY, charger_id] in device["identifiers"]
        ),
        vehicle=_by_key(entities, owners["vehicle"]),
    )


async def _parts(api: Api, entry_id: str) -> dict[str, str]:
    """Return the ids of the site's subentries, by type: it has one of each."""
    parts = await api.command("config_entries/subentries/list", entry_id=entry_id)
    return {part["subentry_type"]: part["subentry_id"] for part in parts}


async def _entries(api: Api) -> dict[str, Json]:
    """Return the config entries, by domain."""
    entries = await api.command("config_entries/get")
    return {entry["domain"]: entry for entry in entries}


def _by_key(entities: list[Json], owner_id: str) -> dict[str, str]:
    prefix = f"{owner_id}_"
    return {
        entity["unique_id"].removeprefix(prefix): entity["entity_id"]
        for entity in entities
        if entity["unique_id"].startswith(prefix)
    }
