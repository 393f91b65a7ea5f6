"""What must hold whatever the site, the readings and the faults: sequences made up by a machine."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
import math

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.ampacity.engine import Result, Tempo, decide
from custom_components.ampacity.engine.decision import Decision, ReasonKey
from custom_components.ampacity.engine.model import (
    Battery,
    BatteryReading,
    BatteryStrategy,
    Charger,
    ChargerReading,
    ChargerStatus,
    Fault,
    GridReading,
    Link,
    Mode,
    OffPeak,
    Reading,
    Site,
    Snapshot,
)
from custom_components.ampacity.engine.requests import set_cap, start_boost
from custom_components.ampacity.engine.state import Boost, Cap, EngineState

from .driver import NOON, VOLT, Driver

THREE: st.SearchStrategy[tuple[int, ...]] = st.permutations((0, 1, 2)).map(tuple)
ONE: st.SearchStrategy[tuple[int, ...]] = st.sampled_from([(0,), (1,), (2,)])
UNKNOWN: st.SearchStrategy[tuple[int, ...] | None] = st.none()
FEW = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MANY = settings(FEW, max_examples=1500)


EXAMPLES = pytest.mark.parametrize(
    "examples",
    [
        pytest.param(FEW, id="few"),
        pytest.param(
            MANY, id="many", marks=[pytest.mark.slow, pytest.mark.timeout(900)]
        ),
    ],
)


def explore(body: Callable[[st.DataObject], None], examples: settings) -> None:
    """Run a body on that many examples."""

    @examples
    @given(st.data())
    def check(data: st.DataObject) -> None:
        body(data)

    check()


# --- made-up sites ----------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.floats(-100.0, 100.0),
    st.floats(-30_000.0, 30_000.0),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -0.0, 6.0, 16.0, 1e300, -1e300, 1e-300, math.nan, math.inf]),
)
AGES = st.one_of(
    st.just(0.0), st.floats(0.0, 200.0), st.floats(-1e9, 1e9), st.just(math.nan)
)
READINGS = st.builds(
    Reading,
    value=NUMBERS,
    age_s=AGES,
    fault=st.sampled_from([None, None, None, *Fault]),
)
MAYBE = st.none() | READINGS
BATTERIES = st.builds(
    Battery,
    priority_soc=st.sampled_from([0.0, 50.0, 100.0]),
    buffer_soc=st.sampled_from([0.0, 80.0, 100.0]),
    strategy=st.sampled_from(list(BatteryStrategy)),
    feeds_cars=st.booleans(),
    can_hold=st.booleans(),
)


@st.composite
def chargers(draw: st.DrawFn, charger_id: str, site_phases: int) -> Charger:
    """Return any charger that can be configured."""
    phases = draw(st.sampled_from([1, 3]))
    if site_phases == 1:
        known = UNKNOWN
    else:
        known = UNKNOWN | (THREE if phases == 3 else ONE)
    levels = st.lists(st.sampled_from([6.0, 8.0, 10.0, 13.0, 16.0, 32.0]), min_size=1)
    return Charger(
        id=charger_id,
        phases=phases,
        phase_map=draw(known),
        min_a=draw(st.sampled_from([6.0, 6.0, 6.5, 8.0, 10.0])),
        max_a=draw(st.sampled_from([6.0, 10.0, 13.0, 16.0, 16.0, 32.0])),
        step_a=draw(st.sampled_from([1.0, 1.0, 0.5, 0.1])),
        levels_a=draw(
            st.just(()) | levels.map(lambda found: tuple(sorted({6.0, *found})))
        ),
        safe_a=draw(st.sampled_from([None, None, 0.0, 6.0, 10.0])),
        link=draw(st.sampled_from(list(Link))),
        settle_s=draw(st.sampled_from([5.0, 10.0, 40.0])),
        can_pause=draw(st.sampled_from([True, True, True, False])),
        mode=draw(st.sampled_from(list(Mode))),
        priority=draw(st.integers(1, 3)),
    )


@st.composite
def sites(draw: st.DrawFn, most: int = 6) -> Site:
    """Return any site that can be configured."""
    phases = draw(st.sampled_from([1, 3]))
    count = draw(st.integers(1, most))
    return Site(
        fuse_a=draw(st.sampled_from([16.0, 25.0, 25.0, 40.0, 63.0, 100.0])),
        phases=phases,
        fuse_margin=draw(st.sampled_from([0.0, 0.05, 0.2])),
        power_limit_w=draw(st.sampled_from([None, None, 8_000.0, 20_000.0])),
        chargers=tuple(draw(chargers(str(number), phases)) for number in range(count)),
        battery=draw(st.none() | BATTERIES),
    )


@st.composite
def charger_readings(draw: st.DrawFn) -> ChargerReading:
    """Return anything that a charger could say."""
    return ChargerReading(
        status=draw(st.sampled_from(list(ChargerStatus))),
        offered_a=draw(MAYBE),
        enabled=draw(st.sampled_from([None, True, False])),
        power_w=draw(MAYBE),
        current_a=tuple(draw(st.lists(READINGS, max_size=3))),
        energy_wh=draw(MAYBE),
        soc=draw(MAYBE),
        write_failed=draw(st.booleans()),
    )


@st.composite
def snapshots(draw: st.DrawFn, site: Site) -> Snapshot:
    """Return anything that could be read at a site."""
    return Snapshot(
        grid=GridReading(
            power_w=draw(MAYBE),
            current_a=tuple(draw(st.lists(READINGS, max_size=4))),
            voltage_v=tuple(draw(st.lists(NUMBERS, max_size=3))),
        ),
        chargers={
            charger.id: draw(charger_readings())
            for charger in site.chargers
            if draw(st.integers(0, 9))
        },
        solar_w=draw(MAYBE),
        off_peak=draw(st.none() | st.builds(OffPeak, active=st.booleans())),
        battery=draw(st.none() | st.builds(BatteryReading, power_w=MAYBE, soc=MAYBE)),
    )


def offers(result: Result) -> dict[str, float]:
    """Return what each charger offers."""
    return {decision.charger_id: decision.offer_a for decision in result.decisions}


NOT_REGULATED = {
    ReasonKey.OFFLINE,
    ReasonKey.NOT_CONNECTED,
    ReasonKey.NEEDS_AUTH,
    ReasonKey.CHARGER_ERROR,
}
"""Nothing flows, so a cap has nothing to hold down."""


def check_offer(site: Site, state: EngineState, decision: Decision) -> None:
    """Judge one offer by what may be offered at all."""
    charger = next(one for one in site.chargers if one.id == decision.charger_id)
    offer_a = decision.offer_a
    assert offer_a == 0.0 or 6.0 - 1e-9 <= offer_a <= charger.max_a + 1e-9
    cap = state.charger(charger.id).cap
    keeps_off = decision.reason.key in NOT_REGULATED
    if cap is not None and cap.current_a is not None and not keeps_off:
        lowest_a = 0.0 if charger.can_pause else charger.max_a
        assert offer_a <= max(cap.current_a, lowest_a) + 1e-9
    command = decision.command
    if command is not None and command.current_a is not None:
        assert command.current_a >= 6.0 - 1e-9
    assert all(math.isfinite(value) for value in decision.reason.values.values())


# --- whatever is read -------------------------------------------------------------------------


def any_reading(data: st.DataObject) -> None:
    """Never an error, never an offer that there cannot be, and the guard raises nothing."""
    site = data.draw(sites(most=3))
    state = EngineState()
    now = NOON
    for _ in range(data.draw(st.integers(1, 8))):
        now += timedelta(
            seconds=data.draw(st.sampled_from([1, 5, 10, 60, 3600, -3600]))
        )
        snapshot = data.draw(snapshots(site))
        tempo = data.draw(st.sampled_from(list(Tempo)))
        if data.draw(st.integers(0, 3)) == 0:
            ends = st.none() | st.sampled_from([6.0, 7.5, 10.0, 100.0])
            boost = Boost(
                remaining_s=60.0, energy_wh=data.draw(ends), soc=data.draw(ends)
            )
            boost = replace(
                boost, current_a=data.draw(st.sampled_from([None, 3.0, 7.3]))
            )
            state = start_boost(state, "0", boost)
        if data.draw(st.integers(0, 3)) == 0:
            cap = Cap(current_a=data.draw(st.sampled_from([0.0, 5.0, 7.5, 12.0])))
            state = set_cap(state, data.draw(st.sampled_from([None, "0"])), cap)
        result = decide(site, snapshot, state, now, tempo)
        assert result.error is None
        for decision in result.decisions:
            check_offer(site, result.state, decision)
            before = state.charger(decision.charger_id).orders
            taken_over = result.state.charger(decision.charger_id).orders
            if tempo is Tempo.GUARD and before.adopted and taken_over.adopted:
                assert decision.offer_a <= before.offer_a + 1e-9
        assert decide(site, snapshot, state, now, tempo) == result
        state = result.state


@EXAMPLES
def test_any_reading(examples: settings) -> None:
    """Whatever is read, for whatever site."""
    explore(any_reading, examples)


def any_order(data: st.DataObject) -> None:
    """The order in which chargers are configured changes nothing."""
    site = data.draw(sites())
    turned = replace(site, chargers=tuple(data.draw(st.permutations(site.chargers))))
    states = [EngineState(), EngineState()]
    now = NOON
    for _ in range(4):
        now += timedelta(seconds=10)
        snapshot = data.draw(snapshots(site))
        results = [
            decide(one, snapshot, state, now)
            for one, state in zip((site, turned), states, strict=True)
        ]
        assert offers(results[0]) == pytest.approx(offers(results[1]), abs=1e-6)
        states = [result.state for result in results]


@EXAMPLES
def test_any_order(examples: settings) -> None:
    """No charger is better off for being named first."""
    explore(any_order, examples)


# --- a house that works as it should ----------------------------------------------------------


def grown(house: Driver, before: dict[str, float]) -> bool:
    """Return whether any offer was raised."""
    return any(house.offer(key) > before[key] + 1e-9 for key in before)


def any_house(data: st.DataObject) -> None:
    """At each raise, all cars at what they are offered fit into the fuse beside the house."""
    site = data.draw(sites())
    house = Driver(
        *site.chargers,
        fuse_a=site.fuse_a,
        phases=site.phases,
        fuse_margin=site.fuse_margin,
        power_limit_w=site.power_limit_w,
    )
    for box in house.boxes.values():
        if box.charger.phases == 1 and site.phases == 3:
            known = box.charger.phase_map
            box.wiring = known or (data.draw(st.integers(0, 2)),)
        box.plugged = data.draw(st.booleans())
        box.car_a = data.draw(st.sampled_from([0.0, 7.0, 16.0, 32.0]))
        # Without a sensor, a car is taken to draw what it is offered
        box.measures = box.car_a < 32.0 or data.draw(st.booleans())
    house.off_peak = OffPeak(active=data.draw(st.booleans()))
    load = st.floats(0.0, site.fuse_a)
    before = dict.fromkeys(house.boxes, 0.0)
    for _ in range(data.draw(st.integers(3, 12))):
        house.house_a = [data.draw(load) for _ in range(site.phases)]
        house.sun_w = data.draw(st.sampled_from([0.0, 3000.0, 9000.0]))
        if data.draw(st.integers(0, 4)) == 0:
            box = data.draw(st.sampled_from(sorted(house.boxes.values(), key=repr)))
            box.plugged = not box.plugged
        for _ in range(data.draw(st.integers(1, 20))):
            house.tick(10)
            assert house.result.error is None
            if grown(house, before):
                check_worst_case(house)
            before = {key: house.offer(key) for key in house.boxes}


def check_worst_case(house: Driver) -> None:
    """Let every plugged car take what it is offered, on the phases on which it hangs."""
    sun_a = house.sun_w / VOLT / house.site.phases
    total = [current_a - sun_a for current_a in house.house_a]
    rose = set()
    for key, box in house.boxes.items():
        if not box.plugged or not box.charger.can_pause:
            return
        for phase in box.wiring[: box.charger.phases]:
            # A charger of three phases at a site of one loads the one with its current
            total[phase] += house.offer(key)
            rose.add(phase)
    limit_a = house.site.limit_a
    assert all(total[phase] <= limit_a + 1e-6 for phase in rose)


@EXAMPLES
def test_any_house(examples: settings) -> None:
    """A raise never bets on a car that takes less than it may."""
    explore(any_house, examples)
