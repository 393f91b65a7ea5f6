"""The virtual house and Ampacity in it, set up as their owner would do it."""

from collections.abc import Mapping
from dataclasses import dataclass

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
OPTIONS: tuple[Answers, ...] = (
    {
        "init": {"next_step_id": "control"},
        "control": {
            "start_delay": 15,
            "stop_delay": 60,
            "raise_delay": 15,
            "resume_delay": 20,
        },
    },
    {
        "init": {"next_step_id": "prices"},
        "prices": {"price_kind": "fixed", "feed_in_price": 0.08},
        "price_fixed": {"import_price": 0.32},
    },
)

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
        "soc_sensor": "sensor.wallbox_car_soc",
    },
    "electrical": {
        "phases": "3",
        "phase_map": "l1_l2_l3",
        "min_current": 6,
        "max_current": 16,
    },
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


async def set_up(api: Api) -> Names:
    """Add the virtual house, the site and its charger, each only where it is missing."""
    entries = await _entries(api)
    if HOUSE not in entries:
        await add_entry(api, HOUSE, {"user": {}})
    if AMPACITY not in entries:
        await _add_site(api)
    return await names(api)


async def _add_site(api: Api) -> None:
    created = await add_entry(api, AMPACITY, SITE)
    entry_id = created["result"]["entry_id"]
    if created.get("next_flow"):
        await finish_next(api, created, CHARGER)
    else:
        await add_subentry(api, entry_id, "charger", CHARGER)
    for section in OPTIONS:
        await change_options(api, entry_id, section)
    charger = (await names(api)).charger
    await api.call(
        "select.select_option", {"entity_id": charger["mode"], "option": "solar"}
    )


async def names(api: Api) -> Names:
    """Look up what Ampacity's entities and its charger are called."""
    entry_id = (await _entries(api))[AMPACITY]["entry_id"]
    subentries = await api.command("config_entries/subentries/list", entry_id=entry_id)
    charger_id = subentries[0]["subentry_id"]
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
    )


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
