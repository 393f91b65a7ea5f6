"""The home battery: whose its power is, what it would take, and when it holds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, override

from hypothesis import given, strategies as st
import pytest

from custom_components.ampacity.engine.battery import (
    BatteryPart,
    battery_part,
    sun_w,
    watch_battery,
)
from custom_components.ampacity.engine.decision import BatteryRole, ReasonKey
from custom_components.ampacity.engine.model import (
    Battery,
    BatteryReading,
    BatteryStrategy,
    ChargerStatus,
    Fault,
    GridReading,
    Mode,
    OffPeak,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.result import Result
from custom_components.ampacity.engine.state import BatteryWatch, EngineState
from custom_components.ampacity.engine.surplus import surplus

from .driver import VOLT, Driver, car, running
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


# --- whole decisions --------------------------------------------------------------------------


class Home(Driver):
    """A house with a battery that is where a test puts it."""

    battery_w: float = 0.0
    battery_soc: float | None = 70.0
    battery_age_s: float = 0.0
    balance: Callable[[float], float] | None = None
    """From what the house has too much to what the battery does with it."""

    @property
    @override
    def grid_a(self) -> list[float]:
        """Return the true currents, the battery taken off."""
        total = super().grid_a
        if self.balance is not None:
            self.battery_w = self.balance(sum(total) * VOLT)
        return [one - self.battery_w / VOLT / len(total) for one in total]

    @override
    def snapshot(self) -> Snapshot:
        """Return what can be read, the battery with it."""
        seen = super().snapshot()
        soc = self.battery_soc
        return replace(
            seen,
            battery=BatteryReading(
                power_w=Reading(value=self.battery_w, age_s=self.battery_age_s),
                soc=MISSING if soc is None else Reading(value=soc),
            ),
        )


def ideal(most_w: float) -> Callable[[float], float]:
    """Return a battery that keeps the grid near zero with up to so much power, at once."""
    return lambda missing_w: min(most_w, max(-most_w, 0.999 * missing_w))


def home(battery: Battery = BATTERY, mode: Mode = Mode.SOLAR, **site: Any) -> Home:
    """Return a house with an ideal 3 kW battery at 70 % and a car on the sun."""
    found = Home(car(mode=mode), battery=battery, **site)
    found.balance = ideal(3000.0)
    return found


def reported(result: Result) -> tuple[BatteryRole | None, float | None, float | None]:
    """Return what the view says of the battery."""
    view = result.view
    return view.battery_role, view.battery_w, view.battery_soc


def test_car_first_takes_what_the_battery_would_get() -> None:
    """5.7 kW of sun, 0.7 kW for the house: the car starts though nothing is exported."""
    house = home()
    house.sun_w = 5700.0
    house.run(300)
    assert house.offer() >= 6.0
    assert house.result.view.battery_role is BatteryRole.SHARES
    house.run(1800)
    assert house.offer() == 7.0
    assert house.battery_w <= 0.0


@pytest.mark.parametrize(
    ("battery", "soc"),
    [
        (replace(BATTERY, strategy=BatteryStrategy.BATTERY_FIRST), 70.0),
        (BATTERY, 40.0),
        (BATTERY, None),
    ],
)
def test_battery_first_leaves_the_car_what_is_exported(
    battery: Battery, soc: float | None
) -> None:
    """With 5 kW for both the car waits and says why; with 9 kW it gets what 3 kW leave."""
    house = home(battery)
    house.battery_soc = soc
    house.sun_w = 5690.0
    house.run(900)
    assert house.offer() == 0.0
    assert house.reason() is ReasonKey.BATTERY_FIRST
    assert house.decision().reason.values["battery_w"] == pytest.approx(3000.0)
    assert house.decision().reason.values["surplus_w"] == pytest.approx(1900.0)

    house.sun_w = 9690.0
    house.run(900)
    assert house.offer() == 8.0
    assert house.battery_w == pytest.approx(-3000.0)


def test_car_gives_way_at_once_when_the_battery_gets_too_little() -> None:
    """A cloud takes 2 kW off: the car is lowered, not the battery starved."""
    house = home(replace(BATTERY, strategy=BatteryStrategy.BATTERY_FIRST))
    house.sun_w = 10_690.0
    house.run(900)
    assert house.offer() == 10.0
    house.sun_w -= 2000.0
    house.run(60)
    assert house.offer() == 7.0
    assert house.battery_w == pytest.approx(-3000.0)
    house.sun_w -= 3000.0
    house.run(600)
    assert house.offer() == 0.0
    assert house.battery_w < -1900.0


def test_battery_feeds_no_car_on_the_sun() -> None:
    """Clouds below the minimum: it stops after three minutes' worth, nothing being imported."""
    house = home()
    house.sun_w = 5690.0
    house.run(600)
    assert house.offer() > 0.0
    house.sun_w = 690.0
    house.run(170)
    assert house.offer() == 6.0
    assert house.reason() is ReasonKey.SOLAR_HOLDING
    house.run(30)
    assert house.offer() == 0.0


