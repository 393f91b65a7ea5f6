"""The grid meter."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from simulation.meter import GridReading, Meter, MeterConfig
from simulation.phases import Phases
from simulation.publisher import Published

VOLTAGE: Phases = (230.0, 231.0, 229.0)


def _reading(config: MeterConfig, power_w: Phases, seconds: int = 1) -> GridReading:
    """Return what the meter shows after some seconds of a constant power."""
    meter = Meter(config)
    for second in range(1, seconds + 1):
        meter.advance(power_w, VOLTAGE, 1.0, float(second))
    assert meter.reading is not None
    return meter.reading.value


@pytest.mark.parametrize(
    ("power_step_w", "current_step_a", "power_w", "current_a"),
    [
        (1.0, 0.1, (1235.0, -568.0, 0.0), (5.4, -2.5, 0.0)),
        (10.0, 1.0, (1230.0, -570.0, 0.0), (5.0, -2.0, 0.0)),
        (0.0, 0.0, (1234.6, -567.8, 0.0), (1234.6 / 230, -567.8 / 231, 0.0)),
    ],
)
def test_rounding(
    power_step_w: float, current_step_a: float, power_w: Phases, current_a: Phases
) -> None:
    """Powers and currents come in the meter's steps, with their signs."""
    config = MeterConfig(power_step_w=power_step_w, current_step_a=current_step_a)
    reading = _reading(config, (1234.6, -567.8, 0.0))
    assert reading.phase_power_w == pytest.approx(power_w)
    assert reading.current_a == pytest.approx(current_a)
    assert reading.power_w == pytest.approx(1234.6 - 567.8, abs=power_step_w / 2 + 1e-9)


def test_nothing_is_not_minus_nothing() -> None:
    """A small export rounds to 0, not to -0."""
    reading = _reading(MeterConfig(), (-0.4, -0.4, -0.4))
    assert str(reading.phase_power_w) == "(0.0, 0.0, 0.0)"


def test_unsigned_currents() -> None:
    """Some meters report amounts; the powers keep their signs."""
    reading = _reading(MeterConfig(signed_current=False), (-2300.0, 2310.0, -229.0))
    assert reading.current_a == (10.0, 10.0, 1.0)
    assert reading.phase_power_w == (-2300.0, 2310.0, -229.0)


def test_no_current_on_a_dead_phase() -> None:
    """Without a voltage there is no current, and no division by zero."""
    meter = Meter(MeterConfig())
    meter.advance((0.0, 230.0, 0.0), (0.0, 230.0, 230.0), 1.0, 1.0)
    assert meter.reading is not None
    assert meter.reading.value.current_a == (0.0, 1.0, 0.0)


def test_registers_net_the_phases() -> None:
    """Import on one phase and export on another at once count as their sum."""
    meter = Meter(MeterConfig())
    meter.advance((3600.0, -1800.0, 0.0), VOLTAGE, 100.0, 100.0)
    meter.advance((0.0, -3600.0, 0.0), VOLTAGE, 10.0, 110.0)
    assert meter.import_wh == pytest.approx(50.0)
    assert meter.export_wh == pytest.approx(10.0)


def test_own_fault() -> None:
    """Any function can be a fault, e.g. a sign that turned."""

    def turned(
        fresh: Published[GridReading], last: Published[GridReading] | None
    ) -> Published[GridReading] | None:
        return replace(fresh, value=replace(fresh.value, power_w=-fresh.value.power_w))

    meter = Meter(MeterConfig())
    meter.fault = turned
    meter.advance((100.0, 100.0, 100.0), VOLTAGE, 1.0, 1.0)
    assert meter.reading is not None
    assert meter.reading.value.power_w == -300.0


@given(
    power_w=st.tuples(*[st.floats(-20_000, 20_000)] * 3),
    step=st.sampled_from([1.0, 10.0, 100.0]),
)
def test_rounding_is_never_off_by_more_than_half_a_step(
    power_w: Phases, step: float
) -> None:
    """On every phase and in total."""
    reading = _reading(MeterConfig(power_step_w=step), power_w)
    half = step / 2 + 1e-6
    assert abs(reading.power_w - sum(power_w)) <= half
    for shown, true in zip(reading.phase_power_w, power_w, strict=True):
        assert abs(shown - true) <= half
