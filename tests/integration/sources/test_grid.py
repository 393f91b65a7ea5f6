"""Tests of the grid meter in all its forms."""

from collections.abc import Mapping

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.ampacity.engine.model import Fault, GridReading
from custom_components.ampacity.sources.grid import GridSource

TOTAL = {"grid_power": "sensor.p"}
PAIR = {"grid_import": "sensor.in", "grid_export": "sensor.out"}
POWERS = {f"grid_power_l{number}": f"sensor.p{number}" for number in (1, 2, 3)}
CURRENTS = {f"grid_current_l{number}": f"sensor.i{number}" for number in (1, 2, 3)}
VOLTAGES = {f"grid_voltage_l{number}": f"sensor.u{number}" for number in (1, 2, 3)}
INVERTED = {"grid_inverted": True}
UNITS = {"p": "W", "i": "A", "u": "V", "o": "W"}


def show(hass: HomeAssistant, **states: object) -> None:
    """Set sensors by object id; the first letter tells the unit, ``inp`` apart."""
    for name, state in states.items():
        unit = "W" if name == "in_" else UNITS[name[0]]
        hass.states.async_set(
            f"sensor.{name.rstrip('_')}", str(state), {"unit_of_measurement": unit}
        )


def read(
    hass: HomeAssistant, *parts: Mapping[str, object], phases: int = 3
) -> GridReading:
    """Read the meter that the parts of a configuration describe."""
    data: dict[str, object] = {"phases": phases, "voltage": 230.0}
    for part in parts:
        data |= part
    return GridSource.from_config(data).read(hass, dt_util.utcnow())


def total_w(reading: GridReading) -> float | Fault | None:
    """Return the total's value or its fault."""
    if reading.power_w is None:
        return None
    return reading.power_w.fault or round(reading.power_w.value, 3)


def amperes(reading: GridReading) -> list[float | Fault]:
    """Return each phase's current or its fault."""
    return [current.fault or round(current.value, 3) for current in reading.current_a]


@pytest.mark.parametrize(
    ("config", "states", "power_w", "current_a"),
    [
        pytest.param(TOTAL, {"p": 1240}, 1240, [], id="total"),
        pytest.param(TOTAL | INVERTED, {"p": 1240}, -1240, [], id="inverted total"),
        pytest.param(PAIR, {"in_": 900, "out": 0}, 900, [], id="pair importing"),
        pytest.param(PAIR, {"in_": 0, "out": 700}, -700, [], id="pair exporting"),
        pytest.param(
            PAIR | INVERTED, {"in_": 0, "out": 700}, -700, [], id="pair has no sign"
        ),
        pytest.param(
            {"grid_import": "sensor.in"}, {"in_": 900}, None, [], id="half a pair"
        ),
        pytest.param(
            POWERS,
            {"p1": 2300, "p2": -1150, "p3": 0},
            1150,
            [10, -5, 0],
            id="powers",
        ),
        pytest.param(
            POWERS | INVERTED,
            {"p1": 2300, "p2": -1150, "p3": 0},
            -1150,
            [-10, 5, 0],
            id="inverted powers",
        ),
        pytest.param(
            TOTAL | POWERS,
            {"p": 1200, "p1": 2300, "p2": -1150, "p3": 0},
            1200,
            [10, -5, 0],
            id="total before powers",
        ),
        pytest.param(
            POWERS | CURRENTS,
            {"p1": 2300, "p2": -1150, "p3": 0, "i1": 11, "i2": 6, "i3": 0.5},
            1150,
            [11, -6, 0.5],
            id="unsigned currents signed by powers",
        ),
        pytest.param(
            TOTAL | CURRENTS,
            {"p": -900, "i1": 4, "i2": 1, "i3": 2},
            -900,
            [4, 1, 2],
            id="unsigned currents beside a total count as import",
        ),
        pytest.param(
            TOTAL | CURRENTS,
            {"p": 460, "i1": 4, "i2": -1, "i3": -1},
            460,
            [4, -1, -1],
            id="signed currents beside a total",
        ),
        pytest.param(
            TOTAL | CURRENTS | INVERTED,
            {"p": -460, "i1": -4, "i2": 1, "i3": 1},
            460,
            [4, -1, -1],
            id="inverted signed currents",
        ),
        pytest.param(
            TOTAL | CURRENTS | INVERTED,
            {"p": -460, "i1": 4, "i2": 1, "i3": 1},
            460,
            [4, 1, 1],
            id="inverted unsigned currents",
        ),
        pytest.param(
            TOTAL | CURRENTS,
            {"p": 2760, "i1": -10, "i2": -1, "i3": -1},
            2760,
            [10, 1, 1],
            id="currents of the wrong sign count as import",
        ),
        pytest.param(
            CURRENTS, {"i1": 4, "i2": 1, "i3": 2}, None, [4, 1, 2], id="no direction"
        ),
        pytest.param(
            CURRENTS,
            {"i1": 4, "i2": -6, "i3": 1},
            -230,
            [4, -6, 1],
            id="signed currents alone",
        ),
        pytest.param(
            CURRENTS | INVERTED,
            {"i1": 4, "i2": -6, "i3": 1},
            230,
            [-4, 6, -1],
            id="inverted signed currents alone",
        ),
        pytest.param({}, {}, None, [], id="nothing"),
    ],
)
def test_three_phases(
    hass: HomeAssistant,
    config: Mapping[str, object],
    states: Mapping[str, object],
    power_w: float | None,
    current_a: list[float],
) -> None:
    """Each kind of meter, with and without signs, and several together."""
    show(hass, **states)
    reading = read(hass, config)
    assert total_w(reading) == power_w
    assert amperes(reading) == current_a
    assert reading.voltage_v == ()


