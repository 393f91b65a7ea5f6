"""Which phases count, what the other number would bring, and that no limit is passed on the way."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.allocate import Ask, Grant
from custom_components.ampacity.engine.alternative import Alternative, alternatives
from custom_components.ampacity.engine.demand import DemandClass
from custom_components.ampacity.engine.headroom import Bound, BoundKind
from custom_components.ampacity.engine.model import (
    Charger,
    ChargerReading,
    ChargerStatus,
    Mode,
    Reading,
    Site,
)
from custom_components.ampacity.engine.phases import may_ever_switch, present_phases
from custom_components.ampacity.engine.state import Switching
from tests.engine.driver import VOLT, Driver, car


def reading(*currents_a: float, phases: int | None = None) -> ChargerReading:
    """Return what a charger says that draws so much on each of its phases."""
    return ChargerReading(
        status=ChargerStatus.CHARGING,
        current_a=tuple(Reading(value=one) for one in currents_a),
        phases=phases,
    )


@pytest.mark.parametrize(
    ("told", "held", "expected"),
    [
        pytest.param(reading(), Switching(), 3, id="nothing known"),
        pytest.param(reading(phases=1), Switching(phases=3), 1, id="its own word"),
        pytest.param(reading(), Switching(phases=1), 1, id="what it was told"),
        pytest.param(
            reading(), Switching(phases=3, target=1), 3, id="about to be told"
        ),
        pytest.param(
            reading(), Switching(phases=3, target=1, is_sent=True), 1, id="just told"
        ),
        pytest.param(
            reading(8.0, 8.0, 8.0, phases=1), Switching(phases=1), 3, id="what flows"
        ),
        pytest.param(reading(8.0, 0.4, 0.3), Switching(phases=1), 1, id="noise"),
        pytest.param(reading(phases=2), Switching(), 3, id="two are not one"),
    ],
)
def test_present_phases(told: ChargerReading, held: Switching, expected: int) -> None:
    """What flows comes before what is said, and that before what was commanded."""
    assert present_phases(car(can_switch_phases=True), told, held) == expected


@pytest.mark.parametrize(
    ("site", "charger", "expected"),
    [
        ({}, {}, True),
        ({"phases": 1}, {}, False),
        ({}, {"phases": 1, "phase_map": (0,)}, False),
        ({}, {"can_pause": False}, False),
        ({}, {"can_switch_phases": False}, False),
    ],
)
def test_who_may_switch(
    site: dict[str, Any], charger: dict[str, Any], expected: bool
) -> None:
    """Only with a lever, a pause, and more than one phase on both sides."""
    settings = {"can_switch_phases": True} | charger
    known: dict[str, Any] = {"fuse_a": 25.0} | site
    assert may_ever_switch(Site(**known), car(**settings)) is expected


def ask(charger_id: str, phases: tuple[int, ...], **changes: Any) -> Ask:
    """Return a fast charger's ask for 16 A."""
    known: dict[str, Any] = {
        "klass": DemandClass.FAST,
        "priority": 2,
        "w_per_a": VOLT * len(phases),
        "floor_a": 6.0,
        "wish_a": 16.0,
        "min_a": 6.0,
    }
    return Ask(charger_id=charger_id, phases=phases, **known | changes)


def rooms(*room_a: float) -> list[Bound]:
    """Return the fuse with so much room on each phase."""
    return [
        Bound(kind=BoundKind.FUSE, phase=phase, sure=one, hoped=one)
        for phase, one in enumerate(room_a)
    ]


def other(
    asks: list[Ask], bounds: list[Bound], surplus_w: float | None, **granted_a: float
) -> Alternative:
    """Return the prospects of charger "a", which can switch."""
    on = len(next(one for one in asks if one.charger_id == "a").phases)
    switching = Charger(
        id="a",
        phases=on,
        wired_phases=3,
        phase_map=(0, 1, 2),
        can_switch_phases=True,
    )
    grants = {
        key: Grant(
            current_a=current_a,
            room_a=current_a,
            reach_a=current_a,
            bound=bounds[1] if current_a == 0.0 else None,
        )
        for key, current_a in granted_a.items()
    }
    site = Site(fuse_a=25.0)
    return alternatives(site, [switching], asks, bounds, grants, surplus_w)["a"]


def test_one_phase_is_the_first_of_its_own() -> None:
    """L2 is full, L1 is not."""
    found = other([ask("a", (0, 1, 2))], rooms(20.0, 4.0, 20.0), None, a=0.0)
    assert (found.phases, found.room_a) == (1, 20.0)


def test_all_phases_leave_others_their_minimum() -> None:
    """An equal on L2 keeps 6 A, one that comes first keeps all."""
    asks = [ask("a", (0,)), ask("b", (1,))]
    assert other(asks, rooms(20.0, 20.0, 20.0), None, a=16.0, b=16.0).room_a == 14.0
    first = [ask("a", (0,)), ask("b", (1,), priority=1)]
    assert other(first, rooms(20.0, 20.0, 20.0), None, a=16.0, b=16.0).room_a == 4.0


