"""Who gets what: classes, priorities, fairness, whole minimums, the same sun only once."""

from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.ampacity.engine.allocate import Ask, Grant, allocate
from custom_components.ampacity.engine.demand import DemandClass
from custom_components.ampacity.engine.headroom import Bound, BoundKind

W_PER_A = 690.0


def ask(charger_id: str, **changes: Any) -> Ask:
    """Return a fast charger of three phases that wants 16 A."""
    known: dict[str, Any] = {
        "charger_id": charger_id,
        "klass": DemandClass.FAST,
        "priority": 2,
        "phases": (0, 1, 2),
        "w_per_a": W_PER_A,
        "floor_a": 6.0,
        "wish_a": 16.0,
        "min_a": 6.0,
    }
    return Ask(**known | changes)


def solar(charger_id: str, **changes: Any) -> Ask:
    """Return a charger that waits for the sun; with a floor, one that runs on it."""
    known: dict[str, Any] = {"klass": DemandClass.SURPLUS, "floor_a": 0.0}
    return ask(charger_id, on_surplus=True, **known | changes)


def fuse(*room_a: float) -> list[Bound]:
    """Return the room on each phase."""
    return [
        Bound(kind=BoundKind.FUSE, phase=phase, sure=one_a, hoped=one_a)
        for phase, one_a in enumerate(room_a)
    ]


def currents(grants: dict[str, Grant] | Any) -> dict[str, float]:
    """Return what each may have."""
    return {key: grant.current_a for key, grant in grants.items()}


@pytest.mark.parametrize(
    ("asks", "room", "expected"),
    [
        ([ask("a")], (20, 20, 20), {"a": 16}),
        ([ask("a")], (5.9, 20, 20), {"a": 0}),
        ([ask("a"), ask("b")], (20, 20, 20), {"a": 10, "b": 10}),
        ([ask("a"), ask("b")], (11, 11, 11), {"a": 11, "b": 0}),
        ([ask("a", wish_a=7.0), ask("b")], (20, 20, 20), {"a": 7, "b": 13}),
        ([ask("a", priority=3), ask("b", priority=1)], (24, 24, 24), {"a": 8, "b": 16}),
        ([ask("a", turn=(1, -60.0)), ask("b")], (8,) * 3, {"a": 0, "b": 8}),
        # In a hurry: who is due first has the most, but for the minimum of the later ones
        ([ask("a", due=200.0), ask("b", due=100.0)], (20,) * 3, {"a": 6, "b": 14}),
        ([ask("a", due=1.0), ask("b", due=1.0)], (20,) * 3, {"a": 10, "b": 10}),
        (
            [ask("a", due=200.0, priority=1), ask("b", due=100.0)],
            (20,) * 3,
            {"a": 14, "b": 6},
        ),
        # Urgency: who can wait least, but nobody takes a turn away that has just begun
        (
            [ask("a", turn=(1, -900.0)), ask("b", turn=(1, 0.0), laxity_s=600.0)],
            (8,) * 3,
            {"a": 0, "b": 8},
        ),
        (
            [ask("a", turn=(2, 0.0), laxity_s=60.0), ask("b", turn=(1, 0.0))],
            (8,) * 3,
            {"a": 8, "b": 0},
        ),
        ([ask("a"), ask("b", turn=(1, 0.0), laxity_s=0.0)], (8,) * 3, {"a": 8, "b": 0}),
        # Phases: who is on a free one is not held down by a full one
        (
            [
                ask("a", phases=(0,), w_per_a=230.0),
                ask("b", phases=(1,), w_per_a=230.0),
            ],
            (7, 30, 0),
            {"a": 7, "b": 16},
        ),
        # Fairness: who is stopped by its phase leaves the rest to the others
        (
            [
                ask("a", phases=(0,), w_per_a=230.0),
                ask("b", phases=(0, 1, 2)),
                ask("c"),
            ],
            (24, 24, 24),
            {"a": 8, "b": 8, "c": 8},
        ),
        # Classes: fast before cheap hours before floors
        (
            [ask("a", klass=DemandClass.OFF_PEAK, priority=1), ask("b", priority=9)],
            (20, 20, 20),
            {"a": 0, "b": 16},
        ),
    ],
)
def test_shares(
    asks: list[Ask], room: tuple[float, ...], expected: dict[str, float]
) -> None:
    """Written out."""
    found = currents(allocate(asks, fuse(*room), None))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("asks", "sun_w", "expected"),
    [
        ([solar("a")], 6 * W_PER_A, {"a": 6}),
        ([solar("a")], 6 * W_PER_A - 1, {"a": 0}),
        ([solar("a"), solar("b")], 9 * W_PER_A, {"a": 9, "b": 0}),
        ([solar("a"), solar("b")], 14 * W_PER_A, {"a": 7, "b": 7}),
        ([solar("a", floor_a=6.0)], 0.0, {"a": 6}),
        (
            [solar("a", turn=(1, 0.0)), solar("b", floor_a=6.0)],
            7 * W_PER_A,
            {"a": 0, "b": 7},
        ),
        ([solar("a", klass=DemandClass.SOLAR_MIN, floor_a=6.0)], -500.0, {"a": 6}),
        ([solar("a"), ask("b")], 6 * W_PER_A, {"a": 6, "b": 16}),
        ([solar("a")], None, {"a": 0}),
    ],
)
def test_sun(asks: list[Ask], sun_w: float | None, expected: dict[str, float]) -> None:
    """Surplus is given once."""
    found = currents(allocate(asks, fuse(40, 40, 40), sun_w))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sun_w", "room_a", "expected_a"),
    [
        (6900.0, 20.0, 11.1),
        (6900.0, 10.5, 10.5),
        (10_900.0, 20.0, 16.0),
        (2000.0, 20.0, 0.0),
    ],
    ids=["tops up", "within the fuse", "within the wish", "starts on the sun alone"],
)
def test_what_may_go_beyond_the_sun(
    sun_w: float, room_a: float, expected_a: float
) -> None:
    """10 A from the sun and 1.1 A that would be bought later anyway."""
    one = solar("a", beyond_a=1.1)
    grant = allocate([one], fuse(room_a, room_a, room_a), sun_w)["a"]
    assert grant.current_a == pytest.approx(expected_a)
    assert grant.may_rise


