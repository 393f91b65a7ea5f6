"""Tests of one entity's state as a value."""

from datetime import timedelta
import math

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.engine.model import Fault, Reading
from custom_components.ampacity.sources.reading import (
    Quantity,
    combine,
    read,
    read_optional,
)

METER = "sensor.meter"


def show(hass: HomeAssistant, state: str, unit: object = None) -> None:
    """Set the state of the meter."""
    attributes = {} if unit is None else {ATTR_UNIT_OF_MEASUREMENT: unit}
    hass.states.async_set(METER, state, attributes)


@pytest.mark.parametrize(
    ("state", "unit", "quantity", "value"),
    [
        ("1240", "W", Quantity.POWER, 1240.0),
        ("-1.24", "kW", Quantity.POWER, -1240.0),
        ("0.00124", "MW", Quantity.POWER, 1240.0),
        ("1240000", "mW", Quantity.POWER, 1240.0),
        ("1240", None, Quantity.POWER, 1240.0),
        ("1.24e3", "W", Quantity.POWER, 1240.0),
        ("16", "A", Quantity.CURRENT, 16.0),
        ("16000", "mA", Quantity.CURRENT, 16.0),
        ("16.0", None, Quantity.CURRENT, 16.0),
        ("230", "V", Quantity.VOLTAGE, 230.0),
        ("230000", "mV", Quantity.VOLTAGE, 230.0),
        ("0.23", "kV", Quantity.VOLTAGE, 230.0),
        ("231", None, Quantity.VOLTAGE, 231.0),
        ("1500", "Wh", Quantity.ENERGY, 1500.0),
        ("1.5", "kWh", Quantity.ENERGY, 1500.0),
        ("0.0015", "MWh", Quantity.ENERGY, 1500.0),
        ("1.5", None, Quantity.ENERGY, 1500.0),
        ("80", "%", Quantity.PERCENT, 80.0),
        ("80", None, Quantity.PERCENT, 80.0),
    ],
)
def test_units(
    hass: HomeAssistant,
    state: str,
    unit: str | None,
    quantity: Quantity,
    value: float,
) -> None:
    """A value comes in the quantity's unit, whatever the state's is."""
    show(hass, state, unit)
    reading = read(hass, METER, quantity, dt_util.utcnow())
    assert reading.fault is None
    assert reading.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("state", "unit", "fault"),
    [
        ("unavailable", "W", Fault.MISSING),
        ("unknown", "W", Fault.MISSING),
        ("", "W", Fault.MISSING),
        ("unavailable", None, Fault.MISSING),
        ("nan", "W", Fault.NOT_A_NUMBER),
        ("inf", "W", Fault.NOT_A_NUMBER),
        ("-Infinity", "kW", Fault.NOT_A_NUMBER),
        ("1e308", "MW", Fault.NOT_A_NUMBER),
        ("importing", "W", Fault.NOT_A_NUMBER),
        ("1,5", "kW", Fault.NOT_A_NUMBER),
        ("None", "W", Fault.NOT_A_NUMBER),
        ("12", "A", Fault.WRONG_UNIT),
        ("12", "kWh", Fault.WRONG_UNIT),
        ("12", "VA", Fault.WRONG_UNIT),
        ("12", "kw", Fault.WRONG_UNIT),
        ("12", ["W"], Fault.WRONG_UNIT),
    ],
)
def test_faults(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    state: str,
    unit: object,
    fault: Fault,
) -> None:
    """What is no power is a fault, and it tells since when."""
    show(hass, state, unit)
    freezer.tick(42)
    reading = read(hass, METER, Quantity.POWER, dt_util.utcnow())
    assert reading.fault is fault
    assert not reading.ok
    assert math.isnan(reading.value)
    assert reading.age_s == pytest.approx(42)


def test_a_removed_entity(hass: HomeAssistant) -> None:
    """An entity that goes away while we run is missing."""
    now = dt_util.utcnow()
    show(hass, "5", "W")
    hass.states.async_remove(METER)
    reading = read(hass, METER, Quantity.POWER, now)
    assert (reading.fault, reading.age_s) == (Fault.MISSING, 0.0)
    assert math.isnan(reading.value)


def test_no_such_sensor(hass: HomeAssistant) -> None:
    """A sensor that was never configured is no fault."""
    assert read_optional(hass, None, Quantity.POWER, dt_util.utcnow()) is None


def test_age_counts_from_the_last_report(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The same value reported again is young, although it has not changed."""
    show(hass, "5", "W")
    freezer.tick(100)
    assert read(hass, METER, Quantity.POWER, dt_util.utcnow()).age_s == 100
    show(hass, "5", "W")
    freezer.tick(3)
    assert read(hass, METER, Quantity.POWER, dt_util.utcnow()).age_s == pytest.approx(3)


@pytest.mark.parametrize(("ahead_s", "age_s"), [(0.2, 0.0), (5.0, 0.0), (60.0, -60.0)])
def test_a_report_from_the_future(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, ahead_s: float, age_s: float
) -> None:
    """A clock that was set back shows in the age, a rounding doesn't."""
    show(hass, "5", "W")
    now = dt_util.utcnow() - timedelta(seconds=ahead_s)
    assert read(hass, METER, Quantity.POWER, now).age_s == pytest.approx(age_s)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            [Reading(value=5.0, age_s=1.0), Reading(value=2.0, age_s=9.0)],
            Reading(value=7.0, age_s=9.0),
        ),
        ([Reading(value=5.0, age_s=-60.0)], Reading(value=5.0, age_s=-60.0)),
    ],
)
def test_combine(parts: list[Reading], expected: Reading) -> None:
    """A combination is as old as its oldest part."""
    assert combine(parts, lambda *values: sum(values)) == expected


def test_combine_with_a_fault() -> None:
    """A fault in one part makes the whole unusable."""
    reading = combine(
        [Reading(value=5.0, age_s=1.0), Reading(age_s=9.0, fault=Fault.WRONG_UNIT)],
        lambda *values: sum(values),
    )
    assert (reading.fault, reading.age_s, reading.ok) == (Fault.WRONG_UNIT, 9.0, False)
