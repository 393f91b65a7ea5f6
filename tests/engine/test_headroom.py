"""What the limits leave: phases, totals, caps, and what is known for sure."""

from typing import Any

import pytest

from custom_components.ampacity.engine.headroom import (
    Bound,
    BoundKind,
    bounds,
    grid_currents_a,
)
from custom_components.ampacity.engine.model import Charger, GridReading, Reading, Site
from custom_components.ampacity.engine.state import Cap
from custom_components.ampacity.engine.take import Take

SITE = Site(fuse_a=25.0, fuse_margin=0.0)
MAPPED = Charger(id="a", phase_map=(1, 2, 0))


def grid(power_w: float | None = None, *current_a: float) -> GridReading:
    """Return what the meter shows."""
    return GridReading(
        power_w=None if power_w is None else Reading(value=power_w),
        current_a=tuple(Reading(value=one) for one in current_a),
    )


def take(low_a: tuple[float, ...], high_a: tuple[float, ...] | None = None) -> Take:
    """Return what a charger takes at least and at most."""
    most_a = high_a or low_a
    return Take(
        low_a=low_a,
        high_a=most_a,
        low_w=sum(low_a) * 230.0,
        high_w=sum(most_a) * 230.0,
        now_a=max(most_a),
        now_w=sum(most_a) * 230.0,
        drawn_a=max(low_a),
        settled=True,
        measured=True,
    )


def found(
    reading: GridReading,
    *,
    site: Site = SITE,
    cap: Cap | None = None,
    charger: Charger = MAPPED,
    taken: Take | None = None,
) -> list[Bound]:
    """Return the bounds with one charger, idle unless told otherwise."""
    return bounds(site, reading, cap, [charger], {"a": taken or take((0.0,) * 3)})


def sure(listed: list[Bound]) -> list[float]:
    """Return what each bound surely has room for."""
    return [bound.sure for bound in listed]


def test_room_is_the_limit_less_the_house() -> None:
    """Per phase, export makes more of it."""
    assert sure(found(grid(None, 20.0, 2.0, -5.0))) == [5.0, 23.0, 30.0]


def test_margin_is_kept_free() -> None:
    """5 % of 25 A."""
    site = Site(fuse_a=25.0)
    assert sure(found(grid(None, 0.0, 0.0, 0.0), site=site)) == [23.75] * 3


def test_what_the_car_takes_is_counted_on_its_phases() -> None:
    """L1 of the charger is L2 of the site."""
    listed = found(grid(None, 10.0, 10.0, 10.0), taken=take((6.0, 0.0, 0.0)))
    assert sure(listed) == [15.0, 21.0, 15.0]


def test_car_on_its_way_makes_an_interval() -> None:
    """Sure counts on the least, hoped on the most."""
    taken = take((6.0,) * 3, (16.0,) * 3)
    listed = found(grid(None, 10.0, 10.0, 10.0), taken=taken)
    assert {(bound.sure, bound.hoped) for bound in listed} == {(21.0, 31.0)}


def test_total_alone_may_hang_on_any_phase() -> None:
    """2.3 kW of house are 10 A on the worst phase; export makes no room on a single one."""
    assert sure(found(grid(2300.0))) == [15.0] * 3
    assert sure(found(grid(-9000.0))) == [25.0] * 3
    charging = take((10.0,) * 3)
    assert sure(found(grid(2300.0 + 6900.0), taken=charging)) == [15.0] * 3


def test_single_phase_site_gets_its_current_from_the_power() -> None:
    """One phase needs no current sensor."""
    site = Site(fuse_a=25.0, phases=1)
    assert grid_currents_a(site, grid(2300.0)) == (10.0,)
    assert grid_currents_a(SITE, grid(2300.0)) is None


def test_charger_on_an_unknown_phase_is_not_taken_off_any() -> None:
    """Its own current is allowed for where it asks."""
    unknown = Charger(id="a", phases=1)
    listed = found(grid(None, 20.0, 1.0, 1.0), charger=unknown, taken=take((6.0,)))
    assert sure(listed) == [5.0, 24.0, 24.0]


@pytest.mark.parametrize(
    ("site_limit_w", "cap", "kind", "room_w"),
    [
        (11_000.0, None, BoundKind.POWER_LIMIT, 10_000.0),
        (11_000.0, Cap(power_w=8_000.0), BoundKind.LIMIT, 7_000.0),
        (11_000.0, Cap(power_w=20_000.0), BoundKind.POWER_LIMIT, 10_000.0),
        (None, Cap(power_w=8_000.0), BoundKind.LIMIT, 7_000.0),
    ],
)
def test_power_is_bound_by_the_lower_limit(
    site_limit_w: float | None, cap: Cap | None, kind: BoundKind, room_w: float
) -> None:
    """The house takes 1 kW."""
    site = Site(fuse_a=25.0, fuse_margin=0.0, power_limit_w=site_limit_w)
    reading = grid(1000.0, 1.4, 1.4, 1.5)
    total = found(reading, site=site, cap=cap)[-1]
    assert (total.kind, total.phase) == (kind, None)
    assert total.sure == pytest.approx(room_w)


def test_power_limit_without_a_total_uses_the_currents() -> None:
    """A meter of amounts counts them all as import."""
    site = Site(fuse_a=25.0, fuse_margin=0.0, power_limit_w=11_500.0)
    assert found(grid(None, 10.0, 10.0, 10.0), site=site)[-1].sure == pytest.approx(
        4600.0
    )


@pytest.mark.parametrize(
    ("cap", "kind", "room_a"),
    [
        (Cap(current_a=16.0, remaining_s=60.0), BoundKind.LIMIT, 6.0),
        (Cap(current_a=32.0, remaining_s=60.0), BoundKind.FUSE, 15.0),
        (None, BoundKind.FUSE, 15.0),
    ],
)
def test_cap_on_the_site_takes_the_place_of_the_fuse(
    cap: Cap | None, kind: BoundKind, room_a: float
) -> None:
    """Where it is lower; how long it lasts is carried on."""
    first = found(grid(None, 10.0, 10.0, 10.0), cap=cap)[0]
    assert (first.kind, first.sure) == (kind, room_a)
    assert first.remaining_s == (60.0 if kind is BoundKind.LIMIT else None)


@pytest.mark.parametrize(
    ("bound", "phases", "usage"),
    [
        ({"phase": 1}, (0, 1, 2), 1.0),
        ({"phase": 1}, (0,), 0.0),
        ({"phase": None}, (0,), 690.0),
    ],
)
def test_usage_of_a_bound(
    bound: dict[str, Any], phases: tuple[int, ...], usage: float
) -> None:
    """Ampere on a phase, watt in total."""
    one = Bound(kind=BoundKind.FUSE, sure=0.0, hoped=0.0, **bound)
    assert one.usage(phases, 690.0) == usage
