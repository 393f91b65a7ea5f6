"""Counters of what wears a charger out, and how it is spared."""

from dataclasses import replace
from math import exp

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine import Tempo, decide
from custom_components.ampacity.engine.decision import Command
from custom_components.ampacity.engine.model import Charger, Link, Mode, Site
from custom_components.ampacity.engine.state import EngineState
from custom_components.ampacity.engine.wear import (
    DAY_S,
    Wear,
    calmed,
    faded,
    phases_factor,
    rest_s,
    used,
)

from .driver import VOLT, Driver, car, running

SITE = Site(fuse_a=25.0)


@pytest.mark.parametrize(
    ("wear", "factor"),
    [
        (Wear(), 1.0),
        (Wear(cycles_load=14.9), 1.0),
        (Wear(cycles_load=15.0), 2.0),
        (Wear(cycles_load=30.0), 4.0),
        (Wear(switches_load=5.0), 2.0),
        (Wear(switches_load=10.0), 4.0),
        (Wear(cycles=10_000, switches=900, writes_load=5000.0), 1.0),
    ],
)
def test_delays(wear: Wear, factor: float) -> None:
    """Twice from half a budget on, four times beyond it; other delays stay."""
    calm = calmed(SITE, wear)
    assert calm.start_delay_s == factor * SITE.start_delay_s
    assert calm.stop_delay_s == factor * SITE.stop_delay_s
    assert calm == replace(
        SITE, start_delay_s=calm.start_delay_s, stop_delay_s=calm.stop_delay_s
    )


@pytest.mark.parametrize(
    ("load", "factor"), [(0.0, 1.0), (2.0, 1.0), (4.0, 2.0), (6.0, 4.0), (10.0, 16.0)]
)
def test_phases_are_added_more_and_more_seldom(load: float, factor: float) -> None:
    """Two switches a day are free; each two more double how long the sun must have enough."""
    assert phases_factor(Wear(switches_load=load)) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("link", "load", "expected_s"),
    [
        (Link.LOCAL, 499.0, 0.0),
        (Link.LOCAL, 500.0, 86.4),
        (Link.LOCAL, 1000.0, 172.8),
        (Link.CLOUD, 149.0, 0.0),
        (Link.CLOUD, 150.0, 288.0),
    ],
)
def test_rest_between_writes(link: Link, load: float, expected_s: float) -> None:
    """So long that what is left lasts for the day."""
    charger = Charger(id="a", link=link)
    assert rest_s(charger, Wear(writes_load=load)) == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("load", "expected_s"), [(0.0, 900.0), (60.0, 900.0), (120.0, 1728.0)]
)
def test_a_make_may_ask_for_more_rest(load: float, expected_s: float) -> None:
    """A charger that stands 100 commands a day, and one raise a quarter of an hour."""
    charger = Charger(id="a", raise_every_s=900.0, writes_per_day=100.0)
    wear = Wear(writes_load=load)
    assert rest_s(charger, wear) == pytest.approx(expected_s)


def test_load_tends_to_the_rate_per_day() -> None:
    """A start an hour for a month is a load of about 24, whatever the clock on the wall."""
    wear = Wear()
    for _ in range(24 * 30):
        wear = faded(
            used(wear, Command(current_a=6.0, enabled=True), starts=True), 3600.0
        )
    assert wear.cycles == wear.writes == 24 * 30
    assert wear.cycles_load == pytest.approx(24.0, rel=0.05)
    assert faded(wear, 3.0 * DAY_S).cycles_load < 1.5
    assert used(wear, Command(phases=1), starts=False).switches == 1


def test_load_fades_while_nothing_happens() -> None:
    """Minute by minute, at whatever tempo."""
    driver = Driver(car(mode=Mode.OFF))
    driver.run(60)
    worn_out(driver, Wear(cycles=7, cycles_load=20.0))
    driver.run(3600)
    for _ in range(3600):
        driver.guard(1.0)
    wear = driver.of().wear
    assert wear.cycles == 7
    assert wear.cycles_load == pytest.approx(20.0 * exp(-7200.0 / DAY_S), rel=0.001)


def test_starts_and_commands_are_counted() -> None:
    """Start, change, pause: three commands, one cycle; said again is a command and no cycle."""
    driver = Driver(car(mode=Mode.FAST))
    driver.run(120)
    wear = driver.of().wear
    assert (wear.cycles, wear.writes) == (1, len(driver.box.commands))
    driver.change("a", max_a=10.0)
    driver.run(60)
    driver.change("a", mode=Mode.OFF)
    driver.run(60)
    wear = driver.of().wear
    assert (wear.cycles, wear.writes) == (1, len(driver.box.commands))
    driver.box.ignores_limit = True
    driver.change("a", mode=Mode.FAST, max_a=16.0)
    driver.run(120)
    wear = driver.of().wear
    assert (wear.cycles, wear.writes) == (2, len(driver.box.commands))


def worn_out(driver: Driver, wear: Wear) -> None:
    """Let a charger have been used that much."""
    held = driver.of()
    driver.state = driver.state.with_charger("a", replace(held, wear=wear))


@pytest.mark.parametrize(
    ("load", "starts_s"), [(0.0, 60.0), (16.0, 120.0), (31.0, 240.0)]
)
def test_sun_has_to_shine_longer_for_a_worn_charger(
    load: float, starts_s: float
) -> None:
    """Each start comes later."""
    driver = Driver(car())
    driver.run(200)
    worn_out(driver, Wear(cycles_load=load))
    driver.sun_w = 6000.0
    waited_s = 0.0
    while driver.offer() == 0.0:
        driver.tick(10.0)
        waited_s += 10.0
    assert starts_s - 20.0 <= waited_s <= starts_s + 20.0


@settings(max_examples=60, deadline=None)
@given(
    house_a=st.lists(st.floats(-20.0, 40.0), min_size=3, max_size=3),
    mode=st.sampled_from([Mode.SOLAR, Mode.SOLAR_MIN, Mode.FAST]),
    offer_a=st.sampled_from([6.0, 10.0, 16.0]),
)
def test_guard_never_waits_for_wear(
    house_a: list[float], mode: Mode, offer_a: float
) -> None:
    """Whatever the reading, a worn charger is cut like a new one."""
    driver = running(car(mode=mode), offer_a=offer_a)
    driver.house_a = house_a

    def offers(wear: Wear) -> list[float]:
        held = driver.of()
        state: EngineState = driver.state.with_charger("a", replace(held, wear=wear))
        result = decide(driver.site, driver.snapshot(), state, driver.now, Tempo.GUARD)
        assert result.error is None
        return [one.offer_a for one in result.decisions]

    spent = Wear(cycles_load=1e6, switches_load=1e6, writes_load=1e6)
    assert offers(spent) == offers(Wear())


def test_fuse_is_kept_by_a_worn_charger() -> None:
    """A sudden overload is cut on the very reading, and the room is used again after it."""
    driver = running(car(mode=Mode.FAST))
    spent = Wear(cycles_load=1e6, switches_load=1e6, writes_load=1e6)
    worn_out(driver, spent)
    driver.house_a = [15.0, 1.0, 1.0]
    driver.guard()
    assert driver.offer() == 8.0
    driver.house_a = [1.0, 1.0, 1.0]
    driver.run(120)
    assert driver.offer() == 16.0
    assert VOLT * max(driver.grid_a) < VOLT * 25.0
