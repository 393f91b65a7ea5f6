"""Several chargers: fair, by priority, in turn, lending, and never more than there is."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.decision import ReasonKey
from custom_components.ampacity.engine.model import Charger, ChargerStatus, Mode
from custom_components.ampacity.engine.requests import start_boost
from custom_components.ampacity.engine.state import Boost

from .driver import VOLT, Driver, car

FAST = Mode.FAST


def offers(house: Driver) -> dict[str, float]:
    """Return what each charger offers."""
    return {key: house.offer(key) for key in house.boxes}


def drawn_w(house: Driver) -> float:
    """Return what all cars take."""
    return sum(sum(box.drawn_a) for box in house.boxes.values()) * VOLT


@pytest.mark.parametrize(
    ("house_w", "each_kw"), [(20_000.0, 5.3), (10_000.0, 8.6)], ids=["day", "night"]
)
def test_contract_of_36_kw(house_w: float, each_kw: float) -> None:
    """Three equal chargers share what the house leaves of the contract."""
    cars = [car(key, mode=FAST, step_a=0.1) for key in ("a", "b", "c")]
    house = Driver(*cars, fuse_a=100.0, fuse_margin=0.0, power_limit_w=36_000.0)
    house.house_a = [house_w / 3.0 / VOLT] * 3
    house.run(600)
    for box in house.boxes.values():
        assert sum(box.drawn_a) * VOLT / 1000.0 == pytest.approx(each_kw, abs=0.1)
    assert house_w + drawn_w(house) <= 36_000.0
    assert house.reason("a") is ReasonKey.POWER_LIMIT


@pytest.mark.parametrize(
    ("room_a", "expected"),
    [
        (50.0, {"first": 32.0, "b": 9.0, "c": 9.0}),
        (40.0, {"first": 28.0, "b": 6.0, "c": 6.0}),
        (15.0, {"first": 9.0, "b": 6.0, "c": 0.0}),
        (8.0, {"first": 8.0, "b": 0.0, "c": 0.0}),
    ],
)
def test_one_with_priority_and_two_at_what_is_left(
    room_a: float, expected: dict[str, float]
) -> None:
    """The priority gets all but the minimum of the others, while that fits."""
    house = Driver(
        car("first", mode=FAST, priority=1, max_a=32.0),
        *(car(key, mode=FAST, max_a=32.0) for key in ("b", "c")),
        fuse_a=room_a + 1.0,
        fuse_margin=0.0,
    )
    house.run(600)
    assert offers(house) == expected


def test_the_boost_that_can_wait_least_comes_first() -> None:
    """Room for one: 9 kWh within the hour at 11 kW leave less time than 2 kWh."""
    house = Driver(car("a"), car("b"), fuse_a=17.0, fuse_margin=0.0)
    for key, energy_wh in (("a", 2_000.0), ("b", 9_000.0)):
        boost = Boost(remaining_s=3600.0, energy_wh=energy_wh, current_a=16.0)
        house.state = start_boost(house.state, key, boost)
    house.site = replace(
        house.site,
        chargers=tuple(replace(one, min_a=10.0) for one in house.site.chargers),
    )
    house.run(120)
    assert offers(house) == {"a": 0.0, "b": 16.0}


def test_weight_is_a_part_among_equals() -> None:
    """Twice the weight, twice the current."""
    house = Driver(
        car("a", mode=FAST, weight=2.0, max_a=32.0),
        car("b", mode=FAST, max_a=32.0),
        fuse_a=31.0,
        fuse_margin=0.0,
    )
    house.run(600)
    assert offers(house) == {"a": 20.0, "b": 10.0}


def test_turns_of_many_do_not_stop_all() -> None:
    """Two of three fit: every quarter of an hour one gives its place to the one that waits."""
    cars = [car(key, mode=FAST) for key in ("a", "b", "c")]
    house = Driver(*cars, fuse_a=20.0, fuse_margin=0.0)
    house.house_a = [6.0] * 3
    paused = set()
    for _ in range(6):
        house.run(900)
        running = [key for key, offer in offers(house).items() if offer > 0.0]
        assert len(running) >= 1
        paused |= set(house.boxes) - set(running)
    assert paused == {"a", "b", "c"}
    idle_s = 0
    for _ in range(180):
        house.tick()
        idle_s += 10 * (drawn_w(house) == 0.0)
    assert idle_s == 0


def test_what_a_car_leaves_is_lent_and_comes_back() -> None:
    """A car at its own limit of 8 A lends the rest; when it wants more it gets its half."""
    house = Driver(
        car("a", mode=FAST), car("b", mode=FAST), fuse_a=25.0, fuse_margin=0.0
    )
    house.boxes["a"].car_a = 8.0
    house.run(600)
    assert offers(house) == {"a": 10.0, "b": 14.0}
    house.boxes["a"].car_a = 32.0
    house.run(300)
    assert offers(house) == {"a": 12.0, "b": 12.0}


def test_a_car_that_leaves_makes_room_for_those_who_wait() -> None:
    """Room for two of three: the third charges as soon as one is done."""
    cars = [car(key, mode=FAST) for key in ("a", "b", "c")]
    house = Driver(*cars, fuse_a=14.0, fuse_margin=0.0)
    house.run(300)
    waiting = [key for key, offer_a in offers(house).items() if offer_a == 0.0]
    assert len(waiting) == 1
    other = next(key for key in house.boxes if key not in waiting)
    house.boxes[other].plugged = False
    house.run(300)
    assert house.offer(waiting[0]) >= 6.0


def test_two_cars_start_on_sun_for_two_only() -> None:
    """Enough for one and a half: one charges; enough for two: both."""
    house = Driver(car("a"), car("b"))
    house.sun_w = 9.0 * 3.0 * VOLT + 800.0
    house.run(900)
    assert sorted(offers(house).values()) == [0.0, 9.0]
    house.sun_w = 13.0 * 3.0 * VOLT + 800.0
    house.run(600)
    assert all(offer_a >= 6.0 for offer_a in offers(house).values())
    assert house.grid_a[0] < 0.0


@pytest.mark.parametrize("says_so", [True, False], ids=["full", "asleep"])
def test_no_sun_is_kept_for_a_car_that_takes_nothing(says_so: bool) -> None:
    """The other has all the sun; its limit counts on both, for nobody knows what a car may do."""
    house = Driver(car("a", priority=1), car("b"))
    house.sun_w = 25.0 * 3.0 * VOLT + 800.0
    house.run(600)
    house.boxes["a"].car_a = 0.0
    if says_so:
        house.boxes["a"].status = ChargerStatus.FINISHED
    house.sun_w = 13.0 * 3.0 * VOLT + 800.0
    house.run(600)
    assert house.offer("b") == 13.0
    house.boxes["a"].car_a = 32.0
    house.boxes["a"].status = None
    house.run(300)
    assert house.offer("a") + house.offer("b") <= 13.0


def test_a_higher_priority_takes_the_sun_over() -> None:
    """Who comes with priority gets the sun for one; the other gives way first."""
    house = Driver(car("first", priority=1), car("b"))
    house.boxes["first"].plugged = False
    house.sun_w = 8.0 * 3.0 * VOLT + 800.0
    house.run(300)
    assert house.offer("b") == 8.0
    house.boxes["first"].plugged = True
    for _ in range(120):
        house.tick()
        assert sum(offer_a > 0.0 for offer_a in offers(house).values()) <= 1
    assert offers(house) == {"first": 8.0, "b": 0.0}


def test_single_phase_cars_pack_around_a_three_phase_one() -> None:
    """Each phase has its own room."""
    house = Driver(
        car("three", mode=FAST),
        car("one", mode=FAST, phases=1, phase_map=(0,)),
        car("two", mode=FAST, phases=1, phase_map=(1,)),
        fuse_a=25.0,
        fuse_margin=0.0,
    )
    house.run(600)
    assert offers(house) == {"three": 12.0, "one": 12.0, "two": 12.0}


def test_imbalance_limit() -> None:
    """A single-phase car may lift its phase 20 A above the others, no more."""
    house = Driver(
        car("a", mode=FAST, phases=1, phase_map=(1,), max_a=32.0),
        fuse_a=63.0,
        imbalance_w=4_600.0,
    )
    house.run(300)
    assert house.offer() == 20.0
    assert house.reason() is ReasonKey.IMBALANCE
    house.house_a = [1.0, 16.0, 1.0]
    house.guard()
    assert house.offer() == 0.0
    assert house.reason() is ReasonKey.IMBALANCE_PAUSED


@st.composite
def fleets(draw: st.DrawFn) -> list[Charger]:
    """Return some chargers in all sizes, fast or sunny."""
    return [
        car(
            str(number),
            mode=draw(st.sampled_from([FAST, FAST, Mode.SOLAR, Mode.SOLAR_MIN])),
            phases=(phases := draw(st.sampled_from([1, 3]))),
            phase_map=(0, 1, 2) if phases == 3 else (draw(st.integers(0, 2)),),
            priority=draw(st.integers(1, 2)),
            max_a=draw(st.sampled_from([10.0, 16.0, 32.0])),
        )
        for number in range(draw(st.integers(2, 5)))
    ]


@settings(max_examples=60, deadline=None)
@given(
    fleets(),
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 4), st.integers(4, 32)),
        min_size=8,
        max_size=20,
    ),
)
def test_the_worst_that_cars_may_draw_fits_after_every_raise(
    fleet: list[Charger], steps: list[tuple[int, int, int]]
) -> None:
    """Whatever the house and the cars do: a raise leaves room for all that is offered."""
    house = Driver(*fleet, fuse_a=40.0, fuse_margin=0.0)
    for load_a, which, car_a in steps:
        house.house_a = [float(load_a)] * 3
        box = list(house.boxes.values())[which % len(house.boxes)]
        box.car_a = float(car_a)
        for _ in range(4):
            before = offers(house) if house.result.decisions else {}
            house.tick()
            if any(
                offer_a > before.get(key, 0.0) for key, offer_a in offers(house).items()
            ):
                assert max(_worst_a(house, float(load_a))) <= 40.0 + 1e-6


def _worst_a(house: Driver, load_a: float) -> list[float]:
    """Return the current of each phase with every car at what it is offered."""
    total = [load_a] * 3
    for key, box in house.boxes.items():
        for phase in box.wiring:
            total[phase] += house.offer(key)
    return total