def test_what_goes_beyond_the_sun_takes_nothing_from_another() -> None:
    """The other one gets its part of the sun, to the last watt."""
    alone = allocate([solar("a"), solar("b")], fuse(40, 40, 40), 12_000.0)
    both = allocate([solar("a", beyond_a=1.1), solar("b")], fuse(40, 40, 40), 12_000.0)
    assert both["b"].current_a == pytest.approx(alone["b"].current_a)
    assert both["a"].current_a == pytest.approx(alone["a"].current_a + 1.1)


def test_a_minimum_that_the_sun_does_not_carry_is_not_topped_up() -> None:
    """6 A from the grid are enough where the sun has less than that."""
    grants = allocate([solar("a", floor_a=6.0, beyond_a=1.1)], fuse(20, 20, 20), 3000.0)
    assert grants["a"].current_a == pytest.approx(6.0)
    assert grants["a"].may_rise


@pytest.mark.parametrize(
    ("sun_w", "expected_w"),
    [(0.0, 2000.0), (1000.0, 3000.0), (2000.0, 4000.0), (-500.0, 2000.0)],
)
def test_planned_part_of_the_grid_comes_on_top_of_the_sun(
    sun_w: float, expected_w: float
) -> None:
    """The minimum of 1,380 W is part of it where the sun does not carry that."""
    one = solar("a", phases=(0,), w_per_a=230.0, floor_a=6.0, wish_a=32.0)
    grants = allocate([replace(one, from_grid_w=2000.0)], fuse(32, 32, 32), sun_w)
    assert grants["a"].current_a * 230.0 == pytest.approx(expected_w)
    least = allocate([replace(one, from_grid_w=500.0)], fuse(32, 32, 32), 0.0)
    assert least["a"].current_a == pytest.approx(6.0)


def test_planned_part_of_the_grid_keeps_to_the_limits() -> None:
    """The fuse has 10 A."""
    one = solar("a", floor_a=6.0, from_grid_w=9000.0, beyond_a=1.1)
    assert allocate([one], fuse(20, 10, 20), 3000.0)["a"].current_a == 10.0


def test_what_stops_a_charger_is_named() -> None:
    """The tightest bound, and what the sun had for it."""
    grants = allocate([ask("a"), solar("b")], fuse(30, 9, 30), 100.0)
    assert grants["a"].bound is not None
    assert grants["a"].bound.phase == 1
    assert grants["b"].surplus_w == 100.0
    assert allocate([ask("a")], fuse(30, 30, 30), None)["a"].bound is None


def test_total_power_counts_all_phases() -> None:
    """10 kW in total for a car of one phase and one of three."""
    limit = Bound(kind=BoundKind.POWER_LIMIT, sure=9200.0, hoped=20_000.0)
    asks = [ask("one", phases=(0,), w_per_a=230.0), ask("three")]
    assert currents(allocate(asks, [limit], None)) == pytest.approx(
        {"one": 10.0, "three": 10.0}
    )
    assert currents(allocate(asks, [limit], None, hoped=True)) == pytest.approx(
        {"one": 16.0, "three": 16.0}
    )


