"""The home battery: whose its power is, what it would take, and when it holds."""

from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.battery import (
    BatteryPart,
    battery_part,
    sun_w,
    watch_battery,
)
from custom_components.ampacity.engine.model import (
    Battery,
    BatteryReading,
    BatteryStrategy,
    Fault,
    GridReading,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.state import BatteryWatch, EngineState
from custom_components.ampacity.engine.surplus import surplus

from .driver import VOLT
from .test_headroom import take

MISSING = Reading(fault=Fault.MISSING)
CARS_W = 3 * VOLT * 6.0


def part(power_w: float | None, **changes: Any) -> BatteryPart:
    """Return a battery of which all is known, above its priority SoC."""
    known: dict[str, Any] = {
        "reported_s": 0.0,
        "soc": 70.0,
        "first": False,
        "appetite_w": 3000.0,
        "may_carry": False,
    }
    return BatteryPart(power_w=power_w, **known | changes)


@pytest.mark.parametrize(
    ("battery", "grid_w", "found_w"),
    [
        pytest.param(part(-3000.0), 0.0, 7040.0, id="car first: its charging counts"),
        pytest.param(part(3000.0), 0.0, 1040.0, id="its discharging never does"),
        pytest.param(part(-3000.0), -500.0, 7540.0, id="export beside it"),
        pytest.param(part(None), 0.0, 4040.0, id="power unknown: the meter alone"),
        pytest.param(
            part(-3000.0, first=True), 0.0, 4040.0, id="first, and has all it wants"
        ),
        pytest.param(
            part(-1000.0, first=True), 0.0, 2040.0, id="first, and wants 2 kW more"
        ),
        pytest.param(
            part(500.0, first=True), 0.0, 540.0, id="first, discharging for the cars"
        ),
        pytest.param(
            part(-4000.0, first=True), 0.0, 4040.0, id="first, takes more than ever"
        ),
        pytest.param(
            part(-1000.0, first=True, appetite_w=None),
            -300.0,
            200.0,
            id="first, and nobody knows what it wants: only what is exported",
        ),
        pytest.param(
            part(1000.0, first=True, appetite_w=None),
            -300.0,
            200.0,
            id="the same while it discharges",
        ),
    ],
)
def test_surplus_beside_a_battery(
    battery: BatteryPart, grid_w: float, found_w: float
) -> None:
    """Cars take 6 A on three phases, 4140 W; 100 W go on being exported."""
    found = surplus(
        Site(fuse_a=25.0),
        GridReading(power_w=Reading(value=grid_w)),
        [take((6.0,) * 3)],
        battery,
    )
    assert found is not None
    assert found.sure_w == pytest.approx(found_w)
    assert found.hoped_w == pytest.approx(found_w)


@pytest.mark.parametrize(
    ("battery", "grid_w", "found_w", "carries"),
    [
        pytest.param(part(2000.0), 0.0, 2040.0, False, id="below the buffer"),
        pytest.param(
            part(2000.0, may_carry=True), 0.0, CARS_W, True, id="it carries the minimum"
        ),
        pytest.param(
            part(2000.0, may_carry=True),
            600.0,
            CARS_W - 500.0,
            True,
            id="it cannot carry all",
        ),
        pytest.param(
            part(-2000.0, may_carry=True), 0.0, 6040.0, False, id="sun enough: no limit"
        ),
        pytest.param(
            part(-500.0, may_carry=True, first=True),
            0.0,
            CARS_W,
            True,
            id="it comes first, but is full enough to spare the minimum",
        ),
    ],
)
def test_battery_carries_a_minimum_and_no_more(
    battery: BatteryPart, grid_w: float, found_w: float, carries: bool
) -> None:
    """Above the buffer SoC its discharge counts up to what running cars need at least."""
    found = surplus(
        Site(fuse_a=25.0),
        GridReading(power_w=Reading(value=grid_w)),
        [take((6.0,) * 3)],
        battery,
        floor_w=CARS_W,
    )
    assert found is not None
    assert found.sure_w == pytest.approx(found_w)
    assert found.carries is carries


def test_old_battery_reading_raises_nothing() -> None:
    """Until it shows what the last command led to, surplus is no more than what cars take."""
    grid = GridReading(power_w=Reading(value=0.0))
    takes = [take((6.0,) * 3, (8.0,) * 3)]
    found = surplus(Site(fuse_a=25.0), grid, takes, part(-3000.0), lagging=True)
    assert found is not None
    assert found.sure_w == pytest.approx(CARS_W)
    low = surplus(Site(fuse_a=25.0), grid, takes, part(3000.0), lagging=True)
    assert low is not None
    assert low.sure_w == pytest.approx(CARS_W - 3100.0)
    assert low.hoped_w == pytest.approx(3 * VOLT * 8.0 - 100.0)


@given(
    sun=st.floats(-10_000.0, 20_000.0),
    first=st.booleans(),
    appetite=st.floats(0.0, 10_000.0),
    cars=st.floats(0.0, 20_000.0),
    battery=st.floats(-10_000.0, 10_000.0),
    moved=st.floats(-5_000.0, 5_000.0),
)
def test_nobody_moves_the_surplus_but_the_sun(
    sun: float,
    first: bool,
    appetite: float,
    cars: float,
    battery: float,
    moved: float,
) -> None:
    """What the battery's controller shifts between it and the grid makes no difference.

    So the two controllers cannot chase each other.
    """
    battery = max(battery, -appetite) if first else battery
    other = max(battery + moved, -appetite) if first else battery + moved

    def seen_w(battery_w: float, cars_w: float) -> float:
        grid_w = cars_w - sun - battery_w
        found = part(battery_w, first=first, appetite_w=appetite)
        return sun_w(found, cars_w, -grid_w)

    assert seen_w(battery, cars) == pytest.approx(seen_w(other, cars), abs=1e-6)
    assert seen_w(battery, cars) == pytest.approx(seen_w(battery, 0.0), abs=1e-6)
    assert seen_w(battery, cars) <= sun + 1e-6


# --- what is remembered -----------------------------------------------------------------------

BATTERY = Battery(priority_soc=50.0, buffer_soc=80.0)
SITE = Site(fuse_a=25.0, battery=BATTERY)


def watched(
    steps: list[tuple[float, float, float | None]], site: Site = SITE
) -> BatteryWatch:
    """Return what is remembered after steps of 10 s: grid W, battery W and SoC each."""
    state = EngineState()
    for grid_w, battery_w, soc in steps:
        state = replace(state, clock_s=state.clock_s + 10.0)
        snapshot = Snapshot(
            grid=GridReading(power_w=Reading(value=grid_w)),
            battery=BatteryReading(
                power_w=Reading(value=battery_w),
                soc=MISSING if soc is None else Reading(value=soc),
            ),
        )
        state = replace(state, battery=watch_battery(site, snapshot, state))
    return state.battery


@pytest.mark.parametrize(
    ("socs", "served"),
    [
        ([49.9], False),
        ([50.0], True),
        ([50.0, 48.0], True),
        ([50.0, 47.9], False),
        ([50.0, 47.9, 49.0], False),
        ([50.0, 47.9, 50.0], True),
        ([50.0, None], True),
        ([None], False),
        ([50.0, -1.0, 101.0], True),
    ],
)
def test_priority_soc_does_not_flap(socs: list[float | None], served: bool) -> None:
    """It is reached at 50 %, and lost again only 2 points below."""
    assert watched([(0.0, 0.0, soc) for soc in socs]).served is served


@pytest.mark.parametrize(
    ("steps", "appetite_w"),
    [
        pytest.param([(0.0, -2000.0)] * 20, None, id="takes all there is: unknown"),
        pytest.param([(-200.0, -2000.0)] * 6, None, id="export, not long enough"),
        pytest.param([(-200.0, -2000.0)] * 7, 2000.0, id="export for a minute"),
        pytest.param(
            [*[(-200.0, -2000.0)] * 7, (0.0, -1000.0)], 2000.0, id="remembered"
        ),
        pytest.param(
            [*[(-200.0, -2000.0)] * 7, (0.0, -2500.0)], 2500.0, id="took more since"
        ),
        pytest.param(
            [*[(-200.0, -2000.0)] * 7, *[(-200.0, -500.0)] * 7],
            500.0,
            id="it wants less than it did",
        ),
        pytest.param([(-200.0, -2000.0), (0.0, -2000.0)] * 10, None, id="now and then"),
        pytest.param([(-40.0, -2000.0)] * 20, None, id="a trickle is no export"),
    ],
)
def test_appetite_is_learned_while_it_leaves_export(
    steps: list[tuple[float, float]], appetite_w: float | None
) -> None:
    """A battery that leaves export takes all that it wants."""
    found = watched([(*step, 30.0) for step in steps])
    assert found.appetite_w == appetite_w


@pytest.mark.parametrize(
    ("reading", "believed"),
    [
        (BatteryReading(power_w=Reading(value=-500.0, age_s=120.0)), True),
        (BatteryReading(power_w=Reading(value=-500.0, age_s=121.0)), False),
        (BatteryReading(power_w=Reading(value=1e9)), False),
        (BatteryReading(power_w=MISSING), False),
        (BatteryReading(power_w=Reading(value=float("nan"))), False),
        (BatteryReading(), False),
        (None, False),
    ],
)
def test_power_that_is_not_believed(
    reading: BatteryReading | None, believed: bool
) -> None:
    """Old, absurd, missing: then it is not counted."""
    found = battery_part(SITE, reading, BatteryWatch(served=True), 1000.0)
    assert found is not None
    assert (found.power_w is not None) is believed


@pytest.mark.parametrize(
    ("soc", "watch", "strategy", "first", "may_carry"),
    [
        (Reading(value=85.0), True, BatteryStrategy.CAR_FIRST, False, True),
        (Reading(value=80.0), True, BatteryStrategy.CAR_FIRST, False, False),
        (Reading(value=30.0), False, BatteryStrategy.CAR_FIRST, True, False),
        (Reading(value=85.0), True, BatteryStrategy.BATTERY_FIRST, True, True),
        (MISSING, True, BatteryStrategy.CAR_FIRST, True, False),
        (None, True, BatteryStrategy.CAR_FIRST, True, False),
        (Reading(value=85.0, age_s=3601.0), True, BatteryStrategy.CAR_FIRST, True, 0),
        (Reading(value=120.0), True, BatteryStrategy.CAR_FIRST, True, False),
    ],
)
def test_who_is_first(
    soc: Reading | None,
    watch: bool,
    strategy: BatteryStrategy,
    first: bool,
    may_carry: bool,
) -> None:
    """Below the priority SoC, by strategy, and whenever the SoC is not known: the battery."""
    found = battery_part(
        replace(SITE, battery=replace(BATTERY, strategy=strategy)),
        BatteryReading(power_w=Reading(value=0.0), soc=soc),
        BatteryWatch(served=watch),
        0.0,
    )
    assert found is not None
    assert found.first is first
    assert found.may_carry is bool(may_carry)


def test_full_battery_wants_nothing() -> None:
    """At 99 % what it took before is not kept for it."""
    found = battery_part(
        SITE,
        BatteryReading(power_w=Reading(value=0.0), soc=Reading(value=99.0)),
        BatteryWatch(appetite_w=3000.0),
        0.0,
    )
    assert found is not None
    assert found.appetite_w == 0.0
