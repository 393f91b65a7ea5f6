"""Tests of what a charger says."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.ampacity.chargers.reader import read_charger
from custom_components.ampacity.engine.model import (
    ChargerReading,
    ChargerStatus,
    Fault,
    Reading,
)

from .common import (
    ACTION,
    ACTIONS,
    BINARY,
    BUTTONS,
    INVERTED_SWITCH,
    NEVER,
    OPTIONS,
    SELECT,
    SENSOR,
    ZERO,
    charger,
    show_levers,
    show_limit,
    show_select,
)


def read(hass: HomeAssistant, *parts: dict[str, Any], **data: Any) -> ChargerReading:
    """Read the charger that the parts describe."""
    return read_charger(hass, charger(*parts, **data), dt_util.utcnow())


def outcome(reading: Reading | None) -> float | Fault | None:
    """Return a reading's value or its fault."""
    return None if reading is None else reading.fault or reading.value


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("Available", ChargerStatus.DISCONNECTED),
        ("Waiting", ChargerStatus.CONNECTED),
        ("Paused", ChargerStatus.PAUSED),
        ("Charging", ChargerStatus.CHARGING),
        ("charging", ChargerStatus.CHARGING),
        (" CHARGING ", ChargerStatus.CHARGING),
        ("Complete", ChargerStatus.FINISHED),
        ("1", ChargerStatus.AUTH),
        ("Fault", ChargerStatus.ERROR),
        ("unknown", ChargerStatus.OFFLINE),
        ("unavailable", ChargerStatus.OFFLINE),
        ("", ChargerStatus.OFFLINE),
        (None, ChargerStatus.OFFLINE),
        ("Firmware dance", ChargerStatus.CONNECTED),
    ],
)
def test_status_sensor(
    hass: HomeAssistant, state: str | None, status: ChargerStatus
) -> None:
    """The map gives the status; without a state the charger is offline."""
    show_levers(hass)
    if state is not None:
        hass.states.async_set("sensor.status", state)
    assert read(hass, SENSOR).status is status


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ({}, ChargerStatus.CONNECTED),
        ({"sensor.power": "3600"}, ChargerStatus.CHARGING),
        ({"binary_sensor.plug": "off"}, ChargerStatus.DISCONNECTED),
        ({"binary_sensor.plug": "on"}, ChargerStatus.CONNECTED),
        (
            {"binary_sensor.plug": "on", "binary_sensor.charging": "on"},
            ChargerStatus.CHARGING,
        ),
        ({"switch.charge": "off"}, ChargerStatus.PAUSED),
    ],
)
def test_a_status_that_nobody_mapped(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    states: dict[str, str],
    status: ChargerStatus,
) -> None:
    """Other sensors tell then, and the log says it once for each such word."""
    show_levers(hass)
    caplog.set_level("INFO")
    for entity_id, state in states.items():
        hass.states.async_set(entity_id, state)
    plug = (
        {"plug_sensor": "binary_sensor.plug"} if "binary_sensor.plug" in states else {}
    )
    parts = (
        SENSOR
        | plug
        | {
            "charging_sensor": "binary_sensor.charging",
            "power_sensor": "sensor.power",
        }
    )
    for word in ("Dance", "Dance", "Sing", "Dance"):
        hass.states.async_set("sensor.status", word)
        assert read(hass, parts).status is status
    assert caplog.text.count("'Dance'") == 1
    assert caplog.text.count("'Sing'") == 1


@pytest.mark.parametrize(
    ("word", "plug", "status"),
    [
        ("unknown", "on", ChargerStatus.CONNECTED),
        ("unknown", "off", ChargerStatus.DISCONNECTED),
        ("unknown", "unavailable", ChargerStatus.OFFLINE),
        ("unavailable", "on", ChargerStatus.OFFLINE),
        ("Paused", "on", ChargerStatus.PAUSED),
        ("Paused", "off", ChargerStatus.DISCONNECTED),
        ("Paused", "unavailable", ChargerStatus.PAUSED),
        ("Charging", "off", ChargerStatus.CHARGING),
        ("Fault", "off", ChargerStatus.ERROR),
    ],
)
def test_a_status_that_leaves_the_plug_open(
    hass: HomeAssistant, word: str, plug: str, status: ChargerStatus
) -> None:
    """The plug sensor tells what an unknown or a paused status does not."""
    show_levers(hass)
    hass.states.async_set("sensor.status", word)
    hass.states.async_set("binary_sensor.plug", plug)
    words = {"Paused": "paused", "Charging": "charging", "Fault": "error"}
    data = SENSOR | {"status_map": words, "plug_sensor": "binary_sensor.plug"}
    assert read(hass, data).status is status