def test_above_the_buffer_the_battery_carries_the_minimum() -> None:
    """As long as it can, at the minimum; it starts no car and raises none."""
    house = home()
    house.battery_soc = 90.0
    house.balance = ideal(5000.0)
    house.sun_w = 5690.0
    house.run(900)
    house.sun_w = 2000.0
    house.run(1800)
    assert house.offer() == 6.0
    assert house.reason() is ReasonKey.BATTERY_CARRIES
    assert house.decision().reason.values["soc"] == 90.0
    assert house.result.view.battery_role is BatteryRole.CARRIES

    house.battery_soc = 80.0
    house.run(400)
    assert house.offer() == 0.0
    house.battery_soc = 90.0
    house.run(1800)
    assert house.offer() == 0.0


def test_without_its_power_the_meter_alone_decides() -> None:
    """A battery that swallows the export then comes first; the view says that it is unknown."""
    house = home()
    house.battery_age_s = 300.0
    house.sun_w = 5690.0
    house.run(600)
    assert house.offer() == 0.0
    assert house.reason() is ReasonKey.SOLAR_WAITING
    assert reported(house.result) == (BatteryRole.UNKNOWN, None, 70.0)


def test_view_counts_the_battery_in() -> None:
    """Grid, sun, battery and cars add up to the house."""
    house = home(mode=Mode.FAST)
    house.solar_sensor, house.sun_w = True, 5000.0
    house.run(120)
    assert house.battery_w == pytest.approx(3000.0)
    assert house.result.view.home_w == pytest.approx(3 * VOLT)
    assert reported(house.result) == (BatteryRole.SHARES, 3000.0, 70.0)
    assert house.result.view.surplus_w == pytest.approx(5000.0 - 3 * VOLT)


def test_house_without_a_battery_says_nothing_of_one() -> None:
    """No role, no power."""
    house = running(car(mode=Mode.FAST))
    assert reported(house.result) == (None, None, None)
    assert house.result.hold_battery is False


HOLDS = replace(BATTERY, feeds_cars=False, can_hold=True)


@pytest.mark.parametrize(
    ("battery", "mode", "off_peak", "holds"),
    [
        (HOLDS, Mode.FAST, False, True),
        (HOLDS, Mode.OFF_PEAK, True, True),
        (HOLDS, Mode.OFF_PEAK, False, False),
        (HOLDS, Mode.SOLAR, False, False),
        (HOLDS, Mode.SOLAR_MIN, False, False),
        (HOLDS, Mode.OFF, False, False),
        (replace(HOLDS, feeds_cars=True), Mode.FAST, False, False),
        (replace(HOLDS, can_hold=False), Mode.FAST, False, False),
        (BATTERY, Mode.FAST, False, False),
    ],
)
def test_hold_while_a_car_charges_from_the_grid(
    battery: Battery, mode: Mode, off_peak: bool, holds: bool
) -> None:
    """Only where the user wants that and the battery can be told."""
    house = home(battery, mode)
    house.off_peak = OffPeak(active=off_peak)
    house.sun_w = 8000.0
    house.run(300)
    assert house.result.hold_battery is holds


def test_hold_ends_a_minute_after_the_car() -> None:
    """A car that hesitates does not move the control, one that has left does."""
    house = home(HOLDS, Mode.FAST)

    def holds_after(seconds: float) -> bool:
        return house.run(seconds).hold_battery

    assert holds_after(60)
    house.box.car_a = 0.0
    assert holds_after(50)
    assert not holds_after(20)
    house.box.car_a = 16.0
    assert holds_after(30)
    house.box.status = ChargerStatus.OFFLINE
    assert not holds_after(70)
