"""A house with a home battery: who charges, what is said, and when the battery is to hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, override

import pytest

from custom_components.ampacity.engine.decision import BatteryRole, ReasonKey
from custom_components.ampacity.engine.model import (
    Battery,
    BatteryReading,
    BatteryStrategy,
    ChargerStatus,
    Mode,
    OffPeak,
    Reading,
    Snapshot,
)
from custom_components.ampacity.engine.promise import Promise
from custom_components.ampacity.engine.requests import set_promise
from custom_components.ampacity.engine.result import Result
from custom_components.ampacity.engine.schedule import (
    ChargerPlan,
    PlannedSlot,
    Schedule,
    SlotReason,
)

from .driver import NOON, VOLT, Driver, car, running
from .test_battery import BATTERY, MISSING


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


@pytest.mark.parametrize(
    ("power_w", "holds"), [(3000.0, True), (1380.0, False)], ids=["part", "minimum"]
)
def test_hold_while_a_part_is_planned_from_the_grid(
    power_w: float, holds: bool
) -> None:
    """A slot with sun and grid; at the minimum the battery carries what the sun lacks."""
    house = home(HOLDS)
    house.sun_w = 2500.0
    house.change(house.box.charger.id, phases=1)
    house.box.car_phases = 1
    ready_by = NOON + timedelta(hours=3)
    promise = Promise(id="trip", ready_by=ready_by, energy_wh=8000.0)
    house.state = set_promise(house.state, house.box.charger.id, promise)
    slot = PlannedSlot(
        start=NOON,
        end=NOON + timedelta(hours=1),
        power_w=power_w,
        sun_w=1000.0,
        price=0.3,
        reason=SlotReason.PROMISE,
    )
    plan = ChargerPlan(ready_by=ready_by, slots=(slot,))
    house.schedule = Schedule(made_at=NOON, plans={house.box.charger.id: plan})
    house.run(300)
    assert house.reason() is ReasonKey.PLAN
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
