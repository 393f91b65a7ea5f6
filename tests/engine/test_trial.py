"""A test run takes a charger through a few small steps, and tells what they have shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import (
    ChargerStatus,
    GridReading,
    Link,
    Mode,
)
from custom_components.ampacity.engine.requests import release_manual, start_boost
from custom_components.ampacity.engine.state import Boost, Cap
from custom_components.ampacity.engine.trial import (
    TrialEnd,
    TrialReport,
    TrialStep,
    Verdict,
)
from custom_components.ampacity.engine.trial_watch import start_trial

from .driver import MISSING, Driver, car

WORKS = dict.fromkeys(TrialStep, Verdict.WORKS)


def begin(driver: Driver) -> None:
    """Begin the test run of the only charger."""
    driver.state = start_trial(driver.state, driver.site.chargers[0], driver.now)


def waiting(**settings: Any) -> Driver:
    """Return a house at night with a car that waits for the sun."""
    driver = Driver(car(**{"mode": Mode.SOLAR} | settings))
    driver.run(60)
    return driver


def finish(driver: Driver, *, within_s: float = 1200.0) -> TrialReport:
    """Go on until the test run is over; return what it says."""
    before = driver.of().tested
    for _ in range(round(within_s / 5.0)):
        driver.tick(5.0)
        if driver.of().trial is None:
            report = driver.of().tested
            assert report is not None
            assert report is not before
            return report
    raise AssertionError("the test run does not end")


def test_all_works() -> None:
    """Each step is done and seen, the car is back where it was, and the wiring is known."""
    driver = waiting(phase_map=None)
    driver.boxes["a"].wiring = (1, 2, 0)
    begin(driver)
    report = finish(driver)
    assert report.end is TrialEnd.DONE
    assert report.verdicts == WORKS
    assert report.phases == 3
    assert report.phase_map is None  # all phases move alike
    assert (report.low_a, report.high_a) == (6.0, 10.0)
    assert report.settle_s is not None
    assert report.settle_s <= 15.0
    assert (report.ended - report.started).total_seconds() < 600
    offers = [one.current_a for one in driver.box.commands if one.current_a]
    assert offers == [6.0, 10.0, 6.0, 6.0] or max(offers) == 10.0
    driver.run(300)
    assert driver.offer() == 0.0
    assert driver.reason() is ReasonKey.SOLAR_WAITING


@pytest.mark.parametrize(("phases", "wiring"), [(1, (1,)), (3, (1, 2, 0))])
def test_car_on_one_phase(phases: int, wiring: tuple[int, ...]) -> None:
    """It shows on which phase of the house the charger hangs."""
    driver = waiting(phases=phases, phase_map=None)
    driver.box.wiring, driver.box.car_phases = wiring, 1
    begin(driver)
    report = finish(driver)
    assert report.end is TrialEnd.DONE
    assert report.phases == 1
    assert report.phase_map == wiring


def test_says_what_it_does() -> None:
    """While it runs the reason is the test run, in the pause as well."""
    driver = waiting()
    begin(driver)
    offers = set()
    while driver.of().trial is not None:
        driver.tick(5.0)
        if driver.of().trial is not None:
            paused = driver.of().trial.step is TrialStep.PAUSE  # type: ignore[union-attr]
            key = ReasonKey.TEST_RUN_PAUSE if paused else ReasonKey.TEST_RUN
            assert driver.reason() is key
            offers.add(driver.offer())
    assert offers == {0.0, 6.0, 10.0}


@pytest.mark.parametrize("mode", list(Mode))
def test_in_every_mode(mode: Mode) -> None:
    """It runs whatever the mode is, also in off, and afterwards the mode goes on."""
    driver = waiting(mode=mode)
    begin(driver)
    assert finish(driver).end is TrialEnd.DONE
    driver.run(120)
    assert driver.offer() == {Mode.FAST: 16.0, Mode.SOLAR_MIN: 6.0}.get(mode, 0.0)


def test_charging_car() -> None:
    """A car that charges is lowered first."""
    driver = waiting(mode=Mode.FAST)
    driver.run(120)
    assert driver.offer() == 16.0
    begin(driver)
    driver.tick()
    assert driver.offer() == 6.0
    assert finish(driver).verdicts == WORKS


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        ({"max_a": 7.0}, {TrialStep.START, TrialStep.PAUSE, TrialStep.RESUME}),
        ({"can_pause": False}, {TrialStep.START, TrialStep.RAISE, TrialStep.LOWER}),
        ({"levels_a": (6.0, 10.0, 16.0)}, set(TrialStep)),
        ({"link": Link.CLOUD, "settle_s": 30.0}, set(TrialStep)),
    ],
)
def test_only_what_it_can(settings: dict[str, Any], steps: set[TrialStep]) -> None:
    """What a charger cannot do is not tried."""
    driver = waiting(**settings)
    driver.box.enabled = driver.box.enabled or not driver.box.charger.can_pause
    begin(driver)
    report = finish(driver)
    assert report.end is TrialEnd.DONE
    assert report.verdicts.keys() == steps
    assert set(report.verdicts.values()) == {Verdict.WORKS}


def _unplug(driver: Driver) -> None:
    driver.box.plugged = False


def _lose_meter(driver: Driver) -> None:
    driver.grid_override = GridReading(power_w=MISSING)


def _fill_fuse(driver: Driver) -> None:
    driver.house_a = [22.0] * 3


def _cap(driver: Driver) -> None:
    held = replace(driver.of(), cap=Cap(current_a=0.0))
    driver.state = driver.state.with_charger("a", held)


def _error(driver: Driver) -> None:
    driver.box.status = ChargerStatus.ERROR


def _offline(driver: Driver) -> None:
    driver.box.status = ChargerStatus.OFFLINE


def _disable(driver: Driver) -> None:
    driver.change(charging_enabled=False)


def _boost(driver: Driver) -> None:
    driver.state = start_boost(driver.state, "a", Boost(remaining_s=600.0))


def _mode(driver: Driver) -> None:
    driver.state = release_manual(driver.state, "a")


@pytest.mark.parametrize("after_s", [5, 40, 70, 85])
@pytest.mark.parametrize(
    ("disturb", "end"),
    [
        (_unplug, TrialEnd.UNPLUGGED),
        (_lose_meter, TrialEnd.METER_LOST),
        (_fill_fuse, TrialEnd.LIMITED),
        (_cap, TrialEnd.LIMITED),
        (_error, TrialEnd.UNREACHABLE),
        (_offline, TrialEnd.UNREACHABLE),
        (_disable, TrialEnd.STOPPED),
        (_boost, TrialEnd.STOPPED),
        (_mode, TrialEnd.STOPPED),
    ],
)
def test_ends_early(
    disturb: Callable[[Driver], None], end: TrialEnd, after_s: float
) -> None:
    """Whenever something comes between, it ends and says so, and the fuse is kept."""
    driver = waiting()
    begin(driver)
    driver.run(after_s, 5.0)
    assert driver.of().trial is not None
    disturb(driver)
    report = driver.of().tested or finish(driver)
    assert report.end is end
    driver.run(60)
    assert max(driver.grid_a) <= driver.site.limit_a + 0.01


def test_guard_lowers_within_it() -> None:
    """A load that comes up during the run is answered on its very reading."""
    driver = waiting()
    begin(driver)
    while driver.offer() < 10.0:
        driver.tick(5.0)
    driver.house_a = [16.0] * 3
    driver.guard()
    assert driver.offer() <= 7.75
    assert max(driver.grid_a) <= driver.site.limit_a


@pytest.mark.parametrize(
    ("faults", "end", "failed"),
    [
        ({"ignores_limit": True}, TrialEnd.FAILED, TrialStep.RAISE),
        ({"ignores_pause": True}, TrialEnd.FAILED, TrialStep.PAUSE),
        ({"car_a": 0.0}, TrialEnd.NOT_TAKING, None),
    ],
)
def test_what_does_not_work(
    faults: dict[str, Any], end: TrialEnd, failed: TrialStep | None
) -> None:
    """The step that fails is named and the run ends there."""
    driver = waiting()
    for key, value in faults.items():
        setattr(driver.box, key, value)
    begin(driver)
    report = finish(driver)
    assert report.end is end
    fails = [key for key, one in report.verdicts.items() if one is Verdict.FAILS]
    assert fails == ([failed] if failed else [])


def test_car_that_cannot_take_more() -> None:
    """A car with a low limit of its own tells nothing about the raise, and nothing fails."""
    driver = waiting()
    driver.box.car_a = 6.5
    begin(driver)
    report = finish(driver)
    assert report.end is TrialEnd.DONE
    assert report.verdicts[TrialStep.RAISE] is Verdict.UNSEEN
    assert report.verdicts[TrialStep.PAUSE] is Verdict.WORKS


@pytest.mark.parametrize("tells", [True, False])
def test_without_sensors(tells: bool) -> None:
    """Without a measured current, what the charger says of itself has to do."""
    driver = waiting()
    driver.box.measures, driver.box.tells = False, tells
    begin(driver)
    report = finish(driver)
    assert report.end is TrialEnd.DONE
    verdict = Verdict.WORKS if tells else Verdict.UNSEEN
    assert report.verdicts == WORKS | {
        TrialStep.RAISE: verdict,
        TrialStep.LOWER: verdict,
    }


def test_changed_by_hand() -> None:
    """Somebody who sets another current ends it and keeps that."""
    driver = waiting()
    begin(driver)
    while driver.offer() < 10.0:
        driver.tick(5.0)
    driver.run(15, 5.0)
    driver.box.by_hand(limit_a=13.0)
    report = finish(driver)
    assert report.end is TrialEnd.BY_HAND
    driver.run(60)
    assert driver.offer() == 13.0