@pytest.mark.parametrize(
    ("plug", "charging", "switch", "status"),
    [
        ("off", "off", "on", ChargerStatus.DISCONNECTED),
        ("off", "on", "on", ChargerStatus.DISCONNECTED),
        ("on", "off", "on", ChargerStatus.CONNECTED),
        ("on", "off", "off", ChargerStatus.PAUSED),
        ("on", "on", "on", ChargerStatus.CHARGING),
        ("on", "unavailable", "on", ChargerStatus.CONNECTED),
        ("unavailable", "on", "on", ChargerStatus.OFFLINE),
        ("unknown", "off", "on", ChargerStatus.OFFLINE),
        ("maybe", "off", "on", ChargerStatus.OFFLINE),
        (None, "off", "on", ChargerStatus.OFFLINE),
    ],
)
def test_binary_sensors(
    hass: HomeAssistant,
    plug: str | None,
    charging: str,
    switch: str,
    status: ChargerStatus,
) -> None:
    """Plug and charging sensors make the status; an unknown plug is offline."""
    show_levers(hass)
    if plug is not None:
        hass.states.async_set("binary_sensor.plug", plug)
    hass.states.async_set("binary_sensor.charging", charging)
    hass.states.async_set("switch.charge", switch)
    assert read(hass, BINARY).status is status


@pytest.mark.parametrize(
    ("power", "unit", "current", "switch", "status"),
    [
        ("0", "W", "0", "on", ChargerStatus.CONNECTED),
        ("200", "W", "1", "on", ChargerStatus.CONNECTED),
        ("201", "W", "0", "on", ChargerStatus.CHARGING),
        ("1.4", "kW", "0", "on", ChargerStatus.CHARGING),
        ("-3600", "W", "0", "on", ChargerStatus.CHARGING),
        ("0", "W", "1.1", "on", ChargerStatus.CHARGING),
        ("unavailable", "W", "6", "on", ChargerStatus.CHARGING),
        ("nan", "W", "unknown", "on", ChargerStatus.CONNECTED),
        ("0", "W", "0", "off", ChargerStatus.PAUSED),
        ("3600", "W", "0", "off", ChargerStatus.CHARGING),
    ],
)
def test_no_status_at_all(
    hass: HomeAssistant,
    power: str,
    unit: str,
    current: str,
    switch: str,
    status: ChargerStatus,
) -> None:
    """What flows tells whether it charges; a leftover plug sensor is not asked."""
    show_levers(hass)
    hass.states.async_set("switch.charge", switch)
    hass.states.async_set("sensor.power", power, {"unit_of_measurement": unit})
    hass.states.async_set("sensor.l1", current, {"unit_of_measurement": "A"})
    reading = read(
        hass,
        power_sensor="sensor.power",
        current_l1="sensor.l1",
        plug_sensor="binary_sensor.gone",
    )
    assert reading.status is status


def test_no_sensors_at_all(hass: HomeAssistant) -> None:
    """A charger with levers alone is taken to charge as long as it is let."""
    show_levers(hass)
    reading = read(hass)
    assert reading.status is ChargerStatus.CHARGING
    assert reading.enabled is True
    assert outcome(reading.offered_a) == 16.0
    assert reading.power_w is None
    assert reading.current_a == ()
    assert reading.energy_wh is None
    assert reading.soc is None
    assert reading.write_failed is False


def test_no_sensors_and_switched_off(hass: HomeAssistant) -> None:
    """A charger with levers alone takes nothing while its switch is off."""
    show_levers(hass)
    hass.states.async_set("switch.charge", "off")
    assert read(hass).status is ChargerStatus.PAUSED