# --- properties -------------------------------------------------------------------------------


@st.composite
def any_asks(draw: st.DrawFn, least: int = 1) -> list[Ask]:
    """Return up to six demands."""
    found = []
    for number in range(draw(st.integers(least, 6))):
        phases = draw(st.sampled_from([(0,), (1,), (2,), (0, 1, 2)]))
        klass = draw(st.sampled_from(list(DemandClass)))
        min_a = draw(st.sampled_from([6.0, 6.0, 8.0]))
        sunny = klass in (DemandClass.SOLAR_MIN, DemandClass.SURPLUS)
        waits = klass is DemandClass.SURPLUS and draw(st.booleans())
        found.append(
            ask(
                str(number),
                klass=klass,
                priority=draw(st.integers(1, 3)),
                phases=phases,
                w_per_a=230.0 * len(phases),
                min_a=min_a,
                floor_a=0.0 if waits else min_a,
                wish_a=min_a + draw(st.floats(0.0, 26.0)),
                on_surplus=sunny,
                beyond_a=draw(st.sampled_from([0.0, 1.1])) if sunny else 0.0,
                from_grid_w=draw(st.sampled_from([0.0, 2500.0])) if sunny else 0.0,
                turn=(1 if waits else 0, 0.0),
            )
        )
    return found


ROOMS = st.tuples(*[st.floats(-20.0, 80.0)] * 3)
SUNS = st.none() | st.floats(-5_000.0, 30_000.0)


@settings(max_examples=300, deadline=None)
@given(any_asks(), ROOMS, SUNS)
def test_bounds_hold_and_minimums_are_whole(
    asks: list[Ask], room: tuple[float, ...], sun_w: float | None
) -> None:
    """Never more than there is, never between 0 and the minimum, never above the wish."""
    grants = currents(allocate(asks, fuse(*room), sun_w))
    for phase, room_a in enumerate(room):
        used_a = sum(grants[one.charger_id] for one in asks if phase in one.phases)
        assert used_a <= max(0.0, room_a) + 1e-6
    for one in asks:
        current_a = grants[one.charger_id]
        assert current_a == 0.0 or one.min_a - 1e-6 <= current_a <= one.wish_a + 1e-6
    above_w = sum(
        max(0.0, grants[one.charger_id] - one.floor_a) * one.w_per_a
        for one in asks
        if one.on_surplus
    )
    planned_w = sum(one.from_grid_w + one.beyond_a * one.w_per_a for one in asks)
    assert above_w <= max(0.0, sun_w or 0.0) + planned_w + 1e-3


@settings(max_examples=200, deadline=None)
@given(st.data(), any_asks(), ROOMS, SUNS)
def test_order_does_not_matter(
    data: st.DataObject, asks: list[Ask], room: tuple[float, ...], sun_w: float | None
) -> None:
    """Given in any order, the same comes out."""
    turned = data.draw(st.permutations(asks))
    assert currents(allocate(asks, fuse(*room), sun_w)) == pytest.approx(
        currents(allocate(turned, fuse(*room), sun_w)), abs=1e-9
    )


@settings(max_examples=300, deadline=None)
@given(any_asks(least=2), ROOMS, SUNS)
def test_minimum_of_a_lower_class_takes_nothing_from_a_higher(
    asks: list[Ask], room: tuple[float, ...], sun_w: float | None
) -> None:
    """Without the lowest class, the others get the same."""
    lowest = max(one.klass for one in asks)
    higher = [one for one in asks if one.klass < lowest]
    assume(higher)
    with_all = currents(allocate(asks, fuse(*room), sun_w))
    alone = currents(allocate(higher, fuse(*room), sun_w))
    assert {key: with_all[key] for key in alone} == pytest.approx(alone, abs=1e-9)


@settings(max_examples=300, deadline=None)
@given(any_asks(least=2), ROOMS)
def test_better_priority_is_admitted_first(
    asks: list[Ask], room: tuple[float, ...]
) -> None:
    """Inside a class, the worse priority takes at most minimums, and never the place."""
    same = [
        replace(one, klass=DemandClass.FAST, on_surplus=False, floor_a=one.min_a)
        for one in asks
    ]
    worst = max(one.priority for one in same)
    better = [one for one in same if one.priority < worst]
    assume(better)
    with_all = currents(allocate(same, fuse(*room), None))
    alone = currents(allocate(better, fuse(*room), None))
    for one in better:
        key = one.charger_id
        assert (with_all[key] > 0.0) == (alone[key] > 0.0)
        assert with_all[key] >= min(alone[key], one.min_a) - 1e-6
        if not any(with_all[other.charger_id] for other in same if other not in better):
            assert with_all[key] == pytest.approx(alone[key], abs=1e-6)