@pytest.mark.parametrize(
    ("config", "states", "power_w", "current_a"),
    [
        pytest.param(TOTAL, {"p": -1150}, -1150, [-5], id="total"),
        pytest.param(PAIR, {"in_": 0, "out": 1150}, -1150, [-5], id="pair"),
        pytest.param(
            TOTAL | CURRENTS, {"p": -1150, "i1": 6}, -1150, [-6], id="total and current"
        ),
        pytest.param(CURRENTS, {"i1": 6}, None, [6], id="unsigned current"),
        pytest.param(CURRENTS, {"i1": -6}, -1380, [-6], id="signed current"),
        pytest.param(POWERS, {"p1": 1150}, 1150, [5], id="power of the phase"),
        pytest.param(
            TOTAL, {"p": "unavailable"}, Fault.MISSING, [Fault.MISSING], id="missing"
        ),
    ],
)
def test_one_phase(
    hass: HomeAssistant,
    config: Mapping[str, object],
    states: Mapping[str, object],
    power_w: float | Fault | None,
    current_a: list[float | Fault],
) -> None:
    """On a single-phase site the total is the phase; entities of other phases don't count."""
    show(hass, **states)
    reading = read(hass, config, phases=1)
    assert total_w(reading) == power_w
    assert amperes(reading) == current_a