@pytest.mark.parametrize("lever", ["number.limit", "switch.charge"])
@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Charging", ChargerStatus.OFFLINE),
        ("Waiting", ChargerStatus.OFFLINE),
        ("Available", ChargerStatus.DISCONNECTED),
        ("Fault", ChargerStatus.ERROR),
    ],
)
def test_levers_out_of_reach(
    hass: HomeAssistant, lever: str, gone: bool, word: str, status: ChargerStatus
) -> None:
    """A charger that cannot be commanded is offline, unless there is nothing to command."""
    show_levers(hass)
    hass.states.async_set("sensor.status", word)
    if gone:
        hass.states.async_remove(lever)
    else:
        hass.states.async_set(lever, "unavailable")
    assert read(hass, SENSOR).status is status


def test_a_lever_without_a_state_is_in_reach(hass: HomeAssistant) -> None:
    """Many levers show nothing before their first use."""
    show_levers(hass)
    show_limit(hass, "unknown")
    reading = read(hass)
    assert reading.status is ChargerStatus.CHARGING
    assert outcome(reading.offered_a) is Fault.MISSING


@pytest.mark.parametrize(
    ("start", "stop", "status"),
    [
        ("unknown", "unknown", ChargerStatus.CHARGING),
        ("unavailable", "2026-11-02T10:00:00+00:00", ChargerStatus.CHARGING),
        ("unavailable", "unavailable", ChargerStatus.OFFLINE),
    ],
)
def test_hidden_buttons(
    hass: HomeAssistant, start: str, stop: str, status: ChargerStatus
) -> None:
    """A button that makes no sense now may be hidden; both are not."""
    show_limit(hass)
    hass.states.async_set("button.start", start)
    hass.states.async_set("button.stop", stop)
    reading = read(hass, BUTTONS)
    assert reading.status is status
    assert reading.enabled is None


@pytest.mark.parametrize(
    ("state", "status"),
    [("auto", ChargerStatus.CHARGING), ("unavailable", ChargerStatus.OFFLINE)],
)
def test_a_select_out_of_reach(
    hass: HomeAssistant, state: str, status: ChargerStatus
) -> None:
    """A select that starts and stops must be in reach as well."""
    show_limit(hass)
    hass.states.async_set("select.mode", state)
    assert read(hass, OPTIONS).status is status


def test_a_charger_that_never_pauses(hass: HomeAssistant) -> None:
    """Without a lever to start and stop, the limit alone must be in reach."""
    show_limit(hass)
    assert read(hass, NEVER).status is ChargerStatus.CHARGING


def test_actions_out_of_reach(hass: HomeAssistant) -> None:
    """A charger driven by actions is offline until its integration has loaded."""
    assert read(hass, ACTION, ACTIONS).status is ChargerStatus.OFFLINE
    async_mock_service(hass, "easee", "set_charger_dynamic_limit")
    assert read(hass, ACTION, ACTIONS).status is ChargerStatus.OFFLINE
    async_mock_service(hass, "easee", "action_command")
    reading = read(hass, ACTION, ACTIONS)
    assert reading.status is ChargerStatus.CHARGING
    assert reading.enabled is None
    assert reading.offered_a is None


@pytest.mark.parametrize(
    ("state", "unit", "expected"),
    [
        ("16", "A", 16.0),
        ("16000", "mA", 16.0),
        ("16", None, 16.0),
        ("nan", "A", Fault.NOT_A_NUMBER),
        ("6900", "W", 10.0),
        ("11.04", "kW", 16.0),
        ("nan", "W", Fault.NOT_A_NUMBER),
        ("3700", "kWh", Fault.WRONG_UNIT),
        ("unavailable", "A", Fault.MISSING),
    ],
)
def test_offer_of_a_number(
    hass: HomeAssistant, state: str, unit: str | None, expected: float | Fault
) -> None:
    """The number shows what is offered."""
    show_limit(hass, state, unit_of_measurement=unit)
    assert outcome(read(hass).offered_a) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("16 A", 16.0),
        ("16A", 16.0),
        ("16", 16.0),
        ("16.0", 16.0),
        ("16 Amps", 16.0),
        ("10.5 ampere (3 phases)", 10.5),
        ("16000 mA", 16.0),
        ("off", Fault.NOT_A_NUMBER),
        ("1 phase", Fault.NOT_A_NUMBER),
        ("10,5 A", Fault.NOT_A_NUMBER),
        ("unavailable", Fault.MISSING),
        ("unknown", Fault.MISSING),
        (None, Fault.MISSING),
    ],
)
def test_offer_of_a_select(
    hass: HomeAssistant, state: str | None, expected: float | Fault
) -> None:
    """The option that is chosen shows what is offered."""
    if state is not None:
        show_select(hass, state, [state])
    assert outcome(read(hass, SELECT).offered_a) == expected