@settings(max_examples=300, deadline=None)
@given(any_asks(least=2), ROOMS)
def test_sharing_inside_a_priority_is_max_min_fair(
    asks: list[Ask], room: tuple[float, ...]
) -> None:
    """Who has less than another could only get more from somebody who has no more than it."""
    equals = [
        replace(
            one, klass=DemandClass.FAST, on_surplus=False, priority=1, floor_a=one.min_a
        )
        for one in asks
    ]
    grants = currents(allocate(equals, fuse(*room), None))
    served = [one for one in equals if grants[one.charger_id] > 0.0]
    used_a = [
        sum(grants[one.charger_id] for one in served if phase in one.phases)
        for phase in range(3)
    ]
    for one in served:
        current_a = grants[one.charger_id]
        if current_a >= one.wish_a - 1e-6:
            continue
        full = [phase for phase in one.phases if used_a[phase] >= room[phase] - 1e-6]
        assert full, "It could have more without anybody having less"
        assert any(
            all(
                grants[other.charger_id] <= max(current_a, other.min_a) + 1e-6
                for other in served
                if phase in other.phases
            )
            for phase in full
        )


@settings(max_examples=300, deadline=None)
@given(any_asks(), ROOMS, st.floats(0.0, 20.0))
def test_one_charger_alone_never_gets_less_from_more_room(
    asks: list[Ask], room: tuple[float, ...], more_a: float
) -> None:
    """Room is never held against a charger."""
    one = [replace(asks[0], on_surplus=False, floor_a=asks[0].min_a)]
    less = currents(allocate(one, fuse(*room), None))
    more = currents(allocate(one, fuse(*(room_a + more_a for room_a in room)), None))
    assert more[one[0].charger_id] >= less[one[0].charger_id] - 1e-6


@settings(max_examples=300, deadline=None)
@given(any_asks(), st.floats(-20.0, 80.0), st.floats(0.0, 20.0))
def test_more_room_never_means_less_for_all(
    asks: list[Ask], room_a: float, more_a: float
) -> None:
    """On one phase, what is given in total grows with the room."""
    same = [
        replace(
            one, phases=(0,), w_per_a=230.0, on_surplus=False, min_a=6.0, floor_a=6.0
        )
        for one in asks
    ]
    less = currents(allocate(same, fuse(room_a), None))
    more = currents(allocate(same, fuse(room_a + more_a), None))
    assert sum(more.values()) >= sum(less.values()) - 1e-6


def test_a_bound_that_holds_for_some_classes_only() -> None:
    """Who is served before takes what it wants, and what is left for the others is less."""
    peak = Bound(
        kind=BoundKind.PEAK, sure=6900.0, hoped=6900.0, from_class=DemandClass.PLAN
    )
    grants = allocate(
        [
            ask("a", wish_a=8.0),
            ask("b", klass=DemandClass.PLAN_LATE),
            ask("c", klass=DemandClass.PLAN, wish_a=12.0),
        ],
        [*fuse(40, 40, 40), replace(peak, sure=22_080.0)],
        None,
    )
    assert currents(grants) == {"a": 8, "b": 16, "c": 8}
    assert grants["c"].bound is not None
    assert grants["c"].bound.kind is BoundKind.PEAK
    grants = allocate([ask("a"), ask("c", klass=DemandClass.OFF_PEAK)], [peak], None)
    assert currents(grants) == {"a": 16, "c": 0}
    assert grants["a"].bound is None
    assert grants["a"].room_a > 100.0
    assert grants["c"].bound is peak


def test_who_waits_does_not_wait_for_those_behind_it() -> None:
    """Three were paused together, two fit: the first may count on what is meant for the second."""
    waiting = [ask(name, turn=(3, -60.0), wish_a=16.0) for name in "abc"]
    grants = allocate(waiting, fuse(12.5, 12.5, 12.5), None)
    assert currents(grants) == {"a": 6.25, "b": 6.25, "c": 0.0}
    assert grants["a"].reach_a == pytest.approx(12.5)
    assert grants["b"].reach_a == pytest.approx(6.5)
    running = [ask(name, wish_a=16.0) for name in "ab"]
    grants = allocate(running, fuse(12.5, 12.5, 12.5), None)
    assert grants["a"].reach_a == pytest.approx(6.5)