@pytest.mark.parametrize(
    ("config", "states", "power_w", "current_a"),
    [
        pytest.param(TOTAL, {"p": "nan"}, Fault.NOT_A_NUMBER, [], id="total NaN"),
        pytest.param(PAIR, {"in_": 900}, Fault.MISSING, [], id="export gone"),
        pytest.param(
            PAIR, {"out": 900, "in_": "unknown"}, Fault.MISSING, [], id="import unknown"
        ),
        pytest.param(
            TOTAL | PAIR,
            {"p": "unavailable", "in_": 900, "out": 0},
            900,
            [],
            id="the pair stands in for the total",
        ),
        pytest.param(
            TOTAL | POWERS,
            {"p": "unavailable", "p1": 230, "p2": 0, "p3": 0},
            230,
            [1, 0, 0],
            id="the phases stand in for the total",
        ),
        pytest.param(
            TOTAL | POWERS,
            {"p": "x", "p1": 230, "p2": "unavailable", "p3": 0},
            Fault.NOT_A_NUMBER,
            [1, Fault.MISSING, 0],
            id="nothing stands in",
        ),
        pytest.param(
            POWERS | CURRENTS,
            {"p1": 230, "p2": 460, "p3": 0, "i1": 1.2, "i2": "inf", "i3": 0},
            690,
            [1.2, 2, 0],
            id="power stands in for a current",
        ),
        pytest.param(
            POWERS | CURRENTS,
            {"p1": 230, "p2": "?", "p3": 0, "i1": 1.2, "i2": 7, "i3": 0},
            Fault.NOT_A_NUMBER,
            [1.2, 7, 0],
            id="a current goes on without its sign",
        ),
        pytest.param(
            CURRENTS,
            {"i1": -1.2, "i2": "unavailable", "i3": 0},
            Fault.MISSING,
            [-1.2, Fault.MISSING, 0],
            id="a phase gone",
        ),
        pytest.param(
            {"grid_current_l1": "sensor.i1"} | TOTAL,
            {"i1": 3, "p": 690},
            690,
            [3, Fault.MISSING, Fault.MISSING],
            id="only one phase configured",
        ),
        pytest.param(
            CURRENTS | TOTAL,
            {"i1": -9, "i2": 0, "i3": 0, "p": "unavailable"},
            Fault.MISSING,
            [-9, 0, 0],
            id="signs without a total to compare with",
        ),
    ],
)
def test_faults(
    hass: HomeAssistant,
    config: Mapping[str, object],
    states: Mapping[str, object],
    power_w: float | Fault,
    current_a: list[float | Fault],
) -> None:
    """What is gone is a fault, where nothing else tells the same."""
    show(hass, **states)
    reading = read(hass, config)
    assert total_w(reading) == power_w
    assert amperes(reading) == current_a


def test_a_unit_of_something_else(hass: HomeAssistant) -> None:
    """An energy counter taken for the power is not read as one."""
    hass.states.async_set("sensor.p", "1240", {"unit_of_measurement": "kWh"})
    assert total_w(read(hass, TOTAL)) is Fault.WRONG_UNIT


@pytest.mark.parametrize(
    ("volts", "voltage_v", "first_a"),
    [
        ((240, 230, 225), (240.0, 230.0, 225.0), 10.0),
        ((240, "unavailable", 225), (), 10.0),
        ((0, 230, 225), (), 2400 / 230),
        ((24000, 230, 225), (), 2400 / 230),
        (("nan", 230, 225), (), 2400 / 230),
    ],
)
def test_voltage(
    hass: HomeAssistant,
    volts: tuple[object, object, object],
    voltage_v: tuple[float, ...],
    first_a: float,
) -> None:
    """A measured voltage counts where it makes sense, else the nominal one."""
    show(hass, p1=2400, p2=0, p3=0, u1=volts[0], u2=volts[1], u3=volts[2])
    reading = read(hass, POWERS, VOLTAGES)
    assert reading.voltage_v == voltage_v
    assert reading.current_a[0].value == pytest.approx(first_a)


def test_ages(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Each value is as old as the oldest report that it is made of, voltages aside."""
    show(hass, u1=230, u2=230, u3=230)
    freezer.tick(3600)
    show(hass, p1=230, i2=2)
    freezer.tick(50)
    show(hass, p2=230, i1=1, i3=3)
    freezer.tick(10)
    show(hass, p3=230)
    freezer.tick(5)
    reading = read(hass, POWERS, CURRENTS, VOLTAGES)
    assert reading.power_w is not None
    assert reading.power_w.age_s == pytest.approx(65)
    assert [current.age_s for current in reading.current_a] == [
        pytest.approx(65),
        pytest.approx(65),
        pytest.approx(15),
    ]


def test_entity_ids() -> None:
    """All entities are named once, those of phases that the site doesn't have not at all."""
    source = GridSource.from_config(
        {"phases": 1, "grid_import": "sensor.p", "grid_export": None}
        | TOTAL
        | CURRENTS
        | VOLTAGES
    )
    assert source.entity_ids == ("sensor.p", "sensor.i1", "sensor.u1")