@pytest.mark.parametrize("part", [{}, ACTION])
def test_offer_of_a_sensor(hass: HomeAssistant, part: dict[str, Any]) -> None:
    """A sensor of the offered current counts before the lever."""
    show_levers(hass)
    hass.states.async_set("sensor.offered", "10", {"unit_of_measurement": "A"})
    assert outcome(read(hass, part, offered_sensor="sensor.offered").offered_a) == 10.0


@pytest.mark.parametrize(
    ("part", "states", "enabled"),
    [
        ({}, {"switch.charge": "on"}, True),
        ({}, {"switch.charge": "off"}, False),
        ({}, {"switch.charge": "unknown"}, None),
        ({}, {}, None),
        (INVERTED_SWITCH, {"switch.charge": "on"}, False),
        (INVERTED_SWITCH, {"switch.charge": "off"}, True),
        (INVERTED_SWITCH, {"switch.charge": "unavailable"}, None),
        (OPTIONS, {"select.mode": "active"}, True),
        (OPTIONS, {"select.mode": "disabled"}, False),
        (OPTIONS, {"select.mode": "auto"}, None),
        (OPTIONS, {}, None),
        (ZERO, {"number.limit": "6"}, True),
        (ZERO, {"number.limit": "0"}, False),
        (ZERO, {"number.limit": "unavailable"}, None),
        (ZERO | ACTION, {}, None),
        (NEVER, {}, None),
    ],
)
def test_enabled(
    hass: HomeAssistant,
    part: dict[str, Any],
    states: dict[str, str],
    enabled: bool | None,
) -> None:
    """Whether it may charge is what the lever shows, None where it shows nothing."""
    for entity_id, state in states.items():
        hass.states.async_set(entity_id, state)
    assert read(hass, part).enabled is enabled


def test_sensors(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """All sensors are read in the engine's units, with their ages."""
    show_levers(hass)
    for name, state, unit in (
        ("power", "7.2", "kW"),
        ("l1", "10400", "mA"),
        ("l3", "10.2", "A"),
        ("energy", "12.5", "kWh"),
        ("soc", "61", "%"),
    ):
        hass.states.async_set(f"sensor.{name}", state, {"unit_of_measurement": unit})
    freezer.tick(7)
    reading = read(
        hass,
        power_sensor="sensor.power",
        current_l1="sensor.l1",
        current_l3="sensor.l3",
        energy_sensor="sensor.energy",
        soc_sensor="sensor.soc",
    )
    assert outcome(reading.power_w) == pytest.approx(7200)
    assert reading.power_w is not None
    assert reading.power_w.age_s == pytest.approx(7)
    assert [outcome(current) for current in reading.current_a] == [
        pytest.approx(10.4),
        Fault.MISSING,
        10.2,
    ]
    assert outcome(reading.energy_wh) == pytest.approx(12500)
    assert outcome(reading.soc) == 61.0
    assert reading.status is ChargerStatus.CHARGING


def test_a_charger_that_is_not_there(hass: HomeAssistant) -> None:
    """Before its integration has loaded, a charger is offline with all its sensors missing."""
    reading = read(
        hass, SENSOR, power_sensor="sensor.power", energy_sensor="sensor.energy"
    )
    assert reading.status is ChargerStatus.OFFLINE
    assert outcome(reading.power_w) is Fault.MISSING
    assert outcome(reading.energy_wh) is Fault.MISSING