def test_surplus_is_its_own_and_what_nobody_has() -> None:
    """Another car on the sun keeps its part."""
    asks = [
        ask("a", (0,), on_surplus=True),
        ask("b", (0, 1, 2), on_surplus=True),
    ]
    found = other(asks, rooms(40.0, 40.0, 40.0), 9000.0, a=10.0, b=6.0)
    assert found.surplus_w == pytest.approx(9000.0 - 6.0 * 3 * VOLT)


@pytest.mark.parametrize(("room_a", "lets_in"), [(8.0, True), (5.0, False)])
def test_makes_room_for_one_that_is_shut_out(room_a: float, lets_in: bool) -> None:
    """Only where the other has its minimum then."""
    asks = [ask("a", (0, 1, 2)), ask("b", (1,))]
    found = other(asks, rooms(20.0, room_a, 20.0), None, a=room_a, b=0.0)
    assert found.lets_in is lets_in


@pytest.mark.parametrize(
    ("klass", "changes", "lets_in"),
    [
        (DemandClass.SURPLUS, {}, True),
        (DemandClass.PLAN_LATE, {}, False),
        (DemandClass.PLAN, {}, False),
        (DemandClass.SURPLUS, {"idle": True}, False),
    ],
)
def test_makes_room_for_its_equals_only(
    klass: DemandClass, changes: dict[str, Any], lets_in: bool
) -> None:
    """What is promised is not charged on one phase for a car that waits for the sun, or is full."""
    asks = [
        ask("a", (0, 1, 2), klass=klass),
        ask("b", (1,), klass=DemandClass.SURPLUS, **changes),
    ]
    found = other(asks, rooms(20.0, 8.0, 20.0), None, a=8.0, b=0.0)
    assert found.lets_in is lets_in


MODES = st.sampled_from([Mode.FAST, Mode.SOLAR, Mode.SOLAR_MIN])
MAPS = st.sampled_from([(0, 1, 2), (1, 2, 0), (2, 0, 1)])
PARTS = st.lists(
    st.tuples(
        st.lists(st.floats(0.0, 20.0), min_size=3, max_size=3),
        st.floats(0.0, 12_000.0),
        st.integers(6, 90),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cars=st.lists(
        st.tuples(
            MODES, MAPS, st.integers(1, 3), st.sampled_from([1, 3]), st.booleans()
        ),
        min_size=1,
        max_size=4,
    ),
    parts=PARTS,
)
def test_limits_hold_while_phases_change(
    cars: list[tuple[Mode, tuple[int, int, int], int, int, bool]],
    parts: list[tuple[list[float], float, int]],
) -> None:
    """Whoever switches when: no phase of the house carries more than it may, the cars' part."""
    house = Driver(
        *(
            car(
                f"c{index}",
                mode=mode,
                phase_map=phase_map,
                priority=priority,
                can_switch_phases=switches,
            )
            for index, (mode, phase_map, priority, _, switches) in enumerate(cars)
        ),
    )
    for box, (_, _, _, phases, switches) in zip(
        house.boxes.values(), cars, strict=True
    ):
        box.phases = phases if switches else None
    switched: dict[str, tuple[float, int]] = {}
    for house_a, sun_w, ticks in parts:
        house.house_a, house.sun_w = house_a, sun_w
        for tick in range(ticks):
            result = house.tick(10)
            assert result.error is None
            if tick:
                assert max(house.grid_a) <= house.site.limit_a + 1e-6
            for decision in result.decisions:
                command = decision.command
                if command is None or command.phases is None:
                    continue
                key = decision.charger_id
                assert decision.offer_a == 0.0
                if key in switched and switched[key][1] != command.phases:
                    assert house.state.clock_s - switched[key][0] >= 600.0
                switched[key] = (house.state.clock_s, command.phases)


def test_order_of_chargers_does_not_matter() -> None:
    """The same decisions from both ends."""
    chargers = [
        car("a", mode=Mode.FAST, can_switch_phases=True),
        car("b", mode=Mode.SOLAR, can_switch_phases=True),
    ]
    found = []
    for order in (chargers, chargers[::-1]):
        house = Driver(*order)
        for box in house.boxes.values():
            box.phases = 3
        house.sun_w = 6000.0
        house.house_a = [1.0, 12.0, 1.0]
        house.run(1500)
        found.append(
            {key: (house.offer(key), box.phases) for key, box in house.boxes.items()}
        )
    assert found[0] == found[1]


def test_configured_site_is_left_as_it_is() -> None:
    """What the present phases are is known inside a decision only."""
    house = Driver(car(mode=Mode.SOLAR, can_switch_phases=True))
    house.box.phases = 1
    before = replace(house.site)
    house.run(60)
    assert house.site == before
    assert house.of().switching.phases == 1
