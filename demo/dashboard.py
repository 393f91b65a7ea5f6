"""The page that a visitor of the demo sees."""

from typing import Any

from .api import Api, Json
from .house import Names

PATH = "ampacity-demo"


async def show(api: Api, names: Names) -> str:
    """Make the dashboard, open it by default, and return its path."""
    dashboards = await api.command("lovelace/dashboards/list")
    if all(dashboard["url_path"] != PATH for dashboard in dashboards):
        await api.command(
            "lovelace/dashboards/create",
            url_path=PATH,
            title="Ampacity",
            icon="mdi:ev-station",
            mode="storage",
            show_in_sidebar=True,
            require_admin=False,
        )
    await api.command("lovelace/config/save", url_path=PATH, config=page(names))
    await api.command(
        "frontend/set_system_data", key="core", value={"default_panel": PATH}
    )
    return f"/{PATH}"


def page(names: Names) -> Json:
    """Return the dashboard's configuration."""
    return {
        "title": "Ampacity",
        "views": [
            {
                "title": "House",
                "type": "sections",
                "max_columns": 3,
                "dense_section_placement": True,
                "badges": _badges(),
                "sections": [
                    _section(
                        *_headed("Charging", "mdi:ev-station", _charging(names)),
                        *_headed("Play", "mdi:gesture-tap", _play()),
                    ),
                    _section(
                        *_headed("House", "mdi:home-lightning-bolt", _house(names)),
                        _history(names),
                    ),
                    _section(*_headed("Plan", "mdi:calendar-clock", _plan(names))),
                ],
            }
        ],
    }


def _section(*cards: Json) -> Json:
    return {"type": "grid", "cards": list(cards)}


def _headed(title: str, icon: str, cards: list[Json]) -> list[Json]:
    return [{"type": "heading", "heading": title, "icon": icon}, *cards]


def _badges() -> list[Json]:
    names = {
        "binary_sensor.house_main_fuse": "Main fuse",
        "sensor.house_main_fuse_heat": "Heat of the fuse",
    }
    return [
        {"type": "entity", "entity": entity, "name": name, "show_name": True}
        for entity, name in names.items()
    ]


def _charging(names: Names) -> list[Json]:
    charger = names.charger
    return [
        {
            "type": "markdown",
            "content": (
                f"{{{{ state_attr('{charger['reason']}', 'sentence')"
                f" or state_translated('{charger['reason']}') }}}}"
            ),
        },
        _tile(
            charger["mode"],
            name="Mode",
            icon="mdi:ev-station",
            features=[{"type": "select-options"}],
        ),
        _tile(charger["charging_power"], name="Charging", color="green"),
        _tile(charger["offered_current"], name="Offered", color="green"),
        _tile(names.vehicle["soc"], name="Car", icon="mdi:car-electric"),
        _tile(charger["session_energy"], name="This session"),
        _button(charger["boost"], "Boost"),
        _button(charger["stop_boost"], "Stop boost"),
    ]


def _told(names: Names) -> str:
    """Return the template of what comes next and what all of it costs."""
    charger = names.charger
    calendar, end = charger["plan"], charger["plan_end"]
    currency = f"state_attr('{names.site['import_price']}', 'unit_of_measurement')"
    return (
        f"{{% set end = states.{end}.attributes %}}"
        f"{{% if state_attr('{calendar}', 'message') %}}"
        f"**{{{{ state_attr('{calendar}', 'message') }}}}.** "
        f"{{{{ state_attr('{calendar}', 'description') }}}}"
        "{% if 'cost' in end %} In total {{ end.energy_kwh | round(1) }} kWh for "
        "{{ '%.2f' | format(end.cost) }} "
        f"{{{{ ({currency} or '').partition('/')[0] }}}}"
        "{% if end.saving >= 0.01 %}, {{ '%.2f' | format(end.saving) }} less than charging at "
        "once{% endif %}.{% endif %}"
        "{% else %}Nothing is planned.{% endif %}"
    )


def _plan(names: Names) -> list[Json]:
    charger = names.charger
    calendar = charger["plan"]
    return [
        {"type": "markdown", "content": _told(names)},
        _tile(charger["ready_by"], name="Ready by", icon="mdi:flag-checkered"),
        _tile(names.site["import_price"], name="Price now", icon="mdi:cash-clock"),
        _tile(charger["plan_start"], name="Charges from", color="green"),
        _tile(charger["plan_end"], name="Until", color="green"),
        {
            "type": "calendar",
            "initial_view": "listWeek",
            "entities": [calendar],
            "grid_options": {"columns": "full", "rows": 5},
        },
    ]


def _house(names: Names) -> list[Json]:
    site = names.site
    return [
        _tile(site["solar_power"], name="Sun", icon="mdi:solar-power", color="amber"),
        _tile(site["surplus_power"], name="Surplus", icon="mdi:flash", color="amber"),
        _tile(site["home_power"], name="Home", icon="mdi:home", color="blue"),
        _tile(
            site["grid_power"], name="Grid", icon="mdi:transmission-tower", color="red"
        ),
        *(
            {
                "type": "gauge",
                "entity": f"sensor.smart_meter_current_l{phase}",
                "name": f"L{phase} of 25 A",
                "min": -25,
                "max": 25,
                "needle": True,
                "severity": {"green": -25, "yellow": 18, "red": 23},
                "grid_options": {"columns": 4},
            }
            for phase in (1, 2, 3)
        ),
    ]


def _play() -> list[Json]:
    toggles = {
        "switch.house_oven": ("Oven", "mdi:stove"),
        "switch.house_hob": ("Hob", "mdi:pot-steam"),
        "switch.house_kettle": ("Kettle", "mdi:kettle"),
        "switch.house_clouds": ("Clouds", "mdi:weather-partly-cloudy"),
        "switch.house_oven_automatic": ("Oven by itself", "mdi:chef-hat"),
        "switch.house_car_plugged_in": ("Car plugged in", "mdi:ev-plug-type2"),
        "switch.smart_meter_outage": ("Meter outage", "mdi:meter-electric-outline"),
        "switch.smart_meter_frozen": ("Meter frozen", "mdi:snowflake"),
    }
    return [
        _tile(entity, name=name, icon=icon, tap_action={"action": "toggle"})
        for entity, (name, icon) in toggles.items()
    ]


def _history(names: Names) -> Json:
    return {
        "type": "history-graph",
        "title": "The last ten minutes",
        "hours_to_show": 10 / 60,
        "entities": [
            {"entity": names.site["solar_power"], "name": "Sun"},
            {"entity": names.site["surplus_power"], "name": "Surplus"},
            {"entity": names.charger["charging_power"], "name": "Charging"},
            {"entity": names.site["grid_power"], "name": "Grid"},
        ],
        "grid_options": {"columns": "full", "rows": 6},
    }


def _tile(entity: str, **options: Any) -> Json:
    return {
        "type": "tile",
        "entity": entity,
        "grid_options": {"columns": 12 if "features" in options else 6},
        **options,
    }


def _button(entity: str, name: str) -> Json:
    press = {
        "action": "perform-action",
        "perform_action": "button.press",
        "target": {"entity_id": entity},
    }
    return _tile(entity, name=name, tap_action=press, hide_state=True)
